#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace narada::domain {

// What is kept about people for a time, each with its own beginning and end.
enum class RetainedField {
  needs,          // special needs: from the end of the meeting
  question,       // the question to the speakers: from the end of the meeting
  answers,        // to questions of the organizer's own, with their files: the same
  registration,   // who registered: from the end of the meeting; then only the office is known
  mail,           // address and words of a mail: from its sending or giving up
  session,        // device and network of a session: from its end
  sign_in_link,   // from its expiry
  operation,      // what makes a repeated request count once: from the request
  draft,          // a long form that was begun and not sent: from its last saving
  invitee,        // somebody on a list to be invited: from the end of the meeting or cycle
  received_mail,  // what came back to us: words, addresses and addresses that are dead; from then
  account,        // a person without any registration, role or session left: from the last of them
};
std::string_view to_string(RetainedField field);
std::optional<RetainedField> find_retained_field(std::string_view name);
inline constexpr std::array kRetainedFields = {
    RetainedField::needs,        RetainedField::question,      RetainedField::answers,
    RetainedField::registration, RetainedField::mail,          RetainedField::session,
    RetainedField::sign_in_link, RetainedField::operation,     RetainedField::draft,
    RetainedField::invitee,      RetainedField::received_mail, RetainedField::account};

// For how long; what the clean-up job removes and what the page about privacy says.
class RetentionPolicy {
 public:
  std::chrono::days kept(RetainedField field) const {
    return days_[static_cast<std::size_t>(field)];
  }
  void set(RetainedField field, std::chrono::days days) {
    days_[static_cast<std::size_t>(field)] = days;
  }

 private:
  std::array<std::chrono::days, kRetainedFields.size()> days_ = {
      std::chrono::days(30),   std::chrono::days(180), std::chrono::days(180),
      std::chrono::days(1826), std::chrono::days(365), std::chrono::days(90),
      std::chrono::days(7),    std::chrono::days(30),  std::chrono::days(30),
      std::chrono::days(90),   std::chrono::days(180), std::chrono::days(730)};
};

}  // namespace narada::domain
