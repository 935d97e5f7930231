#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_claims.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_json.h"
#include "service/usecases/registrations/registration_refusals.h"
#include "service/usecases/registrations/registrations.h"
#include "service/usecases/stored_things.h"
#include "sql/enrolment_store.h"
#include "sql/error.h"

namespace narada::usecases {
namespace {

// One meeting of the cycle, with what came of it.
struct Session {
  storage::SeatedMeeting seated;
  std::optional<domain::Registration> registration;
  std::string manage_url;
  std::optional<domain::Refused> refused;
};

struct Attempt {
  storage::EnrollableCycle cycle;
  std::vector<Session> sessions;  // in the order of ids, in which they are locked
  RegistrationInput input;
  std::optional<domain::InstitutionRef> institution;
  std::optional<domain::AttendanceMode> mode;  // as chosen
  std::optional<storage::KnownPerson> known;
};

bool offers_both(const Session& session) {
  return session.seated.meeting.onsite.offered && session.seated.meeting.online.offered;
}

domain::AttendanceMode mode_for(const Attempt& attempt, const domain::Meeting& meeting) {
  return offered_mode(meeting, attempt.mode.value_or(domain::AttendanceMode::onsite));
}

Attempt prepare(const Change& change, storage::EnrollableCycle cycle, const RegistrationForm& form,
                domain::FieldErrors& errors) {
  Attempt attempt;
  for (const auto meeting : cycle.meetings) {
    if (auto seated = storage::find_seated_meeting(change.connection, meeting)) {
      attempt.sessions.push_back({*std::move(seated), {}, {}, {}});
    }
  }
  attempt.cycle = std::move(cycle);
  attempt.mode = form.mode;
  attempt.input = check_registration_form(form, errors);
  if (!attempt.input.institution.empty()) {
    attempt.institution = resolve_institution(change.connection, attempt.input.institution, errors);
    if (attempt.institution) attempt.input.person.institution = attempt.institution->id;
  }
  if (!form.mode && std::any_of(attempt.sessions.begin(), attempt.sessions.end(), offers_both)) {
    errors.push_back({"mode", "required"});
  }
  if (attempt.sessions.empty() && !attempt.cycle.has_drafts) {
    errors.push_back(
        {"", attempt.cycle.status == "cancelled" ? "meeting_cancelled" : "meeting_past"});
  }
  sort_by_field(errors);
  return attempt;
}

Enrolled load_standing(const Change& change, domain::EnrolmentId id) {
  Enrolled enrolled;
  enrolled.id = id;
  for (auto& stored : storage::find_registrations_of(change.connection, id)) {
    enrolled.registrations.push_back(std::move(stored.registration));
  }
  return enrolled;
}

storage::StoredEnrolment make_enrolment(const Change& change, const Attempt& attempt) {
  const storage::NewPerson& typed = attempt.input.person;
  storage::StoredEnrolment enrolment;
  enrolment.cycle = attempt.cycle.id;
  enrolment.person.id = attempt.known ? attempt.known->id
                                      : storage::save_person(change.connection, typed, change.now);
  enrolment.person.full_name = attempt.known ? attempt.known->full_name : typed.full_name;
  enrolment.person.email = attempt.known ? attempt.known->email : typed.email;
  enrolment.person.position = typed.position;
  enrolment.person.institution = attempt.institution;
  enrolment.person.language = typed.language;
  enrolment.needs = attempt.input.needs;
  enrolment.diet = attempt.input.diet;
  enrolment.access_needs = attempt.input.access_needs;
  enrolment.interpreter = attempt.input.interpreter;
  enrolment.visible = attempt.input.visible;
  enrolment.mode = attempt.mode.value_or(domain::AttendanceMode::onsite);
  if (!attempt.mode && !attempt.sessions.empty()) {
    enrolment.mode = mode_for(attempt, attempt.sessions.front().seated.meeting);
  }
  return enrolment;
}

// An earlier registration that stands becomes part of the enrolment, where the actor may change it
// anyway: whoever holds a link to another part of the enrolment may then cancel it.
void adopt(const Change& change, LockedMeeting& locked, domain::EnrolmentId enrolment,
           domain::Registration& registration) {
  if (!domain::is_active(registration.status) || registration.enrolment) return;
  auto stored = storage::find_registration(change.connection, registration.id);
  if (!stored || !check_registration(change.connection, change.call.actor,
                                     Action::change_registration, stored->registration)) {
    return;
  }
  stored->registration.enrolment = enrolment;
  locked.save_details(*stored);
  registration = std::move(stored->registration);
}

void claim_session(const Change& change, const Attempt& attempt,
                   const storage::StoredEnrolment& enrolment, Session& session) {
  auto locked = LockedMeeting::lock(change, session.seated.meeting.id, session.seated);
  if (!locked) return;
  PlaceClaim claim;
  claim.person = enrolment.person;
  claim.mode = mode_for(attempt, locked->meeting());
  claim.enrolment = enrolment.id;
  claim.needs = enrolment.needs;
  claim.diet = enrolment.diet;
  claim.access_needs = enrolment.access_needs;
  claim.interpreter = enrolment.interpreter;
  claim.question = attempt.input.question;
  claim.visible = enrolment.visible;
  auto result = claim_place(change, *locked, claim, EarlierClaim::possible);
  if (auto* refused = std::get_if<domain::Refused>(&result)) {
    session.refused = std::move(*refused);
    return;
  }
  auto& place = std::get<ClaimedPlace>(result);
  if (place.created) {
    session.manage_url = manage_url(change.environment, place.token, enrolment.person.language);
  } else {
    adopt(change, *locked, enrolment.id, place.registration);
  }
  locked->finish();
  session.registration = std::move(place.registration);
}

void record_enrolment(const Change& change, const storage::StoredEnrolment& enrolment) {
  record_activity(change.connection, change.environment,
                  as_holder(change.call, enrolment.person.id), "enrolment.created", "enrolment",
                  enrolment.id.value, {}, fmt::format(R"({{"cycle":{}}})", enrolment.cycle.value));
}

Enrolled collect(std::vector<Session> sessions, domain::EnrolmentId id) {
  std::stable_sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& b) {
    return a.seated.meeting.times.starts_at < b.seated.meeting.times.starts_at;
  });
  Enrolled enrolled;
  enrolled.id = id;
  enrolled.created = true;
  for (auto& session : sessions) {
    if (session.registration) {
      enrolled.registrations.push_back(*std::move(session.registration));
      enrolled.manage_urls.push_back(std::move(session.manage_url));
    } else if (session.refused) {
      enrolled.skipped.push_back(session.seated.meeting.title + ": " + session.refused->code);
    }
  }
  return enrolled;
}

// Writes the enrolment, or takes up the one that was cancelled, and sets its id. False: it stands.
bool begin_enrolment(const Change& change, storage::StoredEnrolment& enrolment) {
  const auto find = [&] {
    return storage::find_enrolment(change.connection, enrolment.cycle, enrolment.person.id);
  };
  auto earlier = find();
  if (!earlier) {
    try {
      storage::insert_enrolment(change.connection, enrolment, change.now);
      return true;
    } catch (const storage::Duplicate&) {
      earlier = find();  // came in meanwhile
      if (!earlier) throw;
    }
  }
  enrolment.id = earlier->id;
  return storage::renew_enrolment(change.connection, enrolment, change.now);
}

domain::Outcome<Enrolled> enrol_now(const Change& change, Attempt attempt) {
  storage::StoredEnrolment enrolment = make_enrolment(change, attempt);
  if (!begin_enrolment(change, enrolment)) return load_standing(change, enrolment.id);
  storage::save_clause_acceptance(change.connection, enrolment.id, change.now);
  for (auto& session : attempt.sessions) claim_session(change, attempt, enrolment, session);
  record_enrolment(change, enrolment);
  const auto refused = std::find_if(attempt.sessions.begin(), attempt.sessions.end(),
                                    [](const Session& session) { return session.refused; });
  Enrolled enrolled = collect(attempt.sessions, enrolment.id);
  if (enrolled.registrations.empty() && !attempt.cycle.has_drafts &&
      refused != attempt.sessions.end()) {
    return domain::FieldErrors{
        make_refusal_error(*refused->refused, refused->seated.meeting, change.call.language)};
  }
  return enrolled;
}

domain::Outcome<Enrolled> enrol_in(const Change& change, std::string_view key,
                                   const RegistrationForm& form) {
  auto cycle = storage::find_enrollable_cycle(change.connection, key, change.now);
  if (!cycle || cycle->status == "draft") return domain::NotFound{};
  domain::FieldErrors errors;
  Attempt attempt = prepare(change, *std::move(cycle), form, errors);
  if (!errors.empty()) return errors;
  attempt.known = storage::find_person(change.connection, attempt.input.person);
  if (attempt.known) {
    const auto earlier =
        storage::find_enrolment(change.connection, attempt.cycle.id, attempt.known->id);
    if (earlier && earlier->active) return load_standing(change, earlier->id);
  }
  return enrol_now(change, std::move(attempt));
}

}  // namespace

domain::Outcome<Enrolled> enrol_person(const Environment& environment, const Call& call,
                                       std::string_view cycle_id_or_slug,
                                       const RegistrationForm& form) {
  return run_once<Enrolled>(
      environment, call, "enrol_person",
      [&](storage::Connection& connection) {
        return enrol_in({connection, environment, call, environment.clock->now()}, cycle_id_or_slug,
                        form);
      },
      write_enrolled, read_enrolled, [](const Enrolled& enrolled) { return enrolled.created; },
      find_enrolled_person);
}

}  // namespace narada::usecases
