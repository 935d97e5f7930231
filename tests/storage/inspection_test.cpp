// Files that have come, until they are ready or refused.
#include "service/usecases/materials/inspection.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "files/digest.h"
#include "files/zip_layout.h"
#include "notifications/mail_facts.h"
#include "service/usecases/materials/scrub.h"
#include "service/usecases/materials/upload_work.h"
#include "service/usecases/materials/uploads.h"
#include "sql/file_crc_store.h"
#include "sql/stored_file_store.h"
#include "tests/storage/material_world.h"
#include "tests/support/fake_clamd.h"
#include "tests/support/made_files.h"

using namespace narada;
using namespace narada::testing;

namespace {

class InspectionWorld : public MaterialWorld {
 public:
  InspectionWorld() {
    environment().materials.spare = 0;
    tools.options.scratch = scratch_.path();
    tools.report = [this](std::string_view line) { problems.emplace_back(line); };
  }

  // Brought by that person, and in the store.
  domain::ContentDigest bring_file(const std::string& name, const std::string& bytes) {
    auto file = usecases::FormFile::begin(environment());
    REQUIRE(file);
    REQUIRE(file->write(bytes));
    REQUIRE(usecases::upload_bytes(environment(), bringer, {meeting.id, name, bytes.size(), ""},
                                   std::move(file))
                .ok());
    while (usecases::store_received_uploads(environment(), [](std::string_view) {})) {
    }
    const auto path = scratch_.path() / "copy";
    std::ofstream(path, std::ios::binary) << bytes;
    auto digest = files::digest_of(path);
    std::filesystem::remove(path);
    return digest;
  }
  void work() {
    while (usecases::inspect_next_file(environment(), tools, "worker")) {
    }
  }
  std::string state_of(const domain::ContentDigest& digest) {
    return pool().read([&](storage::Connection& connection) {
      const auto row = connection.query(
          "SELECT state, COALESCE(refusal, ''), JSON_VALUE(facts, '$.media_type') FROM stored_file"
          " WHERE digest = ?",
          {digest.hex})[0];
      return row.text(0) + " " + row.text(1) + row.text_or_empty(2);
    });
  }
  std::string text_of(const domain::ContentDigest& digest) {
    return pool().read([&](storage::Connection& connection) {
      return connection
          .query("SELECT content_text FROM stored_file WHERE digest = ?", {digest.hex})[0]
          .text(0);
    });
  }
  storage::FilePictures pictures_of(const domain::ContentDigest& digest) {
    return pool().read([&](storage::Connection& connection) {
      return storage::find_file_pictures(connection, digest);
    });
  }
  std::size_t contents() {
    std::size_t count = 0;
    blobs().each([&](const files::StoredBlob&) { ++count; });
    return count;
  }
  std::vector<std::string> refusals_told() {
    std::vector<std::string> told;
    for (const auto& facts : mails_of(notifications::MailKind::file_refused))
      told.push_back(facts.ask->about + ": " + facts.ask->text);
    return told;
  }

  usecases::InspectionTools tools;
  std::vector<std::string> problems;
  usecases::Call bringer = account("Ola", {{usecases::Role::organizer, {}}});
  TemporaryDirectory scratch_;
};

}  // namespace

TEST_CASE("a file that has come becomes ready, with its text and its pictures") {
  InspectionWorld world;
  const auto digest = world.bring_file("zdjecie.jpg", with_place(make_jpeg(600, 300), 6));
  const auto document = world.bring_file("a.docx", make_docx("Tekst"));
  CHECK(world.state_of(digest) == "waiting ");
  world.work();
  CHECK(world.problems == std::vector<std::string>());
  CHECK(world.state_of(digest) == "ready image/jpeg");
  CHECK(world.text_of(document) == "Tekst\nDrugi akapit\n");
  const auto pictures = world.pictures_of(digest);
  for (const auto& picture : {pictures.thumbnail, pictures.gallery, pictures.served}) {
    CHECK(world.blobs().holds(picture));
    CHECK(world.state_of(picture) == "ready image/jpeg");
  }
  CHECK(pictures.served != digest);
  // An archive begins without reading what it holds.
  const auto sums = world.pool().read([&](storage::Connection& connection) {
    return storage::list_file_sums(connection, {digest, document, pictures.served});
  });
  REQUIRE(sums.size() == 3);
  for (const auto& [content, sum] : sums) {
    const auto blob = world.blobs().open(content);
    REQUIRE(blob);
    CHECK(sum.crc == files::crc_of(*blob->descriptor));
    CHECK(sum.size == blob->size);
  }
  CHECK(world.pictures_of(document).thumbnail == domain::ContentDigest{});
  CHECK(std::filesystem::is_empty(world.scratch_.path()));
}

TEST_CASE("a refused file is deleted, who brought it is told, and its right name lets it in") {
  InspectionWorld world;
  const auto digest = world.bring_file("plan.jpg", make_pdf());
  world.work();
  CHECK(world.state_of(digest) == "refused mislabelled");
  CHECK_FALSE(world.blobs().holds(digest));
  CHECK(world.refusals_told() == std::vector<std::string>{"plan.jpg: mislabelled"});
  world.clock().advance(std::chrono::minutes(1));
  CHECK(world.bring_file("plan.pdf", make_pdf()) == digest);
  CHECK(world.state_of(digest) == "waiting ");
  world.work();
  CHECK(world.state_of(digest) == "ready application/pdf");
  CHECK(world.blobs().holds(digest));
}

TEST_CASE("files wait until the scanner has found them clean") {
  InspectionWorld world;
  const auto socket = world.scratch_.path() / "clamd.ctl";
  const files::ClamAv scanner(socket.string(), {std::chrono::seconds(2), std::chrono::seconds(2)});
  world.tools.scanner = &scanner;
  const auto clean = world.bring_file("a.txt", "tekst");
  const auto infected = world.bring_file("b.txt", eicar());
  world.work();
  CHECK(world.state_of(clean) == "waiting ");
  CHECK(world.problems.size() == 2);
  CHECK(usecases::is_inspection_late(world.environment()));

  const FakeClamd clamd(socket);
  world.work();
  CHECK(world.state_of(clean) == "waiting ");  // not before its time
  world.clock().advance(std::chrono::minutes(6));
  world.work();
  CHECK(world.state_of(clean) == "ready text/plain");
  CHECK(world.state_of(infected) == "refused infected");
  CHECK_FALSE(world.blobs().holds(infected));
  CHECK_FALSE(usecases::is_inspection_late(world.environment()));
}

TEST_CASE("beyond what the scanner takes pictures are shown and documents refused") {
  InspectionWorld world;
  const auto socket = world.scratch_.path() / "clamd.ctl";
  const FakeClamd clamd(socket, 100);
  const files::ClamAv scanner(socket.string());
  world.tools.scanner = &scanner;
  const auto picture = world.bring_file("a.png", make_png(300, 200));
  const auto document = world.bring_file("a.pdf", make_pdf());
  const auto small = world.bring_file("a.txt", "tekst");
  world.work();
  CHECK(world.state_of(picture) == "ready image/png");
  CHECK(world.state_of(document) == "refused unscanned");
  CHECK(world.state_of(small) == "ready text/plain");
}

TEST_CASE("looked into again, a file stays readable and keeps its pictures") {
  InspectionWorld world;
  const auto digest = world.bring_file("a.pdf", make_pdf());
  world.work();
  const auto before = world.pictures_of(digest).thumbnail;
  const auto contents = world.contents();
  CHECK(usecases::inspect_materials_again(world.environment(), world.organizer()) == 1);
  CHECK(world.state_of(digest) == "ready application/pdf");
  world.work();
  CHECK(world.state_of(digest) == "ready application/pdf");
  CHECK(world.pictures_of(digest).thumbnail == before);
  CHECK(world.contents() == contents);

  // By rules that are stricter now, and with a name that would not be let in: what is ready stays.
  const auto socket = world.scratch_.path() / "clamd.ctl";
  world.clock().advance(std::chrono::minutes(1));
  world.bring_file("a.exe", make_pdf());
  const FakeClamd clamd(socket, 10);
  const files::ClamAv scanner(socket.string());
  world.tools.scanner = &scanner;
  usecases::inspect_materials_again(world.environment(), world.organizer());
  world.work();
  // Hanging up on a sender may cost the scanner's answer; the next try has it.
  world.clock().advance(std::chrono::minutes(6));
  world.work();
  REQUIRE_FALSE(world.problems.empty());
  CHECK(world.problems.back() ==
        digest.hex.substr(0, 12) + ": stays, but would be refused now: unscanned");
  CHECK(world.state_of(digest) == "ready application/pdf");
  CHECK(world.pictures_of(digest).thumbnail == before);
  CHECK(world.contents() == contents);
  CHECK(world.refusals_told() == std::vector<std::string>());
}

TEST_CASE("a name that somebody else gives the same content decides nothing about what is ready") {
  InspectionWorld world;
  const auto digest = world.bring_file("a.txt", "tekst");
  world.work();
  world.clock().advance(std::chrono::minutes(1));
  world.bring_file("a.exe", "tekst");
  usecases::inspect_materials_again(world.environment(), world.organizer());
  const auto now = world.clock().now();
  const auto claimed = world.pool().transact([&](storage::Connection& connection) {
    return storage::claim_file_to_inspect(connection, "worker", now, now);
  });
  REQUIRE(claimed);
  CHECK(claimed->file_name == "a.txt");
  world.clock().advance(std::chrono::minutes(1));
  world.work();
  CHECK(world.problems == std::vector<std::string>());
  CHECK(world.state_of(digest) == "ready text/plain");
}

TEST_CASE("what was ready is refused when the scanner finds it infected") {
  InspectionWorld world;
  const auto digest = world.bring_file("a.txt", eicar());
  world.work();
  CHECK(world.state_of(digest) == "ready text/plain");
  const auto socket = world.scratch_.path() / "clamd.ctl";
  const FakeClamd clamd(socket);
  const files::ClamAv scanner(socket.string());
  world.tools.scanner = &scanner;
  usecases::inspect_materials_again(world.environment(), world.organizer());
  world.work();
  CHECK(world.state_of(digest) == "refused infected");
  CHECK_FALSE(world.blobs().holds(digest));
  // Only what is refused is removed, and only while nobody brings it again.
  const auto is_refused = [&] {
    return world.pool().transact([&](storage::Connection& connection) {
      return storage::lock_refused_file(connection, digest);
    });
  };
  CHECK(is_refused());
  world.bring_file("a.txt", eicar());
  CHECK_FALSE(is_refused());
}

TEST_CASE("a child that ends without an answer is the file's fault only after three tries") {
  InspectionWorld world;
  const auto ready = world.bring_file("b.txt", "inny tekst");
  world.work();
  usecases::inspect_materials_again(world.environment(), world.organizer());
  const auto digest = world.bring_file("a.txt", "tekst");
  const auto contents = world.contents();
  world.tools.options.program = "/bin/false";
  for (int attempt = 1; attempt < 3; ++attempt) {
    world.work();
    CHECK(world.state_of(digest) == "waiting ");
    CHECK(world.contents() == contents);
    world.clock().advance(std::chrono::minutes(6));
  }
  world.work();
  CHECK(world.state_of(digest) == "refused damaged");
  CHECK_FALSE(world.blobs().holds(digest));
  CHECK(world.state_of(ready) == "ready text/plain");
  CHECK(world.blobs().holds(ready));
}

TEST_CASE("of two workers one looks into a file, and another goes on where one has died") {
  InspectionWorld world;
  const auto digest = world.bring_file("a.txt", "tekst");
  const auto claim = [&](const std::string& worker) {
    const auto now = world.clock().now();
    return world.pool()
        .transact([&](storage::Connection& connection) {
          return storage::claim_file_to_inspect(connection, worker, now,
                                                now + std::chrono::minutes(15));
        })
        .has_value();
  };
  CHECK(claim("first"));
  CHECK_FALSE(claim("second"));
  CHECK_FALSE(usecases::inspect_next_file(world.environment(), world.tools, "second"));
  world.clock().advance(std::chrono::minutes(16));
  CHECK(usecases::inspect_next_file(world.environment(), world.tools, "second"));
  CHECK(world.state_of(digest) == "ready text/plain");
  CHECK_FALSE(world.pool().transact([&](storage::Connection& connection) {
    return storage::lock_claimed_file(connection, digest, "first");
  }));
}

TEST_CASE("a content that is not in the store is waited for as long as it takes") {
  InspectionWorld world;
  const auto digest = world.bring_file("a.txt", "tekst");
  world.blobs().remove(digest);
  world.work();
  CHECK(world.state_of(digest) == "waiting ");
  for (int hour = 0; hour < 6; ++hour) {
    world.clock().advance(std::chrono::hours(1));
    world.work();
  }
  CHECK(world.state_of(digest) == "waiting ");
  CHECK(usecases::is_material_missing(world.environment()));
  CHECK(world.refusals_told() == std::vector<std::string>());
  const auto path = world.scratch_.path() / "found";
  std::ofstream(path) << "tekst";
  world.blobs().put(digest, path);
  world.clock().advance(std::chrono::hours(1));
  world.work();
  CHECK(world.state_of(digest) == "ready text/plain");
  CHECK_FALSE(usecases::is_material_missing(world.environment()));
}
