#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/time.h"

namespace narada::storage {
class Pool;
}

namespace narada::usecases {

class CatalogueCache;
class RegistrationMemory;
std::shared_ptr<RegistrationMemory> make_registration_memory();

// What every use case works with. Built once in main(); outlives every call. Thread-safe.
struct Environment {
  storage::Pool* pool = nullptr;
  const domain::Clock* clock = nullptr;
  std::string base_url;   // "https://narada.example", without a slash at the end
  std::string mail_from;  // addr-spec of the sender, also ORGANIZER
  std::string mail_from_name;
  int hold_seconds = 0;  // before the mails of a change leave
  int mail_give_up_hours = 120;
  CatalogueCache* catalogue = nullptr;  // absent: every public page asks the database
  // Copies of an environment share it, so they must stand on the same database.
  std::shared_ptr<RegistrationMemory> registrations = make_registration_memory();
};

enum class Role { admin, organizer, expert, coordinator, official };
std::string_view to_string(Role role);
std::optional<Role> find_role(std::string_view name);

// Who acts. Anonymous: a visitor of the public pages. Manage: the holder of a /z/ link.
struct Actor {
  enum class Kind { anonymous, manage, token, person, system };
  Kind kind = Kind::anonymous;
  std::int64_t id = 0;  // of the token or person
  std::optional<Role> role;

  bool can_organize() const {
    return role == Role::admin || role == Role::organizer || kind == Kind::system;
  }
  std::string text() const;  // "token:3", for the activity log
};

// What surrounds one call of a use case that writes.
struct Call {
  Actor actor;
  std::string request_id;
  domain::Language language = domain::Language::pl;
  // Set: the caller's Idempotency-Key and a digest of the request. The same key with the same
  // digest returns the first result; with another digest OperationReused. Keys are scoped to the
  // actor.
  std::optional<std::string> idempotency_key;
  std::string request_digest;
};

// 256 random bits, base64url without padding (43 characters).
std::string make_token();
// SHA-256, 32 bytes.
std::string hash_token(std::string_view token);
// Random UUID for a calendar UID: "3f2c…@host-of-base-url".
std::string make_uid(const Environment& environment);

}  // namespace narada::usecases
