#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// What a person proves themselves with besides their mailbox: a password, and one-time codes with
// recovery codes. Every change ends the person's other sessions, tells the person by mail and
// writes activity (credential.password_set, .password_removed, .totp_confirmed, .totp_removed,
// .codes_renewed, .recovery_code_used) without a secret. None of these calls is replayed by an
// Idempotency-Key, because nothing that they return is kept.

// Somebody who is signed in, in this session.
struct Owner {
  domain::PersonId person;
  domain::SessionId session;
  std::string address = {};  // of the client, whose tries are counted; empty: they are not
  std::string device = {};   // of the client, as the mail about a change names it
};

// How a person stands.
struct CredentialState {
  std::optional<domain::Instant> password_set_at;    // absent: no password
  std::optional<domain::Instant> totp_confirmed_at;  // absent: no one-time codes
  bool totp_begun = false;                           // a secret waits for its first code
  int recovery_codes = 0;                            // not used yet
  // The session began by a link not more than 15 minutes ago, so the password is not asked for.
  bool is_fresh = false;
};
CredentialState find_credential_state(const Environment&, const Owner&);

// What shows that it is still the owner who sits there: a fresh session, or the password.
// FieldErrors otherwise, in "current_password": required, wrong_password, or sign_in_again when
// there is no password to ask for. Conflict too_many_tries as limit_password says, sign_in_busy
// when too many passwords are being checked.

struct PasswordSet {};
// FieldErrors in "password" as identity::find_password_error says. Conflict mailbox_has_password
// when somebody else of the same mailbox has one: who shares a mailbox signs in by links.
domain::Outcome<PasswordSet> set_password(const Environment&, const Call&, const Owner&,
                                          const std::string& current, const std::string& password);
struct PasswordRemoved {};
domain::Outcome<PasswordRemoved> remove_password(const Environment&, const Call&, const Owner&,
                                                 const std::string& current);

// A secret that waits for its first code, to be typed or scanned into an application: 15 minutes,
// then it is as if there were none.
struct TotpSetup {
  std::string secret;   // base32, in groups of four
  std::string uri;      // otpauth://…
  int qr_size = 0;      // side of the QR code in modules
  std::string qr_path;  // its dark modules as an SVG path
};
struct TotpBegun {};
// Makes a new secret; one that waits already is replaced. Conflict totp_set when one is in use.
domain::Outcome<TotpBegun> begin_totp(const Environment&, const Call&, const Owner&,
                                      const std::string& current);
std::optional<TotpSetup> find_totp_setup(const Environment&, const Owner&);

// Codes are taken as typed; a wrong one is FieldErrors in "code": wrong_code. Conflict
// too_many_tries as limit_one_time_code says.

struct TotpConfirmed {
  std::vector<std::string> recovery_codes;  // shown once
  std::string token;                        // of the same session, from now on
};
// Takes the secret that waits into use. Conflict totp_not_begun when there is none.
domain::Outcome<TotpConfirmed> confirm_totp(const Environment&, const Call&, const Owner&,
                                            const std::string& code);
struct TotpRemoved {};
// By a one-time code or a recovery code. Conflict totp_not_set when there is none in use.
domain::Outcome<TotpRemoved> remove_totp(const Environment&, const Call&, const Owner&,
                                         const std::string& code);
struct RecoveryCodes {
  std::vector<std::string> codes;  // shown once; those from before are void
};
domain::Outcome<RecoveryCodes> renew_recovery_codes(const Environment&, const Call&, const Owner&,
                                                    const std::string& code);

}  // namespace narada::usecases
