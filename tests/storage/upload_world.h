#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "files/blob_store.h"
#include "service/usecases/access.h"
#include "service/usecases/materials/upload_intake.h"
#include "service/usecases/materials/upload_work.h"
#include "service/usecases/materials/uploads.h"
#include "sql/upload_store.h"
#include "tests/support/registration_world.h"

namespace narada::testing {

// A world with a meeting and somebody who brings files to it.
struct UploadWorld : RegistrationWorld {
  UploadWorld() {
    environment().materials.spare = 0;
    meeting_id = publish().id;
    person =
        usecases::add_user(environment(), "ola@urzad.example", "Ola", usecases::Role::organizer)
            .value();
  }

  usecases::Call owner() {
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::person;
    call.actor.id = person.value;
    call.actor.person = person;
    call.actor.grants = {{usecases::Role::organizer, {}}};
    call.request_id = "test";
    return call;
  }
  usecases::NewUpload wanted(std::optional<std::uint64_t> size,
                             const std::string& name = "plan.pdf") {
    return {meeting_id, name, size, ""};
  }
  std::string create(std::optional<std::uint64_t> size, const std::string& name = "plan.pdf") {
    return usecases::create_upload(environment(), owner(), wanted(size, name)).value().key;
  }
  std::string try_create(std::uint64_t size) {
    return describe(usecases::create_upload(environment(), owner(), wanted(size)));
  }
  usecases::KeptPiece send(const std::string& key, std::uint64_t offset, const std::string& bytes,
                           std::optional<std::uint64_t> size = {}) {
    auto piece = intake.begin(key, offset, std::nullopt);
    if (piece) piece->write(bytes);
    return intake.keep(owner().actor, key, {offset, size}, piece);
  }
  std::string bring(const std::string& content) {
    auto key = create(content.size());
    CHECK(send(key, 0, content).end == usecases::PieceEnd::kept);
    return key;
  }
  std::uint64_t offset(const std::string& key) {
    return usecases::find_upload(environment(), owner().actor, key).value().received;
  }
  std::string looked(const std::string& key) {
    return describe(usecases::find_upload(environment(), owner().actor, key));
  }
  storage::StoredUpload row(const std::string& key) {
    return *pool().read(
        [&](storage::Connection& connection) { return storage::find_upload(connection, key); });
  }
  std::optional<storage::TakenUpload> take(const std::string& key) {
    return pool().transact([&](storage::Connection& connection) {
      return storage::take_upload(connection, key, owner().actor.text(), meeting_id, clock().now());
    });
  }
  std::size_t staged() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(environment().uploads),
                      std::filesystem::directory_iterator()));
  }
  void work() {
    problems.clear();
    while (usecases::store_received_uploads(
        environment(), [&](std::string_view line) { problems.emplace_back(line); })) {
    }
  }
  std::string content_of(const domain::ContentDigest& digest) {
    const auto blob = blobs().open(digest);
    if (!blob) return "absent";
    std::string content(blob->size, '\0');
    CHECK(::pread(*blob->descriptor, content.data(), content.size(), 0) ==
          static_cast<ssize_t>(content.size()));
    return content;
  }

  domain::MeetingId meeting_id;
  domain::PersonId person;
  usecases::UploadIntake intake{environment()};
  std::vector<std::string> problems;
};

// Waits for what another thread is about to do.
template <class Condition>
bool comes_true(const Condition& condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

// A store that is away, or full, until it is told otherwise.
class MoodyBlobs : public files::BlobStore {
 public:
  explicit MoodyBlobs(files::BlobStore& store) : store_(store) {}
  void put(const domain::ContentDigest& digest, const std::filesystem::path& file) override {
    if (!problem.empty()) throw files::NoSpace(problem);
    store_.put(digest, file);
    if (dies_after_put) throw std::runtime_error("the process dies");
  }
  std::optional<files::OpenBlob> open(const domain::ContentDigest& digest) override {
    return store_.open(digest);
  }
  bool holds(const domain::ContentDigest& digest) override { return store_.holds(digest); }
  void remove(const domain::ContentDigest& digest) override { store_.remove(digest); }
  bool remove_unless_put_since(const domain::ContentDigest& digest, domain::Instant time) override {
    return store_.remove_unless_put_since(digest, time);
  }
  void each(const std::function<void(const files::StoredBlob&)>& visit) override {
    store_.each(visit);
  }
  std::optional<std::string> download_url(const domain::ContentDigest&,
                                          const files::DownloadHeaders&,
                                          std::chrono::seconds) override {
    return std::nullopt;
  }
  std::optional<std::uint64_t> free_space() override { return free; }
  std::string description() const override { return "moody"; }

  std::string problem;
  bool dies_after_put = false;
  std::optional<std::uint64_t> free;

 private:
  files::BlobStore& store_;
};

}  // namespace narada::testing
