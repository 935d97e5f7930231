#include "service/usecases/meetings/meetings.h"

#include "service/usecases/catalogue_cache.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/meeting_filter.h"
#include "service/usecases/meetings/meeting_form.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "service/usecases/stored_things.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::Meeting;
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
    return storage::find_meeting(connection, key, {});
  });
  if (meeting) meeting->online_url.clear();
  return meeting;
}

// The same for somebody with a reach of their own.
std::optional<Meeting> load_meeting_for(const Environment& environment, const Actor& viewer,
                                        const domain::Reach& drafts, std::string_view key) {
  return read_database(environment, [&](storage::Connection& connection) -> std::optional<Meeting> {
    auto meeting = storage::find_meeting(connection, key, drafts);
    if (!meeting) return std::nullopt;
    if (!check_meeting(connection, viewer, Action::see_numbers, meeting->id)) {
      meeting->online_url.clear();
    }
    return meeting;
  });
}

}  // namespace

PageOf<MeetingSummary> list_meetings(const Environment& environment, const Actor& viewer,
                                     const MeetingFilter& filter, const PageRequest& request) {
  const auto load = [&] { return load_page(environment, viewer, filter, request); };
  if (!reach_of(viewer, Action::see).nothing() || !environment.catalogue) return load();
  const std::string key = "meetings\x1F" + cache_key_of(filter) + std::to_string(request.limit) +
                          '\x1F' + request.cursor.value_or("");
  return *environment.catalogue->find_or_load<Page>(key, environment.clock->now(), load);
}

domain::Outcome<Meeting> find_meeting(const Environment& environment, const Actor& viewer,
                                      std::string_view id_or_slug) {
  if (!could_be_key(id_or_slug)) return domain::NotFound{};
  const auto drafts = reach_of(viewer, Action::see);
  const auto load = [&] { return load_public_meeting(environment, id_or_slug); };
  std::optional<Meeting> meeting;
  if (!drafts.nothing()) {
    meeting = load_meeting_for(environment, viewer, drafts, id_or_slug);
  } else if (environment.catalogue) {
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
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<MeetingForm> {
        const auto allowed = check_meeting(connection, actor, Action::organize, id);
        if (!allowed) return allowed.failure();
        const auto meeting = storage::find_meeting(connection, id);
        if (!meeting) return domain::NotFound{};
        return form_of(*meeting);
      });
}

}  // namespace narada::usecases
