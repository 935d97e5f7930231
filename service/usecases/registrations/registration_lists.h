#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/domain/registration_list.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"
#include "service/usecases/mails/mail_queue.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::usecases {

// Who comes, for those who may know it (Action::see_participants): all of a meeting for who answers
// for it, those of their institution for coordinators. Needs are empty for who may not see_needs.

struct RegistrationListRequest {
  domain::RegistrationFilter filter;
  domain::RegistrationSort sort = domain::RegistrationSort::newest;
  PageRequest page;
  bool with_answers = false;  // to the organizers' own questions, for who may see needs
};

// Nobody counts further: a list of more says "more than".
inline constexpr std::int64_t kMostCounted = 100'000;

struct RegistrationList {
  PageOf<domain::RegistrationRow> rows;
  std::int64_t count = 0;  // of the filter, at most kMostCounted
};
// Over all meetings in reach. Forbidden for who reaches nobody.
domain::Outcome<RegistrationList> search_registrations(const Environment&, const Actor&,
                                                       const RegistrationListRequest&);
// Every row of the same list, handed to `take` one by one; how many. They are read a thousand
// at a time, so that memory does not grow with the list, and no connection is held while `take`
// runs. Somebody who registers meanwhile may be in it or not; nobody is in it twice.
domain::Outcome<std::int64_t> read_registrations(
    const Environment&, const Actor&, const domain::RegistrationFilter&, domain::RegistrationSort,
    const std::function<void(const domain::RegistrationRow&)>& take, bool with_answers = false);

// The questions of the meeting whose id or slug this is, those retired among them; none for who may
// not see needs there, and where it names no meeting.
domain::Questions find_listed_questions(const Environment&, const Actor&,
                                        std::string_view id_or_slug);
// What people with a confirmed place need, without names: how many said the same. For who may
// see_needs (else NotFound).
struct CountedNeed {
  std::string kind;  // diet, interpreter, access_needs, needs
  std::string need;
  std::int64_t people = 0;
};
struct MeetingNeeds {
  domain::MeetingSummary meeting;
  std::vector<CountedNeed> needs;
};
domain::Outcome<MeetingNeeds> count_meeting_needs(const Environment&, const Actor&,
                                                  std::string_view id_or_slug);

// Writes down who took a list of people away as a file: activity registrations.exported with the
// format ("csv", "xlsx") and the number of rows.
void record_export(const Environment&, const Call&, std::string_view format, std::int64_t rows);

struct MeetingRegistrations {
  domain::MeetingSummary meeting;
  RegistrationList list;
  std::vector<domain::RegistrationNumbers> numbers;          // of all, whatever the filter
  std::int64_t institutions = 0;                             // with somebody who is in
  std::vector<std::pair<std::string, std::string>> offices;  // {slug, name} to filter by
  bool may_decide = false;                                   // approve and decline
  bool may_cancel = false;     // of everybody; a coordinator may cancel their people too
  bool may_see_needs = false;  // of everybody
};
// NotFound for who may see nobody of it.
domain::Outcome<MeetingRegistrations> list_meeting_registrations(const Environment&, const Actor&,
                                                                 std::string_view id_or_slug,
                                                                 const RegistrationListRequest&);
// Of these ids those that the actor sees in the list of the meeting, in the order of arrival.
domain::Outcome<std::vector<domain::RegistrationRow>> find_meeting_registrations(
    const Environment&, const Actor&, std::string_view id_or_slug,
    const std::vector<domain::RegistrationId>&);

// What happened to one registration, newest first.
struct RegistrationEvent {
  domain::Instant occurred_at{};
  std::string verb;        // "registration.cancelled"
  std::string actor;       // "person:12", "manage:45", "system", "anonymous"
  std::string actor_name;  // empty: nobody's, or erased
};
struct RegistrationRecord {
  RegistrationView view;
  bool may_see_needs = false;
  std::optional<AnsweredQuestions> answered;  // for who may see needs
  bool may_decide = false;
  bool may_change = false;
  std::vector<RegistrationEvent> history;  // for who may see_activity
  std::vector<QueuedMail> mails;           // for who may see_mails, newest first
};
// NotFound for who does not see it in a list.
domain::Outcome<RegistrationRecord> find_registration_record(const Environment&, const Actor&,
                                                             domain::RegistrationId);

}  // namespace narada::usecases
