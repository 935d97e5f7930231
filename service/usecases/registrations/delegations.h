#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/institution.h"
#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/registrations/delegation_names.h"

namespace narada::usecases {

// Places that an institution takes at a meeting, in each attendance mode, and names people for now
// or later. For who may see_registration or change_registration of the institution's people there:
// its coordinators, and the organizers. Who may not, finds nothing (NotFound). A place without a
// name is held for the institution, and is nobody's who waits; given back, it goes to the first in
// line. Somebody named is a registration of their own: they get the mails, and may change or cancel
// it; the place stays with the institution then.

struct DelegatedPlaces {
  domain::DelegationId id;  // 0: none taken yet
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  int places = 0;
  int named = 0;
  std::optional<int> free;  // how many more the institution can take now; absent: no limit
  int open() const { return places > named ? places - named : 0; }
};
struct DelegateView {
  domain::RegistrationId id;
  std::string full_name;
  std::string email;
  std::string position;
  domain::RegistrationStatus status = domain::RegistrationStatus::pending;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  bool of_delegation = false;
  std::string instead_of;      // whose place it took over, by name
  std::string superior_email;  // empty: nobody was asked
  std::string consent;         // answer: empty, given, refused
};
struct ReserveView {
  domain::DelegationId delegation;
  domain::PersonId person;
  std::string full_name;
  std::string email;
  std::string position;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
};
struct DelegationView {
  domain::MeetingSummary meeting;
  domain::InstitutionRef institution;
  bool wants_consent = false;
  bool may_change = false;              // else only read: the meeting is over, or a reading token
  bool may_organize = false;            // the reader organizes the meeting
  std::vector<DelegatedPlaces> places;  // one for each mode that is offered or has some
  std::vector<DelegateView> people;     // of the institution, whoever registered them, by name
  std::vector<ReserveView> reserves;    // in the order in which they step in
  std::int64_t version = 0;             // of all of it, for If-Match
};
domain::Outcome<DelegationView> find_delegation(const Environment&, const Actor&,
                                                std::string_view meeting,
                                                std::string_view institution);

struct DelegationSummary {
  domain::InstitutionRef institution;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  int places = 0;
  int named = 0;
  int reserve = 0;
};
struct MeetingDelegations {
  domain::MeetingSummary meeting;
  std::vector<DelegationSummary> delegations;  // by name of the institution
};
// For who may see_participants of the meeting.
domain::Outcome<MeetingDelegations> list_meeting_delegations(const Environment&, const Actor&,
                                                             std::string_view meeting);

// Published meetings to come, of each institution that the actor speaks for, by start.
struct CoordinatedMeeting {
  domain::MeetingId meeting;
  std::string slug;
  std::string title;
  std::string cycle;
  domain::WallTime starts{};
  domain::InstitutionRef institution;
  int places = 0;
  int named = 0;
  int people = 0;  // of the institution, whoever registered them
  int reserve = 0;
  int open() const { return places > named ? places - named : 0; }
};
struct CoordinatedInstitution {
  domain::InstitutionRef institution;
  bool wants_consent = false;
};
struct Coordination {
  std::vector<CoordinatedInstitution> institutions;
  std::vector<CoordinatedMeeting> meetings;
};
bool is_coordinator(const Actor&);
// NotFound for who is none.
domain::Outcome<Coordination> load_coordination(const Environment&, const Actor&);

// How many places of each mode; a mode that is not named stays. FieldErrors under "onsite" and
// "online": mode_not_offered, fewer_than_named {named}, not_enough_places {free}. Coordinators
// within the registration window only (window_not_open, window_closed, meeting_past under "").
// `version`: Stale unless it is the current one.
struct PlacesForm {
  std::optional<int> onsite;
  std::optional<int> online;
};
inline constexpr int kMostDelegatedPlaces = 1000;
domain::Outcome<DelegationView> set_places(const Environment&, const Call&,
                                           std::string_view meeting, std::string_view institution,
                                           std::optional<std::int64_t> version, const PlacesForm&);

// What becomes of those for whom there is no place.
enum class Overflow { keep, wait, reserve };

struct NamesForm {
  std::string text;                            // as parse_names reads it
  std::optional<domain::AttendanceMode> mode;  // of rows that name none; absent: the only one
  Overflow overflow = Overflow::keep;
  std::string superior_email;  // of rows that name none
};
// What happens, or has happened, to one row.
enum class NameStep { take, wait, reserve, already, refuse };
struct NamePlan {
  NamedRow row;  // errors: of a refused one
  NameStep step = NameStep::refuse;
};
struct NamesReport {
  std::vector<NamePlan> rows;
  std::string left;  // the refused rows, to be corrected and pasted again
  int count(NameStep step) const;
};
// What take_names would do now. Nothing is written.
domain::Outcome<NamesReport> preview_names(const Environment&, const Actor&,
                                           std::string_view meeting, std::string_view institution,
                                           const NamesForm&);
// Takes the good rows, in transactions of fifty: places that the institution holds first, then
// further ones as long as it can have some. Asked again with the same key, each fifty happens once.
domain::Outcome<NamesReport> take_names(const Environment&, const Call&, std::string_view meeting,
                                        std::string_view institution, const NamesForm&);

// Of the institution's reserve at this meeting. Twice is once.
domain::Outcome<domain::PersonId> drop_reserve(const Environment&, const Call&,
                                               std::string_view meeting,
                                               std::string_view institution, domain::PersonId);
// Gives one of the reserve a place that is open, or a further one. FieldErrors of reserve:
// not_in_reserve, no_places, superior_required.
domain::Outcome<domain::PersonId> call_up_reserve(const Environment&, const Call&,
                                                  std::string_view meeting,
                                                  std::string_view institution, domain::PersonId,
                                                  const std::string& superior_email);

}  // namespace narada::usecases
