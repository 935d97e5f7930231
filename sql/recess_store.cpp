#include "sql/recess_store.h"

#include "sql/id_list.h"

namespace narada::storage {
namespace {

using domain::Recess;

constexpr std::string_view kSelect =
    "SELECT r.id, r.institution_id, i.name, r.title, r.first_day, r.last_day, r.created_by"
    " FROM recess r LEFT JOIN institution i ON i.id = r.institution_id WHERE ";
constexpr std::string_view kOrder = " ORDER BY r.first_day, r.title, i.name, r.id LIMIT ?";

Recess read_recess(const Rows::Row& row) {
  Recess recess;
  recess.id = row.id<domain::RecessId>(0);
  recess.institution = row.find_id<domain::InstitutionId>(1);
  recess.institution_name = row.text_or_empty(2);
  recess.title = row.text(3);
  recess.first = row.date(4);
  recess.last = row.date(5);
  recess.created_by = row.text(6);
  return recess;
}

std::vector<Recess> read_recesses(const Rows& rows) {
  std::vector<Recess> recesses;
  for (const auto row : rows) recesses.push_back(read_recess(row));
  return recesses;
}

}  // namespace

std::vector<Recess> list_recesses(Connection& connection, domain::Date from, domain::Date to) {
  static const std::string kList =
      std::string(kSelect) + "r.last_day >= ? AND r.first_day <= ?" + std::string(kOrder);
  return read_recesses(connection.query(kList, {from, to, kMostRecesses}));
}

std::vector<Recess> list_recesses_of(Connection& connection, domain::Date from, domain::Date to,
                                     const std::vector<domain::InstitutionId>& institutions) {
  static const std::string kList =
      std::string(kSelect) +
      "r.last_day >= ? AND r.first_day <= ? AND (r.institution_id IS NULL OR r.institution_id" +
      std::string(kInIdList) + ")" + std::string(kOrder);
  return read_recesses(
      connection.query(kList, {from, to, list_of_ids(institutions), kMostRecesses}));
}

std::optional<Recess> lock_recess(Connection& connection, domain::RecessId id) {
  static const std::string kLock = std::string(kSelect) + "r.id = ? FOR UPDATE";
  const Rows rows = connection.query(kLock, {id});
  if (rows.empty()) return std::nullopt;
  return read_recess(rows[0]);
}

domain::RecessId insert_recess(Connection& connection, const Recess& recess, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO recess (institution_id, title, first_day, last_day, created_by, created_at)"
      " VALUES (?, ?, ?, ?, ?, ?) RETURNING id";
  return {connection.insert(kInsert, {recess.institution, recess.title, recess.first, recess.last,
                                      recess.created_by, now})};
}

bool has_recess(Connection& connection, const Recess& recess) {
  constexpr std::string_view kSame =
      "SELECT 1 FROM recess WHERE institution_id <=> ? AND title = ? AND first_day = ? AND"
      " last_day = ? LIMIT 1";
  return !connection.query(kSame, {recess.institution, recess.title, recess.first, recess.last})
              .empty();
}

void delete_recess(Connection& connection, domain::RecessId id) {
  connection.execute("DELETE FROM recess WHERE id = ?", {id});
}

}  // namespace narada::storage
