// What is promised to somebody counts as a place wherever places become fewer or change hands.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/meetings/change_undoing.h"
#include "service/usecases/registrations/attendance.h"
#include "service/usecases/registrations/delegations.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/registrations/place_rules.h"
#include "service/usecases/registrations/substitution.h"
#include "sql/connection.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::RegistrationStatus;
using usecases::Shrinking;

namespace {

const std::vector<std::string> kNone;

struct PromiseWorld : RegistrationWorld {
  void offer_places(const domain::Meeting& meeting) {
    usecases::PlaceRulesForm rules;
    rules.offer_minutes = 120;
    const auto saved = save_places(environment(), organizer(), meeting.id, rules);
    REQUIRE_MESSAGE(saved.ok(), describe(saved));
  }
  void come(const domain::Meeting& meeting, int first, int last) {
    for (int number = first; number <= last; ++number) {
      ids[number] = enter(meeting.id, number).registration.id;
      clock().advance(1min);
    }
  }
  std::string edit(const domain::Meeting& meeting, int capacity, Shrinking shrinking) {
    return describe(change_meeting(environment(), organizer(), meeting.id,
                                   RegistrationWorld::meeting(meeting.id).version,
                                   meeting_form(capacity), shrinking));
  }
  std::string accept(int person) {
    return describe(accept_offer(environment(), holder(ids.at(person)), ids.at(person)));
  }
  std::string places(const domain::Meeting& meeting) {
    const auto seats = RegistrationWorld::meeting(meeting.id).onsite;
    return fmt::format("{} in, {} held, {} waiting", seats.confirmed, seats.held, seats.waiting);
  }
  // "2 3": those of the status, by number.
  std::string all(RegistrationStatus status) {
    std::string text;
    for (const auto& [number, id] : ids) {
      if (load(id).status == status) text += (text.empty() ? "" : " ") + std::to_string(number);
    }
    return text;
  }
  std::string offered() {
    std::string text;
    for (const auto& [number, id] : ids) {
      if (load(id).offer_until) text += (text.empty() ? "" : " ") + std::to_string(number);
    }
    return text;
  }
  usecases::Call coordinator() {
    usecases::Call call;
    call.actor = usecases::Actor{usecases::Actor::Kind::person,
                                 900,
                                 {{usecases::Role::coordinator, domain::InstitutionId{1}}}};
    return call;
  }
  void delegate(const domain::Meeting& meeting, int places, int named) {
    const auto key = std::to_string(meeting.id.value);
    usecases::PlacesForm form;
    form.onsite = places;
    REQUIRE(set_places(environment(), coordinator(), key, "gliwice", std::nullopt, form));
    usecases::NamesForm names;
    for (int number = 1; number <= named; ++number) {
      names.text += fmt::format("Delegat {0};d{0}@urzad.example;inspektor\n", number);
    }
    if (named > 0) REQUIRE(take_names(environment(), coordinator(), key, "gliwice", names).ok());
  }
  std::pair<int, int> delegated(const domain::Meeting& meeting) {
    const auto found = find_delegation(environment(), coordinator().actor,
                                       std::to_string(meeting.id.value), "gliwice");
    REQUIRE(found.ok());
    return {found->places.front().places, found->places.front().named};
  }

  std::map<int, domain::RegistrationId> ids;
};

}  // namespace

TEST_CASE("when places become fewer, offers are withdrawn before anybody loses a place") {
  PromiseWorld world;
  const auto meeting = world.publish(6);
  world.offer_places(meeting);
  world.come(meeting, 1, 9);
  for (const int number : {1, 2, 3}) world.cancel(world.ids.at(number));
  REQUIRE(world.places(meeting) == "3 in, 3 held, 3 waiting");
  const auto before = world.mails().size();

  SUBCASE("by as many as are promised too much") {
    CHECK(world.edit(meeting, 4, Shrinking::to_waiting_list) == "ok");
    CHECK(world.places(meeting) == "3 in, 1 held, 3 waiting");
    CHECK(world.offered() == "7");
    CHECK(world.mails_after(before) == std::vector<SentMail>{{"place_lost", "Osoba 9", "", -1},
                                                             {"place_lost", "Osoba 8", "", -1}});
    CHECK(world.accept(8) == "conflict:no_offer");
    CHECK(world.accept(7) == "ok");
    CHECK(world.places(meeting) == "4 in, 0 held, 2 waiting");
  }
  SUBCASE("and then those go who were confirmed last") {
    world.accept(7);
    world.accept(8);
    REQUIRE(world.places(meeting) == "5 in, 1 held, 1 waiting");
    CHECK(world.edit(meeting, 3, Shrinking::to_waiting_list) == "ok");
    CHECK(world.all(RegistrationStatus::confirmed) == "4 5 6");
    CHECK(world.offered() == "");
    world.cancel(world.ids.at(4));
    CHECK(world.offered() == "7");  // before the one whose offer was withdrawn
  }
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("nobody takes an offered place above the capacity") {
  PromiseWorld world;
  const auto meeting = world.publish(2);
  world.offer_places(meeting);
  world.come(meeting, 1, 3);
  world.cancel(world.ids.at(1));
  REQUIRE(world.offered() == "3");
  world.pool().transact([](storage::Connection& connection) {
    connection.execute("UPDATE meeting SET onsite_capacity = 1");
  });
  CHECK(world.accept(3) == "conflict:no_offer");
  CHECK(world.all(RegistrationStatus::confirmed) == "2");
}

TEST_CASE("an offer goes over to who comes instead") {
  PromiseWorld world;
  const auto meeting = world.publish(1);
  world.offer_places(meeting);
  world.come(meeting, 1, 3);
  world.cancel(world.ids.at(1));
  const auto until = world.load(world.ids.at(2)).offer_until;
  REQUIRE(until);
  const auto before = world.mails().size();
  usecases::SubstituteForm form;
  form.full_name = "Ewa Kos";
  form.email = "ewa@urzad.example";
  SUBCASE("who is new") {}
  SUBCASE("who had cancelled") {
    form.full_name = "Osoba 1";
    form.email = "osoba1@urzad.example";
  }

  const auto done = substitute(world.environment(), world.coordinator(), world.ids.at(2), form);

  REQUIRE_MESSAGE(done.ok(), describe(done));
  CHECK(world.load(done->to.id).offer_until == until);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"place_handed_over", "Osoba 2", "", -1},
                              {"registration_offered", form.full_name, "", -1}});
  CHECK(world.places(meeting) == "0 in, 1 held, 2 waiting");
  CHECK(describe(accept_offer(world.environment(), world.holder(done->to.id), done->to.id)) ==
        "ok");
  CHECK(world.places(meeting) == "1 in, 0 held, 1 waiting");
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("more places are not taken back once others have them") {
  PromiseWorld world;
  world.environment().hold_seconds = 300;
  const auto meeting = world.publish(2);
  world.come(meeting, 1, 3);
  REQUIRE(world.edit(meeting, 4, Shrinking::refused) == "ok");
  world.ids[4] = world.enter(meeting.id, 4).registration.id;
  const auto changes = list_held_changes(world.environment(), world.organizer().actor, meeting.id);
  REQUIRE(changes.ok());
  const auto undo = [&] {
    return describe(
        undo_change(world.environment(), world.organizer(), meeting.id, changes->front().id));
  };
  const auto before = world.mails().size();

  CHECK(undo() == "conflict:places_taken");
  const auto offered = list_held_changes(world.environment(), world.organizer().actor, meeting.id);
  REQUIRE(offered.ok());
  CHECK(offered->front().obstacle == "places_taken");

  CHECK(world.mails().size() == before);
  CHECK(world.all(RegistrationStatus::confirmed) == "1 2 3 4");
  world.cancel(world.ids.at(4));
  CHECK(undo() == "ok");
  CHECK(world.all(RegistrationStatus::confirmed) == "1 2");
  CHECK(world.all(RegistrationStatus::waitlisted) == "3");
}

TEST_CASE("a delegate who is dropped waits like others, and the delegation has a place less") {
  PromiseWorld world;
  world.environment().hold_seconds = 300;
  const auto meeting = world.publish(3);
  world.come(meeting, 1, 1);
  world.delegate(meeting, 2, 2);
  REQUIRE(world.places(meeting) == "3 in, 0 held, 0 waiting");
  REQUIRE(world.delegated(meeting) == std::pair(2, 2));

  CHECK(world.edit(meeting, 2, Shrinking::to_waiting_list) == "ok");

  CHECK(world.places(meeting) == "2 in, 0 held, 1 waiting");
  CHECK(world.delegated(meeting) == std::pair(1, 1));
  CHECK(world.find_violations() == kNone);
  SUBCASE("and comes back when there is a place again") {
    CHECK(world.edit(meeting, 3, Shrinking::refused) == "ok");
    CHECK(world.places(meeting) == "3 in, 0 held, 0 waiting");
    CHECK(world.find_violations() == kNone);
  }
  SUBCASE("and is one of the delegation again when that is undone") {
    const auto changes =
        list_held_changes(world.environment(), world.organizer().actor, meeting.id);
    REQUIRE(changes.ok());
    CHECK(describe(undo_change(world.environment(), world.organizer(), meeting.id,
                               changes->front().id)) == "ok");
    CHECK(world.places(meeting) == "3 in, 0 held, 0 waiting");
    CHECK(world.delegated(meeting) == std::pair(2, 2));
  }
}

TEST_CASE("a meeting can be edited after it has been marked who came") {
  PromiseWorld world;
  const auto meeting = world.publish(3);
  world.come(meeting, 1, 1);
  world.delegate(meeting, 2, 1);
  world.clock().set(meeting.times.starts_at);
  std::vector<domain::RegistrationId> all{world.ids.at(1)};
  const auto key = std::to_string(meeting.id.value);
  const auto found =
      find_delegation(world.environment(), world.coordinator().actor, key, "gliwice");
  REQUIRE(found.ok());
  for (const auto& one : found->people) {
    if (one.of_delegation) all.push_back(one.id);
  }
  REQUIRE(mark_attendance(world.environment(), world.organizer(), key, all,
                          RegistrationStatus::attended)
              .ok());
  for (const int number : {7, 8}) {
    const auto form = RegistrationWorld::person(number);
    usecases::WalkIn walk_in;
    walk_in.full_name = form.full_name;
    walk_in.email = form.email;
    walk_in.institution = form.institution;
    walk_in.consent = walk_in.over_capacity = true;
    REQUIRE(add_walk_in(world.environment(), world.organizer(), key, walk_in).ok());
  }
  REQUIRE(world.meeting(meeting.id).onsite.confirmed == 4);
  const auto mails = world.mails().size();
  auto form = world.meeting_form(3);
  form.title = "Inny tytuł";
  for (const auto shrinking : {Shrinking::refused, Shrinking::to_waiting_list}) {
    form.title += " i jeszcze inny";
    CHECK(describe(change_meeting(world.environment(), world.organizer(), meeting.id,
                                  world.meeting(meeting.id).version, form, shrinking)) == "ok");
  }
  CHECK(world.delegated(meeting).second == 1);
  CHECK(world.meeting(meeting.id).onsite.confirmed == 4);
  CHECK(world.mails().size() == mails);
  CHECK(world.edit(meeting, 2, Shrinking::refused) == "capacity.onsite:below_confirmed");
}
