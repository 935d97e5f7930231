#include "service/usecases/people/free_busy.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using namespace std::chrono_literals;
using domain::Language;

namespace {

using Lines = std::vector<std::string>;

Lines busy_lines(const std::string& text) {
  Lines lines;
  for (std::size_t at = text.find("FREEBUSY;"); at != std::string::npos;
       at = text.find("FREEBUSY;", at + 1)) {
    lines.push_back(text.substr(at + 16, text.find("\r\n", at) - at - 16));
  }
  return lines;
}

MeetingForm form_on(RegistrationWorld& world, int day, int capacity) {
  auto form = world.meeting_form(capacity);
  form.title = "Tajemnica " + std::to_string(day);
  form.starts = std::chrono::local_days(2027y / 2 / day) + 10h;
  form.ends = std::chrono::local_days(2027y / 2 / day) + 12h;
  return form;
}

std::string key_of(RegistrationWorld& world, domain::PersonId person, int seen) {
  Call call;
  call.actor.kind = Actor::Kind::person;
  call.actor.id = person.value;
  call.actor.person = person;
  const int generation = renew_personal_feed(world.environment(), call, person, seen).value();
  const auto path = personal_feed_path(world.environment(), person, generation, Language::pl);
  return path.substr(path.find("?k=") + 3);
}

}  // namespace

TEST_CASE("free and busy time holds what somebody goes to and waits for, and no word of it") {
  RegistrationWorld world;
  const auto going = world.publish(form_on(world, 2, 10));
  const auto full = world.publish(form_on(world, 3, 1));
  const auto left = world.publish(form_on(world, 4, 10));
  const auto called_off = world.publish(form_on(world, 5, 10));
  world.enter(full.id, 8);
  const auto mine = world.enter(going.id, 7).registration;
  world.enter(full.id, 7);
  world.cancel(world.enter(left.id, 7).registration.id);
  world.enter(called_off.id, 7);
  REQUIRE(cancel_meeting(world.environment(), world.organizer(), called_off.id, "Choroba").ok());

  const Lines expected{"BUSY:20270202T090000Z/20270202T110000Z",
                       "BUSY-TENTATIVE:20270203T090000Z/20270203T110000Z"};
  const auto by_organizer =
      registrant_free_busy(world.environment(), world.organizer().actor, mine.id);
  REQUIRE(by_organizer.ok());
  CHECK(busy_lines(by_organizer->text) == expected);
  CHECK(by_organizer->text.find("Tajemnica") == std::string::npos);
  CHECK(by_organizer->text.find("mailto:osoba7@urzad.example") != std::string::npos);

  const auto key = key_of(world, mine.person.id, 0);
  const auto by_key = personal_free_busy(world.environment(), key);
  REQUIRE(by_key.ok());
  CHECK(by_key->text == by_organizer->text);
  CHECK(by_key->etag == by_organizer->etag);

  // A new key ends the old one, and nobody else's opens anything.
  const auto newer = key_of(world, mine.person.id, 1);
  CHECK(personal_free_busy(world.environment(), newer).ok());
  for (const std::string& other : {key, std::string(), newer + "x", std::string("1.abc")}) {
    CAPTURE(other);
    CHECK(describe(personal_free_busy(world.environment(), other)) == "not_found");
    CHECK(describe(personal_news(world.environment(), other)) == "not_found");
  }
  CHECK(describe(registrant_free_busy(world.environment(), world.visitor().actor, mine.id)) ==
        "not_found");
}

TEST_CASE("free and busy time is the same text all day and has what changes at once") {
  RegistrationWorld world;
  const auto meeting = world.publish(form_on(world, 2, 10));
  const auto mine = world.enter(meeting.id, 7).registration;
  const auto key = key_of(world, mine.person.id, 0);
  const auto load = [&] { return personal_free_busy(world.environment(), key).value(); };
  const auto first = load();
  world.clock().advance(5h);
  CHECK(load().etag == first.etag);
  auto form = form_on(world, 9, 10);
  REQUIRE(world.change(meeting.id, form).ok());
  CHECK(busy_lines(load().text) == Lines{"BUSY:20270209T090000Z/20270209T110000Z"});
  CHECK(load().etag != first.etag);
  world.clock().advance(24h * 60);
  CHECK(busy_lines(load().text).empty());
}

TEST_CASE("news of one's meetings begin with what changed last") {
  RegistrationWorld world;
  const auto first = world.publish(form_on(world, 2, 10));
  const auto second = world.publish(form_on(world, 3, 10));
  const auto mine = world.enter(first.id, 7).registration;
  world.clock().advance(1h);
  world.enter(second.id, 7);
  const auto key = key_of(world, mine.person.id, 0);
  const auto titles = [&] {
    std::vector<std::string> found;
    const auto news = personal_news(world.environment(), key);
    for (const auto& one : *news) {
      found.push_back(one.meeting.title + " " + std::string(to_string(one.status)));
    }
    return found;
  };
  CHECK(titles() == Lines{"Tajemnica 3 confirmed", "Tajemnica 2 confirmed"});
  world.clock().advance(1h);
  world.cancel(mine.id);
  CHECK(titles() == Lines{"Tajemnica 2 cancelled", "Tajemnica 3 confirmed"});
  world.clock().advance(24h * 31);
  CHECK(titles() == Lines{"Tajemnica 3 confirmed"});
}
