#include "service/usecases/adoptions/adoptions.h"

#include "calendar/zone.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/outcomes/outcome_form.h"
#include "service/usecases/slug.h"
#include "service/usecases/stored_things.h"
#include "sql/adoption_store.h"
#include "sql/error.h"
#include "sql/institution_store.h"
#include "sql/meeting_store.h"
#include "sql/practice_store.h"
#include "sql/thing_store.h"

namespace narada::usecases {
namespace {

using domain::Adoption;
using domain::AdoptionId;
using domain::AdoptionStatus;
using domain::FieldErrors;
using domain::InstitutionId;
using domain::Outcome;

constexpr std::size_t kLongestChanged = 4000;

Thing thing_of(InstitutionId institution) {
  Thing thing;
  thing.institution = institution;
  thing.responsible = {institution};
  return thing;
}

bool may_record(const Actor& actor, InstitutionId institution) {
  return can(actor, Action::record_adoption, thing_of(institution));
}

// The published practice of that key.
std::optional<domain::Practice> find_public(storage::Connection& connection, std::string_view key) {
  if (!could_be_key(key)) return std::nullopt;
  auto practice = storage::find_practice(connection, key);
  if (!practice || practice->status != domain::PracticeStatus::published) return std::nullopt;
  return practice;
}

bool gave_it(const domain::Practice& practice, InstitutionId institution) {
  for (const auto& giver : practice.institutions)
    if (giver.id == institution) return true;
  return false;
}

// A published one; one that the record names already may stay whatever became of it.
std::optional<domain::MeetingId> read_meeting(storage::Connection& connection,
                                              const std::string& key, const Adoption& kept,
                                              FieldChecks& checks) {
  if (key.empty()) return std::nullopt;
  if (kept.learnt_at && std::to_string(kept.learnt_at->value) == key) return kept.learnt_at;
  const auto things =
      could_be_key(key) ? storage::find_meeting_things(connection, key) : std::nullopt;
  if (things && things->meeting.published) return things->meeting.meeting;
  checks.add("meeting", "unknown_meeting");
  return std::nullopt;
}

Adoption read_form(storage::Connection& connection, const Environment& environment,
                   AdoptionForm form, const Adoption& kept, FieldChecks& checks) {
  Adoption adoption = kept;
  adoption.status = form.status;
  adoption.since = form.since;
  const auto wall = calendar::to_wall_time(environment.clock->now(), domain::kDefaultZone);
  const domain::Date today{std::chrono::floor<std::chrono::days>(wall)};
  if (form.since && *form.since > today) checks.add("since", "future_date");
  adoption.learnt_at = read_meeting(connection, form.meeting, kept, checks);
  checks.check_text("changed", form.changed, {.max = kLongestChanged, .lines = Lines::many});
  adoption.changed = form.changed;
  check_https(checks, "document_url", form.document_url);
  adoption.document_url = form.document_url;
  return adoption;
}

bool says_the_same(const Adoption& one, const Adoption& other) {
  return one.status == other.status && one.since == other.since &&
         one.learnt_at == other.learnt_at && one.changed == other.changed &&
         one.document_url == other.document_url;
}

// One record, in the transaction.
class Recording {
 public:
  Recording(storage::Connection& connection, const Environment& environment, const Call& call)
      : connection_(connection), environment_(environment), call_(call) {}

  Outcome<AdoptionId> record(std::string_view practice_key, std::string_view institution_key,
                             const AdoptionForm& form, std::optional<std::int64_t> version) {
    const auto practice = find_public(connection_, practice_key);
    if (!practice) return domain::NotFound{};
    FieldErrors errors;
    FieldChecks checks(errors);
    References references(connection_);
    const auto institution =
        references.find_institution(checks, "institution", std::string(institution_key));
    if (!institution) {
      if (errors.empty()) checks.add("institution", "required");
      return errors;
    }
    if (!may_record(call_.actor, institution->id)) return domain::Forbidden{};
    if (gave_it(*practice, institution->id)) checks.add("institution", "own_practice");
    const auto stored = storage::lock_adoption(connection_, practice->id, institution->id);
    if (version && version != (stored ? stored->version : 0)) return domain::Stale{};
    Adoption kept = stored.value_or(Adoption{});
    kept.practice = {practice->id, practice->slug, practice->title};
    kept.institution = *institution;
    const auto adoption = read_form(connection_, environment_, form, kept, checks);
    if (!errors.empty()) return errors;
    return stored ? change(adoption, *stored) : add(adoption);
  }

 private:
  Outcome<AdoptionId> add(const Adoption& adoption) {
    const auto id = storage::insert_adoption(connection_, adoption, environment_.clock->now());
    note("practice.adoption_recorded", adoption, id);
    return id;
  }
  Outcome<AdoptionId> change(const Adoption& adoption, const Adoption& stored) {
    if (says_the_same(adoption, stored)) return stored.id;
    storage::update_adoption(connection_, adoption, environment_.clock->now());
    note("practice.adoption_changed", adoption, stored.id);
    return stored.id;
  }
  void note(std::string_view verb, const Adoption& adoption, AdoptionId id) {
    record_activity(connection_, environment_, call_, verb, "practice", adoption.practice.id.value,
                    {},
                    R"({"adoption":)" + std::to_string(id.value) + R"(,"institution":)" +
                        std::to_string(adoption.institution.id.value) + R"(,"status":")" +
                        std::string(domain::to_string(adoption.status)) + R"("})");
  }

  storage::Connection& connection_;
  const Environment& environment_;
  const Call& call_;
};

LearntAt learnt_at_of(const storage::LearntMeeting& meeting) {
  return {meeting.id, meeting.slug, meeting.title, meeting.starts};
}

std::vector<AdoptionEntry> entries_for(const Actor& viewer,
                                       std::vector<storage::StoredAdoption> stored) {
  std::vector<AdoptionEntry> entries;
  for (auto& one : stored) {
    AdoptionEntry entry;
    entry.may_change = may_record(viewer, one.adoption.institution.id);
    if (one.adoption.status == AdoptionStatus::given_up && !entry.may_change) continue;
    if (one.learnt_at)
      entry.learnt_at = learnt_at_of(*one.learnt_at);
    else if (!entry.may_change)
      one.adoption.learnt_at.reset();  // of a meeting that is not public
    entry.adoption = std::move(one.adoption);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

Outcome<AdoptionId> record_adoption(const Environment& environment, const Call& call,
                                    std::string_view practice, std::string_view institution,
                                    const AdoptionForm& form, std::optional<std::int64_t> version) {
  const auto once = [&] {
    return run_once_for_id<AdoptionId>(environment, call, "record_adoption",
                                       [&](storage::Connection& connection) {
                                         return Recording(connection, environment, call)
                                             .record(practice, institution, form, version);
                                       });
  };
  const auto recorded = [&] {
    try {
      return once();
    } catch (const storage::Duplicate&) {
      return once();  // somebody else made the record a moment before: now it changes
    }
  }();
  if (recorded) note_catalogue_write(environment);
  return recorded;
}

Outcome<AdoptionId> remove_adoption(const Environment& environment, const Call& call,
                                    AdoptionId id) {
  const auto removed = run_once_for_id<AdoptionId>(
      environment, call, "remove_adoption",
      [&](storage::Connection& connection) -> Outcome<AdoptionId> {
        const auto found = storage::find_adoption(connection, id);
        if (!found || !may_record(call.actor, found->institution.id)) return domain::NotFound{};
        if (!storage::lock_adoption(connection, found->practice.id, found->institution.id))
          return domain::NotFound{};
        storage::delete_adoption(connection, id);
        record_activity(connection, environment, call, "practice.adoption_removed", "practice",
                        found->practice.id.value, {},
                        R"({"institution":)" + std::to_string(found->institution.id.value) + "}");
        return id;
      });
  if (removed) note_catalogue_write(environment);
  return removed;
}

Outcome<std::vector<AdoptionEntry>> list_adoptions(const Environment& environment,
                                                   const Actor& viewer, std::string_view practice) {
  using Result = Outcome<std::vector<AdoptionEntry>>;
  return read_database(environment, [&](storage::Connection& connection) -> Result {
    if (!could_be_key(practice)) return domain::NotFound{};
    const auto found = storage::find_practice_ref(connection, practice);
    if (!found) return domain::NotFound{};
    return entries_for(viewer, storage::list_adoptions_of(connection, found->id));
  });
}

std::vector<AdoptionEntry> list_adoptions_by(const Environment& environment, const Actor& viewer,
                                             InstitutionId institution) {
  return entries_for(viewer, read_database(environment, [&](storage::Connection& connection) {
                       return storage::list_adoptions_by(connection, institution);
                     }));
}

std::vector<AdoptionEntry> list_adoptions_from(const Environment& environment, const Actor& viewer,
                                               InstitutionId institution) {
  auto entries = entries_for(viewer, read_database(environment, [&](storage::Connection& c) {
                               return storage::list_adoptions_from(c, institution);
                             }));
  std::erase_if(entries, [](const AdoptionEntry& entry) {
    return entry.adoption.status == AdoptionStatus::given_up;
  });
  return entries;
}

AdoptingInstitutions list_adopting_institutions(const Environment& environment,
                                                const Actor& actor) {
  AdoptingInstitutions adopting;
  const auto reach = domain::reach_of(actor, Action::record_adoption);
  if (reach.all) {
    adopting.all = true;
    return adopting;
  }
  auto ids = reach.institutions;
  ids.insert(ids.end(), reach.people_of.begin(), reach.people_of.end());
  if (ids.empty()) return adopting;
  read_database(environment, [&](storage::Connection& connection) {
    adopting.institutions.clear();
    for (const auto id : ids) {
      auto found = storage::find_institution_ref(connection, std::to_string(id.value));
      if (found) adopting.institutions.push_back(std::move(*found));
    }
    return 0;
  });
  return adopting;
}

std::vector<LearntAt> list_meetings_to_learn_at(const Environment& environment,
                                                domain::PracticeId practice,
                                                InstitutionId institution) {
  const auto meetings = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_meetings_to_learn_at(connection, practice, institution);
  });
  std::vector<LearntAt> learnt;
  for (const auto& meeting : meetings) learnt.push_back(learnt_at_of(meeting));
  return learnt;
}

}  // namespace narada::usecases
