#include "sql/institution_store.h"

#include <algorithm>

#include "sql/like_pattern.h"
#include "sql/line_list.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::Institution;
using domain::InstitutionId;
using domain::InstitutionRef;

// No name holds a line break or a tab: each comes from a single-line field. The two lists are
// columns so that a page of institutions is one statement.
constexpr std::string_view kSelect =
    "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, i.county,"
    " i.voivodeship, i.population, i.population_year, i.area_km2, i.website,"
    " (SELECT GROUP_CONCAT(ia.alias ORDER BY ia.alias COLLATE utf8mb4_polish_ci SEPARATOR '\\n')"
    "  FROM institution_alias ia WHERE ia.institution_id = i.id),"
    " (SELECT GROUP_CONCAT(CONCAT_WS('\\t', a.id, a.code, a.name, am.certain)"
    "  ORDER BY a.code SEPARATOR '\\n')"
    "  FROM association_membership am JOIN association a ON a.id = am.association_id"
    "  WHERE am.institution_id = i.id),"
    " i.active, i.merged_into, i.version"
    " FROM institution i WHERE ";
constexpr std::string_view kSelectRef =
    "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM institution i WHERE ";
constexpr std::string_view kOrder = " ORDER BY i.name COLLATE utf8mb4_polish_ci, i.id";
constexpr std::string_view kInAssociation =
    " AND i.id IN (SELECT am.institution_id FROM association_membership am"
    " JOIN association a ON a.id = am.association_id WHERE a.code = ?)";
constexpr std::string_view kMatches =
    " AND (i.name LIKE ? OR i.county LIKE ? OR EXISTS (SELECT 1 FROM institution_alias ia"
    " WHERE ia.institution_id = i.id AND ia.alias LIKE ?))";
constexpr std::string_view kRecordMatches =
    " AND (i.name LIKE ? OR i.county LIKE ? OR i.teryt LIKE ? OR EXISTS (SELECT 1"
    " FROM institution_alias ia WHERE ia.institution_id = i.id AND ia.alias LIKE ?))";
constexpr std::string_view kMunicipality =
    " AND i.kind IN ('city_with_county_rights', 'urban_municipality',"
    " 'urban_rural_municipality', 'rural_municipality')";
constexpr std::string_view kAfter =
    " AND (i.name COLLATE utf8mb4_polish_ci > ?"
    " OR (i.name COLLATE utf8mb4_polish_ci = ? AND i.id > ?))";
constexpr std::string_view kInsert =
    "INSERT INTO institution (slug, teryt, name, kind, county, voivodeship, latitude, longitude,"
    " population, population_year, area_km2, website, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
constexpr std::string_view kUpdate =
    "UPDATE institution SET teryt = ?, name = ?, kind = ?, county = ?, voivodeship = ?,"
    " latitude = ?, longitude = ?, population = ?, population_year = ?, area_km2 = ?, website = ?,"
    " version = version + 1, updated_at = ? WHERE id = ?";
constexpr std::string_view kInsertAlias =
    "INSERT IGNORE INTO institution_alias (institution_id, alias) VALUES (?, ?)";

std::optional<domain::GeoPoint> read_position(const Rows::Row& row, std::size_t first_column) {
  if (row.is_null(first_column) || row.is_null(first_column + 1)) return std::nullopt;
  return domain::GeoPoint{row.real(first_column), row.real(first_column + 1)};
}

std::vector<domain::AssociationMembership> read_memberships(const std::string& text) {
  std::vector<domain::AssociationMembership> memberships;
  for (const std::string& line : split_lines(text)) {
    const std::vector<std::string> cells = split_lines(line, '\t');
    if (cells.size() != 4) throw Error(0, "unreadable membership \"" + line + "\"");
    memberships.push_back(
        {{find_row_id(cells[0]).value_or(0)}, cells[1], cells[2], cells[3] == "1"});
  }
  return memberships;
}

Institution read_institution(const Rows::Row& row) {
  Institution institution;
  institution.id = row.id<InstitutionId>(0);
  institution.slug = row.text(1);
  institution.teryt = row.find_text(2);
  institution.name = row.text(3);
  institution.kind = stored_enum("institution.kind", row.text(4), domain::find_institution_kind);
  institution.position = read_position(row, 5);
  institution.county = row.text(7);
  institution.voivodeship = row.text(8);
  institution.population = row.find_integer(9);
  if (!row.is_null(10)) institution.population_year = row.small_integer(10);
  institution.area_km2 = row.find_real(11);
  institution.website = row.text(12);
  institution.aliases = split_lines(row.text_or_empty(13));
  institution.associations = read_memberships(row.text_or_empty(14));
  return institution;
}

domain::InstitutionRecord read_record(const Rows::Row& row) {
  using domain::InstitutionState;
  domain::InstitutionRecord record;
  record.institution = read_institution(row);
  record.merged_into = row.find_id<InstitutionId>(16);
  record.version = row.integer(17);
  if (record.merged_into) {
    record.state = InstitutionState::merged;
  } else if (!row.boolean(15)) {
    record.state = InstitutionState::inactive;
  }
  return record;
}

std::string_view condition_of(domain::InstitutionState state) {
  switch (state) {
    case domain::InstitutionState::active:
      return " AND i.active = 1";
    case domain::InstitutionState::inactive:
      return " AND i.active = 0 AND i.merged_into IS NULL";
    case domain::InstitutionState::merged:
      return " AND i.merged_into IS NOT NULL";
  }
  return "";
}

std::string_view clause_of(RowLock lock) { return lock == RowLock::update ? " FOR UPDATE" : ""; }

// A list of texts of digits as one parameter.
std::string json_list(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) {
    if (list.size() > 1) list += ',';
    list += '"' + text + '"';
  }
  return list + ']';
}

// The condition and the parameters of a key; by TERYT before id.
struct KeyCondition {
  std::string sql;
  std::vector<Parameter> parameters;
};
KeyCondition condition_of(std::string_view key) {
  const auto id = find_row_id(key);
  if (!id) return {"i.slug = ?", {key}};
  if (key.size() != 7) return {"i.id = ?", {*id}};
  return {"(i.teryt = ? OR i.id = ?) ORDER BY i.teryt = ? DESC LIMIT 1", {key, *id, key}};
}

}  // namespace

InstitutionRef read_institution_ref(const Rows::Row& row, std::size_t first_column) {
  InstitutionRef institution;
  institution.id = row.id<InstitutionId>(first_column);
  institution.slug = row.text(first_column + 1);
  institution.teryt = row.find_text(first_column + 2);
  institution.name = row.text(first_column + 3);
  institution.kind =
      stored_enum("institution.kind", row.text(first_column + 4), domain::find_institution_kind);
  institution.position = read_position(row, first_column + 5);
  return institution;
}

std::vector<Institution> list_institutions(Connection& connection,
                                           const InstitutionListing& listing) {
  std::string sql = std::string(kSelect) + "i.active = 1";
  std::vector<Parameter> parameters;
  if (listing.municipalities_only) sql += kMunicipality;
  if (!listing.association.empty()) {
    sql += kInAssociation;
    parameters.emplace_back(listing.association);
  }
  if (!listing.q.empty()) {
    sql += kMatches;
    parameters.insert(parameters.end(), 3, like_anywhere(listing.q));
  }
  if (const auto& after = listing.after) {
    sql += kAfter;
    parameters.insert(parameters.end(), {after->name, after->name, after->id});
  }
  sql += std::string(kOrder) + " LIMIT ?";
  parameters.emplace_back(listing.limit);
  std::vector<Institution> institutions;
  for (const auto row : connection.query(sql, parameters)) {
    institutions.push_back(read_institution(row));
  }
  return institutions;
}

std::vector<InstitutionRef> list_institution_refs(Connection& connection) {
  const std::string sql = std::string(kSelectRef) + "i.active = 1" + std::string(kOrder);
  std::vector<InstitutionRef> institutions;
  for (const auto row : connection.query(sql)) {
    institutions.push_back(read_institution_ref(row, 0));
  }
  return institutions;
}

std::optional<Institution> find_institution(Connection& connection, std::string_view key) {
  const KeyCondition condition = condition_of(key);
  const Rows rows = connection.query(std::string(kSelect) + condition.sql, condition.parameters);
  if (rows.empty()) return std::nullopt;
  return read_institution(rows[0]);
}

std::optional<InstitutionRef> find_institution_ref(Connection& connection, std::string_view key) {
  const KeyCondition condition = condition_of(key);
  const Rows rows = connection.query(std::string(kSelectRef) + condition.sql, condition.parameters);
  if (rows.empty()) return std::nullopt;
  return read_institution_ref(rows[0], 0);
}

std::optional<InstitutionRef> find_successor(Connection& connection, std::string_view key) {
  const KeyCondition condition = condition_of(key);
  const Rows merged = connection.query(
      "SELECT i.merged_into FROM institution i WHERE " + condition.sql, condition.parameters);
  if (merged.empty() || merged[0].is_null(0)) return std::nullopt;
  static const std::string kFollow =
      "WITH RECURSIVE later AS (SELECT CAST(? AS SIGNED) AS id UNION SELECT next.merged_into"
      " FROM institution next JOIN later ON later.id = next.id) " +
      std::string(kSelectRef) + "i.id IN (SELECT id FROM later) AND i.merged_into IS NULL";
  const Rows rows = connection.query(kFollow, {merged[0].integer(0)});
  if (rows.empty()) return std::nullopt;
  return read_institution_ref(rows[0], 0);
}

std::vector<domain::InstitutionRecord> list_institution_records(Connection& connection,
                                                                const RecordListing& listing) {
  std::string sql = std::string(kSelect) + "1 = 1";
  std::vector<Parameter> parameters;
  if (listing.state) sql += condition_of(*listing.state);
  if (listing.kind) {
    sql += " AND i.kind = ?";
    parameters.emplace_back(to_string(*listing.kind));
  }
  if (!listing.association.empty()) {
    sql += kInAssociation;
    parameters.emplace_back(listing.association);
  }
  if (!listing.q.empty()) {
    sql += kRecordMatches;
    parameters.insert(parameters.end(), 4, like_anywhere(listing.q));
  }
  if (const auto& after = listing.after) {
    sql += kAfter;
    parameters.insert(parameters.end(), {after->name, after->name, after->id});
  }
  sql += std::string(kOrder) + " LIMIT ?";
  parameters.emplace_back(listing.limit);
  std::vector<domain::InstitutionRecord> records;
  for (const auto row : connection.query(sql, parameters)) records.push_back(read_record(row));
  return records;
}

std::optional<domain::InstitutionRecord> find_institution_record(Connection& connection,
                                                                 InstitutionId id, RowLock lock) {
  const std::string sql = std::string(kSelect) + "i.id = ?" + std::string(clause_of(lock));
  const Rows rows = connection.query(sql, {id});
  if (rows.empty()) return std::nullopt;
  return read_record(rows[0]);
}

std::vector<domain::InstitutionRecord> find_institution_records(
    Connection& connection, const std::vector<std::string>& teryts, RowLock lock) {
  constexpr std::size_t kAtOnce = 500;
  const std::string sql = std::string(kSelect) +
                          "i.teryt IN (SELECT j.teryt FROM JSON_TABLE(?, '$[*]' COLUMNS"
                          " (teryt CHAR(7) PATH '$')) j)" +
                          std::string(clause_of(lock));
  std::vector<domain::InstitutionRecord> records;
  for (std::size_t begin = 0; begin < teryts.size(); begin += kAtOnce) {
    const auto end = std::min(teryts.size(), begin + kAtOnce);
    const std::vector<std::string> some(teryts.begin() + static_cast<std::ptrdiff_t>(begin),
                                        teryts.begin() + static_cast<std::ptrdiff_t>(end));
    for (const auto row : connection.query(sql, {json_list(some)})) {
      records.push_back(read_record(row));
    }
  }
  return records;
}

InstitutionId insert_institution(Connection& connection, const Institution& institution,
                                 domain::Instant now) {
  std::optional<double> latitude, longitude;
  if (institution.position) {
    latitude = institution.position->latitude;
    longitude = institution.position->longitude;
  }
  const InstitutionId id{connection.insert(
      kInsert,
      {institution.slug, institution.teryt, institution.name, to_string(institution.kind),
       institution.county, institution.voivodeship, latitude, longitude, institution.population,
       institution.population_year, institution.area_km2, institution.website, now, now})};
  for (const std::string& alias : institution.aliases) save_alias(connection, id, alias);
  return id;
}

void update_institution(Connection& connection, const Institution& institution,
                        domain::Instant now) {
  std::optional<double> latitude, longitude;
  if (institution.position) {
    latitude = institution.position->latitude;
    longitude = institution.position->longitude;
  }
  connection.execute(kUpdate, {institution.teryt, institution.name, to_string(institution.kind),
                               institution.county, institution.voivodeship, latitude, longitude,
                               institution.population, institution.population_year,
                               institution.area_km2, institution.website, now, institution.id});
}

void save_active(Connection& connection, InstitutionId institution, bool active,
                 domain::Instant now) {
  constexpr std::string_view kSaveActive =
      "UPDATE institution SET active = ?, version = version + 1, updated_at = ? WHERE id = ?";
  connection.execute(kSaveActive, {active, now, institution});
}

void replace_aliases(Connection& connection, InstitutionId institution,
                     const std::vector<std::string>& aliases) {
  constexpr std::string_view kDelete = "DELETE FROM institution_alias WHERE institution_id = ?";
  connection.execute(kDelete, {institution});
  for (const std::string& alias : aliases) save_alias(connection, institution, alias);
}

void replace_memberships(Connection& connection, InstitutionId institution,
                         const std::vector<domain::AssociationId>& associations) {
  constexpr std::string_view kList =
      "SELECT association_id FROM association_membership WHERE institution_id = ?";
  constexpr std::string_view kDelete =
      "DELETE FROM association_membership WHERE institution_id = ? AND association_id = ?";
  constexpr std::string_view kInsertMembership =
      "INSERT IGNORE INTO association_membership (institution_id, association_id) VALUES (?, ?)";
  for (const auto row : connection.query(kList, {institution})) {
    const auto id = row.id<domain::AssociationId>(0);
    if (std::find(associations.begin(), associations.end(), id) == associations.end()) {
      connection.execute(kDelete, {institution, id});
    }
  }
  for (const auto id : associations) connection.execute(kInsertMembership, {institution, id});
}

bool has_alias(Connection& connection, InstitutionId institution, const std::string& alias) {
  constexpr std::string_view kFind =
      "SELECT 1 FROM institution_alias WHERE institution_id = ? AND alias = ?";
  return !connection.query(kFind, {institution, alias}).empty();
}

bool save_alias(Connection& connection, InstitutionId institution, const std::string& alias) {
  return connection.execute(kInsertAlias, {institution, alias}) > 0;
}

}  // namespace narada::storage
