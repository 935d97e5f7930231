// What materials are to each of their readers, and who may change what.
#include "service/usecases/materials/materials.h"

#include <doctest/doctest.h>

#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/meetings/bin.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/people/clean_up.h"
#include "service/usecases/people/person_erasure.h"
#include "sql/person_export_store.h"
#include "sql/pool.h"
#include "tests/storage/material_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::MaterialAccess;
using domain::Role;
using usecases::Actor;

namespace {

using Titles = std::vector<std::string>;

usecases::MaterialForm form_of(const std::string& title) {
  usecases::MaterialForm form;
  form.title = title;
  return form;
}

}  // namespace

TEST_CASE("what somebody is to a meeting decides what they read of it") {
  MaterialWorld world;
  auto& environment = world.environment();
  const auto other_meeting = world.publish();
  auto sibling_form = world.meeting_form();
  sibling_form.cycle = std::to_string(world.cycle.value);
  const auto sibling = world.publish(sibling_form);
  const auto here = world.enter(world.meeting.id, 1).registration.id;
  const auto attended = world.enter(world.meeting.id, 2).registration.id;
  world.set_status(attended, "attended");
  const auto waiting = world.enter(world.meeting.id, 3).registration.id;
  world.set_status(waiting, "waitlisted");
  const auto cancelled = world.enter(world.meeting.id, 4).registration.id;
  world.cancel(cancelled);
  const auto beside = world.enter(sibling.id, 5).registration.id;
  const auto elsewhere = world.enter(other_meeting.id, 6).registration.id;
  const auto inner = world.add("dla organizatorów", MaterialAccess::organizers);
  const auto participants = world.add("dla uczestników", MaterialAccess::participants);
  const auto expert = world.lead("ewa");
  auto expert_form = form_of("ekspertki");
  expert_form.access = MaterialAccess::organizers;
  expert_form.upload = world.bring(expert, world.meeting.id);
  const auto of_expert = usecases::add_material(environment, expert, world.meeting.id, expert_form);
  REQUIRE_MESSAGE(of_expert.ok(), describe(of_expert));
  auto cycle_form = form_of("cyklu");
  cycle_form.access = MaterialAccess::participants;
  cycle_form.link = "https://nagrania.example/1";
  const auto of_cycle =
      usecases::add_material(environment, world.organizer(), world.cycle, cycle_form);
  REQUIRE_MESSAGE(of_cycle.ok(), describe(of_cycle));

  struct Row {
    const char* name;
    Actor actor;
    std::string inner, participants, of_expert, of_cycle;
  };
  const std::string none = "not_found", locked = "participants_only";
  const auto manage = [&](domain::RegistrationId id) { return world.holder(id).actor; };
  const auto account = [&](const char* name, std::vector<domain::RoleGrant> grants) {
    return world.account(name, grants).actor;
  };
  const std::vector<Row> rows = {
      {"a visitor", world.visitor().actor, none, locked, none, locked},
      {"confirmed", world.person_of(here).actor, none, "open 1", none, "open"},
      {"confirmed, by the link", manage(here), none, "open 1", none, "open"},
      {"attended", world.person_of(attended).actor, none, "open 1", none, "open"},
      {"in line", world.person_of(waiting).actor, none, locked, none, locked},
      {"in line, by the link", manage(waiting), none, locked, none, locked},
      {"cancelled", world.person_of(cancelled).actor, none, locked, none, locked},
      {"cancelled, by the link", manage(cancelled), none, locked, none, locked},
      {"at another session", world.person_of(beside).actor, none, locked, none, "open"},
      {"at another session, by the link", manage(beside), none, locked, none, "open"},
      {"elsewhere", world.person_of(elsewhere).actor, none, locked, none, locked},
      {"elsewhere, by the link", manage(elsewhere), none, locked, none, locked},
      {"its expert", expert.actor, none, "open 1", "open 1", "open"},
      {"another expert", account("inny", {{Role::expert, other_meeting.id}}), none, locked, none,
       locked},
      {"an expert of the cycle", account("cyklu", {{Role::expert, world.cycle}}), none, "open 1",
       none, "open"},
      {"an organizer", world.organizer().actor, "open 1", "open 1", "open 1", "open"},
      {"of another meeting", account("obcy", {{Role::organizer, other_meeting.id}}), none, locked,
       none, locked},
      {"of this meeting", account("nasz", {{Role::organizer, world.meeting.id}}), "open 1",
       "open 1", "open 1", locked},
      {"an official", account("urzednik", {{Role::official, {}}}), none, locked, none, locked},
      {"an admin", account("admin", {{Role::admin, {}}}), "open 1", "open 1", "open 1", "open"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(world.reading(row.actor, inner) == row.inner);
    CHECK(world.reading(row.actor, participants) == row.participants);
    CHECK(world.reading(row.actor, *of_expert) == row.of_expert);
    CHECK(world.reading(row.actor, *of_cycle) == row.of_cycle);
  }
}

TEST_CASE("a file is for others when it has been inspected, and its link until then for nobody") {
  MaterialWorld world;
  const auto visitor = world.visitor().actor;
  auto form = form_of("Podręcznik");
  form.upload = world.bring(world.organizer(), world.meeting.id, "podręcznik.pdf");
  const auto id =
      usecases::add_material(world.environment(), world.organizer(), world.meeting.id, form);
  REQUIRE_MESSAGE(id.ok(), describe(id));
  CHECK(world.reading(visitor, *id) == "not_found");
  CHECK(world.load(*id).versions.at(0).digest.hex.empty());
  const auto digest =
      world.inspect(form.upload, "ready",
                    R"({"media_type":"application/pdf","pages":12,"title":"T","language":"pl-PL",)"
                    R"("is_tagged":true,"has_text":true,"faults":["no_title","old_format"]})");
  CHECK(world.reading(visitor, *id) == "open 1");
  const auto version = world.load(*id).versions.at(0);
  CHECK(version.digest.hex == digest);
  CHECK(version.file_name == "podręcznik.pdf");
  CHECK(version.size == 1000);
  domain::FileFacts facts;
  facts.media_type = "application/pdf";
  facts.pages = 12;
  facts.title = "T";
  facts.language = "pl-PL";
  facts.is_tagged = true;
  facts.has_text = true;
  facts.faults = {domain::AccessibilityFault::no_title, domain::AccessibilityFault::old_format};
  CHECK(version.facts == facts);
}

TEST_CASE("each rule that a material breaks is named with its field") {
  MaterialWorld world;
  struct Row {
    const char* name;
    void (*break_it)(usecases::MaterialForm&);
    std::string errors;
  };
  using Form = usecases::MaterialForm;
  const std::vector<Row> rows = {
      {"good", [](Form&) {}, "ok"},
      {"no title", [](Form& f) { f.title = " "; }, "title:required"},
      {"neither file nor link", [](Form& f) { f.link = ""; }, "upload:required"},
      {"both", [](Form& f) { f.upload = "x"; }, "upload:file_or_link"},
      {"without encryption", [](Form& f) { f.link = "http://a.example/"; }, "link:not_https"},
      {"no address", [](Form& f) { f.link = "javascript:alert(1)"; }, "link:invalid_url"},
      {"an upload of nobody",
       [](Form& f) {
         f.link = "";
         f.upload = "x";
       },
       "upload:unknown_upload"},
      {"a photo without words and consent", [](Form& f) { f.kind = domain::MaterialKind::photo; },
       "alt_text:required, has_consent:consent_needed"},
      {"a photo for participants",
       [](Form& f) {
         f.kind = domain::MaterialKind::photo;
         f.alt_text = "Sala";
         f.access = MaterialAccess::participants;
       },
       "ok"},
      {"a skipped hour",
       [](Form& f) {
         f.available_from = domain::WallTime(
             std::chrono::local_days(std::chrono::year(2027) / 3 / 28) + 2h + 30min);
       },
       "available_from:nonexistent_time"},
      {"nobody's", [](Form& f) { f.expert = "nikt"; }, "expert:unknown_expert"},
      {"an edition of nothing", [](Form& f) { f.edition_of = "99"; },
       "edition_of:unknown_material"},
      {"an edition of words", [](Form& f) { f.edition_of = "1; DROP"; },
       "edition_of:unknown_material"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    auto form = form_of("Nagranie");
    form.link = "https://nagrania.example/1";
    row.break_it(form);
    CHECK(describe(usecases::add_material(world.environment(), world.organizer(), world.meeting.id,
                                          form)) == row.errors);
  }
}

TEST_CASE("an upload becomes part of one material, of its owner, by who brought it") {
  MaterialWorld world;
  auto& environment = world.environment();
  const auto other = world.account("inna", {{Role::organizer, {}}});
  auto form = form_of("Raz");
  form.upload = world.bring(world.organizer(), world.meeting.id);
  CHECK(describe(usecases::add_material(environment, other, world.meeting.id, form)) ==
        "upload:unknown_upload");
  CHECK(describe(usecases::add_material(environment, world.organizer(), world.cycle, form)) ==
        "upload:unknown_upload");
  CHECK(usecases::add_material(environment, world.organizer(), world.meeting.id, form).ok());
  CHECK(describe(usecases::add_material(environment, world.organizer(), world.meeting.id, form)) ==
        "upload:unknown_upload");
}

TEST_CASE("an expert changes what is theirs until it is closed, an organizer everything") {
  MaterialWorld world;
  auto& environment = world.environment();
  const auto expert = world.lead("ewa");
  const auto colleague = world.lead("adam");
  const auto other = world.account("inny", {{Role::expert, world.meeting.id}});
  auto form = form_of("Prezentacja");
  form.expert = "ewa";
  form.upload = world.bring(expert, world.meeting.id);
  const auto id = usecases::add_material(environment, expert, world.meeting.id, form);
  REQUIRE_MESSAGE(id.ok(), describe(id));
  world.inspect(form.upload);
  const auto of_organizer = world.add("Program");
  const auto rename = [&](const usecases::Call& call, domain::MaterialId material) {
    auto edited = usecases::find_edited_material(environment, call.actor, material);
    if (!edited) return describe(edited);
    edited->form.title += "!";
    return describe(usecases::change_material(environment, call, material, edited->material.version,
                                              edited->form));
  };
  CHECK(rename(expert, *id) == "ok");
  CHECK(rename(colleague, *id) == "ok");  // of the same record
  CHECK(rename(other, *id) == "forbidden");
  CHECK(rename(world.visitor(), *id) == "forbidden");
  CHECK(rename(expert, of_organizer) == "forbidden");
  CHECK(rename(world.organizer(), of_organizer) == "ok");
  CHECK(describe(usecases::move_material(environment, expert, *id, domain::MaterialMove::up)) ==
        "forbidden");
  CHECK(describe(usecases::exempt_material(environment, expert, *id, "bo tak")) == "forbidden");
  world.clock().set(world.meeting.times.ends_at + domain::kExpertsChangeFor - 1s);
  CHECK(rename(expert, *id) == "ok");
  world.clock().advance(1s);
  CHECK(rename(expert, *id) == "forbidden");
  form.upload = world.bring(expert, world.meeting.id);
  CHECK(describe(usecases::add_material(environment, expert, world.meeting.id, form)) ==
        "conflict:materials_closed");
  CHECK(rename(world.organizer(), *id) == "ok");
  CHECK(world.load(*id).title == "Prezentacja!!!!");
}

TEST_CASE("a change of an old version is refused, one of nothing keeps the version") {
  MaterialWorld world;
  const auto id = world.add("Podręcznik");
  auto edited = usecases::find_edited_material(world.environment(), world.organizer().actor, id);
  REQUIRE(edited.ok());
  const auto version = edited->material.version;
  const auto change = [&] {
    return describe(usecases::change_material(world.environment(), world.organizer(), id, version,
                                              edited->form));
  };
  CHECK(change() == "ok");
  CHECK(world.load(id).version == version);
  edited->form.available_from =
      domain::WallTime(std::chrono::local_days(std::chrono::year(2027) / 1 / 19) + 16h);
  CHECK(change() == "ok");
  CHECK(world.load(id).version == version + 1);
  CHECK(world.load(id).available_from ==
        std::chrono::sys_days(std::chrono::year(2027) / 1 / 19) + 15h);
  CHECK(world.reading(world.visitor().actor, id) == "not_yet");
  CHECK(change() == "stale");
}

TEST_CASE("versions count up, need a note, and the old ones stay") {
  MaterialWorld world;
  auto& environment = world.environment();
  const auto id = world.add("Podręcznik");
  CHECK(describe(usecases::add_version(environment, world.organizer(), id, "", " ")) ==
        "note:required, upload:required");
  world.add_version(id, "Poprawiony wzór");
  CHECK(world.reading(world.visitor().actor, id) == "open 2,1");
  CHECK(world.load(id).versions.at(0).note == "Poprawiony wzór");
  auto form = form_of("Nagranie");
  form.link = "https://nagrania.example/1";
  const auto link = world.add(form);
  CHECK(describe(usecases::add_version(environment, world.organizer(), link, "x", "nowe")) ==
        "conflict:link_has_no_versions");
}

TEST_CASE("documents with faults are public where that is allowed, mended or exempted") {
  using domain::AccessibilityRule;
  MaterialWorld world;
  auto& environment = world.environment();
  const auto visitor = world.visitor().actor;
  const auto key = world.bring(world.organizer(), world.meeting.id);
  auto form = form_of("Skan");
  form.upload = key;
  const auto id = usecases::add_material(environment, world.organizer(), world.meeting.id, form);
  REQUIRE(id.ok());
  world.inspect(key, "ready", R"({"faults":["no_text"]})");
  CHECK(world.reading(visitor, *id) == "open 1");
  const auto rule = [&](std::optional<domain::MeetingId> meeting,
                        std::optional<AccessibilityRule> wanted) {
    return describe(
        usecases::save_accessibility_rule(environment, world.organizer(), meeting, wanted));
  };
  CHECK(rule(std::nullopt, AccessibilityRule::required) == "ok");
  CHECK(world.reading(visitor, *id) == "not_found");
  CHECK(world.reading(world.organizer().actor, *id) == "open 1");
  CHECK(rule(world.meeting.id, AccessibilityRule::none) == "ok");
  CHECK(world.reading(visitor, *id) == "open 1");
  CHECK(rule(world.meeting.id, std::nullopt) == "ok");
  CHECK(world.reading(visitor, *id) == "not_found");
  CHECK(usecases::exempt_material(environment, world.organizer(), *id, "Mapa.").ok());
  CHECK(world.reading(visitor, *id) == "open 1");
  CHECK(usecases::exempt_material(environment, world.organizer(), *id, "").ok());
  CHECK(world.reading(visitor, *id) == "not_found");
  world.add_version(*id, "Z tekstem");
  CHECK(world.reading(visitor, *id) == "open 2");
  const auto scoped = world.account("nasz", {{Role::organizer, world.meeting.id}});
  CHECK(describe(usecases::save_accessibility_rule(environment, scoped, std::nullopt,
                                                   AccessibilityRule::none)) == "forbidden");
  CHECK(rule(std::nullopt, std::nullopt) == "accessibility:required");
}

TEST_CASE("materials move, are removed, come back, and go for good after their time in the bin") {
  MaterialWorld world;
  auto& environment = world.environment();
  const auto visitor = world.visitor().actor;
  const auto first = world.add("pierwszy");
  const auto second = world.add("drugi");
  usecases::note_taken(
      environment, *world.person_of(world.enter(world.meeting.id, 1).registration.id).actor.person,
      world.load(second).versions.at(0).id);
  CHECK(usecases::move_material(environment, world.organizer(), second, domain::MaterialMove::up)
            .ok());
  CHECK(world.titles(visitor, world.meeting.id) == Titles{"drugi", "pierwszy"});
  CHECK(usecases::remove_material(environment, world.organizer(), second).ok());
  CHECK(world.titles(visitor, world.meeting.id) == Titles{"pierwszy"});
  CHECK(world.reading(world.organizer().actor, second) == "not_found");
  CHECK(describe(usecases::remove_material(environment, world.organizer(), second)) == "not_found");
  const auto removed =
      usecases::list_removed_materials(environment, world.organizer().actor, world.meeting.id);
  REQUIRE(removed.ok());
  REQUIRE(removed->size() == 1);
  CHECK(removed->at(0).purged_at == world.clock().now() + usecases::kKeptInBin);
  CHECK(describe(usecases::restore_material(environment, world.visitor(), second)) == "not_found");
  CHECK(usecases::restore_material(environment, world.organizer(), second).ok());
  CHECK(world.titles(visitor, world.meeting.id) == Titles{"drugi", "pierwszy"});
  CHECK(usecases::remove_material(environment, world.organizer(), second).ok());
  CHECK(usecases::remove_material(environment, world.organizer(), first).ok());
  CHECK(usecases::restore_material(environment, world.organizer(), first).ok());
  world.clock().advance(usecases::kKeptInBin + 1s);
  CHECK(usecases::purge_materials(environment) == 1);
  CHECK(world.count("material") == 1);
  CHECK(world.count("material_version") == 1);
  CHECK(world.count("material_taken") == 0);
  CHECK(world.count("stored_file") == 2);  // what nothing names any more is the scrub's
}

TEST_CASE("editions of one thing name each other, whichever was named") {
  MaterialWorld world;
  const auto polish = world.add("po polsku");
  auto form = form_of("in English");
  form.language = domain::Language::en;
  form.edition_of = std::to_string(polish.value);
  const auto english = world.add(form);
  form = form_of("dla mieszkańców");
  form.audience = domain::MaterialAudience::residents;
  form.edition_of = std::to_string(english.value);
  form.access = MaterialAccess::organizers;
  const auto residents = world.add(form);
  const auto editions = [&](const Actor& actor, domain::MaterialId id) {
    const auto found = usecases::find_readable_material(world.environment(), actor, id);
    REQUIRE(found.ok());
    Titles titles;
    for (const auto& edition : found->editions) titles.push_back(edition.title);
    return titles;
  };
  const auto organizer = world.organizer().actor;
  CHECK(editions(organizer, polish) == Titles{"in English", "dla mieszkańców"});
  CHECK(editions(organizer, english) == Titles{"po polsku", "dla mieszkańców"});
  CHECK(editions(organizer, residents) == Titles{"po polsku", "in English"});
  CHECK(editions(world.visitor().actor, english) == Titles{"po polsku"});
  auto edited = usecases::find_edited_material(world.environment(), organizer, polish);
  REQUIRE(edited.ok());
  edited->form.edition_of = std::to_string(polish.value);
  CHECK(describe(usecases::change_material(world.environment(), world.organizer(), polish,
                                           edited->material.version, edited->form)) ==
        "edition_of:own_edition");
}

TEST_CASE("materials go into the bin, come back and end with their meeting and cycle") {
  MaterialWorld world;
  auto& environment = world.environment();
  const auto visitor = world.visitor().actor;
  const auto id = world.add("Podręcznik");
  world.add_version(id, "Nowsze");
  auto form = form_of("cyklu");
  form.link = "https://nagrania.example/1";
  const auto of_cycle = usecases::add_material(environment, world.organizer(), world.cycle, form);
  REQUIRE(of_cycle.ok());
  form = form_of("wydanie");
  form.edition_of = std::to_string(id.value);
  world.add(form);
  usecases::note_taken(
      environment, *world.person_of(world.enter(world.meeting.id, 1).registration.id).actor.person,
      world.load(id).versions.at(0).id);
  REQUIRE(usecases::delete_cycle(environment, world.organizer(), world.cycle, "pomyłka").ok());
  CHECK(world.reading(visitor, id) == "not_found");
  CHECK(world.reading(visitor, *of_cycle) == "not_found");
  REQUIRE(usecases::restore_cycle(environment, world.organizer(), world.cycle).ok());
  CHECK(world.reading(visitor, id) == "open 2,1");
  CHECK(world.reading(visitor, *of_cycle) == "open");
  REQUIRE(usecases::delete_cycle(environment, world.organizer(), world.cycle, "pomyłka").ok());
  world.clock().advance(usecases::kKeptInBin + 1s);
  const auto purge = usecases::purge_bin(environment);
  CHECK(purge.failures.empty());
  CHECK(purge.removed == 2);
  for (const char* table : {"material", "material_version", "material_taken", "upload"}) {
    CAPTURE(table);
    CHECK(world.count(table) == 0);
  }
}

TEST_CASE("a person's copy says what they brought and took, and erasing them forgets both") {
  MaterialWorld world;
  auto& environment = world.environment();
  const auto expert = world.lead("ewa");
  const auto person = *expert.actor.person;
  auto form = form_of("Prezentacja");
  form.upload = world.bring(expert, world.meeting.id);
  const auto id = usecases::add_material(environment, expert, world.meeting.id, form);
  REQUIRE(id.ok());
  world.inspect(form.upload);
  usecases::note_taken(environment, person, world.load(*id).versions.at(0).id);
  const auto rows = [&](std::string_view name) {
    return world.pool().read([&](storage::Connection& connection) {
      for (const auto& table : storage::list_rows_of_person(connection, person))
        if (table.name == name) return table.rows.size();
      return std::size_t{99};
    });
  };
  for (const char* name : {"materials_added", "materials_taken", "uploads"}) {
    CAPTURE(name);
    CHECK(rows(name) == 1);
  }
  const auto erased =
      usecases::erase_person(environment, world.organizer(), person, "ewa@konto.example");
  CHECK(describe(erased) == "not_found");  // not hers to do
  auto own = expert;
  REQUIRE(usecases::erase_person(environment, own, person, "ewa@konto.example").ok());
  CHECK(world.count("material_taken") == 0);
  CHECK_FALSE(world.load(*id).added_by.has_value());
  CHECK(world.pool().read([](storage::Connection& connection) {
    return connection.query("SELECT COUNT(*) FROM upload WHERE person_id IS NOT NULL")[0].integer(
        0);
  }) == 0);
  usecases::note_taken(environment, person, world.load(*id).versions.at(0).id);
  CHECK(world.count("material_taken") == 0);
}

TEST_CASE("who took what is forgotten when mails are") {
  MaterialWorld world;
  auto& environment = world.environment();
  environment.retention.set(domain::RetainedField::mail, std::chrono::days(30));
  const auto id = world.add("Podręcznik");
  const auto person =
      *world.person_of(world.enter(world.meeting.id, 1).registration.id).actor.person;
  usecases::note_taken(environment, person, world.load(id).versions.at(0).id);
  usecases::Call call;
  call.actor.kind = Actor::Kind::system;
  world.clock().advance(std::chrono::days(30));
  REQUIRE(usecases::clean_up(environment, call, "test", std::nullopt, {}).ok());
  CHECK(world.count("material_taken") == 1);
  world.clock().advance(1s);
  REQUIRE(usecases::clean_up(environment, call, "test", std::nullopt, {}).ok());
  CHECK(world.count("material_taken") == 0);
}

TEST_CASE("the materials of an expert go to the record that stands for theirs") {
  MaterialWorld world;
  auto form = form_of("Prezentacja");
  form.link = "https://nagrania.example/1";
  form.expert = "ewa";
  const auto id = world.add(form);
  const auto into = world.pool().transact([](storage::Connection& connection) {
    return domain::ExpertId{connection.insert(
        "INSERT INTO expert (slug, name, kind) VALUES ('ewa-2', 'Ewa Ekspertka', 'person')"
        " RETURNING id")};
  });
  const auto merged =
      usecases::merge_experts(world.environment(), world.organizer(), world.expert, into);
  REQUIRE_MESSAGE(merged.ok(), describe(merged));
  CHECK(world.load(id).expert == into);
}
