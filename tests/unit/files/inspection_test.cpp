#include "files/inspection.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <gd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>

#include "files/descriptor.h"
#include "tests/support/hostile_files.h"
#include "tests/support/made_files.h"
#include "tests/support/temporary_directory.h"

using namespace narada;
using domain::AccessibilityFault;
using domain::FileFacts;
using domain::FileRefusal;
using testing::PdfWish;

namespace {

class Bench {
 public:
  files::InspectionResult inspect(const std::string& name, const std::string& bytes) const {
    static std::atomic<int> number = 0;
    const auto path = directory_.path() / ("file-" + std::to_string(++number));
    std::ofstream(path, std::ios::binary) << bytes;
    const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    files::InspectionOptions options;
    options.scratch = directory_.path();
    auto result = files::inspect(file.get(), name, options);
    std::filesystem::remove(path);
    return result;
  }
  std::ptrdiff_t left_files() const {
    return std::distance(std::filesystem::directory_iterator(directory_.path()), {});
  }

 private:
  testing::TemporaryDirectory directory_;
};

std::string bytes_of(const files::ScratchFile& file) {
  std::ifstream stream(file.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string outcome_of(const files::InspectionResult& result) {
  if (result.end != files::InspectionEnd::answered) return "no answer";
  return result.refusal ? std::string(to_string(*result.refusal))
                        : "ready as " + result.facts.media_type;
}

// Runs `work` with 0, 1, … until it has run `count` times, on four threads.
template <class Work>
void share_work(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int index = 0; index < 4; ++index)
    threads.emplace_back([&] {
      for (auto at = next++; at < count; at = next++) work(at);
    });
}

FileFacts facts(const std::string& media_type) {
  FileFacts made;
  made.media_type = media_type;
  return made;
}

FileFacts document(const std::string& media_type, const std::string& title, int pages) {
  auto made = facts(media_type);
  made.title = title;
  made.language = "pl-PL";
  made.pages = pages;
  made.has_text = true;
  return made;
}

FileFacts with_text(const std::string& media_type) {
  auto made = facts(media_type);
  made.has_text = true;
  return made;
}

FileFacts picture(const std::string& media_type, int width, int height) {
  auto made = facts(media_type);
  made.width = width;
  made.height = height;
  return made;
}

FileFacts pdf(const PdfWish& wish, std::vector<AccessibilityFault> faults) {
  auto made = facts("application/pdf");
  made.title = wish.title;
  made.language = wish.language;
  made.is_tagged = wish.tagged;
  made.pages = wish.pages;
  made.has_text = !wish.text.empty();
  made.faults = std::move(faults);
  return made;
}

int red_at(const std::string& jpeg, int x, int y) {
  gdImagePtr image =
      gdImageCreateFromJpegPtr(static_cast<int>(jpeg.size()), const_cast<char*>(jpeg.data()));
  REQUIRE(image != nullptr);
  const int colour = gdImageGetPixel(image, x, y);
  gdImageDestroy(image);
  return gdTrueColorGetRed(colour);
}

std::pair<int, int> size_of(const std::string& jpeg) {
  gdImagePtr image =
      gdImageCreateFromJpegPtr(static_cast<int>(jpeg.size()), const_cast<char*>(jpeg.data()));
  REQUIRE(image != nullptr);
  const std::pair<int, int> size(gdImageSX(image), gdImageSY(image));
  gdImageDestroy(image);
  return size;
}

}  // namespace

TEST_CASE("each hostile file comes to what its row says") {
  const Bench bench;
  const auto& files = testing::hostile_files();
  CHECK(files.size() >= 40);
  std::vector<std::string> outcomes(files.size());
  share_work(files.size(), [&](std::size_t at) {
    outcomes[at] = outcome_of(bench.inspect(files[at].name, files[at].bytes));
  });
  for (std::size_t at = 0; at < files.size(); ++at) {
    const auto& file = files[at];
    INFO(file.what);
    CHECK(outcomes[at] ==
          (file.refusal ? std::string(to_string(*file.refusal)) : "ready as " + file.media_type));
  }
  CHECK(bench.left_files() == 0);
}

TEST_CASE("ordinary files are what they are") {
  const Bench bench;
  const std::string ooxml = "application/vnd.openxmlformats-officedocument.";
  PdfWish good;
  good.title = "Plan";
  good.language = "pl-PL";
  good.tagged = true;
  good.pages = 3;
  PdfWish scan;
  scan.text = "";
  struct Row {
    std::string name, bytes;
    FileFacts facts;
  };
  auto old_word = facts("application/msword");
  old_word.faults = {AccessibilityFault::old_format};
  const std::vector<Row> rows = {
      {"a.pdf", testing::make_pdf(good), pdf(good, {})},
      {"A.PDF", testing::make_pdf(),
       pdf({}, {AccessibilityFault::no_tags, AccessibilityFault::no_title,
                AccessibilityFault::no_language})},
      {"skan.pdf", testing::make_pdf(scan),
       pdf(scan, {AccessibilityFault::no_tags, AccessibilityFault::no_title,
                  AccessibilityFault::no_language, AccessibilityFault::no_text})},
      {"a.docx", testing::make_docx("Tekst"),
       document(ooxml + "wordprocessingml.document", "Projekt uchwały", 3)},
      {"a.xlsx", testing::make_xlsx(), with_text(ooxml + "spreadsheetml.sheet")},
      {"a.odt", testing::make_odt("Tekst"),
       document("application/vnd.oasis.opendocument.text", "Poradnik", 7)},
      {"a.doc", testing::make_compound_file({"Root Entry", "WordDocument"}), old_word},
      {"a.rtf", "{\\rtf1 Tekst}", facts("application/rtf")},
      {"a.txt", "Zażółć gęślą jaźń", with_text("text/plain")},
      {"a.csv", "gmina;kwota\nGliwice;1\n", with_text("text/csv")},
      {"a.md", "# Nagłówek\n", with_text("text/markdown")},
      {"a.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", with_text("text/calendar")},
      {"a.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}",
       with_text("application/geo+json")},
      {"a.png", testing::make_png(40, 30), picture("image/png", 40, 30)},
      {"a.gif", testing::make_gif(40, 30), picture("image/gif", 40, 30)},
      {"a.webp", testing::make_webp(40, 30), picture("image/webp", 40, 30)},
      {"a.jpeg", testing::make_jpeg(40, 30), picture("image/jpeg", 40, 30)},
      {"a.zip", testing::make_zip({{"a/b.txt", "tekst"}}), facts("application/zip")},
      {"Pismo nr 12.2027", testing::make_pdf(good), pdf(good, {})},
  };
  for (const auto& row : rows) {
    const auto result = bench.inspect(row.name, row.bytes);
    INFO(row.name, ": ", outcome_of(result), ", title ", result.facts.title, ", language ",
         result.facts.language);
    CHECK(result.facts == row.facts);
  }
}

TEST_CASE("the text of documents can be searched, in whatever encoding it came") {
  const Bench bench;
  const auto text_of = [&](const std::string& name, const std::string& bytes) {
    return bench.inspect(name, bytes).text;
  };
  CHECK(text_of("a.docx", testing::make_docx("Tekst")) == "Tekst\nDrugi akapit\n");
  CHECK(text_of("a.xlsx", testing::make_xlsx()) == "Gmina\nKwota\n");
  CHECK(text_of("a.odt", testing::make_odt("Tekst")) == "Tekst\n");
  CHECK(text_of("a.txt", "za\xBF\xF3\xB3\xE6") == "zażółć");
  CHECK(text_of("a.txt", std::string("\xFF\xFEz\0a\0\x7C\x01", 8)) == "zaż");
  CHECK(text_of("a.txt", "a\tb\fc\r\n") == "a b c\n");
  CHECK(text_of("a.pdf", testing::make_pdf()).find("planie ogolnym") != std::string::npos);
  CHECK(text_of("a.txt", std::string(3'000'000, 'a')).size() == files::kMostExtractedText);
}

TEST_CASE("a document gets a picture of its first page, a picture two smaller ones") {
  const Bench bench;
  const auto document = bench.inspect("a.pdf", testing::make_pdf());
  REQUIRE(document.thumbnail);
  CHECK(size_of(bytes_of(*document.thumbnail)).first == 480);
  CHECK_FALSE(document.gallery);
  const auto picture = bench.inspect("a.jpg", testing::make_jpeg(2000, 1000));
  REQUIRE((picture.thumbnail && picture.gallery));
  CHECK(size_of(bytes_of(*picture.thumbnail)) == std::pair(480, 240));
  CHECK(size_of(bytes_of(*picture.gallery)) == std::pair(1600, 800));
  const auto plain = bench.inspect("a.png", testing::make_png(40, 30));
  CHECK_FALSE(plain.served);  // it says nothing of that kind
}

TEST_CASE("a picture is shown upright, and nobody learns where it was taken") {
  const Bench bench;
  // By EXIF 2.3: which stored half, red on the left, comes to the top left corner.
  struct Row {
    int orientation;
    bool on_side, red_first;
  };
  const std::vector<Row> rows = {{1, false, true}, {2, false, false}, {3, false, false},
                                 {4, false, true}, {5, true, true},   {6, true, true},
                                 {7, true, false}, {8, true, false}};
  for (const auto& row : rows) {
    INFO("orientation ", row.orientation);
    const auto jpeg = testing::with_place(testing::make_jpeg(400, 200), row.orientation);
    const auto result = bench.inspect("a.jpg", jpeg);
    REQUIRE((result.thumbnail && result.served));
    CHECK(result.facts ==
          (row.on_side ? picture("image/jpeg", 200, 400) : picture("image/jpeg", 400, 200)));
    const auto drawn = bytes_of(*result.thumbnail);
    CHECK(size_of(drawn) == (row.on_side ? std::pair(200, 400) : std::pair(400, 200)));
    CHECK((red_at(drawn, 10, 10) > 128) == row.red_first);
    const auto served = bytes_of(*result.served);
    CHECK(drawn.find("GPS") == std::string::npos);
    CHECK(served.find("GPS") == std::string::npos);
    CHECK(jpeg.find("GPS") != std::string::npos);
    // It is turned as before, and the rest is the same.
    const auto again = bench.inspect("a.jpg", served);
    CHECK(again.facts == result.facts);
    REQUIRE(again.thumbnail);
    CHECK(bytes_of(*again.thumbnail) == drawn);
  }
}

TEST_CASE("a child that does not end is ended") {
  testing::TemporaryDirectory directory;
  const auto program = directory.path() / "sleeper";
  std::ofstream(program) << "#!/bin/sh\nexec sleep 600\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const auto path = directory.path() / "file";
  std::ofstream(path) << "text";
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  files::InspectionOptions options;
  options.program = program;
  options.scratch = directory.path();
  options.patience = std::chrono::seconds(1);
  const auto result = files::inspect(file.get(), "a.txt", options);
  CHECK(result.end == files::InspectionEnd::out_of_time);
  CHECK(result.refusal == FileRefusal::damaged);
}

TEST_CASE("a child outlives what asks its whole group to end, and is in a group of its own") {
  testing::TemporaryDirectory directory;
  const auto program = directory.path() / "asked";
  std::ofstream(program) << "#!/bin/sh\n"
                            "for signal in INT TERM HUP QUIT; do kill -$signal $$; done\n"
                            "group=$(cut -d' ' -f5 /proc/$$/stat)\n"
                            "[ \"$group\" = $$ ] && echo '{\"refusal\":\"empty\"}'\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const auto path = directory.path() / "file";
  std::ofstream(path) << "text";
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  files::InspectionOptions options;
  options.program = program;
  options.scratch = directory.path();
  const auto result = files::inspect(file.get(), "a.txt", options);
  CHECK(result.end == files::InspectionEnd::answered);
  CHECK(result.refusal == FileRefusal::empty);
}

TEST_CASE("what keeps a child from looking into any file is not the file's fault") {
  testing::TemporaryDirectory directory;
  const auto program = directory.path() / "hindered";
  std::ofstream(program) << "#!/bin/sh\necho '{\"obstacle\":\"no database\"}'\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const auto path = directory.path() / "file";
  std::ofstream(path) << "text";
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  files::InspectionOptions options;
  options.program = program;
  options.scratch = directory.path();
  CHECK_THROWS_WITH_AS(files::inspect(file.get(), "a.txt", options), "no database",
                       files::InspectionFailed);
}

TEST_CASE("what a child says is believed only in its proper form") {
  testing::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  std::ofstream(path) << "text";
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const std::vector<std::string> answers = {"",
                                            "no JSON",
                                            "[]",
                                            "{}",
                                            R"({"refusal":"because"})",
                                            R"({"failed":"out of memory"})",
                                            R"({"facts":[]})",
                                            R"({"facts":{"media_type":"text/html"},"text":""})"};
  for (const auto& answer : answers) {
    INFO(answer);
    const auto program = directory.path() / "liar";
    std::ofstream(program) << "#!/bin/sh\ncat <<'X'\n" << answer << "\nX\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    files::InspectionOptions options;
    options.program = program;
    options.scratch = directory.path();
    const auto result = files::inspect(file.get(), "a.txt", options);
    CHECK(result.refusal == FileRefusal::damaged);
    CHECK(result.end == files::InspectionEnd::crashed);
  }
}

// NARADA_FILE_MUTATIONS says how many; a few of them in the ordinary run.
TEST_CASE("of files with flipped bytes each gets an answer") {
  const Bench bench;
  const std::vector<std::pair<std::string, std::string>> seeds = {
      {"a.pdf", testing::make_pdf()},
      {"a.docx", testing::make_docx("Tekst")},
      {"a.odt", testing::make_odt("Tekst")},
      {"a.doc", testing::make_compound_file({"Root Entry", "WordDocument"})},
      {"a.png", testing::make_png(60, 40)},
      {"a.gif", testing::make_gif(60, 40)},
      {"a.webp", testing::make_webp(60, 40)},
      {"a.jpg", testing::with_place(testing::make_jpeg(60, 40), 6)},
      {"a.zip", testing::make_zip({{"a/b.txt", std::string(500, 'x'), true}, {"c", "d"}})},
      {"a.txt", "Zażółć gęślą jaźń"}};
  const char* const wish = std::getenv("NARADA_FILE_MUTATIONS");
  const std::size_t count = wish == nullptr ? 300 : std::stoul(wish);
  std::mutex mutex;
  std::vector<std::string> silent;
  share_work(count, [&](std::size_t at) {
    std::mt19937 random(static_cast<unsigned>(at));
    auto [name, bytes] = seeds[at % seeds.size()];
    const auto flips = 1 + random() % 12;
    for (std::size_t flip = 0; flip < flips; ++flip)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    const auto result = bench.inspect(name, bytes);
    if (result.end == files::InspectionEnd::answered) return;
    const std::lock_guard lock(mutex);
    silent.push_back(name + ", mutation " + std::to_string(at));
  });
  CHECK(silent == std::vector<std::string>());
  CHECK(bench.left_files() == 0);
}
