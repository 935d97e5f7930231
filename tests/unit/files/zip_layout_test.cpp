#include "files/zip_layout.h"

#include <doctest/doctest.h>
#include <zip.h>

#include <string>
#include <utility>
#include <vector>

namespace narada::files {
namespace {

constexpr domain::WallTime kWhen{std::chrono::local_days(std::chrono::year(2027) / 1 / 4) +
                                 std::chrono::hours(9)};

std::string whole(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<ZipEntry> entries;
  for (const auto& [name, content] : files)
    entries.push_back({name, content.size(), crc_of(content), kWhen});
  std::string archive;
  for (const auto& [text, entry] : lay_out_zip(entries)) {
    archive += text;
    if (entry) archive += files[*entry].second;
  }
  return archive;
}

// As another implementation reads it, with every CRC checked.
std::vector<std::pair<std::string, std::string>> unpacked(const std::string& archive) {
  zip_error_t error;
  zip_error_init(&error);
  auto* source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
  auto* opened = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  REQUIRE_MESSAGE(opened != nullptr, zip_error_strerror(&error));
  std::vector<std::pair<std::string, std::string>> files;
  for (zip_int64_t index = 0; index < zip_get_num_entries(opened, 0); ++index) {
    const auto at = static_cast<zip_uint64_t>(index);
    zip_stat_t facts;
    REQUIRE(zip_stat_index(opened, at, 0, &facts) == 0);
    std::string content(facts.size, ' ');
    auto* file = zip_fopen_index(opened, at, 0);
    REQUIRE(zip_fread(file, content.data(), content.size()) ==
            static_cast<zip_int64_t>(content.size()));
    char more = 0;
    CHECK(zip_fread(file, &more, 1) == 0);  // at the end the CRC is compared
    zip_fclose(file);
    files.emplace_back(facts.name, std::move(content));
  }
  zip_discard(opened);
  return files;
}

TEST_CASE("an archive unpacks to what went into it") {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"CZYTAJ.txt", "Zażółć\r\n"},
      {"Część 1/karta pracy.pdf", std::string(100'000, 'x')},
      {"pusty.txt", ""}};
  CHECK(unpacked(whole(files)) == files);
  CHECK(unpacked(whole({})).empty());
}

TEST_CASE("many files are counted in the wider fields") {
  std::vector<std::pair<std::string, std::string>> files;
  for (int number = 0; number < 65'600; ++number) files.emplace_back(std::to_string(number), "");
  CHECK(unpacked(whole(files)).size() == files.size());
}

// Read where the format says it stands: such an archive is too large for a test to hold.
TEST_CASE("what lies beyond 4 GiB is said in the wider fields") {
  constexpr std::uint64_t kLarge = (std::uint64_t{5} << 30) + 7;
  const auto pieces = lay_out_zip({{"a", kLarge, 1, kWhen}, {"b", 3, 2, kWhen}});
  REQUIRE(pieces.size() == 3);
  const auto number = [](const std::string& text, std::size_t at, int octets) {
    std::uint64_t value = 0;
    for (int i = octets - 1; i >= 0; --i)
      value = value << 8 | static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
    return value;
  };
  const auto& first = pieces[0].text;
  CHECK(number(first, 18, 4) == 0xFFFFFFFF);
  CHECK(number(first, 30 + 1 + 4, 8) == kLarge);
  const auto& end = pieces[2].text;
  const auto second = end.find("PK\x01\x02", 1);
  REQUIRE(second != std::string::npos);
  CHECK(number(end, second + 42, 4) == 0xFFFFFFFF);
  const auto offset = number(end, second + 46 + 1 + 4, 8);
  CHECK(offset == first.size() + kLarge);
  const auto wide_end = end.find("PK\x06\x06");
  REQUIRE(wide_end != std::string::npos);
  CHECK(number(end, wide_end + 48, 8) == offset + pieces[1].text.size() + 3);
}

}  // namespace
}  // namespace narada::files
