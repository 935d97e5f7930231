// Files on their way here: who may bring them, and how they come in pieces.
#include "service/usecases/materials/uploads.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/storage/upload_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::PieceEnd;

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
