// What meetings and cycles come to, who adopts practices, and how it hangs together.
#include "service/usecases/outcomes/outcomes.h"

#include <doctest/doctest.h>

#include "service/usecases/adoptions/adoptions.h"
#include "service/usecases/meetings/bin.h"
#include "service/usecases/outcomes/chain.h"
#include "service/usecases/outcomes/practice_draft.h"
#include "service/usecases/outcomes/practice_ways.h"
#include "service/usecases/practices/practices.h"
#include "sql/adoption_store.h"
#include "sql/bin_store.h"
#include "sql/chain_store.h"
#include "sql/connection.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::OutcomeKind;
using domain::OutcomeStage;

namespace {

struct OutcomeWorld : Catalogue {
  OutcomeWorld() {
    add_municipality("Bytom", "2462011");
    add_municipality("Tychy", "2477011");
    add_municipality("Gliwice", "2466011");
    CycleForm form;
    form.title = "Szkoła zieleni";
    form.challenge = "Miasto się nagrzewa.";
    form.goal = "Chłodniejsze place.";
    form.source_urls = {"https://example.org/szkola"};
    form.institutions = {{"2462011", domain::CycleRole::challenge_owner}};
    const auto created = create_cycle(environment, organizer, form);
    REQUIRE(created);
    cycle = created->id;
    auto session = meeting_form("Warsztat pierwszy", "2027-02-01");
    session.cycle = std::to_string(cycle.value);
    session.session_number = 1;
    meeting = add_published_meeting(session).id;
    REQUIRE(publish_cycle(environment, organizer, cycle));
  }

  static OutcomeForm outcome(const std::string& title, OutcomeKind kind = OutcomeKind::prototype) {
    OutcomeForm form;
    form.kind = kind;
    form.title = title;
    return form;
  }
  domain::Practice publish(domain::PracticeId id) {
    auto published = publish_practice(environment, organizer, id);
    REQUIRE(published);
    return *published;
  }
  domain::Practice drafted() {
    const auto id = draft_practice(environment, organizer, cycle, {});
    REQUIRE(id);
    auto practice = find_practice(environment, organizer.actor, std::to_string(id->value));
    REQUIRE(practice);
    return *practice;
  }
  Call coordinator_of(const std::string& teryt) {
    const auto found = find_institution(environment, teryt);
    REQUIRE(found);
    Call call;
    call.actor = {Actor::Kind::person, 7, {{Role::coordinator, found->id}}, domain::PersonId{7}};
    return call;
  }
  int count(const std::string& table) {
    auto connection = database.pool().lease();
    return static_cast<int>(connection->query("SELECT COUNT(*) FROM " + table)[0].integer(0));
  }

  domain::CycleId cycle;
  domain::MeetingId meeting;
};

AdoptionForm adopted(const std::string& since = "") {
  AdoptionForm form;
  form.status = domain::AdoptionStatus::adopted;
  domain::ReachedStage day;
  REQUIRE(domain::read_stage_date(since, day));
  form.since = domain::earliest_day(day);
  return form;
}

}  // namespace

TEST_CASE("an outcome is found as it was written down, and only its organizers change it") {
  OutcomeWorld world;
  auto form = OutcomeWorld::outcome("Plac w cieniu");
  form.description = "Drzewa **w donicach**.";
  form.stages = {{OutcomeStage::pilot, "2026-10", "", "https://bip.example.org/1", "trzy place"},
                 {OutcomeStage::prototype, "2026", "", "", ""}};
  form.responsible = "2477011";
  form.next_step = "Uchwała";
  form.next_step_by = domain::Date{std::chrono::year{2027} / 6 / 30};
  const auto id = add_outcome(world.environment, world.organizer, world.cycle, form);
  REQUIRE(id);
  const auto found = find_outcome(world.environment, world.organizer.actor, *id);
  REQUIRE(found);
  std::swap(form.stages[0], form.stages[1]);  // in the order of the stages
  CHECK(found->form == form);
  CHECK(found->entry.outcome.version == 1);

  CHECK(failed_with<domain::NotFound>(find_outcome(world.environment, world.visitor, *id)) ==
        false);  // the cycle is public: they may not, and are told so
  CHECK(failed_with<domain::Forbidden>(find_outcome(world.environment, world.visitor, *id)));
  Call visitor;
  visitor.actor = world.visitor;
  CHECK(failed_with<domain::Forbidden>(add_outcome(world.environment, visitor, world.cycle, form)));
  CHECK(failed_with<domain::Forbidden>(
      remove_outcome(world.environment, world.coordinator_of("2477011"), *id)));

  CHECK(change_outcome(world.environment, world.organizer, *id, 1, form));  // changes nothing
  form.title = "Plac w cieniu drzew";
  CHECK(
      failed_with<domain::Stale>(change_outcome(world.environment, world.organizer, *id, 2, form)));
  REQUIRE(change_outcome(world.environment, world.organizer, *id, 1, form));
  CHECK(
      failed_with<domain::Stale>(change_outcome(world.environment, world.organizer, *id, 1, form)));
  REQUIRE(remove_outcome(world.environment, world.organizer, *id, 2));
  CHECK(world.count("outcome_stage") == 0);
}

TEST_CASE("what an outcome may not say") {
  OutcomeWorld world;
  struct Row {
    const char* what;
    std::function<void(OutcomeForm&)> spoil;
    std::vector<std::string> errors;
  };
  const std::vector<Row> rows{
      {"no title", [](auto& form) { form.title = " "; }, {"title: required"}},
      {"a date that is none",
       [](auto& form) {
         form.stages = {{OutcomeStage::pilot, "2026-13", "", "", ""}};
       },
       {"stages[0].date: invalid_stage_date"}},
      {"a day to come",
       [](auto& form) {
         form.stages = {{OutcomeStage::pilot, "2027-01-05", "", "", ""}};
       },
       {"stages[0].date: future_date"}},
      {"a pilot before its prototype",
       [](auto& form) {
         form.stages = {{OutcomeStage::prototype, "2026-05", "", "", ""},
                        {OutcomeStage::pilot, "2026-04-30", "", "", ""}};
       },
       {"stages[1].date: stages_out_of_order"}},
      {"a stage twice",
       [](auto& form) {
         form.stages = {{OutcomeStage::pilot, "", "", "", ""},
                        {OutcomeStage::pilot, "", "", "", ""}};
       },
       {"stages[1].stage: stage_twice"}},
      {"an address that anybody may change on the way",
       [](auto& form) {
         form.stages = {{OutcomeStage::pilot, "", "", "http://bip.example.org/1", ""}};
       },
       {"stages[0].document_url: not_https"}},
      {"a material of nobody",
       [](auto& form) {
         form.stages = {{OutcomeStage::pilot, "", "99", "", ""}};
       },
       {"stages[0].material: unknown_material"}},
      {"things that are not there",
       [](auto& form) {
         form.responsible = "9999999";
         form.practice = "nie-ma";
         form.grew_from = "99";
       },
       {"responsible: unknown_institution", "practice: unknown_practice",
        "grew_from: unknown_outcome"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    auto form = OutcomeWorld::outcome("Plac");
    row.spoil(form);
    CHECK(errors_of(add_outcome(world.environment, world.organizer, world.cycle, form)) ==
          row.errors);
  }
  CHECK(world.count("outcome") == 0);
}

TEST_CASE("pasted problems are records, and how many were prototyped is counted from them") {
  OutcomeWorld world;
  std::string lines;
  for (int number = 1; number <= 59; ++number)
    lines += "Problem " + std::to_string(number) + "\r\n";
  const auto added = add_outcome_lines(world.environment, world.organizer, world.cycle,
                                       OutcomeKind::problem, lines + "\n  \nProblem 1\n");
  REQUIRE(added);
  CHECK(*added == 59);
  const auto again = add_outcome_lines(world.environment, world.organizer, world.cycle,
                                       OutcomeKind::problem, "Problem 7\nProblem 60");
  REQUIRE(again);
  CHECK(*again == 1);
  auto results = load_results(world.environment, world.visitor, world.cycle);
  REQUIRE(results);
  for (int number = 0; number < 4; ++number) {
    auto form = OutcomeWorld::outcome("Prototyp " + std::to_string(number));
    form.grew_from =
        std::to_string(results->outcomes[static_cast<std::size_t>(number)].outcome.id.value);
    REQUIRE(add_outcome(world.environment, world.organizer, world.cycle, form));
  }
  const auto chain = load_cycle_chain(world.environment, world.visitor, world.cycle);
  REQUIRE(chain);
  CHECK(chain->problems.problems == 60);
  CHECK(chain->problems.prototyped == 4);
  CHECK(chain->outcomes.size() == 4);
  const auto wrong = add_outcome_lines(world.environment, world.organizer, world.cycle,
                                       OutcomeKind::problem, "dobry\n" + std::string(301, 'x'));
  CHECK(errors_of(wrong) == std::vector<std::string>{"lines: line_too_long"});
}

TEST_CASE("words that are not public stay with the organizers, and a draft says nothing") {
  OutcomeWorld world;
  CHECK(save_report(world.environment, world.organizer, world.meeting, 0,
                    {"Notatka", "Wnioski", false})
            .value() == 1);
  CHECK(load_results(world.environment, world.visitor, world.meeting)->empty());
  CHECK(load_results(world.environment, world.organizer.actor, world.meeting)->report.minutes ==
        "Notatka");
  CHECK(failed_with<domain::Stale>(save_report(world.environment, world.organizer, world.meeting, 0,
                                               {"Inna", "Wnioski", true})));
  REQUIRE(save_report(world.environment, world.organizer, world.meeting, 1,
                      {"Notatka", "Wnioski", true}));
  CHECK(load_results(world.environment, world.visitor, world.meeting)->report.conclusions ==
        "Wnioski");
  const auto draft = world.add_meeting(Catalogue::meeting_form("Szkic", "2027-03-01"));
  REQUIRE(add_outcome(world.environment, world.organizer, draft.id, OutcomeWorld::outcome("Plac")));
  CHECK(failed_with<domain::NotFound>(load_results(world.environment, world.visitor, draft.id)));
}

TEST_CASE("a draft holds what the cycle says and nothing else") {
  OutcomeWorld world;
  auto form = OutcomeWorld::outcome("Plac w cieniu");
  form.stages = {{OutcomeStage::pilot, "2026-10", "", "", ""},
                 {OutcomeStage::published_practice, "", "", "", ""}};
  const auto outcome = add_outcome(world.environment, world.organizer, world.cycle, form);
  REQUIRE(outcome);
  const auto practice = world.drafted();
  CHECK(practice.status == domain::PracticeStatus::draft);
  CHECK(practice.title == "Szkoła zieleni");
  CHECK(practice.situation_before == "Miasto się nagrzewa.");
  CHECK(practice.aim == "Chłodniejsze place.");
  CHECK(practice.description == "Spotkania:\n\n- Warsztat pierwszy (01.02.2027)");
  CHECK(practice.results == "- Plac w cieniu (opublikowana praktyka)");
  CHECK(practice.lessons.empty());
  CHECK(practice.contact.empty());
  REQUIRE(practice.institutions.size() == 1);
  CHECK(practice.institutions[0].name == "Bytom");
  CHECK(find_outcome(world.environment, world.organizer.actor, *outcome)->entry.practice->id ==
        practice.id);
  // While it is a draft nobody outside learns of it.
  CHECK_FALSE(load_results(world.environment, world.visitor, world.cycle)
                  ->outcomes[0]
                  .practice.has_value());
  CHECK(failed_with<domain::NotFound>(
      load_practice_chain(world.environment, world.visitor, practice.slug)));
  CHECK(load_cycle_chain(world.environment, world.visitor, world.cycle)->practices.empty());
}

TEST_CASE("institutions adopt what others gave, once each, and the chain names them") {
  OutcomeWorld world;
  const auto practice = world.publish(world.drafted().id);
  const auto tychy = world.coordinator_of("2477011");
  const auto first =
      record_adoption(world.environment, tychy, practice.slug, "2477011", adopted("2027-01-02"));
  REQUIRE(first);
  CHECK(failed_with<domain::Forbidden>(
      record_adoption(world.environment, tychy, practice.slug, "2466011", adopted())));
  CHECK(errors_of(record_adoption(world.environment, world.organizer, practice.slug, "2462011",
                                  adopted())) ==
        std::vector<std::string>{"institution: own_practice"});
  CHECK(errors_of(record_adoption(world.environment, tychy, practice.slug, "2477011",
                                  adopted("2027-01-05"))) ==
        std::vector<std::string>{"since: future_date"});
  auto gave_up = adopted();
  gave_up.status = domain::AdoptionStatus::given_up;
  REQUIRE(record_adoption(world.environment, world.organizer, practice.slug, "2466011", gave_up));

  const auto public_list = list_adoptions(world.environment, world.visitor, practice.slug);
  REQUIRE(public_list);
  REQUIRE(public_list->size() == 1);
  CHECK(public_list->front().adoption.institution.name == "Tychy");
  CHECK(list_adoptions(world.environment, world.organizer.actor, practice.slug)->size() == 2);
  const auto chain = load_practice_chain(world.environment, world.visitor, practice.slug);
  REQUIRE(chain);
  REQUIRE(chain->cycle);
  CHECK(chain->cycle->title == "Szkoła zieleni");
  CHECK(chain->sessions.size() == 1);
  REQUIRE(chain->practices.size() == 1);
  CHECK(chain->practices[0].adoptions.size() == 1);

  // The same institution again changes its record; a version that is not current changes nothing.
  auto changed = adopted("2027-01-03");
  CHECK(failed_with<domain::Stale>(
      record_adoption(world.environment, tychy, practice.slug, "2477011", changed, 5)));
  CHECK(record_adoption(world.environment, tychy, practice.slug, "2477011", changed, 1).value() ==
        *first);
  CHECK(world.count("adoption") == 2);
  const auto bytom = find_institution(world.environment, "2462011")->id;
  CHECK(list_adoptions_from(world.environment, world.visitor, bytom).size() == 1);
  const auto took = find_institution(world.environment, "2477011")->id;
  CHECK(list_adoptions_by(world.environment, world.visitor, took).size() == 1);
  CHECK(failed_with<domain::NotFound>(
      remove_adoption(world.environment, world.coordinator_of("2466011"), *first)));
  REQUIRE(remove_adoption(world.environment, tychy, *first));
  CHECK(list_adoptions_by(world.environment, world.visitor, took).empty());
}

TEST_CASE("how long it took is measured forwards alone") {
  OutcomeWorld world;
  const auto practice = world.publish(world.drafted().id);  // before the school's first session
  const auto measure = [&] {
    const auto ways = load_practice_ways(world.environment, world.organizer.actor, {});
    REQUIRE(ways);
    REQUIRE(ways->ways.size() == 1);
    CHECK(ways->median_to_practice == ways->ways[0].to_practice);
    CHECK(ways->median_to_adoption == ways->ways[0].to_adoption);
    return std::pair(ways->ways[0].to_practice, ways->ways[0].to_adoption);
  };
  const auto tychy = world.coordinator_of("2477011");
  const std::pair<std::optional<int>, std::optional<int>> nothing;
  REQUIRE(
      record_adoption(world.environment, tychy, practice.slug, "2477011", adopted("2020-05-01")));
  CHECK(measure() == nothing);
  world.clock.advance(std::chrono::days(10));
  const auto day =
      domain::Date{std::chrono::floor<std::chrono::days>(world.clock.now()) - std::chrono::days(3)};
  auto later = adopted();
  later.since = day;
  REQUIRE(record_adoption(world.environment, tychy, practice.slug, "2477011", later));
  CHECK(measure().second == 7);
}

TEST_CASE("a meeting or cycle that goes for good takes its outcomes, not what came of them") {
  OutcomeWorld world;
  const auto practice = world.publish(world.drafted().id);
  auto form = adopted();
  form.meeting = std::to_string(world.meeting.value);
  REQUIRE(record_adoption(world.environment, world.organizer, practice.slug, "2477011", form));
  auto outcome = OutcomeWorld::outcome("Plac");
  outcome.practice = practice.slug;
  REQUIRE(add_outcome(world.environment, world.organizer, world.meeting, outcome));
  REQUIRE(add_outcome(world.environment, world.organizer, world.cycle, outcome));
  REQUIRE(save_report(world.environment, world.organizer, world.cycle, 0, {"a", "b", true}));
  {
    auto connection = world.database.pool().lease();
    storage::delete_meeting(*connection, world.meeting, world.clock.now());
    CHECK(world.count("outcome") == 1);
    storage::delete_cycle(*connection, world.cycle, world.clock.now());
  }
  CHECK(world.count("outcome") == 0);
  CHECK(world.count("work_report") == 0);
  CHECK(world.count("practice") == 1);
  const auto adoptions = list_adoptions(world.environment, world.visitor, practice.slug);
  REQUIRE(adoptions->size() == 1);
  CHECK_FALSE(adoptions->front().adoption.learnt_at.has_value());
  CHECK_FALSE(load_practice_chain(world.environment, world.visitor, practice.slug)->cycle);
}
