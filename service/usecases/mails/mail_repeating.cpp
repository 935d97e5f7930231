#include "service/usecases/mails/mail_repeating.h"

#include <fmt/format.h>

#include <string_view>

#include "notifications/mail_facts.h"
#include "notifications/readable_text.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/queued_mail_rows.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::RegistrationStatus;
using notifications::MailKind;

bool has_ended_unsent(MailState state) {
  return state == MailState::failed || state == MailState::bounced || state == MailState::aborted;
}

// What present_cause() can say in its place; a reminder, a message or an offer of a place would
// turn into something else.
bool is_about_state(MailKind kind) {
  switch (kind) {
    case MailKind::registration_confirmed:
    case MailKind::registration_waitlisted:
    case MailKind::registration_pending:
    case MailKind::registration_promoted:
    case MailKind::registration_declined:
    case MailKind::registration_cancelled:
    case MailKind::registration_changed:
    case MailKind::meeting_moved:
    case MailKind::meeting_cancelled:
    case MailKind::meeting_dated:
    case MailKind::place_handed_over:
    case MailKind::place_lost:
    case MailKind::calendar_repaired:
      return true;
    default:
      return false;
  }
}

// Of no registration that could be told about anew: they are sent again from where they came.
bool is_personal(MailKind kind) {
  return kind == MailKind::meeting_invitation || kind == MailKind::challenge_answered ||
         kind == MailKind::contact_shared;
}

// A kept mail whose links open nothing any more (notifications::mask_manage_tokens).
bool has_forgotten_link(const std::string& raw) {
  const std::string text = notifications::readable_text(raw);
  for (const std::string_view mark : {"/***", "%2F***", "%2f***", "=***", "%3D***"}) {
    if (raw.find(mark) != std::string::npos || text.find(mark) != std::string::npos) return true;
  }
  return false;
}

// What there is to say about the registration now.
MailCause present_cause(const domain::Meeting& meeting, const domain::Registration& registration) {
  MailCause cause;
  if (meeting.status == domain::MeetingStatus::cancelled && is_active(registration.status)) {
    cause.kind = MailKind::meeting_cancelled;
    cause.reason = meeting.cancel_reason;
    return cause;
  }
  switch (registration.status) {
    case RegistrationStatus::pending:
      cause.kind = MailKind::registration_pending;
      break;
    case RegistrationStatus::waitlisted:
      cause.kind = MailKind::registration_waitlisted;
      break;
    case RegistrationStatus::declined:
      cause.kind = MailKind::registration_declined;
      cause.reason = registration.decline_reason;
      break;
    case RegistrationStatus::cancelled:
      cause.kind = MailKind::registration_cancelled;
      break;
    case RegistrationStatus::confirmed:
    case RegistrationStatus::attended:
    case RegistrationStatus::absent:
      cause.kind = MailKind::registration_confirmed;
      break;
  }
  return cause;
}

domain::Outcome<domain::OutgoingMailId> repeat_ended(storage::Connection& connection,
                                                     const Environment& environment,
                                                     const storage::MailRow& mail,
                                                     const storage::SeatedMeeting& seated) {
  if (!mail.registration) {
    const auto now = environment.clock->now();
    storage::save_requeued(connection, mail.id, now,
                           now + std::chrono::hours(environment.mail_give_up_hours));
    return mail.id;
  }
  auto stored = storage::find_registration(connection, *mail.registration);
  if (!stored) return domain::NotFound{};
  if (stored->registration.person.email.empty()) return domain::Conflict{"address_erased"};
  const auto id = write_with_calendar(connection, environment, seated, *stored,
                                      present_cause(seated.meeting, stored->registration));
  storage::save_repeated(connection, mail.id, id);
  return id;
}

}  // namespace

bool can_be_repeated(std::string_view kind, bool of_registration, std::string_view stop_reason) {
  // Who does not want a mail, or for whom it came too late, gets it no more by another try.
  if (stop_reason == "unwanted" || stop_reason == "overtaken") return false;
  const auto known = notifications::find_mail_kind(kind);
  if (!known) return false;
  return of_registration ? is_about_state(*known) : !is_personal(*known);
}

bool is_repeatable(const storage::MailRow& mail) {
  return mail.meeting && has_ended_unsent(state_of(mail)) && !mail.repeated_as &&
         !mail.to_address.empty() &&
         can_be_repeated(mail.kind, mail.registration.has_value(), mail.stop_reason) &&
         (mail.registration || (mail.raw && !has_forgotten_link(*mail.raw)));
}

domain::Outcome<domain::OutgoingMailId> repeat_in(storage::Connection& connection,
                                                  const Environment& environment, const Call& call,
                                                  const storage::MailRow& seen) {
  if (!seen.meeting) return domain::Conflict{"mail_not_repeatable"};
  // Mails of a registration are written under the lock of its meeting.
  if (!storage::lock_meeting(connection, *seen.meeting)) return domain::NotFound{};
  const auto seated = storage::find_seated_meeting(connection, *seen.meeting);
  const auto mail = storage::lock_mail_row(connection, seen.id);
  if (!mail || !seated) return domain::NotFound{};
  if (!has_ended_unsent(state_of(*mail))) return domain::Conflict{"mail_not_ended"};
  if (mail->repeated_as) return domain::Conflict{"mail_repeated"};
  if (mail->to_address.empty()) return domain::Conflict{"address_erased"};
  if (!is_repeatable(*mail)) return domain::Conflict{"mail_not_repeatable"};
  const bool is_over = seated->meeting.times.ends_at <= environment.clock->now();
  const bool is_news = !mail->registration;
  if (is_over || (is_news && seated->meeting.status != domain::MeetingStatus::published)) {
    return domain::Conflict{"meeting_past"};
  }
  auto id = repeat_ended(connection, environment, *mail, *seated);
  if (!id) return id;
  record_activity(connection, environment, call, "mail.repeated", "mail", mail->id.value,
                  mail->meeting,
                  mail->registration ? fmt::format(R"({{"registration":{},"as":"mail:{}"}})",
                                                   mail->registration->value, id->value)
                                     : "{}");
  return id;
}

}  // namespace narada::usecases
