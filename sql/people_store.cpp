#include "sql/people_store.h"

#include <algorithm>

#include "sql/id_list.h"
#include "sql/like_pattern.h"
#include "sql/line_list.h"
#include "sql/role_store.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelectSummary =
    "SELECT p.id, p.full_name, p.email, COALESCE(i.name, ''), p.email_proved_at IS NOT NULL,"
    " (SELECT GROUP_CONCAT(DISTINCT pr.role SEPARATOR '\\n') FROM person_role pr"
    "  WHERE pr.person_id = p.id)"
    " FROM person p LEFT JOIN institution i ON i.id = p.institution_id"
    " WHERE p.erased_at IS NULL";
constexpr std::string_view kMatches = " AND (p.full_name LIKE ? OR p.email LIKE ?)";
constexpr std::string_view kOfInstitution =
    " AND (i.name LIKE ? OR EXISTS (SELECT 1 FROM institution_alias ia"
    " WHERE ia.institution_id = p.institution_id AND ia.alias LIKE ?))";
constexpr std::string_view kWithRole =
    " AND EXISTS (SELECT 1 FROM person_role held WHERE held.person_id = p.id AND held.role = ?)";
constexpr std::string_view kAfter =
    " AND (p.full_name COLLATE utf8mb4_polish_ci > ?"
    " OR (p.full_name COLLATE utf8mb4_polish_ci = ? AND p.id > ?))";
constexpr std::string_view kOrder = " ORDER BY p.full_name COLLATE utf8mb4_polish_ci, p.id LIMIT ?";

domain::PersonSummary read_summary(const Rows::Row& row) {
  domain::PersonSummary person;
  person.id = row.id<domain::PersonId>(0);
  person.full_name = row.text(1);
  person.email = row.text(2);
  person.institution = row.text(3);
  person.has_account = row.boolean(4);
  for (const std::string& role : split_lines(row.text_or_empty(5))) {
    person.roles.push_back(stored_enum("person_role.role", role, domain::find_role));
  }
  std::sort(person.roles.begin(), person.roles.end());
  return person;
}

domain::PanelMeeting read_panel_meeting(const Rows::Row& row) {
  domain::PanelMeeting meeting;
  meeting.id = row.id<domain::MeetingId>(0);
  meeting.slug = row.text(1);
  meeting.title = row.text(2);
  meeting.cycle = row.text(3);
  meeting.status = stored_enum("meeting.status", row.text(4), domain::find_meeting_status);
  meeting.starts = row.wall_time(5);
  meeting.precision =
      stored_enum("meeting.time_precision", row.text(6), domain::find_time_precision);
  meeting.confirmed = row.small_integer(7);
  meeting.waiting = row.small_integer(8);
  meeting.pending = row.small_integer(9);
  meeting.failed_mails = row.small_integer(10);
  return meeting;
}

template <class Tag>
std::string list_of(const std::vector<domain::Id<Tag>>& ids) {
  struct Item {
    domain::Id<Tag> id;
  };
  std::vector<Item> items;
  for (const auto id : ids) items.push_back({id});
  return id_list_of(items);
}

}  // namespace

std::vector<domain::PersonSummary> list_people(Connection& connection,
                                               const PersonListing& listing) {
  std::string sql(kSelectSummary);
  std::vector<Parameter> parameters;
  if (!listing.q.empty()) {
    sql += kMatches;
    parameters.insert(parameters.end(), 2, like_anywhere(listing.q));
  }
  if (!listing.institution.empty()) {
    sql += kOfInstitution;
    parameters.insert(parameters.end(), 2, like_anywhere(listing.institution));
  }
  if (listing.role) {
    sql += kWithRole;
    parameters.emplace_back(domain::to_string(*listing.role));
  }
  if (const auto& after = listing.after) {
    sql += kAfter;
    parameters.insert(parameters.end(), {after->full_name, after->full_name, after->id});
  }
  sql += kOrder;
  parameters.emplace_back(listing.limit);
  std::vector<domain::PersonSummary> people;
  for (const auto row : connection.query(sql, parameters)) people.push_back(read_summary(row));
  return people;
}

std::optional<domain::PersonRecord> find_person_record(Connection& connection,
                                                       domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT p.full_name, p.email, p.position, p.unit, p.phone, p.language,"
      " p.email_proved_at IS NOT NULL, p.created_at,"
      " (SELECT COUNT(*) FROM registration r WHERE r.person_id = p.id"
      "  AND r.status IN ('pending', 'confirmed', 'waitlisted')),"
      " (SELECT COUNT(*) FROM registration r WHERE r.person_id = p.id),"
      " i.id, i.slug, i.teryt, i.name, i.kind FROM person p"
      " LEFT JOIN institution i ON i.id = p.institution_id"
      " WHERE p.id = ? AND p.erased_at IS NULL";
  const Rows rows = connection.query(kSelect, {person});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  domain::PersonRecord record;
  record.person.id = person;
  record.person.full_name = row.text(0);
  record.person.email = row.text(1);
  record.person.position = row.text(2);
  record.person.unit = row.text(3);
  record.person.phone = row.text(4);
  record.person.language = domain::language_or_polish(row.text(5));
  record.has_account = row.boolean(6);
  record.created_at = row.instant(7);
  record.active_registrations = row.small_integer(8);
  record.all_registrations = row.small_integer(9);
  if (!row.is_null(10)) {
    record.person.institution = domain::InstitutionRef{
        row.id<domain::InstitutionId>(10),
        row.text(11),
        row.find_text(12),
        row.text(13),
        stored_enum("institution.kind", row.text(14), domain::find_institution_kind),
        std::nullopt};
  }
  record.roles = list_held_roles(connection, person);
  return record;
}

std::optional<Grantee> find_grantee(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT full_name, email, email_key, language FROM person WHERE id = ? AND erased_at IS NULL";
  const Rows rows = connection.query(kSelect, {person});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return Grantee{row.text(0), row.text(1), row.text(2), domain::language_or_polish(row.text(3))};
}

domain::PanelCounts count_panel(Connection& connection, domain::Instant today) {
  constexpr std::string_view kSelect =
      "SELECT (SELECT COUNT(*) FROM person WHERE erased_at IS NULL),"
      " (SELECT COUNT(DISTINCT pr.person_id) FROM person_role pr"
      "  JOIN person p ON p.id = pr.person_id AND p.erased_at IS NULL),"
      " (SELECT COUNT(*) FROM institution WHERE active = 1),"
      " (SELECT COUNT(*) FROM institution WHERE active = 0 AND merged_into IS NULL),"
      " (SELECT COUNT(*) FROM activity WHERE occurred_at >= ?)";
  const auto row = connection.query(kSelect, {today})[0];
  return {row.small_integer(0), row.small_integer(1), row.small_integer(2), row.small_integer(3),
          row.small_integer(4)};
}

std::vector<domain::PanelMeeting> list_panel_meetings(Connection& connection,
                                                      const domain::Reach& reach,
                                                      domain::Instant now, int limit) {
  // The hosts of a meeting answer for it, and so do its cycle's owners and hosts.
  static const std::string kSelect =
      "SELECT m.id, m.slug, m.title, COALESCE(c.title, ''), m.status, m.starts, m.time_precision,"
      " m.onsite_confirmed + m.online_confirmed, m.onsite_waiting + m.online_waiting, m.pending,"
      " (SELECT COUNT(*) FROM outgoing_mail o WHERE o.meeting_id = m.id"
      "  AND o.state IN ('failed', 'bounced'))"
      " FROM meeting m LEFT JOIN cycle c ON c.id = m.cycle_id"
      " WHERE m.ends_at >= ? AND m.status IN ('draft', 'published') AND (? OR m.id" +
      std::string(kInIdList) + " OR m.cycle_id" + std::string(kInIdList) +
      " OR EXISTS (SELECT 1 FROM meeting_place mp WHERE mp.meeting_id = m.id"
      "  AND mp.institution_id" +
      std::string(kInIdList) +
      ") OR EXISTS (SELECT 1 FROM cycle_institution ci WHERE ci.cycle_id = m.cycle_id"
      "  AND ci.role IN ('challenge_owner', 'host') AND ci.institution_id" +
      std::string(kInIdList) + ")) ORDER BY m.starts_at, m.id LIMIT ?";
  const std::string institutions = list_of(reach.institutions);
  std::vector<domain::PanelMeeting> meetings;
  for (const auto row :
       connection.query(kSelect, {now, reach.all, list_of(reach.meetings), list_of(reach.cycles),
                                  institutions, institutions, limit})) {
    meetings.push_back(read_panel_meeting(row));
  }
  return meetings;
}

}  // namespace narada::storage
