#include "service/usecases/people/personal_feed.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "service/domain/half_fixed.h"
#include "service/identity/sealing.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/feed_text.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/my_meetings_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

using domain::Language;
using domain::MeetingStatus;
using domain::Outcome;
using domain::RegistrationStatus;

constexpr std::chrono::days kPast{365};
constexpr std::chrono::days kCancelledFor{30};

bool is_off(const storage::SeatedMeeting& seated, const domain::Registration& registration) {
  return seated.meeting.status == MeetingStatus::cancelled ||
         registration.status == RegistrationStatus::cancelled ||
         registration.status == RegistrationStatus::declined;
}

// What the invitation says, or would say: nothing is certain before there is a place.
calendar::Event event_of(const Environment& environment, const storage::SeatedMeeting& seated,
                         const storage::StoredRegistration& stored, const std::string& manage) {
  const auto status = stored.registration.status;
  const bool off = is_off(seated, stored.registration);
  auto event = make_calendar_event(environment, seated, stored, off, manage);
  event.dtstamp = event.last_modified;
  event.attendees.clear();  // RFC 5546 3.2.1
  const bool waits =
      status == RegistrationStatus::pending || status == RegistrationStatus::waitlisted;
  if (waits && !off) event.status = calendar::EventStatus::tentative;
  if (waits || off) event.conference_url.clear();
  return event;
}

std::string site_url(const Environment& environment, Language language, const std::string& path) {
  return environment.base_url + (language == Language::en ? "/en" : "") + path;
}

std::string my_registration_path(domain::RegistrationId registration) {
  return fmt::format("/moje/zgloszenia/{}", registration.value);
}

std::string key_of(const Environment& environment, domain::PersonId person, int generation) {
  const auto digest = identity::keyed_digest(fmt::format("feed:{}:{}", person.value, generation),
                                             environment.secret_key);
  std::string text(
      sodium_base64_encoded_len(digest.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(digest.data()),
                    digest.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // its terminating zero
  return fmt::format("{}.{}", person.value, text);
}

std::optional<domain::PersonId> person_in(std::string_view key) {
  domain::PersonId person;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), person.value);
  const bool read = error == std::errc() && end != key.data() + key.size() && *end == '.';
  if (!read || person.value <= 0) return std::nullopt;
  return person;
}

bool is_equal_in_constant_time(std::string_view one, std::string_view other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

// Of a registration or a meeting that is off: whether calendars may still hold it.
bool is_told(const storage::MyCalendarEntry& entry, domain::Instant now) {
  const auto& registration = entry.stored.registration;
  if (!is_off(entry.seated, registration)) return true;
  const auto since = registration.cancelled_at.value_or(
      entry.seated.meeting.status == MeetingStatus::cancelled ? entry.seated.meeting.updated_at
                                                              : registration.updated_at);
  return since > now - kCancelledFor;
}

CalendarFeed write(const Environment& environment, std::vector<storage::MyCalendarEntry> entries,
                   Language language, const std::string& source) {
  calendar::Feed feed;
  feed.name = language == Language::en ? "Narada – my meetings" : "Narada – moje spotkania";
  feed.source_url = source;
  for (auto& entry : entries) {
    if (!is_told(entry, environment.clock->now())) continue;
    if (is_half_fixed(entry.seated.meeting.times)) continue;
    entry.stored.registration.person.language = language;
    feed.events.push_back(event_of(
        environment, entry.seated, entry.stored,
        site_url(environment, language, my_registration_path(entry.stored.registration.id))));
  }
  return write_calendar_feed(feed);
}

// One registration with its meeting; absent unless `is_wanted` accepts it.
template <class Find>
std::optional<storage::MyCalendarEntry> find_entry(const Environment& environment, Find find) {
  return read_database(
      environment, [&](storage::Connection& connection) -> std::optional<storage::MyCalendarEntry> {
        std::optional<storage::StoredRegistration> stored = find(connection);
        if (!stored) return std::nullopt;
        auto seated = storage::find_seated_meeting(connection, stored->registration.meeting);
        if (!seated) return std::nullopt;
        return storage::MyCalendarEntry{*std::move(stored), *std::move(seated)};
      });
}

CalendarFeed write_one(const Environment& environment, storage::MyCalendarEntry entry,
                       Language language, const std::string& manage) {
  entry.stored.registration.person.language = language;
  calendar::Feed feed;
  feed.name = entry.seated.meeting.title;
  feed.source_url = manage + ".ics";
  if (!is_half_fixed(entry.seated.meeting.times)) {
    feed.events.push_back(event_of(environment, entry.seated, entry.stored, manage));
  }
  return write_calendar_feed(feed);
}

// All that the owner of the key is registered for, from a year ago on.
std::optional<std::vector<storage::MyCalendarEntry>> find_entries(const Environment& environment,
                                                                  std::string_view key) {
  const auto since = environment.clock->now() - kPast;
  return read_database(
      environment,
      [&](storage::Connection& connection) -> std::optional<std::vector<storage::MyCalendarEntry>> {
        const auto person = find_feed_owner(connection, environment, key);
        if (!person) return std::nullopt;
        return storage::list_my_calendar(connection, *person, since);
      });
}

}  // namespace

std::string personal_feed_path(const Environment& environment, domain::PersonId person,
                               int generation, Language language) {
  if (generation == 0) return {};
  return (language == Language::en ? "/en/moje.ics?k=" : "/moje.ics?k=") +
         key_of(environment, person, generation);
}

Outcome<int> renew_personal_feed(const Environment& environment, const Call& call,
                                 domain::PersonId person, int seen) {
  return run_once<int>(
      environment, call, "renew_personal_feed",
      [&](storage::Connection& connection) -> Outcome<int> {
        const auto now = environment.clock->now();
        if (!storage::raise_feed_generation(connection, person, seen, now)) {
          return domain::Conflict{"feed_changed"};
        }
        record_activity(connection, environment, call, "person.feed_renewed", "person",
                        person.value);
        return seen + 1;
      },
      [](int generation) { return std::to_string(generation); },
      [](const std::string& text) { return std::stoi(text); });
}

std::optional<domain::PersonId> find_feed_owner(storage::Connection& connection,
                                                const Environment& environment,
                                                std::string_view key) {
  const auto person = person_in(key);
  if (!person) return std::nullopt;
  const int generation = storage::find_feed_generation(connection, *person).value_or(0);
  const auto expected = key_of(environment, *person, generation);
  if (!is_equal_in_constant_time(key, expected) || generation == 0) return std::nullopt;
  return person;
}

Outcome<std::vector<PersonalNews>> personal_news(const Environment& environment,
                                                 std::string_view key) {
  auto entries = find_entries(environment, key);
  if (!entries) return domain::NotFound{};
  std::vector<PersonalNews> news;
  for (auto& entry : *entries) {
    if (!is_told(entry, environment.clock->now())) continue;
    const auto& registration = entry.stored.registration;
    const auto updated = std::max(entry.seated.meeting.updated_at, registration.updated_at);
    news.push_back(
        {std::move(entry.seated.meeting), registration.status, registration.id, updated});
  }
  std::sort(news.begin(), news.end(), [](const auto& one, const auto& other) {
    return std::pair(one.updated_at, one.registration.value) >
           std::pair(other.updated_at, other.registration.value);
  });
  return news;
}

Outcome<CalendarFeed> personal_feed(const Environment& environment, std::string_view key,
                                    Language language) {
  auto entries = find_entries(environment, key);
  if (!entries) return domain::NotFound{};
  // The source names no key: calendars show it, and people send it on.
  return write(environment, *std::move(entries), language,
               site_url(environment, language, "/moje"));
}

Outcome<CalendarFeed> my_registration_feed(const Environment& environment, const Actor& actor,
                                           domain::RegistrationId registration, Language language) {
  auto entry = find_entry(environment, [&](storage::Connection& connection) {
    return storage::find_registration(connection, registration);
  });
  if (!entry || !actor.person || entry->stored.registration.person.id != *actor.person) {
    return domain::NotFound{};
  }
  return write_one(environment, *std::move(entry), language,
                   site_url(environment, language, my_registration_path(registration)));
}

Outcome<CalendarFeed> registration_feed(const Environment& environment, std::string_view token,
                                        Language language) {
  auto entry = find_entry(
      environment,
      [&](storage::Connection& connection) -> std::optional<storage::StoredRegistration> {
        const auto id = storage::find_registration_by_token(connection, hash_token(token));
        if (!id) return std::nullopt;
        return storage::find_registration(connection, *id);
      });
  if (!entry) return domain::NotFound{};
  return write_one(environment, *std::move(entry), language,
                   manage_url(environment, token, language));
}

}  // namespace narada::usecases
