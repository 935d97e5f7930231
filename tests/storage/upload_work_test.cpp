// What the background does about uploads: the store, crashes, and time that is up.
#include "service/usecases/materials/upload_work.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "service/usecases/materials/upload_records.h"
#include "tests/storage/upload_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::PieceEnd;
namespace fs = std::filesystem;

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
