#include "service/usecases/practices/practice_life.h"

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/operations.h"
#include "service/usecases/practices/practice_creation.h"
#include "service/usecases/practices/practice_mails.h"
#include "service/usecases/practices/practice_texts.h"
#include "service/usecases/slug.h"
#include "service/usecases/stored_things.h"
#include "sql/practice_life_store.h"
#include "sql/practice_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using domain::Practice;
using domain::PracticeId;
using domain::PracticeStatus;
using domain::PracticeStep;

constexpr int kMostInRoom = 200;

std::string key_of(PracticeId id) { return std::to_string(id.value); }

Action action_of(PracticeStep step) {
  return domain::is_verification(step) ? Action::verify_practice : Action::edit_practice;
}

domain::Date today(const Environment& environment) {
  return domain::Date(std::chrono::floor<std::chrono::days>(environment.clock->now()));
}

domain::FieldErrors what_it_lacks(const Practice& practice) {
  domain::FieldErrors errors;
  for (const auto& need : domain::practice_needs(practice))
    if (!need.met) errors.push_back({std::string(need.field), "required"});
  return errors;
}

// The activity log names the step that was taken.
std::string verb_of(PracticeStep step) {
  switch (step) {
    case PracticeStep::submit:
      return "practice.submitted";
    case PracticeStep::check:
      return "practice.checked";
    case PracticeStep::publish:
      return "practice.published";
    case PracticeStep::send_back:
      return "practice.sent_back";
    case PracticeStep::archive:
      return "practice.archived";
    case PracticeStep::bring_back:
      return "practice.brought_back";
  }
  return "practice.changed";
}

Outcome<Practice> load_written(const Environment& environment, const Call& call,
                               const Outcome<PracticeId>& id) {
  if (!id) return id.failure();
  note_catalogue_write(environment);
  return find_practice(environment, call.actor, key_of(*id));
}

std::optional<PracticeRevision> revision_of(const storage::PracticeRevisionRow& row) {
  return PracticeRevision{row.number, row.actor_name, row.made_at};
}

bool is_next_for(const Actor& actor, PracticeStatus status) {
  const bool verifies = can(actor, Action::verify_practice, Thing{});
  if (status == PracticeStatus::draft) return !verifies;
  return verifies && (status == PracticeStatus::submitted || status == PracticeStatus::checked);
}

}  // namespace

Outcome<PracticeId> move_practice_in(storage::Connection& connection,
                                     const Environment& environment, const Call& call,
                                     PracticeId id, const PracticeMove& move) {
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  PracticeMove read = move;
  checks.check_text(
      "comment", read.comment,
      {.max = 4000,
       .presence = move.step == PracticeStep::send_back ? Presence::required : Presence::optional,
       .lines = Lines::many});
  checks.check_text("verified_by", read.verified_by, {.max = 300});
  if (!errors.empty()) return errors;
  const auto status = storage::lock_practice(connection, id);
  if (!status) return domain::NotFound{};
  const auto after = domain::status_after(*status, move.step);
  if (!after) return domain::Conflict{"practice_step"};
  if (move.step == PracticeStep::submit)
    if (auto lacks = what_it_lacks(*storage::find_practice(connection, key_of(id))); !lacks.empty())
      return lacks;
  const auto now = environment.clock->now();
  storage::set_practice_status(connection, id, *after, now);
  if (move.step == PracticeStep::publish)
    storage::set_practice_verified(connection, id, today(environment), read.verified_by);
  storage::insert_practice_step(connection, id,
                                {std::string(to_string(*status)), std::string(to_string(*after)),
                                 read.comment, call.actor.text(), "", now});
  record_activity(connection, environment, call, verb_of(move.step), "practice", id.value);
  tell_practice_step(connection, environment, call, id, move.step, read.comment);
  return id;
}

Outcome<Practice> move_practice(const Environment& environment, const Call& call, PracticeId id,
                                const PracticeMove& move) {
  const auto work = [&](storage::Connection& connection) -> Outcome<PracticeId> {
    const auto allowed = check_practice(connection, call.actor, action_of(move.step), key_of(id));
    if (!allowed) return allowed.failure();
    return move_practice_in(connection, environment, call, id, move);
  };
  return load_written(environment, call,
                      run_once_for_id<PracticeId>(environment, call, "move_practice", work));
}

Outcome<PracticeId> feature_practice(const Environment& environment, const Call& call,
                                     PracticeId id, bool featured) {
  const auto work = [&](storage::Connection& connection) -> Outcome<PracticeId> {
    const auto allowed =
        check_practice(connection, call.actor, Action::verify_practice, key_of(id));
    if (!allowed) return allowed.failure();
    const auto now = environment.clock->now();
    if (storage::set_practice_featured(connection, id,
                                       featured ? std::optional(now) : std::nullopt))
      record_activity(connection, environment, call,
                      featured ? "practice.featured" : "practice.unfeatured", "practice", id.value);
    return id;
  };
  auto done = run_once_for_id<PracticeId>(environment, call, "feature_practice", work);
  if (done) note_catalogue_write(environment);
  return done;
}

Outcome<PracticeHistory> load_practice_history(const Environment& environment, const Actor& actor,
                                               PracticeId id) {
  auto practice = load_practice_to_edit(environment, actor, id);
  if (!practice) return practice.failure();
  PracticeHistory history;
  history.practice = std::move(*practice);
  read_database(environment, [&](storage::Connection& connection) {
    history.steps.clear();
    history.revisions.clear();
    for (const auto& row : storage::list_practice_steps(connection, id))
      history.steps.push_back(
          {row.actor_name,
           domain::find_practice_status(row.from_status).value_or(PracticeStatus::draft),
           domain::find_practice_status(row.to_status).value_or(PracticeStatus::draft), row.comment,
           row.made_at});
    for (const auto& row : storage::list_practice_revisions(connection, id))
      history.revisions.push_back(*revision_of(row));
    return true;
  });
  return history;
}

Outcome<RevisionComparison> compare_revision(const Environment& environment, const Actor& actor,
                                             PracticeId id, int number) {
  auto practice = load_practice_to_edit(environment, actor, id);
  if (!practice) return practice.failure();
  RevisionComparison comparison;
  comparison.practice = std::move(*practice);
  const bool found = read_database(environment, [&](storage::Connection& connection) {
    const auto own = storage::find_practice_revision(connection, id, number);
    if (!own) return false;
    comparison.revision = *revision_of(*own);
    comparison.after = parse_texts(own->content);
    const auto earlier = storage::find_practice_revision(connection, id, number - 1);
    comparison.before = earlier ? parse_texts(earlier->content) : FieldTexts{};
    return true;
  });
  if (!found) return domain::NotFound{};
  return comparison;
}

Outcome<Practice> restore_revision(const Environment& environment, const Call& call, PracticeId id,
                                   int number) {
  const auto work = [&](storage::Connection& connection) -> Outcome<PracticeId> {
    const auto allowed = check_practice(connection, call.actor, Action::edit_practice, key_of(id));
    if (!allowed) return allowed.failure();
    if (!storage::lock_practice(connection, id)) return domain::NotFound{};
    const auto revision = storage::find_practice_revision(connection, id, number);
    if (!revision) return domain::NotFound{};
    const auto stored = storage::find_practice(connection, key_of(id));
    return change_practice_in(connection, environment, call, id, stored->version,
                              with_texts(form_of(*stored), parse_texts(revision->content)));
  };
  return load_written(environment, call,
                      run_once_for_id<PracticeId>(environment, call, "restore_practice", work));
}

Outcome<std::vector<PracticeOfRoom>> list_practice_room(const Environment& environment,
                                                        const Actor& actor,
                                                        const PracticeRoomFilter& filter) {
  const auto reach = check_reach(actor, Action::edit_practice);
  if (!reach) return reach.failure();
  storage::PracticeSelectionOfPanel selection;
  selection.all = reach->all;
  selection.institutions = reach->institutions;
  selection.status = filter.status;
  selection.q = filter.q;
  return read_database(environment, [&](storage::Connection& connection) {
    std::vector<PracticeOfRoom> room;
    for (const auto& row : storage::list_practices_of_panel(connection, selection, kMostInRoom))
      room.push_back({row.practice.id, row.practice.title, row.practice.status, row.updated_at,
                      row.featured, is_next_for(actor, row.practice.status)});
    return room;
  });
}

std::optional<domain::PracticeRef> find_archived_practice(const Environment& environment,
                                                          std::string_view key) {
  if (!could_be_key(key)) return std::nullopt;
  const auto practice = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_practice(connection, key);
  });
  // Only what readers have seen before: of one given up as a draft nobody learns.
  const bool was_public = practice && practice->status == PracticeStatus::archived &&
                          practice->published_at != domain::Instant{};
  if (!was_public) return std::nullopt;
  return domain::PracticeRef{practice->id, practice->slug, practice->title};
}

}  // namespace narada::usecases
