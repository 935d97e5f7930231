#include "sql/material_mail_store.h"

#include <array>

#include "sql/id_list.h"
#include "sql/shown_version.h"

namespace narada::storage {
namespace {

using domain::MaterialOwner;

constexpr std::string_view kReachable =
    " JOIN person p ON p.id = r.person_id AND p.erased_at IS NULL"
    " LEFT JOIN mail_address a ON a.email_key = p.email_key AND a.dead_since IS NOT NULL"
    " LEFT JOIN notification_choice n ON n.person_id = p.id AND n.kind = 'materials_published'"
    " WHERE a.email_key IS NULL AND COALESCE(n.wanted, 1) = 1"
    " AND r.status IN ('confirmed', 'attended')";

MaterialOwner read_owner(const Rows::Row& row, std::size_t first) {
  if (const auto meeting = row.find_id<domain::MeetingId>(first)) return *meeting;
  if (const auto cycle = row.find_id<domain::CycleId>(first + 1)) return *cycle;
  return row.id<domain::PracticeId>(first + 2);
}

std::int64_t owner_id(const MaterialOwner& owner) {
  return std::visit([](auto id) { return id.value; }, owner);
}

}  // namespace

std::vector<MaterialOwner> list_untold_owners(Connection& connection, domain::Instant now,
                                              domain::Instant settled, int limit) {
  static const std::string kSelect =
      "SELECT DISTINCT m.meeting_id, m.cycle_id, m.practice_id FROM material m"
      " LEFT JOIN meeting g ON g.id = m.meeting_id LEFT JOIN cycle c ON c.id = m.cycle_id"
      " WHERE m.told_at IS NULL AND m.tells = 1 AND m.deleted_at IS NULL"
      " AND m.access <> 'organizers' AND m.updated_at <= ?"
      " AND (m.available_from IS NULL OR (m.available_from <= ? AND m.available_from <= ?))"
      " AND COALESCE(g.status, c.status) = 'published' AND (m.link <> '' OR " +
      std::string(kShownVersion) + " IS NOT NULL) LIMIT ?";
  std::vector<MaterialOwner> owners;
  for (const auto row : connection.query(kSelect, {settled, settled, now, limit}))
    owners.push_back(read_owner(row, 0));
  return owners;
}

std::vector<domain::RegistrationId> list_participants_to_tell(Connection& connection,
                                                              const MaterialOwner& owner) {
  static const std::string kOfMeeting = "SELECT r.id FROM registration r" +
                                        std::string(kReachable) +
                                        " AND r.meeting_id = ? ORDER BY r.id";
  static const std::string kOfCycle =
      "SELECT r.id FROM meeting g JOIN registration r ON r.meeting_id = g.id" +
      std::string(kReachable) +
      " AND g.cycle_id = ? AND g.status = 'published' AND r.id ="
      " (SELECT x.id FROM registration x JOIN meeting y ON y.id = x.meeting_id"
      "  WHERE x.person_id = r.person_id AND y.cycle_id = g.cycle_id AND y.status = 'published'"
      "  AND x.status IN ('confirmed', 'attended') ORDER BY y.starts_at DESC, x.id DESC LIMIT 1)"
      " ORDER BY r.id";
  std::vector<domain::RegistrationId> people;
  if (std::holds_alternative<domain::PracticeId>(owner)) return people;
  const bool is_cycle = std::holds_alternative<domain::CycleId>(owner);
  for (const auto row : connection.query(is_cycle ? kOfCycle : kOfMeeting, {owner_id(owner)}))
    people.push_back(row.id<domain::RegistrationId>(0));
  return people;
}

void save_told(Connection& connection, const std::vector<domain::MaterialId>& materials,
               domain::Instant now) {
  static const std::string kUpdate = "UPDATE " + std::string(kEachOfIdList) +
                                     "material m FORCE INDEX (PRIMARY) ON m.id = j.id"
                                     " SET m.told_at = ?";
  connection.execute(kUpdate, {list_of_ids(materials), now});
}

std::vector<OutdatedReader> list_outdated_readers(Connection& connection, domain::Instant oldest,
                                                  domain::Instant settled, int limit) {
  // Since when everybody gets it: the content may have been ready before, as another file.
  static const std::string kSince = "GREATEST(COALESCE(f.ready_since, n.created_at), n.created_at)";
  static const std::string kSelect =
      "SELECT t.person_id, m.id, MAX(v.number) FROM material_version n"
      " JOIN stored_file f ON f.digest = n.digest"
      " JOIN material m ON m.id = n.material_id AND m.deleted_at IS NULL"
      " JOIN material_version v ON v.material_id = m.id AND v.number < n.number"
      " JOIN material_taken t ON t.material_version_id = v.id"
      " WHERE n.number > 1 AND n.created_at > ? AND " +
      kSince +
      " <= ?"
      " AND n.id = " +
      std::string(kShownVersion) + " AND t.taken_at < " + kSince +
      " AND (t.told_at IS NULL OR t.told_at < " + kSince +
      ")"
      " AND NOT EXISTS (SELECT 1 FROM material_taken z WHERE z.material_version_id = n.id"
      "  AND z.person_id = t.person_id)"
      " GROUP BY t.person_id, m.id ORDER BY m.id, t.person_id LIMIT ?";
  std::vector<OutdatedReader> readers;
  for (const auto row : connection.query(kSelect, {oldest, settled, limit}))
    readers.push_back(
        {row.id<domain::PersonId>(0), row.id<domain::MaterialId>(1), row.small_integer(2)});
  return readers;
}

bool lock_taken(Connection& connection, const OutdatedReader& reader, domain::Instant before) {
  constexpr std::string_view kLock =
      "SELECT t.told_at FROM material_version v STRAIGHT_JOIN material_taken t"
      " FORCE INDEX (PRIMARY) ON t.material_version_id = v.id AND t.person_id = ?"
      " WHERE v.material_id = ? FOR UPDATE";
  const Rows rows = connection.query(kLock, {reader.person, reader.material});
  for (const auto row : rows) {
    const auto told = row.find_instant(0);
    if (told && *told >= before) return false;
  }
  return !rows.empty();
}

void save_reader_told(Connection& connection, const OutdatedReader& reader, domain::Instant now) {
  connection.execute(
      "UPDATE material_version v JOIN material_taken t ON t.material_version_id = v.id"
      " SET t.told_at = ? WHERE v.material_id = ? AND t.person_id = ?",
      {now, reader.material, reader.person});
}

std::optional<MaterialReaderAddress> find_reader_address(Connection& connection,
                                                         domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT p.id, p.full_name, p.email, p.language FROM person p"
      " LEFT JOIN mail_address a ON a.email_key = p.email_key AND a.dead_since IS NOT NULL"
      " WHERE p.id = ? AND p.erased_at IS NULL AND p.email <> '' AND a.email_key IS NULL";
  const Rows rows = connection.query(kSelect, {person});
  if (rows.empty()) return std::nullopt;
  return MaterialReaderAddress{rows[0].id<domain::PersonId>(0), rows[0].text(1), rows[0].text(2),
                               domain::language_or_polish(rows[0].text(3))};
}

std::vector<BroughtFile> list_brought(Connection& connection, const domain::ContentDigest& digest) {
  constexpr std::string_view kSelect =
      "SELECT DISTINCT u.person_id, u.file_name, m.id, u.meeting_id, u.cycle_id, u.practice_id"
      " FROM upload u JOIN stored_file f ON f.digest = u.digest"
      " LEFT JOIN material_version v ON v.upload_id = u.id"
      " LEFT JOIN material m ON m.id = v.material_id"
      " WHERE u.digest = ? AND u.person_id IS NOT NULL AND u.state = 'stored'"
      " AND (f.again = 1 OR u.refusal_told = 0)"
      " ORDER BY u.person_id, u.file_name, m.id";
  std::vector<BroughtFile> brought;
  for (const auto row : connection.query(kSelect, {digest.hex}))
    brought.push_back({row.id<domain::PersonId>(0), row.text(1), row.find_id<domain::MaterialId>(2),
                       read_owner(row, 3)});
  return brought;
}

std::vector<BroughtPhoto> list_brought_photos(Connection& connection,
                                              const domain::ContentDigest& digest) {
  constexpr std::string_view kSelect =
      "SELECT p.person_id, e.name, e.slug FROM expert_photo p JOIN expert e ON e.id = p.expert_id"
      " JOIN stored_file f ON f.digest = p.digest WHERE p.digest = ? AND p.person_id IS NOT NULL"
      " AND (f.again = 1 OR p.refusal_told = 0) ORDER BY p.expert_id";
  std::vector<BroughtPhoto> brought;
  for (const auto row : connection.query(kSelect, {digest.hex}))
    brought.push_back({row.id<domain::PersonId>(0), row.text(1), row.text(2)});
  return brought;
}

void save_refusal_told(Connection& connection, const domain::ContentDigest& digest) {
  connection.execute("UPDATE upload SET refusal_told = 1 WHERE digest = ? AND state = 'stored'",
                     {digest.hex});
  connection.execute("UPDATE expert_photo SET refusal_told = 1 WHERE digest = ?", {digest.hex});
}

OwnerName load_owner_name(Connection& connection, const MaterialOwner& owner) {
  constexpr std::array<std::string_view, 3> kSelect{
      "SELECT title, slug, id FROM meeting WHERE id = ?",
      "SELECT c.title, c.slug, (SELECT m.id FROM meeting m WHERE m.cycle_id = c.id"
      " AND m.status = 'published' ORDER BY m.starts_at DESC, m.id DESC LIMIT 1)"
      " FROM cycle c WHERE c.id = ?",
      "SELECT title, slug, NULL FROM practice WHERE id = ?"};
  constexpr std::array<std::string_view, 3> kPages{"/spotkania/", "/cykle/", "/praktyki/"};
  const Rows rows = connection.query(kSelect.at(owner.index()), {owner_id(owner)});
  if (rows.empty()) return {};
  return {rows[0].text(0), std::string(kPages.at(owner.index())) + rows[0].text(1),
          rows[0].find_id<domain::MeetingId>(2)};
}

}  // namespace narada::storage
