#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/time.h"

namespace narada::identity {

// One-time codes of an application in a telephone: TOTP (RFC 6238) with HMAC-SHA-1, six digits and
// steps of 30 seconds, which is what every such application understands.

// 160 random bits (RFC 4226 4: as long as the hash).
std::string make_totp_secret();
// Base32 without padding, for typing it in.
std::string totp_secret_text(std::string_view secret);
// What the QR code holds: "otpauth://totp/…". `account` tells one entry of the application from
// another: the owner's e-mail.
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);

// The time step in which `code` is right: the present one, or its neighbour before or after.
// Absent for a wrong code. Blanks in the code do not count. Whoever takes a code remembers its step
// and takes none of that step or an earlier one again (RFC 6238 5.2).
std::optional<std::int64_t> find_totp_step(std::string_view secret, std::string_view code,
                                           domain::Instant now);

// Codes for the day when the telephone is lost: 80 random bits each, as "k7qd-2mxa-9f…" in base32.
inline constexpr int kRecoveryCodes = 10;
std::vector<std::string> make_recovery_codes();
// How two spellings of one code are the same: capitals, without blanks and dashes, O for 0 and I
// for 1. Absent for what is no such code.
std::optional<std::string> fold_recovery_code(std::string_view typed);

}  // namespace narada::identity
