#pragma once

#include <functional>
#include <iosfwd>

#include "service/config.h"

namespace narada {

// `narada check`: one line for each thing that the program needs, with what was found. Sends no
// mail and writes nothing. What DNS says of the sender's domain is told too, with the record to
// add; it is the domain's matter and fails nothing, and neither does a machine without DNS. Returns
// the exit status: 1 when the program cannot work as it is configured.
int check_installation(const std::function<Config()>& load, std::ostream& out);

}  // namespace narada
