#include "sql/file_crc_store.h"

namespace narada::storage {

std::map<domain::ContentDigest, FileSum> list_file_sums(
    Connection& connection, const std::vector<domain::ContentDigest>& digests) {
  constexpr std::string_view kSelect =
      "SELECT f.digest, f.size, f.crc32 FROM JSON_TABLE(?, '$[*]' COLUMNS (digest CHAR(64) "
      "CHARACTER SET"
      " ascii COLLATE ascii_bin PATH '$')) j JOIN stored_file f ON f.digest = j.digest";
  std::string list = "[";
  for (const auto& digest : digests) {
    if (!domain::is_content_digest(digest.hex)) continue;
    list.append(list.size() > 1 ? ",\"" : "\"").append(digest.hex).append("\"");
  }
  std::map<domain::ContentDigest, FileSum> sums;
  for (const auto row : connection.query(kSelect, {list + ']'})) {
    FileSum sum{static_cast<std::uint64_t>(row.integer(1)), {}};
    if (const auto crc = row.find_integer(2)) sum.crc = static_cast<std::uint32_t>(*crc);
    sums[{row.text(0)}] = sum;
  }
  return sums;
}

void save_file_crc(Connection& connection, const domain::ContentDigest& digest, std::uint32_t crc) {
  connection.execute("UPDATE stored_file SET crc32 = ? WHERE digest = ?",
                     {std::int64_t{crc}, digest.hex});
}

}  // namespace narada::storage
