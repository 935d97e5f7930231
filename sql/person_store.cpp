#include "sql/person_store.h"

#include "sql/error.h"
#include "sql/institution_store.h"
#include "sql/live_person.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kChoicesById =
    "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, i.county "
    "FROM institution i WHERE i.active = 1 AND (i.teryt = ? OR i.id = ?)";

// Three look-ups by key instead of one OR, which would read the whole table.
constexpr std::string_view kChoicesByName =
    "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, i.county "
    "FROM (SELECT id FROM institution WHERE slug = ? UNION SELECT id FROM institution WHERE "
    "name = ? UNION SELECT institution_id FROM institution_alias WHERE alias = ?) found "
    "JOIN institution i ON i.id = found.id WHERE i.active = 1 ORDER BY i.id LIMIT 20";

}  // namespace

std::optional<PersonClaim> find_person_claim(Connection& connection, const NewPerson& person,
                                             domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT p.id, p.full_name, p.email, r.id, r.status FROM person p "
      "LEFT JOIN registration r ON r.person_id = p.id AND r.meeting_id = ? "
      "WHERE p.email_key = ? AND p.name_key = ?";
  const Rows rows = connection.query(kSelect, {meeting, person.email_key, person.name_key});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return PersonClaim{
      row.id<domain::PersonId>(0), row.text(1), row.text(2), row.find_id<domain::RegistrationId>(3),
      stored_enum("registration.status", row.find_text(4), domain::find_registration_status)};
}

std::optional<KnownPerson> find_person(Connection& connection, const NewPerson& person) {
  constexpr std::string_view kSelect =
      "SELECT id, full_name, email FROM person WHERE email_key = ? AND name_key = ?";
  const Rows rows = connection.query(kSelect, {person.email_key, person.name_key});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return KnownPerson{row.id<domain::PersonId>(0), row.text(1), row.text(2)};
}

domain::PersonId save_person(Connection& connection, const NewPerson& person, domain::Instant now) {
  // Not ON DUPLICATE KEY UPDATE: that would lock a known person's row against the foreign-key
  // checks of whoever holds a meeting already, and the two would wait for each other.
  constexpr std::string_view kInsert =
      "INSERT INTO person (full_name, email, name_key, email_key, position, institution_id, "
      "language, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  try {
    return domain::PersonId{connection.insert(
        kInsert,
        {person.full_name, person.email, person.name_key, person.email_key, person.position,
         person.institution, domain::to_string(person.language), now, now})};
  } catch (const Duplicate&) {
    const auto known = find_person(connection, person);
    if (!known) throw;
    return known->id;
  }
}

std::optional<std::string> find_full_name(Connection& connection, domain::PersonId person) {
  const Rows rows = connection.query("SELECT full_name FROM person WHERE id = ?", {person});
  if (rows.empty()) return std::nullopt;
  return rows[0].text(0);
}

void save_full_name(Connection& connection, domain::PersonId person, const std::string& full_name,
                    domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE person SET full_name = ?, version = version + 1, updated_at = ? WHERE id = ? "
      "AND erased_at IS NULL";
  if (connection.execute(kUpdate, {full_name, now, person}) == 0)
    throw Conflict(0, "the person has been forgotten meanwhile");
}

bool grant_role(Connection& connection, domain::PersonId person, std::string_view role,
                domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT IGNORE INTO person_role (person_id, role, scope_kind, scope_id, granted_by, "
      "granted_at) VALUES (?, ?, 'everywhere', 0, 'system', ?)";
  require_live_person(connection, person);
  return connection.execute(kInsert, {person, role, now}) == 1;
}

std::vector<InstitutionChoice> find_institution_choices(Connection& connection,
                                                        std::string_view typed) {
  const auto id = find_row_id(typed);
  const Rows rows = id ? connection.query(kChoicesById, {typed, *id})
                       : connection.query(kChoicesByName, {typed, typed, typed});
  std::vector<InstitutionChoice> choices;
  for (const auto row : rows) {
    choices.push_back({read_institution_ref(row, 0), row.text(kInstitutionRefColumnCount)});
  }
  return choices;
}

}  // namespace narada::storage
