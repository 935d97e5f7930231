#include "service/usecases/replies/proposals.h"

#include <optional>
#include <string>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "service/usecases/stored_things.h"
#include "sql/live_person.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/substitution_proposal_store.h"

namespace narada::usecases {
namespace {

using domain::SubstitutionProposalId;

// Locked against nobody: what is decided is decided by one statement.
domain::Outcome<storage::SubstitutionProposal> check_proposal(storage::Connection& connection,
                                                              const Actor& actor,
                                                              SubstitutionProposalId id) {
  const auto proposal = storage::find_proposal(connection, id);
  if (!proposal) return domain::NotFound{};
  const auto stored = storage::find_registration(connection, proposal->registration);
  if (!stored) return domain::NotFound{};
  const auto may =
      check_registration(connection, actor, Action::change_registration, stored->registration);
  if (!may) return domain::NotFound{};
  return *proposal;
}

// False: it is not open any more.
bool decide_in(storage::Connection& connection, const Environment& environment, const Call& call,
               const storage::SubstitutionProposal& proposal, std::string_view state) {
  if (!storage::decide_proposal(connection, proposal.id, state, call.actor.person,
                                environment.clock->now()))
    return false;
  record_activity(connection, environment, call, "registration.proposal_" + std::string(state),
                  "registration", proposal.registration.value);
  return true;
}

bool is_own(const Actor& actor, const domain::Registration& registration) {
  return (actor.kind == Actor::Kind::manage && actor.id == registration.id.value) ||
         actor.person == registration.person.id;
}

// The calendar has handed the entry on: its person learns that it is theirs after all, and gets it
// again.
void tell_refused(storage::Connection& connection, const Environment& environment,
                  const storage::SubstitutionProposal& proposal, const Actor& actor) {
  auto stored = storage::find_registration(connection, proposal.registration);
  if (!stored || !is_active(stored->registration.status) || is_own(actor, stored->registration))
    return;
  const auto seated = storage::find_seated_meeting(connection, stored->registration.meeting);
  if (!seated || seated->meeting.status != domain::MeetingStatus::published ||
      seated->meeting.times.ends_at <= environment.clock->now() ||
      !storage::hold_live_person(connection, stored->registration.person.id))
    return;
  write_with_calendar(connection, environment, *seated, *stored,
                      {notifications::MailKind::substitution_refused});
}

domain::Outcome<SubstitutionProposalId> refuse_in(storage::Connection& connection,
                                                  const Environment& environment, const Call& call,
                                                  SubstitutionProposalId id) {
  const auto proposal = check_proposal(connection, call.actor, id);
  if (!proposal) return proposal.failure();
  if (const auto seen = storage::find_registration(connection, proposal->registration))
    storage::lock_meeting(connection, seen->registration.meeting);
  if (decide_in(connection, environment, call, *proposal, "refused")) {
    tell_refused(connection, environment, *proposal, call.actor);
    return id;
  }
  const auto now = storage::find_proposal(connection, id);
  if (now && now->state == "refused") return id;
  return domain::Conflict{"proposal_decided"};
}

}  // namespace

domain::Outcome<ProposalView> find_proposal(const Environment& environment, const Actor& actor,
                                            SubstitutionProposalId id) {
  const auto proposal = read_database(environment, [&](storage::Connection& connection) {
    return check_proposal(connection, actor, id);
  });
  if (!proposal) return proposal.failure();
  auto found = find_registration(environment, actor, proposal->registration);
  if (!found) return found.failure();
  ProposalView view;
  view.id = id;
  view.found = std::move(found).value();
  view.full_name = proposal->full_name;
  view.email = proposal->email;
  view.is_open = proposal->state == "open" && is_active(view.found.registration.status);
  return view;
}

domain::Outcome<Substituted> accept_proposal(const Environment& environment, const Call& call,
                                             SubstitutionProposalId id,
                                             const SubstituteForm& form) {
  const auto proposal = read_database(environment, [&](storage::Connection& connection) {
    return check_proposal(connection, call.actor, id);
  });
  if (!proposal) return proposal.failure();
  return substitute(environment, call, proposal->registration, form,
                    [&](storage::Connection& connection) -> std::optional<domain::Failure> {
                      if (decide_in(connection, environment, call, *proposal, "accepted"))
                        return std::nullopt;
                      return domain::Conflict{"proposal_decided"};
                    });
}

domain::Outcome<SubstitutionProposalId> refuse_proposal(const Environment& environment,
                                                        const Call& call,
                                                        SubstitutionProposalId id) {
  return run_once_for_id<SubstitutionProposalId>(
      environment, call, "decide_proposal", [&](storage::Connection& connection) {
        return refuse_in(connection, environment, call, id);
      });
}

}  // namespace narada::usecases
