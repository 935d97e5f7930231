#include "service/domain/retention.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<RetainedField, kRetainedFields.size()> kNames{
    {"needs", "question", "answers", "registration", "mail", "session", "sign_in_link", "operation",
     "draft", "invitee", "received_mail", "account"}};
static_assert(is_complete(kNames, RetainedField::account));

}  // namespace

std::string_view to_string(RetainedField field) { return kNames.name_of(field); }

std::optional<RetainedField> find_retained_field(std::string_view name) {
  return kNames.find(name);
}

}  // namespace narada::domain
