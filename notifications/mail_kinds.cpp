#include "notifications/mail_kinds.h"

namespace narada::notifications {

std::vector<MailKind> all_mail_kinds() {
  std::vector<MailKind> kinds;
  for (int index = 0; !to_string(static_cast<MailKind>(index)).empty(); ++index) {
    kinds.push_back(static_cast<MailKind>(index));
  }
  return kinds;
}

bool is_about_account(MailKind kind) {
  switch (kind) {
    case MailKind::sign_in_link:
    case MailKind::role_invitation:
    case MailKind::email_change:
    case MailKind::new_sign_in:
    case MailKind::account_erased:
    case MailKind::email_changed:
    case MailKind::credentials_changed:
      return true;
    default:
      return false;
  }
}

bool is_about_practice(MailKind kind) {
  return kind == MailKind::practice_proposal_link ||
         kind == MailKind::practice_confirmation_asked || kind == MailKind::practice_step_told;
}

std::optional<calendar::ItipMethod> usual_method(MailKind kind) {
  switch (kind) {
    case MailKind::registration_confirmed:
    case MailKind::registration_promoted:
    case MailKind::registration_changed:
    case MailKind::meeting_moved:
    case MailKind::meeting_dated:
    case MailKind::calendar_repaired:
    case MailKind::substitution_refused:
      return calendar::ItipMethod::request;
    case MailKind::registration_cancelled:
    case MailKind::meeting_cancelled:
    case MailKind::place_handed_over:
    case MailKind::consent_refused:
    case MailKind::place_lost:
      return calendar::ItipMethod::cancel;
    default:
      return std::nullopt;
  }
}

}  // namespace narada::notifications
