#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "service/domain/content_digest.h"
#include "sql/connection.h"

namespace narada::storage {

// What an archive says of a content before it holds it.
struct FileSum {
  std::uint64_t size = 0;            // octets
  std::optional<std::uint32_t> crc;  // CRC-32; absent: nobody has computed it yet
};
// Of those that have a row.
std::map<domain::ContentDigest, FileSum> list_file_sums(
    Connection& connection, const std::vector<domain::ContentDigest>& digests);
void save_file_crc(Connection& connection, const domain::ContentDigest& digest, std::uint32_t crc);

}  // namespace narada::storage
