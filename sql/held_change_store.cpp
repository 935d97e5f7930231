#include "sql/held_change_store.h"

#include <algorithm>
#include <array>

#include "sql/id_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

// The meeting's own parts; children of program_item go with it when it is deleted.
struct Part {
  std::string_view table;
  std::string_view of_meeting;  // condition with the meeting's id
};
constexpr std::string_view kOfItems =
    "program_item_id IN (SELECT i.id FROM program_item i WHERE i.meeting_id = ?)";
constexpr std::array<Part, 7> kParts{{{"meeting_place", "meeting_id = ?"},
                                      {"meeting_expert", "meeting_id = ?"},
                                      {"meeting_institution", "meeting_id = ?"},
                                      {"program_item", "meeting_id = ?"},
                                      {"program_item_expert", kOfItems},
                                      {"program_item_institution", kOfItems},
                                      {"program_item_practice", kOfItems}}};
constexpr std::size_t kDeletedParts = 4;

// What of the meeting's row goes its own way.
constexpr std::array<std::string_view, 14> kKeptColumns{"id",
                                                        "version",
                                                        "sequence",
                                                        "updated_at",
                                                        "pending",
                                                        "queue_counter",
                                                        "onsite_held",
                                                        "onsite_confirmed",
                                                        "onsite_waiting",
                                                        "online_held",
                                                        "online_confirmed",
                                                        "online_waiting",
                                                        "has_place_rules",
                                                        "asks_challenge"};

std::vector<std::string> list_columns(Connection& connection, std::string_view table) {
  constexpr std::string_view kSelect =
      "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND "
      "table_name = ? ORDER BY ordinal_position";
  std::vector<std::string> columns;
  for (const auto row : connection.query(kSelect, {table})) columns.push_back(row.text(0));
  return columns;
}

std::string rows_as_json(Connection& connection, std::string_view table, std::string_view condition,
                         domain::MeetingId meeting) {
  std::string sql = "SELECT JSON_OBJECT(";
  bool first = true;
  for (const auto& column : list_columns(connection, table)) {
    sql += (first ? "'" : ", '") + column + "', " + column;
    first = false;
  }
  sql += ") FROM " + std::string(table) + " WHERE " + std::string(condition);
  std::string json = "[";
  for (const auto row : connection.query(sql, {meeting})) {
    if (json.size() > 1) json += ',';
    json += row.text(0);
  }
  return json + "]";
}

// The rows of one table in a held change, as a table `j`; binds the id of the change.
std::string snapshot_table(std::string_view table, const std::vector<std::string>& columns) {
  std::string sql = "(SELECT ";
  std::string definitions;
  for (const auto& column : columns) {
    if (!definitions.empty()) definitions += ", ", sql += ", ";
    sql += "t." + column;
    definitions += column + " LONGTEXT PATH '$." + column + "'";
  }
  return sql + " FROM held_change h, JSON_TABLE(h.before_change, '$.tables." + std::string(table) +
         "[*]' COLUMNS (" + definitions + ")) t WHERE h.id = ?) j";
}

void restore_part(Connection& connection, std::string_view table, domain::HeldChangeId from) {
  const auto columns = list_columns(connection, table);
  std::string names;
  for (const auto& column : columns) names += (names.empty() ? "" : ", ") + column;
  connection.execute("INSERT INTO " + std::string(table) + " (" + names + ") SELECT " + names +
                         " FROM " + snapshot_table(table, columns),
                     {from});
}

constexpr std::string_view kHeldColumns =
    "SELECT h.id, h.meeting_id, h.kind, h.made_by, h.made_at, h.held_until, h.version_after, "
    "h.mails, h.undone_at";

HeldChange read_held_change(const Rows::Row& row) {
  HeldChange change;
  change.id = row.id<domain::HeldChangeId>(0);
  change.meeting = row.id<domain::MeetingId>(1);
  change.kind = row.text(2);
  change.made_by = row.text(3);
  change.made_at = row.instant(4);
  change.held_until = row.instant(5);
  change.version_after = row.integer(6);
  change.mails = row.text(7);
  change.undone_at = row.find_instant(8);
  return change;
}

Standing read_standing(const Rows::Row& row) {
  Standing standing;
  standing.id = row.id<domain::RegistrationId>(0);
  standing.person = row.id<domain::PersonId>(1);
  standing.institution = row.find_id<domain::InstitutionId>(2);
  standing.status =
      stored_enum("registration.status", row.text(3), domain::find_registration_status);
  standing.mode = stored_enum("registration.mode", row.text(4), domain::find_attendance_mode);
  standing.queue_number = row.find_integer(5).value_or(0);
  standing.confirmed_at = row.find_instant(6);
  standing.cancelled_at = row.find_instant(7);
  standing.offer_until = row.find_instant(8);
  standing.version = row.integer(9);
  standing.delegation = row.find_id<domain::DelegationId>(10);
  standing.missed_offers = row.small_integer(11);
  return standing;
}

}  // namespace

std::vector<Standing> list_standings(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT id, person_id, institution_id, status, mode, queue_number, "
      "confirmed_at, cancelled_at, offer_until, version, delegation_id, missed_offers FROM "
      "registration "
      "WHERE meeting_id = ? "
      "ORDER BY id";
  std::vector<Standing> standings;
  for (const auto row : connection.query(kSelect, {meeting})) {
    standings.push_back(read_standing(row));
  }
  return standings;
}

std::vector<WrittenMail> list_written_mails(Connection& connection,
                                            const std::vector<domain::OutgoingMailId>& mails) {
  static const std::string kSelect =
      "SELECT o.facts, o.person_id, o.registration_id, n.id, n.name, i.method, i.sequence FROM "
      "outgoing_mail o LEFT JOIN registration r ON r.id = o.registration_id LEFT JOIN person p ON "
      "p.id = o.person_id LEFT JOIN institution n ON n.id = COALESCE(r.institution_id, "
      "p.institution_id) LEFT JOIN invitation i ON i.outgoing_mail_id = o.id WHERE o.id" +
      std::string(kInIdList) + " ORDER BY o.id";
  std::vector<WrittenMail> written;
  if (mails.empty()) return written;
  for (const auto row : connection.query(kSelect, {list_of_ids(mails)})) {
    written.push_back({row.text(0), row.find_id<domain::PersonId>(1),
                       row.find_id<domain::RegistrationId>(2),
                       row.find_id<domain::InstitutionId>(3), row.text_or_empty(4),
                       row.text_or_empty(5), static_cast<int>(row.find_integer(6).value_or(0))});
  }
  return written;
}

std::int64_t count_open_invitees(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT COUNT(*) FROM invitee WHERE meeting_id = ? AND state IN ('listed', 'invited')";
  return connection.query(kSelect, {meeting})[0].integer(0);
}

std::string take_snapshot(Connection& connection, domain::MeetingId meeting) {
  std::string json = R"({"meeting":)" + rows_as_json(connection, "meeting", "id = ?", meeting);
  for (const auto& part : kParts) {
    json += ",\"" + std::string(part.table) +
            "\":" + rows_as_json(connection, part.table, part.of_meeting, meeting);
  }
  return json + "}";
}

domain::HeldChangeId insert_held_change(Connection& connection, const NewHeldChange& change) {
  constexpr std::string_view kInsert =
      "INSERT INTO held_change (meeting_id, kind, made_by, made_at, held_until, version_after, "
      "before_change, mails) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  return domain::HeldChangeId{connection.insert(
      kInsert, {change.meeting, change.kind, change.made_by, change.made_at, change.held_until,
                change.version_after, change.before_change, change.mails})};
}

std::optional<HeldChange> find_held_change(Connection& connection, domain::HeldChangeId id) {
  static const std::string kSelect = std::string(kHeldColumns) +
                                     ", h.before_change FROM held_change h WHERE h.id = ? "
                                     "FOR UPDATE";
  const Rows rows = connection.query(kSelect, {id});
  if (rows.empty()) return std::nullopt;
  HeldChange change = read_held_change(rows[0]);
  change.before_change = rows[0].text(9);
  return change;
}

std::vector<HeldChange> list_held_changes(Connection& connection, domain::MeetingId meeting,
                                          int limit) {
  static const std::string kSelect =
      std::string(kHeldColumns) +
      " FROM held_change h WHERE h.meeting_id = ? ORDER BY h.id DESC LIMIT ?";
  std::vector<HeldChange> changes;
  for (const auto row : connection.query(kSelect, {meeting, limit})) {
    changes.push_back(read_held_change(row));
  }
  return changes;
}

std::vector<HeldChange> list_held_changes_of_cycle(Connection& connection, domain::CycleId cycle,
                                                   domain::Instant now) {
  static const std::string kSelect =
      std::string(kHeldColumns) +
      " FROM held_change h JOIN meeting m ON m.id = h.meeting_id WHERE m.cycle_id = ? AND "
      "h.held_until > ? AND h.undone_at IS NULL ORDER BY h.id DESC";
  std::vector<HeldChange> changes;
  for (const auto row : connection.query(kSelect, {cycle, now})) {
    changes.push_back(read_held_change(row));
  }
  return changes;
}

bool lock_unsent_mails(Connection& connection, const std::vector<domain::OutgoingMailId>& mails) {
  static const std::string kSelect =
      "SELECT o.state IN ('queued', 'aborted') AND o.last_attempt_at IS NULL FROM " +
      std::string(kEachOfIdList) +
      "outgoing_mail o FORCE INDEX (PRIMARY) ON o.id = j.id FOR UPDATE";
  if (mails.empty()) return true;
  bool unsent = true;
  for (const auto row : connection.query(kSelect, {list_of_ids(mails)})) {
    unsent = unsent && row.boolean(0);
  }
  return unsent;
}

void delete_held_mails(Connection& connection, const std::vector<domain::OutgoingMailId>& mails,
                       const std::vector<std::string>& token_hashes) {
  constexpr std::string_view kDeleteToken = "DELETE FROM registration_token WHERE token_hash = ?";
  static const std::string kEach(kEachOfIdList);
  static const std::string kDeleteInvitations =
      "DELETE i FROM " + kEach +
      "invitation i FORCE INDEX (invitation_mail) ON i.outgoing_mail_id = j.id";
  static const std::string kForget =
      "UPDATE " + kEach +
      "invitee v FORCE INDEX (invitee_mail) ON v.outgoing_mail_id = j.id "
      "SET v.outgoing_mail_id = NULL";
  static const std::string kDeleteMails =
      "DELETE o FROM " + kEach + "outgoing_mail o FORCE INDEX (PRIMARY) ON o.id = j.id";
  const std::string ids = list_of_ids(mails);
  connection.execute(kDeleteInvitations, {ids});
  connection.execute(kForget, {ids});
  connection.execute(kDeleteMails, {ids});
  for (const auto& hash : token_hashes) connection.execute(kDeleteToken, {hash});
}

void restore_snapshot(Connection& connection, domain::MeetingId meeting, domain::HeldChangeId from,
                      domain::Instant now) {
  auto columns = list_columns(connection, "meeting");
  std::erase_if(columns, [](const std::string& column) {
    return std::find(kKeptColumns.begin(), kKeptColumns.end(), column) != kKeptColumns.end();
  });
  std::string sql = "UPDATE meeting m JOIN " + snapshot_table("meeting", columns) + " SET ";
  for (const auto& column : columns) sql += "m." + column + " = j." + column + ", ";
  sql += "m.version = m.version + 1, m.updated_at = ? WHERE m.id = ?";
  connection.execute(sql, {from, now, meeting});
  for (std::size_t index = 0; index < kDeletedParts; ++index) {
    connection.execute(
        "DELETE FROM " + std::string(kParts.at(index).table) + " WHERE meeting_id = ?", {meeting});
  }
  for (const auto& part : kParts) restore_part(connection, part.table, from);
}

void save_sequence(Connection& connection, domain::MeetingId meeting, int sequence) {
  connection.execute("UPDATE meeting SET sequence = ? WHERE id = ?", {sequence, meeting});
}

bool restore_standing(Connection& connection, const Standing& before, std::int64_t version,
                      domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE registration SET status = ?, mode = ?, queue_number = ?, "
      "confirmed_at = ?, cancelled_at = ?, offer_until = ?, delegation_id = ?, "
      "missed_offers = ?, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?";
  // Whoever was dropped took a place of the delegation along.
  constexpr std::string_view kGiveBack =
      "UPDATE delegation SET places = places + 1, version = version + 1, updated_at = ? "
      "WHERE id = ? AND EXISTS (SELECT 1 FROM registration r WHERE r.id = ? AND r.version = ? "
      "AND r.status = 'waitlisted' AND r.delegation_id IS NULL)";
  if (before.delegation && before.status == domain::RegistrationStatus::confirmed) {
    connection.execute(kGiveBack, {now, before.delegation, before.id, version});
  }
  return connection.execute(
             kUpdate,
             {domain::to_string(before.status), domain::to_string(before.mode), before.queue_number,
              before.confirmed_at, before.cancelled_at, before.offer_until, before.delegation,
              before.missed_offers, now, before.id, version}) == 1;
}

bool delete_registration(Connection& connection, domain::RegistrationId registration,
                         std::int64_t version) {
  const Rows rows = connection.query(
      "SELECT 1 FROM registration r WHERE r.id = ? AND r.version = ? AND NOT EXISTS (SELECT 1 FROM "
      "invitation i WHERE i.registration_id = r.id) AND NOT EXISTS (SELECT 1 FROM outgoing_mail o "
      "WHERE o.registration_id = r.id)",
      {registration, version});
  if (rows.empty()) return false;
  for (const std::string_view table :
       {"registration_token", "registration_answer", "superior_consent"}) {
    connection.execute("DELETE FROM " + std::string(table) + " WHERE registration_id = ?",
                       {registration});
  }
  connection.execute("DELETE FROM clause_acceptance WHERE subject = ?",
                     {"registration:" + std::to_string(registration.value)});
  return connection.execute("DELETE FROM registration WHERE id = ?", {registration}) == 1;
}

void recount_seats(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting m JOIN (SELECT "
      "COALESCE(SUM(status IN ('confirmed', 'attended', 'absent') AND mode = 'onsite'), 0) "
      "AS onsite_confirmed, "
      "COALESCE(SUM(status = 'waitlisted' AND mode = 'onsite'), 0) AS onsite_waiting, "
      "COALESCE(SUM(status IN ('confirmed', 'attended', 'absent') AND mode = 'online'), 0) "
      "AS online_confirmed, "
      "COALESCE(SUM(status = 'waitlisted' AND mode = 'online'), 0) AS online_waiting, "
      "COALESCE(SUM(status = 'pending'), 0) AS pending FROM registration WHERE meeting_id = ?) c "
      "SET m.onsite_confirmed = c.onsite_confirmed, m.onsite_waiting = c.onsite_waiting, "
      "m.online_confirmed = c.online_confirmed, m.online_waiting = c.online_waiting, "
      "m.pending = c.pending WHERE m.id = ?";
  connection.execute(kUpdate, {meeting, meeting});
}

void save_undone(Connection& connection, domain::HeldChangeId id, domain::Instant now) {
  connection.execute("UPDATE held_change SET undone_at = ?, before_change = '' WHERE id = ?",
                     {now, id});
}

void follow_version(Connection& connection, domain::MeetingId meeting, std::int64_t from,
                    std::int64_t to) {
  constexpr std::string_view kUpdate =
      "UPDATE held_change SET version_after = ? WHERE meeting_id = ? AND version_after = ? AND "
      "undone_at IS NULL";
  connection.execute(kUpdate, {to, meeting, from});
}

int forget_snapshots(Connection& connection, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE held_change SET before_change = '' WHERE before_change <> '' AND held_until < ?";
  return static_cast<int>(connection.execute(kUpdate, {now}));
}

}  // namespace narada::storage
