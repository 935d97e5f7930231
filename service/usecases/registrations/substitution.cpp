#include "service/usecases/registrations/substitution.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/domain/half_fixed.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/consent.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/stored_things.h"
#include "sql/consent_store.h"
#include "sql/delegation_store.h"
#include "sql/person_store.h"
#include "sql/registration_store.h"

namespace narada::usecases {
namespace {

using storage::StoredRegistration;

// Who takes over, as found or typed, and who is asked about them.
struct Successor {
  domain::Person person;
  std::optional<domain::DelegationId> reserve_of;
  std::optional<Superior> superior;
};

// Absent, with what is wrong in `errors`, when the institution's reserve does not have the person.
std::optional<storage::StoredReserve> find_reserve(const Change& change,
                                                   const domain::Registration& from,
                                                   domain::PersonId person,
                                                   domain::FieldErrors& errors) {
  for (auto& one :
       storage::list_reserves(change.connection, from.meeting, from.person.institution->id)) {
    if (one.person == person) return std::move(one);
  }
  errors.push_back({"reserve", "not_in_reserve"});
  return std::nullopt;
}

storage::NewPerson read_person(const SubstituteForm& form, const domain::Registration& from,
                               domain::FieldErrors& errors) {
  storage::NewPerson person;
  person.full_name = check_text(form.full_name, "full_name", kNameBounds, errors);
  person.email = check_email(form.email, errors);
  person.position = check_text(form.position, "position", kPositionBounds, errors);
  person.name_key = make_name_key(person.full_name);
  person.email_key = make_email_key(person.email);
  person.institution = from.person.institution->id;
  person.language = from.person.language;
  const bool is_same = person.name_key == make_name_key(from.person.full_name) &&
                       person.email_key == make_email_key(from.person.email);
  if (is_same) errors.push_back({"full_name", "same_person"});
  return person;
}

// The one typed, or whoever was asked about the person before.
std::optional<Superior> choose_superior(const Change& change, const SubstituteForm& form,
                                        const domain::Registration& from,
                                        domain::FieldErrors& errors) {
  Superior typed{form.superior_name, form.superior_email};
  if (make_name_key(typed.email).empty()) {
    const auto asked = storage::find_consent(change.connection, from.id);
    if (asked) typed = {asked->superior_name, asked->superior_email};
  }
  return read_superior(change.connection, from.person.institution->id, typed, errors);
}

std::optional<Successor> find_successor(const Change& change, const SubstituteForm& form,
                                        const domain::Registration& from,
                                        domain::FieldErrors& errors) {
  Successor successor;
  domain::Person& person = successor.person;
  person.institution = from.person.institution;
  person.language = from.person.language;
  successor.superior = choose_superior(change, form, from, errors);
  if (form.reserve) {
    const auto reserve = find_reserve(change, from, *form.reserve, errors);
    if (!reserve || !errors.empty()) return std::nullopt;
    person.id = reserve->person;
    person.full_name = reserve->full_name;
    person.email = reserve->email;
    person.position = reserve->job_title;
    successor.reserve_of = reserve->delegation;
    return successor;
  }
  const auto typed = read_person(form, from, errors);
  if (!errors.empty()) return std::nullopt;
  const auto known = storage::find_person(change.connection, typed);
  person.id = known ? known->id : storage::save_person(change.connection, typed, change.now);
  person.full_name = known ? known->full_name : typed.full_name;
  person.email = known ? known->email : typed.email;
  person.position = typed.position;
  return successor;
}

// What the successor has at the meeting already, if it was cancelled; else why they cannot come.
domain::Outcome<StoredRegistration> make_row(const Change& change, const Successor& successor,
                                             domain::MeetingId meeting) {
  auto earlier = storage::find_registration_of(change.connection, meeting, successor.person.id);
  if (earlier && earlier->registration.status != domain::RegistrationStatus::cancelled) {
    const bool is_in = domain::is_active(earlier->registration.status);
    return domain::FieldErrors{
        {"full_name", is_in ? "already_registered" : "earlier_registration"}};
  }
  StoredRegistration row;
  if (earlier) {
    row.registration.id = earlier->registration.id;
    row.registration.created_at = earlier->registration.created_at;
    row.registration.version = earlier->registration.version;
    row.told = earlier->told;
  }
  row.registration.person = successor.person;
  return row;
}

domain::Outcome<Substituted> substitute_in(const Change& change, domain::RegistrationId id,
                                           const SubstituteForm& form,
                                           const SubstitutionStep& step) {
  const auto seen = storage::find_registration(change.connection, id);
  if (!seen) return domain::NotFound{};
  const auto allowed = check_registration(change.connection, change.call.actor,
                                          Action::change_registration, seen->registration);
  if (!allowed) return allowed.failure();
  if (seen->registration.person.full_name.empty()) return domain::Conflict{"forgotten"};
  if (!seen->registration.person.institution)
    return domain::FieldErrors{{"full_name", "no_institution"}};
  domain::FieldErrors errors;
  const auto successor = find_successor(change, form, seen->registration, errors);
  sort_by_field(errors);
  if (!errors.empty()) return errors;
  auto meeting = LockedMeeting::lock(change, seen->registration.meeting);
  auto from = storage::find_registration(change.connection, id);
  if (!meeting || !from) return domain::NotFound{};
  if (auto failure = step(change.connection)) return std::move(*failure);
  if (!domain::is_active(from->registration.status)) return domain::Conflict{"not_active"};
  if (change.now >= begins_at(meeting->meeting().times)) return domain::Conflict{"meeting_past"};
  auto to = make_row(change, *successor, from->registration.meeting);
  if (!to) return to.failure();
  meeting->hand_over(*from, *to);
  if (successor->reserve_of) {
    storage::remove_reserve(change.connection, *successor->reserve_of, successor->person.id);
  }
  if (successor->superior) ask_consent(change, *meeting, to->registration, *successor->superior);
  meeting->finish();
  return Substituted{from->registration, to->registration};
}

// Kept as two ids: a result outlives neither of the two people it tells of.
struct Done {
  Substituted people;
  bool again = false;  // the same request came before, and only the ids are known
};

std::string write_done(const Done& done) {
  return nlohmann::json{done.people.from.id.value, done.people.to.id.value}.dump();
}

Done read_done(const std::string& text) {
  const auto ids = nlohmann::json::parse(text);
  Done done;
  done.again = true;
  done.people.from.id = domain::RegistrationId{ids.at(0).get<std::int64_t>()};
  done.people.to.id = domain::RegistrationId{ids.at(1).get<std::int64_t>()};
  return done;
}

// As both are now.
domain::Outcome<Substituted> load_both(const Environment& environment, const Substituted& ids) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<Substituted> {
        auto from = storage::find_registration(connection, ids.from.id);
        auto to = storage::find_registration(connection, ids.to.id);
        if (!from || !to) return domain::NotFound{};
        return Substituted{std::move(from->registration), std::move(to->registration)};
      });
}

}  // namespace

domain::Outcome<Substituted> substitute(const Environment& environment, const Call& call,
                                        domain::RegistrationId registration,
                                        const SubstituteForm& form) {
  return substitute(environment, call, registration, form,
                    [](storage::Connection&) { return std::nullopt; });
}

domain::Outcome<Substituted> substitute(const Environment& environment, const Call& call,
                                        domain::RegistrationId registration,
                                        const SubstituteForm& form, const SubstitutionStep& step) {
  auto done = run_once<Done>(
      environment, call, "substitute",
      [&](storage::Connection& connection) -> domain::Outcome<Done> {
        auto people = substitute_in({connection, environment, call, environment.clock->now()},
                                    registration, form, step);
        if (!people) return people.failure();
        return Done{std::move(people).value()};
      },
      write_done, read_done, AlwaysWrote{},
      [](const Done& of) { return std::optional(of.people.to.person.id); });
  if (!done) return done.failure();
  if (done->again) return load_both(environment, done->people);
  return std::move(done->people);
}

}  // namespace narada::usecases
