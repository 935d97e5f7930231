#include "notifications/mail_wording.h"

#include <algorithm>
#include <utility>

#include "notifications/mail_kinds.h"
#include "service/domain/enum_names.h"

namespace narada::notifications {
namespace {

constexpr domain::EnumNames<WordingField, 4> kFields{{"subject", "heading", "intro", "closing"}};
static_assert(is_complete(kFields, WordingField::closing));

using Names = std::vector<std::string_view>;

// One piece of a text: words, or the name between braces.
struct Piece {
  std::string_view text;
  bool is_placeholder = false;
};

// Absent when a brace has no other one, or one stands inside another.
std::optional<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    const auto brace = text.find_first_of("{}");
    if (brace != 0) pieces.push_back({text.substr(0, brace)});
    if (brace == std::string_view::npos) break;
    if (text[brace] == '}') return std::nullopt;
    const auto end = text.find_first_of("{}", brace + 1);
    if (end == std::string_view::npos || text[end] == '{') return std::nullopt;
    pieces.push_back({text.substr(brace + 1, end - brace - 1), true});
    text.remove_prefix(end + 1);
  }
  return pieces;
}

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names account_placeholders(MailKind kind) {
  switch (kind) {
    case MailKind::sign_in_link:
      return {"address", "until"};
    case MailKind::role_invitation:
      return {"person", "address", "role", "until"};
    case MailKind::email_change:
      return {"person", "address", "until"};
    case MailKind::new_sign_in:
    case MailKind::credentials_changed:
    case MailKind::email_changed:
      return {"person", "address", "happened"};
    case MailKind::account_erased:
      return {"person", "address"};
    default:
      return {};
  }
}

bool is_about_somebody(MailKind kind) {
  return kind == MailKind::consent_asked || kind == MailKind::reply_received ||
         kind == MailKind::address_bounced || kind == MailKind::substitution_proposed ||
         kind == MailKind::material_replaced || kind == MailKind::file_refused ||
         kind == MailKind::practice_confirmation_asked;
}

bool has_variants(MailKind kind) {
  return kind == MailKind::meeting_moved || kind == MailKind::meeting_dated;
}

}  // namespace

std::string_view to_string(WordingField field) { return kFields.name_of(field); }

std::string& text_of(MailWording& wording, WordingField field) {
  switch (field) {
    case WordingField::subject:
      return wording.subject;
    case WordingField::heading:
      return wording.heading;
    case WordingField::intro:
      return wording.intro;
    case WordingField::closing:
      break;
  }
  return wording.closing;
}

const std::string& text_of(const MailWording& wording, WordingField field) {
  return text_of(const_cast<MailWording&>(wording), field);
}

std::vector<std::string_view> placeholders_of(MailKind kind) {
  Names names = account_placeholders(kind);
  if (!names.empty()) return names;
  if (kind == MailKind::digest) return {"day", "person"};
  names = is_about_practice(kind) ? Names{"title", "person"}
                                  : Names{"title", "day", "when", "place", "person"};
  if (is_about_somebody(kind)) names.push_back("about");
  if (kind == MailKind::registration_offered) names.push_back("until");
  if (has_variants(kind)) names.push_back("standard");
  return names;
}

std::vector<std::string_view> required_placeholders(MailKind kind, WordingField field) {
  const bool is_subject = field == WordingField::subject;
  if (kind == MailKind::sign_in_link || kind == MailKind::email_change) {
    return field == WordingField::intro ? Names{"address"} : Names{};
  }
  if (!account_placeholders(kind).empty()) return {};
  if (is_about_somebody(kind) && field == WordingField::intro) return {"about"};
  const bool has_own_subject = kind == MailKind::digest || kind == MailKind::organizer_message ||
                               kind == MailKind::material_replaced ||
                               kind == MailKind::file_refused;
  return is_subject && !has_own_subject ? Names{"title"} : Names{};
}

std::optional<WordingFault> find_fault(MailKind kind, WordingField field, std::string_view text) {
  const auto pieces = pieces_of(text);
  if (!pieces) return WordingFault{"unbalanced_brace"};
  const Names known = placeholders_of(kind);
  Names mentioned;
  for (const auto& piece : *pieces) {
    if (!piece.is_placeholder) continue;
    if (!contains(known, piece.text)) {
      return WordingFault{"unknown_mark", std::string(piece.text)};
    }
    mentioned.push_back(piece.text);
  }
  if (contains(mentioned, "standard")) return std::nullopt;  // which mentions what it must
  for (const auto name : required_placeholders(kind, field)) {
    if (!contains(mentioned, name)) return WordingFault{"missing_mark", std::string(name)};
  }
  return std::nullopt;
}

std::string fill(std::string_view text, const std::map<std::string, std::string>& values) {
  const auto pieces = pieces_of(text);
  if (!pieces) return std::string(text);
  std::string filled;
  for (const auto& piece : *pieces) {
    if (!piece.is_placeholder) {
      filled += piece.text;
    } else if (const auto found = values.find(std::string(piece.text)); found != values.end()) {
      filled += found->second;
    }
  }
  return filled;
}

}  // namespace narada::notifications
