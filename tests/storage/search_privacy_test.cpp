#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "service/usecases/access.h"
#include "service/usecases/search/search.h"
#include "service/usecases/search/search_keeper.h"
#include "tests/storage/catalogue.h"

// What everybody may not read is in no result, no suggestion and no count.
using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using namespace std::chrono_literals;

namespace {

struct SearchWorld : Catalogue {
  void run(const std::string& sql) {
    database.pool().read([&](storage::Connection& connection) {
      connection.run(sql);
      return true;
    });
  }
  void add_practice(const std::string& slug, const std::string& title, const std::string& status) {
    run("INSERT INTO practice (slug, title, lead, status, situation_before, aim, description,"
        " results, lessons, caveat, area, created_at, updated_at) VALUES ('" +
        slug + "', '" + title + "', '', '" + status +
        "', '', '', '', '', '', '', 'social_services', NOW(), NOW())");
  }
  void add_material(const std::string& title, const std::string& more,
                    const std::string& owner = "g-jawne") {
    run("INSERT INTO material (meeting_id, kind, title, link, created_at, updated_at" +
        std::string(more.empty() ? "" : ", ") + more.substr(0, more.find('=')) +
        ") SELECT id, 'other', '" + title + "', 'https://nagrania.example/1', NOW(), NOW()" +
        std::string(more.empty() ? "" : ", ") +
        (more.empty() ? "" : more.substr(more.find('=') + 1)) + " FROM meeting WHERE slug = '" +
        owner + "'");
  }
  SearchAnswer found(const std::string& q) { return search(environment, {.q = q}); }
  std::vector<std::string> titles(const std::string& q) {
    std::vector<std::string> titles;
    for (const auto& result : found(q).results) titles.push_back(result.title);
    return titles;
  }
  bool leaves_no_trace(const std::string& q) {
    const auto answer = found(q);
    for (const auto& facet : answer.facets) {
      if (!facet.empty()) return false;
    }
    return answer.results.empty() && answer.total == 0 && answer.corrected.empty() &&
           suggest(environment, q, 10).empty();
  }
};

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("what is not public leaves no trace in the search") {
  SearchWorld world;
  world.add_published_meeting(Catalogue::meeting_form("G jawne", "2027-02-01"));
  world.add_meeting(Catalogue::meeting_form("Jesiotrowa narada", "2027-02-02"));
  world.add_published_meeting(Catalogue::meeting_form("Wyrzucona kumkwatowa", "2027-02-03"));
  world.run("UPDATE meeting SET status = 'binned' WHERE title LIKE '%kumkwatowa'");
  for (const auto* status : {"draft", "submitted", "checked", "archived"})
    world.add_practice("p-" + std::string(status), "Zyzzyva " + std::string(status), status);
  world.add_practice("p-jawna", "Owoc jawny", "published");
  world.run(
      "UPDATE practice SET contact_person = 'Gwidona Brzechwianka', contact_email ="
      " 'gwidona@urzad.example', contact_phone = '321654987', contact_unit = '' WHERE slug ="
      " 'p-jawna'");
  world.add_material("Rambutan uczestnikow", "access='participants'");
  world.add_material("Rambutan organizatorow", "access='organizers'");
  world.add_material("Rambutan jutrzejszy", "available_from='2027-01-05 12:00:00'");
  world.add_material("Rambutan usuniety", "deleted_at=NOW()");
  world.add_material("Rambutan szkicu", "", "jesiotrowa-narada");
  world.add_material("Mangostan", "");
  world.run("INSERT INTO expert (slug, name, kind) VALUES ('prawdziwa', 'Ekspertka', 'person');");
  world.run(
      "INSERT INTO expert (slug, name, kind, merged_into) SELECT 'druga', 'Pitahaja', 'person', id"
      " FROM expert WHERE slug = 'prawdziwa'");
  world.run(
      "INSERT INTO institution (slug, name, kind, active, created_at, updated_at) VALUES"
      " ('dawna', 'Karambolowo', 'other', 0, NOW(), NOW())");
  world.run(
      "INSERT INTO work_report (meeting_id, minutes, conclusions, is_public, updated_at)"
      " SELECT id, 'Protokol o liczi', 'liczi', 0, NOW() FROM meeting WHERE slug = 'g-jawne'");
  for (const auto* hidden :
       {"jesiotrowa", "kumkwatowa", "zyzzyva", "gwidona", "brzechwianka", "gwidona@urzad.example",
        "321654987", "rambutan", "pitahaja", "karambolowo", "liczi"}) {
    CAPTURE(hidden);
    CHECK(world.leaves_no_trace(hidden));
  }
  CHECK(world.titles("mangostan") == Titles{"Mangostan"});
  CHECK(world.titles("owoc") == Titles{"Owoc jawny"});
  CHECK(world.titles("ekspertka") == Titles{"Ekspertka"});
  world.clock.advance(48h);  // beyond the day from which the material is there
  CHECK(world.titles("rambutan") == Titles{"Rambutan jutrzejszy"});
}

TEST_CASE("what is published, renamed or taken back is so in the next search") {
  SearchWorld world;
  CHECK(world.titles("kasztan").empty());
  auto meeting = world.add_meeting(Catalogue::meeting_form("Kasztany i klony", "2027-02-01"));
  CHECK(world.titles("kasztan").empty());
  REQUIRE(publish_meeting(world.environment, world.organizer, meeting.id));
  CHECK(world.titles("kasztan") == Titles{"Kasztany i klony"});
  CHECK(world.titles("klonom") == Titles{"Kasztany i klony"});
  world.add_municipality("Kasztanowo", "2466011");
  CHECK(world.titles("kasztanowo").size() >= 1);
  // Hidden without a trace in the activity log: not shown all the same.
  world.run("UPDATE meeting SET status = 'binned'");
  CHECK(world.titles("klony").empty());
  CHECK(world.found("klony").total == 0);
}

TEST_CASE("an index that is built anew takes the place of the one that answers") {
  SearchWorld world;
  world.add_published_meeting(Catalogue::meeting_form("Jawory", "2027-02-01"));
  auto& keeper = *world.environment.search;
  const auto first = keeper.current(world.environment);
  CHECK(first->size() == keeper.current(world.environment)->size());
  CHECK(keeper.current(world.environment) == first);
  ask_for_new_search_index(world.environment);
  CHECK(keeper.current(world.environment) == first);
  keeper.look_after(world.environment);
  const auto second = keeper.current(world.environment);
  CHECK(second != first);
  CHECK(second->size() == first->size());
  // What was changed without an activity is found when all rows are compared.
  world.run("UPDATE meeting SET title = 'Lipy', version = version + 1");
  CHECK(world.titles("lipa").empty());
  world.clock.advance(2min);
  keeper.look_after(world.environment);
  CHECK(world.titles("lipa") == Titles{"Lipy"});
}

TEST_CASE("facets count what they would leave, and a phrase keeps its words together") {
  SearchWorld world;
  world.add_practice("a", "Ogrody miejskie", "published");
  world.add_practice("b", "Miejskie lasy i ogrody", "published");
  world.run(
      "UPDATE practice SET area = 'technical_services', implementation_year = 2021 WHERE slug = "
      "'b'");
  const auto answer = world.found("ogrody");
  CHECK(answer.total == 2);
  const auto counts = [&](SearchFacet facet, const SearchAnswer& from) {
    std::vector<std::string> values;
    for (const auto& value : from.facets[static_cast<std::size_t>(facet)])
      values.push_back(value.value + " " + std::to_string(value.count));
    return values;
  };
  CHECK(counts(SearchFacet::area, answer) == Titles{"social_services 1", "technical_services 1"});
  SearchRequest request;
  request.q = "ogrody";
  request.chosen[static_cast<std::size_t>(SearchFacet::area)] = {"technical_services"};
  const auto narrowed = search(world.environment, request);
  CHECK(narrowed.total == 1);
  CHECK(counts(SearchFacet::area, narrowed) == Titles{"social_services 1", "technical_services 1"});
  CHECK(counts(SearchFacet::year, narrowed) == Titles{"2021 1"});
  CHECK(world.titles("\"ogrody miejskie\"") == Titles{"Ogrody miejskie"});
  CHECK(world.titles("„lasy i ogrody”") == Titles{"Miejskie lasy i ogrody"});
  CHECK(world.found("ogrodyy").corrected == "ogrody");
}
