#pragma once

#include <optional>
#include <string>

#include "notifications/mail_facts.h"
#include "service/domain/calendar_message.h"
#include "service/usecases/environment.h"
#include "sql/outgoing_mail_store.h"
#include "sql/profile_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {

// Why one person gets a mail about one meeting.
struct MailCause {
  notifications::MailKind kind = notifications::MailKind::registration_confirmed;
  std::optional<calendar::ItipMethod> method = {};    // absent: nothing for the calendar
  std::optional<domain::MeetingTimes> previous = {};  // of a meeting moved in time
  std::string reason = {};                            // of a decline or a cancellation
  int hold_seconds = 0;                               // before it may leave
  std::optional<domain::Instant> offer_until = {};    // of a place that is held for the person
  std::string note = {};                              // one sentence: why they wait
  std::optional<domain::MeetingTimes> held = {};  // of a CANCEL: what calendars hold, if not the
                                                  // meeting's present times
  // What the mail asks or says besides; `url` is what follows the person's /z/ link, empty: no
  // button.
  std::optional<notifications::AskFacts> ask = {};
  bool tells_way_in = true;  // to the online meeting, where the person may know it
  // Of mail that waits for the morning: from when on it would say nothing new.
  std::optional<domain::Instant> useful_until = {};
};

// Links in the person's language: the page of the meeting, and /z/{token}.
std::string meeting_url(const Environment& environment, const std::string& slug,
                        domain::Language language);
std::string manage_url(const Environment& environment, std::string_view token,
                       domain::Language language);

// True when somebody confirmed for `mode` may know the link of the online meeting.
bool may_join_online(const domain::Meeting& meeting, domain::AttendanceMode mode);

// Where an answer to what this person is told goes: ORGANIZER and Reply-To. The sender's address
// where nobody reads answers.
std::string reply_address(const Environment& environment, domain::RegistrationId registration);

// The meeting as this person's calendar shows it, or would.
domain::CalendarState calendar_state(const storage::SeatedMeeting& seated,
                                     const domain::Registration& registration);
// SEQUENCE of the meeting as it is for this person now, never below what their calendar was told.
int effective_sequence(const storage::SeatedMeeting& seated,
                       const storage::StoredRegistration& stored);

// The meeting as this person's calendar has it; `cancelled` says that the entry is to go, `manage`
// is the link in its text. dtstamp is left to whoever sends it.
calendar::Event make_calendar_event(const Environment& environment,
                                    const storage::SeatedMeeting& seated,
                                    const storage::StoredRegistration& stored, bool cancelled,
                                    const std::string& manage);

// What the mail says, as meeting and registration are now; the link opens with `token`. With a
// method the entry has the SEQUENCE that `stored` says its calendar was told.
notifications::MailFacts make_mail_facts(const Environment& environment,
                                         const storage::SeatedMeeting& seated,
                                         const storage::StoredRegistration& stored,
                                         const MailCause& cause, const std::string& token);

// That a meeting has been published, to somebody who asked for news of its topic; its link leads to
// where they can stop that. Nothing of it is for participants only.
notifications::MailFacts make_announcement(const Environment& environment,
                                           const domain::Meeting& meeting,
                                           const storage::Subscriber& subscriber);

// The row of the outbox.
storage::NewMail make_outgoing_mail(const Environment& environment,
                                    const notifications::MailFacts& facts, const MailCause& cause,
                                    const domain::Registration& registration, domain::Instant now);

}  // namespace narada::usecases
