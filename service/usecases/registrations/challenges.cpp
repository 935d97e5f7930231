#include "service/usecases/registrations/challenges.h"

#include <fmt/format.h>

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/stored_things.h"
#include "sql/challenge_store.h"
#include "sql/practice_store.h"
#include "sql/question_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

constexpr TextBounds kTitle{1, 300, true, false};
constexpr TextBounds kAnswer{0, 5000, false, true};
constexpr std::size_t kMostPractices = 10;
constexpr std::size_t kMostGroups = 50;

domain::Outcome<ChallengeBox> load_in(storage::Connection& connection, const Actor& actor,
                                      std::string_view key) {
  const auto thing = check_meeting(connection, actor, Action::see_participants, key);
  if (!thing) return thing.failure();
  const auto seated = storage::find_seated_meeting(connection, *thing->meeting);
  if (!seated) return domain::NotFound{};
  ChallengeBox box;
  box.meeting = seated->meeting;
  box.asks = storage::asks_challenge(connection, seated->meeting.id);
  box.may_change = can(actor, Action::organize, *thing);
  box.groups = storage::list_challenge_groups(connection, seated->meeting.id);
  for (auto& challenge : storage::list_challenges(connection, seated->meeting.id)) {
    const auto group = std::find_if(box.groups.begin(), box.groups.end(),
                                    [&](const auto& one) { return challenge.group == one.id; });
    (group == box.groups.end() ? box.ungrouped : group->challenges).push_back(std::move(challenge));
  }
  return box;
}

// A write about one group of a meeting that the actor may organize.
template <class Work>
domain::Outcome<domain::ChallengeGroupId> change_group(const Environment& environment,
                                                       const Call& call, domain::MeetingId meeting,
                                                       domain::ChallengeGroupId id,
                                                       std::string_view verb, Work work) {
  return run_once_for_id<domain::ChallengeGroupId>(
      environment, call, verb,
      [&](storage::Connection& connection) -> domain::Outcome<domain::ChallengeGroupId> {
        const auto thing = check_meeting(connection, call.actor, Action::organize, meeting);
        if (!thing) return thing.failure();
        auto group = storage::lock_challenge_group(connection, meeting, id);
        if (!group) return domain::NotFound{};
        if (const std::optional<domain::Failure> failure = work(connection, *group))
          return *failure;
        record_activity(connection, environment, call, verb, "challenge_group", id.value, meeting);
        return id;
      });
}

std::optional<domain::PracticeLink> find_practice_link(storage::Connection& connection,
                                                       const std::string& typed) {
  if (const auto found = storage::find_practice(connection, typed);
      found && found->status == domain::PracticeStatus::published) {
    return domain::PracticeLink{found->id, found->slug, found->title};
  }
  storage::PracticeListing listing;
  listing.q = typed;
  const auto key = make_name_key(typed);
  for (const auto& practice : storage::list_practices(connection, listing))
    if (make_name_key(practice.title) == key)
      return domain::PracticeLink{practice.id, practice.slug, practice.title};
  return std::nullopt;
}

std::vector<domain::PracticeLink> read_practices(storage::Connection& connection,
                                                 const std::vector<std::string>& typed,
                                                 domain::FieldErrors& errors) {
  std::vector<domain::PracticeLink> practices;
  for (const auto& text : typed) {
    const auto one = check_text(text, "practices", {0, 300, false, false}, errors);
    if (one.empty()) continue;
    const auto found = find_practice_link(connection, one);
    if (!found) {
      errors.push_back({"practices", "unknown_practice"});
    } else if (std::find(practices.begin(), practices.end(), *found) == practices.end()) {
      practices.push_back(*found);
    }
  }
  if (practices.size() > kMostPractices)
    errors.push_back({"practices", "too_many", {{"max", std::to_string(kMostPractices)}}});
  return practices;
}

}  // namespace

domain::Outcome<ChallengeBox> load_challenge_box(const Environment& environment, const Actor& actor,
                                                 std::string_view key) {
  return read_database(environment, [&](storage::Connection& connection) {
    return load_in(connection, actor, key);
  });
}

domain::Outcome<domain::MeetingId> set_asks_challenge(const Environment& environment,
                                                      const Call& call, domain::MeetingId meeting,
                                                      bool asks) {
  auto outcome = run_once_for_id<domain::MeetingId>(
      environment, call, "set_asks_challenge",
      [&](storage::Connection& connection) -> domain::Outcome<domain::MeetingId> {
        const auto thing = check_meeting(connection, call.actor, Action::organize, meeting);
        if (!thing) return thing.failure();
        storage::save_asks_challenge(connection, meeting, asks);
        record_activity(connection, environment, call, "meeting.challenge_asked", "meeting",
                        meeting.value, meeting, asks ? R"({"asks":true})" : R"({"asks":false})");
        return meeting;
      });
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

domain::Outcome<domain::ChallengeGroupId> create_challenge_group(const Environment& environment,
                                                                 const Call& call,
                                                                 domain::MeetingId meeting,
                                                                 const std::string& title) {
  return run_once_for_id<domain::ChallengeGroupId>(
      environment, call, "create_challenge_group",
      [&](storage::Connection& connection) -> domain::Outcome<domain::ChallengeGroupId> {
        const auto thing = check_meeting(connection, call.actor, Action::organize, meeting);
        if (!thing) return thing.failure();
        domain::FieldErrors errors;
        const auto kept = check_text(title, "new_title", kTitle, errors);
        if (!errors.empty()) return errors;
        if (storage::list_challenge_groups(connection, meeting).size() >= kMostGroups)
          return domain::FieldErrors{
              {"new_title", "too_many", {{"max", std::to_string(kMostGroups)}}}};
        const auto id = storage::insert_challenge_group(connection, meeting, kept);
        record_activity(connection, environment, call, "challenge_group.created", "challenge_group",
                        id.value, meeting);
        return id;
      });
}

domain::Outcome<domain::ChallengeGroupId> change_challenge_group(
    const Environment& environment, const Call& call, domain::MeetingId meeting,
    domain::ChallengeGroupId id, std::int64_t version, const ChallengeGroupForm& form) {
  return change_group(environment, call, meeting, id, "challenge_group.changed",
                      [&](storage::Connection& connection,
                          domain::ChallengeGroup& group) -> std::optional<domain::Failure> {
                        if (group.version != version) return domain::Stale{};
                        domain::FieldErrors errors;
                        group.title = check_text(form.title, "title", kTitle, errors);
                        group.answer = check_text(form.answer, "answer", kAnswer, errors);
                        group.practices = read_practices(connection, form.practices, errors);
                        if (!errors.empty()) return errors;
                        storage::save_challenge_group(connection, group);
                        return std::nullopt;
                      });
}

domain::Outcome<domain::ChallengeGroupId> delete_challenge_group(const Environment& environment,
                                                                 const Call& call,
                                                                 domain::MeetingId meeting,
                                                                 domain::ChallengeGroupId id) {
  return change_group(environment, call, meeting, id, "challenge_group.deleted",
                      [&](storage::Connection& connection,
                          const domain::ChallengeGroup& group) -> std::optional<domain::Failure> {
                        storage::delete_challenge_group(connection, group.id);
                        return std::nullopt;
                      });
}

domain::Outcome<domain::ChallengeGroupId> move_challenge_group(const Environment& environment,
                                                               const Call& call,
                                                               domain::MeetingId meeting,
                                                               domain::ChallengeGroupId id,
                                                               bool up) {
  return change_group(
      environment, call, meeting, id, "challenge_group.moved",
      [&](storage::Connection& connection,
          const domain::ChallengeGroup&) -> std::optional<domain::Failure> {
        std::vector<domain::ChallengeGroupId> ids;
        for (const auto& group : storage::list_challenge_groups(connection, meeting))
          ids.push_back(group.id);
        const auto at = std::find(ids.begin(), ids.end(), id);
        if (up && at != ids.begin()) std::iter_swap(at, at - 1);
        if (!up && at + 1 != ids.end()) std::iter_swap(at, at + 1);
        storage::save_group_order(connection, ids);
        return std::nullopt;
      });
}

domain::Outcome<int> assign_challenges(const Environment& environment, const Call& call,
                                       domain::MeetingId meeting,
                                       const std::vector<domain::RegistrationId>& registrations,
                                       std::optional<domain::ChallengeGroupId> group) {
  return run_once<int>(
      environment, call, "assign_challenges",
      [&](storage::Connection& connection) -> domain::Outcome<int> {
        const auto thing = check_meeting(connection, call.actor, Action::organize, meeting);
        if (!thing) return thing.failure();
        if (group && !storage::lock_challenge_group(connection, meeting, *group))
          return domain::FieldErrors{{"group", "unknown_value"}};
        const int moved = storage::assign_challenges(connection, meeting, registrations, group);
        record_activity(connection, environment, call, "challenges.grouped", "meeting",
                        meeting.value, meeting, fmt::format(R"({{"count":{}}})", moved));
        return moved;
      },
      [](int moved) { return std::to_string(moved); },
      [](const std::string& text) { return std::stoi(text); });
}

std::optional<domain::ChallengeGroup> find_challenge_answer(const Environment& environment,
                                                            domain::RegistrationId registration) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_challenge_answer(connection, registration);
  });
}

}  // namespace narada::usecases
