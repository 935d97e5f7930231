#include "sql/enrolment_store.h"

#include "sql/institution_store.h"
#include "sql/live_person.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::size_t kVisibleColumn = 8;
constexpr std::size_t kInstitutionColumn = 9;
constexpr std::size_t kNeedsColumn = 16;

StoredEnrolment read_enrolment(const Rows::Row& row, domain::CycleId cycle) {
  StoredEnrolment enrolment;
  enrolment.id = row.id<domain::EnrolmentId>(0);
  enrolment.cycle = cycle;
  enrolment.mode = stored_enum("enrolment.mode", row.text(1), domain::find_attendance_mode);
  enrolment.needs = row.text(2);
  enrolment.diet = row.text(kNeedsColumn);
  enrolment.access_needs = row.text(kNeedsColumn + 1);
  enrolment.interpreter = row.text(kNeedsColumn + 2);
  enrolment.visible = row.boolean(kVisibleColumn);
  enrolment.person.id = row.id<domain::PersonId>(3);
  enrolment.person.full_name = row.text(4);
  enrolment.person.email = row.text(5);
  enrolment.person.position = row.text(6);
  enrolment.person.language = domain::language_or_polish(row.text(7));
  if (!row.is_null(kInstitutionColumn)) {
    enrolment.person.institution = read_institution_ref(row, kInstitutionColumn);
  }
  return enrolment;
}

std::optional<EnrolmentState> read_state(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return EnrolmentState{rows[0].id<domain::EnrolmentId>(0), rows[0].id<domain::CycleId>(1),
                        rows[0].boolean(2), rows[0].id<domain::PersonId>(3)};
}

std::optional<domain::InstitutionId> institution_of(const StoredEnrolment& enrolment) {
  if (!enrolment.person.institution) return std::nullopt;
  return enrolment.person.institution->id;
}

}  // namespace

std::optional<EnrolmentState> find_enrolment(Connection& connection, domain::CycleId cycle,
                                             domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT id, cycle_id, status = 'active', person_id FROM enrolment WHERE cycle_id = ? AND "
      "person_id = ?";
  return read_state(connection.query(kSelect, {cycle, person}));
}

std::optional<EnrolmentState> lock_enrolment(Connection& connection,
                                             domain::EnrolmentId enrolment) {
  constexpr std::string_view kLockCycle =
      "SELECT id FROM cycle WHERE id = (SELECT cycle_id FROM enrolment WHERE id = ?) "
      "LOCK IN SHARE MODE";
  constexpr std::string_view kLock =
      "SELECT id, cycle_id, status = 'active', person_id FROM enrolment WHERE id = ? FOR UPDATE";
  if (connection.query(kLockCycle, {enrolment}).empty()) return std::nullopt;
  return read_state(connection.query(kLock, {enrolment}));
}

void insert_enrolment(Connection& connection, StoredEnrolment& enrolment, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO enrolment (cycle_id, person_id, institution_id, mode, status, needs, "
      "visible, clause_version, created_at, updated_at, diet, access_needs, interpreter) VALUES "
      "(?, "
      "(SELECT id FROM person WHERE id = ? AND erased_at IS NULL LOCK IN SHARE MODE), ?, ?, "
      "'active', ?, ?, "
      "(SELECT COALESCE(MAX(version), 0) FROM information_clause WHERE valid_from <= ?), ?, ?, "
      "?, ?, ?) RETURNING id";
  const Rows rows =
      insert_claim(connection, kInsert,
                   {enrolment.cycle, enrolment.person.id, institution_of(enrolment),
                    domain::to_string(enrolment.mode), enrolment.needs, enrolment.visible, now, now,
                    now, enrolment.diet, enrolment.access_needs, enrolment.interpreter});
  enrolment.id = rows[0].id<domain::EnrolmentId>(0);
}

bool renew_enrolment(Connection& connection, const StoredEnrolment& enrolment,
                     domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE enrolment SET status = 'active', institution_id = ?, mode = ?, needs = ?, "
      "diet = ?, access_needs = ?, interpreter = ?, "
      "visible = ?, clause_version = (SELECT COALESCE(MAX(version), 0) FROM information_clause "
      "WHERE "
      "valid_from <= ?), updated_at = ? WHERE id = ? AND status = 'cancelled'";
  require_live_person(connection, enrolment.person.id);
  return connection.execute(
             kUpdate, {institution_of(enrolment), domain::to_string(enrolment.mode),
                       enrolment.needs, enrolment.diet, enrolment.access_needs,
                       enrolment.interpreter, enrolment.visible, now, now, enrolment.id}) == 1;
}

void save_clause_acceptance(Connection& connection, domain::EnrolmentId enrolment,
                            domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO clause_acceptance (person_id, clause_version, subject, accepted_at) "
      "SELECT person_id, clause_version, CONCAT('enrolment:', id), ? FROM enrolment "
      "WHERE id = ? AND clause_version > 0";
  connection.execute(kInsert, {now, enrolment});
}

void cancel_enrolment(Connection& connection, domain::EnrolmentId enrolment, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE enrolment SET status = 'cancelled', needs = '', diet = '', access_needs = '', "
      "interpreter = '', updated_at = ? WHERE id = ?";
  connection.execute(kUpdate, {now, enrolment});
}

std::vector<StoredEnrolment> list_enrolments(Connection& connection, domain::CycleId cycle) {
  constexpr std::string_view kSelect =
      "SELECT e.id, e.mode, e.needs, p.id, p.full_name, p.email, p.position, p.language, "
      "e.visible, i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, "
      "e.diet, e.access_needs, e.interpreter "
      "FROM enrolment e JOIN person p ON p.id = e.person_id AND p.erased_at IS NULL "
      "LEFT JOIN institution i ON i.id = e.institution_id "
      "WHERE e.cycle_id = ? AND e.status = 'active' ORDER BY e.id";
  std::vector<StoredEnrolment> enrolments;
  const Rows rows = connection.query(kSelect, {cycle});
  for (const auto row : rows) enrolments.push_back(read_enrolment(row, cycle));
  return enrolments;
}

std::optional<EnrollableCycle> find_enrollable_cycle(Connection& connection, std::string_view key,
                                                     domain::Instant now) {
  constexpr std::string_view kById = "SELECT id, status FROM cycle WHERE id = ? LOCK IN SHARE MODE";
  constexpr std::string_view kBySlug =
      "SELECT id, status FROM cycle WHERE slug = ? LOCK IN SHARE MODE";
  constexpr std::string_view kMeetings =
      "SELECT id, status FROM meeting WHERE cycle_id = ? AND status NOT IN ('cancelled', 'binned') "
      "AND IF(time_precision = 'month', ends_at, starts_at) > ? ORDER BY id";
  const auto id = find_row_id(key);
  const Rows found = id ? connection.query(kById, {*id}) : connection.query(kBySlug, {key});
  if (found.empty()) return std::nullopt;
  EnrollableCycle cycle{found[0].id<domain::CycleId>(0), found[0].text(1), {}, false};
  const Rows meetings = connection.query(kMeetings, {cycle.id, now});
  for (const auto row : meetings) {
    if (row.text(1) == "published") cycle.meetings.push_back(row.id<domain::MeetingId>(0));
    if (row.text(1) == "draft") cycle.has_drafts = true;
  }
  return cycle;
}

}  // namespace narada::storage
