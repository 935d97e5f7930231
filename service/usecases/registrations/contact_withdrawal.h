#pragma once

#include <string>

#include "service/domain/ids.h"
#include "sql/connection.h"

namespace narada::usecases {

// One line of a mail that puts people in touch.
std::string write_contact(const std::string& full_name, const std::string& institution,
                          const std::string& email);

// Whoever registered so may not be put in touch any more: what the meeting has to send to others
// leaves without them, or not at all where nobody else is in it, and no copy of what has been sent
// stays. The caller holds the meeting locked, or the person.
void withdraw_contact(storage::Connection& connection, domain::MeetingId meeting,
                      domain::RegistrationId registration);

}  // namespace narada::usecases
