#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/time.h"

// A ZIP archive (APPNOTE 6.3.9) whose contents are stored as they are, so that every octet of it is
// known before any content is read: it can be sent from files, and gone on with anywhere.
namespace narada::files {

struct ZipEntry {
  std::string name;  // UTF-8, '/' between folders
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  domain::WallTime modified{};
};

// `text`, then the content of the entry, if any.
struct ZipPiece {
  std::string text;
  std::optional<std::size_t> entry;
  friend bool operator==(const ZipPiece&, const ZipPiece&) = default;
};
// ZIP64 where an archive or a content is 4 GiB or more, or holds 65535 entries.
std::vector<ZipPiece> lay_out_zip(const std::vector<ZipEntry>& entries);

// Of the content from here to its end. Throws std::system_error.
std::uint32_t crc_of(int descriptor);
std::uint32_t crc_of_file(const std::filesystem::path& path);
std::uint32_t crc_of(const std::string& text);

}  // namespace narada::files
