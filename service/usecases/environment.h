#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/permissions.h"
#include "service/domain/quiet_hours.h"
#include "service/domain/reminder.h"
#include "service/domain/retention.h"
#include "service/domain/time.h"

namespace narada::storage {
class Pool;
}

namespace narada::identity {
class OidcProvider;
}

namespace narada::files {
class BlobStore;
}

namespace narada::usecases {

// How much may be brought, octets.
struct MaterialLimits {
  std::uint64_t file = std::uint64_t{2} << 30;
  std::uint64_t form = std::uint64_t{50} << 20;  // one file sent with a plain form
  std::uint64_t expert = std::uint64_t{10} << 30;
  std::uint64_t meeting = std::uint64_t{20} << 30;
  std::uint64_t installation = std::uint64_t{500} << 30;
  std::uint64_t spare = std::uint64_t{1} << 30;  // of the disk, left free whatever comes
};

class CatalogueCache;
class RegistrationMemory;
class Rehearsal;
class SearchKeeper;
std::shared_ptr<RegistrationMemory> make_registration_memory();
// Without an index yet: the first search builds it (service/usecases/search/search_keeper.h).
std::shared_ptr<SearchKeeper> make_search_keeper();

// What every use case works with. Built once in main(); outlives every call. Thread-safe.
struct Environment {
  storage::Pool* pool = nullptr;
  const domain::Clock* clock = nullptr;
  std::string base_url;   // "https://narada.example", without a slash at the end
  std::string mail_from;  // addr-spec of the sender
  std::string mail_from_name;
  // addr-spec of the mailbox whose subaddresses are ORGANIZER of what people are sent, and where
  // mail that cannot be delivered comes back to (notifications/reply_address.h); empty: nobody
  // reads answers, and mail_from stands in both places.
  std::string reply_mailbox;
  int hold_seconds = 0;  // before the mails of a change leave
  int mail_give_up_hours = 120;
  // When the people of a meeting are reminded that has no times of its own; the longest first.
  std::vector<domain::ReminderOffset> reminders = {};
  domain::QuietHours quiet_hours = {};
  // 32 random bytes of this installation: seals what must be readable again (one-time code secrets)
  // and keys the addresses of calendar feeds. Never in the database.
  std::string secret_key;
  // Organizers and admins act only in a session begun with a password and a one-time code.
  bool strong_sign_in = false;
  identity::OidcProvider* oidc = nullptr;  // absent: no directory of an office
  domain::RetentionPolicy retention;
  files::BlobStore* blobs = nullptr;   // absent: commands and tests that touch no file
  std::filesystem::path uploads = {};  // directory of files on their way here
  MaterialLimits materials = {};
  CatalogueCache* catalogue = nullptr;  // absent: every public page asks the database
  // Copies of an environment share these two, so they must stand on the same database.
  std::shared_ptr<RegistrationMemory> registrations = make_registration_memory();
  std::shared_ptr<SearchKeeper> search = make_search_keeper();
};

using domain::Action;
using domain::Actor;
using domain::find_role;
using domain::Role;
using domain::RoleGrant;
using domain::Thing;
using domain::to_string;

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
  std::string address_class = {};  // "loopback", "private", "public"; empty: no request
  // Set: the call is tried only. What it would do is told to the rehearsal, and nothing stays.
  Rehearsal* rehearsal = nullptr;
};

// 256 random bits, base64url without padding (43 characters).
std::string make_token();
// SHA-256, 32 bytes.
std::string hash_token(std::string_view token);
// Random UUID for a calendar UID: "3f2c…@host-of-base-url".
std::string make_uid(const Environment& environment);

}  // namespace narada::usecases
