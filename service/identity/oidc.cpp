#include "service/identity/oidc.h"

#include <sodium.h>

#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <semaphore>
#include <stdexcept>

#include "service/identity/id_token.h"
#include "service/identity/percent_encoding.h"
#include "service/identity/provider_client.h"
#include "service/identity/provider_description.h"

namespace narada::identity {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::hours kKept{1};            // description and keys
constexpr std::chrono::seconds kQuiet{10};        // after a failure
constexpr std::chrono::seconds kBetweenKeys{60};  // two looks for an unknown key
constexpr std::chrono::seconds kTurn{2};          // how long one waits for another's question
constexpr int kQuestions = 4;                     // codes exchanged at once: each holds a thread
constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kLongestCode = 2048;  // bytes

std::string base64url(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();  // the terminating NUL
  return text;
}

std::string random_text() {
  std::string bytes(kRandomBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return base64url(bytes);
}

std::string challenge_of(const std::string& verifier) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size());
  return base64url(digest);
}

// An error code as a log may keep it (RFC 6749 5.2 names a handful of words).
std::string loggable(const std::string& code) {
  const bool is_word = !code.empty() && code.size() <= 60 &&
                       code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
  return is_word ? code : "an unknown error";
}

std::string text_in(const std::string& body, const char* name) {
  const auto object = nlohmann::json::parse(body, nullptr, false);
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Gives a place back that was taken.
class Place {
 public:
  explicit Place(std::counting_semaphore<kQuestions>& places)
      : places_(places), is_taken_(places.try_acquire_for(kTurn)) {}
  ~Place() {
    if (is_taken_) places_.release();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool is_taken() const { return is_taken_; }

 private:
  std::counting_semaphore<kQuestions>& places_;
  const bool is_taken_;
};

}  // namespace

class OidcProvider::Impl {
 public:
  Impl(OidcSettings settings, const domain::Clock& clock)
      : settings_(std::move(settings)), clock_(clock), client_(settings_.authorities) {}

  const OidcSettings& settings() const { return settings_; }

  std::shared_ptr<const ProviderDescription> find_description();
  std::variant<PersonClaims, OidcFailure> exchange_code(const ProviderDescription& description,
                                                        const OidcReturn& answer,
                                                        const OidcStart& start);
  void report(const std::string& line) const {
    if (settings_.report) settings_.report("OpenID Connect: " + line);
  }

 private:
  template <class Value>
  struct Kept {
    std::shared_ptr<const Value> value;
    Steady::time_point fetched{};
    Steady::time_point failed{};

    bool is_fresh(Steady::time_point now) const { return value && now - fetched < kKept; }
    bool is_quiet(Steady::time_point now) const {
      return failed != Steady::time_point{} && now - failed < kQuiet;
    }
  };

  std::shared_ptr<const std::string> find_keys(const std::string& url, bool again);
  std::optional<std::string> exchange(const ProviderDescription& description,
                                      const OidcReturn& answer, const OidcStart& start,
                                      OidcFailure& failure) const;
  std::variant<PersonClaims, IdTokenFlaw> read_token(const ProviderDescription& description,
                                                     const std::string& token,
                                                     const OidcStart& start);
  PersonClaims ask_userinfo(const ProviderDescription& description, const std::string& access_token,
                            PersonClaims claims) const;

  const OidcSettings settings_;
  const domain::Clock& clock_;
  const ProviderClient client_;
  std::counting_semaphore<kQuestions> places_{kQuestions};
  std::timed_mutex mutex_;  // of what follows; held while it is fetched, so that one asks for all
  Kept<ProviderDescription> description_;
  Kept<std::string> keys_;
  Steady::time_point asked_again_ = Steady::now() - kBetweenKeys;  // for a key that was not there
};

std::shared_ptr<const ProviderDescription> OidcProvider::Impl::find_description() {
  const std::unique_lock lock(mutex_, kTurn);
  if (!lock) return nullptr;
  const auto now = Steady::now();
  if (description_.is_fresh(now)) return description_.value;
  if (description_.is_quiet(now)) return nullptr;
  const bool has_slash = settings_.issuer.ends_with('/');
  const auto answer =
      client_.get(settings_.issuer + (has_slash ? "" : "/") + ".well-known/openid-configuration");
  std::optional<ProviderDescription> read;
  if (answer && answer->status == 200)
    read = read_provider_description(answer->body, settings_.issuer);
  if (!read) {
    description_.failed = Steady::now();
    report(!answer ? "the provider does not answer"
                   : "the provider's description cannot be used (status " +
                         std::to_string(answer->status) + ")");
    return nullptr;
  }
  description_ = {std::make_shared<const ProviderDescription>(*read), Steady::now(), {}};
  return description_.value;
}

std::shared_ptr<const std::string> OidcProvider::Impl::find_keys(const std::string& url,
                                                                 bool again) {
  const std::unique_lock lock(mutex_, kTurn);
  if (!lock) return nullptr;
  const auto now = Steady::now();
  const bool may_ask_again = again && now - asked_again_ >= kBetweenKeys;
  if (keys_.is_fresh(now) && !may_ask_again) return keys_.value;
  if (keys_.is_quiet(now)) return keys_.is_fresh(now) ? keys_.value : nullptr;
  if (again) asked_again_ = now;
  const auto answer = client_.get(url);
  if (!answer || answer->status != 200) {
    keys_.failed = Steady::now();
    report("the provider's keys cannot be fetched");
    return keys_.is_fresh(now) ? keys_.value : nullptr;
  }
  keys_ = {std::make_shared<const std::string>(answer->body), Steady::now(), {}};
  return keys_.value;
}

// The body of the token endpoint's answer; absent with `failure` set.
std::optional<std::string> OidcProvider::Impl::exchange(const ProviderDescription& description,
                                                        const OidcReturn& answer,
                                                        const OidcStart& start,
                                                        OidcFailure& failure) const {
  ProviderClient::Form form;
  form.fields = {{"grant_type", "authorization_code"},
                 {"code", answer.code},
                 {"redirect_uri", settings_.return_url},
                 {"code_verifier", start.verifier}};
  if (description.takes_basic && !settings_.client_secret.empty()) {
    form.basic_user = settings_.client_id;
    form.basic_password = settings_.client_secret;
  } else {
    form.fields.emplace_back("client_id", settings_.client_id);
    if (!settings_.client_secret.empty())
      form.fields.emplace_back("client_secret", settings_.client_secret);
  }
  const auto tokens = client_.post(description.token_url, form);
  if (tokens && tokens->status == 200) return tokens->body;
  const bool is_refused = tokens && tokens->status >= 400 && tokens->status < 500;
  failure = is_refused ? OidcFailure::refused : OidcFailure::unavailable;
  report(!tokens ? "the token endpoint does not answer"
                 : "the token endpoint answers " + std::to_string(tokens->status) + ", " +
                       loggable(text_in(tokens->body, "error")));
  return std::nullopt;
}

std::variant<PersonClaims, IdTokenFlaw> OidcProvider::Impl::read_token(
    const ProviderDescription& description, const std::string& token, const OidcStart& start) {
  const IdTokenRules rules{settings_.issuer, settings_.client_id, start.nonce, clock_.now()};
  const auto keys = find_keys(description.keys_url, false);
  if (!keys) return IdTokenFlaw::unknown_key;
  auto read = read_id_token(token, *keys, rules);
  const auto* flaw = std::get_if<IdTokenFlaw>(&read);
  if (flaw == nullptr || *flaw != IdTokenFlaw::unknown_key) return read;
  const auto newer = find_keys(description.keys_url, true);  // the provider changed its keys
  if (!newer || newer == keys) return read;
  return read_id_token(token, *newer, rules);
}

// What the ID token left out, when the provider has it (OpenID Connect Core 5.3.2).
PersonClaims OidcProvider::Impl::ask_userinfo(const ProviderDescription& description,
                                              const std::string& access_token,
                                              PersonClaims claims) const {
  const bool is_complete = !claims.email.empty() && !claims.full_name.empty();
  if (is_complete || description.userinfo_url.empty() || access_token.empty()) return claims;
  const auto answer = client_.get(description.userinfo_url, access_token);
  if (!answer || answer->status != 200) return claims;
  const auto more = read_person_claims(answer->body);
  if (more.subject != claims.subject) return claims;
  if (claims.email.empty()) {
    claims.email = more.email;
    claims.email_verified = more.email_verified;
  }
  if (claims.full_name.empty()) claims.full_name = more.full_name;
  return claims;
}

std::variant<PersonClaims, OidcFailure> OidcProvider::Impl::exchange_code(
    const ProviderDescription& description, const OidcReturn& answer, const OidcStart& start) {
  const Place place(places_);
  if (!place.is_taken()) return OidcFailure::unavailable;
  OidcFailure failure{};
  const auto body = exchange(description, answer, start, failure);
  if (!body) return failure;
  auto read = read_token(description, text_in(*body, "id_token"), start);
  if (const auto* flaw = std::get_if<IdTokenFlaw>(&read)) {
    report("the ID token is refused: " + std::string(to_string(*flaw)));
    return OidcFailure::untrusted;
  }
  return ask_userinfo(description, text_in(*body, "access_token"),
                      std::get<PersonClaims>(std::move(read)));
}

OidcProvider::OidcProvider(OidcSettings settings, const domain::Clock& clock) {
  if (sodium_init() < 0) throw std::runtime_error("no source of random numbers");
  if (!is_provider_url(settings.issuer)) throw std::invalid_argument("must be an https:// address");
  if (settings.client_id.empty()) throw std::invalid_argument("needs a client id");
  impl_ = std::make_unique<Impl>(std::move(settings), clock);
}

OidcProvider::~OidcProvider() = default;

const std::string& OidcProvider::name() const { return impl_->settings().name; }
const std::string& OidcProvider::issuer() const { return impl_->settings().issuer; }

std::variant<OidcStart, OidcFailure> OidcProvider::begin() {
  const auto description = impl_->find_description();
  if (!description) return OidcFailure::unavailable;
  OidcStart start;
  start.state = random_text();
  start.nonce = random_text();
  start.verifier = random_text();
  const auto& settings = impl_->settings();
  const auto& url = description->authorization_url;
  start.url = url + (url.find('?') == std::string::npos ? "?" : "&") + "response_type=code" +
              "&client_id=" + percent_encode(settings.client_id) +
              "&redirect_uri=" + percent_encode(settings.return_url) +
              "&scope=openid%20email%20profile&state=" + start.state + "&nonce=" + start.nonce +
              "&code_challenge=" + challenge_of(start.verifier) + "&code_challenge_method=S256";
  return start;
}

std::variant<OidcIdentity, OidcFailure> OidcProvider::finish(const OidcReturn& answer,
                                                             const OidcStart& start) {
  const auto description = impl_->find_description();
  if (!description) return OidcFailure::unavailable;
  // RFC 9207: an answer of another provider is none, whatever is in it.
  const bool is_silent = answer.issuer.empty() && !description->names_itself;
  if (answer.issuer != issuer() && !is_silent) return OidcFailure::untrusted;
  if (!answer.error.empty()) {
    impl_->report("the provider refuses: " + loggable(answer.error));
    return OidcFailure::refused;
  }
  if (answer.code.empty() || answer.code.size() > kLongestCode) return OidcFailure::refused;
  auto read = impl_->exchange_code(*description, answer, start);
  if (const auto* failure = std::get_if<OidcFailure>(&read)) return *failure;
  const auto& claims = std::get<PersonClaims>(read);
  if (claims.email.empty() || claims.full_name.empty()) return OidcFailure::incomplete;
  if (!claims.email_verified) return OidcFailure::unverified;
  return OidcIdentity{issuer(), claims.subject, claims.email, claims.full_name};
}

}  // namespace narada::identity
