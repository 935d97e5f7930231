#include "service/usecases/meetings/publication.h"

#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/cycle_creation.h"
#include "service/usecases/meetings/draft_changes.h"
#include "service/usecases/meetings/meeting_changes.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/cycle_store.h"
#include "sql/publication_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::CycleId;
using domain::MeetingId;
using domain::Outcome;
using storage::PublicationPlan;

constexpr int kMostAtOnce = 20;

// What is the same of a meeting and of a cycle, and what is not.
struct MeetingKind {
  using Id = MeetingId;
  static constexpr std::string_view kName = "meeting";
  static Outcome<Thing> check(storage::Connection& connection, const Actor& actor, Id id) {
    return check_meeting(connection, actor, Action::organize, id);
  }
  // The cycle before the meeting, as everywhere.
  static bool lock(storage::Connection& connection, Id id) {
    const auto seated = storage::find_seated_meeting(connection, id);
    if (!seated) return false;
    if (seated->meeting.cycle) storage::lock_cycle(connection, seated->meeting.cycle->id);
    return storage::lock_meeting(connection, id).has_value();
  }
  static std::optional<MeetingId> meeting_of(Id id) { return id; }
  static Outcome<Id> publish(storage::Connection& connection, const Environment& environment,
                             const Call& call, Id id) {
    const auto seated = storage::find_seated_meeting(connection, id);
    if (seated->meeting.times.ends_at <= environment.clock->now()) {
      return domain::Conflict{"meeting_past"};
    }
    publish_locked_meeting(connection, environment, call, id);
    return id;
  }
};

struct CycleKind {
  using Id = CycleId;
  static constexpr std::string_view kName = "cycle";
  static Outcome<Thing> check(storage::Connection& connection, const Actor& actor, Id id) {
    return check_cycle(connection, actor, Action::organize, id);
  }
  static bool lock(storage::Connection& connection, Id id) {
    return storage::lock_cycle(connection, id).has_value();
  }
  static std::optional<MeetingId> meeting_of(Id) { return std::nullopt; }
  static Outcome<Id> publish(storage::Connection& connection, const Environment& environment,
                             const Call& call, Id id) {
    return publish_cycle_draft(connection, environment, call, id);
  }
};

PublicationTime time_of(const std::optional<PublicationPlan>& plan) {
  return plan ? PublicationTime{plan->at, plan->problem} : PublicationTime{};
}

template <class Kind>
Outcome<PublicationTime> find_time(const Environment& environment, const Actor& actor,
                                   typename Kind::Id id) {
  return read_database(environment,
                       [&](storage::Connection& connection) -> Outcome<PublicationTime> {
                         const auto allowed = Kind::check(connection, actor, id);
                         if (!allowed) return allowed.failure();
                         return time_of(storage::find_publication_plan(connection, id));
                       });
}

template <class Kind>
void record(storage::Connection& connection, const Environment& environment, const Call& call,
            std::string_view verb, typename Kind::Id id, const std::string& details = "{}") {
  record_activity(connection, environment, call, std::string(Kind::kName) + "." + std::string(verb),
                  Kind::kName, id.value, Kind::meeting_of(id), details);
}

template <class Kind>
Outcome<typename Kind::Id> set_time(const Environment& environment, const Call& call,
                                    typename Kind::Id id, std::optional<domain::Instant> at) {
  using Id = typename Kind::Id;
  const auto outcome =
      run_once_for_id<Id>(environment, call, "set_publication_time",
                          [&](storage::Connection& connection) -> Outcome<Id> {
                            if (!Kind::lock(connection, id)) return domain::NotFound{};
                            const auto allowed = Kind::check(connection, call.actor, id);
                            if (!allowed) return allowed.failure();
                            const auto now = environment.clock->now();
                            const auto before = storage::find_publication_plan(connection, id);
                            if (!before) return domain::Conflict{"not_draft"};
                            if (at && *at <= now)
                              return domain::FieldErrors{{"publish_at", "in_past", {}}};
                            const PublicationPlan plan{at, at ? call.actor.text() : "", ""};
                            if (before->at == at && before->problem.empty()) return id;
                            storage::save_publication_plan(connection, id, plan, now);
                            record<Kind>(connection, environment, call,
                                         at ? "publication_planned" : "publication_withdrawn", id);
                            return id;
                          });
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

// Looked at again under the lock: whoever was faster has published it, or taken the time away.
template <class Kind>
bool publish_one(const Environment& environment, const Call& call, typename Kind::Id id) {
  using Id = typename Kind::Id;
  bool published = false;
  const auto outcome = run_once_for_id<Id>(
      environment, call, "publish_due", [&](storage::Connection& connection) -> Outcome<Id> {
        published = false;
        if (!Kind::lock(connection, id)) return id;
        const auto plan = storage::find_publication_plan(connection, id);
        if (!plan || !plan->at || *plan->at > environment.clock->now()) return id;
        storage::save_publication_plan(connection, id, {}, environment.clock->now());
        auto done = Kind::publish(connection, environment, call, id);
        if (!done) return done;
        record<Kind>(connection, environment, call, "publication_due", id,
                     R"({"for":")" + plan->set_by + R"("})");
        published = true;
        return done;
      });
  if (outcome) return published;
  const auto* conflict = std::get_if<domain::Conflict>(&outcome.failure());
  const std::string reason = conflict ? conflict->code : "refused";
  (void)run_once_for_id<Id>(
      environment, call, "fail_due", [&](storage::Connection& connection) -> Outcome<Id> {
        if (!Kind::lock(connection, id)) return id;
        const auto plan = storage::find_publication_plan(connection, id);
        if (!plan || !plan->at || *plan->at > environment.clock->now()) return id;
        storage::save_publication_plan(connection, id, {std::nullopt, plan->set_by, reason},
                                       environment.clock->now());
        record<Kind>(connection, environment, call, "publication_failed", id,
                     R"({"reason":")" + reason + R"("})");
        return id;
      });
  return false;
}

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "publication";
  return call;
}

class FixedClock final : public domain::Clock {
 public:
  explicit FixedClock(domain::Instant now) : now_(now) {}
  domain::Instant now() const override { return now_; }

 private:
  domain::Instant now_;
};

// `change` is made first, as of now.
template <class Kind, class Change>
Outcome<typename Kind::Id> rehearse(const Environment& environment, const Call& call,
                                    typename Kind::Id id, domain::Instant at,
                                    const Change& change) {
  using Id = typename Kind::Id;
  const FixedClock clock(at);
  Environment then = environment;
  then.clock = &clock;
  auto service = system_call();
  service.rehearsal = call.rehearsal;
  return run_once_for_id<Id>(environment, call, "rehearse_publication",
                             [&](storage::Connection& connection) -> Outcome<Id> {
                               if (!Kind::lock(connection, id)) return domain::NotFound{};
                               const auto allowed = Kind::check(connection, call.actor, id);
                               if (!allowed) return allowed.failure();
                               if (!storage::find_publication_plan(connection, id))
                                 return domain::Conflict{"not_draft"};
                               if (at <= environment.clock->now()) {
                                 return domain::FieldErrors{{"publish_at", "in_past", {}}};
                               }
                               const auto changed = change(connection);
                               if (!changed) return changed.failure();
                               return Kind::publish(connection, then, service, id);
                             });
}

}  // namespace

Outcome<PublicationTime> find_publication_time(const Environment& environment, const Actor& actor,
                                               MeetingId id) {
  return find_time<MeetingKind>(environment, actor, id);
}

Outcome<PublicationTime> find_publication_time(const Environment& environment, const Actor& actor,
                                               CycleId id) {
  return find_time<CycleKind>(environment, actor, id);
}

std::map<MeetingId, PublicationTime> list_publication_times(
    const Environment& environment, const std::vector<MeetingId>& meetings) {
  std::map<MeetingId, PublicationTime> times;
  const auto plans = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_publication_plans(connection, meetings);
  });
  for (const auto& [id, plan] : plans) times.emplace(id, time_of(plan));
  return times;
}

Outcome<MeetingId> set_publication_time(const Environment& environment, const Call& call,
                                        MeetingId id, std::optional<domain::Instant> at) {
  return set_time<MeetingKind>(environment, call, id, at);
}

Outcome<CycleId> set_publication_time(const Environment& environment, const Call& call, CycleId id,
                                      std::optional<domain::Instant> at) {
  return set_time<CycleKind>(environment, call, id, at);
}

Outcome<MeetingId> rehearse_publication(const Environment& environment, const Call& call,
                                        MeetingId id, domain::Instant at) {
  return rehearse<MeetingKind>(environment, call, id, at,
                               [&](storage::Connection&) { return Outcome<MeetingId>(id); });
}

Outcome<CycleId> rehearse_publication(const Environment& environment, const Call& call, CycleId id,
                                      domain::Instant at) {
  return rehearse<CycleKind>(environment, call, id, at,
                             [&](storage::Connection&) { return Outcome<CycleId>(id); });
}

Outcome<MeetingId> rehearse_publication(const Environment& environment, const Call& call,
                                        MeetingId id, domain::Instant at,
                                        const MeetingPatch& patch) {
  return rehearse<MeetingKind>(environment, call, id, at, [&](storage::Connection& connection) {
    return change_meeting_in(connection, environment, call, id, patch.version, patch.form,
                             patch.shrinking);
  });
}

Outcome<CycleId> rehearse_publication(const Environment& environment, const Call& call, CycleId id,
                                      domain::Instant at, const CyclePatch& patch) {
  return rehearse<CycleKind>(environment, call, id, at, [&](storage::Connection& connection) {
    return change_cycle_in(connection, environment, call, id, patch.version, patch.form);
  });
}

int publish_due(const Environment& environment, const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  std::vector<CycleId> cycles;
  const auto meetings = read_database(environment, [&](storage::Connection& connection) {
    cycles = storage::list_due_cycles(connection, now, kMostAtOnce);
    return storage::list_due_meetings(connection, now, kMostAtOnce);
  });
  const Call call = system_call();
  int published = 0;
  for (const auto id : cycles) {
    if (stopping.stop_requested()) return published;
    published += publish_one<CycleKind>(environment, call, id) ? 1 : 0;
  }
  for (const auto id : meetings) {
    if (stopping.stop_requested()) return published;
    published += publish_one<MeetingKind>(environment, call, id) ? 1 : 0;
  }
  if (published > 0) note_catalogue_write(environment);
  return published;
}

}  // namespace narada::usecases
