#include "sql/sign_in_store.h"

#include "sql/live_person.h"

namespace narada::storage {
namespace {

constexpr std::string_view kOpenLink =
    "SELECT purpose, email, email_key, person_id, return_to, expires_at FROM sign_in_link "
    "WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?";

std::optional<StoredLink> read_link(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return StoredLink{row.text(0), row.text(1),   row.text(2), row.find_id<domain::PersonId>(3),
                    row.text(4), row.instant(5)};
}

constexpr std::string_view kPerson =
    "SELECT p.id, p.full_name, i.name, p.email_key FROM person p LEFT JOIN institution i "
    "ON i.id = p.institution_id WHERE p.erased_at IS NULL AND ";

MailboxPerson read_person(const Rows::Row& row) {
  return {row.id<domain::PersonId>(0), row.text(1), row.text_or_empty(2), row.text(3)};
}

}  // namespace

void save_link(Connection& connection, const NewLink& link, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO sign_in_link (token_hash, purpose, email, email_key, person_id, return_to, "
      "created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  if (link.person) require_live_person(connection, *link.person);
  connection.execute(kInsert, {link.token_hash, link.purpose, link.email, link.email_key,
                               link.person, link.return_to, now, link.expires_at});
}

std::optional<StoredLink> find_open_link(Connection& connection, std::string_view token_hash,
                                         domain::Instant now) {
  return read_link(connection.query(kOpenLink, {token_hash, now}));
}

std::optional<StoredLink> lock_open_link(Connection& connection, std::string_view token_hash,
                                         domain::Instant now) {
  static const std::string kSelect = std::string(kOpenLink) + " FOR UPDATE";
  return read_link(connection.query(kSelect, {token_hash, now}));
}

void save_link_used(Connection& connection, std::string_view token_hash, domain::Instant now) {
  constexpr std::string_view kUpdate = "UPDATE sign_in_link SET used_at = ? WHERE token_hash = ?";
  connection.execute(kUpdate, {now, token_hash});
}

void void_links(Connection& connection, domain::PersonId person, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE sign_in_link SET used_at = ? WHERE person_id = ? AND used_at IS NULL";
  connection.execute(kUpdate, {now, person});
}

std::vector<MailboxPerson> list_mailbox_people(Connection& connection, std::string_view email_key) {
  static const std::string kSelect =
      std::string(kPerson) + "p.email_key = ? ORDER BY p.full_name, p.id LIMIT 100";
  std::vector<MailboxPerson> people;
  for (const auto row : connection.query(kSelect, {email_key})) people.push_back(read_person(row));
  return people;
}

std::optional<MailboxPerson> find_mailbox_person(Connection& connection, domain::PersonId person) {
  static const std::string kSelect = std::string(kPerson) + "p.id = ?";
  const Rows rows = connection.query(kSelect, {person});
  if (rows.empty()) return std::nullopt;
  return read_person(rows[0]);
}

void save_email_proved(Connection& connection, domain::PersonId person, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE person SET email_proved_at = ? WHERE id = ? AND email_proved_at IS NULL";
  connection.execute(kUpdate, {now, person});
}

void save_email(Connection& connection, domain::PersonId person, const std::string& email,
                const std::string& email_key, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE person SET email = ?, email_key = ?, email_proved_at = ?, updated_at = ?, version = "
      "version + 1 WHERE id = ?";
  connection.execute(kUpdate, {email, email_key, now, now, person});
}

void save_account_acceptance(Connection& connection, domain::PersonId person, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO clause_acceptance (person_id, clause_version, subject, accepted_at) "
      "SELECT ?, c.version, 'account', ? FROM information_clause c WHERE c.valid_from <= ? "
      "ORDER BY c.version DESC LIMIT 1";
  require_live_person(connection, person);
  connection.execute(kInsert, {person, now, now});
}

bool is_familiar_network(Connection& connection, std::string_view email_key,
                         std::string_view network) {
  constexpr std::string_view kSelect =
      "SELECT EXISTS (SELECT 1 FROM person p JOIN session s ON s.person_id = p.id "
      "WHERE p.email_key = ? AND s.network = ? AND s.state = 'open')";
  return connection.query(kSelect, {email_key, network})[0].boolean(0);
}

bool is_familiar_network(Connection& connection, domain::PersonId person,
                         std::string_view network) {
  constexpr std::string_view kSelect =
      "SELECT EXISTS (SELECT 1 FROM session WHERE person_id = ? AND network = ? AND state = "
      "'open')";
  return connection.query(kSelect, {person, network})[0].boolean(0);
}

}  // namespace narada::storage
