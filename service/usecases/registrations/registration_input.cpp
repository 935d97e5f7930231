#include "service/usecases/registrations/registration_input.h"

#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <optional>

namespace narada::usecases {
namespace {

constexpr std::size_t kLongestEmail = 254;  // octets, RFC 5321 4.5.3.1.3
constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestLabel = 63;
constexpr std::int32_t kLongestKey = 200;  // characters of person.name_key

bool is_utf8(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t length = 0;  // only counted: nothing is written
  u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<std::int32_t>(text.size()), &status);
  return U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR;
}

bool is_bidi_override(UChar32 character) {
  return (character >= 0x202A && character <= 0x202E) ||
         (character >= 0x2066 && character <= 0x2069);
}

// What must not stand in a text: a mail header, a log line or a calendar property would break on
// it, or show its neighbours in another order.
bool is_forbidden(UChar32 character, bool multiline) {
  if (multiline && (character == '\n' || character == '\r' || character == '\t')) return false;
  return u_charType(character) == U_CONTROL_CHAR || character == 0x2028 || character == 0x2029 ||
         is_bidi_override(character) || !U_IS_UNICODE_CHAR(character);
}

bool has_forbidden(const icu::UnicodeString& text, bool multiline) {
  for (std::int32_t index = 0; index < text.length(); index = text.moveIndex32(index, 1)) {
    if (is_forbidden(text.char32At(index), multiline)) return true;
  }
  return false;
}

icu::UnicodeString compose(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return text;
  icu::UnicodeString composed = nfc->normalize(text, status);
  return U_FAILURE(status) ? text : composed;
}

// Trimmed; runs of white space become one space.
icu::UnicodeString fold_spaces(const icu::UnicodeString& text) {
  icu::UnicodeString folded;
  bool gap = false;
  for (std::int32_t index = 0; index < text.length(); index = text.moveIndex32(index, 1)) {
    const UChar32 character = text.char32At(index);
    if (u_isUWhiteSpace(character)) {
      gap = true;
      continue;
    }
    if (gap && !folded.isEmpty()) folded.append(u' ');
    gap = false;
    folded.append(character);
  }
  return folded;
}

icu::UnicodeString trim_lines(icu::UnicodeString text) {
  text.findAndReplace(u"\r\n", u"\n");
  text.findAndReplace(u"\r", u"\n");
  std::int32_t end = text.length();
  while (end > 0 && u_isUWhiteSpace(text.charAt(end - 1))) --end;
  std::int32_t start = 0;
  while (start < end && u_isUWhiteSpace(text.charAt(start))) ++start;
  return icu::UnicodeString(text, start, end - start);
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

// The rule that a text of `count` characters breaks, if any.
std::optional<domain::FieldError> find_length_error(std::size_t count, std::string_view field,
                                                    const TextBounds& bounds) {
  const std::string name(field);
  if (count == 0 && bounds.required) return domain::FieldError{name, "required"};
  if (count > 0 && count < bounds.least) {
    return domain::FieldError{name, "too_short", {{"min", std::to_string(bounds.least)}}};
  }
  if (count > bounds.most) {
    return domain::FieldError{name, "too_long", {{"max", std::to_string(bounds.most)}}};
  }
  return std::nullopt;
}

bool is_atom_character(char character) {
  constexpr std::string_view kSpecials = "!#$%&'*+-/=?^_`{|}~";
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') ||
         kSpecials.find(character) != std::string_view::npos;
}

bool is_host_character(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || character == '-';
}

// Parts between dots, none of them empty, each accepted by `accepts`; how many.
template <class Accepts>
std::optional<int> count_parts(std::string_view text, Accepts accepts) {
  int parts = 0;
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || !accepts(part)) return std::nullopt;
    ++parts;
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

bool is_local_part(std::string_view text) {
  return text.size() <= kLongestLocalPart && count_parts(text, [](std::string_view atom) {
           return std::all_of(atom.begin(), atom.end(), is_atom_character);
         });
}

bool is_host_name(std::string_view text) {
  const auto labels = count_parts(text, [](std::string_view label) {
    return label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), is_host_character);
  });
  return labels && *labels >= 2;
}

// Among several, the one that is meant beyond doubt: by its TERYT or slug, or as the only one
// spelt exactly so.
std::optional<domain::InstitutionRef> find_exact(
    const std::vector<storage::InstitutionChoice>& choices, const std::string& typed) {
  std::optional<domain::InstitutionRef> exact;
  const std::string key = make_name_key(typed);
  int same_name = 0;
  for (const auto& choice : choices) {
    const domain::InstitutionRef& institution = choice.institution;
    if (institution.teryt == typed || institution.slug == typed) return institution;
    if (make_name_key(institution.name) != key) continue;
    exact = institution;
    ++same_name;
  }
  return same_name == 1 ? exact : std::nullopt;
}

std::string label_of(const storage::InstitutionChoice& choice) {
  std::string more = choice.county;
  if (choice.institution.teryt) {
    more += (more.empty() ? "" : ", ") + std::string("TERYT ") + *choice.institution.teryt;
  }
  return more.empty() ? choice.institution.name
                      : fmt::format("{} ({})", choice.institution.name, more);
}

}  // namespace

std::string check_text(const std::string& text, std::string_view field, TextBounds bounds,
                       domain::FieldErrors& errors) {
  if (!is_utf8(text)) {
    errors.push_back({std::string(field), "not_utf8"});
    return {};
  }
  const auto unicode = icu::UnicodeString::fromUTF8(text);
  if (has_forbidden(unicode, bounds.multiline)) {
    errors.push_back({std::string(field), "control_characters"});
    return {};
  }
  const auto kept = compose(bounds.multiline ? trim_lines(unicode) : fold_spaces(unicode));
  if (const auto error =
          find_length_error(static_cast<std::size_t>(kept.countChar32()), field, bounds)) {
    errors.push_back(*error);
    return {};
  }
  return to_utf8(kept);
}

std::string check_email(const std::string& text, domain::FieldErrors& errors) {
  const std::size_t before = errors.size();
  std::string email = check_text(text, "email", {0, kLongestEmail, true, false}, errors);
  if (errors.size() != before) return {};
  if (email.size() > kLongestEmail) {
    errors.push_back({"email", "too_long", {{"max", std::to_string(kLongestEmail)}}});
    return {};
  }
  const std::size_t at = email.rfind('@');
  if (at == std::string::npos || !is_local_part(std::string_view(email).substr(0, at)) ||
      !is_host_name(std::string_view(email).substr(at + 1))) {
    errors.push_back({"email", "invalid_email"});
    return {};
  }
  return email;
}

std::string make_name_key(std::string_view name) {
  auto key =
      fold_spaces(icu::UnicodeString::fromUTF8({name.data(), static_cast<int>(name.size())}));
  key.foldCase(U_FOLD_CASE_DEFAULT);
  key = compose(key);
  if (key.countChar32() > kLongestKey) key.truncate(key.moveIndex32(0, kLongestKey));
  return to_utf8(key);
}

std::string make_email_key(std::string_view email) {
  std::string key(email);
  for (char& character : key) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return key;
}

RegistrationInput check_registration_form(const RegistrationForm& form,
                                          domain::FieldErrors& errors) {
  RegistrationInput input;
  input.person.full_name = check_text(form.full_name, "full_name", kNameBounds, errors);
  input.person.email = check_email(form.email, errors);
  input.institution = check_text(form.institution, "institution", kInstitutionBounds, errors);
  input.person.position = check_text(form.position, "position", kPositionBounds, errors);
  input.needs = check_text(form.needs, "needs", kNeedsBounds, errors);
  input.diet = check_text(form.diet, "diet", kDietBounds, errors);
  input.access_needs = check_text(form.access_needs, "access_needs", kAccessNeedsBounds, errors);
  input.interpreter = check_text(form.interpreter, "interpreter", kInterpreterBounds, errors);
  input.question = check_text(form.question, "question", kNeedsBounds, errors);
  input.challenge = check_text(form.challenge, "challenge", kChallengeBounds, errors);
  input.challenge_contact = form.challenge_contact && !input.challenge.empty();
  input.visible = form.visible;
  if (!form.consent) errors.push_back({"consent", "consent_required"});
  input.person.name_key = make_name_key(input.person.full_name);
  input.person.email_key = make_email_key(input.person.email);
  input.person.language = form.language;
  return input;
}

void sort_by_field(domain::FieldErrors& errors) {
  constexpr std::array<std::string_view, 13> kFields{
      "full_name",    "email",       "institution", "position", "mode",      "answers", "diet",
      "access_needs", "interpreter", "needs",       "question", "challenge", "consent"};
  const auto place_of = [&](const std::string& field) {
    const bool is_answer = field.starts_with("answers.");
    return std::find(kFields.begin(), kFields.end(), is_answer ? "answers" : field);
  };
  std::stable_sort(errors.begin(), errors.end(), [&](const auto& one, const auto& other) {
    return place_of(one.field) < place_of(other.field);
  });
}

std::optional<domain::InstitutionRef> resolve_institution(storage::Connection& connection,
                                                          const std::string& typed,
                                                          domain::FieldErrors& errors) {
  const auto choices = storage::find_institution_choices(connection, typed);
  if (choices.empty()) {
    errors.push_back({"institution", "unknown_institution"});
    return std::nullopt;
  }
  if (choices.size() == 1) return choices.front().institution;
  if (auto exact = find_exact(choices, typed)) return exact;
  std::string names;
  for (const auto& choice : choices) names += (names.empty() ? "" : "; ") + label_of(choice);
  errors.push_back({"institution", "ambiguous_institution", {{"names", names}}});
  return std::nullopt;
}

}  // namespace narada::usecases
