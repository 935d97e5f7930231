#include "service/http/multipart_sink.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace narada::http;
using narada::usecases::FormFile;

namespace {

constexpr const char* kType = "multipart/form-data; boundary=limit";

// Keeps in memory what it is given.
class KeptFile final : public FormFile {
 public:
  explicit KeptFile(std::string& content) : content_(content) {}
  bool write(std::string_view bytes) override {
    content_ += bytes;
    return true;
  }
  std::uint64_t size() const override { return content_.size(); }

 private:
  std::string& content_;
};

// Sends the body in pieces that end at each of `ends`; "name=content" of the fields, then
// "name(file)=content" of the files; "refused" for what is no form.
std::string read(const std::string& type, const std::string& body,
                 const std::vector<std::size_t>& ends, std::size_t field_limit = 1 << 20) {
  std::vector<std::unique_ptr<std::string>> contents;
  MultipartSink sink(
      type,
      [&]() -> std::unique_ptr<FormFile> {
        contents.push_back(std::make_unique<std::string>());
        return std::make_unique<KeptFile>(*contents.back());
      },
      field_limit);
  std::size_t begin = 0;
  for (const auto end : ends) {
    sink.write(std::string_view(body).substr(begin, end - begin));
    begin = end;
  }
  sink.write(std::string_view(body).substr(begin));
  sink.complete();
  if (!sink.is_good()) return "refused";
  std::string all;
  for (const auto& field : sink.fields()) all += field.name + "=" + field.content + ";";
  std::size_t kept = 0;
  for (const auto& file : sink.files()) {
    const std::string content = file.file ? *contents[kept++] : "";
    all += file.name + "(" + file.file_name + ")=" + content + ";";
    if (file.file) CHECK(file.size == content.size());
  }
  return all;
}

std::string part(const std::string& disposition, const std::string& content) {
  return "--limit\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content +
         "\r\n";
}

std::string sample() {
  return part(R"(name="title")", "Zażółć") +
         part(R"(name="file"; filename="plan.pdf")", "%PDF\r\n--limi\r\n--limi t\r\n\r\n") +
         part(R"(name="empty"; filename="")", "") + part(R"(name="note")", "") + "--limit--\r\n";
}
constexpr const char* kSample =
    "title=Zażółć;note=;file(plan.pdf)=%PDF\r\n--limi\r\n--limi t\r\n\r\n;empty()=;";

// The order in which the parser of whole bodies gives them: fields first.
std::string read_whole(const std::string& body) {
  const auto parts = parse_multipart_form(kType, body);
  if (!parts) return "refused";
  std::string fields;
  std::string files;
  for (const auto& one : *parts) {
    if (one.file_name) {
      // A file without a name was not chosen.
      const auto content = one.file_name->empty() ? "" : one.content;
      files += one.name + "(" + *one.file_name + ")=" + content + ";";
    } else {
      fields += one.name + "=" + one.content + ";";
    }
  }
  return fields + files;
}

}  // namespace

TEST_CASE("a form comes in any pieces") {
  const auto body = sample();
  CHECK(read(kType, body, {}) == kSample);
  for (std::size_t at = 1; at < body.size(); ++at) {
    CAPTURE(at);
    REQUIRE(read(kType, body, {at}) == kSample);
  }
  std::vector<std::size_t> every(body.size());
  for (std::size_t at = 0; at < every.size(); ++at) every[at] = at;
  CHECK(read(kType, body, every) == kSample);
}

TEST_CASE("what is no form is refused wherever it is cut") {
  const auto good = sample();
  struct Case {
    const char* name;
    std::string type;
    std::string body;
  };
  const Case cases[] = {
      {"nothing", kType, ""},
      {"another type", "text/plain", good},
      {"no boundary", "multipart/form-data", good},
      {"a boundary of another", "multipart/form-data; boundary=other", good},
      {"a beginning before the first boundary", kType, "x" + good},
      {"no end", kType, good.substr(0, good.size() - 4)},
      {"half an end", kType, good.substr(0, good.size() - 3)},
      {"something behind the end", kType, good + "x"},
      {"a part without a name", kType, part("x=y", "1") + "--limit--"},
      {"a head without an end", kType,
       "--limit\r\nContent-Disposition: form-data; name=\"" + std::string(3000, 'a')},
      {"cut in a file", kType, good.substr(0, good.find("%PDF") + 8)},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.name));
    CHECK(read(one.type, one.body, {}) == "refused");
    for (std::size_t at = 1; at < one.body.size(); at += 7) {
      REQUIRE(read(one.type, one.body, {at}) == "refused");
    }
  }
}

TEST_CASE("fields take no more memory than is meant for them, files take none") {
  const auto body = part(R"(name="a")", std::string(60, 'a')) +
                    part(R"(name="f"; filename="x")", std::string(5000, 'f')) +
                    part(R"(name="b")", std::string(60, 'b')) + "--limit--";
  CHECK(read(kType, body, {}, 120) != "refused");
  CHECK(read(kType, body, {}, 119) == "refused");
}

TEST_CASE("pieces and whole say the same of damaged forms") {
  std::mt19937 random(7);
  const auto good = sample();
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string body = good;
    const int changes = 1 + static_cast<int>(random() % 3);
    for (int change = 0; change < changes; ++change) {
      const std::size_t at = random() % body.size();
      switch (random() % 3) {
        case 0:
          body[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          body.erase(at, 1 + random() % 5);
          break;
        default:
          body.insert(at, good, random() % good.size(), random() % 40);
      }
      if (body.empty()) body = "x";
    }
    CAPTURE(body);
    std::vector<std::size_t> ends;
    for (std::size_t at = random() % 30; at < body.size(); at += 1 + random() % 30) {
      ends.push_back(at);
    }
    const auto whole = read_whole(body);
    REQUIRE(read(kType, body, ends) == whole);
    if (whole == "refused") ++refused;
  }
  CHECK(refused > 500);
  CHECK(refused < 3000);
}
