#include "service/usecases/registrations/contact_withdrawal.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "notifications/mail_facts.h"
#include "sql/challenge_store.h"

namespace narada::usecases {
namespace {

constexpr const char* kBetween = ", ";

bool tells_of(const std::string& line, const WithdrawnContact& contact) {
  if (!contact.full_name.empty() && line.starts_with(contact.full_name + kBetween)) return true;
  return std::any_of(contact.addresses.begin(), contact.addresses.end(),
                     [&](const std::string& address) {
                       return !address.empty() && line.ends_with(kBetween + address);
                     });
}

// Without the lines that tell of them; absent: none does.
std::optional<std::string> leave_out(const std::string& text, const WithdrawnContact& contact) {
  std::istringstream lines(text);
  std::string kept;
  bool found = false;
  for (std::string line; std::getline(lines, line);) {
    if (tells_of(line, contact)) {
      found = true;
      continue;
    }
    if (!kept.empty()) kept += '\n';
    kept += line;
  }
  if (!found) return std::nullopt;
  return kept;
}

// Absent: it cannot be read, and could not be sent either.
std::optional<notifications::MailFacts> read_facts(const std::string& text) {
  try {
    auto facts = notifications::parse_mail_facts(text);
    if (facts.ask) return facts;
  } catch (const std::invalid_argument&) {
  }
  return std::nullopt;
}

}  // namespace

std::string write_contact(const std::string& full_name, const std::string& institution,
                          const std::string& email) {
  std::string line = full_name;
  if (!institution.empty()) line += kBetween + institution;
  return line + kBetween + email;
}

void withdraw_contact(storage::Connection& connection, domain::MeetingId meeting,
                      const WithdrawnContact& contact) {
  for (auto& mail : storage::list_contact_mails(connection, meeting)) {
    auto facts = read_facts(mail.facts);
    const auto kept = facts ? leave_out(facts->ask->text, contact) : "";
    if (!kept) continue;
    if (kept->empty()) {
      storage::abort_contact_mail(connection, mail.id);
      continue;
    }
    facts->ask->text = *kept;
    mail.facts = notifications::serialize(*facts);
    storage::rewrite_contact_mail(connection, mail);
  }
  storage::forget_contact_copies(connection, meeting);
}

}  // namespace narada::usecases
