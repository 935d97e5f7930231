// What the holder of an invitee's key sees and says.

#include "service/identity/sealing.h"
#include "service/usecases/invitees/invited_to.h"
#include "service/usecases/invitees/invitee_sending.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/invitee_store.h"

namespace narada::usecases {
namespace {

constexpr std::size_t kKeyLength = 43;  // of make_token()

std::optional<Invitee> find_by_key(storage::Connection& connection, std::string_view key) {
  if (key.size() != kKeyLength) return std::nullopt;
  return storage::find_invitee(connection, hash_token(key));
}

// The holder is nobody that the log could name.
Call as_invitee(Call call) {
  call.actor = {};
  return call;
}

domain::Outcome<domain::InviteeId> decline_in(storage::Connection& connection,
                                              const Environment& environment, const Call& call,
                                              std::string_view key, const std::string& reason) {
  domain::FieldErrors errors;
  const auto kept = check_text(reason, "reason", kReasonBounds, errors);
  if (!errors.empty()) return errors;
  const auto seen = find_by_key(connection, key);
  if (!seen) return domain::NotFound{};
  const auto locked = storage::lock_invitees(connection, seen->scope, {seen->id});
  if (locked.empty()) return domain::NotFound{};
  if (locked.front().state == InviteeState::registered)
    return domain::Conflict{"invitee_registered"};
  storage::save_answer(connection, seen->id, InviteeState::declined, kept);
  record_of_list(connection, environment, as_invitee(call), "invitees.declined", seen->scope, "{}");
  return seen->id;
}

domain::Outcome<domain::InviteeId> object_in(storage::Connection& connection,
                                             const Environment& environment, const Call& call,
                                             std::string_view key) {
  const auto seen = find_by_key(connection, key);
  if (!seen) return domain::NotFound{};
  const auto email_key = make_email_key(seen->email);
  storage::save_objection(connection, objection_digest(environment, email_key),
                          environment.clock->now());
  storage::forget_invitees_of(connection, seen->email, email_key);
  record_of_list(connection, environment, as_invitee(call), "invitees.objected", seen->scope, "{}");
  return seen->id;
}

}  // namespace

std::string objection_digest(const Environment& environment, std::string_view email_key) {
  return identity::keyed_digest("invitation:" + std::string(email_key), environment.secret_key);
}

domain::Outcome<InvitationView> find_invitation(const Environment& environment,
                                                std::string_view key) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<InvitationView> {
        auto invitee = find_by_key(connection, key);
        if (!invitee) return domain::NotFound{};
        const auto to = find_invited_to(connection, environment, invitee->scope);
        if (!to) return to.failure();
        if (to->obstacle == "meeting_not_published" || to->obstacle == "cycle_not_published")
          return domain::NotFound{};
        return InvitationView{std::move(*invitee), to->title, to->path};
      });
}

domain::Outcome<domain::InviteeId> decline_invitation(const Environment& environment,
                                                      const Call& call, std::string_view key,
                                                      const std::string& reason) {
  return run_once_for_id<domain::InviteeId>(
      environment, call, "decline_invitation", [&](storage::Connection& connection) {
        return decline_in(connection, environment, call, key, reason);
      });
}

domain::Outcome<domain::InviteeId> object_to_invitations(const Environment& environment,
                                                         const Call& call, std::string_view key) {
  return run_once_for_id<domain::InviteeId>(environment, call, "object_to_invitations",
                                            [&](storage::Connection& connection) {
                                              return object_in(connection, environment, call, key);
                                            });
}

void note_invitee_registered(const Environment& environment, const Call& call, std::string_view key,
                             const InviteeScope& scope) {
  Call own = as_invitee(call);
  own.idempotency_key.reset();
  const auto noted = run_once_for_id<domain::InviteeId>(
      environment, own, "note_invitee",
      [&](storage::Connection& connection) -> domain::Outcome<domain::InviteeId> {
        const auto invitee = find_by_key(connection, key);
        if (!invitee || invitee->scope != scope) return domain::NotFound{};
        storage::save_answer(connection, invitee->id, InviteeState::registered, "");
        return invitee->id;
      });
  // An unknown key is no reason to tell anybody anything: the registration stands.
  static_cast<void>(noted);
}

}  // namespace narada::usecases
