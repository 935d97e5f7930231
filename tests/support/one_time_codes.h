#pragma once

#include <string>

#include "service/domain/time.h"

namespace narada::testing {

// What an application in a telephone shows at that moment: `secret` is base32 as people type it.
std::string code_of_application(const std::string& secret, domain::Instant at);

}  // namespace narada::testing
