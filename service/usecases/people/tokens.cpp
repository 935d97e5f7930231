#include "service/usecases/people/tokens.h"

#include <algorithm>

#include "service/domain/enum_names.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/owner_proof.h"
#include "service/usecases/people/strong_sign_in.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/credential_store.h"
#include "sql/person_store.h"
#include "sql/role_store.h"
#include "sql/stored_enum.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

constexpr TextBounds kNameOfToken{1, 200, true, false};
constexpr int kLongestDays = 365;
constexpr std::size_t kMostTokens = 50;

constexpr domain::EnumNames<TokenAccess, 2> kAccesses{{"read", "write"}};
static_assert(is_complete(kAccesses, TokenAccess::write));

TokenSummary summary_of(const storage::StoredApiToken& stored) {
  return {stored.id,
          stored.name,
          storage::stored_enum("api_token.access", stored.access, find_token_access),
          stored.created_at,
          stored.expires_at,
          stored.last_used_at};
}

// Whether every role that the person holds is in force for the actor.
bool holds_all_roles(const Actor& actor, const std::vector<RoleGrant>& held) {
  return std::all_of(held.begin(), held.end(), [&](const RoleGrant& grant) {
    return std::find(actor.grants.begin(), actor.grants.end(), grant) != actor.grants.end();
  });
}

bool is_strong_session(storage::Connection& connection, const Owner& owner) {
  const auto begun = storage::find_session_beginning(connection, owner.session, owner.person);
  return begun &&
         is_strong(storage::stored_enum("session.method", begun->method, find_sign_in_method),
                   begun->second_factor);
}

domain::Outcome<CreatedToken> save_own(storage::Connection& connection,
                                       const Environment& environment, const Call& call,
                                       const Owner& owner, storage::NewApiToken made,
                                       const std::string& token) {
  const auto now = environment.clock->now();
  const domain::PersonId person = owner.person;
  if (!holds_all_roles(call.actor, storage::list_grants(connection, person))) {
    return domain::Conflict{"roles_withheld"};
  }
  if (storage::list_api_tokens(connection, person, now, kMostTokens).size() == kMostTokens) {
    return domain::Conflict{"too_many_tokens"};
  }
  made.person = person;
  made.strong = is_strong_session(connection, owner);
  const auto id = storage::save_api_token(connection, made, now);
  record_activity(connection, environment, call, "token.created", "token", id.value, {},
                  R"({"access":")" + made.access + R"("})");
  return CreatedToken{id, token};
}

std::string write_created(const CreatedToken& created) {
  return std::to_string(created.id.value) + ' ' + created.token;
}

CreatedToken read_created(const std::string& text) {
  const auto blank = text.find(' ');
  return {domain::TokenId{std::stoll(text.substr(0, blank))}, text.substr(blank + 1)};
}

}  // namespace

std::string_view to_string(TokenAccess access) { return kAccesses.name_of(access); }

std::optional<TokenAccess> find_token_access(std::string_view name) { return kAccesses.find(name); }

domain::Instant expiry_after(int days, domain::Instant now, domain::FieldErrors& errors) {
  if (days < 1 || days > kLongestDays) {
    errors.push_back(
        {"days", "out_of_range", {{"min", "1"}, {"max", std::to_string(kLongestDays)}}});
    return now;
  }
  return now + std::chrono::hours(24) * days;
}

domain::Outcome<CreatedToken> create_own_token(const Environment& environment, const Call& call,
                                               const Owner& owner, const TokenForm& form,
                                               const std::string& current) {
  if (call.actor.kind != Actor::Kind::person || call.actor.person != owner.person)
    return domain::Forbidden{};
  domain::FieldErrors errors;
  storage::NewApiToken made;
  made.name = check_text(form.name, "name", kNameOfToken, errors);
  made.access = to_string(form.access);
  made.expires_at = expiry_after(form.days, environment.clock->now(), errors);
  if (!errors.empty()) return errors;
  if (const auto failure =
          find_missing_proof(environment, owner, find_standing(environment, owner), current))
    return *failure;
  const std::string token = make_token();
  made.hash = hash_token(token);
  return run_once<CreatedToken>(
      environment, call, "create_own_token",
      [&](storage::Connection& connection) {
        return save_own(connection, environment, call, owner, made, token);
      },
      write_created, read_created);
}

std::vector<TokenSummary> list_own_tokens(const Environment& environment, domain::PersonId person) {
  return read_database(environment, [&](storage::Connection& connection) {
    std::vector<TokenSummary> tokens;
    for (const auto& stored : storage::list_api_tokens(connection, person, environment.clock->now(),
                                                       static_cast<int>(kMostTokens))) {
      tokens.push_back(summary_of(stored));
    }
    return tokens;
  });
}

domain::Outcome<domain::TokenId> revoke_token(const Environment& environment, const Call& call,
                                              domain::TokenId id) {
  return run_once_for_id<domain::TokenId>(
      environment, call, "revoke_token",
      [&](storage::Connection& connection) -> domain::Outcome<domain::TokenId> {
        const auto now = environment.clock->now();
        const auto stored = storage::find_api_token(connection, id, now);
        if (!stored) return domain::NotFound{};
        const bool own =
            call.actor.person && !call.actor.read_only && stored->person == call.actor.person;
        if (!own && !can(call.actor, Action::manage_people, {})) return domain::NotFound{};
        if (storage::revoke_api_token(connection, id, now)) {
          record_activity(connection, environment, call, "token.revoked", "token", id.value);
        }
        return id;
      });
}

domain::Outcome<Bearer> find_bearer(const Environment& environment, const Actor& actor) {
  if (actor.kind != Actor::Kind::token) return domain::NotFound{};
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<Bearer> {
        const auto stored = storage::find_api_token(connection, domain::TokenId{actor.id},
                                                    environment.clock->now());
        if (!stored) return domain::NotFound{};
        Bearer bearer{summary_of(*stored), stored->person, {}, actor.grants};
        if (stored->person) {
          bearer.full_name = storage::find_full_name(connection, *stored->person).value_or("");
        }
        return bearer;
      });
}

}  // namespace narada::usecases
