// Files of a store elsewhere that are sent from here: nothing is fetched that is not sent.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <mutex>

#include "files/blob_store.h"
#include "files/zip_layout.h"
#include "sql/file_crc_store.h"
#include "tests/http/site/reading_room.h"

using namespace narada;
using namespace narada::testing;

namespace {

// The store of the site as if it were far away; it remembers what was asked of it.
class DistantBlobs final : public files::BlobStore {
 public:
  explicit DistantBlobs(files::BlobStore& store) : store_(store) {}

  // "whole", "5+3": since the last question.
  std::vector<std::string> log() {
    const std::lock_guard lock(mutex_);
    return std::exchange(log_, {});
  }

  bool is_distant() const override { return true; }
  std::optional<files::OpenBlob> open(const domain::ContentDigest& digest) override {
    note("whole");
    return store_.open(digest);
  }
  std::optional<files::OpenPart> open_part(const domain::ContentDigest& digest,
                                           std::uint64_t offset, std::uint64_t length) override {
    note(fmt::format("{}+{}", offset, length));
    return store_.open_part(digest, offset, length);
  }
  void put(const domain::ContentDigest& digest, const std::filesystem::path& file) override {
    store_.put(digest, file);
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
  std::optional<std::uint64_t> free_space() override { return std::nullopt; }
  std::string description() const override { return "far away"; }

 private:
  void note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    log_.push_back(line);
  }

  files::BlobStore& store_;
  std::mutex mutex_;
  std::vector<std::string> log_;
};

using Log = std::vector<std::string>;

// A room whose store is elsewhere.
struct DistantRoom {
  ReadingRoom room;
  DistantBlobs blobs{room.site().world().blobs()};
  domain::Meeting meeting = room.site().world().publish();
  files::BlobStore* near = room.site().environment().blobs;
  DistantRoom() { room.site().environment().blobs = &blobs; }
  ~DistantRoom() { room.site().environment().blobs = near; }
  DistantRoom(const DistantRoom&) = delete;
  DistantRoom& operator=(const DistantRoom&) = delete;

  domain::MaterialId add(const std::string& title, const std::string& content) {
    ReadingRoom::Sheet sheet;
    sheet.title = title;
    sheet.file_name = title + ".pdf";
    sheet.content = content;
    return room.add(meeting.id, sheet);
  }
  // As the inspection does it.
  void save_crc(const std::string& content) {
    const auto digest = room.store(content, {});
    room.site().world().pool().transact([&](storage::Connection& connection) {
      storage::save_file_crc(connection, digest, files::crc_of(content));
    });
  }
};

}  // namespace

TEST_CASE("from a store elsewhere no more is fetched than an answer sends") {
  DistantRoom distant;
  auto visitor = distant.room.site().visitor();
  const auto path = address_of(distant.add("Karta", "0123456789"), "/1/Karta.pdf");
  const auto whole = visitor.get(path);
  CHECK(whole.html == "0123456789");
  CHECK(distant.blobs.log() == Log{"whole"});
  const auto tag = whole.header("ETag");
  const auto when = whole.header("Last-Modified");
  struct Row {
    httplib::Headers headers;
    int status;
    std::string body, content_range;
    Log fetched;
  };
  const std::vector<Row> rows = {
      {{{"Range", "bytes=2-4"}}, 206, "234", "bytes 2-4/10", {"2+3"}},
      {{{"Range", "bytes=-3"}}, 206, "789", "bytes 7-9/10", {"7+3"}},
      {{{"Range", "bytes=8-99"}, {"If-Range", tag}}, 206, "89", "bytes 8-9/10", {"8+2"}},
      {{{"Range", "bytes=8-"}, {"If-Range", "\"another\""}}, 200, "0123456789", "", {"whole"}},
      {{{"Range", "bytes=0-"}}, 206, "0123456789", "bytes 0-9/10", {"whole"}},
      {{{"Range", "bytes=1-2,4-5"}}, 200, "0123456789", "", {"whole"}},
      {{{"Range", "bytes=10-"}}, 416, "", "bytes */10", {}},
      {{{"If-None-Match", tag}}, 304, "", "", {}},
      {{{"If-None-Match", tag}, {"Range", "bytes=2-4"}}, 304, "", "", {}},
      {{{"If-Modified-Since", when}}, 304, "", "", {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.headers.rbegin()->second);
    auto headers = row.headers;
    if (row.status == 304) headers.emplace("Connection", "close");
    const auto shown = visitor.get(path, headers);
    CHECK(shown.status == row.status);
    CHECK(shown.header("Content-Range") == row.content_range);
    if (row.status < 300) {
      CHECK(shown.html == row.body);
      CHECK(shown.header("Accept-Ranges") == "bytes");
      CHECK(shown.header("ETag") == tag);
    }
    CHECK(distant.blobs.log() == row.fetched);
  }
}

TEST_CASE("an archive begins without a look at its files, and a part of it fetches its own files") {
  DistantRoom distant;
  const std::vector<std::string> contents = {std::string(300, 'a'), std::string(300, 'b'),
                                             std::string(300, 'c')};
  for (const auto& content : contents) {
    distant.add(content.substr(0, 1), content);
    distant.save_crc(content);
  }
  auto visitor = distant.room.site().visitor();
  const auto path = "/spotkania/" + distant.meeting.slug + "/materialy.zip";
  const auto whole = visitor.get(path);
  CHECK(whole.status == 200);
  CHECK(distant.blobs.log() == Log{"whole", "whole", "whole"});
  const auto tag = whole.header("ETag");
  CHECK(visitor.get(path, {{"If-None-Match", tag}, {"Connection", "close"}}).status == 304);
  CHECK(distant.blobs.log().empty());
  const auto second = whole.html.find(contents[1]);
  const auto range = fmt::format("bytes={}-{}", second + 10, second + 19);
  CHECK(visitor.get(path, {{"Range", range}, {"If-Range", tag}}).html == "bbbbbbbbbb");
  CHECK(distant.blobs.log() == Log{"whole"});
  CHECK(visitor.get(path, {{"Range", "bytes=0-9"}}).status == 206);
  CHECK(distant.blobs.log().empty());
}

TEST_CASE("an archive reads a content from before its CRC was kept once, and no more") {
  DistantRoom distant;
  distant.add("a", "treść");
  auto visitor = distant.room.site().visitor();
  const auto path = "/spotkania/" + distant.meeting.slug + "/materialy.zip";
  const auto whole = visitor.get(path, {{"Range", "bytes=0-9"}});
  CHECK(whole.status == 206);
  CHECK(distant.blobs.log() == Log{"whole"});
  CHECK(visitor.get(path, {{"Range", "bytes=0-9"}}).html == whole.html);
  CHECK(distant.blobs.log().empty());
}
