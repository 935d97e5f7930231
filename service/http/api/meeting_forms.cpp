#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "calendar/zone.h"
#include "service/http/api/forms.h"
#include "service/http/api/planned_publication.h"

namespace narada::http::api {
namespace {

using std::chrono::minutes;

// A day without a time, which meetings of precision "day" have.
std::optional<domain::WallTime> parse_day(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  return calendar::parse_wall_time(std::string(text) + "T00:00");
}

void read_zone(ObjectReader& reader, std::string& tzid) {
  const auto name = reader.find_text("tzid");
  if (!name) return;
  if (calendar::is_known_zone(*name)) {
    tzid = *name;
  } else {
    reader.refuse("tzid", "unknown_zone");
  }
}

// "2027-05": the month of a half-fixed meeting.
std::optional<domain::WallTime> parse_month(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  return calendar::parse_wall_time(std::string(text) + "-01T00:00");
}

// RFC 3339 with an offset, or a wall clock of the zone without one.
// `text` is what the field holds, read once: each reading would note a wrong type again.
void read_wall_time(ObjectReader& reader, std::string_view name,
                    const std::optional<std::string>& text, const std::string& tzid,
                    domain::WallTime& target) {
  if (!text) return;
  if (const auto instant = calendar::parse_rfc3339(*text)) {
    target = calendar::to_wall_time(*instant, tzid);
  } else if (const auto wall = calendar::parse_wall_time(*text)) {
    target = *wall;
  } else if (const auto day = parse_day(*text)) {
    target = *day;
  } else {
    reader.refuse(name, "invalid_time");
  }
}

// A month alone says the precision too. Of a meeting that has got its day both ends must be given:
// those of its month would make it last for weeks.
void read_times(ObjectReader& reader, usecases::MeetingForm& form) {
  using domain::TimePrecision;
  const bool was_half_fixed = form.precision == TimePrecision::month;
  const auto starts = reader.find_text("starts_at");
  const auto month = starts ? parse_month(*starts) : std::nullopt;
  if (month) form.precision = TimePrecision::month;
  if (was_half_fixed && starts && !month) form.precision = TimePrecision::minute;
  reader.read_name("precision", form.precision, domain::find_time_precision);
  if (month && form.precision != TimePrecision::month) reader.refuse("precision", "not_a_month");
  const bool half_fixed = form.precision == TimePrecision::month;
  if (was_half_fixed && !half_fixed) {
    reader.require("starts_at");
    reader.require("ends_at");
  }
  if (month) {
    form.starts = *month;
  } else {
    read_wall_time(reader, "starts_at", starts, form.tzid, form.starts);
  }
  const auto ends = reader.find_text("ends_at");
  if (half_fixed && (!ends || parse_month(*ends))) {
    form.ends = form.starts;
  } else {
    read_wall_time(reader, "ends_at", ends, form.tzid, form.ends);
  }
}

std::optional<domain::Instant> parse_moment(std::string_view text, const std::string& tzid) {
  if (const auto instant = calendar::parse_rfc3339(text)) return instant;
  const auto wall = calendar::parse_wall_time(text);
  if (!wall) return std::nullopt;
  return calendar::to_instant(*wall, tzid).instant;
}

// Within the years that a meeting may take place in.
void read_instant(ObjectReader& reader, std::string_view name, const std::string& tzid,
                  std::optional<domain::Instant>& target) {
  constexpr std::chrono::sys_days kFirst{std::chrono::year{1990} / 1 / 1};
  constexpr std::chrono::sys_days kEnd{std::chrono::year{2201} / 1 / 1};
  if (reader.is_null(name)) target.reset();
  const auto text = reader.find_text(name);
  if (!text) return;
  const auto instant = parse_moment(*text, tzid);
  if (!instant) {
    reader.refuse(name, "invalid_time");
  } else if (*instant < kFirst || *instant >= kEnd) {
    reader.refuse(name, "out_of_range", {{"min", "1990-01-01"}, {"max", "2200-12-31"}});
  } else {
    target = instant;
  }
}

void read_places(ObjectReader& reader, std::vector<usecases::PlaceForm>& places) {
  if (!reader.has("places")) return;
  places.clear();
  reader.read_objects("places", [&](ObjectReader& fields) {
    usecases::PlaceForm place;
    fields.read("name", place.name);
    fields.read("address", place.address);
    fields.read("room", place.room);
    fields.read_key("institution", place.institution);
    domain::GeoPoint point;
    const bool given = fields.read_object("position", [&](ObjectReader& coordinates) {
      coordinates.require("latitude");
      coordinates.require("longitude");
      coordinates.read("latitude", point.latitude, -90, 90);
      coordinates.read("longitude", point.longitude, -180, 180);
    });
    if (given) place.position = point;
    places.push_back(std::move(place));
  });
}

void read_program(ObjectReader& reader, std::vector<usecases::ProgramItemForm>& program) {
  constexpr IntegerRange kMinutes{0, 30LL * 24 * 60};  // of a meeting of at most a month
  if (!reader.has("program")) return;
  program.clear();
  reader.read_objects("program", [&](ObjectReader& fields) {
    usecases::ProgramItemForm item;
    for (const char* name : {"starts_minute", "ends_minute"}) fields.require(name);
    fields.read("starts_minute", item.starts_minute, kMinutes);
    fields.read("ends_minute", item.ends_minute, kMinutes);
    fields.read("title", item.title);
    fields.read("description", item.description);
    fields.read_keys("experts", item.experts);
    fields.read_keys("institutions", item.institutions);
    fields.read_keys("practices", item.practices);
    program.push_back(std::move(item));
  });
}

void read_seats(ObjectReader& fields, std::string_view mode, usecases::SeatsForm& seats) {
  constexpr IntegerRange kCapacity{0, 100'000};
  seats = {};
  if (!fields.has(mode)) return;
  seats.offered = true;
  fields.read(mode, seats.capacity, kCapacity);
}

// A key means that the mode is offered, null that it has no limit. Zero beside a mode that has
// places is how some write "not offered".
void read_capacity(ObjectReader& reader, usecases::MeetingForm& form) {
  reader.read_object("capacity", [&](ObjectReader& fields) {
    read_seats(fields, "onsite", form.onsite);
    read_seats(fields, "online", form.online);
    const bool onsite_empty = form.onsite.offered && form.onsite.capacity == 0;
    const bool online_empty = form.online.offered && form.online.capacity == 0;
    if (online_empty && form.onsite.offered && !onsite_empty) form.online = {};
    if (onsite_empty && form.online.offered && !online_empty) form.onsite = {};
  });
}

struct WeekdayName {
  std::string_view name;
  std::chrono::weekday weekday;
};
constexpr WeekdayName kWeekdays[] = {
    {"mon", std::chrono::Monday},   {"tue", std::chrono::Tuesday}, {"wed", std::chrono::Wednesday},
    {"thu", std::chrono::Thursday}, {"fri", std::chrono::Friday},  {"sat", std::chrono::Saturday},
    {"sun", std::chrono::Sunday}};

std::optional<std::chrono::weekday> find_weekday(std::string_view name) {
  for (const WeekdayName& known : kWeekdays) {
    if (known.name == name) return known.weekday;
  }
  return std::nullopt;
}

std::optional<unsigned> two_digits(std::string_view text) {
  unsigned number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.size() != 2 || error != std::errc{} || rest != text.data() + 2) return std::nullopt;
  return number;
}

// "10:00"
std::optional<int> parse_minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = two_digits(text.substr(0, 2));
  const auto minute = two_digits(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return static_cast<int>(*hour * 60 + *minute);
}

// "2027-01-19", or "2027-01" for the first of the month.
std::optional<domain::Date> parse_first_day(std::string text) {
  if (text.size() == 7) text += "-01";
  const auto wall = parse_day(text);
  if (!wall) return std::nullopt;
  return domain::Date{std::chrono::floor<std::chrono::days>(*wall)};
}

void read_every(ObjectReader& every, domain::Plan& plan) {
  constexpr IntegerRange kAny{-1000, 1000};  // find_plan_errors knows the bounds
  const bool weekly = every.has("weeks") && !every.has("months");
  if (weekly) {
    plan.every_months = 0;
    if (plan.first.ok()) plan.weekday = std::chrono::weekday{std::chrono::local_days{plan.first}};
  }
  every.read("months", plan.every_months, kAny);
  every.read("weeks", plan.every_weeks, kAny);
  if (every.has("weeks") && every.has("months")) every.refuse("weeks", "excludes_months");
  every.read_name("weekday", plan.weekday, find_weekday);
  every.read("nth", plan.nth, kAny);
}

}  // namespace

void read_meeting(ObjectReader& reader, usecases::MeetingForm& form) {
  reader.read("title", form.title);
  reader.read_name("form", form.form, domain::find_meeting_form);
  reader.read_key("topic", form.topic);
  reader.read_key("cycle", form.cycle);
  reader.read("session_number", form.session_number, {1, 1000});
  read_zone(reader, form.tzid);
  read_times(reader, form);
  read_places(reader, form.places);
  reader.read("online_url", form.online_url);
  read_capacity(reader, form);
  reader.read("waitlist", form.waitlist);
  reader.read("approval", form.approval);
  if (reader.is_null("registration")) form.window = {};
  reader.read_object("registration", [&](ObjectReader& fields) {
    read_instant(fields, "opens_at", form.tzid, form.window.opens_at);
    read_instant(fields, "closes_at", form.tzid, form.window.closes_at);
  });
  reader.read("summary", form.summary);
  reader.read("description", form.description);
  reader.read("audience", form.audience);
  reader.read("accessibility", form.accessibility);
  reader.read("contact", form.contact);
  reader.read("organizer", form.organizer);
  reader.read("source_url", form.source_url);
  reader.read("caveat", form.caveat);
  reader.read_keys("experts", form.experts);
  reader.read_keys("presenting", form.presenting);
  read_program(reader, form.program);
}

PublicationWish read_publication_wish(ObjectReader& reader) {
  PublicationWish wish;
  wish.given = reader.has("publish_at") || reader.is_null("publish_at");
  read_instant(reader, "publish_at", domain::kDefaultZone, wish.at);
  return wish;
}

void read_new_meeting(ObjectReader& reader, usecases::MeetingForm& form) {
  read_meeting(reader, form);
  if (reader.has("capacity") || form.onsite.offered || form.online.offered) return;
  form.online.offered = !form.online_url.empty();
  form.onsite.offered = !form.places.empty() || !form.online.offered;
}

void read_plan(ObjectReader& reader, domain::Plan& plan) {
  for (const char* name : {"first", "every"}) reader.require(name);
  if (const auto text = reader.find_text("first")) {
    if (const auto first = parse_first_day(*text)) {
      plan.first = *first;
    } else {
      reader.refuse("first", "invalid_date");
    }
  }
  constexpr IntegerRange kAny{-100'000, 100'000};  // find_plan_errors knows the bounds
  reader.read("count", plan.count, kAny);
  reader.read_object("every", [&](ObjectReader& every) { read_every(every, plan); });
  if (const auto time = reader.find_text("time")) {
    if (const auto minute = parse_minute_of_day(*time)) {
      plan.starts_minute = *minute;
    } else {
      reader.refuse("time", "invalid_time");
    }
  }
  reader.read("duration_minutes", plan.duration_minutes, kAny);
  reader.read("avoid_holidays", plan.avoid_holidays);
  read_zone(reader, plan.tzid);
}

domain::FieldErrors plan_errors_for_api(domain::FieldErrors errors, const std::string& prefix) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"every_months", "every.months"},
      {"every_weeks", "every.weeks"},
      {"weekday", "every.weekday"},
      {"nth", "every.nth"},
      {"starts_minute", "time"}};
  for (domain::FieldError& error : errors) {
    for (const auto& [ours, theirs] : kNames) {
      if (error.field == ours) error.field = theirs;
    }
    error.field = prefix + error.field;
  }
  return errors;
}

}  // namespace narada::http::api
