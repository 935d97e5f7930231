// What a restoration could not bring back, whose materials are nobody's to read, and what stays of
// somebody's uploads.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "service/backup.h"
#include "service/usecases/experts/preparation.h"
#include "service/usecases/materials/readable_materials.h"
#include "service/usecases/materials/scrub.h"
#include "service/usecases/materials/uploads.h"
#include "sql/content_store.h"
#include "sql/dump.h"
#include "sql/privacy_store.h"
#include "sql/upload_store.h"
#include "tests/storage/material_world.h"
#include "tests/support/temporary_directory.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;

struct Restored : MaterialWorld {
  BackupParts parts() {
    return {database().address(), &pool(), &blobs(), environment().uploads,
            std::string(32, 'k'), &clock()};
  }
  BackupReport back_up(const std::string& name) {
    return write_backup(parts(), directory.path() / name);
  }
  void restore(const std::string& name) {
    restore_backup(parts(), directory.path() / name, {true, false});
  }
  // Of the newest version.
  std::string state_of(domain::MaterialId id) {
    return std::string(to_string(load(id).versions.at(0).state));
  }
  domain::MaterialId add_of(const std::string& key, const std::string& title) {
    usecases::MaterialForm form;
    form.title = title;
    form.upload = key;
    const auto added = usecases::add_material(environment(), organizer(), meeting.id, form);
    REQUIRE_MESSAGE(added.ok(), describe(added));
    return *added;
  }
  Strings scrub() {
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::system;
    call.request_id = "test";
    Strings lines;
    usecases::ScrubOptions options;
    options.report = [&](std::string_view line) { lines.emplace_back(line); };
    REQUIRE(usecases::scrub_materials(environment(), call, "test", options).ok());
    return lines;
  }

  TemporaryDirectory directory;
};

std::string name_of(domain::MaterialId id) { return "material " + std::to_string(id.value); }

}  // namespace

TEST_CASE("what a backup did not have is lost after it was restored, until it is brought again") {
  Restored world;
  const auto on_its_way = world.bring(world.organizer(), world.meeting.id);
  const auto without_digest = world.add_of(on_its_way, "W drodze");
  const auto without_content = world.add("Bez treści");  // a row that no store has a content for
  const auto digest = world.load(without_content).versions.at(0).digest;
  const auto report = world.back_up("first.zip");
  CHECK(report.incomplete == Strings{name_of(without_digest) + ", version 1"});
  CHECK(report.missing == Strings{digest.hex});
  CHECK(world.state_of(without_digest) == "waiting");

  world.restore("first.zip");
  CHECK(world.state_of(without_digest) == "lost");
  CHECK(world.state_of(without_content) == "lost");
  CHECK(world.reading(world.visitor().actor, without_content) == "not_found");
  const auto lines = world.scrub();
  CHECK(std::set<std::string>(lines.begin(), lines.end()) ==
        std::set<std::string>{"lost: " + name_of(without_digest) + ", version 1",
                              "missing: file " + digest.hex + ", " + name_of(without_content)});
  // It is no fault of the next backup.
  const auto second = world.back_up("second.zip");
  CHECK(second.incomplete.empty());
  CHECK(second.missing.empty());

  // The same octets come again, under whatever name.
  const auto again = world.bring(world.organizer(), world.meeting.id);
  world.pool().transact([&](storage::Connection& connection) {
    storage::save_stored(connection, *storage::lock_upload(connection, again), digest,
                         world.clock().now());
    return 0;
  });
  CHECK(world.state_of(without_content) == "waiting");
  world.add_version(without_digest, "Jeszcze raz");
  CHECK(world.state_of(without_digest) == "ready");
  for (const auto& line : world.scrub()) CHECK(line.find("lost") == std::string::npos);
}

TEST_CASE("a lost content that somebody puts back into the store is looked into") {
  Restored world;
  const auto id = world.add("Podręcznik");
  const auto digest = world.load(id).versions.at(0).digest;
  world.pool().transact([&](storage::Connection& connection) {
    storage::save_lost(connection, digest, world.clock().now());
    return 0;
  });
  REQUIRE(world.state_of(id) == "lost");
  world.pool().transact([&](storage::Connection& connection) {
    storage::save_missing(connection, digest, std::nullopt);
    return 0;
  });
  CHECK(world.state_of(id) == "waiting");
}

TEST_CASE("materials of a practice are everybody's while it is published, and only then") {
  MaterialWorld world;
  const auto practice = world.pool().transact([](storage::Connection& connection) {
    return domain::PracticeId{connection.insert(
        "INSERT INTO practice (slug, title, `lead`, status, situation_before, aim, description,"
        " results, lessons, caveat, created_at, updated_at) VALUES ('deszczowka', 'Deszczówka', '',"
        " 'published', '', '', '', '', '', '', '2027-01-01', '2027-01-01') RETURNING id",
        {})};
  });
  usecases::MaterialForm form;
  form.title = "Zasady";
  form.upload = world.bring(world.organizer(), practice);
  const auto id = usecases::add_material(world.environment(), world.organizer(), practice, form);
  REQUIRE_MESSAGE(id.ok(), describe(id));
  world.inspect(form.upload);
  const auto expert = world.lead("ewa");
  const auto other = world.account("obca", {{usecases::Role::organizer, world.meeting.id}});
  const std::map<std::string, std::string> rows = {{"draft", "not_found"},
                                                   {"submitted", "not_found"},
                                                   {"checked", "not_found"},
                                                   {"published", "open 1"},
                                                   {"archived", "not_found"}};
  for (const auto& [status, reading] : rows) {
    CAPTURE(status);
    world.pool().transact([&, &status = status](storage::Connection& connection) {
      return connection.execute("UPDATE practice SET status = ? WHERE id = ?", {status, practice});
    });
    for (const auto& actor : {world.visitor().actor, expert.actor, other.actor})
      CHECK(world.reading(actor, *id) == reading);
    CHECK(world.reading(world.organizer().actor, *id) == "open 1");
    CHECK(describe(usecases::create_upload(world.environment(), expert,
                                           {practice, "plik.pdf", 10, ""})) ==
          (status == "published" ? "forbidden" : "not_found"));
  }
}

TEST_CASE("of somebody who is forgotten no upload stays that is part of nothing") {
  MaterialWorld world;
  const auto person = world.account("ewa", {{usecases::Role::organizer, {}}});
  const auto open = world.bring(person, world.meeting.id, "otwarty-ewy.pdf");
  const auto taken = world.bring(person, world.meeting.id, "wziety-ewy.pdf");
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE upload SET metadata = 'filename ZXd5'");
    return storage::take_upload(connection, taken, person.actor.text(), world.meeting.id,
                                world.clock().now());
  });
  world.pool().transact([&](storage::Connection& connection) {
    storage::forget_person(connection, *person.actor.person, "forgotten", world.clock().now());
    return 0;
  });
  CHECK(world.count("upload WHERE person_id IS NOT NULL OR actor <> '' OR file_name <> ''"
                    " OR metadata <> ''") == 0);
  const auto state = [&](const std::string& key) {
    return to_string(world.pool()
                         .read([&](storage::Connection& connection) {
                           return storage::find_upload(connection, key);
                         })
                         ->state);
  };
  CHECK(state(open) == "gone");
  CHECK(state(taken) == "received");
}

TEST_CASE("what all files take up is summed up from an index alone") {
  MaterialWorld world;
  const auto plan = world.pool().transact([](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO stored_file (digest, size, state, content_text, created_at)"
        " SELECT SHA2(seq, 256), seq, IF(seq % 50 = 0, 'refused', 'ready'), REPEAT('x', 2000),"
        " '2027-01-01' FROM seq_1_to_1000");
    connection.query("ANALYZE TABLE stored_file");
    const auto rows = connection.query("EXPLAIN " + std::string(storage::kSizeOfFiles));
    return rows[0].text_or_empty(5) + ": " + rows[0].text_or_empty(9);
  });
  CHECK(plan == "stored_file_kept: Using where; Using index");
  const auto use = world.pool().read([&](storage::Connection& connection) {
    return storage::count_upload_use(connection, std::nullopt, world.meeting.id);
  });
  CHECK(use.installation == 500500 - 50 * 10 * 21);
}

TEST_CASE("a meeting's own earlier closing holds for everything that its experts bring") {
  MaterialWorld world;
  const auto expert = world.lead("ewa");
  const auto& environment = world.environment();
  usecases::MaterialForm form;
  form.title = "Prezentacja";
  const auto add = [&](const domain::MaterialOwner& owner) {
    auto brought = form;
    brought.upload = world.bring(expert, owner);
    return usecases::add_material(environment, expert, owner, brought);
  };
  const auto id = add(world.meeting.id);
  REQUIRE_MESSAGE(id.ok(), describe(id));
  const auto version = world.load(*id).version;
  // Of its cycle 20 days, its own 3.
  for (const auto& [owner, days] : std::initializer_list<std::pair<usecases::PlanOwner, int>>{
           {world.cycle, 20}, {world.meeting.id, 3}})
    REQUIRE(usecases::save_task_plan(environment, world.organizer(), owner, {{}, days}, 0).ok());
  world.clock().set(world.meeting.times.ends_at + std::chrono::days(3) - 1s);
  CHECK(add(world.meeting.id).ok());
  world.clock().advance(1s);
  CHECK(describe(add(world.meeting.id)) == "conflict:materials_closed");
  CHECK(describe(
            usecases::create_upload(environment, expert, {world.meeting.id, "plik.pdf", 10, ""})) ==
        "conflict:materials_closed");
  CHECK(describe(usecases::change_material(environment, expert, *id, version, form)) ==
        "forbidden");
  CHECK(describe(usecases::add_version(environment, expert, *id,
                                       world.bring(expert, world.meeting.id), "Nowa")) ==
        "forbidden");
  CHECK(describe(usecases::remove_material(environment, expert, *id)) == "forbidden");
  CHECK(add(world.meeting.id).ok() == false);
  auto brought = form;
  brought.upload = world.bring(world.organizer(), world.meeting.id);
  CHECK(usecases::add_material(environment, world.organizer(), world.meeting.id, brought).ok());
}
