#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/registrations/registrations.h"
#include "sql/connection.h"
#include "sql/person_store.h"

namespace narada::usecases {

// Bounds of one field, in characters (code points). `least` counts once something is typed.
struct TextBounds {
  std::size_t least = 0;
  std::size_t most = 0;
  bool required = false;
  bool multiline = false;  // line breaks and tabs may stand in it
};

// The text as it is kept: NFC, trimmed, inner white space folded to single spaces (with
// `multiline` lines stay and CRLF becomes LF). Adds what is wrong to `errors` under `field`:
// not_utf8, control_characters, required, too_short {min}, too_long {max}; then the result is
// empty.
std::string check_text(const std::string& text, std::string_view field, TextBounds bounds,
                       domain::FieldErrors& errors);

// addr-spec in ASCII, dot-atom @ host name with a dot: required, not_utf8, control_characters,
// too_long {max}, invalid_email.
std::string check_email(const std::string& text, domain::FieldErrors& errors);

// By which spellings of one name are the same: white space, case and composition do not count.
std::string make_name_key(std::string_view name);
// Lower case; of a checked e-mail.
std::string make_email_key(std::string_view email);

inline constexpr TextBounds kNameBounds{2, 200, true, false};
inline constexpr TextBounds kPositionBounds{0, 200, false, false};
inline constexpr TextBounds kInstitutionBounds{0, 200, true, false};
inline constexpr TextBounds kNeedsBounds{0, 2000, false, true};
inline constexpr TextBounds kDietBounds{0, 500, false, false};
inline constexpr TextBounds kAccessNeedsBounds{0, 1000, false, true};
inline constexpr TextBounds kInterpreterBounds{0, 200, false, false};
inline constexpr TextBounds kChallengeBounds{0, 2000, false, true};
inline constexpr TextBounds kReasonBounds{0, 1000, false, true};

// What was typed into a registration form, checked as far as the form alone goes.
struct RegistrationInput {
  storage::NewPerson person;
  std::string institution;  // as typed
  std::string needs;
  std::string diet;
  std::string access_needs;
  std::string interpreter;
  std::string question;
  std::string challenge;
  bool challenge_contact = false;
  bool visible = false;
};
RegistrationInput check_registration_form(const RegistrationForm& form,
                                          domain::FieldErrors& errors);

// In the order in which the form shows its fields, the rules about the whole last.
void sort_by_field(domain::FieldErrors& errors);

// The one institution that `typed` names; absent with unknown_institution or ambiguous_institution
// {names} added to `errors` under "institution".
std::optional<domain::InstitutionRef> resolve_institution(storage::Connection& connection,
                                                          const std::string& typed,
                                                          domain::FieldErrors& errors);

}  // namespace narada::usecases
