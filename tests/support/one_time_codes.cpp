#include "tests/support/one_time_codes.h"

#include <liboath/oath.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

namespace narada::testing {

std::string code_of_application(const std::string& secret, domain::Instant at) {
  std::string typed = secret;
  typed.erase(std::remove(typed.begin(), typed.end(), ' '), typed.end());
  char* bytes = nullptr;
  std::size_t length = 0;
  if (oath_base32_decode(typed.data(), typed.size(), &bytes, &length) != OATH_OK)
    throw std::runtime_error("no base32: " + secret);
  std::array<char, 7> code{};
  const int result =
      oath_totp_generate(bytes, length, static_cast<time_t>(at.time_since_epoch().count()),
                         OATH_TOTP_DEFAULT_TIME_STEP_SIZE, 0, 6, code.data());
  std::free(bytes);
  if (result != OATH_OK) throw std::runtime_error("no code");
  return code.data();
}

}  // namespace narada::testing
