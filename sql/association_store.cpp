#include "sql/association_store.h"

namespace narada::storage {
namespace {

constexpr std::string_view kList = "SELECT id, code, name, website FROM association ORDER BY code";
constexpr std::string_view kFind = "SELECT id, code, name, website FROM association WHERE code = ?";
constexpr std::string_view kInsert =
    "INSERT INTO association (code, name, website) VALUES (?, ?, ?) RETURNING id";
constexpr std::string_view kFindMembership =
    "SELECT certain FROM association_membership WHERE association_id = ? AND institution_id = ?";
constexpr std::string_view kInsertMembership =
    "INSERT INTO association_membership (association_id, institution_id, certain) VALUES (?, ?, ?)";
constexpr std::string_view kUpdateMembership =
    "UPDATE association_membership SET certain = ? WHERE association_id = ? AND institution_id = ?";

domain::Association read_association(const Rows::Row& row) {
  return {row.id<domain::AssociationId>(0), row.text(1), row.text(2), row.text(3)};
}

}  // namespace

std::vector<domain::Association> list_associations(Connection& connection) {
  std::vector<domain::Association> associations;
  for (const auto row : connection.query(kList)) associations.push_back(read_association(row));
  return associations;
}

std::optional<domain::Association> find_association(Connection& connection, std::string_view code) {
  const Rows rows = connection.query(kFind, {code});
  if (rows.empty()) return std::nullopt;
  return read_association(rows[0]);
}

domain::AssociationId insert_association(Connection& connection, const domain::Association& it) {
  return {connection.insert(kInsert, {it.code, it.name, it.website})};
}

bool save_membership(Connection& connection, domain::AssociationId association,
                     domain::InstitutionId institution, bool certain) {
  const Rows rows = connection.query(kFindMembership, {association, institution});
  if (rows.empty()) {
    connection.execute(kInsertMembership, {association, institution, certain});
    return true;
  }
  if (rows[0].boolean(0) == certain) return false;
  connection.execute(kUpdateMembership, {certain, association, institution});
  return true;
}

}  // namespace narada::storage
