#include "service/usecases/experts/led_meetings.h"

#include <algorithm>

#include "service/usecases/meetings/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/things.h"
#include "sql/challenge_store.h"
#include "sql/expert_profile_store.h"

namespace narada::usecases {
namespace {

constexpr int kMostMeetings = 200;

bool is_of_expert(const RoleGrant& grant) { return grant.role == Role::expert; }

// What the roles as an expert alone open: whoever organizes as well has the panel for that.
domain::Reach reach_of_expert(const Actor& actor) {
  Actor expert = actor;
  std::erase_if(expert.grants, [](const RoleGrant& grant) { return !is_of_expert(grant); });
  return domain::reach_of(expert, Action::see_numbers);
}

std::vector<LedChallenges> challenges_of(storage::Connection& connection,
                                         domain::MeetingId meeting) {
  std::vector<LedChallenges> groups;
  std::vector<domain::ChallengeGroupId> ids;
  for (const auto& group : storage::list_challenge_groups(connection, meeting)) {
    groups.push_back({group.title, {}});
    ids.push_back(group.id);
  }
  groups.push_back({});
  for (auto& challenge : storage::list_challenges(connection, meeting)) {
    const auto at =
        challenge.group ? std::find(ids.begin(), ids.end(), *challenge.group) : ids.end();
    groups.at(static_cast<std::size_t>(at - ids.begin()))
        .texts.push_back(std::move(challenge.text));
  }
  if (groups.back().texts.empty()) groups.pop_back();
  // In the order of arrival they would tell who wrote which.
  for (auto& group : groups) std::sort(group.texts.begin(), group.texts.end());
  return groups;
}

}  // namespace

bool leads_something(const Actor& actor) {
  return std::any_of(actor.grants.begin(), actor.grants.end(), is_of_expert);
}

LedMeetings list_led_meetings(const Environment& environment, const Actor& actor) {
  LedMeetings led;
  const auto reach = reach_of_expert(actor);
  if (reach.nothing()) return led;
  const auto now = environment.clock->now();
  auto all = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_meetings_within(connection, reach, kMostMeetings);
  });
  for (auto& meeting : all) {
    const bool is_over = meeting.times.ends_at <= now;
    (is_over ? led.past : led.upcoming).push_back(std::move(meeting));
  }
  std::reverse(led.upcoming.begin(), led.upcoming.end());
  return led;
}

domain::Outcome<LedMeeting> find_led_meeting(const Environment& environment, const Actor& actor,
                                             domain::MeetingId id) {
  const auto key = std::to_string(id.value);
  auto statistics = load_meeting_statistics(environment, actor, key);
  if (!statistics) return statistics.failure();
  auto meeting = find_meeting(environment, actor, key);
  if (!meeting) return meeting.failure();
  LedMeeting led{std::move(meeting).value(), std::move(statistics).value(), {}};
  led.challenges = read_database(
      environment, [&](storage::Connection& connection) { return challenges_of(connection, id); });
  return led;
}

}  // namespace narada::usecases
