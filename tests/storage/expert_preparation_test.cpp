#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <thread>

#include "files/digest.h"
#include "service/usecases/experts/asking.h"
#include "service/usecases/experts/expert_photo.h"
#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/experts/inviting.h"
#include "service/usecases/experts/preparation.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/mails/unsubscribing.h"
#include "service/usecases/meetings/bin.h"
#include "service/usecases/people/person_erasure.h"
#include "sql/expert_member_store.h"
#include "sql/person_export_store.h"
#include "sql/pool.h"
#include "sql/role_store.h"
#include "tests/storage/prepared_world.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::ExpertId;
using domain::MeetingId;
using domain::PersonId;

namespace {

std::string state_of(const PreparingExpert& expert, const std::string& key) {
  for (const auto& task : expert.tasks)
    if (task.rule.key == key) return std::string(to_string(task.state));
  return {};
}

}  // namespace

TEST_CASE("naming somebody with an address makes the entry, the role, the place and the mail") {
  PreparedWorld world;
  const auto person = world.invite("Ewa Sowa", "ewa@urzad.example");
  const auto meeting = world.meeting(world.id);
  REQUIRE(meeting.program.at(0).experts.size() == 1);
  CHECK(meeting.program[0].experts[0].name == "Ewa Sowa");
  const auto mails = world.facts();
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].kind == notifications::MailKind::role_invitation);
  CHECK(mails[0].to_address == "ewa@urzad.example");
  CHECK(mails[0].account->scope == "Deszczówka");
  const auto own = load_own_preparation(world.environment(), world.call_of(person).actor, world.id);
  REQUIRE(own.ok());
  REQUIRE(own->preparation.experts.size() == 1);
  CHECK(own->preparation.experts[0].people.at(0).may_enter);
  CHECK(find_own_expert(world.environment(), world.call_of(person).actor)->expert.name ==
        "Ewa Sowa");
  // Once more: the same person, another mail, nothing twice.
  CHECK(send_expert_link(world.environment(), world.organizer(), world.id,
                         own->preparation.experts[0].expert.id, person)
            .ok());
  CHECK(world.facts().size() == 2);
  CHECK(world.invite("ewa-sowa", "ewa@urzad.example") == person);
  CHECK(world.count("expert_member") == 1);
  CHECK(world.count("program_item_expert") == 1);
  for (const auto& line : world.activities()) CHECK(line.find("Sowa") == std::string::npos);
}

TEST_CASE("what is wrong with an invitation is said, and nothing is written") {
  PreparedWorld world;
  world.invite("Ewa Sowa", "ewa@urzad.example");
  ExpertForm office;
  office.name = "Politechnika";
  REQUIRE(create_expert(world.environment(), world.organizer(), office).ok());
  Call of_meeting = world.call_of(world.enter(world.id, 1).registration.person.id);
  of_meeting.actor.grants = {{Role::organizer, world.id}};
  struct Row {
    const char* name;
    Call call;
    ExpertInvitation invitation;
    const char* failure;
  };
  const std::vector<Row> rows{
      {"nobody", world.organizer(), {"", "a@b.example", "", {}}, "expert:required"},
      {"no address", world.organizer(), {"Jan Kot", "jan", "", {}}, "email:invalid_email"},
      {"an organization without a person",
       world.organizer(),
       {"politechnika", "a@b.example", "", {}},
       "full_name:required"},
      {"a new name without the catalogue",
       of_meeting,
       {"Jan Kot", "jan@b.example", "", {}},
       "expert:unknown_expert"},
      {"another's page without the catalogue",
       of_meeting,
       {"ewa-sowa", "obcy@b.example", "Obcy Ktoś", {}},
       "expert:expert_has_account"},
      {"a visitor", world.visitor(), {"Jan Kot", "jan@b.example", "", {}}, "forbidden"}};
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(describe(invite_expert(world.environment(), row.call, world.id, row.invitation)) ==
          row.failure);
  }
  CHECK(world.count("expert_member") == 1);
}

TEST_CASE("the checklist follows what is there, what is answered and what the organizer says") {
  PreparedWorld world;
  const auto person = world.invite("Ewa Sowa", "ewa@urzad.example");
  const auto call = world.call_of(person);
  auto expert = world.prepared().experts.at(0);
  CHECK(expert.missing() == 5);
  const auto id = expert.expert.id;
  auto own = find_own_expert(world.environment(), call.actor);
  REQUIRE(change_own_expert(world.environment(), call, own->version, {"", "Zna się", ""}).ok());
  CHECK(describe(change_session_words(world.environment(), call, world.id, id, 0,
                                      {"Inny tytuł", ""}, {"Tytuł", "Opis"})) == "stale");
  REQUIRE(change_session_words(world.environment(), call, world.id, id, 0, {"Wykład", ""},
                               {"Ogrody deszczowe", "O wodzie"})
              .ok());
  CHECK(world.meeting(world.id).program.at(0).title == "Ogrody deszczowe");
  expert = world.prepared().experts.at(0);
  CHECK(state_of(expert, "bio") == "there");
  CHECK(state_of(expert, "session") == "there");
  CHECK(expert.missing() == 3);

  auto plan = world.prepared().plan;
  for (auto& rule : plan.rules)
    if (rule.key == "recording_consent") rule.is_wanted = true;
  plan.rules.push_back({"own1", "Lista sprzętu", 5, true});
  REQUIRE(save_task_plan(world.environment(), world.organizer(), world.id, plan, 0).ok());
  CHECK(describe(save_task_plan(world.environment(), world.organizer(), world.id, plan, 0)) ==
        "stale");
  CHECK(world.prepared().plan == plan);
  const auto answer = [&](const char* task, std::optional<bool> said) {
    return describe(answer_task(world.environment(), call, world.id, id, task, said));
  };
  CHECK(answer("recording_consent", false) == "ok");
  CHECK(answer("own1", true) == "ok");
  CHECK(answer("bio", true) == "not_found");
  expert = world.prepared().experts.at(0);
  CHECK(state_of(expert, "recording_consent") == "there");
  CHECK(state_of(expert, "own1") == "there");
  CHECK(answer("own1", std::nullopt) == "ok");
  REQUIRE(set_task_exceptions(world.environment(), world.organizer(), world.id, id,
                              {{"photo", false, {}, {}, {}}})
              .ok());
  expert = world.prepared().experts.at(0);
  CHECK(state_of(expert, "own1") == "missing");
  CHECK(state_of(expert, "photo") == "not_needed");

  const auto stranger = world.call_of(world.enter(world.id, 1).registration.person.id);
  CHECK(describe(answer_task(world.environment(), stranger, world.id, id, "own1", true)) ==
        "not_found");
  CHECK(describe(load_own_preparation(world.environment(), stranger.actor, world.id)) ==
        "not_found");
  world.set_day(5, 1);  // more than 30 days after the meeting
  CHECK(answer("own1", true) == "conflict:preparation_closed");
}

TEST_CASE("a cycle's plan holds for its meetings until one has its own") {
  PreparedWorld world;
  world.invite("Ewa Sowa", "ewa@urzad.example");
  CHECK(describe(save_task_plan(world.environment(), world.organizer(), world.id,
                                {{{"bio", "", 999, true}}, 99}, 0)) ==
        "closes_days:out_of_range, days_bio:out_of_range");
  CHECK_FALSE(world.prepared().is_plan_of_cycle);
}

TEST_CASE("experts are asked for what is missing at its times, once whatever the clock does") {
  PreparedWorld world;
  const auto person = world.invite("Ewa Sowa", "ewa@urzad.example");
  CHECK(world.ask() == 0);  // invited just now
  world.set_day(2, 15);
  CHECK(world.ask() == 0);
  world.set_day(2, 16);  // 14 days before 2 March, when note, photo and summary are due
  CHECK(world.ask() == 1);
  CHECK(world.ask() == 0);
  REQUIRE(world.asked().size() == 1);
  const auto mail = world.asked()[0];
  CHECK(mail.to_address == "ewa@urzad.example");
  CHECK(mail.ask->text ==
        "Kilka zdań o sobie – do 02.03.2027\nZdjęcie – do 02.03.2027\n"
        "Tytuł i opis wystąpienia – do 02.03.2027\nPrezentacja – do 09.03.2027\n"
        "Podręcznik dla uczestników – do 02.03.2027\n");
  CHECK(mail.ask->url.ends_with("/prowadzenie/spotkania/" + std::to_string(world.id.value)));
  world.set_day(2, 10);  // the clock was wrong
  CHECK(world.ask() == 0);
  world.set_day(2, 22);
  CHECK(world.ask() == 0);
  world.set_day(2, 26);  // the machine slept through 23 February
  CHECK(world.ask() == 1);
  world.set_day(2, 28);  // 2 days before, yet 2 days after the last one
  CHECK(world.ask() == 0);
  world.set_day(3, 3);
  CHECK(world.ask() == 1);
  // Two processes at once write one.
  world.set_day(3, 8);
  int first = 0;
  int second = 0;
  {
    std::jthread one([&] { first = world.ask(); });
    std::jthread other([&] { second = world.ask(); });
  }
  CHECK(first + second == 1);
  CHECK(world.asked().size() == 4);
  world.set_day(3, 17);  // it is over
  CHECK(world.ask() == 0);
  world.set_day(7, 1);
  CHECK(world.ask() == 0);
  CHECK(world.count("expert_task_sent") == 0);  // forgotten
  CHECK(person.value > 0);
}

TEST_CASE("nobody is asked who wants no such mail, has no access, or has nothing missing") {
  PreparedWorld world;
  const auto ewa = world.invite("Ewa Sowa", "ewa@urzad.example");
  const auto expert = world.prepared().experts.at(0).expert.id;
  const auto now = [&] {
    return describe(ask_now(world.environment(), world.organizer(), world.id, expert));
  };
  CHECK(now() == "ok");
  CHECK(now() == "conflict:asked_today");
  world.set_day(2, 16);
  const auto url = unsubscribe_url(world.environment(), ewa, notifications::MailKind::expert_tasks,
                                   domain::Language::pl);
  REQUIRE(unsubscribe(world.environment(), world.visitor(), url.substr(url.rfind('/') + 1)).ok());
  CHECK(world.ask() == 0);
  CHECK(now() == "conflict:nobody_to_ask");
  CHECK_FALSE(world.prepared().experts.at(0).people.at(0).wants_reminders);

  const auto jan = world.invite("ewa-sowa", "jan@urzad.example", "Jan Kot");
  world.set_day(2, 23);
  CHECK(world.ask() == 1);
  CHECK(world.asked().back().to_address == "jan@urzad.example");
  // Without the role the workspace would not open.
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("DELETE FROM person_role WHERE person_id = ?", {jan});
  });
  world.set_day(3, 1);
  CHECK(world.ask() == 0);
  auto plan = world.prepared().plan;
  for (auto& rule : plan.rules) rule.is_wanted = false;
  REQUIRE(save_task_plan(world.environment(), world.organizer(), world.id, plan, 0).ok());
  CHECK(now() == "conflict:nothing_missing");
}

TEST_CASE("nobody is asked about a meeting that is cancelled") {
  PreparedWorld world;
  world.invite("Ewa Sowa", "ewa@urzad.example");
  world.set_day(2, 16);
  REQUIRE(cancel_meeting(world.environment(), world.organizer(), world.id, "Choroba").ok());
  CHECK(world.ask() == 0);
  CHECK(describe(ask_now(world.environment(), world.organizer(), world.id,
                         world.prepared().experts.at(0).expert.id)) == "conflict:meeting_over");
}

TEST_CASE("several people act for an organization, and whoever is taken off does no longer") {
  PreparedWorld world;
  ExpertForm form;
  form.name = "Politechnika";
  const auto expert = create_expert(world.environment(), world.organizer(), form)->id;
  const auto ewa = world.invite("politechnika", "ewa@uczelnia.example", "Ewa Sowa");
  const auto jan = world.invite("politechnika", "jan@uczelnia.example", "Jan Kot");
  for (const auto person : {ewa, jan}) {
    const auto own = find_own_expert(world.environment(), world.call_of(person).actor, expert);
    REQUIRE(own.ok());
    CHECK(own->expert.name == "Politechnika");
  }
  auto own = find_own_expert(world.environment(), world.call_of(jan).actor, expert);
  CHECK(change_own_expert(world.environment(), world.call_of(jan), own->version,
                          {"", "Od Jana", ""}, expert)
            .ok());
  CHECK(
      find_own_expert(world.environment(), world.call_of(ewa).actor, expert)->expert.description ==
      "Od Jana");
  CHECK(list_expert_faces(world.environment(), world.id).empty());
  REQUIRE(save_own_choices(world.environment(), world.call_of(jan), expert, {true, false}).ok());
  const auto faces = list_expert_faces(world.environment(), world.id);
  REQUIRE(faces.size() == 1);
  CHECK(faces[0].people == std::vector<std::string>{"Jan Kot"});
  CHECK(describe(remove_expert_person(world.environment(), world.call_of(ewa), expert, jan)) ==
        "forbidden");
  CHECK(describe(list_expert_people(world.environment(), world.call_of(ewa).actor, expert)) ==
        "forbidden");
  const auto people =
      list_expert_people(world.environment(), world.organizer().actor, expert).value();
  REQUIRE(people.size() == 2);
  CHECK(people[0].full_name == "Ewa Sowa");
  CHECK(people[1].email == "jan@uczelnia.example");
  CHECK(remove_expert_person(world.environment(), world.organizer(), expert, jan).ok());
  CHECK(describe(find_own_expert(world.environment(), world.call_of(jan).actor, expert)) ==
        "not_found");
  // The editor's form takes the account away.
  const auto profile =
      find_expert_profile(world.environment(), world.organizer().actor, "politechnika");
  ExpertEdit edit{"Politechnika", domain::ExpertKind::organization, "", "Od Jana", "", ""};
  REQUIRE(
      change_expert(world.environment(), world.organizer(), expert, profile->version, edit).ok());
  CHECK(describe(find_own_expert(world.environment(), world.call_of(ewa).actor, expert)) ==
        "not_found");
}

TEST_CASE("a photo is kept with consent alone, and shown once it has been inspected") {
  PreparedWorld world;
  const auto person = world.invite("Ewa Sowa", "ewa@urzad.example");
  const auto call = world.call_of(person);
  const auto expert = world.prepared().experts.at(0).expert.id;
  const std::string jpeg = "\xFF\xD8\xFF\xE0 not much of a picture";
  const auto save = [&](const Call& by, const std::string& content, bool consent) {
    return describe(save_expert_photo(world.environment(), by, expert, content, consent));
  };
  CHECK(save(call, jpeg, false) == "photo_consent:photo_consent_required");
  CHECK(save(call, "<svg onload=alert(1)>", true) == "photo:not_a_photo");
  CHECK(save(call, "", true) == "photo:required");
  CHECK(save(world.visitor(), jpeg, true) == "not_found");
  CHECK(save(call, jpeg, true) == "ok");
  CHECK(describe(find_shown_photo(world.environment(), "ewa-sowa")) == "not_found");
  CHECK(state_of(world.prepared().experts.at(0), "photo") == "there");
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE stored_file SET state = 'ready', thumbnail = digest");
  });
  CHECK(find_shown_photo(world.environment(), "ewa-sowa").ok());
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE stored_file SET state = 'refused', refusal = 'damaged'");
  });
  CHECK(state_of(world.prepared().experts.at(0), "photo") == "missing");
  CHECK(describe(find_shown_photo(world.environment(), "ewa-sowa")) == "not_found");
  CHECK(delete_expert_photo(world.environment(), call, expert).ok());
  CHECK_FALSE(find_expert_photo(world.environment(), expert));
}

TEST_CASE("two entries made one keep people, answers and photo; erasing a person ends all of it") {
  PreparedWorld world;
  const auto person = world.invite("E. Sowa", "ewa@urzad.example", "Ewa Sowa");
  const auto call = world.call_of(person);
  const auto from = world.prepared().experts.at(0).expert.id;
  REQUIRE(save_expert_photo(world.environment(), call, from, "\xFF\xD8\xFF\xE0", true).ok());
  auto plan = world.prepared().plan;
  plan.rules.push_back({"own1", "Lista sprzętu", 5, true});
  REQUIRE(save_task_plan(world.environment(), world.organizer(), world.id, plan, 0).ok());
  REQUIRE(answer_task(world.environment(), call, world.id, from, "own1", true).ok());
  ExpertForm form;
  form.name = "Ewa Sowa";
  form.kind = domain::ExpertKind::person;
  const auto into = create_expert(world.environment(), world.organizer(), form)->id;
  REQUIRE(merge_experts(world.environment(), world.organizer(), from, into).ok());
  CHECK(find_own_expert(world.environment(), call.actor)->expert.id == into);
  CHECK(state_of(world.prepared().experts.at(0), "own1") == "there");
  CHECK(find_expert_photo(world.environment(), into));

  const auto tables = world.pool().read([&](storage::Connection& connection) {
    return storage::list_rows_of_person(connection, person);
  });
  for (const char* name : {"expert_of", "expert_answers"}) {
    const auto table = std::find_if(tables.begin(), tables.end(),
                                    [&](const auto& one) { return one.name == name; });
    REQUIRE(table != tables.end());
    CHECK(table->rows.size() == 1);
  }
  REQUIRE(erase_person(world.environment(), call, person, "ewa@urzad.example").ok());
  CHECK(world.count("expert_member") == 0);
  CHECK(world.count("expert_photo") == 0);
  CHECK(world.count("expert_task_answer WHERE answered_by IS NOT NULL") == 0);
}
