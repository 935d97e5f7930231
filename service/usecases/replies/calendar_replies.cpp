#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/domain/text_within.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/replies/receiving.h"
#include "sql/calendar_answer_store.h"
#include "sql/substitution_proposal_store.h"

namespace narada::usecases {
namespace {

using calendar::Reply;
using domain::CalendarAnswer;
using domain::ReceivedEffect;
using domain::ReceivedKind;
using domain::RegistrationStatus;
using notifications::MailKind;

// A clock that is ahead must not make later answers look older than it.
constexpr std::chrono::hours kMostAhead{1};

// Who the answer is of: the person who was invited, else whoever it names.
struct Answering {
  const Reply::Attendee* attendee = nullptr;
  bool is_invited = false;
};

Answering find_answering(const Receiving& receiving) {
  const auto& attendees = receiving.what.reply->attendees;
  const auto key = make_email_key(receiving.stored->registration.person.email);
  const auto own = std::find_if(attendees.begin(), attendees.end(), [&](const auto& attendee) {
    return make_email_key(attendee.email) == key;
  });
  if (own != attendees.end()) return {&*own, true};
  return {attendees.empty() ? nullptr : &attendees.front(), false};
}

std::optional<CalendarAnswer> answer_of(const std::string& partstat) {
  if (partstat == "ACCEPTED") return CalendarAnswer::accepted;
  if (partstat == "TENTATIVE") return CalendarAnswer::tentative;
  if (partstat == "DECLINED") return CalendarAnswer::declined;
  if (partstat == "DELEGATED") return CalendarAnswer::delegated;
  return std::nullopt;
}

std::string named(const std::string& name, const std::string& email) {
  return name.empty() ? email : name + " <" + email + ">";
}

// What the person wrote besides, in the object or else in the mail.
std::string words_of(const Receiving& receiving) {
  const auto& comment = receiving.what.reply->comment;
  return comment.empty() ? receiving.message.text : comment;
}

void add_words(std::string& text, const std::string& words) {
  if (!words.empty()) text += "\n" + words;
}

// "21.01.2027, 11:00–13:00", in the zone of the meeting.
std::string times_text(const Receiving& receiving) {
  const auto& zone = receiving.meeting->meeting().times.tzid;
  const auto text = [&](domain::Instant instant, bool with_day) {
    const auto wall = calendar::to_wall_time(instant, zone);
    const auto day = std::chrono::floor<std::chrono::days>(wall);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(wall - day);
    const auto time = fmt::format("{}:{:02}", clock.hours().count(), clock.minutes().count());
    if (!with_day) return time;
    return fmt::format("{:02}.{:02}.{}, {}", static_cast<unsigned>(date.day()),
                       static_cast<unsigned>(date.month()), static_cast<int>(date.year()), time);
  };
  const auto& reply = *receiving.what.reply;
  if (!reply.starts) return {};
  std::string all = text(*reply.starts, true);
  if (reply.ends && *reply.ends > *reply.starts)
    all += "–" + text(*reply.ends, *reply.ends - *reply.starts >= std::chrono::hours(24));
  return all;
}

ReceivedEffect tell_of_other(const Receiving& receiving, const Reply::Attendee& other) {
  const auto who = named(other.name, other.email);
  std::string polish = fmt::format(
      "Odpowiedź przyszła z kalendarza osoby, której nie zapraszaliśmy: {}. Zgłoszenie się nie "
      "zmieniło.",
      who);
  std::string english = fmt::format(
      "The answer came from the calendar of somebody who was not invited: {}. The registration "
      "stays as it is.",
      who);
  const auto words = words_of(receiving);
  add_words(polish, words);
  add_words(english, words);
  tell_organizers(receiving, MailKind::reply_received, polish, english);
  return ReceivedEffect::other_person;
}

ReceivedEffect tell_of_counter(const Receiving& receiving) {
  const auto times = times_text(receiving);
  std::string polish =
      times.empty() ? "Proponuje zmianę." : "Proponuje inny termin: " + times + ".";
  std::string english =
      times.empty() ? "Proposes a change." : "Proposes another time: " + times + ".";
  const auto words = words_of(receiving);
  add_words(polish, words);
  add_words(english, words);
  tell_organizers(receiving, MailKind::reply_received, polish, english);
  return ReceivedEffect::told;
}

ReceivedEffect propose(const Receiving& receiving, const Reply::Attendee& attendee) {
  const auto& change = receiving.change;
  storage::SubstitutionProposal proposal;
  proposal.registration = receiving.stored->registration.id;
  proposal.mail = receiving.id;
  proposal.email = domain::text_within(attendee.delegated_to, 254);
  for (const auto& other : receiving.what.reply->attendees)
    if (make_email_key(other.email) == make_email_key(proposal.email))
      proposal.full_name = domain::text_within(other.name, 200);
  proposal.created_at = change.now;
  const auto id = storage::save_proposal(change.connection, proposal);
  tell_of_proposal(receiving, id, named(proposal.full_name, proposal.email));
  return ReceivedEffect::proposed;
}

ReceivedEffect keep_answer(const Receiving& receiving, CalendarAnswer answer) {
  const auto& change = receiving.change;
  const auto registration = receiving.stored->registration.id;
  const bool is_ahead = begins_at(receiving.meeting->meeting().times) > change.now;
  if (answer == CalendarAnswer::declined) {
    const auto hold = std::chrono::seconds(change.environment.hold_seconds);
    if (is_ahead)
      storage::save_decline(change.connection, registration, receiving.id, change.now + hold);
    return ReceivedEffect::declined;
  }
  storage::remove_decline(change.connection, registration);
  return answer == CalendarAnswer::accepted ? ReceivedEffect::accepted : ReceivedEffect::tentative;
}

// Somebody whose place was freed because they had declined wants to come after all.
ReceivedEffect answer_late(const Receiving& receiving, std::optional<CalendarAnswer> answer) {
  const auto& registration = receiving.stored->registration;
  const bool wants = answer == CalendarAnswer::accepted || answer == CalendarAnswer::tentative;
  const bool was_freed = storage::has_had_effect(receiving.change.connection, registration.id,
                                                 ReceivedEffect::place_freed);
  if (registration.status != RegistrationStatus::cancelled || !wants || !was_freed)
    return ReceivedEffect::not_active;
  tell_organizers(receiving, MailKind::reply_received,
                  "Wcześniej ta osoba odmówiła w kalendarzu, więc jej miejsce zostało zwolnione. "
                  "Teraz przyjmuje zaproszenie. Może zapisać się ponownie na stronie spotkania.",
                  "This person declined in the calendar before, and the place was freed. Now the "
                  "invitation is accepted. They can register again on the page of the meeting.");
  return ReceivedEffect::place_gone;
}

// Whether the answer is to what the calendar was told last, and newer than the last answer.
std::optional<ReceivedEffect> find_obstacle(const Receiving& receiving,
                                            const std::optional<storage::ToldCalendar>& told,
                                            domain::Instant given_at) {
  if (!told || !told->holds_meeting) return ReceivedEffect::withdrawn;
  if (receiving.what.reply->sequence < told->sequence) return ReceivedEffect::stale;
  if (told->answer_dtstamp && given_at < *told->answer_dtstamp) return ReceivedEffect::older;
  return std::nullopt;
}

domain::Instant given_at(const Receiving& receiving) {
  const auto now = receiving.change.now;
  return std::min(receiving.what.reply->dtstamp.value_or(now), now + kMostAhead);
}

ReceivedEffect take_answer(const Receiving& receiving) {
  const auto answering = find_answering(receiving);
  if (!answering.attendee) return ReceivedEffect::said_nothing;
  const auto answer = answer_of(answering.attendee->partstat);
  const auto& registration = receiving.stored->registration;
  if (registration.status != RegistrationStatus::confirmed && answering.is_invited)
    return answer_late(receiving, answer);
  if (!answering.is_invited) return tell_of_other(receiving, *answering.attendee);
  if (!answer) return ReceivedEffect::said_nothing;
  auto& connection = receiving.change.connection;
  const auto told = storage::find_told_calendar(connection, registration.id);
  const auto at = given_at(receiving);
  if (const auto obstacle = find_obstacle(receiving, told, at)) return *obstacle;
  storage::save_calendar_answer(connection, registration.id, told->sequence, *answer, at,
                                receiving.change.now);
  receiving.meeting->record("registration.answered",
                            fmt::format("registration:{}", registration.id.value),
                            fmt::format(R"({{"answer":"{}","received_mail":{}}})",
                                        to_string(*answer), receiving.id.value));
  const auto& comment = receiving.what.reply->comment;
  if (*answer == CalendarAnswer::delegated && !answering.attendee->delegated_to.empty())
    return propose(receiving, *answering.attendee);
  const auto effect = keep_answer(receiving, *answer);
  if (!comment.empty()) tell_organizers(receiving, MailKind::reply_received, comment, comment);
  return effect;
}

bool is_over(const Receiving& receiving) {
  const auto status = receiving.meeting->meeting().status;
  return status != domain::MeetingStatus::published;
}

}  // namespace

ReceivedEffect take_calendar_reply(const Receiving& receiving) {
  if (receiving.what.reply->uid != receiving.meeting->meeting().uid)
    return ReceivedEffect::wrong_meeting;
  if (is_over(receiving)) return ReceivedEffect::not_active;
  switch (receiving.what.kind) {
    case ReceivedKind::counter:
      if (!is_active(receiving.stored->registration.status)) return ReceivedEffect::not_active;
      return tell_of_counter(receiving);
    case ReceivedKind::refresh: {
      // Done afterwards, in a transaction of its own; a calendar that asks again and again gets no
      // answer each time.
      constexpr std::chrono::minutes kPause{15};
      const bool was_just =
          storage::has_had_effect(receiving.change.connection, receiving.stored->registration.id,
                                  ReceivedEffect::repaired, receiving.change.now - kPause);
      return was_just ? ReceivedEffect::older : ReceivedEffect::repaired;
    }
    default:
      return take_answer(receiving);
  }
}

}  // namespace narada::usecases
