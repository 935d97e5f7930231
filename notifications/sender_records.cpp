#include "notifications/sender_records.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "notifications/spf.h"

namespace narada::notifications {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

// RFC 2606, RFC 6761 and RFC 8375: names that no public name server knows.
bool is_nobodys(const std::string& domain) {
  constexpr std::array<std::string_view, 7> kNobodys{"localhost", "localdomain", "example", "test",
                                                     "invalid",   "local",       "internal"};
  const auto last = domain.substr(domain.rfind('.') + 1);
  return domain.find('.') == std::string::npos ||
         std::find(kNobodys.begin(), kNobodys.end(), last) != kNobodys.end();
}

SenderRecord unanswered(const std::string& name, const std::string& where) {
  return {name, RecordState::unknown, "no name server answered for " + where, ""};
}

// "v=DKIM1; k=rsa; p=MIG…" by tag.
std::map<std::string, std::string> tags_of(std::string_view record) {
  const auto stripped = [](std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return std::string();
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
  };
  std::map<std::string, std::string> tags;
  while (!record.empty()) {
    const auto end = std::min(record.find(';'), record.size());
    const auto tag = record.substr(0, end);
    const auto equals = tag.find('=');
    if (equals != std::string_view::npos)
      tags.emplace(lower(stripped(tag.substr(0, equals))), stripped(tag.substr(equals + 1)));
    record.remove_prefix(std::min(end + 1, record.size()));
  }
  return tags;
}

SenderRecord check_spf(DnsResolver& dns, const SenderDomain& sender) {
  const auto found = look_up_spf(dns, sender.domain);
  const std::string proposed =
      sender.domain + ". TXT \"v=spf1 " +
      (sender.mail_server.empty() ? std::string("mx") : "a:" + sender.mail_server) + " -all\"";
  switch (found.end) {
    case SpfEnd::unreachable:
      return unanswered("SPF", sender.domain);
    case SpfEnd::missing:
      return {"SPF", RecordState::missing,
              "no record says which servers may send for " + sender.domain, "add " + proposed};
    case SpfEnd::several:
      return {"SPF", RecordState::wrong,
              "there are " + std::to_string(found.records) +
                  " records, and receivers that find more than one use none",
              "join them into one: a single TXT that begins with v=spf1"};
    case SpfEnd::too_many_lookups:
      return {"SPF", RecordState::wrong,
              "the record takes more than 10 further questions to name servers, and receivers give "
              "up at 10",
              "replace some include:, a and mx by ip4: and ip6:"};
    case SpfEnd::malformed:
      return {"SPF", RecordState::wrong, "receivers cannot read \"" + found.trouble + "\"",
              "write the record anew, such as " + proposed};
    case SpfEnd::good:
      break;
  }
  if (found.allows_all)
    return {"SPF", RecordState::wrong, "+all lets everybody send in this name",
            "end the record with -all"};
  if (!found.has_end)
    return {"SPF", RecordState::doubtful, found.record + " says nothing about other servers",
            "end it with -all or ~all"};
  return {"SPF", RecordState::good, found.record, ""};
}

SenderRecord check_dkim(DnsResolver& dns, const SenderDomain& sender) {
  if (sender.dkim_selector.empty())
    return {"DKIM", RecordState::unknown,
            "not looked up: NARADA_DKIM_SELECTOR does not say which selector the mail server signs "
            "with",
            ""};
  const auto name = sender.dkim_selector + "._domainkey." + sender.domain;
  const auto found = dns.texts(name);
  if (found.end == DnsEnd::unreachable) return unanswered("DKIM", name);
  const auto key = std::find_if(found.texts.begin(), found.texts.end(),
                                [](const auto& text) { return tags_of(text).contains("p"); });
  if (key == found.texts.end() && !found.texts.empty())
    return {"DKIM", RecordState::wrong, "the record at " + name + " holds no key (p=)",
            "put there what the mail server gives out for its selector"};
  if (key == found.texts.end())
    return {"DKIM", RecordState::missing, "there is no key at " + name,
            "add " + name + ". TXT \"v=DKIM1; k=rsa; p=…\" with the mail server's public key"};
  const auto tags = tags_of(*key);
  if (tags.contains("v") && tags.at("v") != "DKIM1")
    return {"DKIM", RecordState::wrong, "the record at " + name + " has version " + tags.at("v"),
            "begin it with v=DKIM1"};
  if (tags.at("p").empty())
    return {"DKIM", RecordState::wrong, "the key at " + name + " has been revoked (p= is empty)",
            "publish the key that the mail server signs with"};
  return {"DKIM", RecordState::good, "a key is published at " + name, ""};
}

// The record of the domain itself or of the nearest one above it that has one.
struct FoundDmarc {
  DnsEnd end = DnsEnd::none;
  std::string domain;
  std::vector<std::string> records;
};

FoundDmarc look_up_dmarc(DnsResolver& dns, std::string domain) {
  for (; domain.find('.') != std::string::npos; domain.erase(0, domain.find('.') + 1)) {
    auto found = dns.texts("_dmarc." + domain);
    if (found.end == DnsEnd::unreachable) return {found.end, domain, {}};
    std::erase_if(found.texts, [](const auto& text) { return !text.starts_with("v=DMARC1"); });
    if (!found.texts.empty()) return {DnsEnd::found, domain, std::move(found.texts)};
  }
  return {};
}

SenderRecord check_dmarc(DnsResolver& dns, const SenderDomain& sender) {
  const auto found = look_up_dmarc(dns, sender.domain);
  const std::string proposed = "_dmarc." + sender.domain + ". TXT \"v=DMARC1; p=quarantine\"";
  if (found.end == DnsEnd::unreachable) return unanswered("DMARC", "_dmarc." + found.domain);
  if (found.end == DnsEnd::none)
    return {"DMARC", RecordState::missing,
            "nothing says what receivers shall do with mail that is not genuine",
            "add " + proposed};
  if (found.records.size() > 1)
    return {"DMARC", RecordState::wrong,
            "there are " + std::to_string(found.records.size()) + " records at _dmarc." +
                found.domain + ", and receivers that find more than one use none",
            "leave one"};
  const auto tags = tags_of(found.records.front());
  const auto policy = tags.find("p");
  const std::string value = policy == tags.end() ? "" : lower(policy->second);
  if (value == "none")
    return {"DMARC", RecordState::doubtful,
            "p=none: receivers report, and deliver mail that is not genuine all the same",
            "go on to p=quarantine when the reports show nothing of one's own"};
  if (value != "quarantine" && value != "reject")
    return {"DMARC", RecordState::wrong, "the record at _dmarc." + found.domain + " has no policy",
            "write it as " + proposed};
  return {"DMARC", RecordState::good, found.records.front(), ""};
}

SenderRecord check_mx(DnsResolver& dns, const SenderDomain& sender) {
  if (sender.reply_domain.empty())
    return {"MX", RecordState::unknown, "no mailbox is read (NARADA_REPLY_MAILBOX is off)", ""};
  const auto& domain = sender.reply_domain;
  const auto found = dns.mail_hosts(domain);
  if (found.end == DnsEnd::unreachable) return unanswered("MX", domain);
  if (found.end == DnsEnd::none) {
    // RFC 5321, 5.1: without an MX the address of the domain itself is meant.
    if (dns.addresses(domain) == DnsEnd::found)
      return {"MX", RecordState::doubtful,
              "there is none, and answers go to the host " + domain + " itself",
              "add " + domain + ". MX 10 and the server that takes the mail"};
    return {"MX", RecordState::missing, "answers and bounces to " + domain + " reach nobody",
            "add " + domain + ". MX 10 and the server that takes the mail"};
  }
  if (found.hosts.front().empty() || found.hosts.front() == ".")
    return {"MX", RecordState::wrong, domain + " says that it takes no mail (null MX)",
            "name the server that takes the mail, or another NARADA_REPLY_MAILBOX"};
  return {"MX", RecordState::good, "mail to " + domain + " goes to " + found.hosts.front(), ""};
}

}  // namespace

std::vector<SenderRecord> check_sender_records(DnsResolver& dns, const SenderDomain& given) {
  SenderDomain sender = given;
  sender.domain = lower(sender.domain);
  sender.reply_domain = lower(sender.reply_domain);
  const auto nobodys = [](const std::string& name, const std::string& domain) {
    return SenderRecord{name, RecordState::unknown,
                        "not looked up: " + domain + " is no public domain", ""};
  };
  std::vector<SenderRecord> records;
  if (is_nobodys(sender.domain)) {
    for (const auto* name : {"SPF", "DKIM", "DMARC"})
      records.push_back(nobodys(name, sender.domain));
  } else {
    records = {check_spf(dns, sender), check_dkim(dns, sender), check_dmarc(dns, sender)};
  }
  const bool has_public_mailbox = sender.reply_domain.empty() || !is_nobodys(sender.reply_domain);
  records.push_back(has_public_mailbox ? check_mx(dns, sender)
                                       : nobodys("MX", sender.reply_domain));
  return records;
}

}  // namespace narada::notifications
