#include "service/usecases/rate_limits.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "service/usecases/client_address.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/error.h"
#include "sql/rate_store.h"
#include "sql/session_store.h"
#include "sql/sign_in_store.h"

namespace narada::usecases {
namespace {

constexpr bool is_in_order() {
  for (std::size_t index = 0; index < kRateRules.size(); ++index)
    if (kRateRules[index].kind != static_cast<RateKind>(index)) return false;
  return true;
}
static_assert(is_in_order());

// Callers of one key may meet in its row; whoever comes second tries again.
std::optional<domain::Instant> take(const Environment& environment, const RateRule& rule,
                                    const std::string& key, domain::Instant now) {
  constexpr int kMostTries = 5;
  for (int tries = 1;; ++tries) {
    try {
      return read_database(environment, [&](storage::Connection& connection) {
        return storage::take_allowance(connection, key, rule.burst, rule.every, now);
      });
    } catch (const storage::Conflict&) {
      if (tries == kMostTries) throw;
    }
  }
}

using Counted = std::vector<std::pair<RateKind, std::string>>;

// Stops at the first that has nothing left: what comes after it is not used up.
Wait take_all(const Environment& environment, const Counted& counted) {
  for (const auto& [kind, who] : counted)
    if (const auto wait = take_allowance(environment, kind, who)) return wait;
  return std::nullopt;
}

std::string at(std::string_view what, std::string_view address) {
  return std::string(what) + ' ' + client_of(address);
}

}  // namespace

Wait take_allowance(const Environment& environment, RateKind kind, std::string_view who) {
  const auto& rule = rule_of(kind);
  const auto key = hash_token(std::string(rule.name) + '\n' + std::string(who));
  const auto now = environment.clock->now();
  const auto free_at = take(environment, rule, key, now);
  if (!free_at) return std::nullopt;
  return std::max(std::chrono::seconds(1), *free_at - now);
}

Wait limit_mail(const Environment& environment, std::string_view address) {
  return take_all(environment, {{RateKind::mail_of_client, client_of(address)},
                                {RateKind::mail_of_network, network_of(address)}});
}

Wait limit_sign_in_mail(const Environment& environment, std::string_view address) {
  return take_allowance(environment, RateKind::sign_in_mail_of_client, client_of(address));
}

Wait limit_mailbox(const Environment& environment, std::string_view email) {
  return take_allowance(environment, RateKind::sign_in_mail_of_mailbox, make_email_key(email));
}

Wait limit_wrong_link(const Environment& environment, std::string_view address) {
  return take_all(environment, {{RateKind::wrong_link_of_client, client_of(address)},
                                {RateKind::wrong_link_of_network, network_of(address)}});
}

Wait limit_password(const Environment& environment, std::string_view address,
                    std::string_view email) {
  const auto key = make_email_key(email);
  // Those first that hold wherever the try comes from: how many are left must not tell whether the
  // owner has been seen in this network.
  Counted counted{{RateKind::password_of_client, client_of(address)},
                  {RateKind::password_of_network, network_of(address)},
                  {RateKind::password_of_mailbox_at_client, at(key, address)}};
  const bool is_familiar = read_database(environment, [&](storage::Connection& connection) {
    return storage::is_familiar_network(connection, key, network_of(address));
  });
  if (!is_familiar) counted.emplace_back(RateKind::password_of_mailbox_elsewhere, key);
  return take_all(environment, counted);
}

Wait limit_one_time_code(const Environment& environment, std::string_view address,
                         domain::PersonId person) {
  const auto id = std::to_string(person.value);
  Counted counted{{RateKind::code_of_person_at_client, at(id, address)}};
  const auto knowledge = read_database(environment, [&](storage::Connection& connection) {
    return storage::is_familiar_network(connection, person, network_of(address));
  });
  if (!knowledge) counted.emplace_back(RateKind::code_of_person_elsewhere, id);
  return take_all(environment, counted);
}

}  // namespace narada::usecases
