#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "service/domain/ids.h"
#include "service/domain/institution.h"
#include "service/domain/language.h"
#include "service/domain/time.h"

namespace narada::domain {

// listed: on the list, nothing sent yet. invited: a mail has been written. The other two are the
// answer.
enum class InviteeState { listed, invited, registered, declined };
// typed: one by one; pasted: many at once; institution: people known of one; coordinators: of
// several; edition: who took part in something earlier.
enum class InviteeSource { typed, pasted, institution, coordinators, edition };

// What somebody is invited to.
using InviteeScope = std::variant<MeetingId, CycleId>;

// Somebody whom organizers would like to have there; most of them have never been here.
struct Invitee {
  InviteeId id;
  InviteeScope scope;
  std::string email;
  std::string full_name;  // may be empty
  std::string job_title;
  std::optional<InstitutionRef> institution;
  std::optional<PersonId> person;
  Language language = Language::pl;
  InviteeSource source = InviteeSource::typed;
  InviteeState state = InviteeState::listed;
  Instant created_at{};
  std::optional<Instant> invited_at;
  std::optional<Instant> reminded_at;  // the last time
  std::string decline_reason;
};

// Whether a reminder may be sent: the mail has gone out, nobody has answered, and the last one is
// a day old.
bool may_remind(const Invitee& invitee, Instant now);

std::string_view to_string(InviteeState state);
std::string_view to_string(InviteeSource source);
std::optional<InviteeState> find_invitee_state(std::string_view name);
std::optional<InviteeSource> find_invitee_source(std::string_view name);

}  // namespace narada::domain
