#include "sql/file_crc_store.h"

namespace narada::storage {

std::map<domain::ContentDigest, std::uint32_t> list_file_crcs(
    Connection& connection, const std::vector<domain::ContentDigest>& digests) {
  constexpr std::string_view kSelect =
      "SELECT f.digest, f.crc32 FROM JSON_TABLE(?, '$[*]' COLUMNS (digest CHAR(64) CHARACTER SET"
      " ascii COLLATE ascii_bin PATH '$')) j JOIN stored_file f ON f.digest = j.digest"
      " WHERE f.crc32 IS NOT NULL";
  std::string list = "[";
  for (const auto& digest : digests) {
    if (!domain::is_content_digest(digest.hex)) continue;
    list.append(list.size() > 1 ? ",\"" : "\"").append(digest.hex).append("\"");
  }
  std::map<domain::ContentDigest, std::uint32_t> crcs;
  for (const auto row : connection.query(kSelect, {list + ']'}))
    crcs[{row.text(0)}] = static_cast<std::uint32_t>(row.integer(1));
  return crcs;
}

void save_file_crc(Connection& connection, const domain::ContentDigest& digest, std::uint32_t crc) {
  connection.execute("UPDATE stored_file SET crc32 = ? WHERE digest = ?",
                     {std::int64_t{crc}, digest.hex});
}

}  // namespace narada::storage
