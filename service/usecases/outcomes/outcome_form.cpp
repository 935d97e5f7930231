#include "service/usecases/outcomes/outcome_form.h"

#include <algorithm>
#include <charconv>

#include "calendar/zone.h"
#include "service/usecases/materials/material_access.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/slug.h"
#include "service/usecases/stored_things.h"
#include "sql/material_store.h"
#include "sql/outcome_store.h"
#include "sql/practice_store.h"

namespace narada::usecases {
namespace {

using domain::OutcomeId;
using domain::ReachedStage;
using domain::WorkOutcome;

constexpr std::size_t kLongestNote = 1000;
constexpr std::size_t kLongestDescription = 20'000;
constexpr std::size_t kMostStages = 5;

template <class IdType>
std::optional<IdType> find_id(const std::string& text) {
  IdType id;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, id.value);
  return error == std::errc{} && rest == end && id ? std::optional(id) : std::nullopt;
}

// Reads one form, each thing that it names looked up in the transaction.
class FormReader {
 public:
  FormReader(storage::Connection& connection, const Environment& environment, const Actor& actor,
             FieldChecks& checks, const WorkOutcome& kept)
      : connection_(connection), actor_(actor), checks_(checks), kept_(kept) {
    const auto wall = calendar::to_wall_time(environment.clock->now(), domain::kDefaultZone);
    today_ = domain::Date{std::chrono::floor<std::chrono::days>(wall)};
  }

  void read_stages(std::vector<ReachedStageForm>& forms, WorkOutcome& outcome) {
    if (!checks_.check_count("stages", forms.size(), kMostStages)) return;
    std::stable_sort(forms.begin(), forms.end(),
                     [](const auto& one, const auto& other) { return one.stage < other.stage; });
    for (std::size_t index = 0; index < forms.size(); ++index) {
      auto checks = checks_.within("stages[" + std::to_string(index) + "].");
      auto stage = read_stage(forms[index], checks);
      for (const auto& earlier : outcome.stages) {
        if (earlier.stage == stage.stage) checks.add("stage", "stage_twice");
        if (domain::is_dated_before(stage, earlier)) {
          checks.add("date", "stages_out_of_order");
          break;
        }
      }
      outcome.stages.push_back(std::move(stage));
    }
  }

  std::optional<domain::PracticeId> read_practice(const std::string& key) {
    if (key.empty()) return std::nullopt;
    const auto found = could_be_key(key) ? storage::find_practice(connection_, key) : std::nullopt;
    if (found && kept_.practice == found->id) return found->id;
    if (found && check_practice(connection_, actor_, Action::see, std::to_string(found->id.value)))
      return found->id;
    checks_.add("practice", "unknown_practice");
    return std::nullopt;
  }

  std::optional<OutcomeId> read_origin(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto id = find_id<OutcomeId>(text);
    const auto other = id ? storage::find_outcome(connection_, *id) : std::nullopt;
    if (other && other->id != kept_.id && is_relative(other->owner)) return id;
    checks_.add("grew_from", "unknown_outcome");
    return std::nullopt;
  }

 private:
  ReachedStage read_stage(ReachedStageForm& form, FieldChecks& checks) {
    ReachedStage stage;
    stage.stage = form.stage;
    checks.check_text("date", form.date, {.max = 10});
    if (!domain::read_stage_date(form.date, stage)) checks.add("date", "invalid_stage_date");
    if (const auto day = domain::earliest_day(stage); day && *day > today_)
      checks.add("date", "future_date");
    check_https(checks, "document_url", form.document_url);
    stage.document_url = form.document_url;
    checks.check_text("note", form.note, {.max = kLongestNote});
    stage.note = form.note;
    stage.material = read_material(form.material, checks);
    return stage;
  }

  std::optional<domain::MaterialId> read_material(const std::string& text, FieldChecks& checks) {
    if (text.empty()) return std::nullopt;
    const auto id = find_id<domain::MaterialId>(text);
    const bool was_named = std::any_of(kept_.stages.begin(), kept_.stages.end(),
                                       [&](const ReachedStage& one) { return one.material == id; });
    if (id && was_named) return id;
    const auto owner = id ? storage::find_material_owner(connection_, *id) : std::nullopt;
    if (owner && is_relative_material(*owner)) return id;
    checks.add("material", "unknown_material");
    return std::nullopt;
  }

  const std::vector<domain::OutcomeOwner>& relatives() {
    if (relatives_.empty()) relatives_ = storage::list_outcome_relatives(connection_, kept_.owner);
    return relatives_;
  }
  bool is_relative(const domain::OutcomeOwner& owner) {
    const auto& all = relatives();
    return std::find(all.begin(), all.end(), owner) != all.end();
  }
  bool is_relative_material(const domain::MaterialOwner& owner) {
    if (const auto* meeting = std::get_if<domain::MeetingId>(&owner)) return is_relative(*meeting);
    const auto* cycle = std::get_if<domain::CycleId>(&owner);
    return cycle && is_relative(*cycle);
  }

  storage::Connection& connection_;
  const Actor& actor_;
  FieldChecks& checks_;
  const WorkOutcome& kept_;
  domain::Date today_{};
  std::vector<domain::OutcomeOwner> relatives_;
};

}  // namespace

void check_https(FieldChecks& checks, std::string_view field, std::string& url) {
  checks.check_url(field, url);
  if (url.starts_with("http://")) checks.add(field, "not_https");
}

WorkOutcome read_outcome_form(storage::Connection& connection, const Environment& environment,
                              const Actor& actor, OutcomeForm form, FieldChecks& checks,
                              const WorkOutcome& kept) {
  WorkOutcome outcome;
  outcome.id = kept.id;
  outcome.owner = kept.owner;
  outcome.position = kept.position;
  outcome.version = kept.version;
  outcome.kind = form.kind;
  checks.check_text("title", form.title, {.max = 300, .presence = Presence::required});
  outcome.title = form.title;
  checks.check_text("description", form.description,
                    {.max = kLongestDescription, .lines = Lines::many});
  outcome.description = form.description;
  checks.check_text("next_step", form.next_step, {.max = kLongestNote, .lines = Lines::many});
  outcome.next_step = form.next_step;
  outcome.next_step_by = form.next_step_by;
  checks.check_url("source_url", form.source_url);
  outcome.source_url = form.source_url;
  References references(connection);
  outcome.responsible = references.find_institution(checks, "responsible", form.responsible);
  FormReader reader(connection, environment, actor, checks, kept);
  reader.read_stages(form.stages, outcome);
  outcome.practice = reader.read_practice(form.practice);
  outcome.grew_from = reader.read_origin(form.grew_from);
  return outcome;
}

OutcomeForm to_outcome_form(const WorkOutcome& outcome) {
  OutcomeForm form;
  form.kind = outcome.kind;
  form.title = outcome.title;
  form.description = outcome.description;
  for (const auto& stage : outcome.stages)
    form.stages.push_back({stage.stage, domain::stage_date_text(stage),
                           stage.material ? std::to_string(stage.material->value) : "",
                           stage.document_url, stage.note});
  if (const auto& who = outcome.responsible)
    form.responsible = who->teryt ? *who->teryt : std::to_string(who->id.value);
  form.next_step = outcome.next_step;
  form.next_step_by = outcome.next_step_by;
  if (outcome.practice) form.practice = std::to_string(outcome.practice->value);
  if (outcome.grew_from) form.grew_from = std::to_string(outcome.grew_from->value);
  form.source_url = outcome.source_url;
  return form;
}

}  // namespace narada::usecases
