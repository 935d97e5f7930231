// Names for the places of a delegation: pasted rows, and people of the reserve.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "service/usecases/operations.h"
#include "service/usecases/registrations/consent.h"
#include "service/usecases/registrations/delegation_access.h"
#include "service/usecases/registrations/delegations.h"
#include "service/usecases/registrations/registration_claims.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_refusals.h"
#include "sql/delegation_store.h"
#include "sql/error.h"
#include "sql/meeting_store.h"
#include "sql/person_store.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;
using storage::StoredDelegation;
using Identity = std::pair<std::string, std::string>;  // keys of e-mail and name

constexpr std::size_t kChunk = 50;  // rows of one transaction

void refuse(NamePlan& plan, std::string field, std::string code) {
  plan.row.errors.push_back({std::move(field), std::move(code)});
  plan.step = NameStep::refuse;
}

Identity identity_of(const NamedRow& row) {
  return {make_email_key(row.email), make_name_key(row.full_name)};
}

// What the form says for rows that say nothing, and what the meeting and the institution ask.
struct Defaults {
  std::optional<AttendanceMode> mode;
  std::optional<Superior> superior;
  bool wants_consent = false;
};

Defaults make_defaults(const domain::MeetingSummary& meeting, const NamesForm& form,
                       bool wants_consent, domain::FieldErrors& errors) {
  Defaults defaults;
  defaults.mode = form.mode;
  if (!defaults.mode && meeting.onsite.offered != meeting.online.offered) {
    defaults.mode = meeting.onsite.offered ? AttendanceMode::onsite : AttendanceMode::online;
  }
  defaults.wants_consent = wants_consent;
  if (!wants_consent || make_name_key(form.superior_email).empty()) return defaults;
  domain::FieldErrors of_email;
  defaults.superior = Superior{"", check_email(form.superior_email, of_email)};
  for (auto& error : of_email) {
    error.field = "superior_email";
    errors.push_back(std::move(error));
  }
  return defaults;
}

// The rows as the table, the form and the meeting make them: those without an error are to be
// taken.
std::vector<NamePlan> make_plans(const PastedNames& names, const domain::MeetingSummary& meeting,
                                 const Defaults& defaults) {
  std::vector<NamePlan> plans;
  for (const auto& row : names.rows) {
    NamePlan plan;
    plan.row = row;
    if (!plan.row.mode && !(plan.row.mode = defaults.mode)) {
      refuse(plan, "mode", "required");
    } else if (!domain::seats_of(meeting, *plan.row.mode).offered) {
      refuse(plan, "mode", "mode_not_offered");
    }
    if (defaults.wants_consent && plan.row.superior_email.empty()) {
      if (defaults.superior) {
        plan.row.superior_email = defaults.superior->email;
      } else if (plan.row.errors.empty()) {
        refuse(plan, "superior_email", "superior_required");
      }
    }
    plan.step = plan.row.errors.empty() ? NameStep::take : NameStep::refuse;
    plans.push_back(std::move(plan));
  }
  return plans;
}

// How many people of each mode can still be named, and what becomes of the others.
class Room {
 public:
  void set(AttendanceMode mode, std::optional<int> places) { places_[mode] = places; }
  bool take(AttendanceMode mode) {
    auto& places = places_[mode];
    if (!places) return true;
    if (*places <= 0) return false;
    --*places;
    return true;
  }

 private:
  std::map<AttendanceMode, std::optional<int>> places_ = {{AttendanceMode::onsite, 0},
                                                          {AttendanceMode::online, 0}};
};

Room room_of(const DelegationView& view) {
  Room room;
  for (const auto& one : view.places) {
    room.set(one.mode, one.free ? std::optional(one.open() + *one.free) : std::nullopt);
  }
  return room;
}

void settle_without_place(NamePlan& plan, Overflow overflow, bool waitlist) {
  if (overflow == Overflow::reserve) {
    plan.step = NameStep::reserve;
  } else if (overflow == Overflow::wait && waitlist) {
    plan.step = NameStep::wait;
  } else {
    refuse(plan, "", "no_places");
  }
}

// By who is registered, before a place is asked for.
bool settle_known(NamePlan& plan, const std::map<Identity, bool>& known) {
  const auto found = known.find(identity_of(plan.row));
  if (found == known.end()) return false;
  if (found->second) {
    refuse(plan, "full_name", "earlier_registration");
  } else {
    plan.step = NameStep::already;
  }
  return true;
}

std::map<Identity, bool> find_known(storage::Connection& connection, domain::MeetingId meeting) {
  std::map<Identity, bool> known;
  for (auto& one : storage::list_identities(connection, meeting))
    known[{std::move(one.email_key), std::move(one.name_key)}] = one.declined;
  return known;
}

NamesReport make_report(const PastedNames& names, std::vector<NamePlan> plans) {
  NamesReport report;
  std::vector<const NamedRow*> left;
  for (const auto& plan : plans) {
    if (plan.step == NameStep::refuse) left.push_back(&plan.row);
  }
  report.left = names.text_of(left);
  report.rows = std::move(plans);
  return report;
}

// What is the same for all rows of one call.
struct Naming {
  DelegationView view;
  PastedNames names;
  std::vector<NamePlan> plans;
};

domain::Outcome<Naming> begin_naming(const Environment& environment, const Actor& actor,
                                     std::string_view meeting, std::string_view institution,
                                     const NamesForm& form) {
  auto view = find_delegation(environment, actor, meeting, institution);
  if (!view) return view.failure();
  auto names = parse_names(form.text);
  if (!names) return names.failure();
  domain::FieldErrors errors;
  const auto defaults = make_defaults(view->meeting, form, view->wants_consent, errors);
  if (!errors.empty()) return errors;
  Naming naming;
  naming.plans = make_plans(*names, view->meeting, defaults);
  naming.names = std::move(names).value();
  naming.view = std::move(view).value();
  return naming;
}

// People first, so that nobody waits for a person while the meeting is locked.
std::vector<domain::Person> save_people(const Change& change, const DelegationThing& thing,
                                        const std::vector<NamePlan*>& plans) {
  std::vector<domain::Person> people;
  for (const auto* plan : plans) {
    storage::NewPerson typed;
    typed.full_name = plan->row.full_name;
    typed.email = plan->row.email;
    typed.position = plan->row.position;
    typed.name_key = make_name_key(typed.full_name);
    typed.email_key = make_email_key(typed.email);
    typed.institution = thing.institution.id;
    typed.language = change.call.language;
    domain::Person person;
    const auto known = storage::find_person(change.connection, typed);
    person.id = known ? known->id : storage::save_person(change.connection, typed, change.now);
    person.full_name = known ? known->full_name : typed.full_name;
    person.email = known ? known->email : typed.email;
    person.position = typed.position;
    person.institution = thing.institution;
    person.language = typed.language;
    people.push_back(std::move(person));
  }
  return people;
}

// The delegations of one chunk, grown as far as its names need and the meeting lets.
class Grown {
 public:
  Grown(const Change& change, LockedMeeting& meeting, const DelegationThing& thing)
      : change_(change), meeting_(meeting), thing_(thing) {}

  void grow(const std::map<AttendanceMode, int>& wanted) {
    bool changed = false;
    for (const auto& [mode, count] : wanted) {
      auto stored =
          storage::require_delegation(change_.connection, thing_.meeting, thing_.institution, mode,
                                      change_.call.actor.text(), change_.now);
      const int open = std::max(0, stored.places - stored.named);
      int more = std::max(0, count - open);
      if (const auto free = meeting_.free_for(thing_.institution.id, mode))
        more = std::min(more, *free);
      open_[mode] = {stored.id, open + more};
      if (more == 0) continue;
      storage::save_places(change_.connection, stored.id, stored.places + more, change_.now);
      record_places(meeting_, stored.id, mode, stored.places, stored.places + more);
      changed = true;
    }
    if (changed) meeting_.refresh_places();
  }

  // Absent: no place is left.
  std::optional<domain::DelegationId> take(AttendanceMode mode) {
    auto& [id, left] = open_.at(mode);
    if (left == 0) return std::nullopt;
    --left;
    return id;
  }
  domain::DelegationId id(AttendanceMode mode) const { return open_.at(mode).first; }

 private:
  const Change& change_;
  LockedMeeting& meeting_;
  const DelegationThing& thing_;
  std::map<AttendanceMode, std::pair<domain::DelegationId, int>> open_;
};

// Claims one place; what came of it goes to `plan`.
void claim(const Change& change, LockedMeeting& meeting, const domain::Person& person,
           std::optional<domain::DelegationId> delegation, bool wants_consent, NamePlan& plan) {
  PlaceClaim wanted;
  wanted.person = person;
  wanted.mode = *plan.row.mode;
  wanted.delegation = delegation;
  const auto result = claim_place(change, meeting, wanted, EarlierClaim::possible);
  if (const auto* refused = std::get_if<domain::Refused>(&result)) {
    const auto error = make_refusal_error(*refused, meeting.meeting(), change.call.language);
    plan.row.errors.push_back(error);
    plan.step = NameStep::refuse;
    return;
  }
  const auto& place = std::get<ClaimedPlace>(result);
  const auto status = place.registration.status;
  if (!place.created) {
    if (domain::is_active(status)) {
      plan.step = NameStep::already;
    } else {
      refuse(plan, "full_name", "earlier_registration");
    }
    return;
  }
  plan.step = status == domain::RegistrationStatus::waitlisted ? NameStep::wait : NameStep::take;
  if (wants_consent) {
    ask_consent(change, meeting, place.registration,
                {plan.row.superior_name, plan.row.superior_email});
  }
}

// Precondition: none of the plans has an error.
domain::FieldErrors take_chunk(const Change& change, const DelegationThing& thing,
                               Overflow overflow, const std::vector<NamePlan*>& plans) {
  const bool wants_consent = storage::wants_consent(change.connection, thing.institution.id);
  const auto people = save_people(change, thing, plans);
  auto meeting = LockedMeeting::lock(change, thing.meeting);
  if (!meeting) return {{"", "meeting_past"}};
  if (auto closed = find_closed(*meeting, thing, change); !closed.empty()) return closed;
  const auto known = find_known(change.connection, thing.meeting);
  std::map<AttendanceMode, int> wanted;
  std::set<const NamePlan*> settled;
  for (auto* plan : plans) {
    if (settle_known(*plan, known)) {
      settled.insert(plan);
    } else {
      ++wanted[*plan->row.mode];
    }
  }
  Grown delegations(change, *meeting, thing);
  delegations.grow(wanted);
  for (std::size_t index = 0; index < plans.size(); ++index) {
    NamePlan& plan = *plans[index];
    if (settled.contains(&plan)) continue;
    const auto delegation = delegations.take(*plan.row.mode);
    if (!delegation) settle_without_place(plan, overflow, meeting->meeting().waitlist);
    if (plan.step == NameStep::reserve) {
      storage::add_reserve(change.connection, delegations.id(*plan.row.mode), people[index].id,
                           plan.row.position);
    } else if (plan.step != NameStep::refuse) {
      claim(change, *meeting, people[index], delegation, wants_consent, plan);
    }
  }
  meeting->finish();
  return {};
}

// The outcome of a chunk as its operation stores it: of each row the step and the rules it breaks,
// nothing that was typed.
std::string write_steps(const std::vector<NamePlan>& plans) {
  auto rows = nlohmann::json::array();
  for (const auto& plan : plans) {
    auto errors = nlohmann::json::array();
    for (const auto& error : plan.row.errors)
      errors.push_back({error.field, error.code, error.details});
    rows.push_back({static_cast<int>(plan.step), std::move(errors)});
  }
  return rows.dump();
}

void read_steps(const std::string& text, std::vector<NamePlan>& plans) {
  const auto rows = nlohmann::json::parse(text);
  for (std::size_t index = 0; index < plans.size() && index < rows.size(); ++index) {
    plans[index].step = static_cast<NameStep>(rows[index].at(0).get<int>());
    plans[index].row.errors.clear();
    for (const auto& error : rows[index].at(1)) {
      plans[index].row.errors.push_back(
          {error.at(0), error.at(1), error.at(2).get<std::map<std::string, std::string>>()});
    }
  }
}

// The call of one chunk: a key of its own, so that each happens once.
Call call_of_chunk(const Call& call, std::size_t number) {
  Call own = call;
  if (own.idempotency_key) *own.idempotency_key += fmt::format(":{}", number);
  return own;
}

// [begin, begin + kChunk) of the good rows.
domain::Outcome<std::vector<NamePlan>> run_chunk(const Environment& environment, const Call& call,
                                                 std::string_view meeting,
                                                 std::string_view institution, Overflow overflow,
                                                 const std::vector<NamePlan>& chunk) {
  return run_once<std::vector<NamePlan>>(
      environment, call, "name_delegates",
      [&](storage::Connection& connection) -> domain::Outcome<std::vector<NamePlan>> {
        const auto thing = check_delegation(connection, call.actor, Action::change_registration,
                                            meeting, institution);
        if (!thing) return thing.failure();
        auto plans = chunk;
        std::vector<NamePlan*> pointers;
        for (auto& plan : plans) pointers.push_back(&plan);
        const auto closed = take_chunk({connection, environment, call, environment.clock->now()},
                                       *thing, overflow, pointers);
        if (!closed.empty()) return closed;
        return plans;
      },
      write_steps,
      [&](const std::string& text) {
        auto plans = chunk;
        read_steps(text, plans);
        return plans;
      });
}

std::vector<std::size_t> find_good(const std::vector<NamePlan>& plans) {
  std::vector<std::size_t> good;
  for (std::size_t index = 0; index < plans.size(); ++index) {
    if (plans[index].step == NameStep::take) good.push_back(index);
  }
  return good;
}

std::optional<storage::StoredReserve> find_reserve(storage::Connection& connection,
                                                   const DelegationThing& thing,
                                                   domain::PersonId person) {
  for (auto& one : storage::list_reserves(connection, thing.meeting, thing.institution.id)) {
    if (one.person == person) return std::move(one);
  }
  return std::nullopt;
}

domain::Outcome<domain::PersonId> call_up_in(const Change& change, const DelegationThing& thing,
                                             domain::PersonId person,
                                             const std::string& superior_email) {
  const auto reserve = find_reserve(change.connection, thing, person);
  if (!reserve) return domain::FieldErrors{{"reserve", "not_in_reserve"}};
  NamePlan plan;
  plan.row.full_name = reserve->full_name;
  plan.row.email = reserve->email;
  plan.row.position = reserve->job_title;
  plan.row.mode = reserve->mode;
  plan.step = NameStep::take;
  domain::FieldErrors errors;
  const auto superior =
      read_superior(change.connection, thing.institution.id, {"", superior_email}, errors);
  if (!errors.empty()) return errors;
  if (superior) plan.row.superior_email = superior->email;
  errors = take_chunk(change, thing, Overflow::keep, {&plan});
  if (!errors.empty()) return errors;
  if (plan.step == NameStep::refuse) {
    for (auto& error : plan.row.errors) error.field = "reserve";
    return plan.row.errors;
  }
  storage::remove_reserve(change.connection, reserve->delegation, person);
  return person;
}

}  // namespace

int NamesReport::count(NameStep step) const {
  return static_cast<int>(std::count_if(rows.begin(), rows.end(),
                                        [step](const auto& plan) { return plan.step == step; }));
}

domain::Outcome<NamesReport> preview_names(const Environment& environment, const Actor& actor,
                                           std::string_view meeting, std::string_view institution,
                                           const NamesForm& form) {
  auto naming = begin_naming(environment, actor, meeting, institution, form);
  if (!naming) return naming.failure();
  const auto known = read_database(environment, [&](storage::Connection& connection) {
    return find_known(connection, naming->view.meeting.id);
  });
  Room room = room_of(naming->view);
  for (auto& plan : naming->plans) {
    if (plan.step != NameStep::take || settle_known(plan, known)) continue;
    if (!room.take(*plan.row.mode))
      settle_without_place(plan, form.overflow, naming->view.meeting.waitlist);
  }
  return make_report(naming->names, std::move(naming->plans));
}

domain::Outcome<NamesReport> take_names(const Environment& environment, const Call& call,
                                        std::string_view meeting, std::string_view institution,
                                        const NamesForm& form) {
  auto naming = begin_naming(environment, call.actor, meeting, institution, form);
  if (!naming) return naming.failure();
  auto& plans = naming->plans;
  const auto good = find_good(plans);
  for (std::size_t begin = 0; begin < good.size(); begin += kChunk) {
    const std::size_t end = std::min(begin + kChunk, good.size());
    std::vector<NamePlan> chunk;
    for (std::size_t index = begin; index < end; ++index) chunk.push_back(plans[good[index]]);
    auto done = run_chunk(environment, call_of_chunk(call, begin / kChunk), meeting, institution,
                          form.overflow, chunk);
    if (!done) return done.failure();
    for (std::size_t index = begin; index < end; ++index)
      plans[good[index]] = std::move(done->at(index - begin));
  }
  return make_report(naming->names, std::move(plans));
}

domain::Outcome<domain::PersonId> call_up_reserve(const Environment& environment, const Call& call,
                                                  std::string_view meeting,
                                                  std::string_view institution,
                                                  domain::PersonId person,
                                                  const std::string& superior_email) {
  return run_once_for_id<domain::PersonId>(
      environment, call, "call_up_reserve",
      [&](storage::Connection& connection) -> domain::Outcome<domain::PersonId> {
        const auto thing = check_delegation(connection, call.actor, Action::change_registration,
                                            meeting, institution);
        if (!thing) return thing.failure();
        return call_up_in({connection, environment, call, environment.clock->now()}, *thing, person,
                          superior_email);
      });
}

}  // namespace narada::usecases
