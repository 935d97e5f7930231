#include "service/usecases/people/oidc_sign_in.h"

#include <sodium.h>

#include <nlohmann/json.hpp>

#include "service/identity/oidc.h"
#include "service/identity/sealing.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/return_path.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/credential_mails.h"
#include "service/usecases/people/session_beginning.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/credential_store.h"
#include "sql/error.h"
#include "sql/person_store.h"
#include "sql/sign_in_store.h"

namespace narada::usecases {
namespace {

constexpr int kBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t kLongestKept = 4096;  // characters; what a cookie may hold
// What is sealed here is of no use where other things are unsealed.
constexpr std::string_view kMark = "oidc:";

struct Kept {
  identity::OidcStart start;
  OidcOrigin origin;
  domain::Instant until{};
};

std::string encode(std::string_view bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kBase64);
  text.pop_back();  // the terminating NUL
  return text;
}

std::optional<std::string> decode(const std::string& text) {
  if (text.empty() || text.size() > kLongestKept) return std::nullopt;
  std::string bytes(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &length, nullptr, kBase64) != 0)
    return std::nullopt;
  bytes.resize(length);
  return bytes;
}

std::string keep(const Environment& environment, const Kept& kept) {
  const nlohmann::json json{{"state", kept.start.state},
                            {"nonce", kept.start.nonce},
                            {"verifier", kept.start.verifier},
                            {"return_to", kept.origin.return_to},
                            {"language", domain::to_string(kept.origin.language)},
                            {"until", kept.until.time_since_epoch().count()}};
  return encode(identity::seal(std::string(kMark) + json.dump(), environment.secret_key));
}

// Absent for anything that keep() did not make with this installation's key.
std::optional<Kept> read_kept(const Environment& environment, const std::string& text) {
  const auto sealed = decode(text);
  const auto plain = sealed ? identity::unseal(*sealed, environment.secret_key) : std::nullopt;
  if (!plain || !plain->starts_with(kMark)) return std::nullopt;
  const auto json = nlohmann::json::parse(plain->substr(kMark.size()));
  Kept kept;
  kept.start.state = json.at("state");
  kept.start.nonce = json.at("nonce");
  kept.start.verifier = json.at("verifier");
  kept.origin.return_to = json.at("return_to");
  kept.origin.language = domain::language_or_polish(json.at("language").get<std::string>());
  kept.until = domain::Instant(std::chrono::seconds(json.at("until").get<std::int64_t>()));
  return kept;
}

bool is_same(const std::string& left, const std::string& right) {
  return !left.empty() && left.size() == right.size() &&
         sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

domain::Conflict conflict_of(identity::OidcFailure failure) {
  switch (failure) {
    case identity::OidcFailure::unavailable:
      return {"oidc_unavailable"};
    case identity::OidcFailure::refused:
      return {"oidc_refused"};
    case identity::OidcFailure::untrusted:
      return {"oidc_untrusted"};
    case identity::OidcFailure::unverified:
      return {"oidc_unverified"};
    case identity::OidcFailure::incomplete:
      return {"oidc_incomplete"};
  }
  return {"oidc_untrusted"};
}

// What the directory says, held to the rules of every form. Absent when it breaks one.
std::optional<storage::NewPerson> checked_person(const identity::OidcIdentity& identity,
                                                 domain::Language language) {
  domain::FieldErrors errors;
  storage::NewPerson person;
  person.full_name = check_text(identity.full_name, "full_name", kNameBounds, errors);
  person.email = check_email(identity.email, errors);
  if (!errors.empty()) return std::nullopt;
  person.name_key = make_name_key(person.full_name);
  person.email_key = make_email_key(person.email);
  person.language = language;
  return person;
}

struct Arrival {
  storage::Connection& connection;
  const Environment& environment;
  const Call& call;
  const identity::OidcIdentity& identity;
  const storage::NewPerson& person;
  const Device& device;
};

struct Arrived {
  domain::PersonId id;
  bool is_new = false;
};

Arrived find_or_add(const Arrival& arrival) {
  const auto now = arrival.environment.clock->now();
  if (const auto known = storage::find_person(arrival.connection, arrival.person))
    return {known->id, false};
  const auto id = storage::save_person(arrival.connection, arrival.person, now);
  storage::save_account_acceptance(arrival.connection, id, now);
  record_activity(arrival.connection, arrival.environment, arrival.call, "person.joined", "person",
                  id.value);
  return {id, true};
}

domain::PersonId map_person(const Arrival& arrival) {
  const auto now = arrival.environment.clock->now();
  const auto& [issuer, subject, email, name] = arrival.identity;
  if (const auto known = storage::find_external_person(arrival.connection, issuer, subject))
    return *known;
  const auto [person, is_new] = find_or_add(arrival);
  try {
    storage::save_external_identity(arrival.connection, person, issuer, subject, now);
  } catch (const storage::Duplicate&) {  // by another browser of theirs, a moment ago
    const auto known = storage::find_external_person(arrival.connection, issuer, subject);
    if (!known) throw;
    return *known;
  }
  record_activity(arrival.connection, arrival.environment, arrival.call, "person.directory_linked",
                  "person", person.value);
  storage::save_email_proved(arrival.connection, person, now);
  if (!is_new)
    tell_credentials_changed(arrival.connection, arrival.environment, person, "directory_linked",
                             {arrival.device.name, arrival.device.network});
  return person;
}

}  // namespace

std::optional<std::string> find_directory_name(const Environment& environment) {
  if (environment.oidc == nullptr) return std::nullopt;
  return environment.oidc->name();
}

domain::Outcome<OidcBeginning> begin_oidc(const Environment& environment,
                                          std::string_view return_to, domain::Language language) {
  if (environment.oidc == nullptr) return domain::NotFound{};
  auto begun = environment.oidc->begin();
  if (const auto* failure = std::get_if<identity::OidcFailure>(&begun))
    return conflict_of(*failure);
  auto& start = std::get<identity::OidcStart>(begun);
  const auto url = std::move(start.url);
  return OidcBeginning{url, keep(environment, {std::move(start),
                                               {local_return_path(return_to), language},
                                               environment.clock->now() + kOidcLife})};
}

OidcOrigin read_oidc_origin(const Environment& environment, const std::string& kept) {
  const auto read = read_kept(environment, kept);
  return read ? read->origin : OidcOrigin{};
}

domain::Outcome<NewSession> finish_oidc(const Environment& environment, const Call& call,
                                        const OidcCallback& callback, const Device& device,
                                        std::string_view replaced) {
  if (environment.oidc == nullptr) return domain::NotFound{};
  const auto kept = read_kept(environment, callback.kept);
  if (!kept || kept->until <= environment.clock->now() ||
      !is_same(callback.state, kept->start.state))
    return domain::Conflict{"oidc_expired"};
  const auto answer =
      environment.oidc->finish({callback.code, callback.error, callback.issuer}, kept->start);
  if (const auto* failure = std::get_if<identity::OidcFailure>(&answer))
    return conflict_of(*failure);
  const auto& identity = std::get<identity::OidcIdentity>(answer);
  const auto person = checked_person(identity, kept->origin.language);
  if (!person) return domain::Conflict{"oidc_incomplete"};
  return sign_in_once(
      environment, call, "oidc_sign_in",
      [&](storage::Connection& connection) -> domain::Outcome<NewSession> {
        const auto id = map_person({connection, environment, call, identity, *person, device});
        return begin_session_in(connection, environment, call, id, SignInMethod::oidc, device,
                                replaced);
      });
}

}  // namespace narada::usecases
