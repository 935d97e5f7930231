#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calendar/event.h"
#include "service/domain/language.h"
#include "service/domain/time.h"

namespace narada::notifications {

// Why a mail is sent; also the stem of its texts ("mail.<kind>.subject", .heading, .intro).
enum class MailKind {
  registration_confirmed,   // REQUEST
  registration_waitlisted,  // no calendar part
  registration_pending,     // no calendar part
  registration_promoted,    // REQUEST; from the waiting list
  registration_declined,    // no calendar part, with the reason
  registration_cancelled,   // CANCEL when an invitation had gone out
  registration_changed,     // REQUEST; mode changed
  meeting_moved,         // REQUEST with a higher SEQUENCE; to the waiting and pending without one
  meeting_cancelled,     // CANCEL; to the waiting and pending without one
  meeting_announced,     // to who asked for news of a topic
  meeting_dated,         // REQUEST; the day of a meeting whose month alone was known
  registration_offered,  // a place is held until `ask`, and the button takes it; no calendar part
  offer_expired,         // to who did not take it in time; no calendar part
  place_handed_over,     // CANCEL; somebody else of the institution comes instead
  consent_asked,         // to a superior; the button opens the question; no calendar part
  consent_given,         // to the person; no calendar part
  consent_refused,       // to the person; CANCEL when an invitation had gone out
  meeting_invitation,    // the personal link of somebody on a list of invitees; no calendar part
  challenge_answered,    // the organizers' answer to a problem somebody came with
  contact_shared,        // to two who came with the same problem and both agreed
  // About an account; `account` says what, the fields of a meeting are empty.
  sign_in_link,
  role_invitation,
  email_change,    // to the new address
  new_sign_in,     // from a network never seen with this person
  account_erased,  // the last one; every trace of it goes when it has been sent
  email_changed,   // to the old address
  // Again about a meeting.
  place_lost,             // CANCEL; fewer places than before, and the person waits again
  calendar_repaired,      // REQUEST or CANCEL: what is true, once more, for who asked for it
  reminder,               // no calendar part; `online_url` shortly before the beginning
  organizer_message,      // `subject` and `ask.text` are the organizers' own
  survey_asked,           // afterwards; the button opens the questions
  reply_received,         // to who organizes: what somebody's calendar or mail answered
  address_bounced,        // to who organizes: mail to `ask.about` does not arrive
  substitution_proposed,  // to who may decide it: somebody wants to send another person
  digest,                 // to organizers and coordinators; about no one meeting
  credentials_changed,    // about an account: password, codes or directory; `account.device` …
  materials_published,    // to participants; `ask.text` lists what is new, a line each
  material_replaced,  // to who took an earlier version; `ask.about` names it, `ask.text` says why
  expert_tasks,       // to who leads: `ask.text` lists what is awaited, `ask.until` the first date
  file_refused,       // to who brought a file: `ask.about` names it, `ask.text` says why not
  substitution_refused,  // REQUEST; to the person whose calendar proposed somebody else
  // About a practice, whose title is in `meeting_title`; the other fields of a meeting are empty.
  practice_proposal_link,       // to who proposes one: the secret page where they go on
  practice_confirmation_asked,  // to the office: `ask.about` proposed it, is it theirs?
  practice_step_told,           // to who wrote it: `ask.text` says what was decided, and why
};
std::string_view to_string(MailKind kind);
std::optional<MailKind> find_mail_kind(std::string_view name);

// Which mail leaves first when many wait.
enum class MailPriority {
  urgent,    // somebody sits and waits for it: it opens an account
  ordinary,  // about what somebody did, or what changes for them
  bulk,      // the same to many, or at a fixed time
};
MailPriority priority_of(MailKind kind);
// False for what people can do without: they may turn it off, and the mail says how (RFC 8058).
bool is_necessary(MailKind kind);

// What a mail about an account says.
struct AccountFacts {
  std::string url = {};                        // of the page with the button
  std::optional<domain::WallTime> until = {};  // in Warsaw; how long the url works
  std::string role = {};                       // domain::to_string(Role)
  std::string scope = {};                      // what the role is for, by name; empty: everything
  std::string device = {};                     // "Firefox, Windows"
  std::string network = {};                    // "192.0.2.0/24"
  std::optional<domain::WallTime> happened = {};  // in Warsaw
  std::string change = {};  // credentials_changed: what, as its text is called: "password_set" …
};

// What some mails about a meeting say besides, and the page that their button opens.
struct AskFacts {
  std::string url = {};                        // empty: no button
  std::optional<domain::WallTime> until = {};  // in Warsaw; how long it is open
  std::string about = {};                      // whom it is about, by name
  std::string text = {};                       // typed by an organizer; paragraphs are lines
  std::string origin = {};  // where the address came from: domain::to_string(InviteeSource)
};

// Everything a mail says, as it was when its cause happened. Stored with the row in the causing
// transaction; the message is composed from it once, before the first attempt.
struct MailFacts {
  MailKind kind = MailKind::registration_confirmed;
  domain::Language language = domain::Language::pl;
  std::string to_name;
  std::string to_address;
  std::string meeting_title;  // of a mail about a practice: its title
  std::string cycle_title;    // empty: not a session of a cycle
  domain::WallTime starts{};
  domain::WallTime ends{};
  std::string tzid;
  bool all_day = false;
  bool month_only = false;  // half-fixed: starts is the first of the month, the day follows
  std::optional<domain::WallTime> previous_starts;  // meeting_moved, meeting_dated
  bool previous_month_only = false;                 // of previous_starts
  std::string place;                                // one line; empty when online only
  std::string online_url;                           // empty: not online for this person
  std::string attendance_mode;                      // "onsite" | "online"
  std::string meeting_url;
  std::string manage_url;            // /z/{token} of this person
  std::string subject = {};          // organizer_message: typed by who wrote it
  std::string reply_address = {};    // where answers to this one mail go; empty: to the sender
  std::string unsubscribe_url = {};  // one POST there stops mails of this kind; empty: no such way
  std::optional<int> queue_position;
  std::string reason;                          // declined, cancelled
  std::optional<calendar::ItipMethod> method;  // with `event`: what goes into the calendar
  std::optional<calendar::Event> event;        // dtstamp is set when composed
  std::optional<AccountFacts> account = {};
  std::optional<AskFacts> ask = {};
};

// Round-trips through JSON text (the `facts` column).
std::string serialize(const MailFacts& facts);
// Throws std::invalid_argument on text that serialize() did not write.
MailFacts parse_mail_facts(std::string_view json);

}  // namespace narada::notifications
