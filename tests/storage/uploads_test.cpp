// Files on their way here: who may bring them, how much, for how long, and what becomes of them.
#include "service/usecases/materials/uploads.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "files/blob_store.h"
#include "files/digest.h"
#include "service/usecases/access.h"
#include "service/usecases/materials/upload_intake.h"
#include "service/usecases/materials/upload_records.h"
#include "service/usecases/materials/upload_work.h"
#include "sql/upload_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::PieceEnd;

namespace {

namespace fs = std::filesystem;

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
    CHECK(send(key, 0, content).end == PieceEnd::kept);
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
        std::distance(fs::directory_iterator(environment().uploads), fs::directory_iterator()));
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
class MoodyBlobs final : public files::BlobStore {
 public:
  explicit MoodyBlobs(files::BlobStore& store) : store_(store) {}
  void put(const domain::ContentDigest& digest, const fs::path& file) override {
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

}  // namespace

TEST_CASE("a file that comes in pieces is stored under what it holds") {
  UploadWorld world;
  const auto key = world.create(10, "../zły\u202E plan.pdf");
  CHECK(world.row(key).file_name == "zły plan.pdf");
  CHECK(world.send(key, 0, "01234").end == PieceEnd::kept);
  CHECK(world.offset(key) == 5);
  CHECK_FALSE(world.take(key));
  CHECK(world.send(key, 5, "56789").upload->complete);
  const auto taken = world.take(key);
  REQUIRE(taken);
  CHECK(taken->size == 10);
  CHECK(taken->digest.hex.empty());
  CHECK_FALSE(world.take(key));
  world.work();
  const auto row = world.row(key);
  CHECK(row.state == storage::UploadState::stored);
  CHECK(world.content_of(row.digest) == "0123456789");
  CHECK(world.staged() == 0);
  CHECK(world.count("stored_file") == 1);
  CHECK(world.problems.empty());
}

TEST_CASE("the same content is stored once") {
  UploadWorld world;
  const auto one = world.bring("the same");
  const auto other = world.bring("the same");
  world.work();
  CHECK(world.row(one).digest == world.row(other).digest);
  CHECK(world.count("stored_file") == 1);
  CHECK(world.staged() == 0);
}

TEST_CASE("content that was refused before comes to its end all the same") {
  UploadWorld world;
  const auto one = world.bring("wirus");
  world.work();
  const auto digest = world.row(one).digest;
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE stored_file SET state = 'refused', refusal = 'infected'");
  });
  world.blobs().remove(digest);
  const auto other = world.bring("wirus");
  world.work();
  CHECK(world.row(other).state == storage::UploadState::stored);
  CHECK(world.row(other).digest == digest);
  CHECK(world.staged() == 0);
}

TEST_CASE("pieces count only where the upload stands") {
  UploadWorld world;
  const auto key = world.create(10);
  CHECK(world.send(key, 3, "abc").end == PieceEnd::wrong_offset);
  CHECK(world.send(key, 0, "0123456789A").end == PieceEnd::too_long);
  CHECK(world.offset(key) == 0);
  CHECK(world.send(key, 0, "0123").end == PieceEnd::kept);
  CHECK(world.send(key, 0, "0123").end == PieceEnd::wrong_offset);
  CHECK(world.send(key, 4, "4", 11).end == PieceEnd::wrong_size);
  CHECK(world.offset(key) == 4);
  CHECK(world.send(key, 4, "456789").end == PieceEnd::kept);
  CHECK(world.send(key, 10, "").end == PieceEnd::kept);
  CHECK(world.send(key, 10, "x").end == PieceEnd::too_long);
  CHECK(world.offset(key) == 10);
}

TEST_CASE("a length that was not said at the beginning is said once") {
  UploadWorld world;
  const auto key = world.create(std::nullopt);
  CHECK(world.send(key, 0, "0123").end == PieceEnd::kept);
  CHECK_FALSE(world.row(key).size);
  CHECK(world.send(key, 4, "45", 3).end == PieceEnd::too_long);
  CHECK(world.send(key, 4, "45", 8).end == PieceEnd::kept);
  CHECK(world.send(key, 6, "6", 9).end == PieceEnd::wrong_size);
  CHECK(world.send(key, 6, "67").upload->complete);
}

TEST_CASE("two requests do not write to one upload at a time") {
  UploadWorld world;
  const auto key = world.create(10);
  const auto first = world.intake.begin(key, 0, std::nullopt);
  REQUIRE(first);
  usecases::UploadIntake other_process(world.environment());
  CHECK(other_process.begin(key, 0, std::nullopt) == nullptr);
  CHECK(other_process.keep(world.owner().actor, key, {0, {}}, nullptr).end == PieceEnd::busy);
  CHECK(describe(usecases::end_upload(world.environment(), world.owner(), key)) ==
        "conflict:upload_busy");
  first->write("01234");
  CHECK(world.intake.keep(world.owner().actor, key, {0, {}}, first).end == PieceEnd::kept);
  CHECK(other_process.begin(key, 5, std::nullopt) != nullptr);
}

TEST_CASE("a request that has been silent makes way for its owner") {
  UploadWorld world;
  const auto key = world.create(10);
  const auto stalled = world.intake.begin(key, 0, std::nullopt);
  stalled->write("0123");
  CHECK(comes_true([&] {
    const auto found = world.intake.find(world.owner().actor, key);
    return found.ok() && found->received == 4;
  }));
  CHECK_FALSE(stalled->write("4567"));
  CHECK(world.send(key, 4, "456789").end == PieceEnd::kept);
}

TEST_CASE("what came before a line broke stays, unless a checksum was to hold for all of it") {
  UploadWorld world;
  const auto actor = world.owner().actor;
  const auto key = world.create(10);
  const auto cut = [&](std::optional<usecases::PieceChecksum> checksum,
                       const usecases::UploadIntake::FindActor& who) {
    const auto at = world.offset(key);
    auto piece = world.intake.begin(key, at, std::move(checksum));
    REQUIRE(piece);
    piece->write("ab");
    world.intake.cut(std::move(piece), {at, {}}, who);
    REQUIRE(comes_true([&] { return world.intake.begin(key, world.offset(key), {}) != nullptr; }));
  };
  cut({}, [&] { return actor; });
  CHECK(world.offset(key) == 2);
  cut(usecases::PieceChecksum::begin("sha1", std::string(20, 'x')), [&] { return actor; });
  CHECK(world.offset(key) == 2);
  cut({}, [] { return std::nullopt; });
  CHECK(world.offset(key) == 2);
  usecases::Actor stranger = actor;
  stranger.id = 77;
  cut({}, [&] { return stranger; });
  CHECK(world.offset(key) == 2);
  cut({}, []() -> std::optional<usecases::Actor> { throw std::runtime_error("away"); });
  CHECK(world.offset(key) == 2);
}

TEST_CASE("another's upload is not there") {
  UploadWorld world;
  const auto key = world.create(4);
  auto stranger = world.owner();
  stranger.actor.id = 77;
  CHECK(describe(usecases::find_upload(world.environment(), stranger.actor, key)) == "not_found");
  CHECK(describe(usecases::end_upload(world.environment(), stranger, key)) == "not_found");
  auto piece = world.intake.begin(key, 0, std::nullopt);
  piece->write("abcd");
  CHECK(world.intake.keep(stranger.actor, key, {0, {}}, piece).end == PieceEnd::unknown);
  CHECK(world.offset(key) == 0);
  auto reader = world.owner();
  reader.actor.read_only = true;
  piece = world.intake.begin(key, 0, std::nullopt);
  piece->write("abcd");
  CHECK(world.intake.keep(reader.actor, key, {0, {}}, piece).end == PieceEnd::forbidden);
  CHECK(world.offset(key) == 0);
  auto visitor = world.visitor();
  CHECK(describe(usecases::create_upload(world.environment(), visitor, world.wanted(4))) ==
        "forbidden");
  CHECK(world.staged() == 1);
}

TEST_CASE("a checksum that does not fit throws the piece away") {
  UploadWorld world;
  const auto key = world.create(8);
  const auto send = [&](const std::string& algorithm, std::string sum) {
    auto piece = world.intake.begin(key, world.offset(key),
                                    usecases::PieceChecksum::begin(algorithm, std::move(sum)));
    piece->write("ab");
    piece->write("cd");
    return world.intake.keep(world.owner().actor, key, {world.offset(key), {}}, piece).end;
  };
  CHECK(send("sha1", std::string(20, 'x')) == PieceEnd::checksum);
  CHECK(world.offset(key) == 0);
  CHECK(send("sha1",
             "\x81\xfe\x8b\xfe\x87\x57\x6c\x3e\xcb\x22\x42\x6f\x8e\x57\x84\x73\x82\x91\x7a"
             "\xcf") == PieceEnd::kept);
  CHECK(world.offset(key) == 4);
}

TEST_CASE("room is counted for a person, a meeting and all, with what is announced") {
  UploadWorld world;
  auto& limits = world.environment().materials;
  limits = {100, 50, 1000, 1000, 1000, 0};
  CHECK(world.try_create(101) == ":upload_too_large");
  limits.expert = 150;
  world.bring(std::string(60, 'a'));
  world.create(50);
  CHECK(world.try_create(41) == ":upload_quota_person");
  CHECK(world.try_create(40) == "ok");
  limits.expert = 1000;
  limits.meeting = 160;
  CHECK(world.try_create(11) == ":upload_quota_owner");
  CHECK(world.try_create(10) == "ok");
  limits.meeting = 1000;
  limits.installation = 170;
  CHECK(world.try_create(11) == ":upload_quota_installation");
  world.work();
  CHECK(world.try_create(11) == ":upload_quota_installation");
  CHECK(world.try_create(10) == "ok");
}

TEST_CASE("what is left is said in words and octets") {
  UploadWorld world;
  world.environment().materials.expert = 1536;
  const auto refused =
      usecases::create_upload(world.environment(), world.owner(), world.wanted(2000));
  const auto errors = std::get<domain::FieldErrors>(refused.failure());
  CHECK(errors ==
        domain::FieldErrors{
            {"", "upload_quota_person", {{"left", "1,5\u00a0KB"}, {"left_octets", "1536"}}}});
}

TEST_CASE("a length said late counts too") {
  UploadWorld world;
  world.environment().materials.meeting = 100;
  const auto key = world.create(std::nullopt);
  CHECK(world.send(key, 0, "ab", 101).end == PieceEnd::no_room);
  CHECK(world.offset(key) == 0);
  CHECK(world.send(key, 0, std::string(101, 'a')).end == PieceEnd::no_room);
  CHECK(world.send(key, 0, "ab", 100).end == PieceEnd::kept);
}

TEST_CASE("two uploads at once are not given the same room") {
  UploadWorld world;
  world.environment().materials.meeting = 100;
  std::atomic<int> begun = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        if (world.try_create(30) == "ok") ++begun;
      });
    }
  }
  CHECK(begun == 3);
}

TEST_CASE("a disk that would be full is refused before it is") {
  UploadWorld world;
  MoodyBlobs moody(world.blobs());
  moody.free = 1000;
  world.environment().blobs = &moody;
  world.environment().materials.spare = 100;
  CHECK(world.try_create(901) == ":upload_no_space");
  const auto key = world.create(500);
  CHECK(world.try_create(401) == ":upload_no_space");
  CHECK(world.send(key, 0, std::string(500, 'a')).end == PieceEnd::kept);
  CHECK(world.try_create(900) == "ok");
  CHECK(world.staged() == 2);
}

TEST_CASE("a store that is away is tried again, less and less often, and trouble shows") {
  UploadWorld world;
  MoodyBlobs moody(world.blobs());
  world.environment().blobs = &moody;
  moody.problem = "full";
  const auto key = world.bring("abc");
  world.work();
  CHECK(world.problems.size() == 1);
  world.work();
  CHECK(world.problems.empty());
  CHECK(usecases::load_upload_standings(world.environment()).failing == 1);
  world.clock().advance(std::chrono::seconds(5));
  world.work();
  CHECK(world.problems.size() == 1);
  world.clock().advance(std::chrono::seconds(5));
  moody.problem.clear();
  world.work();
  CHECK(world.row(key).state == storage::UploadState::received);
  world.clock().advance(std::chrono::seconds(5));
  world.work();
  CHECK(world.row(key).state == storage::UploadState::stored);
  CHECK(usecases::load_upload_standings(world.environment()).failing == 0);
}

TEST_CASE("a process that dies between the store and the database loses nothing") {
  UploadWorld world;
  MoodyBlobs moody(world.blobs());
  world.environment().blobs = &moody;
  const auto key = world.bring("abc");
  const auto taken = world.take(key);
  moody.dies_after_put = true;
  CHECK_THROWS(world.work());
  CHECK(world.row(key).state == storage::UploadState::received);
  moody.dies_after_put = false;
  world.work();
  CHECK(world.content_of(world.row(key).digest) == "abc");
  CHECK(world.staged() == 0);
}

TEST_CASE("what a process that died left behind is cut off or adopted by nobody") {
  UploadWorld world;
  const auto key = world.create(10);
  CHECK(world.send(key, 0, "0123").end == PieceEnd::kept);
  const auto path = world.environment().uploads / usecases::staged_name(key);
  std::ofstream(path, std::ios::app) << "????";
  usecases::reconcile_uploads(world.environment());
  CHECK(fs::file_size(path) == 4);
  std::ofstream(path, std::ios::app) << "????";
  CHECK(world.send(key, 8, "89").end == PieceEnd::wrong_offset);
  CHECK(fs::file_size(path) == 4);
  CHECK(world.send(key, 4, "456789").end == PieceEnd::kept);
  const auto lost = world.create(10);
  CHECK(world.send(lost, 0, "0123").end == PieceEnd::kept);
  fs::resize_file(world.environment().uploads / usecases::staged_name(lost), 2);
  CHECK(world.looked(lost) == "conflict:upload_gone");
}

TEST_CASE("uploads that nobody goes on with are deleted, and files that are nobody's") {
  UploadWorld world;
  const auto left = world.create(10);
  CHECK(world.send(left, 0, "01").end == PieceEnd::kept);
  const auto untaken = world.bring("abc");
  const auto taken = world.bring("def");
  world.take(taken);
  const auto orphan = world.environment().uploads / std::string(64, 'a');
  std::ofstream(orphan) << "x";
  fs::last_write_time(orphan, fs::file_time_type::clock::now() - std::chrono::hours(2));
  const auto young = world.environment().uploads / std::string(64, 'b');
  std::ofstream(young) << "x";
  usecases::expire_uploads(world.environment());
  CHECK_FALSE(fs::exists(orphan));
  CHECK(fs::exists(young));
  CHECK(world.looked(left) == "ok");
  world.clock().advance(std::chrono::days(7));
  CHECK(world.looked(left) == "conflict:upload_gone");
  CHECK(world.send(left, 2, "2").end == PieceEnd::gone);
  usecases::expire_uploads(world.environment());
  CHECK(world.looked(left) == "conflict:upload_gone");
  CHECK(world.looked(untaken) == "ok");
  world.clock().advance(std::chrono::days(23));
  usecases::expire_uploads(world.environment());
  CHECK(world.looked(left) == "not_found");
  CHECK(world.looked(untaken) == "conflict:upload_gone");
  CHECK(world.looked(taken) == "ok");
  CHECK(world.staged() == 2);  // the taken one and the young one
}

TEST_CASE("an upload that is taken back is gone with its file") {
  UploadWorld world;
  const auto key = world.create(10);
  CHECK(world.send(key, 0, "01").end == PieceEnd::kept);
  CHECK(describe(usecases::end_upload(world.environment(), world.owner(), key)) == "ok");
  CHECK(world.staged() == 0);
  CHECK(world.looked(key) == "conflict:upload_gone");
  CHECK(describe(usecases::end_upload(world.environment(), world.owner(), key)) ==
        "conflict:upload_gone");
  const auto taken = world.bring("abc");
  world.take(taken);
  CHECK(describe(usecases::end_upload(world.environment(), world.owner(), taken)) ==
        "conflict:upload_taken");
  const auto activities = world.activities();
  CHECK(std::count_if(activities.begin(), activities.end(), [](const std::string& line) {
          return line.starts_with("upload.begun") || line.starts_with("upload.ended");
        }) == 3);
}

TEST_CASE("an upload is taken once, by its own, for its own") {
  UploadWorld world;
  const auto key = world.bring("abc");
  const auto other = world.publish().id;
  const auto take = [&](const std::string& actor, domain::MeetingId meeting) {
    return world.pool().transact([&](storage::Connection& connection) {
      return storage::take_upload(connection, key, actor, meeting, world.clock().now()).has_value();
    });
  };
  CHECK_FALSE(take("person:77", world.meeting_id));
  CHECK_FALSE(take(world.owner().actor.text(), other));
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        if (take(world.owner().actor.text(), world.meeting_id)) ++taken;
      });
    }
    threads.emplace_back([&] { world.work(); });
  }
  CHECK(taken == 1);
  CHECK(world.row(key).state == storage::UploadState::stored);
}

TEST_CASE("the same creation with the same Idempotency-Key is one upload") {
  UploadWorld world;
  auto call = world.owner();
  call.idempotency_key = "x";
  call.request_digest = std::string(32, 'x');
  const auto one = usecases::create_upload(world.environment(), call, world.wanted(4));
  const auto other = usecases::create_upload(world.environment(), call, world.wanted(4));
  REQUIRE(one.ok());
  REQUIRE(other.ok());
  CHECK(one->key == other->key);
  CHECK(world.count("upload") == 1);
  CHECK(world.staged() == 1);
}

TEST_CASE("a file of a plain form is an upload too") {
  UploadWorld world;
  auto file = usecases::FormFile::begin(world.environment());
  REQUIRE(file);
  CHECK(file->write("abc"));
  const auto brought =
      usecases::upload_bytes(world.environment(), world.owner(), world.wanted({}), std::move(file));
  REQUIRE(brought.ok());
  CHECK(brought->upload.complete);
  CHECK(world.take(brought->key)->size == 3);
  world.work();
  CHECK(world.content_of(world.row(brought->key).digest) == "abc");

  world.environment().materials.form = 4;
  file = usecases::FormFile::begin(world.environment());
  CHECK(file->write("abcd"));
  CHECK_FALSE(file->write("e"));
  CHECK(describe(usecases::upload_bytes(world.environment(), world.owner(), world.wanted({}),
                                        std::move(file))) == ":upload_too_large");
  CHECK(describe(usecases::upload_bytes(world.environment(), world.owner(), world.wanted({}),
                                        nullptr)) == ":upload_no_space");
  usecases::FormFile::begin(world.environment());
  CHECK(world.staged() == 0);
}

TEST_CASE("one's own uploads for a meeting are listed") {
  UploadWorld world;
  const auto one = world.create(10);
  const auto other = world.bring("abc");
  world.take(world.bring("def"));
  std::vector<domain::UploadId> ids;
  for (const auto& upload :
       usecases::list_own_uploads(world.environment(), world.owner().actor, world.meeting_id)) {
    ids.push_back(upload.id);
  }
  CHECK(ids == std::vector<domain::UploadId>{world.row(one).id, world.row(other).id});
}
