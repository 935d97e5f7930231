#include "service/usecases/registrations/consent.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "calendar/zone.h"
#include "notifications/message_id.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/stored_things.h"
#include "sql/consent_store.h"
#include "sql/delegation_store.h"
#include "sql/institution_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

using notifications::MailKind;
using storage::StoredConsent;

constexpr TextBounds kSuperiorBounds{0, 200, false, false};
constexpr std::chrono::days kOpenFor{kConsentDays};

domain::Instant end_of(const StoredConsent& consent, const domain::Meeting& meeting) {
  return std::min<domain::Instant>(consent.asked_at + kOpenFor, begins_at(meeting.times));
}

std::string told_to_person(const Superior& superior, domain::Language language) {
  const std::string who =
      superior.name.empty() ? superior.email : superior.name + ", " + superior.email;
  if (language == domain::Language::en) {
    return fmt::format(
        "Your institution asks for a superior's consent. We have asked: {}. Until they answer, "
        "your "
        "registration counts as it is. If they refuse, it is cancelled and we will write to you.",
        who);
  }
  return fmt::format(
      "Twoja instytucja wymaga zgody przełożonego. Poprosiliśmy o nią: {}. Do czasu odpowiedzi "
      "zgłoszenie jest ważne. Gdyby przełożony odmówił, odwołamy je i napiszemy do Ciebie.",
      who);
}

// The mail of the superior. Its rows are those of the meeting; nothing in it opens the
// registration.
void write_to_superior(const Change& change, const LockedMeeting& meeting,
                       const domain::Registration& registration, const Superior& superior,
                       const std::string& token, domain::Instant until) {
  storage::SeatedMeeting seated;
  seated.meeting = meeting.meeting();
  storage::StoredRegistration stored;
  stored.registration = registration;
  stored.registration.status = domain::RegistrationStatus::pending;  // no way in online
  const domain::Language language = registration.person.language;
  MailCause cause;
  cause.kind = MailKind::consent_asked;
  auto facts = make_mail_facts(change.environment, seated, stored, cause, token);
  facts.to_name = superior.name.empty() ? superior.email : superior.name;
  facts.to_address = superior.email;
  facts.manage_url.clear();
  // Whoever answers by mail writes to the person: the registration's own address proves to be them.
  facts.reply_address = registration.person.email;
  facts.unsubscribe_url.clear();
  facts.queue_position.reset();
  facts.ask.emplace();
  facts.ask->url = change.environment.base_url +
                   (language == domain::Language::en ? "/en/zgoda/" : "/zgoda/") + token;
  facts.ask->about = registration.person.full_name;
  facts.ask->until = calendar::to_wall_time(until, domain::kDefaultZone);
  storage::save_outgoing_mail(
      change.connection,
      make_outgoing_mail(change.environment, facts, cause, registration, change.now));
}

// Nothing of what the person typed for the organizers.
void forget_typed(domain::Registration& registration) {
  registration.needs.clear();
  registration.diet.clear();
  registration.access_needs.clear();
  registration.interpreter.clear();
  registration.question.clear();
  registration.challenge.clear();
}

ConsentState state_of(const StoredConsent& consent, const domain::Registration& registration,
                      domain::Instant until, domain::Instant now) {
  if (consent.answer == "refused") return ConsentState::refused;
  const bool is_out = registration.status == domain::RegistrationStatus::cancelled ||
                      registration.status == domain::RegistrationStatus::declined;
  if (is_out) return ConsentState::withdrawn;
  if (consent.answer == "given") return ConsentState::given;
  return now < until ? ConsentState::open : ConsentState::expired;
}

domain::Outcome<ConsentView> make_view(storage::Connection& connection,
                                       const std::optional<StoredConsent>& consent,
                                       domain::Instant now) {
  if (!consent) return domain::NotFound{};
  auto stored = storage::find_registration(connection, consent->registration);
  if (!stored || stored->registration.person.full_name.empty()) return domain::NotFound{};
  auto seated = storage::find_seated_meeting(connection, stored->registration.meeting);
  if (!seated) return domain::NotFound{};
  ConsentView view;
  view.registration = std::move(stored->registration);
  forget_typed(view.registration);
  view.meeting = std::move(seated->meeting);
  view.meeting.online_url.clear();
  view.superior_name = consent->superior_name;
  view.superior_email = consent->superior_email;
  view.note = consent->note;
  view.answered_at = consent->answered_at;
  view.until = end_of(*consent, view.meeting);
  view.state = state_of(*consent, view.registration, view.until, now);
  return view;
}

domain::Outcome<ConsentView> make_referral(storage::Connection& connection,
                                           domain::RegistrationId id, domain::Instant now) {
  auto view = make_view(connection, storage::find_consent(connection, id), now);
  if (view && view->state != ConsentState::given) return domain::NotFound{};
  return view;
}

void apply_answer(LockedMeeting& meeting, storage::StoredRegistration& stored, ConsentAnswer answer,
                  const std::string& note) {
  if (answer == ConsentAnswer::refused) {
    MailCause cause;
    cause.kind = MailKind::consent_refused;
    cause.reason = note;
    meeting.cancel(stored, std::move(cause));
    return;
  }
  MailCause cause;
  cause.kind = MailKind::consent_given;
  cause.ask.emplace();
  cause.ask->url = "/skierowanie.pdf";
  meeting.write(stored, std::move(cause));
}

domain::Outcome<ConsentState> answer_in(const Change& change, std::string_view token,
                                        ConsentAnswer answer, const std::string& note) {
  const std::string hash = hash_token(token);
  const auto asked = storage::find_consent_by_token(change.connection, hash);
  if (!asked) return domain::NotFound{};
  const auto seen = storage::find_registration(change.connection, asked->registration);
  if (!seen) return domain::NotFound{};
  auto meeting = LockedMeeting::lock(change, seen->registration.meeting);
  auto stored = storage::find_registration(change.connection, asked->registration);
  const auto consent = storage::find_consent_by_token(change.connection, hash);
  if (!meeting || !stored || !consent || stored->registration.person.full_name.empty())
    return domain::NotFound{};
  const auto wanted = answer == ConsentAnswer::given ? ConsentState::given : ConsentState::refused;
  const auto state =
      state_of(*consent, stored->registration, end_of(*consent, meeting->meeting()), change.now);
  if (state == wanted) return state;
  if (state != ConsentState::open) return domain::Conflict{"consent_closed"};
  const char* name = answer == ConsentAnswer::given ? "given" : "refused";
  storage::save_answer(change.connection, consent->registration, name, note, change.now);
  meeting->record(fmt::format("consent.{}", name),
                  fmt::format("registration:{}", consent->registration.value));
  apply_answer(*meeting, *stored, answer, note);
  meeting->finish();
  return wanted;
}

domain::Outcome<domain::RegistrationId> name_in(const Change& change, domain::RegistrationId id,
                                                const Superior& typed) {
  const auto seen = storage::find_registration(change.connection, id);
  if (!seen) return domain::NotFound{};
  const auto allowed = check_registration(change.connection, change.call.actor,
                                          Action::change_registration, seen->registration);
  if (!allowed) return allowed.failure();
  auto meeting = LockedMeeting::lock(change, seen->registration.meeting);
  const auto stored = storage::find_registration(change.connection, id);
  if (!meeting || !stored) return domain::NotFound{};
  const domain::Registration& registration = stored->registration;
  if (!domain::is_active(registration.status) || !registration.person.institution)
    return domain::Conflict{"not_active"};
  const auto asked = storage::find_consent(change.connection, id);
  if (asked && !asked->answer.empty()) return domain::Conflict{"consent_closed"};
  domain::FieldErrors errors;
  const auto superior =
      read_superior(change.connection, registration.person.institution->id, typed, errors);
  if (!errors.empty()) return errors;
  if (!superior) return domain::Conflict{"consent_closed"};
  ask_consent(change, *meeting, registration, *superior);
  meeting->finish();
  return id;
}

}  // namespace

std::optional<Superior> read_superior(storage::Connection& connection,
                                      std::optional<domain::InstitutionId> institution,
                                      const Superior& typed, domain::FieldErrors& errors) {
  if (!institution || !storage::wants_consent(connection, *institution)) return std::nullopt;
  Superior superior;
  superior.name = check_text(typed.name, "superior_name", kSuperiorBounds, errors);
  if (make_name_key(typed.email).empty()) {
    errors.push_back({"superior_email", "superior_required"});
    return superior;
  }
  domain::FieldErrors of_email;
  superior.email = check_email(typed.email, of_email);
  for (auto& error : of_email) {
    error.field = "superior_email";
    errors.push_back(std::move(error));
  }
  return superior;
}

void ask_consent(const Change& change, LockedMeeting& meeting,
                 const domain::Registration& registration, const Superior& superior) {
  const std::string token = make_token();
  StoredConsent consent;
  consent.registration = registration.id;
  consent.superior_name = superior.name;
  consent.superior_email = superior.email;
  consent.asked_at = change.now;
  storage::save_asked(change.connection, consent, hash_token(token));
  write_to_superior(change, meeting, registration, superior, token,
                    end_of(consent, meeting.meeting()));
  meeting.record("consent.asked", fmt::format("registration:{}", registration.id.value));
  meeting.say_also(registration.id, told_to_person(superior, registration.person.language));
}

bool lacks_superior(const Environment& environment, const domain::Registration& registration) {
  if (!domain::is_active(registration.status) || !registration.person.institution) return false;
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::wants_consent(connection, registration.person.institution->id) &&
           !storage::find_consent(connection, registration.id);
  });
}

domain::Outcome<domain::RegistrationId> name_superior(const Environment& environment,
                                                      const Call& call, domain::RegistrationId id,
                                                      const Superior& superior) {
  return run_once_for_id<domain::RegistrationId>(
      environment, call, "name_superior", [&](storage::Connection& connection) {
        return name_in({connection, environment, call, environment.clock->now()}, id, superior);
      });
}

bool institution_wants_consent(const Environment& environment, std::string_view institution) {
  return read_database(environment, [&](storage::Connection& connection) {
    const auto found = storage::find_institution_ref(connection, institution);
    return found && storage::wants_consent(connection, found->id);
  });
}

bool may_set_wants_consent(const Actor& actor, domain::InstitutionId institution) {
  Thing of_its_people;
  of_its_people.institution = institution;
  return can(actor, Action::edit_catalogue, Thing{}) ||
         can(actor, Action::change_registration, of_its_people);
}

domain::Outcome<domain::InstitutionId> set_wants_consent(const Environment& environment,
                                                         const Call& call,
                                                         domain::InstitutionId institution,
                                                         bool wants) {
  if (!may_set_wants_consent(call.actor, institution)) return domain::NotFound{};
  auto outcome = run_once_for_id<domain::InstitutionId>(
      environment, call, "set_wants_consent",
      [&](storage::Connection& connection) -> domain::Outcome<domain::InstitutionId> {
        const auto now = environment.clock->now();
        if (!storage::find_institution_record(connection, institution)) return domain::NotFound{};
        if (storage::save_wants_consent(connection, institution, wants, now)) {
          ChangeNote note;
          note.add("wants_consent", wants ? "false" : "true", wants ? "true" : "false");
          record_activity(connection, environment, call, "institution.changed", "institution",
                          institution.value, {}, note.details());
        }
        return institution;
      });
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

domain::Outcome<ConsentView> find_consent_by_token(const Environment& environment,
                                                   std::string_view token) {
  return read_database(environment, [&](storage::Connection& connection) {
    return make_view(connection, storage::find_consent_by_token(connection, hash_token(token)),
                     environment.clock->now());
  });
}

domain::Outcome<ConsentState> answer_consent(const Environment& environment, const Call& call,
                                             std::string_view token, ConsentAnswer answer,
                                             const std::string& note) {
  domain::FieldErrors errors;
  const std::string kept = check_text(note, "note", kReasonBounds, errors);
  if (!errors.empty()) return errors;
  return run_once<ConsentState>(
      environment, call, "answer_consent",
      [&](storage::Connection& connection) {
        return answer_in({connection, environment, call, environment.clock->now()}, token, answer,
                         kept);
      },
      [](ConsentState state) { return std::to_string(static_cast<int>(state)); },
      [](const std::string& text) { return static_cast<ConsentState>(std::stoi(text)); });
}

domain::Outcome<ConsentView> find_referral_by_token(const Environment& environment,
                                                    std::string_view token) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<ConsentView> {
        const auto id = storage::find_registration_by_token(connection, hash_token(token));
        if (!id) return domain::NotFound{};
        return make_referral(connection, *id, environment.clock->now());
      });
}

domain::Outcome<ConsentView> find_referral(const Environment& environment, const Actor& actor,
                                           domain::RegistrationId id) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<ConsentView> {
        const auto found = storage::find_registration(connection, id);
        if (!found) return domain::NotFound{};
        const auto allowed =
            check_registration(connection, actor, Action::see_registration, found->registration);
        if (!allowed) return allowed.failure();
        return make_referral(connection, id, environment.clock->now());
      });
}

}  // namespace narada::usecases
