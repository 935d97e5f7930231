#include "service/usecases/feeds.h"

#include "calendar/event.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/meeting_filter.h"
#include "service/usecases/registration_mails.h"
#include "service/usecases/slug.h"
#include "sql/cycle_store.h"
#include "sql/meeting_store.h"
#include "sql/pool.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

using domain::Language;
using domain::MeetingStatus;
using domain::Outcome;

constexpr int kMostEvents = 2000;
constexpr std::chrono::days kPast{90};

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xF];
  }
  return text;
}

std::string describe(const storage::FeedMeeting& meeting, Language language) {
  std::string text;
  if (meeting.status == MeetingStatus::cancelled && !meeting.cancel_reason.empty()) {
    text = (language == Language::en ? "Cancelled: " : "Odwołane: ") + meeting.cancel_reason;
  }
  if (!text.empty() && !meeting.summary.empty()) text += "\n\n";
  return text + meeting.summary;
}

// DTSTAMP and LAST-MODIFIED are the last change of the meeting (RFC 5545 3.8.7.2 for METHOD
// PUBLISH), so that an unchanged feed has the same bytes and the same ETag.
calendar::Event event_of(const Environment& environment, const storage::FeedMeeting& meeting,
                         Language language) {
  calendar::Event event;
  event.uid = meeting.uid;
  event.sequence = meeting.sequence;
  event.status = meeting.status == MeetingStatus::cancelled ? calendar::EventStatus::cancelled
                                                            : calendar::EventStatus::confirmed;
  event.dtstamp = meeting.updated_at;
  event.last_modified = meeting.updated_at;
  event.starts = meeting.times.starts;
  event.ends = meeting.times.ends;
  event.tzid = meeting.times.tzid;
  event.all_day = meeting.times.precision == domain::TimePrecision::day;
  event.summary = meeting.title;
  event.description = describe(meeting, language);
  event.location = meeting.location.empty() && meeting.has_online ? "Online" : meeting.location;
  event.geo = meeting.position;
  event.url = meeting_url(environment, meeting.slug, language);
  if (meeting.topic) {
    const bool english = language == Language::en && !meeting.topic->name_en.empty();
    event.categories.push_back(english ? meeting.topic->name_en : meeting.topic->name);
  }
  event.related_to = meeting.cycle_uid;
  event.organizer = calendar::CalendarUser{environment.mail_from_name, environment.mail_from};
  return event;
}

CalendarFeed finish(const calendar::Feed& feed) {
  CalendarFeed written;
  written.text = calendar::write_feed(feed);
  written.etag = '"' + hexadecimal(hash_token(written.text)).substr(0, 32) + '"';
  return written;
}

CalendarFeed write(const Environment& environment,
                   const std::vector<storage::FeedMeeting>& meetings, calendar::Feed feed,
                   Language language) {
  for (const auto& meeting : meetings) {
    feed.events.push_back(event_of(environment, meeting, language));
  }
  return finish(feed);
}

storage::MeetingListing public_listing() {
  storage::MeetingListing listing;
  listing.statuses = {MeetingStatus::published, MeetingStatus::cancelled};
  listing.limit = kMostEvents;
  return listing;
}

std::string feed_address(const Environment& environment, Language language, std::string_view folder,
                         std::string_view slug) {
  const std::string root = environment.base_url + (language == Language::en ? "/en/" : "/");
  return root + std::string(folder) + '/' + std::string(slug) + ".ics";
}

std::optional<CalendarFeed> load_meeting_feed(const Environment& environment, std::string_view slug,
                                              Language language) {
  auto listing = public_listing();
  listing.slug = slug;
  const auto meetings = environment.pool->read([&](storage::Connection& connection) {
    return storage::list_feed_meetings(connection, listing);
  });
  if (meetings.empty()) return std::nullopt;
  calendar::Feed feed;
  feed.name = meetings.front().title;
  feed.description = meetings.front().summary;
  feed.source_url = feed_address(environment, language, "spotkania", slug);
  return write(environment, meetings, std::move(feed), language);
}

std::optional<CalendarFeed> load_cycle_feed(const Environment& environment, std::string_view slug,
                                            Language language) {
  std::vector<storage::FeedMeeting> meetings;
  const auto cycle = environment.pool->read([&](storage::Connection& connection) {
    auto found =
        storage::find_cycle(connection, slug, storage::Drafts::hidden, environment.clock->now());
    if (!found) return found;
    auto listing = public_listing();
    listing.cycle = found->id;
    meetings = storage::list_feed_meetings(connection, listing);
    return found;
  });
  if (!cycle || cycle->status == domain::CycleStatus::draft) return std::nullopt;
  calendar::Feed feed;
  feed.name = cycle->title;
  feed.description = cycle->summary;
  feed.source_url = feed_address(environment, language, "cykle", slug);
  return write(environment, meetings, std::move(feed), language);
}

CalendarFeed load_calendar_feed(const Environment& environment, const MeetingFilter& filter,
                                Language language, const std::string& source_url) {
  const auto meetings = environment.pool->read([&](storage::Connection& connection) {
    auto listing = find_meeting_listing(connection, Actor{}, filter);
    if (!listing) return std::vector<storage::FeedMeeting>{};
    const auto today = std::chrono::floor<std::chrono::days>(environment.clock->now());
    const domain::Instant earliest = today - kPast;
    if (!listing->ends_after || *listing->ends_after < earliest) listing->ends_after = earliest;
    listing->limit = kMostEvents;
    return storage::list_feed_meetings(connection, *listing);
  });
  calendar::Feed feed;
  feed.name = language == Language::en ? "Narada – meetings" : "Narada – spotkania";
  feed.source_url = source_url;
  return write(environment, meetings, std::move(feed), language);
}

// What `load` returns, kept by the catalogue's cache where there is one.
template <class T, class Load>
T find_or_load(const Environment& environment, const std::string& key, Load load) {
  if (!environment.catalogue) return load();
  return *environment.catalogue->find_or_load<T>(key, environment.clock->now(), load);
}

// What the invitation says, or would say: nothing is certain before there is a place.
calendar::Event event_of(const Environment& environment, const storage::SeatedMeeting& seated,
                         const storage::StoredRegistration& stored, std::string_view token) {
  const auto status = stored.registration.status;
  const bool off = seated.meeting.status == MeetingStatus::cancelled ||
                   status == domain::RegistrationStatus::cancelled ||
                   status == domain::RegistrationStatus::declined;
  auto event =
      make_calendar_event(environment, seated, stored, off,
                          manage_url(environment, token, stored.registration.person.language));
  event.dtstamp = event.last_modified;
  event.attendees.clear();  // RFC 5546 3.2.1
  const bool waits = status == domain::RegistrationStatus::pending ||
                     status == domain::RegistrationStatus::waitlisted;
  if (waits && !off) event.status = calendar::EventStatus::tentative;
  if (waits || off) event.conference_url.clear();
  return event;
}

std::string cache_key_of(std::string_view kind, std::string_view what, Language language) {
  return std::string(kind) + '\x1F' + std::string(to_string(language)) + '\x1F' + std::string(what);
}

}  // namespace

Outcome<CalendarFeed> meeting_feed(const Environment& environment, std::string_view slug,
                                   Language language) {
  if (!could_be_key(slug)) return domain::NotFound{};
  auto feed = find_or_load<std::optional<CalendarFeed>>(
      environment, cache_key_of("meeting-feed", slug, language),
      [&] { return load_meeting_feed(environment, slug, language); });
  if (!feed) return domain::NotFound{};
  return std::move(*feed);
}

Outcome<CalendarFeed> cycle_feed(const Environment& environment, std::string_view slug,
                                 Language language) {
  if (!could_be_key(slug)) return domain::NotFound{};
  auto feed = find_or_load<std::optional<CalendarFeed>>(
      environment, cache_key_of("cycle-feed", slug, language),
      [&] { return load_cycle_feed(environment, slug, language); });
  if (!feed) return domain::NotFound{};
  return std::move(*feed);
}

CalendarFeed calendar_feed(const Environment& environment, const MeetingFilter& filter,
                           Language language, const std::string& source_url) {
  const std::string what = cache_key_of(filter) + source_url;
  return find_or_load<CalendarFeed>(
      environment, cache_key_of("calendar-feed", what, language),
      [&] { return load_calendar_feed(environment, filter, language, source_url); });
}

Outcome<CalendarFeed> registration_feed(const Environment& environment, std::string_view token,
                                        Language language) {
  std::optional<storage::StoredRegistration> stored;
  const auto seated = environment.pool->read(
      [&](storage::Connection& connection) -> std::optional<storage::SeatedMeeting> {
        const auto id = storage::find_registration_by_token(connection, hash_token(token));
        if (id) stored = storage::find_registration(connection, *id);
        if (!stored) return std::nullopt;
        return storage::find_seated_meeting(connection, stored->registration.meeting);
      });
  if (!seated) return domain::NotFound{};
  stored->registration.person.language = language;
  calendar::Feed feed;
  feed.name = seated->meeting.title;
  feed.source_url = manage_url(environment, token, language) + ".ics";
  feed.events.push_back(event_of(environment, *seated, *stored, token));
  return finish(feed);
}

}  // namespace narada::usecases
