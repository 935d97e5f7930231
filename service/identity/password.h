#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"

namespace narada::identity {

// Passwords as argon2id (RFC 9106), 64 MiB and two passes each. They are taken byte for byte as
// they were typed: not trimmed, not folded, not normalized (today's keyboards compose "ą" alike).

inline constexpr std::size_t kShortestPassword = 12;  // characters, that is code points
inline constexpr std::size_t kLongestPassword = 128;

// Too many passwords are being hashed in this process for another one to wait its turn.
class HashingBusy : public std::runtime_error {
 public:
  HashingBusy() : std::runtime_error("too many passwords are being hashed") {}
};

// The rule that a new password breaks, if any: too_short {min}, too_long {max}, not_utf8,
// password_personal (it holds a part of the owner's name or e-mail, or the name of this service),
// password_common (one that many people use). `personal` holds the owner's name and e-mail. The
// error has no field.
std::optional<domain::FieldError> find_password_error(std::string_view password,
                                                      const std::vector<std::string>& personal);

// At most three passwords are hashed at a time in the process; up to 16 more wait, five seconds at
// most, and then HashingBusy is thrown. Thread-safe.
std::string hash_password(std::string_view password);
// An empty hash is nobody's: it takes the time of a comparison, and is false.
bool verify_password(std::string_view password, const std::string& hash);
// True when the hash was made with other costs than hash_password() takes now.
bool needs_rehash(const std::string& hash);

}  // namespace narada::identity
