#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "service/domain/content_digest.h"
#include "sql/connection.h"

namespace narada::storage {

// CRC-32 of contents, as far as they are known.
std::map<domain::ContentDigest, std::uint32_t> list_file_crcs(
    Connection& connection, const std::vector<domain::ContentDigest>& digests);
void save_file_crc(Connection& connection, const domain::ContentDigest& digest, std::uint32_t crc);

}  // namespace narada::storage
