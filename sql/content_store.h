#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/domain/content_digest.h"
#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// Which contents of files the database names, for whoever compares it with the store of files.
namespace narada::storage {

struct StoredContent {
  domain::ContentDigest digest;
  std::int64_t size = 0;                        // octets
  bool is_kept = true;                          // refused ones are deleted from the store
  std::vector<domain::ContentDigest> pictures;  // made of it, as far as they have no row
  std::optional<domain::Instant> missing_since;
};
// By digest, above `after`; empty: from the first.
std::vector<StoredContent> list_contents(Connection& connection, const domain::ContentDigest& after,
                                         int limit);
// The store does not have it, or not as it was; absent: it does.
void save_missing(Connection& connection, const domain::ContentDigest& digest,
                  std::optional<domain::Instant> since);
// Of what it is a picture is to be looked into once more, so that it is made anew.
void ask_for_picture(Connection& connection, const domain::ContentDigest& picture);
// That have it for a file, or a file of which it is a picture.
std::vector<domain::MaterialId> list_materials_of_content(Connection& connection,
                                                          const domain::ContentDigest& digest);

// Of `digests`, those that a row needs, as a file or as a picture of one.
std::set<domain::ContentDigest> find_needed_contents(
    Connection& connection, const std::vector<domain::ContentDigest>& digests);
// Rows from before `before` that no version, upload or photo names.
std::vector<domain::ContentDigest> list_unnamed_contents(Connection& connection,
                                                         domain::Instant before, int limit);
// In a transaction. False: it is named by now.
bool delete_unnamed_content(Connection& connection, const domain::ContentDigest& digest);

struct ContentTotals {
  std::int64_t files = 0;
  std::int64_t octets = 0;
  std::int64_t missing = 0;  // damaged ones too
};
ContentTotals count_contents(Connection& connection);
bool is_content_missing(Connection& connection);

}  // namespace narada::storage
