// What `narada check` finds in DNS about the sender's domain, from a name server of the test.
#include "notifications/sender_records.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"
#include "tests/support/database.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;
using notifications::DnsResolver;
using notifications::RecordState;
using notifications::SenderDomain;

namespace {

class NameServer {
 public:
  explicit NameServer(const json& zone, const std::vector<std::string>& silent = {})
      : port_(free_port()),
        process_({"node", std::string(NARADA_SOURCE_DIR) + "/tests/mail/dns_server.cjs",
                  json{{"port", port_}, {"zone", zone}, {"silent", silent}}.dump()}) {
    if (process_.read_line() != "ready") throw std::runtime_error("no name server");
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  std::uint16_t port_;
  ChildProcess process_;
};

std::string word_of(RecordState state) {
  constexpr const char* kWords[] = {"good", "doubtful", "missing", "wrong", "unknown"};
  return kWords[static_cast<int>(state)];
}

// "SPF good, DKIM missing, …"
std::string summary(const std::vector<notifications::SenderRecord>& records) {
  std::string text;
  for (const auto& record : records)
    text += (text.empty() ? "" : ", ") + record.name + " " + word_of(record.state);
  return text;
}

json spf(const std::string& record) { return {{"urzad.pl", {{"TXT", {"google-site=x", record}}}}}; }

struct Case {
  const char* what;
  json zone;
  std::string expected;  // of SPF: state, then a part of its text or advice
  std::string part;
};

json chain(int length) {
  json zone{{"urzad.pl", {{"TXT", {"v=spf1 include:i1.pl -all"}}}}};
  for (int index = 1; index <= length; ++index) {
    const std::string next = index < length ? " include:i" + std::to_string(index + 1) + ".pl" : "";
    zone["i" + std::to_string(index) + ".pl"] = {{"TXT", {"v=spf1" + next + " ~all"}}};
  }
  return zone;
}

const std::vector<Case>& spf_cases() {
  static const std::vector<Case> kCases{
      {"good", spf("v=spf1 ip4:192.0.2.1 a:mail.urzad.pl -all"), "good", "a:mail.urzad.pl"},
      {"none",
       {{"urzad.pl", {{"TXT", {"other"}}}}},
       "missing",
       "urzad.pl. TXT \"v=spf1 a:smtp.urzad.pl -all\""},
      {"no such name", json::object(), "missing", "which servers"},
      {"a record that only begins so", spf("v=spf10 -all"), "missing", "add"},
      {"two", {{"urzad.pl", {{"TXT", {"v=spf1 mx -all", "v=spf1 a -all"}}}}}, "wrong", "2 records"},
      {"an unknown word", spf("v=spf1 ipv4:192.0.2.1 -all"), "wrong", "\"ipv4:192.0.2.1\""},
      {"an include without a name", spf("v=spf1 include: -all"), "wrong", "include:"},
      {"an include of nothing", spf("v=spf1 include:nobody.pl -all"), "wrong", "include:nobody.pl"},
      {"everybody", spf("v=spf1 mx +all"), "wrong", "everybody"},
      {"everybody, without a sign", spf("v=spf1 all"), "wrong", "everybody"},
      {"no end", spf("v=spf1 mx"), "doubtful", "-all or ~all"},
      {"ten lookups", chain(10), "good", "include:i1.pl"},
      {"eleven lookups", chain(11), "wrong", "more than 10"},
      {"a circle of includes",
       {{"urzad.pl", {{"TXT", {"v=spf1 include:urzad.pl -all"}}}}},
       "wrong",
       "more than 10"},
      {"a redirect",
       {{"urzad.pl", {{"TXT", {"v=spf1 redirect=r.pl"}}}}, {"r.pl", {{"TXT", {"v=spf1 mx -all"}}}}},
       "good",
       "redirect=r.pl"},
      {"in two strings",
       {{"urzad.pl", {{"TXT", json::array({json::array({"v=spf1 ip4:192.", "0.2.1 -all"})})}}}},
       "good",
       "v=spf1 ip4:192.0.2.1 -all"},
      {"longer than a datagram",
       spf("v=spf1 -all exp=" + std::string(200, 'x') + " " + "a=" + std::string(30, 'y')), "good",
       "v=spf1"},
  };
  return kCases;
}

SenderDomain sender() { return {"urzad.pl", "urzad.pl", "n2026", "smtp.urzad.pl"}; }

notifications::SenderRecord find_record(const NameServer& server, const SenderDomain& of,
                                        const std::string& name) {
  DnsResolver dns({server.address()});
  for (auto& record : check_sender_records(dns, of))
    if (record.name == name) return record;
  throw std::runtime_error("no such record");
}

}  // namespace

TEST_CASE("SPF is read as receivers read it") {
  for (const auto& one : spf_cases()) {
    CAPTURE(std::string(one.what));
    const NameServer server(one.zone);
    const auto record = find_record(server, sender(), "SPF");
    CHECK(word_of(record.state) == one.expected);
    CHECK_MESSAGE((record.text + "\n" + record.advice).find(one.part) != std::string::npos,
                  record.text, " | ", record.advice);
    CHECK((record.state == RecordState::good) == record.advice.empty());
  }
}

TEST_CASE("DKIM, DMARC and MX are found, missing or broken") {
  const json good{{"urzad.pl", {{"TXT", {"v=spf1 mx -all"}}, {"MX", {{20, "b.pl"}, {10, "a.pl"}}}}},
                  {"n2026._domainkey.urzad.pl",
                   {{"TXT",
                     {json::array({"v=DKIM1; k=rsa; p=" + std::string(230, 'A'),
                                   std::string(250, 'B'), std::string(200, 'C')})}}}},
                  {"_dmarc.urzad.pl", {{"TXT", {"v=DMARC1; p=reject; rua=mailto:a@urzad.pl"}}}}};
  const auto with = [&](const char* name, const json& records) {
    auto zone = good;
    if (records.is_null())
      zone.erase(name);
    else
      zone[name] = records;
    return zone;
  };
  const char* const key = "n2026._domainkey.urzad.pl";
  const char* const policy = "_dmarc.urzad.pl";
  const json spf_only{{"TXT", {"v=spf1 mx -all"}}};
  const struct {
    const char* what;
    json zone;
    const char* record;
    const char* expected;
    const char* part;
  } cases[] = {
      {"a key over TCP", good, "DKIM", "good", key},
      {"no key", with(key, nullptr), "DKIM", "missing", "n2026._domainkey.urzad.pl. TXT"},
      {"a revoked key", with(key, {{"TXT", {"v=DKIM1; p="}}}), "DKIM", "wrong", "revoked"},
      {"no key in it", with(key, {{"TXT", {"hello"}}}), "DKIM", "wrong", "no key"},
      {"another version", with(key, {{"TXT", {"v=DKIM2; p=AA"}}}), "DKIM", "wrong", "DKIM2"},
      {"a policy", good, "DMARC", "good", "p=reject"},
      {"no policy", with(policy, nullptr), "DMARC", "missing", "_dmarc.urzad.pl. TXT"},
      {"two policies", with(policy, {{"TXT", {"v=DMARC1; p=none", "v=DMARC1; p=reject"}}}), "DMARC",
       "wrong", "2 records"},
      {"only reports", with(policy, {{"TXT", {"v=DMARC1; p=none"}}}), "DMARC", "doubtful",
       "quarantine"},
      {"an unknown policy", with(policy, {{"TXT", {"v=DMARC1; p=block"}}}), "DMARC", "wrong",
       "no policy"},
      {"servers", good, "MX", "good", "a.pl"},
      {"no server", with("urzad.pl", spf_only), "MX", "missing", "urzad.pl. MX 10"},
      {"only an address", with("urzad.pl", {{"A", {"192.0.2.1"}}}), "MX", "doubtful", "itself"},
      {"a null MX", with("urzad.pl", {{"MX", {{0, "."}}}}), "MX", "wrong", "takes no mail"},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.what));
    const NameServer server(one.zone);
    const auto record = find_record(server, sender(), one.record);
    CHECK(word_of(record.state) == one.expected);
    CHECK_MESSAGE((record.text + "\n" + record.advice).find(one.part) != std::string::npos,
                  record.text, " | ", record.advice);
  }
}

TEST_CASE("the policy of the domain above holds for one below it") {
  const NameServer server(json{{"_dmarc.urzad.pl", {{"TXT", {"v=DMARC1; p=quarantine"}}}}});
  auto below = sender();
  below.domain = "spotkania.urzad.pl";
  CHECK(find_record(server, below, "DMARC").state == RecordState::good);
}

TEST_CASE("what is nobody's domain is not looked up, and without a selector no key is") {
  const NameServer server(json::object());
  DnsResolver dns({server.address()});
  CHECK(summary(check_sender_records(dns, {"localhost.localdomain", "x.example", "s", ""})) ==
        "SPF unknown, DKIM unknown, DMARC unknown, MX unknown");
  CHECK(summary(check_sender_records(dns, {"urzad.pl", "", "", ""})) ==
        "SPF missing, DKIM unknown, DMARC missing, MX unknown");
}

TEST_CASE("without an answer of a name server nothing is said to be missing") {
  const auto nowhere = "127.0.0.1:" + std::to_string(free_port());
  DnsResolver unreachable({nowhere}, std::chrono::milliseconds(400));
  CHECK(summary(check_sender_records(unreachable, sender())) ==
        "SPF unknown, DKIM unknown, DMARC unknown, MX unknown");
  const NameServer server({{"urzad.pl", {{"TXT", {"v=spf1 include:still.pl -all"}}}}},
                          {"still.pl"});
  DnsResolver dns({server.address()}, std::chrono::milliseconds(400));
  CHECK(check_sender_records(dns, sender())[0].state == RecordState::unknown);
  CHECK_THROWS_AS(DnsResolver({"not an address"}), std::invalid_argument);
}
