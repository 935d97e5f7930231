#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// A superior who was asked whether somebody may take part.
struct StoredConsent {
  domain::RegistrationId registration;
  std::string superior_name;
  std::string superior_email;
  std::string answer;  // empty, given, refused
  std::string note;
  domain::Instant asked_at{};
  std::optional<domain::Instant> answered_at;
};
std::optional<StoredConsent> find_consent(Connection& connection,
                                          domain::RegistrationId registration);
// By the SHA-256 of the link's token.
std::optional<StoredConsent> find_consent_by_token(Connection& connection, std::string_view hash);
// Asked, or asked anew: an earlier link opens nothing any more.
void save_asked(Connection& connection, const StoredConsent& consent, std::string_view hash);
// Absent answers only; false when there is one already.
bool save_answer(Connection& connection, domain::RegistrationId registration,
                 const std::string& answer, const std::string& note, domain::Instant now);

}  // namespace narada::storage
