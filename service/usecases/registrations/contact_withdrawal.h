#pragma once

#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "sql/connection.h"

namespace narada::usecases {

// One line of a mail that puts people in touch.
std::string write_contact(const std::string& full_name, const std::string& institution,
                          const std::string& email);

// Somebody who may not be put in touch any more, by name and by every address that they may have
// been told of with.
struct WithdrawnContact {
  std::string full_name;
  std::vector<std::string> addresses;
};
// What the meeting has to send to others leaves without them, or not at all where nobody else is in
// it, and no copy of what has been sent stays. The caller holds the meeting locked, or the person.
void withdraw_contact(storage::Connection& connection, domain::MeetingId meeting,
                      const WithdrawnContact& contact);

}  // namespace narada::usecases
