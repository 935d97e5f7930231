#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notifications/mail_facts.h"

namespace narada::notifications {

// The words of one kind of mail in one language, as organizers have written them in place of the
// program's own. Each is a text with placeholders such as "{title}"; facts, buttons and links stay
// the program's.
struct MailWording {
  std::string subject;
  std::string heading;
  std::string intro;    // paragraphs are lines
  std::string closing;  // after the facts; may be empty
  friend bool operator==(const MailWording&, const MailWording&) = default;
};

// Where a composer finds them. Implementations are thread-safe.
class MailWordings {
 public:
  virtual ~MailWordings() = default;
  // Absent: the program's own words hold. Throws what tells a delivery to try again later.
  virtual std::optional<MailWording> find_wording(MailKind kind,
                                                  domain::Language language) const = 0;
};

enum class WordingField { subject, heading, intro, closing };
inline constexpr std::array kWordingFields{WordingField::subject, WordingField::heading,
                                           WordingField::intro, WordingField::closing};
std::string_view to_string(WordingField field);
std::string& text_of(MailWording& wording, WordingField field);
const std::string& text_of(const MailWording& wording, WordingField field);

// What the words of a kind may mention; each always has a value. "standard" stands for the
// program's own text of the same field, where that depends on what has happened.
std::vector<std::string_view> placeholders_of(MailKind kind);
// What a field must mention, or nobody could tell the mail from another one.
std::vector<std::string_view> required_placeholders(MailKind kind, WordingField field);

// The first thing that is wrong with a text: `code` is unknown_mark, missing_mark
// (each with the name) or unbalanced_brace.
struct WordingFault {
  std::string code;
  std::string placeholder = {};
  friend bool operator==(const WordingFault&, const WordingFault&) = default;
};
std::optional<WordingFault> find_fault(MailKind kind, WordingField field, std::string_view text);

// The text with each placeholder's value in its place, once: a value is never looked at for
// placeholders. One without a value is left out.
std::string fill(std::string_view text, const std::map<std::string, std::string>& values);

}  // namespace narada::notifications
