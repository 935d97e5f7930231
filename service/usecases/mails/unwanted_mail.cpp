#include "service/usecases/mails/unwanted_mail.h"

#include <string>

#include "notifications/mail_facts.h"
#include "service/domain/reminder.h"
#include "service/usecases/mails/unsubscribing.h"
#include "service/usecases/reminders/reminders.h"
#include "sql/digest_store.h"
#include "sql/expert_task_store.h"
#include "sql/mail_choice_store.h"
#include "sql/reminder_store.h"

namespace narada::usecases {
namespace {

constexpr std::string_view kUnwanted = "unwanted";

std::optional<std::string_view> why_not_reminded(storage::Connection& connection,
                                                 const Environment& environment,
                                                 const storage::ClaimedMail& mail) {
  const auto written = storage::find_written_reminder(connection, mail.id);
  if (!written || !mail.registration) return std::nullopt;
  if (!storage::is_still_true(connection, mail.id, environment.clock->now())) return kOvertaken;
  const auto offset = domain::find_reminder_offset(written->reminder);
  if (offset && mail.person &&
      !storage::is_wanted(connection, *mail.person, reminder_choice(environment, *offset), true)) {
    return kUnwanted;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> why_unwanted(storage::Connection& connection,
                                             const Environment& environment,
                                             const storage::ClaimedMail& mail) {
  const auto kind = notifications::find_mail_kind(mail.kind);
  auto choice = kind ? choice_of(*kind) : std::string_view();
  if (choice.empty()) return std::nullopt;
  if (kind == notifications::MailKind::digest &&
      storage::find_digest_kind(connection, mail.id) == "topics") {
    choice = choice_of(notifications::MailKind::meeting_announced);
  }
  if (mail.person && !storage::is_wanted(connection, *mail.person, choice, true)) return kUnwanted;
  if (kind == notifications::MailKind::expert_tasks &&
      !storage::is_task_mail_true(connection, mail.id, environment.clock->now()))
    return kOvertaken;
  if (kind != notifications::MailKind::reminder) return std::nullopt;
  return why_not_reminded(connection, environment, mail);
}

}  // namespace narada::usecases
