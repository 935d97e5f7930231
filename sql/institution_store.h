#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/institution.h"
#include "service/domain/institution_record.h"
#include "sql/connection.h"

namespace narada::storage {

// The columns of an InstitutionRef, of a row named `i`.
inline constexpr std::string_view kInstitutionRefColumns =
    "i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude";
inline constexpr std::size_t kInstitutionRefColumnCount = 7;
domain::InstitutionRef read_institution_ref(const Rows::Row& row, std::size_t first_column);

struct InstitutionPosition {
  std::string name;
  domain::InstitutionId id;
};
struct InstitutionListing {
  std::string association;  // code; empty: any
  std::string q;            // anywhere in name, alias or county
  bool municipalities_only = false;
  std::optional<InstitutionPosition> after;
  int limit = 50;
};
// With aliases and associations, by name in Polish order.
std::vector<domain::Institution> list_institutions(Connection& connection,
                                                   const InstitutionListing& listing);
// All that are active, by name in Polish order.
std::vector<domain::InstitutionRef> list_institution_refs(Connection& connection);

// By TERYT, slug or id (a key of seven digits is a TERYT if one has it, else an id), with aliases
// and associations.
std::optional<domain::Institution> find_institution(Connection& connection, std::string_view key);
std::optional<domain::InstitutionRef> find_institution_ref(Connection& connection,
                                                           std::string_view key);

// The active institution that stands for a merged one, over as many merges as there were; absent
// when the key names none that was merged.
std::optional<domain::InstitutionRef> find_successor(Connection& connection, std::string_view key);

struct RecordListing {
  std::string association;  // code; empty: any
  std::string q;            // anywhere in name, alias, county or TERYT
  std::optional<domain::InstitutionKind> kind;
  std::optional<domain::InstitutionState> state;
  std::optional<InstitutionPosition> after;
  int limit = 50;
};
// Also those out of use and merged; by name in Polish order.
std::vector<domain::InstitutionRecord> list_institution_records(Connection& connection,
                                                                const RecordListing& listing);
enum class RowLock { none, update };
std::optional<domain::InstitutionRecord> find_institution_record(Connection& connection,
                                                                 domain::InstitutionId id,
                                                                 RowLock lock = RowLock::none);
// Those of the TERYTs that are known, in no order, with few statements.
std::vector<domain::InstitutionRecord> find_institution_records(
    Connection& connection, const std::vector<std::string>& teryts, RowLock lock);

// Throws Duplicate when the slug or the TERYT is taken. Aliases are stored, associations are not.
domain::InstitutionId insert_institution(Connection& connection,
                                         const domain::Institution& institution,
                                         domain::Instant now);
// Everything but the slug, the aliases and the associations.
void update_institution(Connection& connection, const domain::Institution& institution,
                        domain::Instant now);
// One version on.
void save_active(Connection& connection, domain::InstitutionId institution, bool active,
                 domain::Instant now);
// Just these, whatever there was.
void replace_aliases(Connection& connection, domain::InstitutionId institution,
                     const std::vector<std::string>& aliases);
// Member of just these; what is known of a membership that stays is kept.
void replace_memberships(Connection& connection, domain::InstitutionId institution,
                         const std::vector<domain::AssociationId>& associations);
// Case and accents ignored, as aliases are.
bool has_alias(Connection& connection, domain::InstitutionId institution, const std::string& alias);
// Leaves an alias that is there as it is; true when it was not there.
bool save_alias(Connection& connection, domain::InstitutionId institution,
                const std::string& alias);

}  // namespace narada::storage
