#pragma once

#include <optional>
#include <string>

#include "service/usecases/registrations/registrations.h"

namespace narada::usecases {

// Results of registration use cases as text, for calls that come again with the same
// Idempotency-Key. Each read_ gives what the write_ was given, and throws std::invalid_argument on
// other text.
std::string write_registration(const domain::Registration& registration);
domain::Registration read_registration(const std::string& text);

std::string write_registered(const Registered& registered);
Registered read_registered(const std::string& text);

std::string write_enrolled(const Enrolled& enrolled);
Enrolled read_enrolled(const std::string& text);
// Whose it is; absent when it tells of nobody.
std::optional<domain::PersonId> find_enrolled_person(const Enrolled& enrolled);

}  // namespace narada::usecases
