// Large bodies in both directions: streamed, in bounded memory, in parts.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/http/edge/child_server.h"
#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

using namespace std::chrono_literals;

// A file of the given size whose bytes tell their place, removed at the end.
class PatternFile {
 public:
  explicit PatternFile(std::size_t size)
      : path_(std::filesystem::temp_directory_path() /
              ("narada-edge-file-" + std::to_string(next_test_port()))) {
    std::ofstream out(path_, std::ios::binary);
    for (std::size_t at = 0; at < size; at += kBlock) {
      const auto block = bytes(at, std::min(kBlock, size - at));
      out.write(block.data(), static_cast<std::streamsize>(block.size()));
    }
  }
  ~PatternFile() { std::filesystem::remove(path_); }
  PatternFile(const PatternFile&) = delete;
  PatternFile& operator=(const PatternFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

  static std::string bytes(std::size_t from, std::size_t count) {
    std::string text(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = from + i;
      text[i] = static_cast<char>(place ^ (place >> 8) ^ (place >> 16));
    }
    return text;
  }

 private:
  static constexpr std::size_t kBlock = 1 << 20;
  std::filesystem::path path_;
};

constexpr std::size_t kSize = 3'000'000;

struct FilePart {
  std::string name;
  std::string fields;
  int status;
  std::size_t offset;
  std::size_t length;
  std::string content_range;
};

std::vector<FilePart> file_parts() {
  return {
      {"whole", "", 200, 0, kSize, ""},
      {"first", "Range: bytes=0-99\r\n", 206, 0, 100, "bytes 0-99/3000000"},
      {"middle", "Range: bytes=1000000-2000000\r\n", 206, 1'000'000, 1'000'001,
       "bytes 1000000-2000000/3000000"},
      {"rest", "Range: bytes=2999990-\r\n", 206, 2'999'990, 10, "bytes 2999990-2999999/3000000"},
      {"last ten", "Range: bytes=-10\r\n", 206, 2'999'990, 10, "bytes 2999990-2999999/3000000"},
      {"over the end", "Range: bytes=2999999-9999999\r\n", 206, 2'999'999, 1,
       "bytes 2999999-2999999/3000000"},
      {"behind the end", "Range: bytes=3000000-\r\n", 416, 0, 0, "bytes */3000000"},
      {"several", "Range: bytes=0-1,5-6\r\n", 200, 0, kSize, ""},
      {"backwards", "Range: bytes=9-1\r\n", 200, 0, kSize, ""},
      {"nonsense", "Range: lines=1-2\r\n", 200, 0, kSize, ""},
      {"if unchanged", "Range: bytes=0-99\r\nIf-Range: \"x\"\r\n", 200, 0, kSize, ""},
  };
}

TEST_CASE("parts of a file are answered as asked for") {
  const PatternFile file(kSize);
  TestServer server(small_server(), file.path());
  RawClient client(server.port());
  for (const auto& row : file_parts()) {
    CAPTURE(row.name);
    client.send("GET /file HTTP/1.1\r\nHost: x\r\n" + row.fields + "\r\n");
    const auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == row.status);
    CHECK(answer->header("content-range") == row.content_range);
    CHECK(answer->header("accept-ranges") == "bytes");
    const bool same = answer->body == PatternFile::bytes(row.offset, row.length);
    CHECK(same);
  }
  client.send("HEAD /file HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9\r\n\r\n");
  const auto head = client.read_answer(10s, BodyExpected::no);
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->header("content-length") == "3000000");
}

TEST_CASE("slow and fast downloads of one file arrive whole at the same time") {
  constexpr std::size_t kLarge = 12'000'000;
  const PatternFile file(kLarge);
  TestServer server(small_server(), file.path());
  const auto expected = PatternFile::bytes(0, kLarge);
  std::atomic<int> right{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&, i] {
      RawClient client(server.port(), RawClient::Tuning{i % 2 == 0 ? 8192 : 0, 0});
      client.send(get_request("/file"));
      if (i % 2 == 0) std::this_thread::sleep_for(300ms);
      const auto answer = client.read_answer(20s);
      if (answer && answer->body == expected) ++right;
    });
  }
  for (auto& reader : readers) reader.join();
  CHECK(right == 8);
}

TEST_CASE("streamed uploads of 64 MB and more need little memory") {
  ChildServer server;
  RawClient warm_up(server.port());
  warm_up.send(get_request("/pool"));
  REQUIRE(warm_up.read_answer());
  const long before = server.peak_memory_kib();
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  for (const bool in_chunks : {false, true}) {
    clients.emplace_back([&, in_chunks] {
      constexpr std::size_t kBlocks = 80;
      const std::string block(1 << 20, 'u');
      RawClient client(server.port());
      client.send("PATCH /stream HTTP/1.1\r\nHost: x\r\n" +
                  (in_chunks ? std::string("Transfer-Encoding: chunked\r\n\r\n")
                             : "Content-Length: " + std::to_string(kBlocks << 20) + "\r\n\r\n"));
      for (std::size_t i = 0; i < kBlocks; ++i) {
        client.send(in_chunks ? "100000\r\n" + block + "\r\n" : block);
      }
      if (in_chunks) client.send("0\r\n\r\n");
      const auto answer = client.read_answer(30s);
      if (answer && answer->status == 200) ++answered;
    });
  }
  for (auto& client : clients) client.join();
  CHECK(answered == 2);
  if (!kSanitized) CHECK(server.peak_memory_kib() - before < 8 << 10);
  warm_up.close();
  CHECK(server.stop() == 0);
}

TEST_CASE("streamed bodies arrive unchanged, and a cut one is not complete") {
  TestServer server(small_server());
  const auto body = PatternFile::bytes(0, 5'000'000);
  std::uint64_t checksum = 0;
  for (const char c : body) checksum += static_cast<unsigned char>(c);
  RawClient client(server.port());
  client.send("PATCH /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n" + body);
  const auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "5000000\n");
  CHECK(server.uploads().checksum == checksum);
  CHECK(server.uploads().completed == 1);

  RawClient cut(server.port());
  cut.send("PATCH /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n" +
           body.substr(0, 100'000));
  cut.close();
  for (int i = 0; i < 100 && server.uploads().cut == 0; ++i) std::this_thread::sleep_for(20ms);
  CHECK(server.uploads().cut == 1);
  CHECK(server.uploads().completed == 1);
}

}  // namespace
}  // namespace narada::test
