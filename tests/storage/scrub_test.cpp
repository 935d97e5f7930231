#include "service/usecases/materials/scrub.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "files/digest.h"
#include "service/http/material_metrics.h"
#include "service/usecases/materials/upload_work.h"
#include "sql/content_store.h"
#include "tests/storage/upload_world.h"
#include "tests/support/registration_world.h"

using namespace narada;
using narada::testing::describe;
using narada::testing::MoodyBlobs;
using narada::testing::RegistrationWorld;
using namespace std::chrono_literals;

namespace {

usecases::Call system_call() {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  call.request_id = "test";
  return call;
}

// Files in the store and their rows. The clock of the world is months ahead of that of the disk, so
// that every file lies there for long.
class ScrubWorld : public RegistrationWorld {
 public:
  domain::ContentDigest keep(const std::string& content) {
    const auto path = environment().uploads / "file";
    std::ofstream(path, std::ios::binary) << content;
    const auto digest = files::digest_of(path);
    blobs().put(digest, path);
    std::filesystem::remove(path);
    return digest;
  }
  void save_row(const domain::ContentDigest& digest, std::size_t size,
                const std::string& state = "ready") {
    run("INSERT INTO stored_file (digest, size, state, created_at) VALUES (?, ?, ?, ?)",
        {digest.hex, size, state, clock().now() - 48h});
  }
  // A material of the meeting with that file.
  void name(domain::MeetingId meeting, const domain::ContentDigest& digest) {
    run("INSERT INTO material (meeting_id, kind, title, created_at, updated_at) VALUES (?, "
        "'handbook', 'Poradnik', '2027-01-01', '2027-01-01')",
        {meeting});
    run("INSERT INTO material_version (material_id, number, digest, file_name, size, created_at) "
        "SELECT id, 1, ?, 'a.pdf', 1, '2027-01-01' FROM material ORDER BY id DESC LIMIT 1",
        {digest.hex});
  }
  // Kept, known and named.
  domain::ContentDigest store(domain::MeetingId meeting, const std::string& content) {
    const auto digest = keep(content);
    save_row(digest, content.size());
    name(meeting, digest);
    return digest;
  }
  std::filesystem::path path_of(const domain::ContentDigest& digest) {
    return environment().uploads.parent_path() / "materials" / digest.hex.substr(0, 2) /
           digest.hex.substr(2);
  }
  void run(std::string_view sql, const std::vector<storage::Parameter>& parameters = {}) {
    pool().transact(
        [&](storage::Connection& connection) { return connection.execute(sql, parameters); });
  }
  usecases::ScrubReport scrub(bool mend = false) {
    usecases::ScrubOptions options;
    options.mend = mend;
    lines.clear();
    options.report = [this](std::string_view line) { lines.insert(std::string(line)); };
    const auto report = usecases::scrub_materials(environment(), system_call(), "test", options);
    REQUIRE(describe(report) == "ok");
    return *report;
  }
  std::set<std::string> contents() {
    std::set<std::string> found;
    blobs().each([&](const files::StoredBlob& blob) { found.insert(blob.digest.hex); });
    return found;
  }
  std::set<std::string> lines;  // of the last comparison
};

usecases::ScrubReport counts(std::int64_t files, std::int64_t octets, std::int64_t missing,
                             std::int64_t damaged, std::int64_t unnamed, std::int64_t orphans,
                             domain::Instant at) {
  return {files, octets, missing, damaged, unnamed, orphans, at};
}

}  // namespace

TEST_CASE("what is missing or damaged is told until it is there again") {
  ScrubWorld world;
  const auto meeting = world.publish().id;
  const auto right = world.store(meeting, "right"), lost = world.store(meeting, "lost"),
             bad = world.store(meeting, "good"), cut = world.store(meeting, "whole");
  const auto now = world.clock().now();
  CHECK(world.scrub() == counts(4, 18, 0, 0, 0, 0, now));
  CHECK(world.lines.empty());
  CHECK_FALSE(usecases::is_material_missing(world.environment()));

  world.blobs().remove(lost);
  std::ofstream(world.path_of(bad)) << "evil";
  std::filesystem::resize_file(world.path_of(cut), 2);
  CHECK(world.scrub() == counts(4, 9, 1, 2, 0, 0, now));
  CHECK(world.lines == std::set<std::string>{"missing: file " + lost.hex + ", material 2",
                                             "damaged: file " + bad.hex + ", material 3",
                                             "damaged: file " + cut.hex + ", material 4"});
  CHECK(usecases::is_material_missing(world.environment()));
  CHECK(usecases::measure_materials(world.environment()).missing == 3);
  CHECK(world.contents() == std::set{right.hex, bad.hex, cut.hex});

  CHECK(world.scrub(true) == counts(4, 9, 1, 2, 0, 0, now));
  CHECK(world.contents() == std::set{right.hex});
  CHECK(world.keep("lost") == lost);
  CHECK(world.keep("good") == bad);
  CHECK(world.keep("whole") == cut);
  CHECK(world.scrub() == counts(4, 18, 0, 0, 0, 0, now));
  CHECK_FALSE(usecases::is_material_missing(world.environment()));
  CHECK(world.count("activity WHERE verb = 'materials.scrubbed' AND actor = 'system'") == 4);
}

TEST_CASE("a refused file is not missed, a picture of a file is and is made anew") {
  for (const bool has_row : {false, true}) {
    CAPTURE(has_row);
    ScrubWorld world;
    const auto meeting = world.publish().id;
    const auto file = world.store(meeting, "photo"), picture = world.keep("small");
    world.run("UPDATE stored_file SET thumbnail = ?, gallery = ?", {picture.hex, picture.hex});
    if (has_row) world.save_row(picture, 5);
    const domain::ContentDigest refused{std::string(64, 'a')};
    world.save_row(refused, 9, "refused");
    world.name(meeting, refused);
    const auto first = world.scrub();
    CHECK(first.missing == 0);
    CHECK(first.octets == (has_row ? 10 : 15));
    CHECK(world.contents() == std::set{file.hex, picture.hex});

    world.blobs().remove(picture);
    CHECK(world.scrub().missing == (has_row ? 1 : 2));
    CHECK(world.lines == std::set<std::string>{"missing: file " + picture.hex + ", material 1"});
    CHECK(usecases::is_material_missing(world.environment()) == has_row);
    CHECK(world.count("stored_file WHERE again") == 0);
    world.scrub(true);
    CHECK(world.count("stored_file WHERE again AND digest = '" + file.hex + "'") == 1);
  }
}

TEST_CASE("what killed processes left is removed when it is a day old") {
  ScrubWorld world;
  const auto& uploads = world.environment().uploads;
  const auto scratch = uploads.parent_path() / "inspection";
  std::filesystem::create_directories(scratch);
  const auto make = [](const std::filesystem::path& file, std::chrono::hours age) {
    std::ofstream(file) << "x";
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(file, now - age);
  };
  const std::string staged(64, 'a');
  for (const auto& name : {std::string(".database-a"), std::string("photo-b"), staged})
    make(uploads / name, 25h);
  make(uploads / ".restored-young", 23h);
  make(uploads / "photo-young", 23h);
  make(scratch / "picture-old", 25h);
  make(scratch / "picture-young", 23h);
  usecases::remove_leftovers(world.environment(), scratch);
  std::set<std::string> left;
  for (const auto& directory : {uploads, scratch})
    for (const auto& entry : std::filesystem::directory_iterator(directory))
      left.insert(entry.path().filename().string());
  CHECK(left == std::set<std::string>{staged, ".restored-young", "photo-young", "picture-young"});
}

TEST_CASE("what cannot be read is told, and mending leaves it where it is") {
  // A directory in the place of its descriptor: reading fails as on a broken disk.
  class BrokenDisk final : public MoodyBlobs {
   public:
    using MoodyBlobs::MoodyBlobs;
    std::optional<files::OpenBlob> open(const domain::ContentDigest& digest) override {
      auto blob = MoodyBlobs::open(digest);
      if (blob && ::dup3(directory_, *blob->descriptor, O_CLOEXEC) < 0) return std::nullopt;
      return blob;
    }

   private:
    const int directory_ = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  };
  ScrubWorld world;
  const auto meeting = world.publish().id;
  const auto digest = world.store(meeting, "here");
  BrokenDisk broken(world.blobs());
  auto environment = world.environment();
  environment.blobs = &broken;
  std::vector<std::string> lines;
  usecases::ScrubOptions options;
  options.mend = true;
  options.report = [&](std::string_view line) { lines.emplace_back(line); };
  const auto report = usecases::scrub_materials(environment, system_call(), "test", options);
  REQUIRE(report.ok());
  CHECK(*report == counts(1, 0, 0, 1, 0, 0, world.clock().now()));
  CHECK(lines == std::vector<std::string>{"unreadable: file " + digest.hex + ", material 1"});
  CHECK(world.blobs().holds(digest));
  CHECK(usecases::is_material_missing(environment));
  CHECK(world.scrub() == counts(1, 4, 0, 0, 0, 0, world.clock().now()));
}

TEST_CASE("what nothing names is removed when it is a day old") {
  ScrubWorld world;
  const auto meeting = world.publish().id;
  const auto named = world.store(meeting, "named");
  const auto orphan = world.keep("orphan"), unnamed = world.keep("unnamed");
  world.save_row(unnamed, 7);
  const auto young = world.keep("young");
  const auto tomorrow = std::filesystem::file_time_type::clock::now() + std::chrono::days(3650);
  std::filesystem::last_write_time(world.path_of(young), tomorrow);

  CHECK(world.scrub() == counts(2, 12, 0, 0, 1, 2, world.clock().now()));
  CHECK(world.contents() == std::set{named.hex, young.hex});
  CHECK(world.count("stored_file") == 1);
  CHECK_FALSE(world.blobs().holds(orphan));

  const auto late = world.keep("late");
  world.save_row(late, 4);
  world.run("UPDATE stored_file SET created_at = ? WHERE digest = ?",
            {world.clock().now() - 23h, late.hex});
  CHECK(world.scrub().unnamed == 0);
  CHECK(world.count("stored_file") == 2);
}

TEST_CASE("whatever names a file keeps it") {
  struct Row {
    const char* name;
    const char* statement;  // with the digest as its parameter
    bool keeps;
  };
  const Row rows[] = {
      {"a version",
       "INSERT INTO material_version (material_id, number, digest, file_name, size, created_at) "
       "SELECT id, 2, ?, 'a', 1, '2027-01-01' FROM material LIMIT 1",
       true},
      {"an upload",
       "INSERT INTO upload (key_hash, actor, meeting_id, file_name, state, digest, created_at, "
       "expires_at) SELECT REPEAT('k', 32), 'person:1', id, 'a', 'stored', ?, '2027-01-01', "
       "'2028-01-01' FROM meeting LIMIT 1",
       true},
      {"an upload that is gone",
       "INSERT INTO upload (key_hash, actor, meeting_id, file_name, state, digest, created_at, "
       "expires_at) SELECT REPEAT('k', 32), 'person:1', id, 'a', 'gone', ?, '2027-01-01', "
       "'2028-01-01' FROM meeting LIMIT 1",
       false},
      {"the photo of an expert",
       "INSERT INTO expert_photo (expert_id, digest, file_name, consent_at) SELECT id, ?, 'a.jpg', "
       "'2027-01-01' FROM expert LIMIT 1",
       true},
      {"a thumbnail", "UPDATE stored_file SET thumbnail = ? LIMIT 1", true},
      {"a picture of a gallery", "UPDATE stored_file SET gallery = ? LIMIT 1", true},
      {"what readers get instead", "UPDATE stored_file SET served = ? LIMIT 1", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    ScrubWorld world;
    world.store(world.publish().id, "another");
    world.run("INSERT INTO expert (slug, name, kind) VALUES ('ewa', 'Ewa', 'person')");
    const auto digest = world.keep("content");
    world.run(row.statement, {digest.hex});
    world.save_row(digest, 7);
    world.scrub();
    CHECK(world.blobs().holds(digest) == row.keeps);
    CHECK(world.count("stored_file WHERE digest = '" + digest.hex + "'") == (row.keeps ? 1 : 0));
  }
}

TEST_CASE("no column with a digest is overlooked") {
  ScrubWorld world;
  const auto columns = world.pool().read([](storage::Connection& connection) {
    std::set<std::string> names;
    for (const auto row : connection.query(
             "SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) FROM information_schema.COLUMNS WHERE "
             "TABLE_SCHEMA = DATABASE() AND COLUMN_TYPE = 'char(64)' AND COLLATION_NAME = "
             "'ascii_bin'"))
      names.insert(row.text(0));
    return names;
  });
  // Each of them is asked in sql/content_store.cpp.
  CHECK(columns == std::set<std::string>{"expert_photo.digest", "material_version.digest",
                                         "practice_financing.logo_digest", "stored_file.digest",
                                         "stored_file.gallery", "stored_file.served",
                                         "stored_file.thumbnail", "upload.digest"});
}

TEST_CASE("one process compares at a time, and once a week") {
  ScrubWorld world;
  world.store(world.publish().id, "x");
  const auto& environment = world.environment();
  usecases::ScrubOptions weekly;
  weekly.due = world.clock().now() - usecases::kScrubPause;
  int told = 0;
  weekly.report = [&](std::string_view) {
    ++told;
    CHECK(describe(usecases::scrub_materials(environment, system_call(), "other", {})) ==
          "conflict:already_running");
  };
  world.run("UPDATE stored_file SET size = 2");  // so that something is told meanwhile
  CHECK(describe(usecases::scrub_materials(environment, system_call(), "one", weekly)) == "ok");
  CHECK(told == 1);
  CHECK(describe(usecases::scrub_materials(environment, system_call(), "one", weekly)) ==
        "conflict:not_due");
  std::stop_source stop;
  stop.request_stop();
  CHECK(describe(usecases::scrub_materials(environment, system_call(), "one", {},
                                           stop.get_token())) == "conflict:stopped");
}

TEST_CASE("metrics tell what is kept and how the last comparison ended") {
  ScrubWorld world;
  world.store(world.publish().id, "12345");
  auto gauges = usecases::measure_materials(world.environment());
  CHECK(gauges.free_space.value_or(0) > 0);
  gauges.free_space.reset();
  CHECK(http::material_metrics(gauges).find("scrub") == std::string::npos);
  world.scrub();
  gauges = usecases::measure_materials(world.environment());
  gauges.free_space = 7;
  const auto text = http::material_metrics(gauges);
  for (const char* line :
       {"narada_materials_files 1\n", "narada_materials_octets 5\n", "narada_materials_missing 0\n",
        "narada_materials_free_octets 7\n", "narada_materials_scrub_files 1\n",
        "narada_materials_scrub_octets 5\n", "narada_materials_scrub_orphans 0\n",
        "narada_materials_scrub_timestamp_seconds 1799053200\n"}) {
    CAPTURE(line);
    CHECK(text.find(std::string("\n") + line) != std::string::npos);
  }
}
