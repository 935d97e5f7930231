#include "service/usecases/people/sessions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/domain/enum_names.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/account_mails.h"
#include "service/usecases/people/session_beginning.h"
#include "service/usecases/people/strong_sign_in.h"
#include "sql/role_store.h"
#include "sql/session_store.h"
#include "sql/stored_enum.h"

namespace narada::usecases {
namespace {

constexpr domain::EnumNames<SignInMethod, 3> kMethods{{"link", "password", "oidc"}};
static_assert(is_complete(kMethods, SignInMethod::oidc));

SignInMethod method_of(const storage::StoredSession& session) {
  return storage::stored_enum("session.method", session.method, find_sign_in_method);
}

void hand_out(const Environment& environment, std::vector<RoleGrant> grants, SignedIn& signed_in) {
  const bool withholds =
      environment.strong_sign_in && !is_strong(signed_in.method, signed_in.second_factor);
  for (auto& grant : grants) {
    auto& where = withholds && is_powerful(grant) ? signed_in.withheld : signed_in.actor.grants;
    where.push_back(grant);
  }
}

Device device_of(const storage::StoredSession& session) {
  return {session.device, session.network};
}

void announce_new_network(storage::Connection& connection, const Environment& environment,
                          domain::PersonId person, const Device& device) {
  using notifications::MailKind;
  const auto holder = storage::find_account_holder(connection, person);
  if (!holder) return;
  AccountMail mail;
  mail.kind = MailKind::new_sign_in;
  if (!storage::wants_notification(connection, person, to_string(mail.kind), true)) return;
  mail.person = person;
  mail.to_name = holder->full_name;
  mail.to_address = holder->email;
  mail.language = holder->language;
  mail.facts.device = device.name;
  mail.facts.network = device.network;
  mail.facts.happened = polish_time(environment.clock->now());
  mail.facts.url =
      environment.base_url + (mail.language == domain::Language::en ? "/en/moje" : "/moje");
  send_account_mail(connection, environment, mail);
}

void end_replaced(storage::Connection& connection, const Environment& environment, const Call& call,
                  std::string_view token) {
  if (token.empty()) return;
  const auto old = storage::find_unended_session(connection, hash_token(token));
  if (!old || !storage::end_session(connection, old->id, environment.clock->now())) return;
  record_activity(connection, environment, call, "session.ended", "session", old->id.value, {},
                  R"({"replaced":true})");
}

bool may_end_of(const Call& call, domain::PersonId owner) {
  return call.actor.person == owner || can(call.actor, Action::manage_people, {});
}

}  // namespace

std::string_view to_string(SignInMethod method) { return kMethods.name_of(method); }

std::optional<SignInMethod> find_sign_in_method(std::string_view name) {
  return kMethods.find(name);
}

std::optional<SignedIn> find_session(const Environment& environment, std::string_view token) {
  if (token.empty()) return std::nullopt;
  const auto now = environment.clock->now();
  return read_database(environment, [&](storage::Connection& connection) {
    std::optional<SignedIn> found;
    auto stored = storage::find_open_session(connection, hash_token(token), now);
    if (!stored) return found;
    SignedIn signed_in;
    signed_in.session = stored->session.id;
    signed_in.person = std::move(stored->person);
    signed_in.method = method_of(stored->session);
    signed_in.second_factor = stored->session.second_factor;
    signed_in.actor.kind = Actor::Kind::person;
    signed_in.actor.id = signed_in.person.id.value;
    signed_in.actor.person = signed_in.person.id;
    hand_out(environment, storage::list_grants(connection, signed_in.person.id), signed_in);
    if (stored->session.last_seen_at <= now - storage::kBetweenNotes)
      storage::note_session_used(connection, signed_in.session, now);
    found = std::move(signed_in);
    return found;
  });
}

NewSession begin_session_in(storage::Connection& connection, const Environment& environment,
                            const Call& call, domain::PersonId person, SignInMethod method,
                            const Device& device, std::string_view replaced) {
  const auto now = environment.clock->now();
  end_replaced(connection, environment, call, replaced);
  NewSession begun;
  begun.token = make_token();
  begun.person = person;
  begun.code_due = storage::has_one_time_code(connection, person);
  const auto knowledge = storage::know_network(connection, person, device.network, now);
  const auto id = storage::save_session(connection,
                                        {hash_token(begun.token), person, begun.code_due,
                                         to_string(method), device.name, device.network},
                                        now);
  Call own = call;
  own.actor = Actor{Actor::Kind::person, person.value};
  record_activity(connection, environment, own, "session.begun", "session", id.value, {},
                  R"({"method":")" + std::string(to_string(method)) + R"("})");
  if (knowledge == storage::NetworkKnowledge::new_network)
    announce_new_network(connection, environment, person, device);
  return begun;
}

std::string write_new_session(const NewSession& session, domain::Instant now) {
  return nlohmann::json{{"token", session.token},
                        {"code_due", session.code_due},
                        {"person", session.person.value},
                        {"at", now.time_since_epoch().count()}}
      .dump();
}

NewSession read_new_session(const std::string& text, domain::Instant now) {
  constexpr std::chrono::minutes kDoubleClick{5};
  const auto json = nlohmann::json::parse(text);
  // Results from before there was a time in them are older than that.
  const domain::Instant at(std::chrono::seconds(json.value("at", std::int64_t{0})));
  if (now - at > kDoubleClick) return {};
  return {json.at("token"), json.at("code_due"), domain::PersonId{json.at("person")}};
}

domain::Outcome<NewSession> begin_session(const Environment& environment, const Call& call,
                                          domain::PersonId person, SignInMethod method,
                                          const Device& device, std::string_view replaced) {
  return sign_in_once(environment, call, "begin_session",
                      [&](storage::Connection& connection) -> domain::Outcome<NewSession> {
                        if (!storage::find_account_holder(connection, person))
                          return domain::NotFound{};
                        return begin_session_in(connection, environment, call, person, method,
                                                device, replaced);
                      });
}

std::vector<SessionSummary> list_sessions(const Environment& environment, domain::PersonId person) {
  return read_database(environment, [&](storage::Connection& connection) {
    std::vector<SessionSummary> summaries;
    for (const auto& stored :
         storage::list_open_sessions(connection, person, environment.clock->now())) {
      summaries.push_back({stored.id, method_of(stored), stored.second_factor, device_of(stored),
                           stored.created_at, stored.last_seen_at, stored.expires_at});
    }
    return summaries;
  });
}

domain::Outcome<domain::SessionId> end_session(const Environment& environment, const Call& call,
                                               domain::SessionId session) {
  return run_once_for_id<domain::SessionId>(
      environment, call, "end_session",
      [&](storage::Connection& connection) -> domain::Outcome<domain::SessionId> {
        const auto owner = storage::find_session_owner(connection, session);
        if (!owner || !may_end_of(call, *owner)) return domain::NotFound{};
        if (storage::end_session(connection, session, environment.clock->now()))
          record_activity(connection, environment, call, "session.ended", "session", session.value);
        return session;
      });
}

domain::Outcome<int> end_sessions(const Environment& environment, const Call& call,
                                  domain::PersonId person, std::optional<domain::SessionId> kept) {
  return run_once<int>(
      environment, call, "end_sessions",
      [&](storage::Connection& connection) -> domain::Outcome<int> {
        if (!may_end_of(call, person)) return domain::NotFound{};
        const int ended = storage::end_sessions(connection, person, kept, environment.clock->now());
        if (ended > 0)
          record_activity(connection, environment, call, "sessions.ended", "person", person.value,
                          {}, R"({"ended":)" + std::to_string(ended) + "}");
        return ended;
      },
      [](int ended) { return std::to_string(ended); },
      [](const std::string& text) { return std::stoi(text); });
}

}  // namespace narada::usecases
