#include "service/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "calendar/zone.h"
#include "files/archive.h"
#include "files/descriptor.h"
#include "files/digest.h"
#include "sql/content_store.h"
#include "sql/dump.h"
#include "sql/migrations.h"

namespace narada {
namespace {

using domain::ContentDigest;
using files::Descriptor;
using nlohmann::json;

constexpr const char* kFormat = "narada-backup";
constexpr int kVersion = 1;
constexpr const char* kManifest = "manifest.json";
constexpr const char* kDatabase = "database.sql";
constexpr std::string_view kFolder = "files/";
constexpr std::size_t kMostManifest = 256U << 20;
constexpr int kRowsAtOnce = 500;

// By which a restored installation knows whether it has the key of the old one.
std::string fingerprint(const std::string& secret_key) {
  files::DigestBuilder builder;
  builder.add("narada secret key");
  builder.add(secret_key);
  return builder.finish().hex;
}

// A file without a name, for its owner alone.
Descriptor open_scratch(const std::filesystem::path& directory) {
  auto name = (directory / ".backup-XXXXXX").string();
  Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open())
    throw BackupError(directory.string() + ": " + std::generic_category().message(errno));
  ::unlink(name.c_str());
  return file;
}

files::OpenBlob blob_of(Descriptor file) {
  struct stat facts {};
  ::fstat(file.get(), &facts);
  const auto close = [](int* descriptor) {
    ::close(*descriptor);
    delete descriptor;
  };
  return {std::shared_ptr<int>(new int(file.release()), close),
          static_cast<std::uint64_t>(facts.st_size)};
}

std::set<ContentDigest> named_contents(storage::Pool& pool, files::BlobStore& blobs) {
  std::set<ContentDigest> digests;
  for (ContentDigest after;;) {
    const auto contents = pool.read([&](storage::Connection& connection) {
      return storage::list_contents(connection, after, kRowsAtOnce);
    });
    if (contents.empty()) return digests;
    for (const auto& content : contents) {
      // What was lost before is in no store, which is no fault of this backup.
      const bool is_gone = content.is_lost && !blobs.holds(content.digest);
      if (content.is_kept && !is_gone) digests.insert(content.digest);
      digests.insert(content.pictures.begin(), content.pictures.end());
    }
    after = contents.back().digest;
  }
}

class Backup {
 public:
  Backup(const BackupParts& parts, const std::filesystem::path& file)
      : parts_(parts), archive_(file) {}

  BackupReport write() {
    // What is named before or after the dump covers what is named in it.
    auto digests = named_contents(*parts_.pool, *parts_.blobs);
    note_incomplete();
    add_database();
    digests.merge(named_contents(*parts_.pool, *parts_.blobs));
    for (const auto& digest : digests) add_content(digest);
    archive_.add_text(kManifest, [this] { return manifest(); });
    archive_.finish();
    return report_;
  }

 private:
  // Before the dump: what gets to the store meanwhile is in both, or was at least told.
  void note_incomplete() {
    const auto versions = parts_.pool->read([](storage::Connection& connection) {
      return storage::list_empty_versions(connection, storage::EmptyBecause::waiting);
    });
    for (const auto& [material, number] : versions)
      report_.incomplete.push_back("material " + std::to_string(material.value) + ", version " +
                                   std::to_string(number));
  }

  void add_database() {
    auto dump = open_scratch(parts_.scratch);
    storage::dump_database(parts_.database, dump.get(), parts_.scratch);
    const auto blob = blob_of(std::move(dump));
    archive_.add(
        kDatabase, files::ArchiveWriter::Packing::deflated, [blob] { return blob; },
        [this](const ContentDigest& digest, std::uint64_t size) {
          database_ = {{"sha256", digest.hex}, {"octets", size}};
        });
  }

  void add_content(const ContentDigest& digest) {
    const auto open = [this, digest] {
      auto blob = parts_.blobs->open(digest);
      if (!blob) report_.missing.push_back(digest.hex);
      return blob;
    };
    const auto read = [this, digest](const ContentDigest& found, std::uint64_t size) {
      if (found != digest) {
        report_.damaged.push_back(digest.hex);
        return;
      }
      contents_[digest.hex] = size;
      ++report_.files;
      report_.octets += size;
    };
    archive_.add(std::string(kFolder) + digest.hex, files::ArchiveWriter::Packing::stored, open,
                 read);
  }

  // Made last, when everything else has been read: a file that was cut has none.
  std::string manifest() const {
    const json manifest = {
        {"format", kFormat},
        {"version", kVersion},
        {"made_at", calendar::format_rfc3339(parts_.clock->now(), domain::kDefaultZone)},
        {"schema", storage::schema_version(*parts_.pool)},
        {"secret_key", fingerprint(parts_.secret_key)},
        {"database", database_},
        {"files", contents_},
        {"missing", report_.missing},
        {"damaged", report_.damaged},
        {"incomplete", report_.incomplete}};
    return manifest.dump(1);
  }

  const BackupParts& parts_;
  BackupReport report_;
  json database_;
  std::map<std::string, std::uint64_t> contents_;
  files::ArchiveWriter archive_;
};

struct Expected {
  std::string sha256;
  std::uint64_t octets = 0;
};

class Restoring {
 public:
  Restoring(const BackupParts& parts, const std::filesystem::path& file)
      : parts_(parts), path_(file.string()), archive_(file) {}

  BackupReport run(const RestoreOptions& options) {
    read_manifest();
    check_target(options);
    for (const auto& [name, expected] : entries_) check_entry(name, expected);
    for (const auto& [name, expected] : entries_)
      if (name != kDatabase) restore_content(name, expected);
    restore_database();
    return report_;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const { throw BackupError(path_ + ": " + why); }

  void read_manifest() {
    std::string text;
    const bool found = archive_.read(kManifest, [&](std::string_view piece) {
      if (text.size() + piece.size() > kMostManifest) refuse("its manifest is too large");
      text += piece;
    });
    if (!found) refuse("is no backup of Narada");
    try {
      take_manifest(json::parse(text));
    } catch (const json::exception&) {
      refuse("its manifest cannot be read");
    }
  }

  void take_manifest(const json& manifest) {
    if (manifest.at("format") != kFormat) refuse("is no backup of Narada");
    if (manifest.at("version") != kVersion) refuse("needs a newer program");
    schema_ = manifest.at("schema");
    secret_key_ = manifest.at("secret_key");
    entries_[kDatabase] = {manifest.at("database").at("sha256"),
                           manifest.at("database").at("octets")};
    for (const auto& [digest, octets] : manifest.at("files").items()) {
      if (!domain::is_content_digest(digest)) refuse("its manifest cannot be read");
      entries_[std::string(kFolder) + digest] = {digest, octets};
    }
    report_.missing = manifest.at("missing");
    report_.damaged = manifest.at("damaged");
    for (const auto* const list : {&report_.missing, &report_.damaged})
      for (const auto& digest : *list)
        if (!domain::is_content_digest(digest)) refuse("its manifest cannot be read");
    report_.incomplete = manifest.value("incomplete", report_.incomplete);
  }

  void check_target(const RestoreOptions& options) const {
    const int newest = storage::all_migrations().back().version;
    if (schema_ > newest)
      refuse("its database is at version " + std::to_string(schema_) +
             ", newer than this program (" + std::to_string(newest) + ")");
    if (!options.other_key && secret_key_ != fingerprint(parts_.secret_key))
      throw BackupError(
          "the secret key of this installation is not that of the backup: links in mails and "
          "one-time codes would not work any more. Put the old key file in its place, or restore "
          "with --other-key");
    if (!options.over_other && storage::is_database_used(*parts_.pool))
      throw BackupError("the database is in use: --force replaces all that it holds");
  }

  void check_entry(const std::string& name, const Expected& expected) const {
    files::DigestBuilder builder;
    std::uint64_t octets = 0;
    const bool found = archive_.read(name, [&](std::string_view piece) {
      builder.add(piece);
      octets += piece.size();
    });
    if (!found) refuse(name + " is not in it");
    if (octets != expected.octets || builder.finish().hex != expected.sha256)
      refuse(name + " is damaged");
  }

  void extract(const std::string& name, int file) const {
    archive_.read(name, [&](std::string_view piece) {
      while (!piece.empty()) {
        const auto written = ::write(file, piece.data(), piece.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
          throw BackupError(parts_.scratch.string() + ": " +
                            std::generic_category().message(errno));
        piece.remove_prefix(static_cast<std::size_t>(written));
      }
    });
  }

  bool is_whole(const ContentDigest& digest) const {
    const auto blob = parts_.blobs->open(digest);
    if (!blob) return false;
    try {
      return files::digest_of("/proc/self/fd/" + std::to_string(*blob->descriptor)) == digest;
    } catch (const std::system_error&) {  // it cannot be read
      return false;
    }
  }

  void restore_content(const std::string& name, const Expected& expected) {
    const ContentDigest digest{expected.sha256};
    auto path = (parts_.scratch / ".restored-XXXXXX").string();
    const Descriptor file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file.is_open())
      throw BackupError(parts_.scratch.string() + ": " + std::generic_category().message(errno));
    try {
      extract(name, file.get());
      // The old database still needs what is there, should put() fail.
      if (!is_whole(digest)) parts_.blobs->remove(digest);
      parts_.blobs->put(digest, path);
    } catch (...) {
      ::unlink(path.c_str());
      throw;
    }
    ::unlink(path.c_str());
    ++report_.files;
    report_.octets += expected.octets;
  }

  // The backup did not have it; the store may, from before.
  void settle_content(const ContentDigest& digest) const {
    if (is_whole(digest)) return;
    parts_.pool->transact([&](storage::Connection& connection) {
      storage::save_lost(connection, digest, parts_.clock->now());
      return 0;
    });
  }

  void restore_database() const {
    const auto dump = open_scratch(parts_.scratch);
    extract(kDatabase, dump.get());
    storage::drop_all_tables(*parts_.pool);
    try {
      storage::load_dump(parts_.database, dump.get(), parts_.scratch);
      storage::migrate(*parts_.pool);
      storage::settle_restored_database(*parts_.pool, parts_.clock->now());
      for (const auto* const list : {&report_.missing, &report_.damaged})
        for (const auto& digest : *list) settle_content({digest});
    } catch (const std::exception& error) {
      throw BackupError(std::string("the database is not whole: ") + error.what() +
                        ". Restore once more with --force");
    }
  }

  const BackupParts& parts_;
  const std::string path_;
  files::ArchiveReader archive_;
  int schema_ = 0;
  std::string secret_key_;
  std::map<std::string, Expected> entries_;
  BackupReport report_;
};

}  // namespace

BackupReport write_backup(const BackupParts& parts, const std::filesystem::path& file) {
  return Backup(parts, file).write();
}

BackupReport restore_backup(const BackupParts& parts, const std::filesystem::path& file,
                            const RestoreOptions& options) {
  return Restoring(parts, file).run(options);
}

}  // namespace narada
