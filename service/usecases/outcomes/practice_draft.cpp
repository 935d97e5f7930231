#include "service/usecases/outcomes/practice_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "calendar/zone.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/materials/material_access.h"
#include "service/usecases/operations.h"
#include "service/usecases/practices/practice_creation.h"
#include "service/usecases/slug_retry.h"
#include "service/usecases/stored_things.h"
#include "sql/chain_store.h"
#include "sql/cycle_store.h"
#include "sql/material_store.h"
#include "sql/outcome_store.h"

namespace narada::usecases {
namespace {

using domain::Cycle;
using domain::CycleId;
using domain::CycleRole;
using domain::Material;
using domain::Outcome;
using domain::PracticeId;

constexpr std::size_t kMostMaterials = 50;

std::string day_text(domain::WallTime at) {
  const domain::Date day{std::chrono::floor<std::chrono::days>(at)};
  return fmt::format("{:02}.{:02}.{:04}", static_cast<unsigned>(day.day()),
                     static_cast<unsigned>(day.month()), static_cast<int>(day.year()));
}

std::string month_text(domain::WallTime at) { return day_text(at).substr(3); }

// "12.05.2023", "05.2023" or "2023".
std::string stage_day_text(const domain::ReachedStage& stage) {
  if (!stage.year) return {};
  if (!stage.month) return std::to_string(*stage.year);
  if (!stage.day) return fmt::format("{:02}.{:04}", *stage.month, *stage.year);
  return fmt::format("{:02}.{:02}.{:04}", *stage.day, *stage.month, *stage.year);
}

void add_line(std::string& text, const std::string& line) {
  if (!text.empty()) text += '\n';
  text += line;
}
void add_part(std::string& text, const std::string& part) {
  if (part.empty()) return;
  if (!text.empty()) text += "\n\n";
  text += part;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : "; ") + name;
  return text;
}

std::vector<std::string> giving_institutions(const Cycle& cycle) {
  std::vector<std::string> keys;
  for (const auto role : {CycleRole::challenge_owner, CycleRole::pilot, CycleRole::partner})
    for (const auto& [institution, its_role] : cycle.institutions) {
      const auto key = std::to_string(institution.id.value);
      if (its_role == role && std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(key);
    }
  return keys;
}

// Those that the cycle names, those whose people came, and those whom a source names in words.
std::vector<std::string> participants(storage::Connection& connection, const Cycle& cycle) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const auto& [institution, role] : cycle.institutions)
    if (role == CycleRole::participant || role == CycleRole::pilot) add(institution.name);
  for (const auto& institution : storage::list_institutions_that_came(connection, cycle.id))
    add(institution.name);
  for (const auto& text : cycle.participants_text) add(text);
  return names;
}

// How the work went, as the records say.
std::string course_of(storage::Connection& connection, const Cycle& cycle) {
  std::string text;
  if (!cycle.published_period.empty()) add_part(text, "Kiedy: " + cycle.published_period);
  std::string sessions;
  for (const auto& meeting : storage::list_chain_meetings(connection, cycle.id, {}))
    add_line(sessions,
             "- " + meeting.title + " (" +
                 (meeting.month_only ? month_text(meeting.starts) : day_text(meeting.starts)) +
                 ")");
  if (!sessions.empty()) add_part(text, "Spotkania:\n\n" + sessions);
  std::vector<std::string> experts;
  for (const auto& expert : cycle.experts) experts.push_back(expert.name);
  if (!experts.empty()) add_part(text, "Prowadzący: " + joined(experts));
  const auto came = participants(connection, cycle);
  if (!came.empty()) add_part(text, "Uczestnicy: " + joined(came));
  return text;
}

std::string results_of(storage::Connection& connection, const Cycle& cycle) {
  std::string list;
  for (const auto& effect : cycle.effects) add_line(list, "- " + effect);
  for (const auto& outcome : storage::list_outcomes_within(connection, cycle.id)) {
    if (outcome.kind == domain::OutcomeKind::problem) continue;
    std::string line = "- " + outcome.title;
    if (!outcome.stages.empty()) {
      const auto& last = outcome.stages.back();
      const auto day = stage_day_text(last);
      line += " (" + stage_name(last.stage, domain::Language::pl) +
              (day.empty() ? "" : ", " + day) + ")";
    }
    add_line(list, line);
  }
  std::string text;
  add_part(text, list);
  const auto report = storage::load_work_report(connection, cycle.id);
  if (report.is_public) add_part(text, report.conclusions);
  return text;
}

PracticeForm form_of(storage::Connection& connection, const Cycle& cycle) {
  PracticeForm form;
  form.title = cycle.title;
  form.lead = cycle.summary;
  if (cycle.topic) form.topic = std::to_string(cycle.topic->id.value);
  form.institutions = giving_institutions(cycle);
  form.situation_before = cycle.challenge;
  form.aim = cycle.goal;
  form.description = course_of(connection, cycle);
  form.results = results_of(connection, cycle);
  form.found_by = "cycle";
  if (!cycle.source_urls.empty()) form.source_url = cycle.source_urls.front();
  return form;
}

std::optional<Cycle> find_whole_cycle(storage::Connection& connection,
                                      const Environment& environment, CycleId id) {
  return storage::find_cycle(connection, std::to_string(id.value), domain::everything(),
                             environment.clock->now());
}

// What a visitor may open of the cycle and its meetings.
std::vector<Material> public_materials(storage::Connection& connection,
                                       const Environment& environment, CycleId cycle) {
  std::vector<Material> materials;
  for (const auto& owner : storage::list_outcome_relatives(connection, cycle)) {
    const auto readables = std::visit(
        [&](auto id) { return read_materials(connection, environment, Actor{}, id); }, owner);
    if (!readables) continue;
    for (const auto& readable : *readables)
      if (readable.reading == domain::MaterialReading::open) materials.push_back(readable.material);
  }
  return materials;
}

// The same file or link, of the practice now.
void copy_material(storage::Connection& connection, const Environment& environment,
                   Material material, PracticeId practice, const Call& call) {
  const auto now = environment.clock->now();
  const auto versions = std::exchange(material.versions, {});
  material.owner = practice;
  material.edition_of.reset();
  material.available_from.reset();
  material.tells = false;
  material.added_by = call.actor.person;
  const auto id = storage::insert_material(connection, material, now);
  if (versions.empty()) return;
  const auto& newest = versions.front();
  storage::insert_material_version(
      connection, {id, std::nullopt, newest.digest, newest.file_name, newest.size, ""}, now);
}

void link_outcomes(storage::Connection& connection, const Environment& environment, CycleId cycle,
                   PracticeId practice) {
  for (auto& outcome : storage::list_outcomes(connection, cycle)) {
    if (outcome.practice ||
        domain::furthest_stage(outcome) != domain::OutcomeStage::published_practice)
      continue;
    outcome.practice = practice;
    storage::update_outcome(connection, outcome, environment.clock->now());
  }
}

Outcome<PracticeId> draft_in(storage::Connection& connection, const Environment& environment,
                             const Call& call, CycleId id, const std::vector<std::string>& chosen) {
  if (!storage::lock_outcome_owner(connection, id)) return domain::NotFound{};
  const auto allowed = check_cycle(connection, call.actor, Action::organize, id);
  if (!allowed) return allowed.failure();
  const auto cycle = find_whole_cycle(connection, environment, id);
  if (!cycle) return domain::NotFound{};
  const auto materials = public_materials(connection, environment, id);
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  if (!checks.check_count("materials", chosen.size(), kMostMaterials)) return errors;
  std::vector<Material> taken;
  for (const auto& key : chosen) {
    const auto found = std::find_if(
        materials.begin(), materials.end(),
        [&](const Material& material) { return std::to_string(material.id.value) == key; });
    if (found == materials.end())
      checks.add("materials", "unknown_material");
    else
      taken.push_back(*found);
  }
  if (!errors.empty()) return errors;
  const auto practice =
      add_practice_draft(connection, environment, call, form_of(connection, *cycle));
  if (!practice) return practice.failure();
  storage::save_practice_origin(connection, *practice, id);
  for (auto& material : taken)
    copy_material(connection, environment, std::move(material), *practice, call);
  link_outcomes(connection, environment, id, *practice);
  record_activity(connection, environment, call, "cycle.practice_drafted", "cycle", id.value, {},
                  R"({"practice":)" + std::to_string(practice->value) + "}");
  return *practice;
}

}  // namespace

std::string stage_name(domain::OutcomeStage stage, domain::Language language) {
  constexpr std::array<std::pair<const char*, const char*>, 5> kNames{{
      {"rozpoznany problem", "problem identified"},
      {"prototyp", "prototype"},
      {"pilotaż", "pilot"},
      {"przyjęty akt", "adopted act"},
      {"opublikowana praktyka", "published practice"},
  }};
  const auto& [polish, english] = kNames.at(static_cast<std::size_t>(stage));
  return language == domain::Language::en ? english : polish;
}

Outcome<PracticeOutline> outline_practice(const Environment& environment, const Actor& actor,
                                          CycleId id) {
  using Result = Outcome<PracticeOutline>;
  return read_database(environment, [&](storage::Connection& connection) -> Result {
    const auto allowed = check_cycle(connection, actor, Action::organize, id);
    if (!allowed) return allowed.failure();
    const auto cycle = find_whole_cycle(connection, environment, id);
    if (!cycle) return domain::NotFound{};
    PracticeOutline outline;
    outline.form = form_of(connection, *cycle);
    for (const auto& material : public_materials(connection, environment, id))
      outline.materials.push_back({material.id, material.title});
    outline.existing = storage::list_practices_drafted(connection, id);
    return outline;
  });
}

Outcome<PracticeId> draft_practice(const Environment& environment, const Call& call, CycleId id,
                                   const std::vector<std::string>& materials) {
  const auto drafted = retry_taken_slug([&] {
    return run_once_for_id<PracticeId>(
        environment, call, "draft_practice", [&](storage::Connection& connection) {
          return draft_in(connection, environment, call, id, materials);
        });
  });
  if (drafted) note_catalogue_write(environment);
  return drafted;
}

}  // namespace narada::usecases
