#include "service/usecases/meetings/planner.h"

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycle_form.h"
#include "service/usecases/meetings/meeting_form.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/cycle_store.h"
#include "sql/meeting_store.h"

namespace narada::usecases {

domain::Outcome<EditableMeeting> load_meeting_to_edit(const Environment& environment,
                                                      const Actor& actor, domain::MeetingId id) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<EditableMeeting> {
        const auto allowed = check_meeting(connection, actor, Action::organize, id);
        if (!allowed) return allowed.failure();
        auto meeting = storage::find_meeting(connection, id);
        if (!meeting) return domain::NotFound{};
        MeetingForm form = form_of(*meeting);
        return EditableMeeting{std::move(*meeting), std::move(form)};
      });
}

domain::Outcome<EditableCycle> load_cycle_to_edit(const Environment& environment,
                                                  const Actor& actor, domain::CycleId id) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<EditableCycle> {
        const auto allowed = check_cycle(connection, actor, Action::organize, id);
        if (!allowed) return allowed.failure();
        auto cycle = storage::find_cycle(connection, std::to_string(id.value), domain::everything(),
                                         environment.clock->now());
        if (!cycle) return domain::NotFound{};
        CycleForm form = form_of(*cycle);
        return EditableCycle{std::move(*cycle), std::move(form)};
      });
}

domain::FieldErrors check_cycle_form(const Environment& environment, const CycleForm& form) {
  return read_database(environment, [&](storage::Connection& connection) {
    domain::FieldErrors errors;
    FieldChecks checks(errors);
    References references(connection);
    read_cycle_form(form, checks, references);
    for (std::size_t index = 0; index < form.meetings.size(); ++index) {
      FieldChecks of_session = checks.within("meetings[" + std::to_string(index) + "].");
      read_meeting_form(session_form(form, static_cast<int>(index) + 1), of_session, references);
    }
    return errors;
  });
}

domain::Outcome<int> add_experts(const Environment& environment, const Call& call,
                                 const std::vector<std::string>& names) {
  int added = 0;
  for (const std::string& name : names) {
    Call one = call;
    if (one.idempotency_key) *one.idempotency_key += "/expert/" + std::to_string(added);
    ExpertForm form;
    form.name = name;
    form.kind = domain::ExpertKind::person;
    const auto expert = create_expert(environment, one, form);
    if (!expert) return expert.failure();
    ++added;
  }
  return added;
}

std::vector<domain::CycleSummary> list_own_cycles(const Environment& environment,
                                                  const Actor& actor) {
  const auto reach = reach_of(actor, Action::organize);
  if (reach.nothing()) return {};
  std::vector<domain::CycleSummary> own;
  for (auto& cycle : list_cycles(environment, actor, {}, {200, {}}).items) {
    if (cycle.status == domain::CycleStatus::cancelled) continue;
    if (reach.all ||
        check_cycle(environment, actor, Action::organize, std::to_string(cycle.id.value))) {
      own.push_back(std::move(cycle));
    }
  }
  return own;
}

}  // namespace narada::usecases
