#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// A public page of a thing: "/praktyki/zielony-przystanek", without the language.
struct PublicAddress {
  std::string path;
  domain::Instant updated_at{};
};
// Published meetings, cycles and practices, institutions in use, topics, and materials that
// everybody may open at `now`; in an order that stays while nothing is published.
std::vector<PublicAddress> list_public_addresses(Connection& connection, domain::Instant now,
                                                 std::int64_t offset, std::int64_t limit);
std::int64_t count_public_addresses(Connection& connection, domain::Instant now);

}  // namespace narada::storage
