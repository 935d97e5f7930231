#include "service/usecases/registrations/contact_withdrawal.h"

#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "notifications/mail_facts.h"
#include "sql/challenge_store.h"

namespace narada::usecases {
namespace {

constexpr const char* kBetween = ", ";

// Without the lines that tell of them, in the text and in the list; false: none does.
bool leave_out(std::string& text, std::vector<domain::RegistrationId>& told,
               domain::RegistrationId registration) {
  std::istringstream lines(text);
  std::string kept;
  std::vector<domain::RegistrationId> others;
  for (const auto one : told) {
    std::string line;
    std::getline(lines, line);
    if (one == registration) continue;
    others.push_back(one);
    kept += (kept.empty() ? "" : "\n") + line;
  }
  const bool found = others.size() != told.size();
  if (found) text = std::move(kept);
  told = std::move(others);
  return found;
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
                      domain::RegistrationId registration) {
  for (auto& mail : storage::list_contact_mails(connection, meeting)) {
    auto facts = read_facts(mail.facts);
    if (facts && !leave_out(facts->ask->text, mail.told, registration)) continue;
    if (!facts || mail.told.empty()) {
      storage::abort_contact_mail(connection, mail.id);
      continue;
    }
    mail.facts = notifications::serialize(*facts);
    storage::rewrite_contact_mail(connection, mail);
  }
  storage::forget_contact_copies(connection, meeting);
}

}  // namespace narada::usecases
