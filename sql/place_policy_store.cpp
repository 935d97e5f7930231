#include "sql/place_policy_store.h"

#include <algorithm>
#include <string>

#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/row_batches.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::AttendanceMode;
using domain::InstitutionId;
using domain::InstitutionPlaces;
using domain::MeetingId;

std::string join_kinds(const std::vector<domain::InstitutionKind>& kinds) {
  std::string names;
  for (const auto kind : kinds) {
    if (!names.empty()) names += ',';
    names += domain::to_string(kind);
  }
  return names;
}

std::vector<domain::InstitutionKind> split_kinds(const std::string& names) {
  std::vector<domain::InstitutionKind> kinds;
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    kinds.push_back(stored_enum("place_policy.kinds", names.substr(begin, end - begin),
                                domain::find_institution_kind));
    begin = end + 1;
  }
  return kinds;
}

domain::PlacePolicy find_policy(Connection& connection, MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT guaranteed_places, guaranteed_until, institution_cap, smallest_population, "
      "largest_population, kinds, waiting_order, offer_minutes, version "
      "FROM place_policy WHERE meeting_id = ?";
  domain::PlacePolicy policy;
  const Rows rows = connection.query(kSelect, {meeting});
  if (rows.empty()) return policy;
  const auto row = rows[0];
  policy.guaranteed_places = row.small_integer(0);
  policy.guaranteed_until = row.find_instant(1);
  if (!row.is_null(2)) policy.institution_cap = row.small_integer(2);
  policy.smallest_population = row.find_integer(3);
  policy.largest_population = row.find_integer(4);
  policy.kinds = split_kinds(row.text(5));
  policy.order = stored_enum("place_policy.waiting_order", row.text(6), domain::find_waiting_order);
  policy.offer_minutes = row.small_integer(7);
  policy.version = row.integer(8);
  return policy;
}

AttendanceMode mode_of(const Rows::Row& row, std::size_t column) {
  return stored_enum("mode", row.text(column), domain::find_attendance_mode);
}

void read_rules(const PlaceRules& rules, PlaceBooks& books) {
  for (auto& book : books) {
    book.policy = rules.policy;
    for (const auto institution : rules.guaranteed)
      book.institutions[institution].guaranteed = true;
  }
  for (const auto& hold : rules.holds) {
    InstitutionPlaces& places = books.at(book_index(hold.mode)).institutions[hold.institution];
    places.kept = hold.places;
    places.kept_until = hold.until;
  }
}

void read_delegations(Connection& connection, MeetingId meeting, PlaceBooks& books) {
  constexpr std::string_view kSelect =
      "SELECT institution_id, mode, places FROM delegation WHERE meeting_id = ?";
  for (const auto row : connection.query(kSelect, {meeting})) {
    books.at(book_index(mode_of(row, 1))).institutions[row.id<InstitutionId>(0)].delegated =
        row.small_integer(2);
  }
}

void read_confirmed(Connection& connection, MeetingId meeting, PlaceBooks& books) {
  constexpr std::string_view kSelect =
      "SELECT institution_id, mode, COUNT(*) FROM registration "
      "WHERE meeting_id = ? AND status IN ('confirmed', 'attended', 'absent') "
      "GROUP BY institution_id, mode";
  // A place of a delegation is filled by whoever is named for it, whatever office they are of now.
  constexpr std::string_view kSelectNamed =
      "SELECT d.institution_id, r.mode, COUNT(*) FROM registration r "
      "JOIN delegation d ON d.id = r.delegation_id "
      "WHERE r.meeting_id = ? AND r.status IN ('confirmed', 'attended', 'absent') "
      "GROUP BY d.institution_id, r.mode";
  for (const auto row : connection.query(kSelect, {meeting})) {
    domain::PlaceBook& book = books.at(book_index(mode_of(row, 1)));
    book.confirmed += row.small_integer(2);
    const auto institution = row.find_id<InstitutionId>(0);
    if (!institution) continue;
    book.institutions[*institution].confirmed = row.small_integer(2);
  }
  for (const auto row : connection.query(kSelectNamed, {meeting})) {
    books.at(book_index(mode_of(row, 1))).institutions[row.id<InstitutionId>(0)].named =
        row.small_integer(2);
  }
}

void read_waiting(Connection& connection, MeetingId meeting, PlaceBooks& books) {
  constexpr std::string_view kSelect =
      "SELECT r.id, r.institution_id, r.mode, r.queue_number, r.offer_until, r.missed_offers "
      "FROM registration r JOIN person p ON p.id = r.person_id "
      "WHERE r.meeting_id = ? AND r.status = 'waitlisted' AND p.erased_at IS NULL "
      "ORDER BY r.queue_number";
  for (const auto row : connection.query(kSelect, {meeting})) {
    domain::WaitingClaim claim;
    claim.registration = row.id<domain::RegistrationId>(0);
    claim.institution = row.find_id<InstitutionId>(1);
    claim.queue_number = row.integer(3);
    claim.offer_until = row.find_instant(4);
    claim.missed_offers = row.small_integer(5);
    domain::add_waiting(books.at(book_index(mode_of(row, 2))), claim);
  }
}

void insert_holds(Connection& connection, MeetingId meeting, const PlaceRules& rules) {
  std::vector<std::vector<Parameter>> guaranteed;
  for (const auto institution : rules.guaranteed) guaranteed.push_back({meeting, institution});
  insert_rows(connection, "INSERT INTO guaranteed_institution (meeting_id, institution_id) VALUES ",
              "(?, ?)", guaranteed);
  std::vector<std::vector<Parameter>> holds;
  for (const auto& hold : rules.holds) {
    holds.push_back(
        {meeting, hold.institution, domain::to_string(hold.mode), hold.places, hold.until});
  }
  insert_rows(connection,
              "INSERT INTO place_hold (meeting_id, institution_id, mode, places, until) VALUES ",
              "(?, ?, ?, ?, ?)", holds);
}

}  // namespace

PlaceRules find_place_rules(Connection& connection, MeetingId meeting) {
  constexpr std::string_view kGuaranteed =
      "SELECT institution_id FROM guaranteed_institution WHERE meeting_id = ? "
      "ORDER BY institution_id";
  constexpr std::string_view kHolds =
      "SELECT institution_id, mode, places, until FROM place_hold WHERE meeting_id = ? "
      "ORDER BY institution_id, mode";
  PlaceRules rules;
  rules.policy = find_policy(connection, meeting);
  for (const auto row : connection.query(kGuaranteed, {meeting})) {
    rules.guaranteed.push_back(row.id<InstitutionId>(0));
  }
  for (const auto row : connection.query(kHolds, {meeting})) {
    rules.holds.push_back(
        {row.id<InstitutionId>(0), mode_of(row, 1), row.small_integer(2), row.find_instant(3)});
  }
  return rules;
}

void save_place_rules(Connection& connection, MeetingId meeting, const PlaceRules& rules,
                      domain::Instant now) {
  constexpr std::string_view kUpsert =
      "INSERT INTO place_policy (meeting_id, guaranteed_places, guaranteed_until, "
      "institution_cap, smallest_population, largest_population, kinds, waiting_order, "
      "offer_minutes, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON DUPLICATE KEY UPDATE guaranteed_places = VALUES(guaranteed_places), "
      "guaranteed_until = VALUES(guaranteed_until), institution_cap = VALUES(institution_cap), "
      "smallest_population = VALUES(smallest_population), "
      "largest_population = VALUES(largest_population), kinds = VALUES(kinds), "
      "waiting_order = VALUES(waiting_order), offer_minutes = VALUES(offer_minutes), "
      "released_at = NULL, version = version + 1, updated_at = VALUES(updated_at)";
  const domain::PlacePolicy& policy = rules.policy;
  connection.execute(
      kUpsert, {meeting, policy.guaranteed_places, policy.guaranteed_until, policy.institution_cap,
                policy.smallest_population, policy.largest_population, join_kinds(policy.kinds),
                domain::to_string(policy.order), policy.offer_minutes, now});
  connection.execute("DELETE FROM guaranteed_institution WHERE meeting_id = ?", {meeting});
  connection.execute("DELETE FROM place_hold WHERE meeting_id = ?", {meeting});
  insert_holds(connection, meeting, rules);
}

bool save_has_place_rules(Connection& connection, MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT EXISTS (SELECT 1 FROM place_policy WHERE meeting_id = ?) OR "
      "EXISTS (SELECT 1 FROM place_hold WHERE meeting_id = ?) OR "
      "EXISTS (SELECT 1 FROM delegation WHERE meeting_id = ?)";
  constexpr std::string_view kUpdate = "UPDATE meeting SET has_place_rules = ? WHERE id = ?";
  const bool has = connection.query(kSelect, {meeting, meeting, meeting})[0].boolean(0);
  connection.execute(kUpdate, {has, meeting});
  return has;
}

PlaceBooks load_place_books(Connection& connection, MeetingId meeting) {
  PlaceBooks books;
  read_rules(find_place_rules(connection, meeting), books);
  read_delegations(connection, meeting, books);
  read_confirmed(connection, meeting, books);
  read_waiting(connection, meeting, books);
  return books;
}

domain::Claimant find_claimant(Connection& connection, InstitutionId institution) {
  constexpr std::string_view kSelect = "SELECT kind, population FROM institution WHERE id = ?";
  domain::Claimant claimant;
  claimant.institution = institution;
  const Rows rows = connection.query(kSelect, {institution});
  if (rows.empty()) return claimant;
  claimant.kind = stored_enum("institution.kind", rows[0].text(0), domain::find_institution_kind);
  claimant.population = rows[0].find_integer(1);
  return claimant;
}

bool has_place_rules(Connection& connection, MeetingId meeting) {
  const Rows rows = connection.query("SELECT has_place_rules FROM meeting WHERE id = ?", {meeting});
  return !rows.empty() && rows[0].boolean(0);
}

std::optional<domain::PlaceReason> find_logged_reason(Connection& connection,
                                                      domain::RegistrationId registration) {
  constexpr std::string_view kSelect =
      "SELECT JSON_VALUE(details, '$.why') FROM activity WHERE subject = ? "
      "AND JSON_VALUE(details, '$.why') IS NOT NULL ORDER BY id DESC LIMIT 1";
  const Rows rows =
      connection.query(kSelect, {"registration:" + std::to_string(registration.value)});
  if (rows.empty()) return std::nullopt;
  return domain::find_place_reason(rows[0].text(0));
}

std::vector<domain::InstitutionRef> find_institution_refs(
    Connection& connection, const std::vector<InstitutionId>& institutions) {
  std::string sql = "SELECT ";
  sql += kInstitutionRefColumns;
  sql += " FROM institution i WHERE i.id";
  sql += kInIdList;
  sql += " ORDER BY i.name COLLATE utf8mb4_polish_ci, i.id";
  std::vector<domain::InstitutionRef> refs;
  if (institutions.empty()) return refs;
  for (const auto row : connection.query(sql, {list_of_ids(institutions)})) {
    refs.push_back(read_institution_ref(row, 0));
  }
  return refs;
}

std::vector<InstitutionId> list_member_institutions(Connection& connection,
                                                    std::string_view association) {
  constexpr std::string_view kSelect =
      "SELECT i.id FROM institution i JOIN association_membership m ON m.institution_id = i.id "
      "JOIN association a ON a.id = m.association_id WHERE a.code = ? AND i.merged_into IS NULL "
      "ORDER BY i.id";
  std::vector<InstitutionId> ids;
  for (const auto row : connection.query(kSelect, {association})) {
    ids.push_back(row.id<InstitutionId>(0));
  }
  return ids;
}

std::vector<InstitutionId> list_cycle_institutions(Connection& connection, domain::CycleId cycle) {
  constexpr std::string_view kSelect =
      "SELECT DISTINCT institution_id FROM cycle_institution WHERE cycle_id = ? "
      "ORDER BY institution_id";
  std::vector<InstitutionId> ids;
  for (const auto row : connection.query(kSelect, {cycle})) {
    ids.push_back(row.id<InstitutionId>(0));
  }
  return ids;
}

std::vector<MeetingId> find_meetings_with_rules(Connection& connection, InstitutionId one,
                                                InstitutionId other) {
  constexpr std::string_view kSelect =
      "SELECT m.id FROM meeting m WHERE m.has_place_rules = 1 AND m.id IN ("
      "SELECT meeting_id FROM registration WHERE institution_id IN (?, ?) "
      "UNION SELECT meeting_id FROM delegation WHERE institution_id IN (?, ?) "
      "UNION SELECT meeting_id FROM guaranteed_institution WHERE institution_id IN (?, ?) "
      "UNION SELECT meeting_id FROM place_hold WHERE institution_id IN (?, ?)) ORDER BY m.id";
  std::vector<MeetingId> meetings;
  for (const auto row :
       connection.query(kSelect, {one, other, one, other, one, other, one, other})) {
    meetings.push_back(row.id<MeetingId>(0));
  }
  return meetings;
}

std::vector<MeetingId> find_meetings_with_places_due(Connection& connection, domain::Instant now) {
  // A half-fixed meeting begins when its month is over.
  constexpr std::string_view kSelect =
      "SELECT m.id FROM meeting m WHERE m.status = 'published' AND "
      "IF(m.time_precision = 'month', m.ends_at, m.starts_at) > ? AND m.id IN ("
      "SELECT meeting_id FROM place_policy WHERE released_at IS NULL AND guaranteed_until <= ? "
      "UNION SELECT meeting_id FROM place_hold WHERE released_at IS NULL AND until <= ? "
      "UNION SELECT meeting_id FROM registration WHERE offer_until <= ? "
      "AND status = 'waitlisted') ORDER BY m.id";
  std::vector<MeetingId> meetings;
  for (const auto row : connection.query(kSelect, {now, now, now, now})) {
    meetings.push_back(row.id<MeetingId>(0));
  }
  return meetings;
}

bool mark_places_released(Connection& connection, MeetingId meeting, domain::Instant now) {
  const auto policies = connection.execute(
      "UPDATE place_policy SET released_at = ? WHERE meeting_id = ? AND released_at IS NULL "
      "AND guaranteed_until <= ?",
      {now, meeting, now});
  const auto holds = connection.execute(
      "UPDATE place_hold SET released_at = ? WHERE meeting_id = ? AND released_at IS NULL "
      "AND until <= ?",
      {now, meeting, now});
  return policies + holds > 0;
}

}  // namespace narada::storage
