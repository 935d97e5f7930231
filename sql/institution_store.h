#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/institution.h"
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

// Throws Duplicate when the slug or the TERYT is taken. Aliases are stored, associations are not.
domain::InstitutionId insert_institution(Connection& connection,
                                         const domain::Institution& institution,
                                         domain::Instant now);
// Everything but the slug, the aliases and the associations.
void update_institution(Connection& connection, const domain::Institution& institution,
                        domain::Instant now);
// Leaves an alias that is there as it is; true when it was not there.
bool save_alias(Connection& connection, domain::InstitutionId institution,
                const std::string& alias);

}  // namespace narada::storage
