#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/institution_record.h"
#include "sql/connection.h"

namespace narada::storage {

// Values of columns as the database writes them.
using Cells = std::vector<std::optional<std::string>>;

// The rows of one table that changed hands when an institution was merged into another, in the
// words of the table itself.
struct MovedRows {
  std::string table;
  std::vector<Cells> moved;    // key and what they say; they belong to the other now; each kind
                               // with what a key stands for that edits give to other rows
  std::vector<Cells> dropped;  // whole: the other had one that says the same
  std::vector<Cells> raised;   // of the other: what says the same, old position, new position

  bool nothing() const { return moved.empty() && dropped.empty() && raised.empty(); }
};

// How many rows of each table refer to the institution. `same`: `into` has one that says the same.
struct LinkCount {
  std::string table;
  int rows = 0;
  int same = 0;
};
std::vector<LinkCount> count_links(Connection& connection, domain::InstitutionId from,
                                   domain::InstitutionId into);

// Gives every row that refers to `from` to `into`. Meetings, cycles and practices that it is about
// get a new version, in the order in which registrations lock them. The caller holds both
// institutions locked, so that no row comes in meanwhile.
std::vector<MovedRows> move_links(Connection& connection, domain::InstitutionId from,
                                  domain::InstitutionId into);
// The way back, for just those rows that still belong to `into`. Rows that every edit of a meeting
// or an institution writes anew are known by what they say. How many did not go back. Throws Error
// for a table that has none to give back.
int give_back_links(Connection& connection, const std::vector<MovedRows>& tables,
                    domain::InstitutionId from, domain::InstitutionId into);
// Whether `later` dropped a row because of one that `earlier` had moved: undone first, `earlier`
// would leave nothing for what was dropped to come back to.
bool leans_on(const std::vector<MovedRows>& later, const std::vector<MovedRows>& earlier);
// The tables that move_links() knows, with the column that names the institution.
struct LinkColumn {
  std::string_view table;
  std::string_view column;
  std::string_view only;  // which rows of the table; empty: all
};
std::vector<LinkColumn> link_columns();

// A further name; false when the institution is found by it already.
bool add_alias(Connection& connection, domain::InstitutionId institution, const std::string& alias);
void remove_alias(Connection& connection, domain::InstitutionId institution,
                  const std::string& alias);

// Out of use and stood for by `into`; both are one version on.
void save_merged(Connection& connection, domain::InstitutionId from, domain::InstitutionId into,
                 domain::Instant now);
// On its own again, in use or not as it was before; both are one version on.
void save_parted(Connection& connection, domain::InstitutionId from, domain::InstitutionId into,
                 bool active, domain::Instant now);

struct StoredMerge {
  domain::InstitutionMerge merge;
  std::string moved;  // JSON
};
domain::InstitutionMergeId save_merge(Connection& connection, const StoredMerge& merge);
void save_moved(Connection& connection, domain::InstitutionMergeId id, const std::string& moved);
void save_undone(Connection& connection, domain::InstitutionMergeId id, domain::Instant now,
                 int left_behind);
// Locked until the transaction ends.
std::optional<StoredMerge> lock_merge(Connection& connection, domain::InstitutionMergeId id);
// Those in force whose merged institution something refers to again.
std::vector<domain::InstitutionMergeId> list_merges_with_links(Connection& connection);
// In force, later than this one and into the same institution.
std::vector<StoredMerge> list_later_merges(Connection& connection, const StoredMerge& merge);
// The latest first, also the undone; at most `limit`.
std::vector<domain::InstitutionMerge> list_merges(Connection& connection,
                                                  std::optional<domain::InstitutionMergeId> before,
                                                  int limit);

}  // namespace narada::storage
