#include "service/usecases/feeds.h"

#include <algorithm>

#include "calendar/event.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/feed_text.h"
#include "service/usecases/meetings/meeting_filter.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/slug.h"
#include "sql/cycle_store.h"
#include "sql/meeting_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::Language;
using domain::MeetingStatus;
using domain::Outcome;

constexpr int kMostEvents = 2000;
constexpr std::chrono::days kPast{90};
// Long enough for every calendar that subscribes to have dropped what was called off.
constexpr std::chrono::days kCancelledFor{30};

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

CalendarFeed write(const Environment& environment,
                   const std::vector<storage::FeedMeeting>& meetings, calendar::Feed feed,
                   Language language) {
  for (const auto& meeting : meetings) {
    if (is_half_fixed(meeting.times)) continue;  // it has no day that a calendar could show
    feed.events.push_back(event_of(environment, meeting, language));
  }
  return write_calendar_feed(feed);
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
  const auto meetings = read_database(environment, [&](storage::Connection& connection) {
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
  const auto cycle = read_database(environment, [&](storage::Connection& connection) {
    auto found = storage::find_cycle(connection, slug, {}, environment.clock->now());
    if (!found) return found;
    auto listing = public_listing();
    listing.cycle = found->id;
    listing.cancelled_after = environment.clock->now() - kCancelledFor;
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

// What of a listing goes into a feed; `cut` when there is more of it.
struct FeedSelection {
  std::vector<storage::FeedMeeting> meetings;
  bool cut = false;
};

// Of too many the coming ones, and as many of the past as there is room for, the latest.
std::vector<storage::FeedMeeting> select_around(storage::Connection& connection,
                                                storage::MeetingListing listing,
                                                domain::Instant now) {
  auto coming = listing;
  if (!coming.ends_after || *coming.ends_after < now) coming.ends_after = now;
  coming.newest_first = false;
  coming.limit = kMostEvents;
  auto meetings = storage::list_feed_meetings(connection, coming);
  const auto room = static_cast<std::size_t>(kMostEvents) - meetings.size();
  const auto running = std::count_if(meetings.begin(), meetings.end(), [&](const auto& meeting) {
    return meeting.times.starts_at < now;
  });
  if (room == 0) return meetings;
  if (!listing.starts_before || *listing.starts_before > now) listing.starts_before = now;
  listing.newest_first = true;
  listing.limit = static_cast<int>(room) + static_cast<int>(running);
  auto past = storage::list_feed_meetings(connection, listing);
  std::erase_if(past, [&](const auto& meeting) { return meeting.times.ends_at > now; });
  past.resize(std::min(past.size(), room));
  meetings.insert(meetings.begin(), past.rbegin(), past.rend());
  return meetings;
}

FeedSelection select_for_feed(storage::Connection& connection, storage::MeetingListing listing,
                              domain::Instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const domain::Instant earliest = today - kPast;
  if (!listing.ends_after || *listing.ends_after < earliest) listing.ends_after = earliest;
  listing.cancelled_after = now - kCancelledFor;
  listing.limit = kMostEvents + 1;
  FeedSelection selection;
  selection.meetings = storage::list_feed_meetings(connection, listing);
  selection.cut = selection.meetings.size() > static_cast<std::size_t>(kMostEvents);
  if (selection.cut) selection.meetings = select_around(connection, std::move(listing), now);
  return selection;
}

std::string describe_cut(Language language) {
  const std::string most = std::to_string(kMostEvents);
  return language == Language::en
             ? "The calendar holds " + most +
                   " meetings: the nearest to come, then the latest past ones. The others are on "
                   "the site."
             : "Kalendarz mieści " + most +
                   " spotkań: najbliższe nadchodzące, potem ostatnie minione. Pozostałe są w "
                   "serwisie.";
}

CalendarFeed load_calendar_feed(const Environment& environment, const MeetingFilter& filter,
                                Language language, const std::string& source_url) {
  const auto selection = read_database(environment, [&](storage::Connection& connection) {
    auto listing = find_meeting_listing(connection, Actor{}, filter);
    if (!listing) return FeedSelection{};
    return select_for_feed(connection, *std::move(listing), environment.clock->now());
  });
  calendar::Feed feed;
  feed.name = language == Language::en ? "Narada – meetings" : "Narada – spotkania";
  if (selection.cut) feed.description = describe_cut(language);
  feed.source_url = source_url;
  return write(environment, selection.meetings, std::move(feed), language);
}

std::size_t octets_of(const CalendarFeed& feed) { return feed.text.size(); }
std::size_t octets_of(const std::optional<CalendarFeed>& feed) {
  return feed ? feed->text.size() : 0;
}

// What `load` returns, kept by the catalogue's cache where there is one.
template <class T, class Load>
T find_or_load(const Environment& environment, const std::string& key, Load load) {
  if (!environment.catalogue) return load();
  return *environment.catalogue->find_or_load<T>(key, environment.clock->now(), load,
                                                 [](const T& feed) { return octets_of(feed); });
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

}  // namespace narada::usecases
