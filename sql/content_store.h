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
  bool is_lost = false;                         // known not to be there
  std::vector<domain::ContentDigest> pictures;  // made of it, as far as they have no row
  std::optional<domain::Instant> missing_since;
};
// By digest, above `after`; empty: from the first.
std::vector<StoredContent> list_contents(Connection& connection, const domain::ContentDigest& after,
                                         int limit);
// The store does not have it, or not as it was; absent: it does, and what was lost is looked into.
void save_missing(Connection& connection, const domain::ContentDigest& digest,
                  std::optional<domain::Instant> since);
// A restored store does not have it: who brought it is to bring it again, and a picture of another
// file is made anew.
void save_lost(Connection& connection, const domain::ContentDigest& digest, domain::Instant now);
// Versions without a content, in the order of their materials: of uploads that are still being
// brought to the store, or of those that a restoration has ended.
struct EmptyVersion {
  domain::MaterialId material;
  int number = 0;
};
enum class EmptyBecause { waiting, lost };
std::vector<EmptyVersion> list_empty_versions(Connection& connection, EmptyBecause why);
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
