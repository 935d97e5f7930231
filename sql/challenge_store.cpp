#include "sql/challenge_store.h"

#include "sql/id_list.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelectGroups =
    "SELECT g.id, g.title, g.answer, g.answered_at, g.contacts_shared_at, g.version "
    "FROM challenge_group g ";

domain::ChallengeGroup read_group(const Rows::Row& row) {
  domain::ChallengeGroup group;
  group.id = row.id<domain::ChallengeGroupId>(0);
  group.title = row.text(1);
  group.answer = row.text(2);
  group.answered_at = row.find_instant(3);
  group.contacts_shared_at = row.find_instant(4);
  group.version = row.integer(5);
  return group;
}

void read_practices(Connection& connection, std::vector<domain::ChallengeGroup>& groups) {
  const std::string sql =
      "SELECT gp.challenge_group_id, p.id, p.slug, p.title FROM challenge_group_practice gp "
      "JOIN practice p ON p.id = gp.practice_id WHERE p.status = 'published' AND "
      "gp.challenge_group_id" +
      std::string(kInIdList) + " ORDER BY gp.challenge_group_id, gp.position";
  const Rows rows = connection.query(sql, {id_list_of(groups)});
  for (const auto row : rows) {
    for (auto& group : groups) {
      if (group.id.value != row.integer(0)) continue;
      group.practices.push_back({row.id<domain::PracticeId>(1), row.text(2), row.text(3)});
    }
  }
}

std::vector<domain::ChallengeGroup> read_groups(Connection& connection, const Rows& rows) {
  std::vector<domain::ChallengeGroup> groups;
  for (const auto row : rows) groups.push_back(read_group(row));
  if (!groups.empty()) read_practices(connection, groups);
  return groups;
}

}  // namespace

std::vector<domain::Challenge> list_challenges(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT r.id, p.id, p.full_name, p.email, r.institution_id, COALESCE(i.name, ''), "
      "r.challenge, r.challenge_contact, r.challenge_group_id FROM registration r JOIN person p "
      "ON p.id = r.person_id LEFT JOIN institution i ON i.id = r.institution_id WHERE "
      "r.meeting_id = ? AND r.challenge <> '' AND r.status NOT IN ('cancelled', 'declined') AND "
      "p.erased_at IS NULL ORDER BY r.queue_number, r.id";
  std::vector<domain::Challenge> challenges;
  const Rows rows = connection.query(kSelect, {meeting});
  for (const auto row : rows) {
    domain::Challenge challenge;
    challenge.registration = row.id<domain::RegistrationId>(0);
    challenge.person = row.id<domain::PersonId>(1);
    challenge.full_name = row.text(2);
    challenge.email = row.text(3);
    challenge.institution = row.find_id<domain::InstitutionId>(4);
    challenge.institution_name = row.text(5);
    challenge.text = row.text(6);
    challenge.contact = row.boolean(7);
    challenge.group = row.find_id<domain::ChallengeGroupId>(8);
    challenges.push_back(std::move(challenge));
  }
  return challenges;
}

std::vector<domain::ChallengeGroup> list_challenge_groups(Connection& connection,
                                                          domain::MeetingId meeting) {
  static const std::string kSelect =
      std::string(kSelectGroups) + "WHERE g.meeting_id = ? ORDER BY g.position, g.id";
  return read_groups(connection, connection.query(kSelect, {meeting}));
}

std::optional<domain::ChallengeGroup> lock_challenge_group(Connection& connection,
                                                           domain::MeetingId meeting,
                                                           domain::ChallengeGroupId id) {
  static const std::string kSelect =
      std::string(kSelectGroups) + "WHERE g.meeting_id = ? AND g.id = ? FOR UPDATE";
  auto groups = read_groups(connection, connection.query(kSelect, {meeting, id}));
  if (groups.empty()) return std::nullopt;
  return std::move(groups.front());
}

domain::ChallengeGroupId insert_challenge_group(Connection& connection, domain::MeetingId meeting,
                                                const std::string& title) {
  constexpr std::string_view kNext =
      "SELECT COALESCE(MAX(position), 0) + 1 FROM challenge_group WHERE meeting_id = ?";
  constexpr std::string_view kInsert =
      "INSERT INTO challenge_group (meeting_id, position, title, answer) VALUES (?, ?, ?, '') "
      "RETURNING id";
  const auto position = connection.query(kNext, {meeting})[0].integer(0);
  return domain::ChallengeGroupId{connection.insert(kInsert, {meeting, position, title})};
}

void save_challenge_group(Connection& connection, const domain::ChallengeGroup& group) {
  connection.execute(
      "UPDATE challenge_group SET title = ?, answer = ?, version = version + 1 WHERE id = ?",
      {group.title, group.answer, group.id});
  connection.execute("DELETE FROM challenge_group_practice WHERE challenge_group_id = ?",
                     {group.id});
  int position = 0;
  for (const auto& practice : group.practices)
    connection.execute(
        "INSERT INTO challenge_group_practice (challenge_group_id, practice_id, position) "
        "VALUES (?, ?, ?)",
        {group.id, practice.id, ++position});
}

void delete_challenge_group(Connection& connection, domain::ChallengeGroupId id) {
  connection.execute("DELETE FROM challenge_group WHERE id = ?", {id});
}

void save_group_order(Connection& connection, const std::vector<domain::ChallengeGroupId>& ids) {
  int position = 0;
  for (const auto id : ids)
    connection.execute("UPDATE challenge_group SET position = ? WHERE id = ?", {++position, id});
}

int assign_challenges(Connection& connection, domain::MeetingId meeting,
                      const std::vector<domain::RegistrationId>& registrations,
                      std::optional<domain::ChallengeGroupId> group) {
  static const std::string kUpdate =
      "UPDATE " + std::string(kEachOfIdList) +
      "registration r FORCE INDEX (PRIMARY) ON r.id = j.id SET r.challenge_group_id = ? WHERE "
      "r.meeting_id = ? AND r.challenge <> ''";
  return static_cast<int>(
      connection.execute(kUpdate, {list_of_ids(registrations), group, meeting}));
}

void save_answer_sent(Connection& connection, domain::ChallengeGroupId id, domain::Instant now) {
  connection.execute("UPDATE challenge_group SET answered_at = ? WHERE id = ?", {now, id});
}

void save_contacts_shared(Connection& connection, domain::ChallengeGroupId id,
                          domain::Instant now) {
  connection.execute("UPDATE challenge_group SET contacts_shared_at = ? WHERE id = ?", {now, id});
}

// Read first and changed by their keys, so that nothing else is locked.
std::vector<ContactMail> list_contact_mails(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT id, facts FROM outgoing_mail WHERE meeting_id = ? AND kind = 'contact_shared' AND "
      "state IN ('queued', 'awaiting_retry', 'inflight') ORDER BY id";
  std::vector<ContactMail> mails;
  const Rows rows = connection.query(kSelect, {meeting});
  for (const auto row : rows) mails.push_back({row.id<domain::OutgoingMailId>(0), row.text(1), {}});
  for (auto& mail : mails)
    for (const auto row : connection.query("SELECT registration_id FROM contact_told WHERE "
                                           "outgoing_mail_id = ? ORDER BY position",
                                           {mail.id}))
      mail.told.push_back(row.id<domain::RegistrationId>(0));
  return mails;
}

void save_contacts_told(Connection& connection, domain::OutgoingMailId mail,
                        const std::vector<domain::RegistrationId>& told) {
  connection.execute("DELETE FROM contact_told WHERE outgoing_mail_id = ?", {mail});
  int position = 0;
  for (const auto registration : told)
    connection.execute(
        "INSERT INTO contact_told (outgoing_mail_id, position, registration_id) VALUES (?, ?, ?)",
        {mail, ++position, registration});
}

// Assigned from left to right: `forget` sees the state as it was. A claim that is gone keeps the
// sender from beginning with what it has read before.
void rewrite_contact_mail(Connection& connection, const ContactMail& mail) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET facts = ?, raw = NULL, subject = '', "
      "forget = IF(state = 'inflight' AND last_attempt_at IS NOT NULL, 1, forget), "
      "state = IF(last_attempt_at IS NULL, 'queued', 'awaiting_retry'), claimed_by = '', "
      "claim_until = NULL WHERE id = ? AND state IN ('queued', 'awaiting_retry', 'inflight')";
  connection.execute(kUpdate, {mail.facts, mail.id});
  save_contacts_told(connection, mail.id, mail.told);
}

void abort_contact_mail(Connection& connection, domain::OutgoingMailId mail) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET facts = '', raw = NULL, subject = '', "
      "forget = IF(state = 'inflight' AND last_attempt_at IS NOT NULL, 1, forget), "
      "state = 'aborted', claimed_by = '', claim_until = NULL "
      "WHERE id = ? AND state IN ('queued', 'awaiting_retry', 'inflight')";
  connection.execute(kUpdate, {mail});
}

void forget_contact_copies(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT id FROM outgoing_mail WHERE meeting_id = ? AND kind = 'contact_shared' AND "
      "raw IS NOT NULL AND state NOT IN ('queued', 'awaiting_retry', 'inflight') ORDER BY id";
  const Rows rows = connection.query(kSelect, {meeting});
  for (const auto row : rows)
    connection.execute("UPDATE outgoing_mail SET raw = NULL WHERE id = ?", {row.integer(0)});
}

std::vector<ContactOf> list_contacts_of(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT DISTINCT r.meeting_id, r.id FROM registration r JOIN outgoing_mail o "
      "ON o.meeting_id = r.meeting_id AND o.kind = 'contact_shared' WHERE r.person_id = ? "
      "ORDER BY r.meeting_id, r.id";
  std::vector<ContactOf> contacts;
  const Rows rows = connection.query(kSelect, {person});
  for (const auto row : rows)
    contacts.push_back({row.id<domain::MeetingId>(0), row.id<domain::RegistrationId>(1)});
  return contacts;
}

std::optional<domain::ChallengeGroup> find_challenge_answer(Connection& connection,
                                                            domain::RegistrationId registration) {
  static const std::string kSelect =
      std::string(kSelectGroups) +
      "JOIN registration r ON r.challenge_group_id = g.id WHERE r.id = ? AND r.challenge <> '' "
      "AND g.answered_at IS NOT NULL";
  auto groups = read_groups(connection, connection.query(kSelect, {registration}));
  if (groups.empty()) return std::nullopt;
  return std::move(groups.front());
}

}  // namespace narada::storage
