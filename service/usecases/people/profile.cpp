#include "service/usecases/people/profile.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/activity_store.h"
#include "sql/error.h"
#include "sql/profile_store.h"
#include "sql/topic_store.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Outcome;
using nlohmann::json;

constexpr TextBounds kInstitutionOrNone{0, 200, false, false};

std::vector<NotificationChoice> all_choices(
    const Environment& environment, const std::vector<std::pair<std::string, bool>>& chosen) {
  std::vector<NotificationChoice> choices;
  for (const auto& kind : notification_kinds(environment)) {
    const auto found = std::find_if(chosen.begin(), chosen.end(),
                                    [&](const auto& one) { return one.first == kind.name; });
    choices.push_back({kind.name, found == chosen.end() ? kind.wanted : found->second});
  }
  return choices;
}

Profile profile_of(const Environment& environment, storage::StoredProfile stored) {
  return {std::move(stored.person), stored.version, all_choices(environment, stored.choices),
          std::move(stored.topics)};
}

// What the form asks for, on top of what is there.
class ProfileEdit {
 public:
  ProfileEdit(storage::Connection& connection, const Profile& before, const ProfileForm& form)
      : connection_(connection), before_(before), form_(form), after_(before) {}

  // The profile wanted; what is wrong goes to `errors`.
  Profile read(FieldErrors& errors) {
    auto& person = after_.person;
    person.full_name = check_text(form_.full_name, "full_name", kNameBounds, errors);
    read_institution(errors);
    person.position = check_text(form_.position, "position", kPositionBounds, errors);
    person.unit = check_text(form_.unit, "unit", kPositionBounds, errors);
    person.language = form_.language;
    for (auto& choice : after_.notifications) {
      choice.wanted = std::find(form_.notifications.begin(), form_.notifications.end(),
                                choice.kind) != form_.notifications.end();
    }
    read_topics(errors);
    return after_;
  }

 private:
  void read_institution(FieldErrors& errors) {
    auto& institution = after_.person.institution;
    const auto before = errors.size();
    const auto typed = check_text(form_.institution, "institution", kInstitutionOrNone, errors);
    if (errors.size() != before) return;
    // One that was merged since is no choice any more, but may stay.
    if (institution && make_name_key(institution->name) == make_name_key(typed)) return;
    institution.reset();
    if (!typed.empty()) institution = resolve_institution(connection_, typed, errors);
  }

  void read_topics(FieldErrors& errors) {
    after_.topics.clear();
    for (const auto& slug : form_.topics) {
      const auto topic = storage::find_topic(connection_, slug);
      if (!topic) {
        errors.push_back({"topics", "unknown_topic"});
        return;
      }
      after_.topics.push_back(topic->id);
    }
    std::sort(after_.topics.begin(), after_.topics.end());
    after_.topics.erase(std::unique(after_.topics.begin(), after_.topics.end()),
                        after_.topics.end());
  }

  storage::Connection& connection_;
  const Profile& before_;
  const ProfileForm& form_;
  Profile after_;
};

json json_of(const Profile& profile) {
  const auto& person = profile.person;
  json object{
      {"full_name", person.full_name},
      {"position", person.position},
      {"unit", person.unit},
      {"institution", person.institution ? json(person.institution->id.value) : json()},
      {"language", domain::to_string(person.language)},
  };
  for (const auto& choice : profile.notifications) {
    object["notification." + choice.kind] = choice.wanted;
  }
  object["topics"] = json::array();
  for (const auto topic : profile.topics) object["topics"].push_back(topic.value);
  return object;
}

// Which of the two differ, with their values on both sides.
struct Difference {
  json fields = json::array();
  json before = json::object();
  json after = json::object();
};

Difference difference_of(const Profile& before, const Profile& after) {
  const json from = json_of(before), to = json_of(after);
  Difference difference;
  for (const auto& [name, value] : to.items()) {
    if (from.at(name) == value) continue;
    difference.fields.push_back(name);
    difference.before[name] = from.at(name);
    difference.after[name] = value;
  }
  return difference;
}

void record_change(storage::Connection& connection, const Environment& environment,
                   const Call& call, domain::PersonId person, const Difference& difference) {
  storage::Activity activity;
  activity.occurred_at = environment.clock->now();
  activity.actor = call.actor.text();
  activity.verb = "person.changed";
  activity.subject = "person:" + std::to_string(person.value);
  activity.details = json{{"fields", difference.fields}}.dump();
  activity.request_id = call.request_id;
  activity.address_class = call.address_class;
  activity.personal.push_back(
      {person, json{{"before", difference.before}, {"after", difference.after}}.dump()});
  storage::save_activities(connection, {activity});
}

std::vector<std::pair<std::string, bool>> changed_choices(const Profile& before,
                                                          const Profile& after) {
  std::vector<std::pair<std::string, bool>> changed;
  for (std::size_t index = 0; index < after.notifications.size(); ++index) {
    const auto& choice = after.notifications[index];
    if (choice != before.notifications[index]) changed.emplace_back(choice.kind, choice.wanted);
  }
  return changed;
}

// What one call did, and whether it wrote anything.
struct Changed {
  std::int64_t version = 1;
  bool wrote = true;
};

Outcome<Changed> change_in(storage::Connection& connection, const Environment& environment,
                           const Call& call, domain::PersonId person, std::int64_t version,
                           const ProfileForm& form) {
  auto stored = storage::find_profile(connection, person);
  if (!stored) return domain::NotFound{};
  const Profile before = profile_of(environment, *std::move(stored));
  if (before.version != version) return domain::Stale{};
  FieldErrors errors;
  const Profile after = ProfileEdit(connection, before, form).read(errors);
  if (!errors.empty()) return errors;
  const auto difference = difference_of(before, after);
  if (difference.fields.empty()) return Changed{version, false};
  const auto now = environment.clock->now();
  try {
    if (!storage::save_profile(connection, after.person, make_name_key(after.person.full_name),
                               version, now)) {
      return domain::Stale{};
    }
  } catch (const storage::Duplicate&) {
    return FieldErrors{{"full_name", "identity_taken"}};
  }
  storage::save_notification_choices(connection, person, changed_choices(before, after), now);
  if (before.topics != after.topics) {
    storage::save_topic_subscriptions(connection, person, after.topics, now);
  }
  record_change(connection, environment, call, person, difference);
  return Changed{version + 1, true};
}

}  // namespace

std::vector<NotificationKind> notification_kinds(const Environment& environment) {
  std::vector<NotificationKind> kinds{
      {"new_sign_in", true},  // a session from a network never seen before
      {"reminder", true}};
  for (const auto offset : environment.reminders) {
    kinds.push_back({"reminder." + to_string(offset), true});
  }
  kinds.insert(kinds.end(), {{"meeting_announced", true},
                             {"meeting_announced.daily", false},
                             {"survey_asked", true},
                             {"materials_published", true},
                             {"material_replaced", true},
                             {"expert_tasks", true},
                             {"digest", true},
                             {"digest.weekly", false}});
  return kinds;
}

std::optional<Profile> find_profile(const Environment& environment, domain::PersonId person) {
  auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_profile(connection, person);
  });
  if (!stored) return std::nullopt;
  return profile_of(environment, *std::move(stored));
}

Outcome<Profile> change_profile(const Environment& environment, const Call& call,
                                domain::PersonId person, std::int64_t version,
                                const ProfileForm& form) {
  const auto outcome = run_once<Changed>(
      environment, call, "change_profile",
      [&](storage::Connection& connection) {
        return change_in(connection, environment, call, person, version, form);
      },
      [](const Changed& changed) { return std::to_string(changed.version); },
      [](const std::string& text) { return Changed{std::stoll(text)}; },
      [](const Changed& changed) { return changed.wrote; });
  if (!outcome) return outcome.failure();
  auto profile = find_profile(environment, person);
  if (!profile) return domain::NotFound{};
  return *std::move(profile);
}

}  // namespace narada::usecases
