#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "service/domain/half_fixed.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/contact_withdrawal.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/registrations/registration_answers.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_json.h"
#include "service/usecases/registrations/registration_refusals.h"
#include "service/usecases/registrations/registrations.h"
#include "service/usecases/stored_things.h"
#include "sql/activity_store.h"
#include "sql/error.h"
#include "sql/live_person.h"
#include "sql/person_store.h"

namespace narada::usecases {
namespace {

using domain::RegistrationStatus;
using nlohmann::json;
using storage::StoredRegistration;

// A registration as it is after a call, and whether the call changed anything.
struct Changed {
  domain::Registration registration;
  bool wrote = true;
};

// A registration with its meeting locked, so that neither changes any more.
struct Held {
  LockedMeeting meeting;
  StoredRegistration stored;
};

std::optional<Held> hold(const Change& change, domain::RegistrationId id) {
  const auto seen = storage::find_registration(change.connection, id);
  if (!seen) return std::nullopt;
  auto meeting = LockedMeeting::lock(change, seen->registration.meeting);
  auto stored = storage::find_registration(change.connection, id);
  if (!meeting || !stored) return std::nullopt;
  return Held{*std::move(meeting), *std::move(stored)};
}

// Runs `step` (Change, Held → Outcome<Changed>) once on the registration, for who may do `action`.
template <class Step>
domain::Outcome<domain::Registration> change_held(const Environment& environment, const Call& call,
                                                  std::string_view kind, Action action,
                                                  domain::RegistrationId id, Step step) {
  auto outcome = run_once<Changed>(
      environment, call, kind,
      [&](storage::Connection& connection) -> domain::Outcome<Changed> {
        const Change change{connection, environment, call, environment.clock->now()};
        auto held = hold(change, id);
        if (!held) return domain::NotFound{};
        const auto allowed =
            check_registration(connection, call.actor, action, held->stored.registration);
        if (!allowed) return allowed.failure();
        const domain::Person& person = held->stored.registration.person;
        if (person.full_name.empty()) return domain::Conflict{"forgotten"};  // erased
        storage::require_live_person(connection, person.id);
        return step(change, *held);
      },
      [](const Changed& changed) { return write_registration(changed.registration); },
      [](const std::string& text) { return Changed{read_registration(text)}; },
      [](const Changed& changed) { return changed.wrote; },
      [](const Changed& changed) { return std::optional(changed.registration.person.id); });
  if (!outcome) return outcome.failure();
  return std::move(outcome->registration);
}

Changed finish(Held& held) {
  held.meeting.finish();
  return {std::move(held.stored.registration)};
}

// What is typed, as far as it is typed, checked and kept in `to`; true when anything differs.
bool replace_text(const std::optional<std::string>& typed, std::string_view field,
                  TextBounds bounds, std::string& to, domain::FieldErrors& errors) {
  if (!typed) return false;
  std::string text = check_text(*typed, field, bounds, errors);
  if (text == to) return false;
  to = std::move(text);
  return true;
}

bool replace_institution(const Change& change, const std::optional<std::string>& typed,
                         domain::Person& person, domain::FieldErrors& errors) {
  if (!typed) return false;
  const std::size_t before = errors.size();
  const std::string key = check_text(*typed, "institution", kInstitutionBounds, errors);
  if (errors.size() != before) return false;
  auto institution = resolve_institution(change.connection, key, errors);
  if (!institution || (person.institution && person.institution->id == institution->id)) {
    return false;
  }
  person.institution = std::move(institution);
  return true;
}

bool is_same_name(const std::string& name, const std::string& other) {
  return make_name_key(name) == make_name_key(other);
}

// Another spelling of one's own name.
void respell(const Change& change, const std::string& full_name, const domain::Person& person) {
  storage::save_full_name(change.connection, person.id, full_name, change.now);
  storage::Activity activity;
  activity.occurred_at = change.now;
  activity.actor = change.call.actor.text();
  activity.verb = "person.changed";
  activity.subject = "person:" + std::to_string(person.id.value);
  activity.details = json{{"fields", json::array({"full_name"})}}.dump();
  activity.request_id = change.call.request_id;
  activity.address_class = change.call.address_class;
  const json personal{{"before", {{"full_name", person.full_name}}},
                      {"after", {{"full_name", full_name}}}};
  activity.personal.push_back({person.id, personal.dump()});
  storage::save_activities(change.connection, {activity});
}

// Another spelling stays the same person; another name at the same address is another person, whose
// registration this becomes. What the first one holds elsewhere is left alone.
void rename(const Change& change, const std::string& full_name, domain::Person& person) {
  storage::NewPerson renamed;
  renamed.full_name = full_name;
  renamed.email = person.email;
  renamed.name_key = make_name_key(full_name);
  renamed.email_key = make_email_key(person.email);
  renamed.position = person.position;
  renamed.language = person.language;
  if (person.institution) renamed.institution = person.institution->id;
  if (is_same_name(full_name, person.full_name)) {
    respell(change, full_name, person);
  } else {
    person.id = storage::save_person(change.connection, renamed, change.now);
  }
  person.full_name = full_name;
}

// Everything of the form but the mode; true when anything differs.
bool apply_details(const Change& change, const RegistrationChange& wanted,
                   domain::Registration& registration, domain::FieldErrors& errors) {
  domain::Person& person = registration.person;
  std::string full_name = person.full_name;
  bool renamed = replace_text(wanted.full_name, "full_name", kNameBounds, full_name, errors);
  // How a name is spelled is its bearer's: it stands on all that they hold, and on their account.
  if (change.call.actor.person != person.id && is_same_name(full_name, person.full_name)) {
    renamed = false;
  }
  bool differs = renamed;
  differs |= replace_institution(change, wanted.institution, person, errors);
  differs |= replace_text(wanted.position, "position", kPositionBounds, person.position, errors);
  differs |= replace_text(wanted.needs, "needs", kNeedsBounds, registration.needs, errors);
  differs |= replace_text(wanted.diet, "diet", kDietBounds, registration.diet, errors);
  differs |= replace_text(wanted.access_needs, "access_needs", kAccessNeedsBounds,
                          registration.access_needs, errors);
  differs |= replace_text(wanted.interpreter, "interpreter", kInterpreterBounds,
                          registration.interpreter, errors);
  differs |= replace_text(wanted.question, "question", kNeedsBounds, registration.question, errors);
  differs |=
      replace_text(wanted.challenge, "challenge", kChallengeBounds, registration.challenge, errors);
  const bool contact = wanted.challenge_contact.value_or(registration.challenge_contact) &&
                       !registration.challenge.empty();
  differs |= contact != registration.challenge_contact;
  registration.challenge_contact = contact;
  if (wanted.visible && *wanted.visible != registration.visible) {
    registration.visible = *wanted.visible;
    differs = true;
  }
  if (renamed && errors.empty()) rename(change, full_name, person);
  return differs;
}

domain::Admission decide_change_of_mode(const LockedMeeting& meeting,
                                        const domain::Registration& registration,
                                        domain::AttendanceMode mode) {
  PlaceRequest request = request_of(registration);
  request.mode = mode;
  request.delegated = false;
  return meeting.decide_change(registration, request);
}

// Where places belong to institutions, nobody takes theirs along to another one that has none left.
void check_new_institution(const LockedMeeting& meeting, const domain::Registration& before,
                           domain::Registration& after, domain::Language language,
                           domain::FieldErrors& errors) {
  if (!after.person.institution ||
      (before.person.institution &&
       before.person.institution->id == after.person.institution->id)) {
    return;
  }
  after.delegation.reset();
  if (!meeting.has_place_rules()) return;
  const auto admission = meeting.decide_change(before, request_of(after));
  if (const auto* refused = std::get_if<domain::Refused>(&admission)) {
    errors.push_back(make_refusal_error(*refused, meeting.meeting(), language));
    errors.back().field = "institution";
  } else if (before.status == RegistrationStatus::confirmed &&
             std::holds_alternative<domain::Waitlisted>(admission)) {
    errors.push_back({"institution", "no_place_for_institution"});
  }
}

// Why the registration cannot become that of a person who has another one at the meeting.
std::string refusal_of_handover(const Change& change, const domain::Registration& registration) {
  const auto other = storage::find_registration_of(change.connection, registration.meeting,
                                                   registration.person.id);
  const bool is_in = !other || domain::is_active(other->registration.status);
  return is_in ? "already_registered" : "earlier_registration";
}

// What is answered now, checked; absent: nothing is asked to be changed.
struct NewAnswers {
  CheckedAnswers checked;
  bool differ = false;
};
std::optional<NewAnswers> read_answers(const Change& change,
                                       const domain::Registration& registration,
                                       domain::AttendanceMode mode,
                                       const std::optional<GivenAnswers>& given,
                                       domain::FieldErrors& errors) {
  if (!given) return std::nullopt;
  const auto questions = storage::list_questions(change.connection, registration.meeting);
  const auto before = storage::find_answers(change.connection, registration.id);
  NewAnswers answers;
  GivenAnswers all = *given;
  if (!given->replaces_all) all.values.insert(before.begin(), before.end());
  answers.checked = check_given(questions, mode, all, before, errors);
  answers.differ = answers.checked.values != before || !answers.checked.files.empty();
  return answers;
}

// Whether what was changed is still the actor's to change: a coordinator gives nobody away to
// another institution. Another name is no other owner.
bool may_keep(const Change& change, domain::Registration changed, domain::PersonId person) {
  changed.person.id = person;
  return check_registration(change.connection, change.call.actor, Action::change_registration,
                            changed)
      .ok();
}

domain::Outcome<Changed> change_in(const Change& change, Held& held,
                                   const RegistrationChange& wanted) {
  domain::Registration& registration = held.stored.registration;
  if (!domain::is_active(registration.status)) return domain::Conflict{"not_active"};
  const bool types_unseen =
      (wanted.needs || wanted.diet || wanted.access_needs || wanted.interpreter ||
       wanted.answers) &&
      !check_registration(change.connection, change.call.actor, Action::see_needs, registration);
  if (types_unseen) return domain::Forbidden{};
  const domain::PersonId person = registration.person.id;
  const domain::AttendanceMode mode = wanted.mode.value_or(registration.mode);
  const bool other_mode = mode != registration.mode;
  domain::FieldErrors errors;
  domain::Admission admission = domain::Confirmed{};
  if (other_mode) {
    admission = decide_change_of_mode(held.meeting, registration, mode);
    if (const auto* refused = std::get_if<domain::Refused>(&admission)) {
      errors.push_back(make_refusal_error(*refused, held.meeting.meeting(), change.call.language));
      errors.back().field = "mode";
    } else if (!wanted.accepts_waiting && registration.status == RegistrationStatus::confirmed &&
               std::holds_alternative<domain::Waitlisted>(admission)) {
      errors.push_back({"mode", "would_wait"});
    }
  }
  const auto answers = read_answers(change, registration, mode, wanted.answers, errors);
  if (answers && answers->differ && !may_change_answers(held.meeting.meeting(), change.now)) {
    return domain::Conflict{"answers_closed"};
  }
  const domain::Registration before = registration;
  bool differs = apply_details(change, wanted, registration, errors);
  check_new_institution(held.meeting, before, registration, change.call.language, errors);
  if (!errors.empty()) return errors;
  if (answers && answers->differ) {
    write_answers(change, registration.id, answers->checked);
    differs = true;
  }
  if (!differs && !other_mode) return Changed{registration, false};
  if (!may_keep(change, registration, person)) return domain::Forbidden{};
  try {
    if (other_mode) {
      held.meeting.change_mode(held.stored, mode, admission);
    } else {
      held.meeting.save_details(held.stored);
    }
  } catch (const storage::Duplicate&) {
    return domain::FieldErrors{{"full_name", refusal_of_handover(change, registration)}};
  }
  const bool was_other = registration.person.id != person;
  if (before.challenge_contact && (was_other || !registration.challenge_contact))
    withdraw_contact(change.connection, registration.meeting, registration.id);
  return finish(held);
}

domain::Outcome<Changed> cancel_in(const Change& change, Held& held) {
  const domain::Registration& registration = held.stored.registration;
  if (!domain::is_active(registration.status)) return Changed{registration, false};
  if (change.now >= begins_at(held.meeting.meeting().times)) {
    return domain::Conflict{"meeting_past"};
  }
  held.meeting.cancel(held.stored);
  return finish(held);
}

domain::Outcome<Changed> accept_in(const Change& change, Held& held) {
  const domain::Registration& registration = held.stored.registration;
  const domain::Meeting& meeting = held.meeting.meeting();
  if (registration.status == RegistrationStatus::confirmed) return Changed{registration, false};
  if (meeting.status != domain::MeetingStatus::published) {
    return domain::Conflict{"meeting_cancelled"};
  }
  if (change.now >= begins_at(meeting.times)) return domain::Conflict{"meeting_past"};
  if (registration.status != RegistrationStatus::waitlisted) return domain::Conflict{"no_offer"};
  if (!registration.offer_until) {
    return domain::Conflict{held.stored.missed_offers > 0 ? "offer_expired" : "no_offer"};
  }
  if (change.now >= *registration.offer_until) return domain::Conflict{"offer_expired"};
  const domain::Seats& seats = domain::seats_of(meeting, registration.mode);
  if (seats.capacity && seats.confirmed >= *seats.capacity) return domain::Conflict{"no_offer"};
  held.meeting.accept_offer(held.stored);
  return finish(held);
}

domain::Outcome<Changed> approve_in(Held& held) {
  const domain::Registration& registration = held.stored.registration;
  if (registration.status != RegistrationStatus::pending) return domain::Conflict{"not_pending"};
  const auto admission = held.meeting.decide_admission_of_approved(request_of(registration));
  if (const auto* refused = std::get_if<domain::Refused>(&admission)) {
    return domain::Conflict{refused->code};
  }
  held.meeting.approve(held.stored, admission);
  return finish(held);
}

}  // namespace

domain::Outcome<domain::Registration> change_registration(const Environment& environment,
                                                          const Call& call,
                                                          domain::RegistrationId registration,
                                                          std::optional<std::int64_t> version,
                                                          const RegistrationChange& wanted) {
  return change_held(environment, call, "change_registration", Action::change_registration,
                     registration,
                     [&](const Change& change, Held& held) -> domain::Outcome<Changed> {
                       if (version && *version != held.stored.registration.version) {
                         return domain::Stale{};
                       }
                       return change_in(change, held, wanted);
                     });
}

domain::Outcome<domain::Registration> cancel_registration(const Environment& environment,
                                                          const Call& call,
                                                          domain::RegistrationId registration) {
  return change_held(environment, call, "cancel_registration", Action::change_registration,
                     registration,
                     [](const Change& change, Held& held) { return cancel_in(change, held); });
}

domain::Outcome<domain::Registration> accept_offer(const Environment& environment, const Call& call,
                                                   domain::RegistrationId registration) {
  return change_held(environment, call, "accept_offer", Action::change_registration, registration,
                     [](const Change& change, Held& held) { return accept_in(change, held); });
}

domain::Outcome<domain::Registration> approve_registration(const Environment& environment,
                                                           const Call& call,
                                                           domain::RegistrationId registration) {
  return change_held(environment, call, "approve_registration", Action::decide_registration,
                     registration, [](const Change&, Held& held) { return approve_in(held); });
}

domain::Outcome<domain::Registration> decline_registration(const Environment& environment,
                                                           const Call& call,
                                                           domain::RegistrationId registration,
                                                           const std::string& reason) {
  domain::FieldErrors errors;
  const std::string kept = check_text(reason, "reason", kReasonBounds, errors);
  return change_held(environment, call, "decline_registration", Action::decide_registration,
                     registration, [&](const Change&, Held& held) -> domain::Outcome<Changed> {
                       if (!errors.empty()) return errors;
                       if (held.stored.registration.status != RegistrationStatus::pending) {
                         return domain::Conflict{"not_pending"};
                       }
                       held.meeting.decline(held.stored, kept);
                       return finish(held);
                     });
}

}  // namespace narada::usecases
