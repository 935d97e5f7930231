// What belongs to one person: their registrations, their calendar, who else comes, each acceptance
// of the information clause.
#include "service/usecases/people/my_meetings.h"

#include <doctest/doctest.h>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/people/fellow_participants.h"
#include "service/usecases/people/personal_feed.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::Language;
using domain::RegistrationStatus;
using usecases::MyRegistration;

namespace {

using Names = std::vector<std::string>;

usecases::Actor person_actor(domain::PersonId person) {
  usecases::Actor actor;
  actor.kind = usecases::Actor::Kind::person;
  actor.id = person.value;
  actor.person = person;
  return actor;
}

usecases::Call person_call(domain::PersonId person) {
  usecases::Call call;
  call.actor = person_actor(person);
  return call;
}

// Makes keys of calendar feeds.
struct KeyedWorld : RegistrationWorld {
  explicit KeyedWorld(storage::PoolOptions options = {}) : RegistrationWorld(options) {
    environment().secret_key = std::string(32, 'k');
  }
};

usecases::MeetingForm form_in(const RegistrationWorld& world, int days, const std::string& title,
                              int capacity = 40) {
  auto form = world.meeting_form(capacity);
  form.title = title;
  form.starts += days * 24h;
  form.ends += days * 24h;
  return form;
}

Names titles(const std::vector<MyRegistration>& all) {
  Names names;
  for (const auto& one : all) names.push_back(one.meeting.title);
  return names;
}

// The line of a calendar that begins so, of each event in order.
Names lines_with(const std::string& text, const std::string& beginning) {
  Names found;
  for (auto at = text.find("\r\n" + beginning); at != std::string::npos;
       at = text.find("\r\n" + beginning, at + 1)) {
    const auto from = at + 2;
    found.push_back(text.substr(from, text.find("\r\n", from) - from));
  }
  return found;
}

std::string key_in(const std::string& path) { return path.substr(path.find("?k=") + 3); }

usecases::RegistrationForm person_of(int number, const char* institution, bool visible) {
  auto form = RegistrationWorld::person(number);
  form.institution = institution;
  form.visible = visible;
  return form;
}

Names names_of(const std::vector<usecases::FellowParticipant>& people) {
  Names names;
  for (const auto& one : people) names.push_back(one.full_name + ", " + one.institution);
  return names;
}

}  // namespace

TEST_CASE("registrations are told apart by what they mean for their holder") {
  RegistrationWorld world;
  const auto past = world.publish(form_in(world, -10, "Minione"));
  const auto waiting = world.publish(form_in(world, 2, "W kolejce", 1));
  const auto soon = world.publish(form_in(world, 1, "Najbliższe"));
  const auto later = world.publish(form_in(world, 9, "Dalsze"));
  const auto called_off = world.publish(form_in(world, 5, "Odwołane przez organizatora"));
  const auto left = world.publish(form_in(world, 3, "Odwołane przeze mnie"));
  world.enter(waiting.id, 2);
  domain::PersonId person;
  for (const auto& meeting : {past, waiting, soon, later, called_off, left})
    person = world.enter(meeting.id, 1).registration.person.id;
  const auto other = world.enter(soon.id, 2).registration.person.id;  // theirs are not mine
  const auto of_left = world.enter(left.id, 1).registration.id;
  world.cancel(of_left);
  REQUIRE(
      usecases::cancel_meeting(world.environment(), world.organizer(), called_off.id, "Awaria"));
  world.clock().set(past.times.ends_at);

  const auto mine = usecases::list_my_meetings(world.environment(), person);
  CHECK(titles(mine.upcoming) == Names{"Najbliższe", "Odwołane przez organizatora", "Dalsze"});
  CHECK(titles(mine.waiting) == Names{"W kolejce"});
  CHECK(mine.waiting.at(0).queue_position == 1);
  CHECK(titles(mine.past) == Names{"Minione"});
  CHECK(titles(mine.withdrawn) == Names{"Odwołane przeze mnie"});
  CHECK(mine.feed_generation == 0);
  CHECK_FALSE(mine.nothing());
  CHECK(titles(usecases::list_my_meetings(world.environment(), other).upcoming) ==
        Names{"Najbliższe", "W kolejce"});
  CHECK(usecases::list_my_meetings(world.environment(), {999}).nothing());
}

TEST_CASE("a list of one and of thirty registrations takes the same number of statements") {
  KeyedWorld world({.size = 1});
  std::vector<domain::Meeting> meetings;
  for (int day = 1; day <= 30; ++day)
    meetings.push_back(world.publish(form_in(world, day, "Spotkanie " + std::to_string(day), 1)));
  const auto few = world.enter(meetings[0].id, 1).registration.person.id;
  domain::PersonId many;
  for (const auto& meeting : meetings)  // the first one waits
    many = world.enter(meeting.id, 2).registration.person.id;
  auto& environment = world.environment();
  const auto statements_of = [&](auto work) {
    const auto before = world.pool().lease()->statements();
    work();
    return world.pool().lease()->statements() - before;
  };
  const auto list = [&](domain::PersonId person, std::size_t count) {
    return statements_of([&] {
      const auto mine = usecases::list_my_meetings(environment, person);
      CHECK(mine.upcoming.size() + mine.waiting.size() == count);
    });
  };
  CHECK(list(few, 1) == 4);
  CHECK(list(many, 30) == 4);

  const auto feed_of = [&](domain::PersonId person, std::size_t count) {
    REQUIRE(usecases::renew_personal_feed(environment, person_call(person), person, 0).ok());
    const auto path = usecases::personal_feed_path(environment, person, 1, Language::pl);
    return statements_of([&] {
      const auto feed = usecases::personal_feed(environment, key_in(path), Language::pl);
      REQUIRE(feed.ok());
      CHECK(lines_with(feed->text, "BEGIN:VEVENT").size() == count);
    });
  };
  CHECK(feed_of(few, 1) == 4);
  CHECK(feed_of(many, 30) == 4);
}

TEST_CASE("a cycle is mine until it is over or I leave it") {
  RegistrationWorld world;
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  form.meetings = {form_in(world, 1, "Sesja 1"), form_in(world, 30, "Sesja 2")};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(cycle.ok());
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id));
  const auto enrolled = usecases::enrol_person(world.environment(), world.visitor(), cycle->slug,
                                               RegistrationWorld::person(1));
  REQUIRE(enrolled.ok());
  const auto person = enrolled->registrations.at(0).person.id;
  const auto second = world.meeting(enrolled->registrations.at(1).meeting);

  auto mine = usecases::list_my_meetings(world.environment(), person);
  REQUIRE(mine.cycles.size() == 1);
  CHECK(mine.cycles[0].enrolment == enrolled->id);
  CHECK(mine.cycles[0].slug == cycle->slug);
  CHECK(mine.cycles[0].title == "Szkoła prototypowania");
  CHECK(mine.cycles[0].next_start ==
        world.meeting(enrolled->registrations.at(0).meeting).times.starts_at);

  world.clock().set(second.times.starts_at + 1s);
  mine = usecases::list_my_meetings(world.environment(), person);
  REQUIRE(mine.cycles.size() == 1);  // goes on
  CHECK_FALSE(mine.cycles[0].next_start.has_value());
  world.clock().set(second.times.ends_at);
  CHECK(usecases::list_my_meetings(world.environment(), person).cycles.empty());

  world.clock().set(second.times.starts_at - 1s);
  REQUIRE(usecases::cancel_enrolment(world.environment(), person_call(person), enrolled->id));
  CHECK(usecases::list_my_meetings(world.environment(), person).cycles.empty());
}

TEST_CASE("one registration is shown to its own person and to nobody else") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto own = world.enter(meeting.id, 1).registration;
  const auto other = world.enter(meeting.id, 2).registration;
  const auto& environment = world.environment();
  const auto found =
      usecases::find_my_registration(environment, person_actor(own.person.id), own.id);
  REQUIRE_MESSAGE(found.ok(), describe(found));
  CHECK(found->registration.id == own.id);
  CHECK(found->registration.needs == own.needs);
  auto admin = person_actor(own.person.id);
  admin.grants = {{domain::Role::admin, {}}};
  for (const auto& actor :
       {person_actor(own.person.id), admin, usecases::Actor{}, world.organizer().actor,
        usecases::Actor{usecases::Actor::Kind::system}}) {
    CAPTURE(actor.text());
    CHECK(describe(usecases::find_my_registration(environment, actor, other.id)) == "not_found");
    CHECK(describe(usecases::my_registration_feed(environment, actor, other.id, Language::pl)) ==
          "not_found");
    CHECK(describe(usecases::list_fellow_participants(environment, actor, other.id)) ==
          "not_found");
  }
  CHECK(describe(usecases::find_my_registration(environment, person_actor(own.person.id), {999})) ==
        "not_found");
}

TEST_CASE("a personal calendar tells what the invitations told") {
  KeyedWorld world;
  const auto sure = world.publish(form_in(world, 1, "Pewne"));
  const auto maybe = world.publish(form_in(world, 2, "Może", 1));
  const auto left = world.publish(form_in(world, 3, "Porzucone"));
  world.enter(maybe.id, 2);
  for (const auto& meeting : {sure, maybe, left}) world.enter(meeting.id, 1);
  const auto registered = world.enter(left.id, 1).registration;
  world.cancel(registered.id);
  const int cancelled_sequence = world.mails().back().sequence;
  auto moved = form_in(world, 4, "Pewne");
  REQUIRE(world.change(sure.id, moved));
  const int moved_sequence = world.mails().back().sequence;
  REQUIRE(moved_sequence > 0);

  const auto person = registered.person.id;
  auto& environment = world.environment();
  CHECK(usecases::personal_feed_path(environment, person, 0, Language::pl).empty());
  REQUIRE(usecases::renew_personal_feed(environment, person_call(person), person, 0).ok());
  const auto path = usecases::personal_feed_path(environment, person, 1, Language::en);
  CHECK(path.starts_with("/en/moje.ics?k=" + std::to_string(person.value) + "."));
  const auto feed = usecases::personal_feed(environment, key_in(path), Language::pl);
  REQUIRE(feed.ok());
  const std::string& text = feed->text;
  CHECK(lines_with(text, "SUMMARY") == Names{"SUMMARY:Może", "SUMMARY:Porzucone", "SUMMARY:Pewne"});
  CHECK(lines_with(text, "STATUS") ==
        Names{"STATUS:TENTATIVE", "STATUS:CANCELLED", "STATUS:CONFIRMED"});
  CHECK(lines_with(text, "UID") == Names{"UID:" + maybe.uid, "UID:" + left.uid, "UID:" + sure.uid});
  CHECK(lines_with(text, "SEQUENCE") == Names{"SEQUENCE:0",
                                              "SEQUENCE:" + std::to_string(cancelled_sequence),
                                              "SEQUENCE:" + std::to_string(moved_sequence)});
  CHECK(lines_with(text, "METHOD") == Names{"METHOD:PUBLISH"});
  CHECK(lines_with(text, "REFRESH-INTERVAL").size() == 1);
  CHECK(lines_with(text, "NAME") == Names{"NAME:Narada – moje spotkania"});
  CHECK(text.find("ATTENDEE") == std::string::npos);
  CHECK(text.find("?k=") == std::string::npos);  // the text may be sent on
  CHECK(text.find("/moje/zgloszenia/") != std::string::npos);

  world.clock().advance(31 * 24h);  // calendars have dropped by now what was cancelled
  const auto later = usecases::personal_feed(environment, key_in(path), Language::pl);
  REQUIRE(later.ok());
  CHECK(lines_with(later->text, "SUMMARY") == Names{"SUMMARY:Może", "SUMMARY:Pewne"});
}

TEST_CASE("only the newest key of a living person opens a calendar") {
  KeyedWorld world;
  const auto meeting = world.publish();
  const auto person = world.enter(meeting.id, 1).registration.person.id;
  const auto other = world.enter(meeting.id, 2).registration.person.id;
  auto& environment = world.environment();
  const auto open = [&](const std::string& key) {
    return describe(usecases::personal_feed(environment, key, Language::pl));
  };
  const auto key = [&](domain::PersonId whose, int generation) {
    return key_in(usecases::personal_feed_path(environment, whose, generation, Language::pl));
  };
  CHECK(open(key(person, 1)) == "not_found");  // there is none yet
  const auto call = person_call(person);
  const auto first = usecases::renew_personal_feed(environment, call, person, 0);
  REQUIRE(first.ok());
  CHECK(*first == 1);
  CHECK(open(key(person, 1)) == "ok");
  CHECK(open(key(other, 1)) == "not_found");
  CHECK(open(std::to_string(other.value) + key(person, 1).substr(key(person, 1).find('.'))) ==
        "not_found");
  auto changed = key(person, 1);
  changed.back() = changed.back() == 'A' ? 'Q' : 'A';
  const auto id = std::to_string(person.value);
  for (const auto& wrong :
       Names{changed, std::string(), id, id + ".", "-1.x", "0.x", "99999999999999999999.x",
             "x" + key(person, 1), key(person, 1) + "A"}) {
    CAPTURE(wrong);
    CHECK(open(wrong) == "not_found");
  }

  CHECK(describe(usecases::renew_personal_feed(environment, call, person, 0)) ==
        "conflict:feed_changed");
  REQUIRE(usecases::renew_personal_feed(environment, call, person, 1).ok());
  CHECK(open(key(person, 1)) == "not_found");
  CHECK(open(key(person, 2)) == "ok");
  CHECK(world.activities().back() == "person.feed_renewed person:" + id + " person:" + id);

  const auto before = key(person, 2);
  environment.secret_key[0] = static_cast<char>(environment.secret_key[0] ^ 1);
  CHECK(open(before) == "not_found");  // another installation's key
  environment.secret_key[0] = static_cast<char>(environment.secret_key[0] ^ 1);
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute("UPDATE person SET erased_at = '2027-01-04' WHERE id = ?", {person});
  });
  CHECK(open(before) == "not_found");
}

TEST_CASE("who else comes is named as far as they agreed") {
  RegistrationWorld world;
  const auto meeting = world.publish(7);
  const auto enter = [&](int number, const char* institution, bool visible) {
    const auto entered = world.try_register(meeting.id, person_of(number, institution, visible));
    REQUIRE(entered.ok());
    return entered->registration;
  };
  const auto viewer = enter(1, "2466011", false);
  enter(2, "2466011", true);
  enter(9, "2466011", false);
  enter(3, "1020031", false);
  enter(4, "1020031", true);
  const auto left = enter(5, "gzm", true);
  world.cancel(left.id);
  const auto erased = enter(6, "2466011", true);
  enter(7, "gzm", true);
  const auto waiting = enter(8, "2466011", true);  // the eighth of seven
  REQUIRE(waiting.status == RegistrationStatus::waitlisted);
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute("UPDATE person SET erased_at = '2027-01-04' WHERE id = ?",
                              {erased.person.id});
  });

  const auto& environment = world.environment();
  const auto fellows =
      usecases::list_fellow_participants(environment, person_actor(viewer.person.id), viewer.id);
  REQUIRE(fellows.ok());
  CHECK(names_of(fellows->colleagues) == Names{"Osoba 2, Gliwice"});
  CHECK(names_of(fellows->others) ==
        Names{"Osoba 7, Górnośląsko-Zagłębiowska Metropolia", "Osoba 4, Zgierz"});
  CHECK(fellows->unnamed == 3);  // of Gliwice, of Zgierz, and the erased one

  const auto outside =
      usecases::list_fellow_participants(environment, person_actor(waiting.person.id), waiting.id);
  REQUIRE(outside.ok());
  CHECK(outside->colleagues.empty());
  CHECK(outside->others.empty());
  CHECK(outside->unnamed == 7);
}

TEST_CASE("what was ticked about visibility is kept, changed and handed on") {
  RegistrationWorld world;
  usecases::CycleForm form;
  form.title = "Cykl";
  form.meetings = {form_in(world, 1, "Sesja 1")};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(cycle.ok());
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id));
  const auto enrolled = usecases::enrol_person(world.environment(), world.visitor(), cycle->slug,
                                               person_of(1, "2466011", true));
  REQUIRE(enrolled.ok());
  const auto first = enrolled->registrations.at(0).id;
  CHECK(world.load(first).visible);
  auto later = form_in(world, 8, "Sesja 2");
  later.cycle = cycle->slug;
  world.publish(later);
  CHECK(world.load({first.value + 1}).visible);

  usecases::RegistrationChange change;
  change.visible = false;
  REQUIRE(usecases::change_registration(world.environment(), world.organizer(), first, {}, change));
  CHECK_FALSE(world.load(first).visible);
  change.visible.reset();
  change.needs = "pętla";
  REQUIRE(usecases::change_registration(world.environment(), world.organizer(), first, {}, change));
  CHECK_FALSE(world.load(first).visible);
  CHECK(world.find_violations().empty());
}

TEST_CASE("each acceptance of the information clause leaves its row") {
  RegistrationWorld world;
  const auto acceptances = [&] {
    return world.pool().read([](storage::Connection& connection) {
      Names rows;
      for (const auto row : connection.query(
               "SELECT CONCAT(person_id, ' ', clause_version, ' ', subject, ' ', accepted_at) "
               "FROM clause_acceptance ORDER BY id"))
        rows.push_back(row.text(0));
      return rows;
    });
  };
  const auto meeting = world.publish();
  const auto entered = world.enter(meeting.id, 1);
  const auto person = std::to_string(entered.registration.person.id.value);
  const auto version = std::to_string(entered.registration.clause_version);
  const auto registration = std::to_string(entered.registration.id.value);
  Names expected{person + " " + version + " registration:" + registration + " 2027-01-04 09:00:00"};
  CHECK(acceptances() == expected);
  world.enter(meeting.id, 1);  // stands: nothing was accepted anew
  CHECK(acceptances() == expected);

  world.cancel(entered.registration.id);
  world.clock().advance(1h);
  world.pool().transact([](storage::Connection& connection) {
    return connection.execute(
        "INSERT INTO information_clause (version, text_pl, text_en, valid_from) "
        "VALUES (50, 'Nowa', 'New', '2027-01-04 09:30:00')");
  });
  world.enter(meeting.id, 1);
  expected.push_back(person + " 50 registration:" + registration + " 2027-01-04 10:00:00");
  CHECK(acceptances() == expected);

  usecases::CycleForm form;
  form.title = "Cykl";
  form.meetings = {form_in(world, 1, "Sesja 1"), form_in(world, 2, "Sesja 2")};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(cycle.ok());
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id));
  const auto enrol = [&] {
    return usecases::enrol_person(world.environment(), world.visitor(), cycle->slug,
                                  RegistrationWorld::person(1));
  };
  const auto enrolled = enrol();
  REQUIRE(enrolled.ok());
  const auto whole = person + " 50 enrolment:" + std::to_string(enrolled->id.value);
  expected.push_back(whole + " 2027-01-04 10:00:00");
  CHECK(acceptances() == expected);
  REQUIRE(usecases::cancel_enrolment(world.environment(), world.organizer(), enrolled->id));
  world.clock().advance(1h);
  REQUIRE(enrol().ok());
  expected.push_back(whole + " 2027-01-04 11:00:00");
  CHECK(acceptances() == expected);
}
