#include "service/usecases/registrations/registration_mails.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "calendar/zone.h"
#include "notifications/message_id.h"
#include "notifications/reply_address.h"
#include "service/domain/enum_names.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/mails/unsubscribing.h"

namespace narada::usecases {
namespace {

using domain::Language;

constexpr int kDayBefore = 24 * 60;
constexpr int kHourBefore = 60;

// CATEGORIES of a calendar entry, in the order of domain::MeetingForm.
constexpr std::array<std::string_view, 9> kFormsPolish{
    "spotkanie",       "warsztat",        "szkolenie",        "webinar",    "konferencja",
    "wizyta studyjna", "spacer badawczy", "wywiady terenowe", "posiedzenie"};
constexpr std::array<std::string_view, 9> kFormsEnglish{
    "meeting",     "workshop",      "training",         "webinar", "conference",
    "study visit", "research walk", "field interviews", "session"};
static_assert(static_cast<std::size_t>(domain::MeetingForm::session) + 1 == kFormsPolish.size());

std::string_view form_name(domain::MeetingForm form, Language language) {
  const auto& names = language == Language::en ? kFormsEnglish : kFormsPolish;
  return names.at(static_cast<std::size_t>(form));
}

std::string local_path(Language language, std::string_view path) {
  return (language == Language::en ? "/en" : "") + std::string(path);
}

void append_part(std::string& line, const std::string& part) {
  if (part.empty()) return;
  if (!line.empty()) line += ", ";
  line += part;
}

// "Centrum 3.0, ul. Zwycięstwa 36, Gliwice, sala 2; second place".
std::string place_line(const domain::Meeting& meeting) {
  std::string all;
  for (const auto& place : meeting.places) {
    std::string line;
    append_part(line, place.name);
    append_part(line, place.address);
    if (place.institution && place.address.find(place.institution->name) == std::string::npos &&
        place.name.find(place.institution->name) == std::string::npos) {
      append_part(line, place.institution->name);
    }
    append_part(line, place.room);
    if (!all.empty() && !line.empty()) all += "; ";
    all += line;
  }
  return all;
}

bool attends_on_site(const domain::Registration& registration) {
  return registration.mode == domain::AttendanceMode::onsite;
}

std::string describe(const domain::Meeting& meeting, const std::string& manage, Language language) {
  std::string text = meeting.summary;
  if (!text.empty()) text += "\n\n";
  text += language == Language::en ? "Change or cancel your registration: "
                                   : "Zmień lub odwołaj zgłoszenie: ";
  return text + manage;
}

std::vector<std::string> categories_of(const domain::Meeting& meeting, Language language) {
  std::vector<std::string> categories;
  if (meeting.topic) {
    const bool english = language == Language::en && !meeting.topic->name_en.empty();
    categories.push_back(english ? meeting.topic->name_en : meeting.topic->name);
  }
  categories.emplace_back(form_name(meeting.form, language));
  return categories;
}

void set_when(const domain::MeetingTimes& times, calendar::Event& event) {
  event.starts = times.starts;
  event.ends = times.ends;
  event.tzid = times.tzid;
  event.all_day = times.precision != domain::TimePrecision::minute;
}

void set_when(const domain::MeetingTimes& times, notifications::MailFacts& facts) {
  facts.starts = times.starts;
  facts.ends = times.ends;
  facts.tzid = times.tzid;
  facts.all_day = times.precision == domain::TimePrecision::day;
  facts.month_only = is_half_fixed(times);
}

// LOCATION.
std::string calendar_place(const domain::Meeting& meeting,
                           const domain::Registration& registration) {
  return attends_on_site(registration) ? place_line(meeting) : "Online";
}

void set_where(const domain::Meeting& meeting, const domain::Registration& registration,
               calendar::Event& event) {
  const bool english = registration.person.language == Language::en;
  if (may_join_online(meeting, registration.mode)) {
    event.conference_url = meeting.online_url;
    event.conference_label = english ? "Join online" : "Dołącz online";
  }
  event.location = calendar_place(meeting, registration);
  if (!attends_on_site(registration)) return;
  if (!meeting.places.empty()) event.geo = meeting.places.front().position;
}

}  // namespace

std::string meeting_url(const Environment& environment, const std::string& slug,
                        Language language) {
  return environment.base_url + local_path(language, "/spotkania/") + slug;
}

std::string manage_url(const Environment& environment, std::string_view token, Language language) {
  return environment.base_url + local_path(language, "/z/") + std::string(token);
}

bool may_join_online(const domain::Meeting& meeting, domain::AttendanceMode mode) {
  if (meeting.online_url.empty()) return false;
  // Where going online is not a choice of its own, the link is for everybody who takes part.
  return mode == domain::AttendanceMode::online || !meeting.online.offered;
}

std::string reply_address(const Environment& environment, domain::RegistrationId registration) {
  if (environment.reply_mailbox.empty()) return environment.mail_from;
  return notifications::make_reply_address(
      environment.reply_mailbox,
      {notifications::ReplyTarget::About::registration, registration.value},
      environment.secret_key);
}

int effective_sequence(const storage::SeatedMeeting& seated,
                       const storage::StoredRegistration& stored) {
  if (!stored.told.message) return seated.meeting.sequence;
  return std::max(seated.meeting.sequence, stored.told.message->sequence);
}

domain::CalendarState calendar_state(const storage::SeatedMeeting& seated,
                                     const domain::Registration& registration) {
  const domain::Meeting& meeting = seated.meeting;
  domain::CalendarState state;
  state.meeting = meeting.status;
  state.registration = registration.status;
  state.times = meeting.times;
  state.sequence = meeting.sequence;
  state.place = calendar_place(meeting, registration);
  if (may_join_online(meeting, registration.mode)) state.way_in = meeting.online_url;
  return state;
}

calendar::Event make_calendar_event(const Environment& environment,
                                    const storage::SeatedMeeting& seated,
                                    const storage::StoredRegistration& stored, bool cancelled,
                                    const std::string& manage) {
  const domain::Meeting& meeting = seated.meeting;
  const domain::Person& person = stored.registration.person;
  calendar::Event event;
  event.uid = meeting.uid;
  event.sequence = effective_sequence(seated, stored);
  event.status = cancelled ? calendar::EventStatus::cancelled : calendar::EventStatus::confirmed;
  event.last_modified = std::max(meeting.updated_at, stored.registration.updated_at);
  set_when(meeting.times, event);
  event.summary = meeting.title;
  event.description = describe(meeting, manage, person.language);
  event.url = meeting_url(environment, meeting.slug, person.language);
  event.categories = categories_of(meeting, person.language);
  event.related_to = seated.cycle_uid;
  event.organizer = calendar::CalendarUser{environment.mail_from_name,
                                           reply_address(environment, stored.registration.id)};
  event.attendees.push_back({{person.full_name, person.email}});
  set_where(meeting, stored.registration, event);
  if (!cancelled) event.alarm_minutes = {kDayBefore, kHourBefore};
  return event;
}

notifications::MailFacts make_mail_facts(const Environment& environment,
                                         const storage::SeatedMeeting& seated,
                                         const storage::StoredRegistration& stored,
                                         const MailCause& cause, const std::string& token) {
  const domain::Meeting& meeting = seated.meeting;
  const domain::Registration& registration = stored.registration;
  const domain::Person& person = registration.person;
  notifications::MailFacts facts;
  facts.kind = cause.kind;
  facts.language = person.language;
  facts.to_name = person.full_name;
  facts.to_address = person.email;
  facts.meeting_title = meeting.title;
  if (meeting.cycle) facts.cycle_title = meeting.cycle->title;
  set_when(meeting.times, facts);
  if (cause.previous) {
    facts.previous_starts = cause.previous->starts;
    facts.previous_month_only = is_half_fixed(*cause.previous);
  }
  if (attends_on_site(registration)) facts.place = place_line(meeting);
  if (registration.status == domain::RegistrationStatus::confirmed && cause.tells_way_in &&
      cause.method != calendar::ItipMethod::cancel && may_join_online(meeting, registration.mode)) {
    facts.online_url = meeting.online_url;
  }
  facts.attendance_mode = domain::to_string(registration.mode);
  facts.meeting_url = meeting_url(environment, meeting.slug, person.language);
  facts.manage_url = manage_url(environment, token, person.language);
  facts.reply_address = reply_address(environment, registration.id);
  facts.unsubscribe_url = unsubscribe_url(environment, person.id, cause.kind, person.language);
  facts.queue_position = registration.queue_position;
  facts.reason = cause.reason;
  facts.method = cause.method;
  if (cause.offer_until) {
    facts.ask = notifications::AskFacts{
        facts.manage_url, calendar::to_wall_time(*cause.offer_until, domain::kDefaultZone)};
  } else if (!cause.note.empty()) {
    facts.ask = notifications::AskFacts{};
    facts.ask->text = cause.note;
  }
  if (cause.ask) facts.ask = cause.ask;
  if (cause.ask && !cause.ask->url.empty()) facts.ask->url.insert(0, facts.manage_url);
  if (cause.method) {
    facts.event =
        make_calendar_event(environment, seated, stored,
                            *cause.method == calendar::ItipMethod::cancel, facts.manage_url);
    if (stored.told.message) facts.event->sequence = stored.told.message->sequence;
    if (cause.held) set_when(*cause.held, *facts.event);
  }
  return facts;
}

notifications::MailFacts make_announcement(const Environment& environment,
                                           const domain::Meeting& meeting,
                                           const storage::Subscriber& subscriber) {
  notifications::MailFacts facts;
  facts.kind = notifications::MailKind::meeting_announced;
  facts.language = subscriber.language;
  facts.to_name = subscriber.full_name;
  facts.to_address = subscriber.email;
  facts.meeting_title = meeting.title;
  if (meeting.cycle) facts.cycle_title = meeting.cycle->title;
  set_when(meeting.times, facts);
  if (meeting.onsite.offered) facts.place = place_line(meeting);
  if (meeting.onsite.offered != meeting.online.offered) {
    facts.attendance_mode = domain::to_string(
        meeting.online.offered ? domain::AttendanceMode::online : domain::AttendanceMode::onsite);
  }
  facts.meeting_url = meeting_url(environment, meeting.slug, subscriber.language);
  facts.manage_url = environment.base_url + local_path(subscriber.language, "/moje/dane");
  facts.unsubscribe_url =
      unsubscribe_url(environment, subscriber.person, facts.kind, subscriber.language);
  return facts;
}

storage::NewMail make_outgoing_mail(const Environment& environment,
                                    const notifications::MailFacts& facts, const MailCause& cause,
                                    const domain::Registration& registration, domain::Instant now) {
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(environment.base_url);
  mail.kind = notifications::to_string(facts.kind);
  mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
  mail.person = registration.person.id;
  mail.meeting = registration.meeting;
  mail.registration = registration.id;
  mail.to_name = facts.to_name;
  mail.to_address = facts.to_address;
  mail.language = facts.language;
  mail.facts = notifications::serialize(facts);
  mail.not_before = may_leave_at(
      environment, facts.kind, now + std::chrono::seconds(cause.hold_seconds), cause.useful_until);
  mail.give_up_at = mail.not_before + std::chrono::hours(environment.mail_give_up_hours);
  mail.created_at = now;
  return mail;
}

}  // namespace narada::usecases
