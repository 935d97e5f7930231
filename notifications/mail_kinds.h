#pragma once

#include <optional>
#include <vector>

#include "notifications/mail_facts.h"

namespace narada::notifications {

// In the order of the enumerators.
std::vector<MailKind> all_mail_kinds();
// About somebody's account and no meeting: MailFacts::account is set.
bool is_about_account(MailKind kind);
bool is_about_practice(MailKind kind);
// What a mail of that kind usually brings into a calendar; absent: nothing.
std::optional<calendar::ItipMethod> usual_method(MailKind kind);

}  // namespace narada::notifications
