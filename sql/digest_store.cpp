#include "sql/digest_store.h"

#include "sql/error.h"
#include "sql/id_list.h"
#include "sql/meeting_rows.h"
#include "sql/reach_condition.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kReaderColumns =
    "p.id, p.full_name, p.email, p.language, COALESCE(d.wanted, 1), COALESCE(w.wanted, 0) ";
constexpr std::string_view kChoices =
    "LEFT JOIN notification_choice d ON d.person_id = p.id AND d.kind = 'digest' "
    "LEFT JOIN notification_choice w ON w.person_id = p.id AND w.kind = 'digest.weekly' ";
constexpr std::string_view kTimes =
    "m.title, m.starts, m.ends, m.tzid, m.time_precision, m.starts_at, m.ends_at";

std::vector<DigestReader> read_readers(const Rows& rows) {
  std::vector<DigestReader> readers;
  for (const auto row : rows) {
    readers.push_back({row.id<domain::PersonId>(0), row.text(1), row.text(2),
                       domain::language_or_polish(row.text(3)), row.boolean(4), row.boolean(5)});
  }
  return readers;
}

std::vector<PersonOfOffice> list_people(Connection& connection, const std::string& sql,
                                        const std::vector<Parameter>& parameters) {
  std::vector<PersonOfOffice> people;
  for (const auto row : connection.query(sql, parameters)) {
    PersonOfOffice person;
    person.registration = row.id<domain::RegistrationId>(0);
    person.version = row.integer(1);
    person.full_name = row.text(2);
    person.status = stored_enum("status", row.text(3), domain::find_registration_status);
    person.meeting_title = row.text(4);
    person.times = read_times(row, 5);
    people.push_back(std::move(person));
  }
  return people;
}

const std::string kPeople = "SELECT r.id, r.version, p.full_name, r.status, " +
                            std::string(kTimes) +
                            " FROM registration r JOIN meeting m ON m.id = r.meeting_id "
                            "JOIN person p ON p.id = r.person_id AND p.erased_at IS NULL ";
const std::string kOfOffices =
    "m.status = 'published' AND m.ends_at > ? AND r.institution_id" + std::string(kInIdList);

}  // namespace

std::vector<DigestReader> list_digest_readers(Connection& connection, domain::Date today,
                                              domain::Date monday, int limit) {
  static const std::string kSelect =
      "SELECT DISTINCT " + std::string(kReaderColumns) +
      "FROM person_role r JOIN person p ON p.id = r.person_id AND p.erased_at IS NULL " +
      std::string(kChoices) +
      "WHERE r.role IN ('admin', 'organizer', 'coordinator') AND NOT EXISTS (SELECT 1 FROM "
      "digest_sent s WHERE s.person_id = p.id AND s.kind = 'work' "
      "AND s.day >= IF(COALESCE(w.wanted, 0) = 1, ?, ?)) ORDER BY p.id LIMIT ?";
  return read_readers(connection.query(kSelect, {monday, today, limit}));
}

std::vector<DigestReader> list_summary_readers(Connection& connection, domain::Date today,
                                               domain::Instant written_before, int limit) {
  static const std::string kSelect =
      "SELECT DISTINCT p.id, p.full_name, p.email, p.language, COALESCE(d.wanted, 1), 0 "
      "FROM announcement_waiting a JOIN person p ON p.id = a.person_id AND p.erased_at IS NULL "
      "LEFT JOIN notification_choice d ON d.person_id = p.id AND d.kind = 'meeting_announced' "
      "WHERE a.created_at < ? AND NOT EXISTS (SELECT 1 FROM digest_sent s WHERE s.person_id = p.id "
      "AND s.kind = 'topics' AND s.day >= ?) ORDER BY p.id LIMIT ?";
  return read_readers(connection.query(kSelect, {written_before, today, limit}));
}

void save_digest(Connection& connection, const DecidedDigest& digest, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO digest_sent (person_id, kind, day, outgoing_mail_id, told, decided_at) "
      "VALUES (?, ?, ?, ?, ?, ?)";
  connection.execute(kInsert,
                     {digest.person, digest.kind, digest.day, digest.mail, digest.told, now});
}

std::optional<LastDigest> find_last_digest(Connection& connection, domain::PersonId person,
                                           std::string_view kind) {
  constexpr std::string_view kSelect =
      "SELECT told, decided_at FROM digest_sent WHERE person_id = ? AND kind = ? "
      "ORDER BY day DESC LIMIT 1";
  const Rows found = connection.query(kSelect, {person, kind});
  if (found.empty()) return std::nullopt;
  return LastDigest{found[0].text(0), found[0].instant(1)};
}

std::optional<std::string> find_digest_kind(Connection& connection, domain::OutgoingMailId mail) {
  constexpr std::string_view kSelect = "SELECT kind FROM digest_sent WHERE outgoing_mail_id = ?";
  const Rows found = connection.query(kSelect, {mail});
  if (found.empty()) return std::nullopt;
  return found[0].text(0);
}

void forget_digests(Connection& connection, domain::Instant before) {
  connection.execute("DELETE FROM digest_sent WHERE decided_at < ? LIMIT 1000", {before});
}

std::vector<WaitingMeeting> take_waiting_announcements(Connection& connection,
                                                       domain::PersonId person,
                                                       domain::Instant written_before,
                                                       domain::Instant now) {
  static const std::string kSelect =
      "SELECT m.id, m.slug, " + std::string(kTimes) +
      ", m.status = 'published' AND m.ends_at > ? AND (m.starts_at > ? OR m.time_precision = "
      "'month') FROM announcement_waiting a JOIN meeting m ON m.id = a.meeting_id WHERE "
      "a.person_id = ? AND a.created_at < ? ORDER BY m.starts_at, m.id";
  // Each by its key: what has been written since waits for the next summary.
  constexpr std::string_view kDelete =
      "DELETE FROM announcement_waiting WHERE person_id = ? AND meeting_id = ?";
  std::vector<WaitingMeeting> meetings;
  for (const auto row : connection.query(kSelect, {now, now, person, written_before})) {
    const auto meeting = row.id<domain::MeetingId>(0);
    if (row.boolean(9)) meetings.push_back({meeting, row.text(1), row.text(2), read_times(row, 3)});
    connection.execute(kDelete, {person, meeting});
  }
  return meetings;
}

std::vector<PersonOfOffice> list_changed_registrations(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions,
    domain::Instant since, domain::Instant now, int limit) {
  static const std::string kSelect =
      kPeople + "WHERE " + kOfOffices + " AND r.updated_at > ? ORDER BY r.updated_at, r.id LIMIT ?";
  return list_people(connection, kSelect, {now, list_of_ids(institutions), since, limit});
}

std::vector<PersonOfOffice> list_open_consents(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions,
    domain::Instant now, int limit) {
  static const std::string kSelect =
      kPeople + "JOIN superior_consent c ON c.registration_id = r.id AND c.answer = '' WHERE " +
      kOfOffices +
      " AND r.status IN ('pending', 'confirmed', 'waitlisted') ORDER BY m.starts_at, r.id LIMIT ?";
  return list_people(connection, kSelect, {now, list_of_ids(institutions), limit});
}

std::vector<OpenPlaces> list_open_places(Connection& connection,
                                         const std::vector<domain::InstitutionId>& institutions,
                                         domain::Instant now, int limit) {
  static const std::string kSelect =
      "SELECT d.id, d.places - (SELECT COUNT(*) FROM registration r WHERE r.delegation_id = d.id "
      "AND r.status IN ('pending', 'confirmed', 'waitlisted')) AS open_places, " +
      std::string(kTimes) +
      " FROM delegation d JOIN meeting m ON m.id = d.meeting_id WHERE m.status = 'published' "
      "AND m.starts_at > ? AND d.institution_id" +
      std::string(kInIdList) + " HAVING open_places > 0 ORDER BY m.starts_at, d.id LIMIT ?";
  std::vector<OpenPlaces> open;
  for (const auto row : connection.query(kSelect, {now, list_of_ids(institutions), limit})) {
    open.push_back(
        {row.id<domain::DelegationId>(0), row.text(2), read_times(row, 3), row.small_integer(1)});
  }
  return open;
}

std::int64_t count_open_proposals(Connection& connection, const domain::Reach& reach,
                                  domain::Instant now) {
  const Condition within = meeting_within(reach);
  std::vector<Parameter> parameters{now};
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  const std::string sql =
      "SELECT COUNT(*) FROM substitution_proposal s JOIN registration r ON r.id = "
      "s.registration_id JOIN meeting m ON m.id = r.meeting_id WHERE s.state = 'open' "
      "AND m.starts_at > ? AND " +
      within.sql;
  return connection.query(sql, parameters)[0].integer(0);
}

}  // namespace narada::storage
