#include "service/usecases/meetings/meeting_announcement.h"

#include <vector>

#include "notifications/message_id.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/mail_choice_store.h"
#include "sql/outgoing_mail_store.h"
#include "sql/profile_store.h"

namespace narada::usecases {
namespace {

storage::NewMail mail_to(const Change& change, const domain::Meeting& meeting,
                         const storage::Subscriber& subscriber) {
  const Environment& environment = change.environment;
  const auto facts = make_announcement(environment, meeting, subscriber);
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(environment.base_url);
  mail.kind = notifications::to_string(facts.kind);
  mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
  mail.person = subscriber.person;
  mail.meeting = meeting.id;
  mail.to_name = facts.to_name;
  mail.to_address = facts.to_address;
  mail.language = facts.language;
  mail.facts = notifications::serialize(facts);
  mail.not_before = may_leave_at(environment, facts.kind,
                                 change.now + std::chrono::seconds(environment.hold_seconds),
                                 begins_at(meeting.times));
  mail.give_up_at = mail.not_before + std::chrono::hours(environment.mail_give_up_hours);
  mail.created_at = change.now;
  return mail;
}

}  // namespace

bool announce_meeting(const Change& change, const domain::Meeting& meeting, WrittenMails& written) {
  if (!meeting.topic || begins_at(meeting.times) <= change.now) return false;
  std::optional<domain::CycleId> cycle;
  if (meeting.cycle) cycle = meeting.cycle->id;
  std::vector<storage::NewMail> mails;
  std::vector<domain::PersonId> later;
  for (const auto& subscriber :
       storage::list_subscribers(change.connection, meeting.topic->id, meeting.id, cycle)) {
    if (subscriber.in_summary)
      later.push_back(subscriber.person);
    else
      mails.push_back(mail_to(change, meeting, subscriber));
  }
  storage::save_waiting_announcements(change.connection, later, meeting.id, change.now);
  const auto ids = storage::save_outgoing_mails(change.connection, mails);
  written.mails.insert(written.mails.end(), ids.begin(), ids.end());
  return true;
}

}  // namespace narada::usecases
