#include "files/zip_layout.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>

#include "files/descriptor.h"

namespace narada::files {
namespace {

constexpr std::uint32_t kInZip64 = 0xFFFFFFFF;  // the number stands in a ZIP64 field
constexpr std::uint16_t kManyEntries = 0xFFFF;
constexpr std::uint16_t kUtf8Names = 1 << 11;
constexpr std::uint16_t kVersion20 = 20;
constexpr std::uint16_t kVersion45 = 45;                    // ZIP64
constexpr std::uint16_t kMadeOnUnix = 3 << 8 | kVersion45;  // so that modes count
constexpr std::uint32_t kRegularFile = 0100644U << 16;      // rw-r--r--
constexpr std::uint16_t kZip64Field = 0x0001;

class Octets {
 public:
  Octets& u16(std::uint64_t value) { return number(value, 2); }
  Octets& u32(std::uint64_t value) { return number(value, 4); }
  Octets& u64(std::uint64_t value) { return number(value, 8); }
  Octets& text(std::string_view text) {
    text_ += text;
    return *this;
  }
  std::string take() { return std::move(text_); }
  std::size_t size() const { return text_.size(); }

 private:
  Octets& number(std::uint64_t value, int octets) {
    for (int i = 0; i < octets; ++i) text_ += static_cast<char>(value >> (8 * i) & 0xFF);
    return *this;
  }
  std::string text_;
};

std::uint64_t in_32(std::uint64_t value) { return std::min<std::uint64_t>(value, kInZip64); }

// Two seconds at a time, from 1980 to 2107.
std::uint32_t dos_time(domain::WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  const int year = std::clamp(static_cast<int>(date.year()), 1980, 2107) - 1980;
  const auto of = [](auto count) { return static_cast<std::uint32_t>(count); };
  const auto days = of(year) << 9 | of(static_cast<unsigned>(date.month())) << 5 |
                    of(static_cast<unsigned>(date.day()));
  const auto clock = of(time.hours().count()) << 11 | of(time.minutes().count()) << 5 |
                     of(time.seconds().count()) / 2;
  return days << 16 | clock;
}

// What the local header and the central directory both say, from the version on.
void add_common(Octets& out, const ZipEntry& entry, bool is_large) {
  out.u16(is_large ? kVersion45 : kVersion20).u16(kUtf8Names).u16(0);  // 0: stored
  out.u32(dos_time(entry.modified)).u32(entry.crc).u32(in_32(entry.size)).u32(in_32(entry.size));
  out.u16(entry.name.size());
}

std::string local_header(const ZipEntry& entry) {
  const bool is_large = entry.size >= kInZip64;
  Octets out;
  out.u32(0x04034b50);
  add_common(out, entry, is_large);
  out.u16(is_large ? 20 : 0).text(entry.name);
  if (is_large) out.u16(kZip64Field).u16(16).u64(entry.size).u64(entry.size);
  return out.take();
}

std::string central_header(const ZipEntry& entry, std::uint64_t offset) {
  Octets large;
  if (entry.size >= kInZip64) large.u64(entry.size).u64(entry.size);
  if (offset >= kInZip64) large.u64(offset);
  const auto length = large.size();
  Octets out;
  out.u32(0x02014b50).u16(kMadeOnUnix);
  add_common(out, entry, length > 0);
  out.u16(length > 0 ? length + 4 : 0).u16(0).u16(0).u16(0).u32(kRegularFile);
  out.u32(in_32(offset)).text(entry.name);
  if (length > 0) out.u16(kZip64Field).u16(length).text(large.take());
  return out.take();
}

std::string end_of_directory(std::uint64_t entries, std::uint64_t offset, std::uint64_t size) {
  Octets out;
  if (entries >= kManyEntries || offset >= kInZip64 || size >= kInZip64) {
    const auto at = offset + size;
    out.u32(0x06064b50).u64(44).u16(kMadeOnUnix).u16(kVersion45).u32(0).u32(0);
    out.u64(entries).u64(entries).u64(size).u64(offset);
    out.u32(0x07064b50).u32(0).u64(at).u32(1);
  }
  const auto count = std::min<std::uint64_t>(entries, kManyEntries);
  out.u32(0x06054b50).u16(0).u16(0).u16(count).u16(count);
  out.u32(in_32(size)).u32(in_32(offset)).u16(0);
  return out.take();
}

}  // namespace

std::vector<ZipPiece> lay_out_zip(const std::vector<ZipEntry>& entries) {
  std::vector<ZipPiece> pieces;
  std::string directory;
  std::uint64_t offset = 0;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    const auto& entry = entries[index];
    directory += central_header(entry, offset);
    pieces.push_back({local_header(entry), index});
    offset += pieces.back().text.size() + entry.size;
  }
  const auto end = end_of_directory(entries.size(), offset, directory.size());
  pieces.push_back({std::move(directory) + end, {}});
  return pieces;
}

std::uint32_t crc_of(int descriptor) {
  std::vector<unsigned char> piece(1 << 20);
  auto crc = ::crc32_z(0, nullptr, 0);
  for (off_t offset = 0;;) {
    const auto count = ::pread(descriptor, piece.data(), piece.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error(errno, std::generic_category(), "a content");
    if (count == 0) return static_cast<std::uint32_t>(crc);
    crc = ::crc32_z(crc, piece.data(), static_cast<std::size_t>(count));
    offset += count;
  }
}

std::uint32_t crc_of_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.is_open()) throw std::system_error(errno, std::generic_category(), path.string());
  return crc_of(file.get());
}

std::uint32_t crc_of(const std::string& text) {
  const auto* octets = reinterpret_cast<const unsigned char*>(text.data());
  return static_cast<std::uint32_t>(::crc32_z(::crc32_z(0, nullptr, 0), octets, text.size()));
}

}  // namespace narada::files
