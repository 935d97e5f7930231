#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/activity_store.h"
#include "sql/connection.h"
#include "sql/place_policy_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/token_store.h"

namespace narada::usecases {

// What one transaction works with. All of it outlives the transaction.
struct Change {
  storage::Connection& connection;
  const Environment& environment;
  const Call& call;
  domain::Instant now;
};

// What a change has put into the outbox.
struct WrittenMails {
  std::vector<domain::OutgoingMailId> mails;
  std::vector<std::string> token_hashes;  // of the links to /z/ in them
};

// Who asks a meeting for a place.
struct PlaceRequest {
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  std::optional<domain::InstitutionId> institution = {};
  bool delegated = false;  // takes one that a delegation of the institution holds open
};
PlaceRequest request_of(const domain::Registration& registration);

// A meeting whose row this transaction has locked. Whatever changes who is in goes through it: it
// keeps the counters equal to the rows, offers freed places to the first in line, tells calendars
// what has changed for them, and writes one activity row and the mails of each change. finish()
// writes what it has gathered; without it the transaction must not be committed. Lives within one
// transaction, on its thread.
class LockedMeeting {
 public:
  // Absent: no such meeting. `known` was read before the lock and saves reading the meeting again
  // when it is still true.
  static std::optional<LockedMeeting> lock(const Change& change, domain::MeetingId meeting,
                                           std::optional<storage::SeatedMeeting> known = {});

  const domain::Meeting& meeting() const { return seated_.meeting; }
  bool has_place_rules() const { return books_.has_value(); }
  // By the places and, where the meeting has any, its rules of who gets them (fair_places.h).
  domain::Admission decide_admission(const PlaceRequest& request) const;
  // Of somebody the organizers have approved: neither approval nor the window is asked for.
  domain::Admission decide_admission_of_approved(const PlaceRequest& request) const;
  // Of somebody enrolled in the cycle: whether registration is open yet is not asked for.
  domain::Admission decide_admission_of_enrolled(const PlaceRequest& request) const;
  // Of somebody who is in and wants another mode, or comes from another institution: what they
  // have is theirs to leave, and whom organizers have approved is not approved again.
  domain::Admission decide_change(const domain::Registration& registration,
                                  const PlaceRequest& request) const;

  // A newcomer by what `admission` says (not Refused); sets the id, and returns the token of the
  // /z/ link that the mail carries. Throws storage::Duplicate, with nothing changed, when the
  // person has a registration here.
  std::string admit(storage::StoredRegistration& stored, const domain::Admission& admission);
  // Somebody who had cancelled, at the end of the line.
  std::string readmit(storage::StoredRegistration& stored, const domain::Admission& admission);
  // From pending, by what `admission` says (Confirmed or Waitlisted).
  void approve(storage::StoredRegistration& stored, const domain::Admission& admission);
  void decline(storage::StoredRegistration& stored, const std::string& reason);
  // Of somebody who is in; promotes the first in line. What they need is forgotten: it may tell of
  // their health, and nobody has a use for it any more.
  void cancel(storage::StoredRegistration& stored);
  // The same with another mail than that of a cancellation.
  void cancel(storage::StoredRegistration& stored, MailCause cause);
  // `to` takes the place, or the place in the line, that `from` has, by the same delegation; nobody
  // else can have it in between. `to` is of the same institution and is new here or had cancelled;
  // returns the token of their link. Throws storage::Duplicate when they have a registration here:
  // then the transaction must be rolled back.
  std::string hand_over(storage::StoredRegistration& from, storage::StoredRegistration& to);
  // A mail to somebody of whom nothing changes.
  void write(const storage::StoredRegistration& stored, MailCause cause) {
    write_to(stored, std::move(cause));
  }
  // The last mail to this person says that too.
  void say_also(domain::RegistrationId registration, const std::string& text);
  // Of somebody who is in, by what `admission` to the new mode says; pending stays pending.
  // Promotes who waits for the place left.
  void change_mode(storage::StoredRegistration& stored, domain::AttendanceMode mode,
                   const domain::Admission& admission);
  // The place that is offered to `stored` becomes theirs. Precondition: the offer runs.
  void accept_offer(storage::StoredRegistration& stored);
  // Other fields of the registration than state and mode, as `stored` has them.
  void save_details(storage::StoredRegistration& stored);

  // Confirms as many of those waiting as there are free places, in order; how many. Where the rules
  // say so, the place is offered instead, and offers that have run out go on to the next.
  int promote();

  // How many more places of `mode` this institution can be given now; absent: no limit.
  std::optional<int> free_for(domain::InstitutionId institution, domain::AttendanceMode mode) const;
  // Call when rules, holds or delegations of this meeting have been written in this transaction,
  // before finish(): reads them anew, sets has_place_rules, counts the held places, and promotes
  // who can be.
  void refresh_places();
  // Why the person whose registration was last written has a place or waits; absent: the meeting
  // has no rules.
  const std::optional<domain::PlaceExplanation>& why() const { return why_; }

  // Where more is confirmed and promised than the capacity, offers are withdrawn, the last in line
  // first; then those last confirmed drop to the head of the waiting list, in their old order, and
  // their calendars drop the meeting. A place of a delegation goes with its person. How many
  // dropped.
  int shrink();

  // A mail to everybody whose calendar was told otherwise than things are now; how many.
  int correct_calendars();

  // Every mail from now on waits for Environment::hold_seconds.
  void hold_mails() { holds_mails_ = true; }

  void publish();
  void cancel_meeting(const std::string& reason);
  // SEQUENCE + 1, and a mail to everybody who is in where `audience` is everybody. Whoever was
  // erased after the meeting had begun has no place in one that is still to come.
  enum class Audience { everybody, nobody };
  // `previous`: the times before, where they have changed.
  void move(const std::optional<domain::MeetingTimes>& previous, Audience audience);
  // SEQUENCE + 1, and a mail to those whose calendar shows another way in, where `audience` is
  // everybody.
  void change_way_in(Audience audience);

  void record(std::string verb, std::string subject, std::string details = "{}");
  void finish();
  // By finish().
  const WrittenMails& written() const { return written_; }

 private:
  using Registrations = std::vector<storage::StoredRegistration>;
  struct Letter {
    storage::StoredRegistration stored;
    MailCause cause;
    std::string token;
  };

  LockedMeeting(const Change& change, storage::SeatedMeeting seated)
      : change_(change), seated_(std::move(seated)) {}

  domain::Seats& seats(domain::AttendanceMode mode);
  // What follows is in locked_places.cpp; the books are there while the meeting has rules.
  void load_books();
  domain::PlaceBook* find_book(domain::AttendanceMode mode);
  storage::PlaceBooks settled_books() const;
  domain::Admission decide(const domain::MeetingSummary& asked, const PlaceRequest& request,
                           storage::PlaceBooks books) const;
  int settle();
  int settle(domain::AttendanceMode mode);
  void take_step(storage::StoredRegistration& stored, const domain::PlaceStep& step,
                 std::int64_t queue_number);
  void write_in_book(const storage::StoredRegistration& stored);
  void strike_from_book(const storage::StoredRegistration& stored);
  void count_held_places();
  std::string explain_in_log(const domain::Registration& registration) const;
  std::string explain_in_mail(const domain::Registration& registration) const;

  void take_number(storage::StoredRegistration& stored);
  void enter(storage::StoredRegistration& stored, domain::RegistrationStatus status);
  void leave(const storage::StoredRegistration& stored);
  void count_out(const storage::StoredRegistration& stored);
  // Out, with the mail that says so; nobody is promoted.
  void vacate(storage::StoredRegistration& stored, MailCause cause);
  int promote(domain::AttendanceMode mode);
  int shrink(domain::AttendanceMode mode);
  void drop_to_waiting(storage::StoredRegistration& stored, int position);
  bool may_promote() const;
  // Of a meeting that is to come again: the places of people who have been erased.
  void release_forgotten();
  // What this person's calendar has to be told now (domain/calendar_message.h), noted in `stored`,
  // whose row is saved afterwards; the next mail to them carries it. Whatever changes whether or
  // how somebody takes part calls it.
  std::optional<calendar::ItipMethod> tell(storage::StoredRegistration& stored);
  // What was read of a registration, unless its person has been forgotten since
  // (storage::Conflict).
  void save(storage::StoredRegistration& stored);
  // What has become of it: told, saved, recorded, and written about. The token of its /z/ link.
  std::string save_and_write(storage::StoredRegistration& stored, std::string verb, MailCause cause,
                             std::string actor = {});
  // Adds a mail to be written by finish(); the token of its /z/ link.
  std::string write_to(const storage::StoredRegistration& stored, MailCause cause);
  int withdraw_offers(Registrations& waiting, int most);
  // A mail to each of them, with what their calendars are to be told now.
  enum class Recipients { all, told };  // told: only whose calendar is told anything
  int notify(Registrations registrations, const MailCause& cause, Recipients recipients);
  void record_of(const storage::StoredRegistration& stored, std::string verb,
                 std::string actor = {});
  void save_letters();

  Change change_;
  storage::SeatedMeeting seated_;
  std::optional<storage::PlaceBooks> books_;
  bool books_stale_ = false;  // rows have changed in another way than the books
  std::optional<domain::PlaceExplanation> why_;
  std::vector<Letter> letters_;
  bool holds_mails_ = false;
  WrittenMails written_;
  std::vector<storage::Activity> activities_;
};

}  // namespace narada::usecases
