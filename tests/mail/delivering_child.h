#pragma once

#include <string>
#include <vector>

namespace narada::testing {

// Arguments: the database's URL, the SMTP URL, and the second since the epoch at which the clock of
// the mails began; since then it runs 600 times as fast, so that a lease lasts half a second.
int deliver_until_killed(const std::vector<std::string>& arguments);

}  // namespace narada::testing
