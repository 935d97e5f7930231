#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/activity_store.h"
#include "sql/connection.h"
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

// A meeting whose row this transaction has locked. Whatever changes who is in goes through it: it
// keeps the counters equal to the rows, offers freed places to the first in line, and writes one
// activity row and the mails of each change. finish() writes what it has gathered; without it the
// transaction must not be committed. Lives within one transaction, on its thread.
class LockedMeeting {
 public:
  // Absent: no such meeting. `known` was read before the lock and saves reading the meeting again
  // when it is still true.
  static std::optional<LockedMeeting> lock(const Change& change, domain::MeetingId meeting,
                                           std::optional<storage::SeatedMeeting> known = {});

  const domain::Meeting& meeting() const { return seated_.meeting; }
  domain::Admission decide_admission(domain::AttendanceMode mode) const;
  // Of somebody the organizers have approved: neither approval nor the window is asked for.
  domain::Admission decide_admission_of_approved(domain::AttendanceMode mode) const;
  // Of somebody enrolled in the cycle: whether registration is open yet is not asked for.
  domain::Admission decide_admission_of_enrolled(domain::AttendanceMode mode) const;

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
  // Of somebody who is in, by what `admission` to the new mode says; pending stays pending.
  // Promotes who waits for the place left.
  void change_mode(storage::StoredRegistration& stored, domain::AttendanceMode mode,
                   const domain::Admission& admission);
  // Other fields of the registration than state and mode, as `stored` has them.
  void save_details(storage::StoredRegistration& stored);

  // Confirms as many of those waiting as there are free places, in order; how many.
  int promote();

  // How many more places of `mode` this institution can be given now; absent: no limit.
  std::optional<int> free_for(domain::InstitutionId institution, domain::AttendanceMode mode) const;
  // Call when rules, holds or delegations of this meeting have been written in this transaction,
  // before finish(): reads them anew, sets has_place_rules, counts the held places, and promotes
  // who can be.
  void refresh_places();

  void publish();
  void cancel_meeting(const std::string& reason);
  // SEQUENCE + 1, and a mail to everybody who is in where `audience` is everybody. Whoever was
  // erased after the meeting had begun has no place in one that is still to come.
  enum class Audience { everybody, nobody };
  void move(std::optional<domain::WallTime> previous_starts, Audience audience);
  // SEQUENCE + 1, and a REQUEST to those invited for one of `modes` where `audience` is everybody.
  void change_way_in(const std::vector<domain::AttendanceMode>& modes, Audience audience);

  void record(std::string verb, std::string subject, std::string details = "{}");
  void finish();

 private:
  struct Letter {
    storage::StoredRegistration stored;
    MailCause cause;
    std::string token;
  };

  LockedMeeting(const Change& change, storage::SeatedMeeting seated)
      : change_(change), seated_(std::move(seated)) {}

  domain::Seats& seats(domain::AttendanceMode mode);
  void take_number(storage::StoredRegistration& stored);
  void enter(storage::StoredRegistration& stored, domain::RegistrationStatus status);
  void leave(const storage::StoredRegistration& stored);
  int promote(domain::AttendanceMode mode);
  bool may_promote() const;
  // Of a meeting that is to come again: the places of people who have been erased.
  void release_forgotten();
  // What was read of a registration, unless its person has been forgotten since
  // (storage::Conflict).
  void save(storage::StoredRegistration& stored);
  // Adds a mail to be written by finish(); the token of its /z/ link.
  std::string write_to(const storage::StoredRegistration& stored, MailCause cause);
  using Registrations = std::vector<storage::StoredRegistration>;
  void notify(const Registrations& registrations, calendar::ItipMethod method,
              const MailCause& cause);
  void record_of(const storage::StoredRegistration& stored, std::string verb,
                 std::string actor = {});
  void save_letters();

  Change change_;
  storage::SeatedMeeting seated_;
  std::vector<Letter> letters_;
  std::vector<storage::Activity> activities_;
};

}  // namespace narada::usecases
