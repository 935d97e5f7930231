#include "sql/profile_store.h"

#include "sql/institution_store.h"
#include "sql/live_person.h"
#include "sql/row_batches.h"

namespace narada::storage {
namespace {

constexpr std::size_t kVersionColumn = 7;
constexpr std::size_t kInstitutionColumn = 8;

StoredProfile read_profile(const Rows::Row& row) {
  StoredProfile profile;
  profile.person.id = row.id<domain::PersonId>(0);
  profile.person.full_name = row.text(1);
  profile.person.email = row.text(2);
  profile.person.position = row.text(3);
  profile.person.unit = row.text(4);
  profile.person.phone = row.text(5);
  profile.person.language = domain::language_or_polish(row.text(6));
  profile.version = row.integer(kVersionColumn);
  if (!row.is_null(kInstitutionColumn)) {
    profile.person.institution = read_institution_ref(row, kInstitutionColumn);
  }
  return profile;
}

std::optional<domain::InstitutionId> institution_of(const domain::Person& person) {
  if (!person.institution) return std::nullopt;
  return person.institution->id;
}

}  // namespace

std::optional<StoredProfile> find_profile(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kPerson =
      "SELECT p.id, p.full_name, p.email, p.position, p.unit, p.phone, p.language, p.version, "
      "i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude "
      "FROM person p LEFT JOIN institution i ON i.id = p.institution_id "
      "WHERE p.id = ? AND p.erased_at IS NULL";
  constexpr std::string_view kChoices =
      "SELECT kind, wanted FROM notification_choice WHERE person_id = ? ORDER BY kind";
  constexpr std::string_view kTopics =
      "SELECT topic_id FROM topic_subscription WHERE person_id = ? ORDER BY topic_id";
  const Rows found = connection.query(kPerson, {person});
  if (found.empty()) return std::nullopt;
  StoredProfile profile = read_profile(found[0]);
  for (const auto row : connection.query(kChoices, {person})) {
    profile.choices.emplace_back(row.text(0), row.boolean(1));
  }
  for (const auto row : connection.query(kTopics, {person})) {
    profile.topics.push_back(row.id<domain::TopicId>(0));
  }
  return profile;
}

bool save_profile(Connection& connection, const domain::Person& person, std::string_view name_key,
                  std::int64_t version, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE person SET full_name = ?, name_key = ?, position = ?, unit = ?, institution_id = ?, "
      "language = ?, updated_at = ?, version = version + 1 "
      "WHERE id = ? AND version = ? AND erased_at IS NULL";
  return connection.execute(kUpdate, {person.full_name, name_key, person.position, person.unit,
                                      institution_of(person), domain::to_string(person.language),
                                      now, person.id, version}) == 1;
}

void save_notification_choices(Connection& connection, domain::PersonId person,
                               const std::vector<std::pair<std::string, bool>>& choices,
                               domain::Instant now) {
  constexpr std::string_view kSave =
      "INSERT INTO notification_choice (person_id, kind, wanted, changed_at) VALUES (?, ?, ?, ?) "
      "ON DUPLICATE KEY UPDATE wanted = VALUES(wanted), changed_at = VALUES(changed_at)";
  require_live_person(connection, person);
  for (const auto& [kind, wanted] : choices) {
    connection.execute(kSave, {person, kind, wanted, now});
  }
}

void save_topic_subscriptions(Connection& connection, domain::PersonId person,
                              const std::vector<domain::TopicId>& topics, domain::Instant now) {
  require_live_person(connection, person);
  connection.execute("DELETE FROM topic_subscription WHERE person_id = ?", {person});
  std::vector<std::vector<Parameter>> rows;
  rows.reserve(topics.size());
  for (const auto topic : topics) rows.push_back({topic, person, now});
  insert_rows(connection,
              "INSERT INTO topic_subscription (topic_id, person_id, created_at) VALUES ",
              "(?, ?, ?)", rows);
}

std::vector<Subscriber> list_subscribers(Connection& connection, domain::TopicId topic,
                                         domain::MeetingId meeting,
                                         std::optional<domain::CycleId> cycle) {
  constexpr std::string_view kSelect =
      "SELECT p.id, p.full_name, p.email, p.language, COALESCE(daily.wanted, 0) "
      "FROM topic_subscription s JOIN person p ON p.id = s.person_id "
      "LEFT JOIN notification_choice any_kind ON any_kind.person_id = p.id "
      "AND any_kind.kind = 'meeting_announced' "
      "LEFT JOIN notification_choice daily ON daily.person_id = p.id "
      "AND daily.kind = 'meeting_announced.daily' "
      "WHERE s.topic_id = ? AND p.erased_at IS NULL AND COALESCE(any_kind.wanted, 1) = 1 "
      "AND NOT EXISTS (SELECT 1 FROM registration r WHERE r.meeting_id = ? "
      "AND r.person_id = p.id) "
      "AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.cycle_id = ? AND e.person_id = p.id) "
      "ORDER BY p.id";
  std::vector<Subscriber> subscribers;
  for (const auto row : connection.query(kSelect, {topic, meeting, cycle})) {
    subscribers.push_back({row.id<domain::PersonId>(0), row.text(1), row.text(2),
                           domain::language_or_polish(row.text(3)), row.boolean(4)});
  }
  return subscribers;
}

}  // namespace narada::storage
