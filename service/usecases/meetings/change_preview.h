#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "notifications/mail_facts.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/reminders/reminders.h"

namespace narada::web {
class Renderer;
class Messages;
}  // namespace narada::web

namespace narada::usecases {

// What a change of meetings sets off, message by message: read from what the change itself wrote in
// its transaction, so that it cannot differ from what happens.

struct PreviewedMail {
  notifications::MailFacts facts;
  std::optional<int> sequence;  // of what the calendar is told; absent: nothing
  std::optional<domain::PersonId> person;
  std::optional<domain::RegistrationId> registration;
};

// Somebody whose place changes; absent before: registered by the change.
struct PlaceChange {
  domain::RegistrationId registration;
  std::string full_name;
  std::string institution;  // empty: none, or not known here
  std::optional<domain::RegistrationStatus> before;
  domain::RegistrationStatus after{};
};

// A reminder that goes at another time than before, or no more.
struct ReminderMove {
  std::string title;  // of the meeting
  std::string tzid;
  MovedReminder reminder;
};

struct ChangePreview {
  std::vector<PreviewedMail> mails;  // in the order of the outbox
  std::vector<PlaceChange> places;
  std::set<domain::PersonId> people;  // who get a mail or whose place changes
  std::set<domain::InstitutionId> institutions;
  // Registration was open and is not afterwards: who waits, and who is on the list of invitees
  // without having registered.
  bool closes_registration = false;
  int waiting = 0;
  int invited = 0;
  std::vector<ReminderMove> reminders;  // of meetings with somebody to remind

  bool concerns_nobody() const { return mails.empty() && places.empty() && !closes_registration; }
  // Two previews with one fingerprint are the same for everybody concerned; empty: of nobody.
  std::string fingerprint() const;
};

// Mails of one kind that tell calendars the same.
struct MailGroup {
  notifications::MailKind kind{};
  std::string method;  // "REQUEST", "CANCEL"; empty: nothing for the calendar
  int count = 0;
  int lowest_sequence = 0;
  int highest_sequence = 0;
  const PreviewedMail* sample = nullptr;  // the first of them
};
// In the order in which each first occurs. Points into the preview.
std::vector<MailGroup> group_mails(const ChangePreview& preview);

// A mail as its recipient will read it, the personal link masked.
struct MailWords {
  std::string subject;
  std::string text;
};
MailWords words_of(const Environment&, const web::Renderer&, const web::Messages&,
                   const PreviewedMail&);

// A write that is tried before it is done (Call::rehearsal). The transaction of the write tells
// what it would do, and is rolled back: unless this is what the caller has agreed to.
class Rehearsal {
 public:
  // `agreed`: the fingerprint of what was shown; empty: nobody is concerned. Absent: a look only.
  explicit Rehearsal(std::optional<std::string> agreed = {}) : agreed_(std::move(agreed)) {}

  const ChangePreview& preview() const { return preview_; }
  // The write has been done, now or by the same call before.
  bool committed() const { return committed_; }

  // For the operation that runs the write: an attempt begins, and how it ended.
  void begin() { preview_ = {}; }
  bool may_commit() const { return agreed_ && *agreed_ == preview_.fingerprint(); }
  void note_committed() { committed_ = true; }
  // For the write, inside its transaction.
  void add(const ChangePreview& of_meeting);

 private:
  std::optional<std::string> agreed_;
  ChangePreview preview_;
  bool committed_ = false;
};

}  // namespace narada::usecases
