#include "sql/material_store.h"

#include <algorithm>
#include <array>
#include <map>

#include "sql/id_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::Material;
using domain::MaterialId;
using domain::MaterialOwner;
using domain::MaterialVersion;

constexpr std::string_view kMaterials =
    "SELECT m.id, m.meeting_id, m.cycle_id, m.practice_id, m.kind, m.title, m.description,"
    " m.audience, m.language, m.licence, m.authors, m.access, m.available_from, m.section,"
    " m.position, m.link, m.alt_text, m.has_consent, m.expert_id, m.added_by, m.edition_of,"
    " m.exemption, m.tells, m.told_at, m.version, m.updated_at,"
    " COALESCE((SELECT p.accessibility FROM material_policy p WHERE p.meeting_id = m.meeting_id),"
    "  (SELECT p.accessibility FROM material_policy p WHERE p.id = 1), 'advice')"
    " FROM material m WHERE ";
constexpr std::string_view kVersions =
    "SELECT v.material_id, v.id, v.number, v.file_name, v.size, v.digest,"
    " COALESCE(f.state, IF(u.state = 'gone', 'lost', 'waiting')), f.refusal, f.thumbnail, v.note,"
    " v.created_at,"
    " JSON_VALUE(f.facts, '$.media_type'), JSON_VALUE(f.facts, '$.pages'),"
    " JSON_VALUE(f.facts, '$.width'), JSON_VALUE(f.facts, '$.height'),"
    " JSON_VALUE(f.facts, '$.title'), JSON_VALUE(f.facts, '$.language'),"
    " JSON_VALUE(f.facts, '$.is_tagged'), JSON_VALUE(f.facts, '$.has_text'),"
    " JSON_QUERY(f.facts, '$.faults')"
    " FROM material_version v LEFT JOIN stored_file f ON f.digest = v.digest"
    " LEFT JOIN upload u ON u.id = v.upload_id AND v.digest IS NULL WHERE v.material_id";
constexpr std::size_t kFactsColumn = 11;

std::string owner_column(const MaterialOwner& owner) {
  constexpr std::array<std::string_view, 3> kColumns{"meeting_id", "cycle_id", "practice_id"};
  return std::string(kColumns.at(owner.index()));
}
std::int64_t owner_id(const MaterialOwner& owner) {
  return std::visit([](auto id) { return id.value; }, owner);
}
std::string_view removed_condition(Removed removed) {
  return removed == Removed::hidden ? " AND m.deleted_at IS NULL" : " AND m.deleted_at IS NOT NULL";
}

MaterialOwner read_owner(const Rows::Row& row, std::size_t first) {
  if (const auto meeting = row.find_id<domain::MeetingId>(first)) return *meeting;
  if (const auto cycle = row.find_id<domain::CycleId>(first + 1)) return *cycle;
  return row.id<domain::PracticeId>(first + 2);
}

Material read_material(const Rows::Row& row) {
  Material material;
  material.id = row.id<MaterialId>(0);
  material.owner = read_owner(row, 1);
  material.kind = stored_enum("material.kind", row.text(4), domain::find_material_kind);
  material.title = row.text(5);
  material.description = row.text(6);
  material.audience = stored_enum("material.audience", row.text(7), domain::find_material_audience);
  material.language = domain::language_or_polish(row.text(8));
  material.licence = stored_enum("material.licence", row.text(9), domain::find_licence);
  material.authors = row.text(10);
  material.access = stored_enum("material.access", row.text(11), domain::find_material_access);
  material.available_from = row.find_instant(12);
  material.section = row.text(13);
  material.position = row.small_integer(14);
  material.link = row.text(15);
  material.alt_text = row.text(16);
  material.has_consent = row.boolean(17);
  material.expert = row.find_id<domain::ExpertId>(18);
  material.added_by = row.find_id<domain::PersonId>(19);
  material.edition_of = row.find_id<MaterialId>(20);
  material.exemption = row.text(21);
  material.tells = row.boolean(22);
  material.told = row.find_instant(23);
  material.version = row.integer(24);
  material.updated_at = row.instant(25);
  material.rule =
      stored_enum("material_policy.accessibility", row.text(26), domain::find_accessibility_rule);
  return material;
}

// JSON_VALUE says 1 and 0, or true and false, depending on the server.
bool is_true(const std::optional<std::string>& value) { return value == "1" || value == "true"; }

std::optional<int> read_count(const Rows::Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.small_integer(column);
}

// ["no_tags", "no_title"]; a fault that this program does not know is left out.
std::vector<domain::AccessibilityFault> read_faults(const std::string& list) {
  std::vector<domain::AccessibilityFault> faults;
  std::size_t at = 0;
  while ((at = list.find('"', at)) != std::string::npos) {
    const std::size_t end = list.find('"', at + 1);
    if (end == std::string::npos) break;
    const auto fault = domain::find_accessibility_fault(list.substr(at + 1, end - at - 1));
    if (fault) faults.push_back(*fault);
    at = end + 1;
  }
  return faults;
}

MaterialVersion read_version(const Rows::Row& row) {
  MaterialVersion version;
  version.id = row.id<domain::MaterialVersionId>(1);
  version.number = row.small_integer(2);
  version.file_name = row.text(3);
  version.size = row.integer(4);
  version.digest.hex = row.text_or_empty(5);
  version.state = stored_enum("stored_file.state", row.text(6), domain::find_file_state);
  version.refusal = stored_enum("stored_file.refusal", row.find_text(7), domain::find_file_refusal);
  version.thumbnail.hex = row.text_or_empty(8);
  version.note = row.text(9);
  version.created_at = row.instant(10);
  auto& facts = version.facts;
  facts.media_type = row.text_or_empty(kFactsColumn);
  facts.pages = read_count(row, kFactsColumn + 1);
  facts.width = read_count(row, kFactsColumn + 2);
  facts.height = read_count(row, kFactsColumn + 3);
  facts.title = row.text_or_empty(kFactsColumn + 4);
  facts.language = row.text_or_empty(kFactsColumn + 5);
  facts.is_tagged = is_true(row.find_text(kFactsColumn + 6));
  facts.has_text = is_true(row.find_text(kFactsColumn + 7));
  facts.faults = read_faults(row.text_or_empty(kFactsColumn + 8));
  return version;
}

void add_versions(Connection& connection, std::vector<Material>& materials) {
  if (materials.empty()) return;
  std::map<MaterialId, Material*> by_id;
  for (Material& material : materials) by_id[material.id] = &material;
  const std::string sql =
      std::string(kVersions) + std::string(kInIdList) + " ORDER BY v.material_id, v.number DESC";
  for (const auto row : connection.query(sql, {id_list_of(materials)}))
    by_id.at(row.id<MaterialId>(0))->versions.push_back(read_version(row));
}

void put_in_reading_order(std::vector<Material>& materials) {
  std::vector<domain::MaterialSeat> seats;
  for (const Material& material : materials)
    seats.push_back({material.id, material.section, material.position});
  std::map<MaterialId, std::size_t> rank;
  for (const auto& seat : domain::in_reading_order(std::move(seats)))
    rank.emplace(seat.id, rank.size());
  std::sort(materials.begin(), materials.end(),
            [&](const Material& a, const Material& b) { return rank.at(a.id) < rank.at(b.id); });
}

template <class IdType>
std::optional<IdType> owned_by(const MaterialOwner& owner) {
  const auto* id = std::get_if<IdType>(&owner);
  return id ? std::optional(*id) : std::nullopt;
}

void delete_where(Connection& connection, const std::string& condition, std::int64_t id) {
  connection.execute(
      "DELETE t FROM material_taken t JOIN material_version v ON v.id = t.material_version_id"
      " JOIN material m ON m.id = v.material_id WHERE m." +
          condition,
      {id});
  connection.execute(
      "DELETE v FROM material_version v JOIN material m ON m.id = v.material_id"
      " WHERE m." +
          condition,
      {id});
  connection.execute(
      "UPDATE material m JOIN material o ON o.edition_of = m.id"
      " SET o.edition_of = NULL WHERE m." +
          condition,
      {id});
  connection.execute("DELETE m FROM material m WHERE m." + condition, {id});
}

}  // namespace

std::vector<Material> list_materials(Connection& connection, const MaterialOwner& owner,
                                     Removed removed) {
  const std::string sql = std::string(kMaterials) + "m." + owner_column(owner) + " = ?" +
                          std::string(removed_condition(removed)) + " ORDER BY m.position, m.id";
  std::vector<Material> materials;
  for (const auto row : connection.query(sql, {owner_id(owner)}))
    materials.push_back(read_material(row));
  add_versions(connection, materials);
  put_in_reading_order(materials);
  return materials;
}

std::optional<Material> find_material(Connection& connection, MaterialId id, Removed removed) {
  const std::string sql =
      std::string(kMaterials) + "m.id = ?" + std::string(removed_condition(removed));
  std::vector<Material> materials;
  for (const auto row : connection.query(sql, {id})) materials.push_back(read_material(row));
  if (materials.empty()) return std::nullopt;
  add_versions(connection, materials);
  return std::move(materials.front());
}

bool lock_material(Connection& connection, MaterialId id) {
  return !connection.query("SELECT id FROM material WHERE id = ? FOR UPDATE", {id}).empty();
}

std::optional<MaterialOwner> find_material_owner(Connection& connection, MaterialId id,
                                                 Removed removed) {
  const Rows rows = connection.query(
      "SELECT m.meeting_id, m.cycle_id, m.practice_id FROM material m WHERE m.id = ?" +
          std::string(removed_condition(removed)),
      {id});
  if (rows.empty()) return std::nullopt;
  return read_owner(rows[0], 0);
}

MaterialId insert_material(Connection& connection, const Material& material, domain::Instant now) {
  const std::string last = "SELECT COALESCE(MAX(position), 0) + 1 FROM material WHERE " +
                           owner_column(material.owner) + " = ?";
  const std::int64_t position = connection.query(last, {owner_id(material.owner)})[0].integer(0);
  constexpr std::string_view kInsert =
      "INSERT INTO material (meeting_id, cycle_id, practice_id, kind, title, description, audience,"
      " language, licence, authors, access, available_from, section, position, link, alt_text,"
      " has_consent, expert_id, added_by, edition_of, tells, created_at, updated_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  return MaterialId{connection.insert(kInsert, {owned_by<domain::MeetingId>(material.owner),
                                                owned_by<domain::CycleId>(material.owner),
                                                owned_by<domain::PracticeId>(material.owner),
                                                to_string(material.kind),
                                                material.title,
                                                material.description,
                                                to_string(material.audience),
                                                to_string(material.language),
                                                to_string(material.licence),
                                                material.authors,
                                                to_string(material.access),
                                                material.available_from,
                                                material.section,
                                                position,
                                                material.link,
                                                material.alt_text,
                                                material.has_consent,
                                                material.expert,
                                                material.added_by,
                                                material.edition_of,
                                                material.tells,
                                                now,
                                                now})};
}

void update_material(Connection& connection, const Material& material, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE material SET kind = ?, title = ?, description = ?, audience = ?, language = ?,"
      " licence = ?, authors = ?, access = ?, available_from = ?, section = ?, link = ?,"
      " alt_text = ?, has_consent = ?, expert_id = ?, edition_of = ?, tells = ?,"
      " version = version + 1, updated_at = ? WHERE id = ?";
  connection.execute(
      kUpdate,
      {to_string(material.kind), material.title, material.description, to_string(material.audience),
       to_string(material.language), to_string(material.licence), material.authors,
       to_string(material.access), material.available_from, material.section, material.link,
       material.alt_text, material.has_consent, material.expert, material.edition_of,
       material.tells, now, material.id});
}

domain::MaterialVersionId insert_material_version(Connection& connection,
                                                  const NewMaterialVersion& version,
                                                  domain::Instant now) {
  constexpr std::string_view kNumber =
      "SELECT COALESCE(MAX(number), 0) + 1 FROM material_version WHERE material_id = ?";
  constexpr std::string_view kInsert =
      "INSERT INTO material_version (material_id, number, upload_id, digest, file_name, size, note,"
      " created_at) VALUES (?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?) RETURNING id";
  constexpr std::string_view kRaise =
      "UPDATE material SET version = version + 1, updated_at = ? WHERE id = ?";
  const int number = connection.query(kNumber, {version.material})[0].small_integer(0);
  const domain::MaterialVersionId id{
      connection.insert(kInsert, {version.material, number, version.upload, version.digest.hex,
                                  version.file_name, version.size, version.note, now})};
  if (number > 1) connection.execute(kRaise, {now, version.material});
  return id;
}

void save_exemption(Connection& connection, MaterialId id, const std::string& reason,
                    domain::Instant now) {
  connection.execute(
      "UPDATE material SET exemption = ?, version = version + 1, updated_at = ? WHERE id = ?",
      {reason, now, id});
}

void remove_material(Connection& connection, MaterialId id, domain::Instant now) {
  connection.execute(
      "UPDATE material SET deleted_at = ?, version = version + 1, updated_at = ? WHERE id = ?",
      {now, now, id});
}

void restore_material(Connection& connection, MaterialId id, domain::Instant now) {
  connection.execute(
      "UPDATE material SET deleted_at = NULL, version = version + 1, updated_at = ? WHERE id = ?",
      {now, id});
}

void join_editions(Connection& connection, MaterialId from, MaterialId into) {
  connection.execute("UPDATE material SET edition_of = ? WHERE edition_of = ?", {into, from});
}

std::vector<domain::MaterialSeat> lock_seats(Connection& connection, const MaterialOwner& owner) {
  std::vector<domain::MaterialSeat> seats;
  const std::string sql = "SELECT id, section, position FROM material WHERE " +
                          owner_column(owner) +
                          " = ? AND deleted_at IS NULL ORDER BY position, id FOR UPDATE";
  for (const auto row : connection.query(sql, {owner_id(owner)}))
    seats.push_back({row.id<MaterialId>(0), row.text(1), row.small_integer(2)});
  return seats;
}

void save_seats(Connection& connection, const std::vector<domain::MaterialSeat>& seats) {
  for (const auto& seat : seats)
    connection.execute("UPDATE material SET position = ? WHERE id = ? AND position <> ?",
                       {seat.position, seat.id, seat.position});
}

void note_material_taken(Connection& connection, domain::MaterialVersionId version,
                         domain::PersonId person, domain::Instant now) {
  connection.execute(
      "INSERT IGNORE INTO material_taken (material_version_id, person_id, taken_at)"
      " VALUES (?, ?, ?)",
      {version, person, now});
}

void delete_material(Connection& connection, MaterialId id) {
  delete_where(connection, "id = ?", id.value);
}

void delete_materials_of(Connection& connection, const MaterialOwner& owner) {
  delete_where(connection, owner_column(owner) + " = ?", owner_id(owner));
}

std::vector<MaterialId> list_stale_materials(Connection& connection, domain::Instant before) {
  std::vector<MaterialId> ids;
  const Rows rows = connection.query(
      "SELECT id FROM material WHERE deleted_at < ? ORDER BY deleted_at, id", {before});
  for (const auto row : rows) ids.push_back(row.id<MaterialId>(0));
  return ids;
}

}  // namespace narada::storage
