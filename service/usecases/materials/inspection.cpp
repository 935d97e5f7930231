#include "service/usecases/materials/inspection.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "files/blob_store.h"
#include "files/digest.h"
#include "files/zip_layout.h"
#include "service/domain/file_types.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/materials/material_mails.h"
#include "service/usecases/operations.h"
#include "sql/content_store.h"
#include "sql/file_crc_store.h"
#include "sql/stored_file_store.h"

namespace narada::usecases {
namespace {

using domain::ContentDigest;
using domain::FileRefusal;
using nlohmann::json;
using storage::FileToInspect;
using storage::InspectedFile;

// Longer than fetching the largest file from a distant store, the scanner and the child may take
// together.
constexpr std::chrono::hours kLease{2};
constexpr std::chrono::seconds kFirstPause{5};
constexpr std::chrono::seconds kLongestPause{300};
// So often, each a while after the other, an inspection ends without an answer before that is the
// file's fault.
constexpr int kMostCrashes = 3;
constexpr std::chrono::minutes kPauseAfterCrash{5};

std::string write_facts(const domain::FileFacts& facts) {
  json object = {{"media_type", facts.media_type}, {"title", facts.title},
                 {"language", facts.language},     {"is_tagged", facts.is_tagged},
                 {"has_text", facts.has_text},     {"faults", json::array()}};
  if (facts.pages) object["pages"] = *facts.pages;
  if (facts.width) object["width"] = *facts.width;
  if (facts.height) object["height"] = *facts.height;
  for (const auto fault : facts.faults) object["faults"].push_back(to_string(fault));
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "inspection";
  return call;
}

// The child ended without an answer: the file's doing, or the machine's.
class InspectionCrashed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One content, from its claim to its end.
class Inspection {
 public:
  Inspection(const Environment& environment, const InspectionTools& tools,
             const std::string& worker, FileToInspect file)
      : environment_(environment), tools_(tools), worker_(worker), file_(std::move(file)) {}

  // Throws what keeps it waiting.
  void run() {
    const auto began = environment_.clock->now();
    const auto blob = environment_.blobs->open(file_.digest);
    if (!blob) wait_for_content();
    InspectedFile inspected;
    inspected.digest = file_.digest;
    inspect(*blob->descriptor, inspected);
    if (!inspected.refusal) crcs_[file_.digest] = files::crc_of(*blob->descriptor);
    // Materials rest on it: only what would harm their readers takes it from them.
    if (file_.again && inspected.refusal && inspected.refusal != FileRefusal::infected)
      return keep_ready(*inspected.refusal);
    const auto old_pictures = pictures();
    if (!save(inspected)) return;
    drop_pictures(old_pictures, inspected, began);
    if (inspected.refusal) remove_content(began);
  }

  void postpone(storage::Postponed why) {
    const auto pause =
        why == storage::Postponed::stopping ? std::chrono::seconds(0)
        : why == storage::Postponed::crashed
            ? kPauseAfterCrash
            : std::min(kLongestPause, kFirstPause * (1 << std::min(file_.tries, 10)));
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::postpone_inspection(connection, file_.digest, worker_, why,
                                   environment_.clock->now() + pause);
    });
  }

 private:
  // A store that is not mounted has no content either, so this decides nothing.
  [[noreturn]] void wait_for_content() {
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::save_missing(connection, file_.digest, environment_.clock->now());
    });
    throw files::BlobStoreError("not in the store: " + file_.digest.hex);
  }

  void keep_ready(FileRefusal refusal) {
    tools_.report(file_.digest.hex.substr(0, 12) +
                  ": stays, but would be refused now: " + std::string(to_string(refusal)));
    environment_.pool->transact([&](storage::Connection& connection) {
      if (storage::lock_claimed_file(connection, file_.digest, worker_))
        storage::keep_ready_file(connection, file_.digest, environment_.clock->now());
    });
  }

  // Whoever brings it once more waits for the row, and puts it into the store first.
  void remove_content(domain::Instant began) {
    environment_.pool->transact([&](storage::Connection& connection) {
      if (storage::lock_refused_file(connection, file_.digest))
        environment_.blobs->remove_unless_put_since(file_.digest, began);
    });
  }

  void inspect(int descriptor, InspectedFile& inspected) {
    const auto verdict = tools_.scanner
                             ? tools_.scanner->scan(descriptor, tools_.options.stopping).verdict
                             : files::ScanVerdict::clean;
    if (verdict == files::ScanVerdict::infected) {
      inspected.refusal = FileRefusal::infected;
      return;
    }
    auto result = files::inspect(descriptor, file_.file_name, tools_.options);
    // What is ready has its pictures to lose.
    const bool crashed =
        result.end != files::InspectionEnd::answered && (result.refusal || file_.again);
    if (crashed && file_.crashes + 1 < kMostCrashes)
      throw InspectionCrashed("the inspection ended without an answer");
    inspected.refusal = result.refusal;
    // Pictures and recordings run nothing, and recordings are what is large.
    if (verdict == files::ScanVerdict::too_large && !result.refusal && !is_passive(result.facts))
      inspected.refusal = FileRefusal::unscanned;
    if (inspected.refusal) return;
    inspected.facts = write_facts(result.facts);
    inspected.text = std::move(result.text);
    inspected.thumbnail = keep(result.thumbnail, "image/jpeg");
    inspected.gallery = keep(result.gallery, "image/jpeg");
    const auto served_crc =
        result.served ? files::crc_of_file(result.served->path()) : std::uint32_t{0};
    inspected.served = keep(result.served, result.facts.media_type);
    if (result.served) crcs_[inspected.served] = served_crc;
  }

  static bool is_passive(const domain::FileFacts& facts) {
    const auto* const type = domain::find_file_type(facts.media_type);
    return type != nullptr && (type->family == domain::FileFamily::picture ||
                               type->family == domain::FileFamily::recording);
  }

  // In the store and with a row of its own before anything names it.
  ContentDigest keep(const std::optional<files::ScratchFile>& picture,
                     const std::string& media_type) {
    if (!picture) return {};
    const auto digest = files::digest_of(picture->path());
    const auto size = std::filesystem::file_size(picture->path());
    environment_.blobs->put(digest, picture->path());
    domain::FileFacts facts;
    facts.media_type = media_type;
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::save_drawn_file(connection, digest, static_cast<std::int64_t>(size),
                               write_facts(facts), environment_.clock->now());
    });
    return digest;
  }

  std::vector<ContentDigest> pictures() {
    return read_database(environment_, [&](storage::Connection& connection) {
      return storage::list_own_pictures(connection, file_.digest);
    });
  }

  bool save(InspectedFile& inspected) {
    if (inspected.facts.empty()) inspected.facts = "{}";
    return environment_.pool->transact([&](storage::Connection& connection) {
      const auto now = environment_.clock->now();
      if (!storage::lock_claimed_file(connection, inspected.digest, worker_)) return false;
      // The row still says until when its bringers have been told.
      if (inspected.refusal)
        tell_file_refused(connection, environment_, inspected.digest, *inspected.refusal);
      storage::save_inspected_file(connection, inspected, now);
      for (const auto& [digest, crc] : crcs_) storage::save_file_crc(connection, digest, crc);
      if (!inspected.refusal) return true;
      record_activity(
          connection, environment_, system_call(), "materials.file_refused", "system", 0, {},
          json{{"digest", inspected.digest.hex}, {"refusal", to_string(*inspected.refusal)}}
              .dump());
      return true;
    });
  }

  // Those of an earlier inspection that this one has not drawn again.
  void drop_pictures(const std::vector<ContentDigest>& old, const InspectedFile& inspected,
                     domain::Instant began) {
    for (const auto& picture : old) {
      if (picture == inspected.thumbnail || picture == inspected.gallery ||
          picture == inspected.served)
        continue;
      environment_.pool->transact([&](storage::Connection& connection) {
        storage::forget_drawn_file(connection, picture);
      });
      environment_.blobs->remove_unless_put_since(picture, began);
    }
  }

  const Environment& environment_;
  const InspectionTools& tools_;
  const std::string& worker_;
  FileToInspect file_;
  // Of what readers get, so that an archive of it can begin at once.
  std::map<ContentDigest, std::uint32_t> crcs_;
};

}  // namespace

bool inspect_next_file(const Environment& environment, const InspectionTools& tools,
                       const std::string& worker, const std::stop_token& stopping) {
  if (stopping.stop_requested()) return false;
  const auto now = environment.clock->now();
  auto file = environment.pool->transact([&](storage::Connection& connection) {
    return storage::claim_file_to_inspect(connection, worker, now, now + kLease);
  });
  if (!file) return false;
  auto stoppable = tools;
  stoppable.options.stopping = stopping;
  Inspection inspection(environment, stoppable, worker, *file);
  try {
    inspection.run();
  } catch (const std::exception& problem) {
    const bool crashed = dynamic_cast<const InspectionCrashed*>(&problem) != nullptr;
    if (stopping.stop_requested()) {
      inspection.postpone(storage::Postponed::stopping);
      return false;
    }
    tools.report(file->digest.hex.substr(0, 12) + ": " + problem.what());
    inspection.postpone(crashed ? storage::Postponed::crashed : storage::Postponed::failed);
  }
  return true;
}

std::int64_t inspect_materials_again(const Environment& environment, const Call& call) {
  return environment.pool->transact([&](storage::Connection& connection) {
    const auto count = storage::inspect_all_again(connection);
    record_activity(connection, environment, call, "materials.inspected_again", "system", 0, {},
                    json{{"files", count}}.dump());
    return count;
  });
}

bool is_inspection_late(const Environment& environment) {
  constexpr std::chrono::minutes kLate{30};
  const auto numbers = read_database(environment, [](storage::Connection& connection) {
    return storage::count_inspections(connection);
  });
  return numbers.failing > 0 ||
         (numbers.oldest && *numbers.oldest + kLate < environment.clock->now());
}

}  // namespace narada::usecases
