#include "sql/registration_store.h"

#include <map>
#include <tuple>

#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/live_person.h"
#include "sql/row_batches.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

// A waiting person's position counts those at or before them in the line of the same mode.
constexpr std::string_view kSelect =
    "SELECT r.id, r.meeting_id, r.enrolment_id, r.status, r.mode, r.queue_number, r.position, "
    "r.needs, r.question, r.language, r.clause_version, r.calendar_sequence, r.invited, "
    "r.decline_reason, r.version, r.created_at, r.updated_at, r.confirmed_at, r.cancelled_at, "
    "r.visible, p.id, p.full_name, p.email, p.unit, p.phone, "
    "CASE WHEN r.status = 'waitlisted' THEN (SELECT COUNT(*) FROM registration w "
    "WHERE w.meeting_id = r.meeting_id AND w.status = 'waitlisted' AND w.mode = r.mode "
    "AND w.queue_number <= r.queue_number) END, "
    "i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, "
    "r.diet, r.access_needs, r.interpreter, r.challenge, r.challenge_contact, "
    "r.delegation_id, r.offer_until, r.missed_offers, r.calendar_shown "
    "FROM registration r JOIN person p ON p.id = r.person_id "
    "LEFT JOIN institution i ON i.id = r.institution_id ";
constexpr std::size_t kInstitutionColumn = 26;
constexpr std::size_t kNeedsColumn = 33;
constexpr std::size_t kPlaceColumn = 38;

domain::Person read_person(const Rows::Row& row) {
  domain::Person person;
  person.id = row.id<domain::PersonId>(20);
  person.full_name = row.text(21);
  person.email = row.text(22);
  person.unit = row.text(23);
  person.phone = row.text(24);
  person.position = row.text(6);
  person.language = domain::language_or_polish(row.text(9));
  if (!row.is_null(kInstitutionColumn)) {
    person.institution = read_institution_ref(row, kInstitutionColumn);
  }
  return person;
}

StoredRegistration read_registration(const Rows::Row& row) {
  StoredRegistration stored;
  domain::Registration& registration = stored.registration;
  registration.id = row.id<domain::RegistrationId>(0);
  registration.meeting = row.id<domain::MeetingId>(1);
  registration.enrolment = row.find_id<domain::EnrolmentId>(2);
  registration.status =
      stored_enum("registration.status", row.text(3), domain::find_registration_status);
  registration.mode = stored_enum("registration.mode", row.text(4), domain::find_attendance_mode);
  stored.queue_number = row.find_integer(5).value_or(0);
  registration.needs = row.text(7);
  registration.question = row.text(8);
  registration.clause_version = row.small_integer(10);
  if (const auto sequence = row.find_integer(11)) {
    stored.told.message = {
        row.boolean(12) ? domain::CalendarMethod::request : domain::CalendarMethod::cancel,
        static_cast<int>(*sequence)};
  }
  registration.decline_reason = row.text(13);
  registration.version = row.integer(14);
  registration.created_at = row.instant(15);
  registration.updated_at = row.instant(16);
  registration.confirmed_at = row.find_instant(17);
  registration.cancelled_at = row.find_instant(18);
  registration.visible = row.boolean(19);
  registration.person = read_person(row);
  registration.diet = row.text(kNeedsColumn);
  registration.access_needs = row.text(kNeedsColumn + 1);
  registration.interpreter = row.text(kNeedsColumn + 2);
  registration.challenge = row.text(kNeedsColumn + 3);
  registration.challenge_contact = row.boolean(kNeedsColumn + 4);
  if (!row.is_null(25)) registration.queue_position = row.small_integer(25);
  registration.delegation = row.find_id<domain::DelegationId>(kPlaceColumn);
  registration.offer_until = row.find_instant(kPlaceColumn + 1);
  stored.missed_offers = row.small_integer(kPlaceColumn + 2);
  stored.told.shown = row.text(kPlaceColumn + 3);
  return stored;
}

std::vector<StoredRegistration> read_all(Connection& connection, std::string_view conditions,
                                         const std::vector<Parameter>& parameters) {
  std::string sql(kSelect);
  sql += conditions;
  std::vector<StoredRegistration> all;
  const Rows rows = connection.query(sql, parameters);
  for (const auto row : rows) all.push_back(read_registration(row));
  return all;
}

std::optional<StoredRegistration> read_one(Connection& connection, std::string_view conditions,
                                           const std::vector<Parameter>& parameters) {
  auto found = read_all(connection, conditions, parameters);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<int> sequence_told(const domain::CalendarTold& told) {
  return told.message ? std::optional(told.message->sequence) : std::nullopt;
}

std::optional<domain::InstitutionId> institution_of(const domain::Registration& registration) {
  if (!registration.person.institution) return std::nullopt;
  return registration.person.institution->id;
}

}  // namespace

std::optional<StoredRegistration> find_registration(Connection& connection,
                                                    domain::RegistrationId registration) {
  return read_one(connection, "WHERE r.id = ?", {registration});
}

std::optional<StoredRegistration> find_registration_of(Connection& connection,
                                                       domain::MeetingId meeting,
                                                       domain::PersonId person) {
  return read_one(connection, "WHERE r.meeting_id = ? AND r.person_id = ?", {meeting, person});
}

std::vector<StoredRegistration> list_registrations(Connection& connection,
                                                   domain::MeetingId meeting,
                                                   const RegistrationListing& listing) {
  std::string conditions = "WHERE r.meeting_id = ? AND r.queue_number > ?";
  std::vector<Parameter> parameters{meeting, listing.after};
  if (listing.status) {
    conditions += " AND r.status = ?";
    parameters.emplace_back(domain::to_string(*listing.status));
  }
  if (!listing.of_institutions.empty()) {
    conditions += " AND r.institution_id";
    conditions += kInIdList;
    parameters.emplace_back(list_of_ids(listing.of_institutions));
  }
  conditions += " ORDER BY r.queue_number LIMIT ?";
  parameters.emplace_back(listing.limit);
  return read_all(connection, conditions, parameters);
}

std::vector<StoredRegistration> find_first_waiting(Connection& connection,
                                                   domain::MeetingId meeting,
                                                   domain::AttendanceMode mode, int count) {
  return read_all(connection,
                  "WHERE r.meeting_id = ? AND r.status = 'waitlisted' AND r.mode = ? "
                  "AND p.erased_at IS NULL ORDER BY r.queue_number LIMIT ?",
                  {meeting, domain::to_string(mode), count});
}

std::vector<StoredRegistration> find_registrations(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations) {
  std::string conditions = "WHERE r.id";
  conditions += kInIdList;
  return read_all(connection, conditions, {list_of_ids(registrations)});
}

std::vector<StoredRegistration> find_active_registrations(Connection& connection,
                                                          domain::MeetingId meeting) {
  return read_all(connection,
                  "WHERE r.meeting_id = ? AND r.status IN ('pending', 'confirmed', 'waitlisted') "
                  "ORDER BY r.queue_number",
                  {meeting});
}

std::vector<StoredRegistration> find_concerned_registrations(Connection& connection,
                                                             domain::MeetingId meeting) {
  return read_all(connection,
                  "WHERE r.meeting_id = ? AND (r.invited = 1 OR r.status IN ('pending', "
                  "'confirmed', 'waitlisted')) ORDER BY r.queue_number",
                  {meeting});
}

std::vector<StoredRegistration> find_registrations_of(Connection& connection,
                                                      domain::EnrolmentId enrolment) {
  return read_all(connection,
                  "WHERE r.enrolment_id = ? ORDER BY "
                  "(SELECT m.starts_at FROM meeting m WHERE m.id = r.meeting_id), r.meeting_id",
                  {enrolment});
}

std::vector<StoredRegistration> find_registrations_of_person(Connection& connection,
                                                             domain::PersonId person,
                                                             domain::Instant since) {
  return read_all(connection,
                  "JOIN meeting m ON m.id = r.meeting_id WHERE r.person_id = ? AND m.ends_at > ? "
                  "ORDER BY m.starts_at, m.id",
                  {person, since});
}

void insert_registration(Connection& connection, StoredRegistration& stored) {
  constexpr std::string_view kInsert =
      "INSERT INTO registration (meeting_id, person_id, enrolment_id, institution_id, status, "
      "mode, queue_number, position, needs, question, language, visible, clause_version, "
      "calendar_sequence, invited, created_at, updated_at, confirmed_at, diet, access_needs, "
      "interpreter, challenge, challenge_contact, delegation_id, offer_until, calendar_shown) "
      "VALUES (?, "
      "(SELECT id FROM person WHERE id = ? AND erased_at IS NULL LOCK IN SHARE MODE), ?, ?, ?, ?, "
      "?, ?, ?, ?, ?, ?, "
      "(SELECT COALESCE(MAX(version), 0) FROM information_clause WHERE valid_from <= ?), "
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id, clause_version";
  domain::Registration& registration = stored.registration;
  const Rows rows = insert_claim(connection, kInsert,
                                 {registration.meeting,
                                  registration.person.id,
                                  registration.enrolment,
                                  institution_of(registration),
                                  domain::to_string(registration.status),
                                  domain::to_string(registration.mode),
                                  stored.queue_number,
                                  registration.person.position,
                                  registration.needs,
                                  registration.question,
                                  domain::to_string(registration.person.language),
                                  registration.visible,
                                  registration.created_at,
                                  sequence_told(stored.told),
                                  stored.told.holds(),
                                  registration.created_at,
                                  registration.updated_at,
                                  registration.confirmed_at,
                                  registration.diet,
                                  registration.access_needs,
                                  registration.interpreter,
                                  registration.challenge,
                                  registration.challenge_contact,
                                  registration.delegation,
                                  registration.offer_until,
                                  stored.told.shown});
  registration.id = rows[0].id<domain::RegistrationId>(0);
  registration.clause_version = rows[0].small_integer(1);
}

void save_clause_acceptance(Connection& connection, const domain::Registration& registration,
                            domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO clause_acceptance (person_id, clause_version, subject, accepted_at) "
      "VALUES (?, ?, ?, ?)";
  if (registration.clause_version == 0) return;
  connection.execute(kInsert, {registration.person.id, registration.clause_version,
                               "registration:" + std::to_string(registration.id.value), now});
}

void save_registration(Connection& connection, StoredRegistration& stored) {
  constexpr std::string_view kUpdate =
      "UPDATE registration SET person_id = ?, enrolment_id = ?, institution_id = ?, status = ?, "
      "mode = ?, queue_number = ?, position = ?, needs = ?, question = ?, language = ?, "
      "visible = ?, clause_version = ?, calendar_sequence = ?, invited = ?, calendar_shown = ?, "
      "decline_reason = ?, "
      "diet = ?, access_needs = ?, interpreter = ?, challenge = ?, challenge_contact = ?, "
      "delegation_id = ?, offer_until = ?, missed_offers = ?, version = version + 1, "
      "updated_at = ?, confirmed_at = ?, cancelled_at = ? WHERE id = ?";
  domain::Registration& registration = stored.registration;
  connection.execute(kUpdate, {registration.person.id,
                               registration.enrolment,
                               institution_of(registration),
                               domain::to_string(registration.status),
                               domain::to_string(registration.mode),
                               stored.queue_number,
                               registration.person.position,
                               registration.needs,
                               registration.question,
                               domain::to_string(registration.person.language),
                               registration.visible,
                               registration.clause_version,
                               sequence_told(stored.told),
                               stored.told.holds(),
                               stored.told.shown,
                               registration.decline_reason,
                               registration.diet,
                               registration.access_needs,
                               registration.interpreter,
                               registration.challenge,
                               registration.challenge_contact,
                               registration.delegation,
                               registration.offer_until,
                               stored.missed_offers,
                               registration.updated_at,
                               registration.confirmed_at,
                               registration.cancelled_at,
                               registration.id});
  ++registration.version;
}

void save_told(Connection& connection, const std::vector<StoredRegistration>& registrations) {
  static const std::string kUpdate =
      "UPDATE " + std::string(kEachOfIdList) +
      "registration r FORCE INDEX (PRIMARY) ON r.id = j.id SET r.calendar_sequence = ?, "
      "r.invited = ?, r.calendar_shown = ?";
  std::map<std::tuple<std::optional<int>, bool, std::string>, std::vector<domain::RegistrationId>>
      alike;
  for (const auto& stored : registrations) {
    alike[{sequence_told(stored.told), stored.told.holds(), stored.told.shown}].push_back(
        stored.registration.id);
  }
  for (const auto& [told, ids] : alike) {
    const auto& [sequence, holds, shown] = told;
    connection.execute(kUpdate, {list_of_ids(ids), sequence, holds, shown});
  }
}

void recall_told(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kUpdate =
      "UPDATE registration r LEFT JOIN invitation i ON i.id = (SELECT MAX(l.id) FROM invitation l "
      "WHERE l.registration_id = r.id) SET r.invited = COALESCE(i.method = 'REQUEST', 0), "
      "r.calendar_sequence = i.sequence, r.calendar_shown = COALESCE(i.shown, '') "
      "WHERE r.meeting_id = ?";
  connection.execute(kUpdate, {meeting});
}

void save_invitations(Connection& connection, const std::vector<NewInvitation>& invitations,
                      domain::Instant now) {
  std::vector<std::vector<Parameter>> rows;
  rows.reserve(invitations.size());
  for (const auto& invitation : invitations) {
    const bool is_request = invitation.message.method == domain::CalendarMethod::request;
    rows.push_back({invitation.registration, invitation.mail, invitation.uid,
                    invitation.message.sequence, is_request ? "REQUEST" : "CANCEL",
                    invitation.shown, now});
  }
  insert_rows(connection,
              "INSERT INTO invitation (registration_id, outgoing_mail_id, uid, sequence, method, "
              "shown, created_at) VALUES ",
              "(?, ?, ?, ?, ?, ?, ?)", rows);
}

std::optional<StoredClause> find_clause(Connection& connection, std::optional<int> version,
                                        domain::Instant now) {
  constexpr std::string_view kByVersion =
      "SELECT version, text_pl, text_en, valid_from FROM information_clause WHERE version = ?";
  constexpr std::string_view kInForce =
      "SELECT version, text_pl, text_en, valid_from FROM information_clause "
      "WHERE valid_from <= ? ORDER BY version DESC LIMIT 1";
  const Rows rows =
      version ? connection.query(kByVersion, {*version}) : connection.query(kInForce, {now});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return StoredClause{row.small_integer(0), row.text(1), row.text(2), row.instant(3)};
}

}  // namespace narada::storage
