#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Sessions live in the database; a browser holds 256 random bits, the database their SHA-256. A
// session ends by its owner, after 12 hours without a request, or 14 days after it began.

enum class SignInMethod { link, password, oidc };
std::string_view to_string(SignInMethod method);
std::optional<SignInMethod> find_sign_in_method(std::string_view name);

// What the browser says of itself and where it stands; shown to the owner, so that a stranger's
// session is recognized.
struct Device {
  std::string name;     // "Firefox, Windows"; at most 200 characters
  std::string network;  // "192.0.2.0/24", "2001:db8:1::/48"
};

struct SignedIn {
  Actor actor;  // kind person, with the roles in force in this session
  domain::SessionId session;
  domain::Person person;
  SignInMethod method = SignInMethod::link;
  bool second_factor = false;
  // Roles held but not in force, because Environment::strong_sign_in wants more than this session
  // gave. The person's pages say how to get there.
  std::vector<RoleGrant> withheld;
};
// By the value of the cookie. Absent when unknown, ended, expired, or when its one-time code is
// still due. Notes at most every five minutes that the session was used.
std::optional<SignedIn> find_session(const Environment&, std::string_view token);

struct NewSession {
  std::string token;      // of the cookie; returned once
  bool code_due = false;  // the person has a one-time code: the session opens nothing without
  domain::PersonId person;
};
// Begins a session of somebody who has proved who they are; the one that the browser had before
// (`replaced`, the old cookie's value) ends in the same transaction. Writes activity
// session.begun, and a notice by mail when the person has never signed in from this network
// (notification "new_sign_in").
domain::Outcome<NewSession> begin_session(const Environment&, const Call&, domain::PersonId,
                                          SignInMethod, const Device&, std::string_view replaced);

struct SessionSummary {
  domain::SessionId id;
  SignInMethod method = SignInMethod::link;
  bool second_factor = false;
  Device device;
  domain::Instant created_at{};
  domain::Instant last_seen_at{};
  domain::Instant expires_at{};
};
// Of the person, those that are open; the latest used first.
std::vector<SessionSummary> list_sessions(const Environment&, domain::PersonId);
// The owner's, or an admin. NotFound for another's; twice is once.
domain::Outcome<domain::SessionId> end_session(const Environment&, const Call&, domain::SessionId);
// All of a person's but `kept`; how many ended.
domain::Outcome<int> end_sessions(const Environment&, const Call&, domain::PersonId,
                                  std::optional<domain::SessionId> kept);

}  // namespace narada::usecases
