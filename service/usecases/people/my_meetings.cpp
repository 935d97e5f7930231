#include "service/usecases/people/my_meetings.h"

#include <algorithm>
#include <utility>

#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_answers.h"
#include "sql/my_meetings_store.h"
#include "sql/question_store.h"

namespace narada::usecases {
namespace {

using domain::RegistrationStatus;

constexpr int kMostRegistrations = 1000;

// Marks those whose meeting asks what the person has not answered, while it can still be answered.
void mark_unanswered(storage::Connection& connection, domain::Instant now,
                     std::vector<MyRegistration>& registrations) {
  std::vector<domain::MeetingId> meetings;
  std::vector<domain::RegistrationId> ids;
  for (const auto& one : registrations) {
    if (!domain::is_active(one.status) || !may_change_answers(one.meeting, now)) continue;
    meetings.push_back(one.meeting.id);
    ids.push_back(one.id);
  }
  const auto questions = storage::list_questions(connection, meetings);
  if (questions.empty()) return;
  auto answers = storage::list_answers(connection, ids);
  for (auto& one : registrations) {
    const auto asked = questions.find(one.meeting.id);
    if (asked == questions.end()) continue;
    one.unanswered = !domain::find_unanswered(asked->second, one.mode, answers[one.id]).empty();
  }
}

}  // namespace

MyPart part_of(const MyRegistration& registration, domain::Instant now) {
  const auto status = registration.status;
  if (status == RegistrationStatus::cancelled || status == RegistrationStatus::declined)
    return MyPart::withdrawn;
  if (registration.meeting.times.ends_at <= now) return MyPart::past;
  const bool waits =
      status == RegistrationStatus::pending || status == RegistrationStatus::waitlisted;
  return waits ? MyPart::waiting : MyPart::upcoming;
}

MyMeetings list_my_meetings(const Environment& environment, domain::PersonId person) {
  const auto now = environment.clock->now();
  std::vector<MyRegistration> registrations;
  std::vector<storage::MyCycleRow> cycles;
  MyMeetings mine;
  mine.feed_generation = read_database(environment, [&](storage::Connection& connection) {
    registrations.clear();
    for (auto& row : storage::list_my_registrations(connection, person, kMostRegistrations)) {
      registrations.push_back({row.id, row.status, row.mode, row.queue_position, row.enrolment,
                               std::move(row.meeting), false, row.in_bin});
    }
    mark_unanswered(connection, now, registrations);
    cycles = storage::list_my_cycles(connection, person, now);
    return storage::find_feed_generation(connection, person).value_or(0);
  });
  for (auto& one : registrations) {
    auto& part = [&]() -> std::vector<MyRegistration>& {
      switch (part_of(one, now)) {
        case MyPart::upcoming:
          return mine.upcoming;
        case MyPart::waiting:
          return mine.waiting;
        case MyPart::past:
          return mine.past;
        case MyPart::withdrawn:
          break;
      }
      return mine.withdrawn;
    }();
    part.push_back(std::move(one));
  }
  std::reverse(mine.past.begin(), mine.past.end());
  std::reverse(mine.withdrawn.begin(), mine.withdrawn.end());
  for (auto& row : cycles) {
    mine.cycles.push_back({row.enrolment, std::move(row.slug), std::move(row.title), row.next_start,
                           row.next_is_half_fixed});
  }
  return mine;
}

domain::Outcome<RegistrationView> find_my_registration(const Environment& environment,
                                                       const Actor& actor,
                                                       domain::RegistrationId registration) {
  if (!actor.person) return domain::NotFound{};
  auto found = find_registration(environment, actor, registration);
  if (!found || found->registration.person.id != *actor.person) return domain::NotFound{};
  return found;
}

}  // namespace narada::usecases
