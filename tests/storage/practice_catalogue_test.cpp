#include "service/usecases/practices/practice_catalogue.h"

#include <doctest/doctest.h>

#include "service/usecases/materials/public_documents.h"
#include "service/usecases/meetings/meeting_map.h"
#include "service/usecases/overview/sitemap.h"
#include "service/usecases/practices/practices.h"
#include "sql/pool.h"
#include "sql/practice_catalogue_store.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;

namespace {

struct Shelf : Catalogue {
  Shelf() {
    add_town("Bytom", "2462011", 161'000, true);
    add_town("Wojkowice", "2401081", 8'700, true);
    add_town("Sopot", "2264011", 32'000, false);
    REQUIRE(create_topic(environment, organizer, "Zieleń", "Green"));
    REQUIRE(create_topic(environment, organizer, "Transport", ""));
  }

  void add_town(const std::string& name, const std::string& teryt, std::int64_t population,
                bool of_metropolis) {
    auto form = municipality(name, teryt);
    form.population = population;
    form.position = domain::GeoPoint{50.0 + static_cast<double>(population % 7) / 10, 18.9};
    const auto made = create_institution(environment, organizer, form);
    REQUIRE(made);
    if (!of_metropolis) return;
    run("INSERT IGNORE INTO association (code, name) VALUES ('GZM', 'Metropolia GZM')");
    run("INSERT INTO association_membership (association_id, institution_id)"
        " SELECT a.id, " +
        std::to_string(made->id.value) + " FROM association a WHERE a.code = 'GZM'");
  }
  void run(const std::string& sql) {
    environment.pool->transact([&](storage::Connection& connection) { connection.run(sql); });
  }

  static PracticeForm form(const std::string& title, const std::string& teryt) {
    PracticeForm made;
    made.title = title;
    made.institutions = {teryt};
    return made;
  }
  domain::PracticeId add_draft(const PracticeForm& form) {
    const auto draft = create_practice(environment, organizer, form);
    REQUIRE(draft);
    return draft->id;
  }
  domain::PracticeId add(const PracticeForm& form) {
    clock.advance(std::chrono::minutes{1});
    const auto id = add_draft(form);
    set_status(id, "published");
    return id;
  }
  // As the steps of verification leave it.
  void set_status(domain::PracticeId id, const std::string& status) {
    environment.pool->transact([&](storage::Connection& connection) {
      connection.execute("UPDATE practice SET status = ?, published_at = ? WHERE id = ?",
                         {status, environment.clock->now(), id});
    });
  }

  std::vector<std::string> titles(const CatalogueFilter& filter) {
    std::vector<std::string> titles;
    for (const auto& one : list_catalogue(environment, filter, 50))
      titles.push_back(one.practice.title);
    return titles;
  }
};

using Titles = std::vector<std::string>;
using Counts = std::vector<std::pair<std::string, std::int64_t>>;

Counts counts_of(const std::vector<domain::FacetCount>& facet) {
  Counts counts;
  for (const auto& one : facet) counts.emplace_back(one.value, one.count);
  return counts;
}

}  // namespace

TEST_CASE("practices are found by type, area, topic, place, year, size and words") {
  Shelf shelf;
  auto form = Shelf::form("Łąka kwietna", "2462011");
  form.type = domain::PracticeType::investment;
  form.area = domain::PracticeArea::technical_services;
  form.topic = "zielen";
  form.implementation_year = 2023;
  shelf.add(form);
  form = Shelf::form("Autobus na żądanie", "2401081");
  form.type = domain::PracticeType::organizational;
  form.topic = "transport";
  form.implementation_year = 2025;
  shelf.add(form);
  shelf.add(Shelf::form("Cyfrowy urząd", "2264011"));
  const Titles all = {"Cyfrowy urząd", "Autobus na żądanie", "Łąka kwietna"};
  struct Row {
    const char* name;
    CatalogueFilter filter;
    Titles titles;
  };
  const std::vector<Row> rows = {
      {"all", {}, all},
      {"type", {.type = domain::PracticeType::investment}, {"Łąka kwietna"}},
      {"area", {.area = domain::PracticeArea::technical_services}, {"Łąka kwietna"}},
      {"topic", {.topic = "transport"}, {"Autobus na żądanie"}},
      {"institution", {.institution = "2264011"}, {"Cyfrowy urząd"}},
      {"association", {.association = "GZM"}, {"Autobus na żądanie", "Łąka kwietna"}},
      {"voivodeship", {.voivodeship = "śląskie"}, all},
      {"another voivodeship", {.voivodeship = "lubuskie"}, {}},
      {"year", {.year = 2025}, {"Autobus na żądanie"}},
      {"size", {.size = domain::MunicipalitySize::to_20k}, {"Autobus na żądanie"}},
      {"size, large", {.size = domain::MunicipalitySize::over_100k}, {"Łąka kwietna"}},
      {"words", {.q = "urząd"}, {"Cyfrowy urząd"}},
      {"words of a place", {.q = "Wojkow"}, {"Autobus na żądanie"}},
      {"nothing is featured", {.featured_only = true}, {}},
      {"no such topic", {.topic = "nie-ma"}, {}},
      {"no such institution", {.institution = "9999999"}, {}},
      {"by title",
       {.order = domain::PracticeOrder::title},
       {"Autobus na żądanie", "Cyfrowy urząd", "Łąka kwietna"}},
      {"by year",
       {.order = domain::PracticeOrder::implemented},
       {"Autobus na żądanie", "Łąka kwietna", "Cyfrowy urząd"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(shelf.titles(row.filter) == row.titles);
  }
}

TEST_CASE("each choice tells what another would give, and pages follow one another") {
  Shelf shelf;
  auto form = Shelf::form("A", "2462011");
  form.type = domain::PracticeType::investment;
  form.topic = "zielen";
  form.implementation_year = 2023;
  shelf.add(form);
  form.title = "B";
  form.institutions = {"2462011", "2401081"};
  form.type = domain::PracticeType::it;
  form.implementation_year = 2024;
  shelf.add(form);
  CatalogueFilter filter;
  filter.type = domain::PracticeType::it;
  const auto page = load_catalogue_page(shelf.environment, filter, 1, 1);
  CHECK(page.total == 1);
  CHECK(counts_of(page.facets.types) == Counts{{"investment", 1}, {"it", 1}});
  CHECK(counts_of(page.facets.topics) == Counts{{"zielen", 1}});
  CHECK(counts_of(page.facets.years) == Counts{{"2024", 1}});
  CHECK(counts_of(page.facets.sizes) == Counts{{"over_100k", 1}, {"to_20k", 1}});
  CHECK(counts_of(page.facets.associations) == Counts{{"GZM", 1}});
  const auto first = load_catalogue_page(shelf.environment, {}, 1, 1);
  const auto second = load_catalogue_page(shelf.environment, {}, 2, 1);
  CHECK(first.total == 2);
  CHECK(counts_of(first.facets.years) == Counts{{"2024", 1}, {"2023", 1}});
  CHECK(first.practices.front().practice.title == "B");
  CHECK(second.practices.front().practice.title == "A");
  CHECK(load_catalogue_page(shelf.environment, {}, 3, 1).practices.empty());
}

TEST_CASE("what is not published is in no list, count, map or sitemap") {
  Shelf shelf;
  auto form = Shelf::form("Tajna praktyka", "2462011");
  form.type = domain::PracticeType::it;
  form.topic = "zielen";
  form.implementation_year = 2024;
  const auto id = shelf.add_draft(form);
  form.title = "Jawna praktyka";
  const auto published = shelf.add(form);
  for (const auto* status : {"draft", "submitted", "checked", "archived", "published"}) {
    CAPTURE(status);
    shelf.set_status(id, status);
    const bool seen = std::string(status) == "published";
    const std::int64_t count = seen ? 2 : 1;
    const auto page = load_catalogue_page(shelf.environment, {}, 1, 30);
    CHECK(page.total == count);
    CHECK(static_cast<std::int64_t>(page.practices.size()) == count);
    CHECK(counts_of(page.facets.types) == Counts{{"it", count}});
    CHECK(counts_of(page.facets.topics) == Counts{{"zielen", count}});
    CHECK(counts_of(page.facets.years) == Counts{{"2024", count}});
    CHECK(counts_of(page.facets.sizes) == Counts{{"over_100k", count}});
    CHECK(counts_of(page.facets.associations) == Counts{{"GZM", count}});
    const auto places = load_practice_places(shelf.environment, {});
    CHECK(places.practices == count);
    REQUIRE(places.institutions.size() == 1);
    CHECK(places.institutions.front().count == count);
    const auto one =
        find_practice(shelf.environment, shelf.visitor, std::to_string(published.value));
    CHECK(related_practices(shelf.environment, *one).size() == (seen ? 1 : 0));
    const auto topics = list_topic_counts(shelf.environment);
    REQUIRE(topics.size() == 2);
    CHECK(topics.back().practices == count);
    bool listed = false;
    for (const auto& entry : list_sitemap(shelf.environment, 0, 1000))
      listed = listed || entry.path == "/praktyki/tajna-praktyka";
    CHECK(listed == seen);
  }
}

TEST_CASE("the English words and the choice of editors come with the lists") {
  Shelf shelf;
  const auto id = shelf.add(Shelf::form("Łąka", "2462011"));
  shelf.run(
      "INSERT INTO practice_edition (practice_id, language, title, lead, situation_before,"
      " aim, description, results, lessons) VALUES (" +
      std::to_string(id.value) + ", 'en', 'Meadow', 'Flowers', '', '', '', '', '')");
  shelf.run("UPDATE practice SET featured_at = '2027-01-01 00:00:00'");
  CatalogueFilter filter;
  filter.featured_only = true;
  const auto found = list_catalogue(shelf.environment, filter, 5);
  REQUIRE(found.size() == 1);
  CHECK(found.front().title_en == "Meadow");
  CHECK(found.front().lead_en == "Flowers");
  CHECK(found.front().featured);
}

TEST_CASE("a list of one and of thirty practices takes the same number of statements") {
  Shelf shelf;
  const auto statements = [&] {
    return shelf.environment.pool->read([](storage::Connection& connection) {
      const auto before = connection.statements();
      storage::list_catalogue(connection, {}, domain::PracticeOrder::newest, 0, 50,
                              domain::Date{std::chrono::year(2027) / 1 / 1});
      return connection.statements() - before;
    });
  };
  shelf.add(Shelf::form("Praktyka", "2462011"));
  const auto one = statements();
  for (int i = 0; i < 29; ++i) shelf.add(Shelf::form("Praktyka", "2462011"));
  CHECK(statements() == one);
}

TEST_CASE("published meetings are on the map where their places are") {
  Shelf shelf;
  auto form = Shelf::meeting_form("Spotkanie", "2027-03-01");
  form.topic = "zielen";
  form.form = domain::MeetingForm::workshop;
  form.places = {{"Urząd", "ul. Nowa 1", "", "2462011", {}}, {"Park", "", "", "2462011", {}}};
  const auto meeting = shelf.add_published_meeting(form);
  form.title = "Szkic";
  shelf.add_meeting(form);
  struct Row {
    const char* name;
    MeetingMapFilter filter;
    std::int64_t meetings;
  };
  const std::vector<Row> rows = {
      {"all", {}, 1},
      {"topic", {.topic = "zielen"}, 1},
      {"another topic", {.topic = "transport"}, 0},
      {"no such topic", {.topic = "x"}, 0},
      {"form", {.form = domain::MeetingForm::workshop}, 1},
      {"another form", {.form = domain::MeetingForm::webinar}, 0},
      {"association", {.association = "GZM"}, 1},
      {"no such association", {.association = "X"}, 0},
      {"year", {.year = 2027}, 1},
      {"another year", {.year = 2026}, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto places = load_meeting_places(shelf.environment, row.filter);
    CHECK(places.meetings == row.meetings);
    CHECK(places.years == std::vector<int>{2027});
    REQUIRE(static_cast<std::int64_t>(places.institutions.size()) == row.meetings);
    if (row.meetings == 1) CHECK(places.institutions.front().count == 1);
  }
  const auto positions = load_meeting_positions(shelf.environment, {meeting});
  CHECK(positions.at(meeting.id).size() == 2);
  CHECK(load_member_positions(shelf.environment, "GZM").size() == 2);
  CHECK(load_member_positions(shelf.environment, "nie ma").empty());
}
