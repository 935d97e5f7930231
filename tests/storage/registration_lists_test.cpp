#include "service/usecases/registrations/registration_lists.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationSort;
using domain::RegistrationStatus;
using usecases::Actor;
using usecases::RegistrationListRequest;
using usecases::Role;

namespace {

using Names = std::vector<std::string>;

Actor person_with(const std::vector<domain::RoleGrant>& grants) {
  Actor actor{Actor::Kind::person, 900, grants};
  actor.person = domain::PersonId{900};
  return actor;
}

Actor coordinator_of(std::int64_t institution) {
  return person_with({{Role::coordinator, domain::InstitutionId{institution}}});
}

usecases::Registered enter_of(RegistrationWorld& world, domain::MeetingId meeting, int number,
                              const std::string& institution, const std::string& needs = {}) {
  auto form = RegistrationWorld::person(number);
  form.institution = institution;
  form.needs = needs;
  auto registered = world.try_register(meeting, form);
  REQUIRE(registered);
  return *registered;
}

Names names_of(const std::vector<domain::RegistrationRow>& rows) {
  Names names;
  for (const auto& row : rows) names.push_back(row.full_name);
  return names;
}

Names search(RegistrationWorld& world, const Actor& actor, const domain::RegistrationFilter& filter,
             RegistrationSort sort = RegistrationSort::newest) {
  RegistrationListRequest request;
  request.filter = filter;
  request.sort = sort;
  const auto found = search_registrations(world.environment(), actor, request);
  REQUIRE_MESSAGE(found, describe(found));
  CHECK(found->count == static_cast<std::int64_t>(found->rows.items.size()));
  return names_of(found->rows.items);
}

}  // namespace

TEST_CASE("a list of registrations narrows by each of its filters") {
  RegistrationWorld world;
  const auto first = world.publish();
  auto form = world.meeting_form();
  form.title = "Zielone dachy";
  form.starts += std::chrono::days(30);
  form.ends += std::chrono::days(30);
  form.online = {true, {}};
  const auto second = world.publish(form);
  enter_of(world, first.id, 1, "2466011");
  enter_of(world, first.id, 2, "zgierz-wies");
  auto online = RegistrationWorld::person(3);
  online.mode = domain::AttendanceMode::online;
  REQUIRE(world.try_register(second.id, online));
  world.cancel(enter_of(world, first.id, 4, "gzm").registration.id);
  const auto& organizer = world.organizer().actor;

  domain::RegistrationFilter none;
  CHECK(search(world, organizer, none) == Names{"Osoba 4", "Osoba 3", "Osoba 2", "Osoba 1"});
  struct Row {
    const char* name;
    domain::RegistrationFilter filter;
    Names found;
  };
  std::vector<Row> rows(11);
  rows[0] = {"meeting by slug", {}, {"Osoba 3"}};
  rows[0].filter.meeting = second.slug;
  rows[1] = {"meeting by id", {}, {"Osoba 4", "Osoba 2", "Osoba 1"}};
  rows[1].filter.meeting = std::to_string(first.id.value);
  rows[2] = {"a part of the title", {}, {"Osoba 3"}};
  rows[2].filter.meeting = "dach";
  rows[3] = {"institution by TERYT", {}, {"Osoba 3", "Osoba 1"}};
  rows[3].filter.institution = "2466011";
  rows[4] = {"institution by slug", {}, {"Osoba 2"}};
  rows[4].filter.institution = "zgierz-wies";
  rows[5] = {"a part of the institution's name", {}, {"Osoba 4"}};
  rows[5].filter.institution = "Metropol";
  rows[6] = {"status", {}, {"Osoba 4"}};
  rows[6].filter.status = RegistrationStatus::cancelled;
  rows[7] = {"mode", {}, {"Osoba 3"}};
  rows[7].filter.mode = domain::AttendanceMode::online;
  rows[8] = {"from a day on", {}, {"Osoba 3"}};
  rows[8].filter.from = domain::Date(std::chrono::year(2027) / 1 / 20);
  rows[9] = {"until a day, inclusive", {}, {"Osoba 4", "Osoba 2", "Osoba 1"}};
  rows[9].filter.to = domain::Date(std::chrono::year(2027) / 1 / 19);
  rows[10] = {"words with a wildcard as it stands", {}, {}};
  rows[10].filter.q = "Osoba_";
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(search(world, organizer, row.filter) == row.found);
  }
  domain::RegistrationFilter words;
  words.q = "osoba2@";
  CHECK(search(world, organizer, words) == Names{"Osoba 2"});
}

TEST_CASE("a list of registrations is sorted as asked, ties by arrival") {
  RegistrationWorld world;
  const auto meeting = world.publish(2);
  enter_of(world, meeting.id, 3, "zgierz-wies");
  enter_of(world, meeting.id, 1, "gzm");
  enter_of(world, meeting.id, 2, "zgierz-wies");  // waits
  const auto& organizer = world.organizer().actor;
  const auto listed = [&](RegistrationSort sort) {
    RegistrationListRequest request;
    request.sort = sort;
    const auto found = list_meeting_registrations(world.environment(), organizer,
                                                  std::to_string(meeting.id.value), request);
    REQUIRE(found);
    return names_of(found->list.rows.items);
  };
  CHECK(listed(RegistrationSort::arrival) == Names{"Osoba 3", "Osoba 1", "Osoba 2"});
  CHECK(listed(RegistrationSort::newest) == Names{"Osoba 2", "Osoba 1", "Osoba 3"});
  CHECK(listed(RegistrationSort::name) == Names{"Osoba 1", "Osoba 2", "Osoba 3"});
  CHECK(listed(RegistrationSort::institution) == Names{"Osoba 1", "Osoba 3", "Osoba 2"});
  CHECK(listed(RegistrationSort::status) == Names{"Osoba 3", "Osoba 1", "Osoba 2"});
}

TEST_CASE("pages of every order hold everybody once, whoever comes meanwhile") {
  RegistrationWorld world;
  const auto meeting = world.publish(400);
  for (int number = 1; number <= 25; ++number)
    enter_of(world, meeting.id, number, number % 2 == 0 ? "gzm" : "2466011");
  int next_number = 100;
  for (const auto sort :
       {RegistrationSort::arrival, RegistrationSort::newest, RegistrationSort::name,
        RegistrationSort::institution, RegistrationSort::status, RegistrationSort::meeting}) {
    CAPTURE(to_string(sort));
    std::set<std::int64_t> before;
    RegistrationListRequest all;
    all.sort = sort;
    all.page.limit = 200;
    const auto whole = list_meeting_registrations(world.environment(), world.organizer().actor,
                                                  std::to_string(meeting.id.value), all);
    for (const auto& row : whole->list.rows.items) before.insert(row.id.value);
    RegistrationListRequest request = all;
    request.page.limit = 4;
    std::multiset<std::int64_t> seen;
    do {
      const auto page = list_meeting_registrations(world.environment(), world.organizer().actor,
                                                   std::to_string(meeting.id.value), request);
      REQUIRE(page);
      for (const auto& row : page->list.rows.items) seen.insert(row.id.value);
      request.page.cursor = page->list.rows.next;
      enter_of(world, meeting.id, next_number++, "zgierz-wies");
    } while (request.page.cursor);
    for (const auto id : before) CHECK(seen.count(id) == 1);
    for (const auto id : seen) CHECK(seen.count(id) == 1);
  }
}

TEST_CASE("a list of one and of thirty registrations takes the same number of statements") {
  RegistrationWorld world({.size = 1});
  const auto few = world.publish(400);
  const auto many = world.publish(400);
  world.enter(few.id, 1);
  for (int number = 1; number <= 30; ++number) world.enter(many.id, number);
  const auto statements_of = [&](auto work) {
    const auto before = world.pool().lease()->statements();
    work();
    return world.pool().lease()->statements() - before;
  };
  const auto list = [&](domain::MeetingId meeting, std::size_t count) {
    return statements_of([&] {
      const auto found =
          list_meeting_registrations(world.environment(), world.organizer().actor,
                                     std::to_string(meeting.value), RegistrationListRequest{});
      REQUIRE(found);
      CHECK(found->list.rows.items.size() == count);
    });
  };
  const auto one = list(few.id, 1);
  CHECK(list(many.id, 30) == one);
  CHECK(one <= 7);
  const auto searching = [&](const std::string& meeting, std::size_t count) {
    return statements_of([&] {
      domain::RegistrationFilter filter;
      filter.meeting = meeting;
      CHECK(search(world, world.organizer().actor, filter).size() == count);
    });
  };
  CHECK(searching(few.slug, 1) == 2);
  CHECK(searching(many.slug, 30) == 2);
}

TEST_CASE("everybody sees whom they may see, and needs only who needs to") {
  RegistrationWorld world;
  const auto hosted = world.publish();
  auto elsewhere = world.meeting_form();
  elsewhere.title = "Gdzie indziej";
  elsewhere.places = {{"Dom kultury", "", "", "1020102", {}}};
  const auto other = world.publish(elsewhere);
  enter_of(world, hosted.id, 1, "2466011", "pętla indukcyjna");
  enter_of(world, hosted.id, 2, "gzm", "dieta");
  enter_of(world, other.id, 3, "2466011", "rampa");
  struct Row {
    const char* name;
    Actor actor;
    Names seen;   // newest first; empty: forbidden
    Names needs;  // in the same order
  };
  const std::vector<Row> rows = {
      {"organizer everywhere",
       person_with({{Role::organizer, {}}}),
       {"Osoba 3", "Osoba 2", "Osoba 1"},
       {"rampa", "dieta", "pętla indukcyjna"}},
      {"organizer of the host",
       person_with({{Role::organizer, domain::InstitutionId{1}}}),
       {"Osoba 2", "Osoba 1"},
       {"dieta", "pętla indukcyjna"}},
      {"organizer of one meeting",
       person_with({{Role::organizer, other.id}}),
       {"Osoba 3"},
       {"rampa"}},
      {"coordinator of Gliwice", coordinator_of(1), {"Osoba 3", "Osoba 1"}, {"", ""}},
      {"coordinator and organizer",
       person_with({{Role::coordinator, domain::InstitutionId{1}}, {Role::organizer, hosted.id}}),
       {"Osoba 3", "Osoba 2", "Osoba 1"},
       {"", "dieta", "pętla indukcyjna"}},
      {"expert", person_with({{Role::expert, hosted.id}}), {}, {}},
      {"official", person_with({}), {}, {}},
      {"visitor", Actor{}, {}, {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto found = search_registrations(world.environment(), row.actor, {});
    if (row.seen.empty()) {
      CHECK(describe(found) == "forbidden");
      CHECK(describe(read_registrations(world.environment(), row.actor, {},
                                        RegistrationSort::newest, [](const auto&) {})) ==
            "forbidden");
      CHECK(describe(list_meeting_registrations(world.environment(), row.actor,
                                                std::to_string(hosted.id.value), {})) ==
            "not_found");
      continue;
    }
    REQUIRE(found);
    CHECK(names_of(found->rows.items) == row.seen);
    Names needs, exported;
    for (const auto& one : found->rows.items) needs.push_back(one.needs);
    CHECK(needs == row.needs);
    REQUIRE(read_registrations(world.environment(), row.actor, {}, RegistrationSort::newest,
                               [&](const domain::RegistrationRow& one) {
                                 exported.push_back(one.full_name + one.needs);
                               }));
    Names expected;
    for (std::size_t index = 0; index < row.seen.size(); ++index)
      expected.push_back(row.seen[index] + row.needs[index]);
    CHECK(exported == expected);
  }
}

TEST_CASE("of a meeting a coordinator sees their own people, with numbers of them alone") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  enter_of(world, meeting.id, 1, "gzm");
  const auto own = enter_of(world, meeting.id, 2, "2466011");
  const auto key = std::to_string(meeting.id.value);
  const auto found = list_meeting_registrations(world.environment(), coordinator_of(1), key, {});
  REQUIRE(found);
  CHECK(names_of(found->list.rows.items) == Names{"Osoba 2"});
  REQUIRE(found->numbers.size() == 1);
  CHECK(found->numbers[0].confirmed == 0);
  CHECK(found->numbers[0].waitlisted == 1);
  CHECK(found->list.rows.items[0].queue_position == 1);
  CHECK(found->institutions == 1);
  CHECK_FALSE(found->may_decide);
  CHECK(found->may_cancel);
  const auto whole =
      list_meeting_registrations(world.environment(), world.organizer().actor, key, {});
  REQUIRE(whole);
  CHECK(whole->numbers[0].confirmed == 1);
  CHECK(whole->institutions == 2);
  CHECK(whole->offices ==
        std::vector<std::pair<std::string, std::string>>{
            {"gliwice", "Gliwice"}, {"gzm", "Górnośląsko-Zagłębiowska Metropolia"}});
  const auto chosen =
      find_meeting_registrations(world.environment(), coordinator_of(1), key,
                                 {domain::RegistrationId{1}, own.registration.id, {99}});
  REQUIRE(chosen);
  CHECK(names_of(*chosen) == Names{"Osoba 2"});
  CHECK(describe(find_meeting_registrations(world.environment(), coordinator_of(3), key, {})) ==
        "ok");
}

TEST_CASE("a registration's own page tells its history and its mails") {
  RegistrationWorld world;
  auto form = world.meeting_form();
  form.approval = true;
  const auto meeting = world.publish(form);
  const auto id = world.enter(meeting.id, 1).registration.id;
  REQUIRE(approve_registration(world.environment(), world.organizer(), id));
  const auto record = find_registration_record(world.environment(), world.organizer().actor, id);
  REQUIRE(record);
  Names verbs, kinds;
  for (const auto& event : record->history) verbs.push_back(event.verb + " " + event.actor);
  for (const auto& mail : record->mails) kinds.push_back(mail.kind);
  CHECK(verbs == Names{"registration.approved token:1", "registration.created anonymous"});
  CHECK(kinds == Names{"registration_confirmed", "registration_pending"});
  CHECK(record->may_decide);
  CHECK(record->may_see_needs);

  const auto colleague = find_registration_record(world.environment(), coordinator_of(1), id);
  REQUIRE(colleague);
  CHECK(colleague->history.empty());
  CHECK(colleague->mails.empty());
  CHECK_FALSE(colleague->may_decide);
  CHECK(colleague->may_change);
  CHECK_FALSE(colleague->may_see_needs);
  for (const auto& actor :
       {coordinator_of(2), person_with({{Role::expert, meeting.id}}), person_with({}), Actor{}})
    CHECK(describe(find_registration_record(world.environment(), actor, id)) == "not_found");
  // One's own is read elsewhere: the panel is for those who answer for others.
  Actor self = person_with({});
  self.person = record->view.registration.person.id;
  CHECK(describe(find_registration_record(world.environment(), self, id)) == "not_found");
}
