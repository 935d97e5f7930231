#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace narada::domain {

// A row's identity that cannot be mistaken for another table's. 0 is "not stored yet".
template <class Tag>
struct Id {
  std::int64_t value = 0;

  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using AssociationId = Id<struct AssociationTag>;
using InstitutionId = Id<struct InstitutionTag>;
using TopicId = Id<struct TopicTag>;
using ExpertId = Id<struct ExpertTag>;
using PersonId = Id<struct PersonTag>;
using CycleId = Id<struct CycleTag>;
using MeetingId = Id<struct MeetingTag>;
using RegistrationId = Id<struct RegistrationTag>;
using EnrolmentId = Id<struct EnrolmentTag>;
using InvitationId = Id<struct InvitationTag>;
using OutgoingMailId = Id<struct OutgoingMailTag>;
using PracticeId = Id<struct PracticeTag>;
using TokenId = Id<struct TokenTag>;
using SessionId = Id<struct SessionTag>;
using RoleGrantId = Id<struct RoleGrantTag>;
using ActivityId = Id<struct ActivityTag>;
using DelegationId = Id<struct DelegationTag>;
using QuestionId = Id<struct QuestionTag>;
using InviteeId = Id<struct InviteeTag>;
using ChallengeGroupId = Id<struct ChallengeGroupTag>;
using HeldChangeId = Id<struct HeldChangeTag>;
using RecessId = Id<struct RecessTag>;
using TaskId = Id<struct TaskTag>;
using InstitutionMergeId = Id<struct InstitutionMergeTag>;
using UploadId = Id<struct UploadTag>;
using MaterialId = Id<struct MaterialTag>;
using MaterialVersionId = Id<struct MaterialVersionTag>;
using OutcomeId = Id<struct OutcomeTag>;
using AdoptionId = Id<struct AdoptionTag>;

}  // namespace narada::domain

template <class Tag>
struct std::hash<narada::domain::Id<Tag>> {
  std::size_t operator()(const narada::domain::Id<Tag>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
