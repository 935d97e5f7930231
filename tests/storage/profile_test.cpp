// What a person changes about themself, and the news they ask for.
#include "service/usecases/people/profile.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/usecases/meetings/cycles.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using nlohmann::json;
using usecases::NotificationChoice;
using usecases::Profile;
using usecases::ProfileForm;

namespace {

using Names = std::vector<std::string>;

usecases::Call call_of(domain::PersonId person) {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::person;
  call.actor.id = person.value;
  call.actor.person = person;
  call.request_id = "r1";
  call.address_class = "public";
  return call;
}

domain::PersonId person_known_by(RegistrationWorld& world, int number) {
  const auto meeting = world.publish();
  return world.enter(meeting.id, number).registration.person.id;
}

Profile load(RegistrationWorld& world, domain::PersonId person) {
  auto profile = usecases::find_profile(world.environment(), person);
  REQUIRE(profile.has_value());
  return *std::move(profile);
}

// As the page would fill it in.
ProfileForm form_of(const Profile& profile) {
  ProfileForm form;
  form.full_name = profile.person.full_name;
  form.position = profile.person.position;
  form.unit = profile.person.unit;
  form.institution = profile.person.institution ? profile.person.institution->name : "";
  form.language = profile.person.language;
  for (const auto& choice : profile.notifications)
    if (choice.wanted) form.notifications.push_back(choice.kind);
  if (!profile.topics.empty()) form.topics = {"mobilnosc"};
  return form;
}

domain::Outcome<Profile> change(RegistrationWorld& world, domain::PersonId person,
                                std::int64_t version, const ProfileForm& form) {
  return usecases::change_profile(world.environment(), call_of(person), person, version, form);
}

void subscribe(RegistrationWorld& world, domain::PersonId person) {
  const auto profile = load(world, person);
  auto form = form_of(profile);
  form.topics = {"mobilnosc"};
  const auto changed = change(world, person, profile.version, form);
  REQUIRE_MESSAGE(changed.ok(), describe(changed));
}

Names announced(RegistrationWorld& world, std::size_t after) {
  Names lines;
  const auto facts = world.facts();
  for (std::size_t index = after; index < facts.size(); ++index)
    if (facts[index].kind == notifications::MailKind::meeting_announced)
      lines.push_back(facts[index].to_name + ": " + facts[index].meeting_title);
  std::sort(lines.begin(), lines.end());
  return lines;
}

usecases::MeetingForm titled(const RegistrationWorld& world, const std::string& title,
                             int days = 0) {
  auto form = world.meeting_form();
  form.title = title;
  form.starts += days * 24h;
  form.ends += days * 24h;
  return form;
}

}  // namespace

TEST_CASE("a profile begins with what was given and the defaults of each notification") {
  RegistrationWorld world;
  const auto person = person_known_by(world, 1);
  const auto profile = load(world, person);
  CHECK(profile.person.full_name == "Osoba 1");
  CHECK(profile.person.email == "osoba1@urzad.example");
  CHECK(profile.person.institution->name == "Gliwice");
  CHECK(profile.version == 1);
  CHECK(profile.notifications == std::vector<NotificationChoice>{{"new_sign_in", true},
                                                                 {"reminder", true},
                                                                 {"meeting_announced", true},
                                                                 {"meeting_announced.daily", false},
                                                                 {"survey_asked", true},
                                                                 {"materials_published", true},
                                                                 {"material_replaced", true},
                                                                 {"expert_tasks", true},
                                                                 {"digest", true},
                                                                 {"digest.weekly", false}});
  CHECK(profile.topics.empty());
  CHECK_FALSE(usecases::find_profile(world.environment(), {999}).has_value());
}

TEST_CASE("everything of a profile changes at once, with before and after in the erasable part") {
  RegistrationWorld world;
  const auto person = person_known_by(world, 1);
  ProfileForm form;
  form.full_name = "  Anna   Nowak ";
  form.position = "naczelniczka";
  form.unit = "Wydział Transportu";
  form.institution = "1020031";
  form.language = domain::Language::en;
  form.topics = {"mobilnosc", "mobilnosc"};
  const auto changed = change(world, person, 1, form);
  REQUIRE_MESSAGE(changed.ok(), describe(changed));
  CHECK(changed->version == 2);
  const auto stored = load(world, person);
  CHECK(stored.person.id == person);
  CHECK(stored.person.full_name == "Anna Nowak");
  CHECK(stored.person.position == "naczelniczka");
  CHECK(stored.person.unit == "Wydział Transportu");
  CHECK(stored.person.institution->slug == "zgierz-miasto");
  CHECK(stored.person.language == domain::Language::en);
  CHECK(std::none_of(stored.notifications.begin(), stored.notifications.end(),
                     [](const NotificationChoice& choice) { return choice.wanted; }));
  CHECK(stored.topics.size() == 1);

  const auto id = std::to_string(person.value);
  CHECK(world.activities().back() == "person.changed person:" + id + " person:" + id);
  const auto rows = world.pool().read([](storage::Connection& connection) {
    Names texts;
    const auto found = connection.query(
        "SELECT a.details, p.person_id, p.details FROM activity a JOIN activity_personal p "
        "ON p.activity_id = a.id WHERE a.verb = 'person.changed'");
    for (const auto row : found)
      for (const std::size_t column : {0, 1, 2}) texts.push_back(row.text(column));
    return texts;
  });
  REQUIRE(rows.size() == 3);
  CHECK(json::parse(rows[0]) ==
        json{{"fields",
              {"full_name", "institution", "language", "notification.digest",
               "notification.expert_tasks", "notification.material_replaced",
               "notification.materials_published", "notification.meeting_announced",
               "notification.new_sign_in", "notification.reminder", "notification.survey_asked",
               "position", "topics", "unit"}}});
  CHECK(rows[1] == id);
  const auto personal = json::parse(rows[2]);
  CHECK(personal["before"]["full_name"] == "Osoba 1");
  CHECK(personal["after"]["full_name"] == "Anna Nowak");
  CHECK(personal["before"]["position"] == "inspektor");
}

TEST_CASE("of two windows the second learns that it is late, and nothing is lost") {
  RegistrationWorld world;
  const auto person = person_known_by(world, 1);
  auto form = form_of(load(world, person));
  form.position = "pierwsze okno";
  REQUIRE(change(world, person, 1, form).ok());
  form.position = "drugie okno";
  CHECK(describe(change(world, person, 1, form)) == "stale");
  CHECK(load(world, person).person.position == "pierwsze okno");
  REQUIRE(change(world, person, 2, form).ok());
  const auto count = world.count("activity");
  const auto same = change(world, person, 3, form);  // nothing differs
  REQUIRE(same.ok());
  CHECK(same->version == 3);
  CHECK(world.count("activity") == count);
}

TEST_CASE("two people of one mailbox keep different names") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto shared = RegistrationWorld::person(1);
  shared.email = "urzad@urzad.example";
  const auto first = world.try_register(meeting.id, shared)->registration.person.id;
  shared.full_name = "Osoba 2";
  REQUIRE(world.try_register(meeting.id, shared).ok());
  auto form = form_of(load(world, first));
  for (const auto* taken : {"Osoba 2", "OSOBA  2"}) {
    form.full_name = taken;
    CHECK(describe(change(world, first, 1, form)) == "full_name:identity_taken");
  }
  form.full_name = "OSOBA 1";  // another spelling of their own
  CHECK(change(world, first, 1, form).ok());
}

TEST_CASE("a profile names every field that is wrong") {
  RegistrationWorld world;
  const auto person = person_known_by(world, 1);
  auto form = form_of(load(world, person));
  form.full_name = "A";
  form.position = std::string(201, 'x');
  form.unit = "z\x01";
  form.institution = "Nieistniejąca";
  form.topics = {"nie-ma"};
  CHECK(describe(change(world, person, 1, form)) ==
        "full_name:too_short, institution:unknown_institution, position:too_long, "
        "unit:control_characters, topics:unknown_topic");
  form = form_of(load(world, person));
  form.institution = "";
  REQUIRE(change(world, person, 1, form).ok());
  CHECK_FALSE(load(world, person).person.institution.has_value());
}

TEST_CASE("a published meeting is announced to who asked for its topic and is not in") {
  RegistrationWorld world;
  const auto known = world.publish();
  domain::PersonId reader = world.enter(known.id, 1).registration.person.id;
  domain::PersonId enrolled_person = world.enter(known.id, 2).registration.person.id;
  world.enter(known.id, 3);  // asked for nothing
  for (const auto person : {reader, enrolled_person}) subscribe(world, person);
  auto before = world.mails().size();

  const auto meeting = world.publish(titled(world, "Ogłoszone"));
  CHECK(announced(world, before) == Names{"Osoba 1: Ogłoszone", "Osoba 2: Ogłoszone"});
  const auto facts = world.facts().back();
  CHECK(facts.meeting_url == "https://narada.example/spotkania/" + meeting.slug);
  CHECK(facts.manage_url == "https://narada.example/moje/dane");  // the way out
  CHECK(facts.online_url.empty());
  CHECK_FALSE(facts.event.has_value());

  before = world.mails().size();
  auto other = titled(world, "Bez tematu");
  other.topic.clear();
  world.publish(other);
  world.publish(titled(world, "Minione", -20));
  CHECK(announced(world, before).empty());

  // Of a cycle published at once the first session alone; who is enrolled hears nothing of later
  // ones.
  usecases::CycleForm form;
  form.title = "Cykl";
  form.meetings = {titled(world, "Sesja 1", 1), titled(world, "Sesja 2", 2)};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(cycle.ok());
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id));
  CHECK(announced(world, before) == Names{"Osoba 1: Sesja 1", "Osoba 2: Sesja 1"});
  REQUIRE(usecases::enrol_person(world.environment(), world.visitor(), cycle->slug,
                                 RegistrationWorld::person(2))
              .ok());
  before = world.mails().size();
  auto later = titled(world, "Sesja 3", 3);
  later.cycle = cycle->slug;
  world.publish(later);
  CHECK(announced(world, before) == Names{"Osoba 1: Sesja 3"});

  // The way out works.
  auto profile = load(world, reader);
  auto leaving = form_of(profile);
  leaving.topics.clear();
  REQUIRE(change(world, reader, profile.version, leaving).ok());
  before = world.mails().size();
  world.publish(titled(world, "Następne"));
  CHECK(announced(world, before) == Names{"Osoba 2: Następne"});
  CHECK(world.find_violations().empty());
}
