#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "service/domain/ids.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// How much of something one address, network or mailbox may do. Kept in the database, so that every
// process of an installation counts the same; by digests, so that no address stands there.

// What is counted, of whom.
enum class RateKind {
  mail_of_client,  // requests that make somebody get mail: registrations, cancellations…
  mail_of_network,
  sign_in_mail_of_client,  // asking for a sign-in link, besides the two above
  sign_in_mail_of_mailbox,
  wrong_link_of_client,  // links that are no links (any more)
  wrong_link_of_network,
  password_of_client,
  password_of_network,
  password_of_mailbox_at_client,  // one client's tries at one mailbox
  password_of_mailbox_elsewhere,  // all tries at one mailbox from networks new to it, together
  code_of_person_at_client,
  code_of_person_elsewhere,
};

// `burst` at once, then one more every `every`.
struct RateRule {
  RateKind kind;
  std::string_view name;  // in the digest of the key: never changed
  int burst;
  std::chrono::seconds every;
};

// An office sends a delegation from one address, so a client's burst is a delegation's size.
// sign_in_mail_of_mailbox: a mailbox whose allowance is used up got a link less than ten minutes
// ago, which still works (15 minutes), so that nobody keeps its owner out by asking for links.
inline constexpr std::array<RateRule, 12> kRateRules{{
    {RateKind::mail_of_client, "mail/client", 60, std::chrono::seconds(5)},
    {RateKind::mail_of_network, "mail/network", 300, std::chrono::seconds(1)},
    {RateKind::sign_in_mail_of_client, "sign_in_mail/client", 30, std::chrono::seconds(20)},
    {RateKind::sign_in_mail_of_mailbox, "sign_in_mail/mailbox", 5, std::chrono::minutes(10)},
    {RateKind::wrong_link_of_client, "wrong_link/client", 30, std::chrono::seconds(20)},
    {RateKind::wrong_link_of_network, "wrong_link/network", 120, std::chrono::seconds(5)},
    {RateKind::password_of_client, "password/client", 40, std::chrono::seconds(15)},
    {RateKind::password_of_network, "password/network", 120, std::chrono::seconds(5)},
    {RateKind::password_of_mailbox_at_client, "password/mailbox+client", 8,
     std::chrono::minutes(1)},
    {RateKind::password_of_mailbox_elsewhere, "password/mailbox", 60, std::chrono::minutes(2)},
    {RateKind::code_of_person_at_client, "code/person+client", 8, std::chrono::minutes(2)},
    {RateKind::code_of_person_elsewhere, "code/person", 30, std::chrono::minutes(10)},
}};
constexpr const RateRule& rule_of(RateKind kind) {
  return kRateRules[static_cast<std::size_t>(kind)];
}

// Absent: it may go on, and has been counted. Else how long to wait, at least a second. All throw
// Unavailable when the database cannot be reached. `address` is the client's.
using Wait = std::optional<std::chrono::seconds>;

Wait take_allowance(const Environment&, RateKind, std::string_view who);

Wait limit_mail(const Environment&, std::string_view address);
Wait limit_sign_in_mail(const Environment&, std::string_view address);
Wait limit_mailbox(const Environment&, std::string_view email);
// After a link that did not work; one that works is never held up.
Wait limit_wrong_link(const Environment&, std::string_view address);
// Before a password or one-time code is looked at. Tries from a network in which the owner of the
// mailbox has signed in before do not count with those from elsewhere: strangers can use up what is
// left to strangers, not what the owner has.
Wait limit_password(const Environment&, std::string_view address, std::string_view email);
Wait limit_one_time_code(const Environment&, std::string_view address, domain::PersonId person);

}  // namespace narada::usecases
