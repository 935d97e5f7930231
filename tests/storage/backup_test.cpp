#include "service/backup.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <random>

#include "files/archive.h"
#include "files/digest.h"
#include "files/local_blobs.h"
#include "files/s3_blobs.h"
#include "sql/dump.h"
#include "sql/error.h"
#include "sql/migrations.h"
#include "tests/storage/s3_server.h"
#include "tests/support/registration_world.h"
#include "tests/support/temporary_directory.h"

using namespace narada;
using namespace narada::testing;
namespace fs = std::filesystem;

namespace {

const std::string kKey(32, 'k');
const std::string kFirst("zażółć\0gęślą", 19);

// Where a backup is restored to: another database and another store.
class Target {
 public:
  Target() : database_(TestDatabase::empty()) {}

  BackupParts parts() {
    return {database_.address(), &database_.pool(), &blobs_, directory_.path(), kKey, &clock_};
  }
  storage::Pool& pool() { return database_.pool(); }
  files::LocalBlobs& blobs() { return blobs_; }
  const fs::path& directory() const { return directory_.path(); }

 private:
  TestDatabase database_;
  TemporaryDirectory directory_;
  files::LocalBlobs blobs_{directory_.path() / "materials"};
  FakeClock clock_;
};

// An installation with people, mails and two files.
class Source {
 public:
  Source() {
    const auto meeting = world_.publish(2);
    for (int number = 0; number < 4; ++number) world_.enter(meeting.id, number);
    first_ = store(kFirst, "pierwszy 'plik' \\ z \"cytatem\"\r\n\t😀");
    second_ = store(std::string(3 << 20, 'x'), "drugi");
  }

  BackupParts parts() {
    return {world_.database().address(),  &world_.pool(), &world_.blobs(),
            world_.environment().uploads, kKey,           &world_.clock()};
  }
  RegistrationWorld& world() { return world_; }
  const domain::ContentDigest& first() const { return first_; }
  const domain::ContentDigest& second() const { return second_; }
  fs::path file(const std::string& name) const { return directory_.path() / name; }
  fs::path backup(const std::string& name = "backup.zip") {
    write_backup(parts(), file(name));
    return file(name);
  }

 private:
  domain::ContentDigest store(const std::string& content, const std::string& text) {
    const auto path = world_.environment().uploads / "file";
    std::ofstream(path, std::ios::binary) << content;
    const auto digest = files::digest_of(path);
    world_.blobs().put(digest, path);
    world_.pool().transact([&](storage::Connection& connection) {
      return connection.execute(
          "INSERT INTO stored_file (digest, size, state, content_text, created_at) VALUES (?, ?, "
          "'ready', ?, '2027-01-01')",
          {digest.hex, content.size(), text});
    });
    return digest;
  }

  RegistrationWorld world_;
  TemporaryDirectory directory_;
  domain::ContentDigest first_, second_;
};

// Of every table but what a restoration changes.
std::map<std::string, std::string> checksums(storage::Pool& pool) {
  return pool.read([](storage::Connection& connection) {
    std::map<std::string, std::string> sums;
    for (const auto table : connection.query(
             "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")) {
      const auto& name = table.text(0);
      if (name == "mail_pause" || name == "upload" || name == "task") continue;
      const auto rows = connection.query("CHECKSUM TABLE `" + name + "`");
      sums[name] = rows[0].text_or_empty(1);
    }
    return sums;
  });
}

std::int64_t count(storage::Pool& pool, const std::string& what) {
  return pool.read([&](storage::Connection& connection) {
    return connection.query("SELECT COUNT(*) FROM " + what)[0].integer(0);
  });
}

std::string why_not(const BackupParts& parts, const fs::path& file,
                    const RestoreOptions& options = {}) {
  try {
    restore_backup(parts, file, options);
    return "restored";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a backup gives the whole installation back") {
  Source source;
  const auto report = write_backup(source.parts(), source.file("backup.zip"));
  CHECK(report.files == 2);
  CHECK(report.octets == (3 << 20) + kFirst.size());
  CHECK(report.missing.empty());
  CHECK(report.damaged.empty());
  CHECK(bytes_of(source.file("backup.zip")).find(kKey) == std::string::npos);

  Target target;
  const auto restored = restore_backup(target.parts(), source.file("backup.zip"), {});
  CHECK(restored.files == 2);
  CHECK(restored.octets == report.octets);
  const auto expected = checksums(source.world().pool());
  CHECK(expected.size() > 60);
  CHECK(checksums(target.pool()) == expected);
  CHECK(count(target.pool(), "registration") == 4);
  CHECK(target.blobs().holds(source.first()));
  CHECK(files::digest_of("/proc/self/fd/" +
                         std::to_string(*target.blobs().open(source.second())->descriptor)) ==
        source.second());
  // What was in the outbox may have been sent since.
  CHECK(count(target.pool(), "mail_pause WHERE pause_key = 'all'") == 1);
  for (const auto& directory : {source.world().environment().uploads, target.directory()})
    for (const auto& entry : fs::directory_iterator(directory))
      CHECK(entry.path().filename() == "materials");
}

TEST_CASE("a backup of a folder is restored into S3, and one of S3 into a folder") {
  Source source;
  S3Server server;
  files::S3Blobs distant(server.options());
  Target there;
  auto parts = there.parts();
  parts.blobs = &distant;
  restore_backup(parts, source.backup(), {});
  CHECK(distant.holds(source.first()));
  CHECK(distant.holds(source.second()));
  write_backup(parts, source.file("from_s3.zip"));
  Target back;
  CHECK(restore_backup(back.parts(), source.file("from_s3.zip"), {}).files == 2);
  CHECK(back.blobs().holds(source.second()));
  CHECK(checksums(back.pool()) == checksums(source.world().pool()));
}

TEST_CASE("a backup gives any octets back") {
  Source source;
  // Nearly as long as one statement may be.
  std::string octets(14 << 20, '\0');
  std::mt19937 random(7);
  for (char& octet : octets) octet = static_cast<char>(random());
  source.world().pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE outgoing_mail SET raw = ? ORDER BY id LIMIT 1", {octets});
    std::string every;
    for (int octet = 0; octet < 256; ++octet) every += static_cast<char>(octet);
    return connection.execute("UPDATE outgoing_mail SET raw = ? ORDER BY id DESC LIMIT 1", {every});
  });
  Target target;
  restore_backup(target.parts(), source.backup(), {});
  CHECK(checksums(target.pool()) == checksums(source.world().pool()));
}

TEST_CASE("a used database is only replaced on demand") {
  Source source;
  const auto backup = source.backup();
  source.world().publish();
  CHECK(count(source.world().pool(), "meeting") == 2);
  CHECK(why_not(source.parts(), backup) ==
        "the database is in use: --force replaces all that it holds");
  CHECK(count(source.world().pool(), "meeting") == 2);
  source.world().pool().transact([](storage::Connection& connection) {
    connection.run("CREATE TABLE of_a_newer_program (id INT PRIMARY KEY)");
    return 0;
  });
  CHECK(why_not(source.parts(), backup, {true, false}) == "restored");
  CHECK(count(source.world().pool(), "meeting") == 1);
  CHECK(count(source.world().pool(),
              "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() "
              "AND TABLE_NAME = 'of_a_newer_program'") == 0);
}

TEST_CASE("another secret key is told before anything is changed") {
  Source source;
  const auto backup = source.backup();
  Target target;
  auto parts = target.parts();
  parts.secret_key = std::string(32, 'x');
  CHECK(why_not(parts, backup).starts_with("the secret key of this installation is not that"));
  CHECK(storage::schema_version(target.pool()) == 0);
  CHECK(why_not(parts, backup, {false, true}) == "restored");
}

TEST_CASE("a backup that was cut or changed is refused before anything is changed") {
  Source source;
  const auto whole = bytes_of(source.backup());
  Target target;
  const auto refused = [&](std::string bytes) {
    const auto path = source.file("bad.zip");
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    const auto why = why_not(target.parts(), path);
    CHECK(why.starts_with(path.string() + ": "));
    CHECK(storage::schema_version(target.pool()) == 0);
    CHECK_FALSE(target.blobs().holds(source.first()));
    return why;
  };
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
    CAPTURE(length);
    refused(whole.substr(0, length));
  }
  auto changed = whole;
  const auto content = changed.find(std::string(1000, 'x'));
  REQUIRE(content != std::string::npos);
  changed[content + 500] = 'y';
  const auto why = refused(changed);
  CHECK(why.find("files/" + source.second().hex) != std::string::npos);
  for (std::size_t at = 100; at < whole.size(); at += whole.size() / 7) {
    CAPTURE(at);
    changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    refused(changed);
  }
  refused("not a ZIP at all");
  {
    files::ArchiveWriter archive(source.file("other.zip"));
    archive.add_text("manifest.json", [] { return R"({"format":"other","version":1})"; });
    archive.finish();
  }
  CHECK(why_not(target.parts(), source.file("other.zip")) ==
        source.file("other.zip").string() + ": is no backup of Narada");
}

TEST_CASE("a backup says which files the store does not have") {
  Source source;
  source.world().blobs().remove(source.first());
  const auto damaged = source.world().environment().uploads.parent_path() / "materials" /
                       source.second().hex.substr(0, 2) / source.second().hex.substr(2);
  std::ofstream(damaged, std::ios::app) << "more";
  const auto report = write_backup(source.parts(), source.file("backup.zip"));
  CHECK(report.files == 0);
  CHECK(report.missing == std::vector{source.first().hex});
  CHECK(report.damaged == std::vector{source.second().hex});
  Target target;
  const auto restored = restore_backup(target.parts(), source.file("backup.zip"), {});
  CHECK(restored.files == 0);
  CHECK(restored.missing == report.missing);
  CHECK(restored.damaged == report.damaged);
  CHECK_FALSE(target.blobs().holds(source.second()));
}

TEST_CASE("a backup replaces no file and leaves none when it fails") {
  Source source;
  const auto taken = source.file("taken.zip");
  std::ofstream(taken) << "mine";
  CHECK_THROWS_AS(write_backup(source.parts(), taken), files::ArchiveError);
  CHECK(bytes_of(taken) == "mine");
  auto parts = source.parts();
  parts.database.schema = "nowhere";
  CHECK_THROWS_AS(write_backup(parts, source.file("none.zip")), storage::Error);
  CHECK_FALSE(fs::exists(source.file("none.zip")));
  S3Server server;
  files::S3Blobs distant(server.options());
  server.stop();
  parts = source.parts();
  parts.blobs = &distant;
  CHECK_THROWS_AS(write_backup(parts, source.file("none.zip")), files::BlobStoreError);
  CHECK_FALSE(fs::exists(source.file("none.zip")));
}

TEST_CASE("a file that was damaged in the store is restored") {
  Source source;
  const auto backup = source.backup();
  const auto path = source.world().environment().uploads.parent_path() / "materials" /
                    source.second().hex.substr(0, 2) / source.second().hex.substr(2);
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).put('y');
  restore_backup(source.parts(), backup, {true, false});
  CHECK(files::digest_of(path) == source.second());
}

TEST_CASE("a restoration that finds no room leaves the files of the old database") {
  class FullBlobs : public files::BlobStore {
   public:
    explicit FullBlobs(files::BlobStore& inner) : inner_(inner) {}
    void put(const domain::ContentDigest&, const fs::path&) override {
      throw files::NoSpace("full");
    }
    std::optional<files::OpenBlob> open(const domain::ContentDigest& digest) override {
      return inner_.open(digest);
    }
    bool holds(const domain::ContentDigest& digest) override { return inner_.holds(digest); }
    void remove(const domain::ContentDigest& digest) override { inner_.remove(digest); }
    bool remove_unless_put_since(const domain::ContentDigest&, domain::Instant) override {
      return false;
    }
    void each(const std::function<void(const files::StoredBlob&)>& visit) override {
      inner_.each(visit);
    }
    std::optional<std::string> download_url(const domain::ContentDigest&,
                                            const files::DownloadHeaders&,
                                            std::chrono::seconds) override {
      return std::nullopt;
    }
    std::optional<std::uint64_t> free_space() override { return 0; }
    std::string description() const override { return "full"; }

   private:
    files::BlobStore& inner_;
  };
  Source source;
  const auto backup = source.backup();
  FullBlobs full(source.world().blobs());
  auto parts = source.parts();
  parts.blobs = &full;
  CHECK_THROWS_AS(restore_backup(parts, backup, {true, false}), files::NoSpace);
  CHECK(full.holds(source.first()));
  CHECK(full.holds(source.second()));
}
