#include "service/usecases/mails/unsubscribing.h"

#include <sodium.h>

#include <array>
#include <utility>

#include "service/identity/sealing.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/invitees/invitee_sending.h"
#include "service/usecases/operations.h"
#include "sql/invitee_store.h"
#include "sql/live_person.h"
#include "sql/mail_choice_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using domain::PersonId;
using notifications::MailKind;

constexpr int kEncoding = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t kBytes = 32;  // of a token: person, kind, and the rest a digest
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kTokenLength = 43;

// The letter stands in links that were sent, so it never changes.
struct Droppable {
  MailKind kind;
  char letter;
};
constexpr std::array kDroppable = {
    Droppable{MailKind::meeting_announced, 'a'},   Droppable{MailKind::reminder, 'r'},
    Droppable{MailKind::survey_asked, 's'},        Droppable{MailKind::digest, 'd'},
    Droppable{MailKind::materials_published, 'm'}, Droppable{MailKind::material_replaced, 'v'},
    Droppable{MailKind::expert_tasks, 'e'},
};

struct Target {
  PersonId person;
  MailKind kind{};
};

std::string make_bytes(const Environment& environment, PersonId person, char letter) {
  std::string bytes;
  for (std::size_t index = 0; index < kIdBytes; ++index) {
    bytes += static_cast<char>((person.value >> (8 * (kIdBytes - 1 - index))) & 0xFF);
  }
  bytes += letter;
  const std::string proof = identity::keyed_digest("unsubscribe:" + bytes, environment.secret_key);
  return bytes + proof.substr(0, kBytes - bytes.size());
}

std::string encode(const std::string& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(kBytes, kEncoding), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kEncoding);
  text.resize(kTokenLength);
  return text;
}

std::optional<Target> read_token(const Environment& environment, std::string_view token) {
  std::array<unsigned char, kBytes> bytes{};
  std::size_t length = 0;
  if (token.size() != kTokenLength ||
      sodium_base642bin(bytes.data(), bytes.size(), token.data(), token.size(), nullptr, &length,
                        nullptr, kEncoding) != 0 ||
      length != kBytes) {
    return std::nullopt;
  }
  Target target;
  std::uint64_t id = 0;
  for (std::size_t index = 0; index < kIdBytes; ++index) id = id << 8 | bytes.at(index);
  target.person.value = static_cast<std::int64_t>(id);
  const auto expected = make_bytes(environment, target.person, static_cast<char>(bytes[kIdBytes]));
  if (sodium_memcmp(bytes.data(), expected.data(), kBytes) != 0) return std::nullopt;
  for (const auto& one : kDroppable) {
    if (one.letter != static_cast<char>(bytes[kIdBytes])) continue;
    target.kind = one.kind;
    return target;
  }
  return std::nullopt;
}

Outcome<Unsubscription> unsubscribe_in(storage::Connection& connection,
                                       const Environment& environment, const Call& call,
                                       const Target& target) {
  if (!storage::hold_live_person(connection, target.person)) return domain::NotFound{};
  const auto choice = choice_of(target.kind);
  if (!storage::is_wanted(connection, target.person, choice, true)) {
    return Unsubscription{target.kind, true};
  }
  storage::save_unwanted(connection, target.person, choice, environment.clock->now());
  record_activity(connection, environment, call, "person.unsubscribed", "person",
                  target.person.value, std::nullopt,
                  R"({"kind":")" + std::string(choice) + R"("})");
  return Unsubscription{target.kind, true};
}

// The key of an invitation stops all invitations to its address.
Outcome<Unsubscription> object(const Environment& environment, const Call& call,
                               std::string_view key) {
  const auto done = object_to_invitations(environment, call, key);
  if (!done) return done.failure();
  return Unsubscription{MailKind::meeting_invitation, true};
}

}  // namespace

std::string_view choice_of(MailKind kind) {
  for (const auto& one : kDroppable) {
    if (one.kind == kind) return to_string(kind);
  }
  return {};
}

std::string unsubscribe_url(const Environment& environment, PersonId person, MailKind kind,
                            domain::Language language) {
  for (const auto& one : kDroppable) {
    if (one.kind != kind || !person) continue;
    return environment.base_url + (language == domain::Language::en ? "/en" : "") + "/wypisz/" +
           encode(make_bytes(environment, person, one.letter));
  }
  return {};
}

Outcome<Unsubscription> find_unsubscription(const Environment& environment,
                                            std::string_view token) {
  const auto target = read_token(environment, token);
  return read_database(
      environment, [&](storage::Connection& connection) -> Outcome<Unsubscription> {
        if (!target) {
          const bool known = token.size() == kTokenLength &&
                             storage::find_invitee(connection, hash_token(token)).has_value();
          if (!known) return domain::NotFound{};
          return Unsubscription{MailKind::meeting_invitation, false};
        }
        if (!storage::hold_live_person(connection, target->person)) return domain::NotFound{};
        return Unsubscription{target->kind, !storage::is_wanted(connection, target->person,
                                                                choice_of(target->kind), true)};
      });
}

Outcome<Unsubscription> unsubscribe(const Environment& environment, const Call& call,
                                    std::string_view token) {
  const auto target = read_token(environment, token);
  if (!target) return object(environment, call, token);
  return run_once<Unsubscription>(
      environment, call, "unsubscribe",
      [&](storage::Connection& connection) {
        return unsubscribe_in(connection, environment, call, *target);
      },
      [](const Unsubscription&) { return std::string("done"); },
      [&](const std::string&) {
        return Unsubscription{target->kind, true};
      });
}

}  // namespace narada::usecases
