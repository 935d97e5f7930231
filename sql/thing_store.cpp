#include "sql/thing_store.h"

#include <charconv>
#include <string>

#include "sql/error.h"
#include "sql/row_key.h"

namespace narada::storage {
namespace {

using domain::CycleId;
using domain::InstitutionId;
using domain::Thing;

constexpr std::string_view kMeeting =
    "SELECT m.id, m.status <> 'draft', c.id, c.status <> 'draft',"
    " (SELECT GROUP_CONCAT(DISTINCT p.institution_id) FROM meeting_place p"
    "  WHERE p.meeting_id = m.id),"
    " (SELECT GROUP_CONCAT(DISTINCT ci.institution_id) FROM cycle_institution ci"
    "  WHERE ci.cycle_id = m.cycle_id AND ci.role IN ('challenge_owner', 'host'))"
    " FROM meeting m LEFT JOIN cycle c ON c.id = m.cycle_id WHERE ";
constexpr std::string_view kNotBinned = "m.status <> 'binned' AND ";
constexpr std::string_view kCycle =
    "SELECT c.id, c.status <> 'draft',"
    " (SELECT GROUP_CONCAT(DISTINCT ci.institution_id) FROM cycle_institution ci"
    "  WHERE ci.cycle_id = c.id AND ci.role IN ('challenge_owner', 'host'))"
    " FROM cycle c WHERE ";
constexpr std::string_view kCycleNotBinned = "c.status <> 'binned' AND ";
constexpr std::string_view kPractice =
    "SELECT p.status = 'published',"
    " (SELECT GROUP_CONCAT(pi.institution_id) FROM practice_institution pi"
    "  WHERE pi.practice_id = p.id)"
    " FROM practice p WHERE ";
constexpr std::string_view kEnrolment =
    "SELECT e.cycle_id, c.status <> 'draft', e.person_id, e.institution_id,"
    " (SELECT GROUP_CONCAT(DISTINCT ci.institution_id) FROM cycle_institution ci"
    "  WHERE ci.cycle_id = e.cycle_id AND ci.role IN ('challenge_owner', 'host'))"
    " FROM enrolment e JOIN cycle c ON c.id = e.cycle_id WHERE e.id = ?";

// "3,17"; NULL is none.
void add_institutions(const std::optional<std::string>& list, Thing& thing) {
  if (!list) return;
  const char* at = list->data();
  const char* const end = at + list->size();
  while (at < end) {
    InstitutionId institution;
    const auto [rest, error] = std::from_chars(at, end, institution.value);
    if (error != std::errc{}) throw Error(0, "a list of institutions is cut: " + *list);
    thing.responsible.push_back(institution);
    at = rest + 1;
  }
}

// The one row where the alias's id, or its slug, is `key`.
Rows find_by_key(Connection& connection, std::string_view select, std::string_view alias,
                 std::string_view key) {
  std::string sql(select);
  sql += alias;
  if (const auto id = find_row_id(key)) return connection.query(sql + ".id = ?", {*id});
  return connection.query(sql + ".slug = ?", {key});
}

}  // namespace

std::optional<MeetingThings> find_meeting_things(Connection& connection, std::string_view key,
                                                 Bin bin) {
  const std::string select =
      std::string(kMeeting) + std::string(bin == Bin::hidden ? kNotBinned : "");
  const Rows rows = find_by_key(connection, select, "m", key);
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  MeetingThings things;
  things.meeting.meeting = row.id<domain::MeetingId>(0);
  things.meeting.published = row.boolean(1);
  add_institutions(row.find_text(4), things.meeting);
  if (row.is_null(2)) return things;
  things.meeting.cycle = row.id<CycleId>(2);
  things.cycle.emplace();
  things.cycle->cycle = row.id<CycleId>(2);
  things.cycle->published = row.boolean(3);
  add_institutions(row.find_text(5), *things.cycle);
  add_institutions(row.find_text(5), things.meeting);
  return things;
}

std::optional<MeetingThings> find_meeting_things(Connection& connection, domain::MeetingId id,
                                                 Bin bin) {
  return find_meeting_things(connection, std::to_string(id.value), bin);
}

std::optional<Thing> find_cycle_thing(Connection& connection, std::string_view key, Bin bin) {
  const std::string select =
      std::string(kCycle) + std::string(bin == Bin::hidden ? kCycleNotBinned : "");
  const Rows rows = find_by_key(connection, select, "c", key);
  if (rows.empty()) return std::nullopt;
  Thing thing;
  thing.cycle = rows[0].id<CycleId>(0);
  thing.published = rows[0].boolean(1);
  add_institutions(rows[0].find_text(2), thing);
  return thing;
}

std::optional<Thing> find_cycle_thing(Connection& connection, CycleId id, Bin bin) {
  return find_cycle_thing(connection, std::to_string(id.value), bin);
}

std::optional<Thing> find_practice_thing(Connection& connection, std::string_view key) {
  const Rows rows = find_by_key(connection, kPractice, "p", key);
  if (rows.empty()) return std::nullopt;
  Thing thing;
  thing.published = rows[0].boolean(0);
  add_institutions(rows[0].find_text(1), thing);
  return thing;
}

std::optional<Thing> find_enrolment_thing(Connection& connection, domain::EnrolmentId id) {
  const Rows rows = connection.query(kEnrolment, {id});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  Thing thing;
  thing.cycle = row.id<CycleId>(0);
  thing.published = row.boolean(1);
  thing.person = row.id<domain::PersonId>(2);
  thing.institution = row.find_id<InstitutionId>(3);
  add_institutions(row.find_text(4), thing);
  return thing;
}

}  // namespace narada::storage
