#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// Sessions of browsers. Their tokens are stored as SHA-256 (32 bytes) only. A session is over once
// it has ended, once it lay idle or once its time is up.

inline constexpr std::chrono::hours kSessionIdle{12};
inline constexpr std::chrono::hours kSessionLife{14 * 24};
inline constexpr std::chrono::minutes kBetweenNotes{5};
// How long the one-time code may be due.
inline constexpr std::chrono::minutes kCodeLife{10};

struct NewSession {
  std::string token_hash;
  domain::PersonId person;
  bool awaits_code = false;
  std::string_view method;
  std::string device;
  std::string network;
};
domain::SessionId save_session(Connection& connection, const NewSession& session,
                               domain::Instant now);

struct StoredSession {
  domain::SessionId id;
  std::string method;
  bool second_factor = false;
  std::string device;
  std::string network;
  domain::Instant created_at{};
  domain::Instant last_seen_at{};
  domain::Instant expires_at{};
};
struct OwnedSession {
  StoredSession session;
  domain::Person person;
};
// Open, of a person who has not been erased.
std::optional<OwnedSession> find_open_session(Connection& connection, std::string_view token_hash,
                                              domain::Instant now);
// What is open of the person, the latest used first.
std::vector<StoredSession> list_open_sessions(Connection& connection, domain::PersonId person,
                                              domain::Instant now);
// At most every kBetweenNotes.
void note_session_used(Connection& connection, domain::SessionId session, domain::Instant now);

// A session whose one-time code is due.
struct AwaitingSession {
  domain::SessionId id;
  domain::PersonId person;
};
std::optional<AwaitingSession> find_session_awaiting_code(Connection& connection,
                                                          std::string_view token_hash,
                                                          domain::Instant now);
// The code was right: the session opens under a new token. False when its code is not due.
bool open_session(Connection& connection, domain::SessionId session,
                  std::string_view new_token_hash, domain::Instant now);

// The person of a session, in whatever state, ended or not.
std::optional<domain::PersonId> find_session_owner(Connection& connection,
                                                   domain::SessionId session);
std::optional<AwaitingSession> find_unended_session(Connection& connection,
                                                    std::string_view token_hash);
// False when it had ended.
bool end_session(Connection& connection, domain::SessionId session, domain::Instant now);
// All of the person but `kept`; how many ended.
int end_sessions(Connection& connection, domain::PersonId person,
                 std::optional<domain::SessionId> kept, domain::Instant now);

// What is known of where a person has signed in before.
enum class NetworkKnowledge { never_signed_in, seen, new_network };
NetworkKnowledge know_network(Connection& connection, domain::PersonId person,
                              const std::string& network, domain::Instant now);

// Whether the person has a confirmed one-time code.
bool has_one_time_code(Connection& connection, domain::PersonId person);

// Who signs in, for mails about the account; absent when unknown or erased.
struct AccountHolder {
  domain::PersonId id;
  std::string full_name;
  std::string email;
  domain::Language language = domain::Language::pl;
};
std::optional<AccountHolder> find_account_holder(Connection& connection, domain::PersonId person);
// Whether the person wants mails of the kind; `otherwise` when nothing was chosen.
bool wants_notification(Connection& connection, domain::PersonId person, std::string_view kind,
                        bool otherwise);

}  // namespace narada::storage
