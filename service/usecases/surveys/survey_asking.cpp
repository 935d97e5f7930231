#include <fmt/format.h>
#include <sodium.h>

#include <exception>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/identity/sealing.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/surveys/surveys.h"
#include "sql/outgoing_mail_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/survey_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

constexpr std::chrono::days kTooLate{14};          // after the end: nobody is asked any more
constexpr std::chrono::days kLeastForReminder{1};  // that the survey is still open
constexpr int kStep = 20;                          // meetings in one round

// One mail to each of them, with the link to the questions.
int write_mails(storage::Connection& connection, const Environment& environment,
                const storage::SeatedMeeting& seated,
                const std::vector<domain::RegistrationId>& registrations,
                domain::Instant closes_at) {
  const auto now = environment.clock->now();
  std::vector<storage::NewMail> mails;
  std::vector<storage::NewManageToken> tokens;
  for (const auto& stored : storage::find_registrations(connection, registrations)) {
    const auto& registration = stored.registration;
    const std::string token = make_token();
    MailCause cause;
    cause.kind = notifications::MailKind::survey_asked;
    auto facts = make_mail_facts(environment, seated, stored, cause, token);
    const bool english = registration.person.language == domain::Language::en;
    facts.ask.emplace();
    facts.ask->url = environment.base_url + (english ? "/en" : "") + "/ankieta/" +
                     survey_token(environment, registration.id);
    facts.ask->until = calendar::to_wall_time(closes_at, domain::kDefaultZone);
    auto mail = make_outgoing_mail(environment, facts, cause, registration, now);
    mail.not_before = after_quiet_hours(environment.quiet_hours, now);
    mail.give_up_at = mail.not_before + std::chrono::hours(environment.mail_give_up_hours);
    mails.push_back(std::move(mail));
    tokens.push_back({hash_token(token), registration.id});
  }
  storage::save_manage_tokens(connection, tokens, now);
  storage::save_outgoing_mails(connection, mails);
  return static_cast<int>(mails.size());
}

// The meeting's own survey; where it has none, its cycle's, taken over as it is now.
std::optional<storage::StoredSurvey> take_survey(storage::Connection& connection,
                                                 const domain::Meeting& meeting) {
  auto own = storage::lock_survey(connection, domain::MessageScope(meeting.id));
  if (own || !meeting.cycle) return own;
  auto survey = storage::lock_survey(connection, domain::MessageScope(meeting.cycle->id));
  if (!survey) return std::nullopt;
  survey->scope = meeting.id;
  storage::insert_survey(connection, *survey);
  return survey;
}

int ask_meeting(storage::Connection& connection, const Environment& environment,
                domain::MeetingId meeting) {
  if (!storage::lock_meeting(connection, meeting)) return 0;
  const auto seated = storage::find_seated_meeting(connection, meeting);
  if (!seated || seated->meeting.status != domain::MeetingStatus::published ||
      is_half_fixed(seated->meeting.times))
    return 0;
  const auto survey = take_survey(connection, seated->meeting);
  if (!survey || !survey->enabled || survey->asked_at) return 0;
  const auto now = environment.clock->now();
  if (now < seated->meeting.times.ends_at + std::chrono::hours(survey->hours_after)) return 0;
  const auto closes_at = now + domain::kSurveyOpen;
  const auto people = storage::list_people_to_ask(connection, meeting);
  for (const auto registration : people)
    storage::save_asked(connection, survey->id, registration,
                        hash_token(survey_token(environment, registration)));
  storage::save_survey_asked(connection, survey->id, now, closes_at);
  const int mails = write_mails(connection, environment, *seated, people, closes_at);
  Call call;
  call.actor.kind = Actor::Kind::system;
  record_activity(connection, environment, call, "survey.asked", "meeting", meeting.value, meeting,
                  fmt::format(R"({{"mails":{}}})", mails));
  return mails;
}

int remind_survey(storage::Connection& connection, const Environment& environment,
                  domain::SurveyId id) {
  const auto survey = storage::lock_survey(connection, id);
  if (!survey || survey->reminded_at || !survey->closes_at) return 0;
  storage::save_survey_reminded(connection, id, environment.clock->now());
  const auto meeting = std::get<domain::MeetingId>(survey->scope);
  const auto seated = storage::find_seated_meeting(connection, meeting);
  if (!seated || seated->meeting.status != domain::MeetingStatus::published) return 0;
  const auto people = storage::list_silent(connection, id);
  const int mails = write_mails(connection, environment, *seated, people, *survey->closes_at);
  Call call;
  call.actor.kind = Actor::Kind::system;
  record_activity(connection, environment, call, "survey.reminded", "meeting", meeting.value,
                  meeting, fmt::format(R"({{"mails":{}}})", mails));
  return mails;
}

}  // namespace

std::string survey_token(const Environment& environment, domain::RegistrationId registration) {
  const auto digest =
      identity::keyed_digest(fmt::format("survey:{}", registration.value), environment.secret_key);
  std::string text(
      sodium_base64_encoded_len(digest.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(digest.data()),
                    digest.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the terminating zero
  return text;
}

int ask_due_surveys(const Environment& environment, const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  const auto due = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_due_surveys(connection, now, now - kTooLate, kStep);
  });
  int mails = 0;
  std::exception_ptr problem;
  const auto write_each = [&](const auto& ids, const auto& write) {
    for (const auto id : ids) {
      if (stopping.stop_requested()) return;
      try {
        mails += environment.pool->transact(
            [&](storage::Connection& connection) { return write(connection, environment, id); });
      } catch (const std::exception&) {
        problem = std::current_exception();  // the other surveys do not wait for this one
      }
    }
  };
  write_each(due, ask_meeting);
  const auto silent = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_surveys_to_remind(connection, now - domain::kSurveyReminderAfter,
                                           now + kLeastForReminder, kStep);
  });
  write_each(silent, remind_survey);
  if (problem) std::rethrow_exception(problem);
  return mails;
}

}  // namespace narada::usecases
