// How much may be brought.
#include "service/usecases/materials/upload_room.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/storage/upload_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::PieceEnd;

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
