#include "service/usecases/practices/practices.h"

#include <doctest/doctest.h>

#include "service/usecases/list_cursor.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;

namespace {

struct PracticeCatalogue : Catalogue {
  PracticeCatalogue() {
    add_municipality("Bytom", "2462011");
    add_municipality("Tychy", "2477011");
  }
  domain::Practice add_published(PracticeForm form) {
    if (form.source_url.empty()) form.source_url = "https://example.org/praktyka";
    const auto draft = create_practice(environment, organizer, form);
    REQUIRE(draft);
    clock.advance(std::chrono::minutes{1});
    auto practice = publish_practice(environment, organizer, draft->id);
    REQUIRE(practice);
    return *practice;
  }
};

PracticeForm full_form() {
  PracticeForm form;
  form.title = "Punkt selektywnej zbiórki";
  form.lead = "Budowa";
  form.type = domain::PracticeType::investment;
  form.type_from_source = true;
  form.area = domain::PracticeArea::technical_services;
  form.origin = domain::PracticeOrigin::metropolis;
  form.state = domain::PracticeState::completed;
  form.implementation_year = 2012;
  form.implementation_month = 5;
  form.budget_pln = "9881414,4";
  form.institutions = {"2477011", "2462011"};
  form.situation_before = "przed";
  form.aim = "cel";
  form.description = "opis";
  form.results = "efekty";
  form.lessons = "wnioski";
  form.contact = "wydział";
  form.found_by = "contest";
  form.financing = "UE";
  form.legacy_url = "https://example.org/old";
  form.source_url = "https://example.org/source";
  form.caveat = "uwaga";
  return form;
}

}  // namespace

TEST_CASE("a practice is found again as typed, grosze and the lead institution first") {
  PracticeCatalogue catalogue;
  const auto created = create_practice(catalogue.environment, catalogue.organizer, full_form());
  REQUIRE(created);
  CHECK(created->status == domain::PracticeStatus::draft);
  CHECK(failed_with<domain::NotFound>(
      find_practice(catalogue.environment, catalogue.visitor, created->slug)));
  REQUIRE(publish_practice(catalogue.environment, catalogue.organizer, created->id));
  const auto practice =
      find_practice(catalogue.environment, catalogue.visitor, "punkt-selektywnej-zbiorki");
  REQUIRE(practice);
  CHECK(practice->budget_pln == "9881414.40");
  REQUIRE(practice->institutions.size() == 2);
  CHECK(practice->institutions.front().name == "Tychy");
  CHECK(practice->type == domain::PracticeType::investment);
  CHECK(practice->type_from_source);
  CHECK(practice->area == domain::PracticeArea::technical_services);
  CHECK(practice->origin == domain::PracticeOrigin::metropolis);
  CHECK(practice->state == domain::PracticeState::completed);
  CHECK(practice->implementation_year == 2012);
  CHECK(practice->implementation_month == 5U);
  CHECK(practice->situation_before + practice->aim + practice->description + practice->results +
            practice->lessons ==
        "przedcelopisefektywnioski");
  CHECK(practice->published_at == catalogue.clock.now());
}

TEST_CASE("each rule that a practice breaks is named with its field") {
  PracticeCatalogue catalogue;
  struct Row {
    const char* name;
    void (*break_it)(PracticeForm&);
    std::vector<std::string> errors;
  };
  const std::vector<Row> rows = {
      {"no title", [](PracticeForm& f) { f.title = ""; }, {"title: required"}},
      {"amount in words",
       [](PracticeForm& f) { f.budget_pln = "dużo"; },
       {"budget_pln: invalid_amount"}},
      {"negative amount",
       [](PracticeForm& f) { f.budget_pln = "-1"; },
       {"budget_pln: invalid_amount"}},
      {"three places",
       [](PracticeForm& f) { f.budget_pln = "1.234"; },
       {"budget_pln: invalid_amount"}},
      {"a budget of a procedure",
       [](PracticeForm& f) { f.type = domain::PracticeType::procedural; },
       {"budget_pln: not_for_procedural"}},
      {"month without year",
       [](PracticeForm& f) { f.implementation_year.reset(); },
       {"implementation_year: required"}},
      {"month 13",
       [](PracticeForm& f) { f.implementation_month = 13; },
       {"implementation_month: out_of_range"}},
      {"unknown way of finding",
       [](PracticeForm& f) { f.found_by = "dream"; },
       {"found_by: unknown_value"}},
      {"unknown institution",
       [](PracticeForm& f) {
         f.institutions = {"x", "2462011"};
       },
       {"institutions[0]: unknown_institution"}},
      {"data link",
       [](PracticeForm& f) { f.source_url = "data:text/html,x"; },
       {"source_url: invalid_url"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    PracticeForm form = full_form();
    row.break_it(form);
    CHECK(errors_of(create_practice(catalogue.environment, catalogue.organizer, form)) ==
          row.errors);
  }
}

TEST_CASE("practices are listed newest first, by filter and by page") {
  PracticeCatalogue catalogue;
  PracticeForm first;
  first.title = "Pierwsza";
  first.institutions = {"2462011"};
  PracticeForm second;
  second.title = "Druga";
  second.type = domain::PracticeType::it;
  second.institution_text = "Turek";
  PracticeForm third;
  third.title = "Trzecia";
  third.area = domain::PracticeArea::social_dialogue;
  for (const auto* form : {&first, &second, &third}) catalogue.add_published(*form);
  const auto listed = [&](auto set, PageRequest request = {}) {
    PracticeFilter filter;
    set(filter);
    std::vector<std::string> titles;
    for (const auto& practice :
         list_practices(catalogue.environment, catalogue.visitor, filter, request).items) {
      titles.push_back(practice.title);
    }
    return titles;
  };
  using Titles = std::vector<std::string>;
  const auto all = [](auto&) {};
  CHECK(listed(all) == Titles{"Trzecia", "Druga", "Pierwsza"});
  CHECK(listed([](auto& f) { f.institution = "bytom"; }) == Titles{"Pierwsza"});
  CHECK(listed([](auto& f) { f.type = domain::PracticeType::it; }) == Titles{"Druga"});
  CHECK(listed([](auto& f) { f.area = domain::PracticeArea::social_dialogue; }) ==
        Titles{"Trzecia"});
  CHECK(listed([](auto& f) { f.q = "turek"; }) == Titles{"Druga"});
  CHECK(listed([](auto& f) { f.q = "bytom"; }) == Titles{"Pierwsza"});
  CHECK(listed([](auto& f) { f.topic = "nic"; }) == Titles{});
  const auto page =
      list_practices(catalogue.environment, catalogue.visitor, {}, {.limit = 2, .cursor = {}});
  CHECK(listed(all, {.limit = 2, .cursor = page.next}) == Titles{"Pierwsza"});
}

TEST_CASE("a page of 30 practices issues as many statements as a page of one") {
  PracticeCatalogue catalogue;
  const auto pool = std::make_unique<storage::Pool>(catalogue.database.address(),
                                                    storage::PoolOptions{.size = 1});
  catalogue.environment.pool = pool.get();
  const auto statements_of_a_page = [&] {
    const auto before = pool->lease()->statements();
    static_cast<void>(list_practices(catalogue.environment, catalogue.visitor, {}, {}));
    return pool->lease()->statements() - before;
  };
  catalogue.add_published(full_form());
  statements_of_a_page();
  const auto for_one = statements_of_a_page();
  for (int number = 2; number <= 30; ++number) catalogue.add_published(full_form());
  CHECK(list_practices(catalogue.environment, catalogue.visitor, {}, {}).items.size() == 30);
  CHECK(statements_of_a_page() == for_one);
  CHECK(for_one == 2);
}

TEST_CASE("publishing a practice twice is the same as once") {
  PracticeCatalogue catalogue;
  const auto practice = catalogue.add_published(full_form());
  catalogue.clock.advance(std::chrono::hours{1});
  const auto again = publish_practice(catalogue.environment, catalogue.organizer, practice.id);
  REQUIRE(again);
  CHECK(again->version == practice.version);
  CHECK(again->published_at == practice.published_at);
  CHECK(failed_with<domain::NotFound>(
      publish_practice(catalogue.environment, catalogue.organizer, {4711})));
}
