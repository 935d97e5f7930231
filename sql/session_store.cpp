#include "sql/session_store.h"

#include "sql/institution_store.h"
#include "sql/live_person.h"

namespace narada::storage {
namespace {

constexpr std::string_view kColumns =
    "s.id, s.method, s.second_factor, s.device, s.network, s.created_at, s.last_seen_at, "
    "s.expires_at";
constexpr std::size_t kColumnCount = 8;
constexpr std::string_view kOpen =
    "s.state = 'open' AND s.ended_at IS NULL AND s.expires_at > ? AND s.last_seen_at > ?";

StoredSession read_session(const Rows::Row& row) {
  StoredSession session;
  session.id = row.id<domain::SessionId>(0);
  session.method = row.text(1);
  session.second_factor = row.boolean(2);
  session.device = row.text(3);
  session.network = row.text(4);
  session.created_at = row.instant(5);
  session.last_seen_at = row.instant(6);
  session.expires_at = row.instant(7);
  return session;
}

domain::Person read_person(const Rows::Row& row, std::size_t column) {
  domain::Person person;
  person.id = row.id<domain::PersonId>(column);
  person.full_name = row.text(column + 1);
  person.email = row.text(column + 2);
  person.position = row.text(column + 3);
  person.unit = row.text(column + 4);
  person.phone = row.text(column + 5);
  person.language = domain::language_or_polish(row.text(column + 6));
  if (!row.is_null(column + 7)) person.institution = read_institution_ref(row, column + 7);
  return person;
}

}  // namespace

domain::SessionId save_session(Connection& connection, const NewSession& session,
                               domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO session (token_hash, person_id, state, method, device, network, created_at, "
      "last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  require_live_person(connection, session.person);
  return domain::SessionId{connection.insert(
      kInsert, {session.token_hash, session.person, session.awaits_code ? "awaiting_code" : "open",
                session.method, session.device, session.network, now, now, now + kSessionLife})};
}

std::optional<OwnedSession> find_open_session(Connection& connection, std::string_view token_hash,
                                              domain::Instant now) {
  static const std::string kSelect =
      "SELECT " + std::string(kColumns) +
      ", p.id, p.full_name, p.email, p.position, p.unit, p.phone, p.language, " +
      std::string(kInstitutionRefColumns) +
      " FROM session s JOIN person p ON p.id = s.person_id AND p.erased_at IS NULL "
      "LEFT JOIN institution i ON i.id = p.institution_id WHERE s.token_hash = ? AND " +
      std::string(kOpen);
  const Rows rows = connection.query(kSelect, {token_hash, now, now - kSessionIdle});
  if (rows.empty()) return std::nullopt;
  return OwnedSession{read_session(rows[0]), read_person(rows[0], kColumnCount)};
}

std::vector<StoredSession> list_open_sessions(Connection& connection, domain::PersonId person,
                                              domain::Instant now) {
  static const std::string kSelect =
      "SELECT " + std::string(kColumns) + " FROM session s WHERE s.person_id = ? AND " +
      std::string(kOpen) + " ORDER BY s.last_seen_at DESC, s.id DESC";
  std::vector<StoredSession> sessions;
  for (const auto row : connection.query(kSelect, {person, now, now - kSessionIdle}))
    sessions.push_back(read_session(row));
  return sessions;
}

void note_session_used(Connection& connection, domain::SessionId session, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE session SET last_seen_at = ? WHERE id = ? AND last_seen_at <= ?";
  connection.execute(kUpdate, {now, session, now - kBetweenNotes});
}

std::optional<AwaitingSession> find_session_awaiting_code(Connection& connection,
                                                          std::string_view token_hash,
                                                          domain::Instant now) {
  constexpr std::string_view kSelect =
      "SELECT s.id, s.person_id FROM session s JOIN person p ON p.id = s.person_id "
      "AND p.erased_at IS NULL WHERE s.token_hash = ? AND s.state = 'awaiting_code' "
      "AND s.ended_at IS NULL AND s.created_at > ?";
  const Rows rows = connection.query(kSelect, {token_hash, now - kCodeLife});
  if (rows.empty()) return std::nullopt;
  return AwaitingSession{rows[0].id<domain::SessionId>(0), rows[0].id<domain::PersonId>(1)};
}

bool open_session(Connection& connection, domain::SessionId session,
                  std::string_view new_token_hash, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE session SET state = 'open', second_factor = 1, token_hash = ?, last_seen_at = ? "
      "WHERE id = ? AND state = 'awaiting_code' AND ended_at IS NULL AND created_at > ?";
  return connection.execute(kUpdate, {new_token_hash, now, session, now - kCodeLife}) == 1;
}

std::optional<domain::PersonId> find_session_owner(Connection& connection,
                                                   domain::SessionId session) {
  constexpr std::string_view kSelect = "SELECT person_id FROM session WHERE id = ?";
  const Rows rows = connection.query(kSelect, {session});
  if (rows.empty()) return std::nullopt;
  return rows[0].id<domain::PersonId>(0);
}

std::optional<AwaitingSession> find_unended_session(Connection& connection,
                                                    std::string_view token_hash) {
  constexpr std::string_view kSelect =
      "SELECT id, person_id FROM session WHERE token_hash = ? AND ended_at IS NULL";
  const Rows rows = connection.query(kSelect, {token_hash});
  if (rows.empty()) return std::nullopt;
  return AwaitingSession{rows[0].id<domain::SessionId>(0), rows[0].id<domain::PersonId>(1)};
}

bool end_session(Connection& connection, domain::SessionId session, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE session SET ended_at = ? WHERE id = ? AND ended_at IS NULL";
  return connection.execute(kUpdate, {now, session}) == 1;
}

int end_sessions(Connection& connection, domain::PersonId person,
                 std::optional<domain::SessionId> kept, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE session SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL AND expires_at > ? "
      "AND id <> ?";
  const std::int64_t none = 0;
  return static_cast<int>(
      connection.execute(kUpdate, {now, person, now, kept ? kept->value : none}));
}

NetworkKnowledge know_network(Connection& connection, domain::PersonId person,
                              const std::string& network, domain::Instant now) {
  // An account whose old sessions have been cleaned up is no new one.
  constexpr std::chrono::hours kNewAccount{1};
  constexpr std::string_view kSelect =
      "SELECT EXISTS (SELECT 1 FROM session WHERE person_id = ? AND network = ?), "
      "EXISTS (SELECT 1 FROM session WHERE person_id = ?) OR EXISTS (SELECT 1 FROM person WHERE "
      "id = ? AND email_proved_at < ?)";
  const Rows rows = connection.query(kSelect, {person, network, person, person, now - kNewAccount});
  if (rows[0].boolean(0)) return NetworkKnowledge::seen;
  return rows[0].boolean(1) ? NetworkKnowledge::new_network : NetworkKnowledge::never_signed_in;
}

bool has_one_time_code(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM credential WHERE person_id = ? AND totp_confirmed_at IS NOT NULL";
  return !connection.query(kSelect, {person}).empty();
}

std::optional<AccountHolder> find_account_holder(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT id, full_name, email, language FROM person WHERE id = ? AND erased_at IS NULL";
  const Rows rows = connection.query(kSelect, {person});
  if (rows.empty()) return std::nullopt;
  return AccountHolder{rows[0].id<domain::PersonId>(0), rows[0].text(1), rows[0].text(2),
                       domain::language_or_polish(rows[0].text(3))};
}

bool wants_notification(Connection& connection, domain::PersonId person, std::string_view kind,
                        bool otherwise) {
  constexpr std::string_view kSelect =
      "SELECT wanted FROM notification_choice WHERE person_id = ? AND kind = ?";
  const Rows rows = connection.query(kSelect, {person, kind});
  return rows.empty() ? otherwise : rows[0].boolean(0);
}

}  // namespace narada::storage
