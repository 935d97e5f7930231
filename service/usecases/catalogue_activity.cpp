#include "service/usecases/catalogue_activity.h"

#include <nlohmann/json.hpp>
#include <set>

#include "service/usecases/catalogue_cache.h"
#include "sql/activity_store.h"

namespace narada::usecases {

void record_activity(storage::Connection& connection, const Environment& environment,
                     const Call& call, std::string_view verb, std::string_view subject_kind,
                     std::int64_t subject_id, std::optional<domain::MeetingId> meeting,
                     std::string details) {
  storage::Activity activity;
  activity.occurred_at = environment.clock->now();
  activity.actor = call.actor.text();
  activity.verb = verb;
  activity.subject = std::string(subject_kind) + ':' + std::to_string(subject_id);
  activity.meeting = meeting;
  activity.details = std::move(details);
  activity.request_id = call.request_id;
  activity.address_class = call.address_class;
  storage::save_activities(connection, {activity});
}

struct ChangeNote::State {
  std::set<std::string> fields;
  nlohmann::json before = nlohmann::json::object();
  nlohmann::json after = nlohmann::json::object();
};

ChangeNote::ChangeNote() : state_(std::make_unique<State>()) {}
ChangeNote::~ChangeNote() = default;

void ChangeNote::add(std::string_view field, const std::string& before, const std::string& after) {
  if (before == after) return;
  const std::string name(field);
  state_->fields.insert(name);
  state_->before[name] = before;
  state_->after[name] = after;
}

void ChangeNote::add_name(std::string_view field) { state_->fields.emplace(field); }

std::string ChangeNote::details() const {
  const nlohmann::json note = {
      {"fields", state_->fields}, {"before", state_->before}, {"after", state_->after}};
  return note.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Call as_holder(Call call, domain::PersonId person) {
  if (call.actor.person != person) return call;
  call.actor = {};
  call.actor.kind = Actor::Kind::manage;
  return call;
}

void note_catalogue_write(const Environment& environment) {
  if (environment.catalogue) environment.catalogue->note_write();
}

}  // namespace narada::usecases
