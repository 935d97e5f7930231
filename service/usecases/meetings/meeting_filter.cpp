#include "service/usecases/meetings/meeting_filter.h"

#include "calendar/zone.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/stored_things.h"

namespace narada::usecases {
namespace {

using domain::MeetingStatus;

domain::Instant midnight(domain::Date date) {
  return calendar::to_instant(domain::WallTime{std::chrono::local_days{date}}, domain::kDefaultZone)
      .instant;
}

std::vector<MeetingStatus> visible_statuses(const domain::Reach& drafts,
                                            const MeetingFilter& filter) {
  if (filter.status == MeetingStatus::draft && drafts.nothing()) return {};
  if (filter.status == MeetingStatus::binned) return {};
  if (filter.status) return {*filter.status};
  std::vector<MeetingStatus> statuses{MeetingStatus::published, MeetingStatus::cancelled};
  if (!drafts.nothing()) statuses.push_back(MeetingStatus::draft);
  return statuses;
}

// Text for a LIKE: what is not UTF-8, or longer than any title, is nowhere.
bool could_be_found(const std::string& q) {
  domain::FieldErrors errors;
  std::string text = q;
  FieldChecks(errors).check_text("q", text, {.max = 300});
  return errors.empty();
}

bool add_keys(storage::Connection& connection, const Actor& viewer, const MeetingFilter& filter,
              storage::MeetingListing& listing) {
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  if (const auto topic = references.find_topic(checks, "topic", filter.topic)) {
    listing.topic = topic->id;
  }
  if (const auto cycle = references.find_cycle(checks, "cycle", filter.cycle)) {
    if (!check_cycle(connection, viewer, Action::see, cycle->id)) return false;
    listing.cycle = cycle->id;
  }
  if (const auto institution =
          references.find_institution(checks, "institution", filter.institution)) {
    listing.institution = institution->id;
  }
  return errors.empty();
}

}  // namespace

std::optional<storage::MeetingListing> find_meeting_listing(storage::Connection& connection,
                                                            const Actor& viewer,
                                                            const MeetingFilter& filter) {
  storage::MeetingListing listing;
  listing.drafts = domain::reach_of(viewer, Action::see);
  listing.statuses = visible_statuses(listing.drafts, filter);
  if (listing.statuses.empty()) return std::nullopt;
  if (!could_be_found(filter.q) || !could_be_found(filter.voivodeship)) return std::nullopt;
  if (!add_keys(connection, viewer, filter, listing)) return std::nullopt;
  if (filter.from) listing.ends_after = midnight(*filter.from);
  if (filter.to) {
    listing.starts_before =
        midnight(domain::Date{std::chrono::sys_days{*filter.to} + std::chrono::days{1}});
  }
  listing.form = filter.form;
  listing.mode = filter.mode;
  listing.voivodeship = filter.voivodeship;
  listing.q = filter.q;
  listing.newest_first = filter.newest_first;
  return listing;
}

std::string cache_key_of(const MeetingFilter& filter) {
  constexpr char kSeparator = '\x1F';
  std::string key;
  const auto add = [&](std::string_view part) {
    key += part;
    key += kSeparator;
  };
  const auto add_date = [&](const std::optional<domain::Date>& date) {
    add(date ? std::to_string(std::chrono::sys_days{*date}.time_since_epoch().count()) : "");
  };
  add_date(filter.from);
  add_date(filter.to);
  add(filter.topic);
  add(filter.form ? to_string(*filter.form) : "");
  add(filter.mode ? to_string(*filter.mode) : "");
  add(filter.institution);
  add(filter.cycle);
  add(filter.voivodeship);
  add(filter.status ? to_string(*filter.status) : "");
  add(filter.q);
  add(filter.newest_first ? "newest" : "");
  return key;
}

}  // namespace narada::usecases
