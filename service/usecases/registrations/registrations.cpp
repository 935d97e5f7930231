#include "service/usecases/registrations/registrations.h"

#include <utility>
#include <variant>

#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_answers.h"
#include "service/usecases/registrations/registration_claims.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_json.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/registrations/registration_memory.h"
#include "service/usecases/registrations/registration_refusals.h"

namespace narada::usecases {
namespace {

using domain::RegistrationStatus;

// One call of register_person within its transaction, before the meeting is locked.
struct Attempt {
  RegistrationInput input;
  storage::SeatedMeeting seated;
  std::optional<domain::InstitutionRef> institution;
  std::optional<domain::AttendanceMode> mode;
  std::optional<storage::PersonClaim> claim;  // who it is and what they have here, if known
  CheckedAnswers answers;

  // A registration that was not cancelled stands, whatever the form says now.
  bool stands() const {
    return claim && claim->registration && claim->status != RegistrationStatus::cancelled;
  }
};

// What keeps everybody out, or people of this mode; decided again under the lock.
void check_admission(const Change& change, const Attempt& attempt, domain::FieldErrors& errors) {
  const domain::Meeting& meeting = attempt.seated.meeting;
  const auto mode = attempt.mode.value_or(domain::AttendanceMode::onsite);
  const domain::Admission admission = domain::decide_admission(meeting, mode, change.now);
  const auto* refused = std::get_if<domain::Refused>(&admission);
  if (!refused || (!attempt.mode && refused->field == "mode")) return;
  // Full for most is not full for an institution that has places of its own.
  if (refused->code == "full" && attempt.seated.has_place_rules) return;
  errors.push_back(make_refusal_error(*refused, meeting, change.call.language));
}

std::optional<domain::InstitutionRef> find_or_resolve(const Change& change,
                                                      const std::string& typed,
                                                      domain::FieldErrors& errors) {
  RegistrationMemory& memory = *change.environment.registrations;
  if (auto known = memory.find_institution(typed, change.now)) return known;
  auto resolved = resolve_institution(change.connection, typed, errors);
  if (resolved) memory.keep_institution(typed, *resolved, change.now);
  return resolved;
}

RegistrationMemory::Questions find_questions(const Change& change, std::string_view key,
                                             domain::MeetingId meeting) {
  RegistrationMemory& memory = *change.environment.registrations;
  if (auto known = memory.find_questions(key, change.now)) return known;
  auto questions = std::make_shared<const domain::Questions>(
      storage::list_questions(change.connection, meeting));
  memory.keep_questions(key, questions, change.now);
  return questions;
}

// Everything that can be read before the lock; what is wrong goes to `errors`.
Attempt prepare(const Change& change, std::string_view key, storage::SeatedMeeting seated,
                const RegistrationForm& form, domain::FieldErrors& errors) {
  Attempt attempt;
  attempt.seated = std::move(seated);
  attempt.input = check_registration_form(form, errors);
  if (!attempt.input.institution.empty()) {
    attempt.institution = find_or_resolve(change, attempt.input.institution, errors);
  }
  attempt.mode = resolve_mode(form.mode, attempt.seated.meeting, errors);
  if (attempt.mode) {
    const auto questions = find_questions(change, key, attempt.seated.meeting.id);
    attempt.answers = check_given(*questions, *attempt.mode, form.answers, {}, errors);
  }
  storage::NewPerson& person = attempt.input.person;
  if (attempt.institution) person.institution = attempt.institution->id;
  if (!person.full_name.empty() && !person.email.empty()) {
    attempt.claim =
        storage::find_person_claim(change.connection, person, attempt.seated.meeting.id);
  }
  if (!attempt.stands()) check_admission(change, attempt, errors);
  sort_by_field(errors);
  return attempt;
}

domain::Outcome<Registered> find_standing(const Change& change, const Attempt& attempt) {
  const auto stored = storage::find_registration(change.connection, *attempt.claim->registration);
  if (!stored) return domain::NotFound{};
  return Registered{stored->registration, false, {}};
}

PlaceClaim make_claim(const Change& change, const Attempt& attempt) {
  const storage::NewPerson& typed = attempt.input.person;
  PlaceClaim claim;
  if (attempt.claim) {
    claim.person.id = attempt.claim->person;
    claim.person.full_name = attempt.claim->full_name;
    claim.person.email = attempt.claim->email;
  } else {
    claim.person.id = storage::save_person(change.connection, typed, change.now);
    claim.person.full_name = typed.full_name;
    claim.person.email = typed.email;
  }
  claim.person.position = typed.position;
  claim.person.institution = attempt.institution;
  claim.person.language = typed.language;
  claim.mode = *attempt.mode;
  claim.needs = attempt.input.needs;
  claim.diet = attempt.input.diet;
  claim.access_needs = attempt.input.access_needs;
  claim.interpreter = attempt.input.interpreter;
  claim.question = attempt.input.question;
  claim.challenge = attempt.input.challenge;
  claim.challenge_contact = attempt.input.challenge_contact;
  claim.visible = attempt.input.visible;
  return claim;
}

domain::Outcome<Registered> register_now(const Change& change, std::string_view key,
                                         Attempt attempt) {
  const PlaceClaim claim = make_claim(change, attempt);
  const auto earlier =
      attempt.claim && attempt.claim->registration ? EarlierClaim::possible : EarlierClaim::none;
  const std::int64_t version = attempt.seated.meeting.version;
  auto locked = LockedMeeting::lock(change, attempt.seated.meeting.id, std::move(attempt.seated));
  if (!locked) return domain::NotFound{};
  if (locked->meeting().version != version) change.environment.registrations->forget_meeting(key);
  const auto result = claim_place(change, *locked, claim, earlier);
  if (const auto* refused = std::get_if<domain::Refused>(&result)) {
    return domain::FieldErrors{
        make_refusal_error(*refused, locked->meeting(), change.call.language)};
  }
  const auto& place = std::get<ClaimedPlace>(result);
  if (!place.created) return Registered{place.registration, false, {}};
  write_answers(change, place.registration.id, attempt.answers);
  storage::save_clause_acceptance(change.connection, place.registration, change.now);
  locked->finish();
  return Registered{place.registration, true,
                    manage_url(change.environment, place.token, claim.person.language)};
}

domain::Outcome<Registered> register_at(const Change& change, std::string_view key,
                                        storage::SeatedMeeting seated,
                                        const RegistrationForm& form) {
  const auto status = seated.meeting.status;
  if (status == domain::MeetingStatus::draft || status == domain::MeetingStatus::binned) {
    return domain::NotFound{};
  }
  domain::FieldErrors errors;
  Attempt attempt = prepare(change, key, std::move(seated), form, errors);
  if (!errors.empty()) return errors;
  if (attempt.stands()) return find_standing(change, attempt);
  return register_now(change, key, std::move(attempt));
}

domain::Outcome<Registered> register_in(const Change& change, std::string_view key,
                                        const RegistrationForm& form) {
  RegistrationMemory& memory = *change.environment.registrations;
  if (const auto known = memory.find_meeting(key, change.now)) {
    auto outcome = register_at(change, key, *known, form);
    if (outcome.ok()) return outcome;  // a refusal may rest on what is no longer so
  }
  auto seated = storage::find_seated_meeting(change.connection, key);
  if (!seated) return domain::NotFound{};
  memory.keep_meeting(key, std::make_shared<const storage::SeatedMeeting>(*seated), change.now);
  return register_at(change, key, *std::move(seated), form);
}

}  // namespace

domain::Outcome<Registered> register_person(const Environment& environment, const Call& call,
                                            std::string_view meeting_id_or_slug,
                                            const RegistrationForm& form) {
  return run_once<Registered>(
      environment, call, "register_person",
      [&](storage::Connection& connection) {
        return register_in({connection, environment, call, environment.clock->now()},
                           meeting_id_or_slug, form);
      },
      write_registered, read_registered,
      [](const Registered& registered) { return registered.created; },
      [](const Registered& registered) {
        return std::optional(registered.registration.person.id);
      });
}

}  // namespace narada::usecases
