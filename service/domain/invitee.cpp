#include "service/domain/invitee.h"

#include <chrono>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<InviteeState, 4> kInviteeStates{
    {"listed", "invited", "registered", "declined"}};
static_assert(is_complete(kInviteeStates, InviteeState::declined));

constexpr EnumNames<InviteeSource, 5> kInviteeSources{
    {"typed", "pasted", "institution", "coordinators", "edition"}};
static_assert(is_complete(kInviteeSources, InviteeSource::edition));

}  // namespace

bool may_remind(const Invitee& invitee, Instant now) {
  if (invitee.state != InviteeState::invited || !invitee.invited_at) return false;
  return invitee.reminded_at.value_or(*invitee.invited_at) + std::chrono::hours(24) <= now;
}

std::string_view to_string(InviteeState state) { return kInviteeStates.name_of(state); }
std::string_view to_string(InviteeSource source) { return kInviteeSources.name_of(source); }
std::optional<InviteeState> find_invitee_state(std::string_view name) {
  return kInviteeStates.find(name);
}
std::optional<InviteeSource> find_invitee_source(std::string_view name) {
  return kInviteeSources.find(name);
}

}  // namespace narada::domain
