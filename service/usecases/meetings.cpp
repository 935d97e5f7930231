#include "service/usecases/meetings.h"

#include "service/usecases/catalogue_cache.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meeting_filter.h"
#include "service/usecases/meeting_form.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::Meeting;
using domain::MeetingStatus;
using domain::MeetingSummary;
using Page = PageOf<MeetingSummary>;

// The key of a cursor is the start in seconds since 1970.
std::optional<storage::MeetingPosition> find_position(const MeetingFilter& filter,
                                                      const PageRequest& page) {
  const auto cursor = find_cursor(page.cursor, meeting_list_name(filter));
  if (!cursor) return std::nullopt;
  const auto starts_at = find_instant(cursor->key);
  if (!starts_at) return std::nullopt;
  return storage::MeetingPosition{*starts_at, domain::MeetingId{cursor->id}};
}

Page load_page(const Environment& environment, const Actor& viewer, const MeetingFilter& filter,
               const PageRequest& request) {
  const int limit = clamp_limit(request.limit);
  auto meetings = read_database(environment, [&](storage::Connection& connection) {
    auto listing = find_meeting_listing(connection, viewer, filter);
    if (!listing) return std::vector<MeetingSummary>{};
    listing->after = find_position(filter, request);
    listing->limit = limit + 1;
    return storage::list_meetings(connection, *listing);
  });
  return make_page(std::move(meetings), limit, [&](const MeetingSummary& last) {
    return ListCursor{std::string(meeting_list_name(filter)), to_cursor_key(last.times.starts_at),
                      last.id.value};
  });
}

// What the public may see of a meeting; absent for a draft.
std::optional<Meeting> load_public_meeting(const Environment& environment, std::string_view key) {
  auto meeting = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_meeting(connection, key, storage::Drafts::hidden);
  });
  if (!meeting || meeting->status == MeetingStatus::draft) return std::nullopt;
  meeting->online_url.clear();
  return meeting;
}

}  // namespace

PageOf<MeetingSummary> list_meetings(const Environment& environment, const Actor& viewer,
                                     const MeetingFilter& filter, const PageRequest& request) {
  const auto load = [&] { return load_page(environment, viewer, filter, request); };
  if (viewer.can_organize() || !environment.catalogue) return load();
  const std::string key = "meetings\x1F" + cache_key_of(filter) + std::to_string(request.limit) +
                          '\x1F' + request.cursor.value_or("");
  return *environment.catalogue->find_or_load<Page>(key, environment.clock->now(), load);
}

domain::Outcome<Meeting> find_meeting(const Environment& environment, const Actor& viewer,
                                      std::string_view id_or_slug) {
  if (!could_be_key(id_or_slug)) return domain::NotFound{};
  if (viewer.can_organize()) {
    auto meeting = read_database(environment, [&](storage::Connection& connection) {
      return storage::find_meeting(connection, id_or_slug);
    });
    if (!meeting) return domain::NotFound{};
    return std::move(*meeting);
  }
  const auto load = [&] { return load_public_meeting(environment, id_or_slug); };
  std::optional<Meeting> meeting;
  if (environment.catalogue) {
    const std::string key = "meeting\x1F" + std::string(id_or_slug);
    meeting = *environment.catalogue->find_or_load<std::optional<Meeting>>(
        key, environment.clock->now(), load);
  } else {
    meeting = load();
  }
  if (!meeting) return domain::NotFound{};
  return std::move(*meeting);
}

domain::Outcome<MeetingForm> load_meeting_form(const Environment& environment, const Actor& actor,
                                               domain::MeetingId id) {
  if (!actor.can_organize()) return domain::Forbidden{};
  const auto meeting = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_meeting(connection, id);
  });
  if (!meeting) return domain::NotFound{};
  return form_of(*meeting);
}

}  // namespace narada::usecases
