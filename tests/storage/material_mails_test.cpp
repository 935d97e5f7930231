// Whom materials are told to: everybody once, nobody too early.
#include "service/usecases/materials/material_mails.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "service/usecases/search/search.h"
#include "sql/expert_member_store.h"
#include "sql/mail_choice_store.h"
#include "sql/pool.h"
#include "sql/stored_file_store.h"
#include "sql/upload_store.h"
#include "tests/storage/material_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::MaterialAccess;
using notifications::MailKind;

namespace {

struct MailWorld : MaterialWorld {
  int tell_new() { return usecases::tell_of_new_materials(environment(), {}); }
  int tell_newer() { return usecases::tell_of_newer_versions(environment(), {}); }
  domain::PersonId take(domain::RegistrationId registration, domain::MaterialId material,
                        int version_index = 0) {
    const auto person = *person_of(registration).actor.person;
    usecases::note_taken(environment(), person,
                         load(material).versions.at(static_cast<std::size_t>(version_index)).id);
    return person;
  }
  std::vector<std::string> addressed(MailKind kind) {
    std::vector<std::string> to;
    for (const auto& mail : mails_of(kind)) to.push_back(mail.to_address);
    std::sort(to.begin(), to.end());
    return to;
  }
};
using Strings = std::vector<std::string>;

usecases::MaterialForm link_form(const std::string& title) {
  usecases::MaterialForm form;
  form.title = title;
  form.link = "https://nagrania.example/1";
  return form;
}

}  // namespace

TEST_CASE("participants get one mail with all that is new once some of it has stood an hour") {
  MailWorld world;
  const auto first = world.enter(world.meeting.id, 1).registration.id;
  world.set_status(world.enter(world.meeting.id, 2).registration.id, "attended");
  world.set_status(world.enter(world.meeting.id, 3).registration.id, "waitlisted");
  world.cancel(world.enter(world.meeting.id, 4).registration.id);
  world.add("Podręcznik");
  world.clock().advance(30min);
  world.add("Nagranie");
  world.clock().advance(30min - 1s);
  CHECK(world.tell_new() == 0);
  world.clock().advance(1s);
  CHECK(world.tell_new() == 2);
  world.clock().advance(24h);
  CHECK(world.tell_new() == 0);
  CHECK(world.addressed(MailKind::materials_published) ==
        Strings{"osoba1@urzad.example", "osoba2@urzad.example"});
  const auto mail = world.mails_of(MailKind::materials_published).at(0);
  CHECK(mail.ask->text == "Podręcznik\nNagranie\n");
  CHECK(mail.ask->url ==
        world.environment().base_url + "/spotkania/" + world.meeting.slug + "/materialy");
  CHECK_FALSE(mail.unsubscribe_url.empty());
  world.enter(world.meeting.id, 5);
  world.add("Dodatek", MaterialAccess::participants);
  world.clock().advance(1h);
  CHECK(world.tell_new() == 3);
  const auto later = world.mails_of(MailKind::materials_published).back();
  CHECK(later.ask->text == "Dodatek\n");
  CHECK(later.ask->url == later.manage_url);
  CHECK(first.value > 0);
}

TEST_CASE("nobody is told of what they may not read yet, or are not to be told of") {
  MailWorld world;
  world.enter(world.meeting.id, 1);
  struct Row {
    const char* name;
    void (*make)(usecases::MaterialForm&);
  };
  const std::vector<Row> rows = {
      {"of organizers", [](auto& form) { form.access = MaterialAccess::organizers; }},
      {"unticked", [](auto& form) { form.tell_participants = false; }},
      {"later",
       [](auto& form) {
         form.available_from =
             domain::WallTime(std::chrono::local_days(std::chrono::year(2027) / 1 / 5) + 12h);
       }},
  };
  for (const Row& row : rows) {
    auto form = link_form(row.name);
    row.make(form);
    world.add(form);
  }
  usecases::MaterialForm waiting;
  waiting.title = "czeka";
  waiting.upload = world.bring(world.organizer(), world.meeting.id);
  REQUIRE(usecases::add_material(world.environment(), world.organizer(), world.meeting.id, waiting)
              .ok());
  const auto removed = world.add(link_form("usunięte"));
  REQUIRE(usecases::remove_material(world.environment(), world.organizer(), removed).ok());
  world.clock().advance(2h);
  CHECK(world.tell_new() == 0);
  world.inspect(waiting.upload);
  CHECK(world.tell_new() == 1);
  CHECK(world.mails_of(MailKind::materials_published).back().ask->text == "czeka\n");
  world.clock().set(std::chrono::sys_days(std::chrono::year(2027) / 1 / 5) + 11h);
  CHECK(world.tell_new() == 0);  // it has been there for a moment only
  world.clock().advance(1h);
  CHECK(world.tell_new() == 1);
  CHECK(world.mails_of(MailKind::materials_published).back().ask->text == "later\n");
}

TEST_CASE("who wants no such mail gets none, and of a cycle everybody gets one") {
  MailWorld world;
  auto sibling_form = world.meeting_form();
  sibling_form.cycle = std::to_string(world.cycle.value);
  const auto sibling = world.publish(sibling_form);
  world.enter(world.meeting.id, 1);
  world.enter(sibling.id, 1);
  world.enter(sibling.id, 2);
  const auto unwilling = world.enter(world.meeting.id, 3).registration.id;
  world.pool().transact([&](storage::Connection& connection) {
    storage::save_unwanted(connection, *world.person_of(unwilling).actor.person,
                           "materials_published", world.clock().now());
  });
  REQUIRE(usecases::add_material(world.environment(), world.organizer(), world.cycle,
                                 link_form("cyklu"))
              .ok());
  world.clock().advance(1h);
  CHECK(world.tell_new() == 2);
  CHECK(world.addressed(MailKind::materials_published) ==
        Strings{"osoba1@urzad.example", "osoba2@urzad.example"});
  CHECK(world.mails_of(MailKind::materials_published).at(0).meeting_title == "Szkoła materiałów");
}

TEST_CASE("who took an older version is told of the newest, once, and only what came after it") {
  MailWorld world;
  const auto outdated = world.enter(world.meeting.id, 1).registration.id;
  const auto current = world.enter(world.meeting.id, 2).registration.id;
  const auto unwilling = world.enter(world.meeting.id, 3).registration.id;
  const auto id = world.add("Podręcznik");
  for (const auto registration : {outdated, current, unwilling}) world.take(registration, id);
  world.pool().transact([&](storage::Connection& connection) {
    storage::save_unwanted(connection, *world.person_of(unwilling).actor.person,
                           "material_replaced", world.clock().now());
  });
  world.clock().advance(24h);
  world.add_version(id, "Wzór uchwały");
  world.clock().advance(30min);
  world.add_version(id, "Strona 12");
  world.take(current, id);
  world.clock().advance(30min);
  CHECK(world.tell_newer() == 0);
  world.clock().advance(30min);
  CHECK(world.tell_newer() == 1);
  CHECK(world.tell_newer() == 0);
  const auto mails = world.mails_of(MailKind::material_replaced);
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].to_address == "osoba1@urzad.example");
  CHECK(mails[0].ask->about == "Podręcznik");
  CHECK(mails[0].ask->text == "Wzór uchwały\nStrona 12\n");
  CHECK(mails[0].ask->url ==
        world.environment().base_url + "/materialy/" + std::to_string(id.value));
  world.clock().advance(24h);
  world.add_version(id, "Trzecia");
  world.clock().advance(1h);
  CHECK(world.tell_newer() == 2);  // also whom the second one was new to
}

TEST_CASE("a file that is looked into again is no newer file") {
  MailWorld world;
  const auto reader = world.enter(world.meeting.id, 1).registration.id;
  const auto id = world.add("Podręcznik");
  world.take(reader, id);
  world.clock().advance(24h);
  world.add_version(id, "Nowa");
  world.clock().advance(1h);
  REQUIRE(world.tell_newer() == 1);
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute("UPDATE stored_file SET again = 1");
  });
  world.clock().advance(24h);
  world.pool().transact([&](storage::Connection& connection) {
    const auto now = world.clock().now();
    for (int content = 0; content < 2; ++content) {
      const auto file = storage::claim_file_to_inspect(connection, "worker", now, now + 1h);
      REQUIRE(file);
      storage::InspectedFile found;
      found.digest = file->digest;
      found.facts = "{}";
      storage::save_inspected_file(connection, found, now);
    }
    return 0;
  });
  world.clock().advance(2h);
  CHECK(world.count("stored_file WHERE inspected_at > ready_since") == 2);
  CHECK(world.tell_newer() == 0);
  // A content that was here before, as another file, is new where it comes now.
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute("UPDATE stored_file SET ready_since = '2020-01-01'");
  });
  const auto other = world.add("Wzór");
  world.take(reader, other);
  world.clock().advance(24h);
  world.add_version(other, "Stary podręcznik");
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute("UPDATE stored_file SET ready_since = '2020-01-01'");
  });
  world.clock().advance(2h);
  CHECK(world.tell_newer() == 1);
}

TEST_CASE("who may not read a material any more is told nothing of it") {
  MailWorld world;
  const auto reader = world.enter(world.meeting.id, 1).registration.id;
  const auto id = world.add("Podręcznik", MaterialAccess::participants);
  world.take(reader, id);
  world.clock().advance(24h);
  world.cancel(reader);
  world.add_version(id, "Nowa");
  world.clock().advance(1h);
  CHECK(world.tell_newer() == 0);
  CHECK(world.mails_of(MailKind::material_replaced).empty());
}

TEST_CASE("who brought a file that is refused is told why, whatever it was for") {
  MailWorld world;
  const auto expert = world.lead("ewa");
  const auto tell = [&](const domain::MaterialOwner& owner, const std::string& name) {
    const auto key = world.bring(expert, owner, name);
    const auto digest = world.inspect(key, "refused");
    return world.pool().transact([&](storage::Connection& connection) {
      return usecases::tell_file_refused(connection, world.environment(), {digest},
                                         domain::FileRefusal::macros);
    });
  };
  CHECK(tell(world.meeting.id, "podręcznik.docm") == 1);
  CHECK(tell(world.cycle, "cykl.docm") == 1);
  const auto mails = world.mails_of(MailKind::file_refused);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].to_address == "ewa@konto.example");
  CHECK(mails[0].meeting_title == world.meeting.title);
  CHECK(mails[0].ask->about == "podręcznik.docm");
  CHECK(mails[0].ask->text == "macros");
  CHECK(mails[1].meeting_title.empty());
  CHECK(mails[1].cycle_title == "Szkoła materiałów");
  // The same content brought again by somebody else is told to them alone.
  world.clock().advance(1min);
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE stored_file SET inspected_at = ?", {world.clock().now()});
  });
  world.clock().advance(1h);
  const auto again = world.bring(world.lead("adam"), world.meeting.id);
  const auto told = world.pool().transact([&](storage::Connection& connection) {
    const auto upload = storage::lock_upload(connection, again);
    REQUIRE(upload);
    const domain::ContentDigest digest{std::string(63, '0') + "1"};
    storage::save_stored(connection, *upload, digest, world.clock().now());
    return usecases::tell_file_refused(connection, world.environment(), digest,
                                       domain::FileRefusal::macros);
  });
  CHECK(told == 1);
  CHECK(world.mails_of(MailKind::file_refused).back().to_address == "adam@konto.example");
}

TEST_CASE("whose file came while the same was being refused is told, too, and nobody twice") {
  MailWorld world;
  const domain::ContentDigest digest{std::string(64, 'e')};
  const auto slow = world.bring(world.lead("adam"), world.meeting.id, "wolny.docm");
  world.clock().advance(10min);
  const auto fast = world.bring(world.lead("ewa"), world.meeting.id, "szybki.docm");
  const auto arrive_and_refuse = [&](const std::string& key) {
    return world.pool().transact([&](storage::Connection& connection) {
      const auto now = world.clock().now();
      storage::save_stored(connection, *storage::lock_upload(connection, key), digest, now);
      const int mails = usecases::tell_file_refused(connection, world.environment(), digest,
                                                    domain::FileRefusal::macros);
      storage::InspectedFile refused;
      refused.digest = digest;
      refused.facts = "{}";
      refused.refusal = domain::FileRefusal::macros;
      storage::save_inspected_file(connection, refused, now);
      return mails;
    });
  };
  CHECK(arrive_and_refuse(fast) == 1);
  CHECK(arrive_and_refuse(slow) == 1);
  const auto mails = world.mails_of(MailKind::file_refused);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].ask->about == "szybki.docm");
  CHECK(mails[1].ask->about == "wolny.docm");
}

TEST_CASE("who brought a photo that is refused is told, and where to bring another") {
  MailWorld world;
  const auto expert = world.lead("ewa");
  const domain::ContentDigest digest{std::string(64, 'f')};
  const auto refuse = [&] {
    return world.pool().transact([&](storage::Connection& connection) {
      return usecases::tell_file_refused(connection, world.environment(), digest,
                                         domain::FileRefusal::damaged);
    });
  };
  const auto save = [&] {
    world.pool().transact([&](storage::Connection& connection) {
      storage::save_expert_photo(connection,
                                 {world.expert, digest, 100, "photo.jpg", *expert.actor.person},
                                 world.clock().now());
      return 0;
    });
  };
  save();
  CHECK(refuse() == 1);
  CHECK(refuse() == 0);
  save();
  CHECK(refuse() == 1);
  const auto mails = world.mails_of(MailKind::file_refused);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].to_address == "ewa@konto.example");
  CHECK(mails[0].ask->about.starts_with("Zdjęcie: "));
  CHECK(mails[0].ask->text == "damaged");
  CHECK(mails[0].ask->url.starts_with(world.environment().base_url + "/prowadzenie/profil?wpis="));
}

TEST_CASE("materials are found by their words, for everybody only what everybody may open") {
  MailWorld world;
  auto& environment = world.environment();
  const auto add = [&](const std::string& title, const std::string& text, MaterialAccess access,
                       const std::string& facts) {
    usecases::MaterialForm form;
    form.title = title;
    form.access = access;
    form.authors = "Anna Kowalska";
    form.upload = world.bring(world.organizer(), world.meeting.id);
    REQUIRE(usecases::add_material(environment, world.organizer(), world.meeting.id, form).ok());
    world.inspect(form.upload, "ready", facts, text);
  };
  const auto everybody = MaterialAccess::everybody;
  add("Podręcznik", "Jak przydzielać lokale komunalne\nbez kolejki.", everybody, "{}");
  add("Notatka", "lokale komunalne od kuchni", MaterialAccess::organizers, "{}");
  add("Lista", "lokale komunalne uczestników", MaterialAccess::participants, "{}");
  add("Skan", "lokale komunalne ze skanera", everybody, R"({"faults":["no_text"]})");
  const auto search = [&](const std::string& q) {
    Strings found;
    usecases::SearchRequest request;
    request.q = q;
    request.chosen[0] = {"material"};
    for (const auto& one : usecases::search(environment, request).results)
      found.push_back(one.title);
    std::sort(found.begin(), found.end());
    return found;
  };
  CHECK(search("lokale komunalne") == Strings{"Podręcznik", "Skan"});
  CHECK(search("LOKALU") == Strings{"Podręcznik", "Skan"});
  CHECK(search("kolejka") == Strings{"Podręcznik"});
  CHECK(search("kowalska") == Strings{"Podręcznik", "Skan"});
  CHECK(search("podręcz") == Strings{"Podręcznik"});
  CHECK(search("uczestników") == Strings{});
  CHECK(search("%") == Strings{});
  CHECK(search("+-*\"()@~<>") == Strings{});
  usecases::SearchRequest request;
  request.q = "komunalne bez";
  CHECK(usecases::search(environment, request).results.at(0).excerpt ==
        usecases::Excerpt{{"Jak przydzielać lokale ", false},
                          {"komunalne", true},
                          {" ", false},
                          {"bez", true},
                          {" kolejki.", false}});
  REQUIRE(usecases::save_accessibility_rule(environment, world.organizer(), world.meeting.id,
                                            domain::AccessibilityRule::required)
              .ok());
  CHECK(search("lokale") == Strings{"Podręcznik"});
}

TEST_CASE("of several processes one tells") {
  MailWorld world;
  for (int number = 1; number <= 5; ++number) world.enter(world.meeting.id, number);
  const auto id = world.add("Podręcznik");
  world.take(world.enter(world.meeting.id, 6).registration.id, id);
  world.clock().advance(1h);
  const auto at_once = [&](const auto& tell) {
    std::atomic<int> mails = 0;
    {
      std::vector<std::jthread> threads;
      for (int count = 0; count < 4; ++count) threads.emplace_back([&] { mails += tell(); });
    }
    return mails.load();
  };
  CHECK(at_once([&] { return world.tell_new(); }) == 6);
  world.add_version(id, "Nowa");
  world.clock().advance(1h);
  CHECK(at_once([&] { return world.tell_newer(); }) == 1);
}
