#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"
#include "service/usecases/mails/mails.h"

namespace narada::usecases {

// The outbox as who answers for meetings sees it (Action::see_mails), and what they may do to it.
// Mails about accounts are for those who manage people; what such a mail says is shown to nobody,
// because it opens the account.

struct QueuedMail {
  domain::OutgoingMailId id;
  std::string kind;  // notifications::MailKind by name
  MailState state = MailState::queued;
  std::optional<domain::MeetingId> meeting;
  std::string meeting_slug;
  std::string meeting_title;
  std::optional<domain::RegistrationId> registration;
  std::string to_name;
  std::string to_address;
  std::string subject;  // empty until it is composed
  int attempts = 0;
  std::optional<int> last_code;
  std::string last_reply;
  std::string stop_reason;  // of an aborted one: a code (mail_stops.h), "organizer"
  domain::Instant created_at{};
  domain::Instant not_before{};
  std::optional<domain::Instant> last_attempt_at;
  std::optional<domain::Instant> sent_at;
  std::optional<domain::OutgoingMailId> repeated_as;  // the mail that was written in its place
};

struct MailQueueFilter {
  std::optional<MailState> state;
  std::string meeting;    // id, slug or a part of the title
  std::string recipient;  // a part of the address or name
  // Only what has ended without arriving, and was neither stopped by an organizer nor written anew.
  bool unsent = false;
};
struct MailQueue {
  PageOf<QueuedMail> mails;                  // newest first
  std::map<MailState, std::int64_t> counts;  // in reach, whatever the state of the filter
};
// Forbidden for who reaches no mails.
domain::Outcome<MailQueue> list_mail_queue(const Environment&, const Actor&, const MailQueueFilter&,
                                           const PageRequest&);

struct QueuedMailView {
  QueuedMail mail;
  std::string text;               // as the recipient reads it, links to registrations masked
  bool is_about_account = false;  // then there is no text
  bool may_repeat = false;
  bool may_stop = false;
};
domain::Outcome<QueuedMailView> find_queued_mail(const Environment&, const Actor&,
                                                 domain::OutgoingMailId);

// "Try again", for who may organize the meeting of a mail that has failed, bounced or been stopped.
// What a mail said may be true no longer, and its link was forgotten when it ended, so a mail about
// a registration is written anew: what is true of the registration now, with the calendar entry
// that belongs to it. News of a meeting goes out as it was. Returns the mail that will be sent.
// Conflict mail_not_ended, mail_repeated (once is enough: ask the new one), mail_not_repeatable
// (about an account), meeting_past, address_erased.
domain::Outcome<domain::OutgoingMailId> repeat_mail(const Environment&, const Call&,
                                                    domain::OutgoingMailId);
// "Do not send", for the same people, of one that waits. Conflict mail_on_its_way while a worker
// has it, mail_ended, mail_not_stoppable (about an account).
domain::Outcome<domain::OutgoingMailId> stop_mail(const Environment&, const Call&,
                                                  domain::OutgoingMailId);

}  // namespace narada::usecases
