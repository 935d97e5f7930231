// What a person or an organizer changes about one registration later.
#include <doctest/doctest.h>

#include "service/usecases/meetings/meetings.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::AttendanceMode;
using domain::RegistrationStatus;
using usecases::RegistrationChange;

namespace {

const std::vector<std::string> kNone;

usecases::MeetingForm hybrid(const RegistrationWorld& world, int onsite, int online) {
  auto form = world.meeting_form(onsite);
  form.online = {true, online};
  form.online_url = "https://meet.example/abc";
  return form;
}

usecases::Registered enter_as(RegistrationWorld& world, domain::MeetingId meeting, int number,
                              AttendanceMode mode) {
  auto person = RegistrationWorld::person(number);
  person.mode = mode;
  auto registered = world.try_register(meeting, person);
  REQUIRE_MESSAGE(registered.ok(), describe(registered));
  return std::move(registered).value();
}

domain::Outcome<domain::Registration> change(RegistrationWorld& world, domain::RegistrationId id,
                                             const RegistrationChange& wanted,
                                             std::optional<std::int64_t> version = {}) {
  return usecases::change_registration(world.environment(), world.holder(id), id, version, wanted);
}

RegistrationChange to_mode(AttendanceMode mode) {
  RegistrationChange wanted;
  wanted.mode = mode;
  return wanted;
}

usecases::MeetingForm with_approval(const RegistrationWorld& world, int capacity) {
  auto form = world.meeting_form(capacity);
  form.approval = true;
  return form;
}

}  // namespace

TEST_CASE("a change of mode moves the place, and who waited gets the one left") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid(world, 1, 5));
  const auto first = enter_as(world, meeting.id, 1, AttendanceMode::onsite);
  enter_as(world, meeting.id, 2, AttendanceMode::onsite);
  const auto before = world.mails().size();

  const auto changed = change(world, first.registration.id, to_mode(AttendanceMode::online));

  REQUIRE_MESSAGE(changed.ok(), describe(changed));
  CHECK(changed->status == RegistrationStatus::confirmed);
  CHECK(changed->mode == AttendanceMode::online);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_changed", "Osoba 1", "REQUEST", 1},
                              {"registration_promoted", "Osoba 2", "REQUEST", 0}});
  const auto now = world.meeting(meeting.id);
  CHECK(now.onsite == domain::Seats{true, 1, 1, 0, 0});
  CHECK(now.online == domain::Seats{true, 5, 1, 0, 0});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a change to a full mode joins its line, and the calendar entry is taken back") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid(world, 1, 1));
  enter_as(world, meeting.id, 1, AttendanceMode::online);
  const auto second = enter_as(world, meeting.id, 2, AttendanceMode::onsite);
  const auto before = world.mails().size();

  const auto changed = change(world, second.registration.id, to_mode(AttendanceMode::online));

  REQUIRE(changed.ok());
  CHECK(changed->queue_position == 1);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_waitlisted", "Osoba 2", "CANCEL", 1}});
  CHECK(world.find_violations() == kNone);
  // Back again: the place on site is free, and SEQUENCE goes on from the CANCEL.
  REQUIRE(change(world, second.registration.id, to_mode(AttendanceMode::onsite)).ok());
  CHECK(world.mails().back() == SentMail{"registration_changed", "Osoba 2", "REQUEST", 2});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a mode that is not offered is refused and nothing changes") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  auto wanted = to_mode(AttendanceMode::online);
  wanted.position = "kierownik";
  CHECK(describe(change(world, first.registration.id, wanted)) == "mode:mode_not_offered");
  CHECK(world.load(first.registration.id).person.position == "inspektor");
  CHECK(world.mails().size() == 1);
}

TEST_CASE("details change without a mail, each bad one is named") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  RegistrationChange wanted;
  wanted.position = " kierownik  wydziału ";
  wanted.needs = "pętla indukcyjna\r\nramp";
  wanted.question = "Czy będzie nagranie?";
  wanted.institution = "GZM";

  const auto changed = change(world, first.registration.id, wanted);

  REQUIRE_MESSAGE(changed.ok(), describe(changed));
  const auto stored = world.load(first.registration.id);
  CHECK(stored.person.position == "kierownik wydziału");
  CHECK(stored.needs == "pętla indukcyjna\nramp");
  CHECK(stored.question == "Czy będzie nagranie?");
  CHECK(stored.person.institution->slug == "gzm");
  CHECK(stored.version == first.registration.version + 1);
  CHECK(world.mails().size() == 1);
  CHECK(world.activities().back() ==
        "registration.changed registration:" + std::to_string(stored.id.value) +
            " manage:" + std::to_string(stored.id.value));

  wanted.full_name = "A";
  wanted.institution = "Zgierz";
  wanted.question = std::string(2001, 'x');
  CHECK(describe(change(world, first.registration.id, wanted)) ==
        "full_name:too_short, institution:ambiguous_institution, question:too_long");
}

TEST_CASE("an unchanged form writes nothing") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  const auto activities = world.count("activity");
  RegistrationChange wanted;
  wanted.position = "inspektor";
  wanted.mode = AttendanceMode::onsite;
  const auto changed = change(world, first.registration.id, wanted);
  REQUIRE(changed.ok());
  CHECK(changed->version == first.registration.version);
  CHECK(world.count("activity") == activities);
}

TEST_CASE("another name at the same address leaves the person's other registrations alone") {
  RegistrationWorld world;
  const auto one = world.publish();
  const auto other = world.publish();
  const auto here = world.enter(one.id, 1);
  const auto there = world.enter(other.id, 1);
  RegistrationChange wanted;
  wanted.full_name = "Barbara Nowak";

  REQUIRE(change(world, here.registration.id, wanted).ok());

  CHECK(world.load(here.registration.id).person.full_name == "Barbara Nowak");
  CHECK(world.load(there.registration.id).person.full_name == "Osoba 1");
  CHECK(world.find_violations() == kNone);

  const auto again = world.enter(one.id, 1);
  CHECK(again.created);
  CHECK(describe(change(world, again.registration.id, wanted)) == "full_name:already_registered");
}

TEST_CASE("a place is not handed to somebody who had withdrawn, and the reason says so") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  auto form = RegistrationWorld::person(1);
  form.full_name = "Barbara Nowak";
  const auto other = world.try_register(meeting.id, form);
  REQUIRE_MESSAGE(other.ok(), describe(other));
  world.cancel(other->registration.id);
  RegistrationChange wanted;
  wanted.full_name = "Barbara Nowak";
  CHECK(describe(change(world, first.registration.id, wanted)) == "full_name:earlier_registration");
  CHECK(world.load(first.registration.id).person.full_name == "Osoba 1");
}

TEST_CASE("what somebody needs is forgotten when they withdraw") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto form = RegistrationWorld::person(1);
  form.needs = "pętla indukcyjna";
  const auto first = world.try_register(meeting.id, form);
  REQUIRE_MESSAGE(first.ok(), describe(first));
  CHECK(world.load(first->registration.id).needs == "pętla indukcyjna");
  world.cancel(first->registration.id);
  CHECK(world.load(first->registration.id).needs.empty());
}

TEST_CASE("a stale version is refused") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  RegistrationChange wanted;
  wanted.position = "kierownik";
  CHECK(describe(change(world, first.registration.id, wanted, 7)) == "stale");
  CHECK(describe(change(world, first.registration.id, wanted, 1)) == "ok");
}

TEST_CASE("a cancelled registration cannot be changed, and cancelling twice is once") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  world.cancel(first.registration.id);
  const auto mails = world.mails().size();
  const auto activities = world.count("activity");
  CHECK(world.cancel(first.registration.id).status == RegistrationStatus::cancelled);
  RegistrationChange wanted;
  wanted.position = "kierownik";
  CHECK(describe(change(world, first.registration.id, wanted)) == "conflict:not_active");
  CHECK(world.mails().size() == mails);
  CHECK(world.count("activity") == activities);
}

TEST_CASE("after the start nobody cancels or changes the mode") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid(world, 5, 5));
  const auto first = enter_as(world, meeting.id, 1, AttendanceMode::onsite);
  world.clock().set(meeting.times.starts_at);
  CHECK(describe(usecases::cancel_registration(
            world.environment(), world.holder(first.registration.id), first.registration.id)) ==
        "conflict:meeting_past");
  CHECK(describe(change(world, first.registration.id, to_mode(AttendanceMode::online))) ==
        "mode:meeting_past");
}

TEST_CASE("where organizers approve, a newcomer is pending until they do") {
  RegistrationWorld world;
  const auto meeting = world.publish(with_approval(world, 1));
  const auto first = world.enter(meeting.id, 1);
  const auto second = world.enter(meeting.id, 2);
  const auto third = world.enter(meeting.id, 3);
  CHECK(first.registration.status == RegistrationStatus::pending);
  CHECK(world.meeting(meeting.id).pending == 3);
  const auto before = world.mails().size();
  const auto& environment = world.environment();

  const auto approved =
      usecases::approve_registration(environment, world.organizer(), second.registration.id);
  REQUIRE_MESSAGE(approved.ok(), describe(approved));
  CHECK(approved->status == RegistrationStatus::confirmed);
  const auto waits =
      usecases::approve_registration(environment, world.organizer(), first.registration.id);
  CHECK(waits->queue_position == 1);
  const auto declined = usecases::decline_registration(environment, world.organizer(),
                                                       third.registration.id, "Tylko dla gmin.");
  CHECK(declined->status == RegistrationStatus::declined);

  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_confirmed", "Osoba 2", "REQUEST", 0},
                              {"registration_waitlisted", "Osoba 1", "", -1},
                              {"registration_declined", "Osoba 3", "", -1}});
  CHECK(world.facts().back().reason == "Tylko dla gmin.");
  CHECK(world.meeting(meeting.id).pending == 0);
  CHECK(world.find_violations() == kNone);

  CHECK(describe(usecases::approve_registration(environment, world.organizer(),
                                                second.registration.id)) == "conflict:not_pending");
  CHECK(describe(usecases::decline_registration(
            environment, world.organizer(), second.registration.id, "")) == "conflict:not_pending");
  // The decision stands: the same form does not ask again.
  const auto again = world.enter(meeting.id, 3);
  CHECK_FALSE(again.created);
  CHECK(again.registration.status == RegistrationStatus::declined);
}

TEST_CASE("organizers approve after the window has closed, but not after the start") {
  RegistrationWorld world;
  auto form = with_approval(world, 5);
  form.window.closes_at = world.clock().now() + std::chrono::hours(24);
  const auto meeting = world.publish(form);
  const auto first = world.enter(meeting.id, 1);
  const auto second = world.enter(meeting.id, 2);
  world.clock().advance(std::chrono::hours(48));
  CHECK(
      usecases::approve_registration(world.environment(), world.organizer(), first.registration.id)
          ->status == RegistrationStatus::confirmed);
  world.clock().set(meeting.times.starts_at);
  CHECK(describe(usecases::approve_registration(world.environment(), world.organizer(),
                                                second.registration.id)) ==
        "conflict:meeting_past");
}

TEST_CASE("who is not an organizer may not see, approve or decline registrations") {
  RegistrationWorld world;
  const auto meeting = world.publish(with_approval(world, 1));
  const auto first = world.enter(meeting.id, 1);
  const auto id = first.registration.id;
  const std::string key = std::to_string(meeting.id.value);
  for (const auto role :
       {usecases::Role::expert, usecases::Role::coordinator, usecases::Role::official}) {
    usecases::Call call;
    call.actor = usecases::Actor{usecases::Actor::Kind::token, 2, {{role, {}}}};
    const auto& environment = world.environment();
    CHECK(describe(usecases::approve_registration(environment, call, id)) == "not_found");
    CHECK(describe(usecases::decline_registration(environment, call, id, "")) == "not_found");
    CHECK(describe(usecases::find_registration(environment, call.actor, id)) == "not_found");
    CHECK(describe(usecases::list_registrations(environment, call.actor, key, {}, {})) ==
          "forbidden");
    CHECK(describe(usecases::publish_meeting(environment, call, meeting.id)) == "forbidden");
    CHECK(describe(usecases::cancel_meeting(environment, call, meeting.id, "")) == "forbidden");
  }
}

TEST_CASE("the link of a mail opens this registration and no other") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  const auto second = world.enter(meeting.id, 2);
  const std::string start = "https://narada.example/z/";
  REQUIRE(first.manage_url.rfind(start, 0) == 0);
  const std::string token = first.manage_url.substr(start.size());
  CHECK(token.size() == 43);
  CHECK(world.facts().front().manage_url == first.manage_url);

  const auto view = usecases::find_registration_by_token(world.environment(), token);
  REQUIRE_MESSAGE(view.ok(), describe(view));
  CHECK(view->registration.id == first.registration.id);
  CHECK(view->meeting.slug == meeting.slug);
  CHECK(usecases::is_manage_token(world.environment(), first.registration.id, token));
  CHECK_FALSE(usecases::is_manage_token(world.environment(), second.registration.id, token));
  CHECK_FALSE(usecases::is_manage_token(world.environment(), first.registration.id, ""));
  std::string other = token;
  other.front() = other.front() == 'A' ? 'B' : 'A';
  CHECK(describe(usecases::find_registration_by_token(world.environment(), other)) == "not_found");
  // The table has no token, only what it hashes to.
  const auto in_clear = world.pool().read([&](storage::Connection& connection) {
    return connection.query("SELECT token_hash FROM registration_token WHERE token_hash = ?",
                            {token});
  });
  CHECK(in_clear.empty());
}

TEST_CASE("the online link is shown to those who are confirmed online") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid(world, 5, 1));
  const auto onsite = enter_as(world, meeting.id, 1, AttendanceMode::onsite);
  const auto online = enter_as(world, meeting.id, 2, AttendanceMode::online);
  const auto waiting = enter_as(world, meeting.id, 3, AttendanceMode::online);
  const auto shown = [&](const usecases::Registered& registered) {
    const auto view = usecases::find_registration(world.environment(), world.organizer().actor,
                                                  registered.registration.id);
    return view->meeting.online_url;
  };
  CHECK(shown(onsite).empty());
  CHECK(shown(online) == "https://meet.example/abc");
  CHECK(shown(waiting).empty());
  const auto facts = world.facts();
  CHECK(facts[0].online_url.empty());
  CHECK(facts[1].online_url == "https://meet.example/abc");
  CHECK(facts[2].online_url.empty());
}

TEST_CASE("how a name is spelled is changed by its bearer alone, and leaves a trace") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto held = world.enter(meeting.id, 1).registration;
  const auto version = [&] {
    return world.pool().read([](storage::Connection& connection) {
      return connection.query("SELECT version FROM person")[0].integer(0);
    });
  };
  const auto activities = world.count("activity");
  RegistrationChange wanted;
  wanted.full_name = "OSOBA  1";
  CHECK(describe(change(world, held.id, wanted)) == "ok");
  CHECK(describe(usecases::change_registration(world.environment(), world.organizer(), held.id, {},
                                               wanted)) == "ok");
  CHECK(world.load(held.id).person.full_name == "Osoba 1");
  CHECK(world.load(held.id).version == held.version);
  CHECK(version() == 1);
  CHECK(world.count("activity") == activities);

  usecases::Call own;
  own.actor =
      usecases::Actor{usecases::Actor::Kind::person, held.person.id.value, {}, held.person.id};
  CHECK(describe(usecases::change_registration(world.environment(), own, held.id, {}, wanted)) ==
        "ok");
  CHECK(world.load(held.id).person.full_name == "OSOBA 1");
  CHECK(version() == 2);
  CHECK(world.count("activity WHERE verb = 'person.changed'") == 1);
  CHECK(world.count("activity_personal WHERE details LIKE '%Osoba 1%OSOBA 1%'") == 1);
}
