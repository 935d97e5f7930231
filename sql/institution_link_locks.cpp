#include "sql/institution_link_locks.h"

namespace narada::storage {
namespace {

using domain::InstitutionId;

void raise_versions(Connection& connection, std::string_view select, const std::string& update,
                    std::vector<Parameter> parameters) {
  for (const auto row : connection.query(select, parameters)) {
    connection.execute(update, {row.integer(0)});
  }
}

void lock_each(Connection& connection, std::string_view select, const std::string& lock,
               const std::vector<Parameter>& parameters) {
  for (const auto row : connection.query(select, parameters)) {
    connection.query(lock, {row.integer(0)});
  }
}

}  // namespace

void lock_things(Connection& connection, InstitutionId one, InstitutionId other) {
  constexpr std::string_view kCycles =
      "SELECT DISTINCT cycle_id FROM cycle_institution WHERE institution_id IN (?, ?)"
      " ORDER BY cycle_id";
  constexpr std::string_view kEnrolments =
      "SELECT id FROM enrolment WHERE institution_id IN (?, ?) ORDER BY id";
  constexpr std::string_view kMeetings =
      "SELECT meeting_id FROM meeting_place WHERE institution_id IN (?, ?)"
      " UNION SELECT meeting_id FROM meeting_institution WHERE institution_id IN (?, ?)"
      " UNION SELECT pi.meeting_id FROM program_item_institution pii"
      " JOIN program_item pi ON pi.id = pii.program_item_id WHERE pii.institution_id IN (?, ?)"
      " UNION SELECT meeting_id FROM delegation WHERE institution_id IN (?, ?)"
      " UNION SELECT meeting_id FROM guaranteed_institution WHERE institution_id IN (?, ?)"
      " UNION SELECT meeting_id FROM place_hold WHERE institution_id IN (?, ?)"
      " UNION SELECT r.meeting_id FROM registration r JOIN meeting m ON m.id = r.meeting_id"
      " WHERE m.has_place_rules = 1 AND r.institution_id IN (?, ?)"
      " ORDER BY meeting_id";
  lock_each(connection, kCycles, "SELECT id FROM cycle WHERE id = ? FOR UPDATE", {one, other});
  lock_each(connection, kEnrolments, "SELECT id FROM enrolment WHERE id = ? FOR UPDATE",
            {one, other});
  lock_each(connection, kMeetings, "SELECT id FROM meeting WHERE id = ? FOR UPDATE",
            {one, other, one, other, one, other, one, other, one, other, one, other, one, other});
}

void unite_delegations(Connection& connection, InstitutionId from, InstitutionId into) {
  constexpr std::string_view kPairs =
      "SELECT a.id, b.id FROM delegation a JOIN delegation b ON b.meeting_id = a.meeting_id"
      " AND b.mode = a.mode AND b.institution_id = ? WHERE a.institution_id = ? ORDER BY a.id";
  for (const auto row : connection.query(kPairs, {into, from})) {
    const std::int64_t gone = row.integer(0);
    const std::int64_t kept = row.integer(1);
    connection.execute(
        "UPDATE delegation b JOIN delegation a ON a.id = ? SET b.places = b.places + a.places,"
        " b.version = b.version + 1 WHERE b.id = ?",
        {gone, kept});
    connection.execute("UPDATE registration SET delegation_id = ? WHERE delegation_id = ?",
                       {kept, gone});
    connection.execute(
        "UPDATE IGNORE delegation_reserve SET delegation_id = ?"
        " WHERE delegation_id = ?",
        {kept, gone});
    connection.execute("DELETE FROM delegation WHERE id = ?", {gone});
  }
}

void raise_versions(Connection& connection, InstitutionId institution) {
  constexpr std::string_view kCycles =
      "SELECT DISTINCT cycle_id FROM cycle_institution WHERE institution_id = ? ORDER BY cycle_id";
  constexpr std::string_view kMeetings =
      "SELECT meeting_id FROM meeting_place WHERE institution_id = ?"
      " UNION SELECT meeting_id FROM meeting_institution WHERE institution_id = ?"
      " UNION SELECT pi.meeting_id FROM program_item_institution pii"
      " JOIN program_item pi ON pi.id = pii.program_item_id WHERE pii.institution_id = ?"
      " ORDER BY meeting_id";
  constexpr std::string_view kPractices =
      "SELECT practice_id FROM practice_institution WHERE institution_id = ? ORDER BY practice_id";
  raise_versions(connection, kCycles, "UPDATE cycle SET version = version + 1 WHERE id = ?",
                 {institution});
  raise_versions(connection, kMeetings, "UPDATE meeting SET version = version + 1 WHERE id = ?",
                 {institution, institution, institution});
  raise_versions(connection, kPractices, "UPDATE practice SET version = version + 1 WHERE id = ?",
                 {institution});
}

}  // namespace narada::storage
