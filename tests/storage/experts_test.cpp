#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/experts/led_meetings.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/people/person_erasure.h"
#include "service/usecases/registrations/challenges.h"
#include "sql/person_export_store.h"
#include "sql/pool.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::ExpertId;

namespace {

ExpertId add(RegistrationWorld& world, const std::string& name, const std::string& about = {}) {
  ExpertForm form;
  form.name = name;
  form.kind = domain::ExpertKind::person;
  form.description = about;
  const auto expert = create_expert(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(expert.ok(), describe(expert));
  return expert->id;
}

domain::ExpertProfile load(RegistrationWorld& world, ExpertId id) {
  auto profile =
      find_expert_profile(world.environment(), world.organizer().actor, std::to_string(id.value));
  REQUIRE_MESSAGE(profile.ok(), describe(profile));
  return std::move(profile).value();
}

// What is stored, as an edit that changes nothing.
ExpertEdit edit_of(const domain::ExpertProfile& profile) {
  return {profile.expert.name,    profile.expert.kind,
          profile.organization,   profile.expert.description,
          profile.description_en, profile.account ? profile.account->email : std::string()};
}

Call call_of(domain::PersonId person, std::vector<domain::RoleGrant> grants = {}) {
  Call call;
  call.actor.kind = Actor::Kind::person;
  call.actor.id = person.value;
  call.actor.person = person;
  call.actor.grants = std::move(grants);
  return call;
}

std::vector<std::string> titles(const std::vector<domain::MeetingSummary>& meetings) {
  std::vector<std::string> titles;
  for (const auto& meeting : meetings) titles.push_back(meeting.title);
  return titles;
}

domain::Meeting publish_led(RegistrationWorld& world, const std::string& title,
                            const std::vector<ExpertId>& experts,
                            const std::vector<ExpertId>& in_program = {}) {
  auto form = world.meeting_form();
  form.title = title;
  for (const auto id : experts) form.experts.push_back(std::to_string(id.value));
  ProgramItemForm item;
  item.starts_minute = 600;
  item.ends_minute = 660;
  item.title = "Wykład";
  for (const auto id : in_program) item.experts.push_back(std::to_string(id.value));
  if (!in_program.empty()) form.program = {item};
  return world.publish(form);
}

}  // namespace

TEST_CASE("an expert is found with everything that was typed, and an idle edit is none") {
  RegistrationWorld world;
  const auto id = add(world, "Irena Nowak");
  const auto person = world.enter(world.publish().id, 1).registration.person;
  const auto gliwice = find_institution(world.environment(), "2466011").value();
  ExpertEdit edit{"Irena Nowak-Lis", domain::ExpertKind::person,
                  gliwice.name,      "**Woda**",
                  "*Water*",         person.email};
  REQUIRE(change_expert(world.environment(), world.organizer(), id, 1, edit).ok());
  const auto stored = load(world, id);
  CHECK(stored.expert.name == "Irena Nowak-Lis");
  CHECK(stored.expert.slug == "irena-nowak");  // addresses stay
  CHECK(stored.expert.description == "**Woda**");
  CHECK(stored.description_en == "*Water*");
  REQUIRE(stored.institution);
  CHECK(stored.institution->id == gliwice.id);
  REQUIRE(stored.account);
  CHECK(stored.account->person == person.id);
  CHECK(stored.version == 2);
  CHECK(change_expert(world.environment(), world.organizer(), id, 2, edit_of(stored)).ok());
  CHECK(load(world, id).version == 2);
  edit.organization = "Firma, której nie ma w katalogu";
  REQUIRE(change_expert(world.environment(), world.organizer(), id, 2, edit).ok());
  CHECK_FALSE(load(world, id).institution);
  // Whose account it is, is for those alone who keep the catalogue.
  CHECK_FALSE(
      find_expert_profile(world.environment(), world.visitor().actor, "irena-nowak")->account);
  for (const auto& line : world.activities()) CHECK(line.find("Nowak-Lis") == std::string::npos);
}

TEST_CASE("each rule that an expert's data break is named with its field") {
  RegistrationWorld world;
  const auto id = add(world, "Irena Nowak");
  const auto good = edit_of(load(world, id));
  struct Row {
    const char* name;
    std::function<void(ExpertEdit&)> spoil;
    const char* failure;
  };
  const std::vector<Row> rows{
      {"no name", [](ExpertEdit& edit) { edit.name = " "; }, "name:required"},
      {"a long description", [](ExpertEdit& edit) { edit.description.assign(2001, 'x'); },
       "description:too_long"},
      {"a long one in English", [](ExpertEdit& edit) { edit.description_en.assign(2001, 'x'); },
       "description_en:too_long"},
      {"lines in the organization", [](ExpertEdit& edit) { edit.organization = "a\nb"; },
       "organization:control_characters"},
      {"an account of nobody", [](ExpertEdit& edit) { edit.account = "nikt@urzad.example"; },
       "account:unknown_account"}};
  for (const auto& row : rows) {
    CAPTURE(row.name);
    auto edit = good;
    row.spoil(edit);
    CHECK(describe(change_expert(world.environment(), world.organizer(), id, 1, edit)) ==
          row.failure);
  }
  CHECK(describe(change_expert(world.environment(), world.organizer(), id, 7, good)) == "stale");
  CHECK(describe(change_expert(world.environment(), world.organizer(), {4711}, 1, good)) ==
        "not_found");
  CHECK(describe(change_expert(world.environment(), world.visitor(), id, 1, good)) == "forbidden");
  CHECK(load(world, id).version == 1);
}

TEST_CASE("of a shared mailbox the account is of whoever has the expert's name") {
  RegistrationWorld world;
  const auto meeting = world.publish().id;
  auto form = RegistrationWorld::person(1);
  form.email = "sekretariat@urzad.example";
  form.full_name = "Anna Lis";
  REQUIRE(world.try_register(meeting, form).ok());
  form.full_name = "Jan Kot";
  const auto jan = world.try_register(meeting, form);
  REQUIRE(jan.ok());
  const auto other = add(world, "Ewa Sowa");
  auto edit = edit_of(load(world, other));
  edit.account = "Sekretariat@urzad.example";
  CHECK(describe(change_expert(world.environment(), world.organizer(), other, 1, edit)) ==
        "account:several_accounts");
  const auto id = add(world, "Jan  Kot");
  edit = edit_of(load(world, id));
  edit.account = "sekretariat@urzad.example";
  REQUIRE(change_expert(world.environment(), world.organizer(), id, 1, edit).ok());
  CHECK(load(world, id).account->person == jan->registration.person.id);
}

TEST_CASE("experts change the description of themselves and nothing else") {
  RegistrationWorld world;
  const auto id = add(world, "Osoba 1", "Stary opis");
  const auto person = world.enter(world.publish().id, 1).registration.person;
  const auto stranger = world.enter(world.meeting({1}).id, 2).registration.person;
  CHECK(describe(find_own_expert(world.environment(), call_of(person.id).actor)) == "not_found");
  auto edit = edit_of(load(world, id));
  edit.account = person.email;
  REQUIRE(change_expert(world.environment(), world.organizer(), id, 1, edit).ok());
  const OwnExpertEdit own{"Politechnika", "Nowy opis", ""};
  CHECK(describe(change_own_expert(world.environment(), call_of(stranger.id), 2, own)) ==
        "not_found");
  CHECK(describe(change_own_expert(world.environment(), world.organizer(), 2, own)) == "not_found");
  CHECK(describe(change_own_expert(world.environment(), call_of(person.id), 1, own)) == "stale");
  REQUIRE(change_own_expert(world.environment(), call_of(person.id), 2, own).ok());
  const auto stored = load(world, id);
  CHECK(stored.expert.name == "Osoba 1");
  CHECK(stored.expert.description == "Nowy opis");
  CHECK(stored.organization == "Politechnika");
  CHECK(stored.account->person == person.id);
}

TEST_CASE("a page of an expert has what visitors may see, from meetings and programs, once") {
  RegistrationWorld world;
  const auto id = add(world, "Irena Nowak");
  publish_led(world, "Prowadzi", {id}, {id});
  publish_led(world, "Wykłada", {}, {id});
  publish_led(world, "Bez niej", {});
  auto form = world.meeting_form();
  form.title = "Szkic";
  form.experts = {std::to_string(id.value)};
  REQUIRE(create_meeting(world.environment(), world.organizer(), form).ok());
  CycleForm cycle;
  cycle.title = "Cykl Ireny";
  cycle.experts = {std::to_string(id.value)};
  const auto draft = create_cycle(world.environment(), world.organizer(), cycle);
  REQUIRE(draft.ok());
  auto program = load_expert_program(world.environment(), id);
  CHECK(titles(program.meetings) == std::vector<std::string>{"Wykłada", "Prowadzi"});
  CHECK(program.cycles.empty());
  REQUIRE(publish_cycle(world.environment(), world.organizer(), draft->id).ok());
  program = load_expert_program(world.environment(), id);
  REQUIRE(program.cycles.size() == 1);
  CHECK(program.cycles[0].title == "Cykl Ireny");
}

TEST_CASE("two records of one expert become one, and nothing names the first any more") {
  RegistrationWorld world;
  const auto from = add(world, "I. Nowak", "Zna się na wodzie");
  const auto into = add(world, "Irena Nowak");
  const auto both = publish_led(world, "Oboje", {from, into}, {from});
  const auto one = publish_led(world, "Tylko pierwsza", {from});
  const auto links = count_expert_links(world.environment(), world.organizer().actor, from);
  REQUIRE(links.ok());
  CHECK(links->meetings == 2);
  CHECK(links->program_items == 1);
  CHECK(links->cycles == 0);
  const auto merge = [&](ExpertId gone, ExpertId kept) {
    return describe(merge_experts(world.environment(), world.organizer(), gone, kept));
  };
  CHECK(merge(from, from) == "into:same_expert");
  CHECK(merge(from, {4711}) == "into:unknown_expert");
  CHECK(describe(merge_experts(world.environment(), world.visitor(), from, into)) == "forbidden");
  CHECK(merge(from, into) == "ok");
  CHECK(merge(from, into) == "not_found");  // there is no such record any more
  for (const auto& [id, version] : {std::pair{both.id, both.version}, {one.id, one.version}}) {
    const auto meeting = world.meeting(id);
    REQUIRE(meeting.experts.size() == 1);
    CHECK(meeting.experts[0].id == into);
    CHECK(meeting.version == version + 1);  // whoever has it open for editing is told
  }
  CHECK(world.meeting(both.id).program.at(0).experts.at(0).id == into);
  CHECK(load(world, into).expert.description == "Zna się na wodzie");
  CHECK(load(world, from).expert.id == into);
  CHECK(find_expert(world.environment(), "i-nowak")->id == into);
  CHECK(list_experts(world.environment(), "Nowak", {10, {}}).items.size() == 1);
  // A chain leads to its end.
  const auto last = add(world, "Dr Irena Nowak");
  CHECK(merge(into, last) == "ok");
  CHECK(find_expert(world.environment(), "i-nowak")->id == last);
}

TEST_CASE("merges of the same two that race leave one of them") {
  RegistrationWorld world;
  const auto one = add(world, "Pierwszy");
  const auto other = add(world, "Drugi");
  publish_led(world, "Oboje", {one, other}, {one, other});
  std::string results[2];
  {
    std::jthread forth([&] {
      results[0] = describe(merge_experts(world.environment(), world.organizer(), one, other));
    });
    std::jthread back([&] {
      results[1] = describe(merge_experts(world.environment(), world.organizer(), other, one));
    });
  }
  CHECK((results[0] == "ok") != (results[1] == "ok"));
  CHECK(list_experts(world.environment(), "", {10, {}}).items.size() == 1);
  CHECK(world.meeting({1}).experts.size() == 1);
}

TEST_CASE("who leads sees the meetings of the role with numbers and problems, without names") {
  RegistrationWorld world;
  const auto mine = publish_led(world, "Moje", {});
  publish_led(world, "Cudze", {});
  REQUIRE(set_asks_challenge(world.environment(), world.organizer(), mine.id, true).ok());
  auto form = RegistrationWorld::person(1);
  form.challenge = "Zalewa nam piwnice";
  const auto registered = world.try_register(mine.id, form);
  REQUIRE(registered.ok());
  const auto expert = call_of({4711}, {{Role::expert, mine.id}}).actor;
  const auto led = list_led_meetings(world.environment(), expert);
  CHECK(titles(led.upcoming) == std::vector<std::string>{"Moje"});
  CHECK(led.upcoming[0].onsite.confirmed == 1);
  CHECK(led.past.empty());
  const auto found = find_led_meeting(world.environment(), expert, mine.id);
  REQUIRE(found.ok());
  REQUIRE(found->challenges.size() == 1);
  CHECK(found->challenges[0].texts == std::vector<std::string>{"Zalewa nam piwnice"});
  REQUIRE(found->statistics.offices.size() == 1);
  CHECK(found->statistics.offices[0].confirmed == 1);
  CHECK_FALSE(found->statistics.may_see_participants);
  CHECK(describe(find_led_meeting(world.environment(), expert, {2})) == "not_found");
  // The role alone counts: who organizes everything leads nothing.
  CHECK(list_led_meetings(world.environment(), world.organizer().actor).upcoming.empty());
  CHECK(list_led_meetings(world.environment(), call_of({4711}).actor).upcoming.empty());
  world.clock().advance(std::chrono::hours(24 * 30));
  CHECK(titles(list_led_meetings(world.environment(), expert).past) ==
        std::vector<std::string>{"Moje"});
}

TEST_CASE("erasing a person takes back what they wrote of themselves, and the copy has it before") {
  RegistrationWorld world;
  const auto id = add(world, "Osoba 1", "Opowiada o wodzie");
  const auto person = world.enter(world.publish().id, 1).registration.person;
  auto edit = edit_of(load(world, id));
  edit.account = person.email;
  edit.organization = "Politechnika";
  REQUIRE(change_expert(world.environment(), world.organizer(), id, 1, edit).ok());
  const auto tables = world.pool().read([&](storage::Connection& connection) {
    return storage::list_rows_of_person(connection, person.id);
  });
  const auto copy = std::find_if(tables.begin(), tables.end(),
                                 [](const auto& table) { return table.name == "expert_pages"; });
  REQUIRE(copy != tables.end());
  using Row = std::vector<std::optional<std::string>>;
  CHECK(copy->rows == std::vector<Row>{{"Osoba 1", "Politechnika", "Opowiada o wodzie", "",
                                        "/prowadzacy/osoba-1"}});
  REQUIRE(erase_person(world.environment(), call_of(person.id), person.id, person.email).ok());
  const auto stored = load(world, id);
  CHECK(stored.expert.name == "Osoba 1");  // the program stays what it was
  CHECK(stored.expert.description.empty());
  CHECK_FALSE(stored.account);
}
