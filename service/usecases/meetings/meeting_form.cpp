#include "service/usecases/meetings/meeting_form.h"

#include <tuple>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "sql/meeting_store.h"

namespace narada::usecases {
namespace {

using domain::Meeting;
using domain::TimePrecision;
using domain::WallTime;
using std::chrono::days;

constexpr int kMostSeats = 100'000;
constexpr std::size_t kMostPlaces = 20;
constexpr std::size_t kMostExperts = 50;
constexpr std::size_t kMostPresenting = 100;
constexpr std::size_t kMostPractices = 20;  // of one item
constexpr std::size_t kMostProgramItems = 100;
constexpr TextRule kTitle{.max = 300, .presence = Presence::required};
constexpr TextRule kSummary{.max = 2000, .lines = Lines::many};
constexpr TextRule kLongText{.max = 15'000, .lines = Lines::many};  // TEXT holds 65,535 octets

std::string item_name(std::string_view list, std::size_t index) {
  return std::string(list) + '[' + std::to_string(index) + "].";
}

void check_position(FieldChecks& checks, const std::optional<domain::GeoPoint>& position) {
  if (!position) return;
  // NaN is in no range: written so that it fails.
  if (!(position->latitude >= -90 && position->latitude <= 90)) {
    checks.add("latitude", "out_of_range", {{"min", "-90"}, {"max", "90"}});
  }
  if (!(position->longitude >= -180 && position->longitude <= 180)) {
    checks.add("longitude", "out_of_range", {{"min", "-180"}, {"max", "180"}});
  }
}

// Of a year that somebody can mean.
bool check_year(FieldChecks& checks, std::string_view field, domain::Date date) {
  const int year = static_cast<int>(date.year());
  if (year >= 1990 && year <= 2200) return true;
  checks.add(field, "out_of_range", {{"min", "1990-01-01"}, {"max", "2200-12-31"}});
  return false;
}

bool check_wall_time(FieldChecks& checks, std::string_view field, WallTime time) {
  if (time == WallTime{}) {
    checks.add(field, "required");
    return false;
  }
  return check_year(checks, field, domain::Date{std::chrono::floor<days>(time)});
}

// Whole days where only the date is known, and a whole month: a time of day would be an invention.
void widen(domain::MeetingTimes& times) {
  if (is_half_fixed(times)) std::tie(times.starts, times.ends) = domain::month_around(times.starts);
  if (times.precision != TimePrecision::day) return;
  times.starts = std::chrono::floor<days>(times.starts);
  times.ends = std::chrono::ceil<days>(times.ends);
  if (times.ends == times.starts) times.ends += days{1};
}

domain::Instant resolve(FieldChecks& checks, std::string_view field, WallTime time,
                        const std::string& tzid) {
  const calendar::ResolvedTime resolved = calendar::to_instant(time, tzid);
  if (!resolved.exists) checks.add(field, "nonexistent_time", {{"tzid", tzid}});
  return resolved.instant;
}

domain::MeetingTimes read_times(const MeetingForm& form, FieldChecks& checks) {
  domain::MeetingTimes times{form.starts, form.ends, form.tzid, form.precision, {}, {}};
  if (is_half_fixed(times)) times.ends = times.starts;  // what it says of the end does not matter
  const bool zone_known = calendar::is_known_zone(form.tzid);
  if (!zone_known) checks.add("tzid", "unknown_zone");
  const bool starts_given = check_wall_time(checks, "starts_at", times.starts);
  const bool ends_given = check_wall_time(checks, "ends_at", times.ends);
  if (!zone_known || !starts_given || !ends_given) return times;
  if (times.precision == TimePrecision::minute && times.ends <= times.starts) {
    checks.add("ends_at", "ends_before_start");
    return times;
  }
  widen(times);
  times.starts_at = resolve(checks, "starts_at", times.starts, times.tzid);
  times.ends_at = resolve(checks, "ends_at", times.ends, times.tzid);
  // Also where the clock goes back between the two.
  if (times.ends_at <= times.starts_at) checks.add("ends_at", "ends_before_start");
  if (is_half_fixed(times)) return times;
  const domain::Instant latest = times.starts_at + storage::kLongestMeeting;
  if (times.ends_at > latest) {
    checks.add("ends_at", "out_of_range",
               {{"min", calendar::format_rfc3339(times.starts_at, times.tzid)},
                {"max", calendar::format_rfc3339(latest, times.tzid)}});
  }
  return times;
}

domain::Place read_place(PlaceForm& form, FieldChecks checks, References& references) {
  checks.check_text("name", form.name, {.max = 300, .presence = Presence::required});
  checks.check_text("address", form.address, {.max = 500});
  checks.check_text("room", form.room, {.max = 200});
  check_position(checks, form.position);
  domain::Place place{form.name, form.address, form.room, std::nullopt, form.position};
  place.institution = references.find_institution(checks, "institution", form.institution);
  return place;
}

domain::ProgramItem read_program_item(ProgramItemForm& form, FieldChecks checks,
                                      References& references) {
  const int last_minute = static_cast<int>(storage::kLongestMeeting.count()) * 24 * 60;
  checks.check_text("title", form.title, kTitle);
  checks.check_text("description", form.description, kLongText);
  checks.check_range("starts_minute", form.starts_minute, 0, last_minute);
  checks.check_range("ends_minute", form.ends_minute, 0, last_minute);
  if (form.ends_minute < form.starts_minute) checks.add("ends_minute", "ends_before_start");
  domain::ProgramItem item{
      form.starts_minute, form.ends_minute, form.title, form.description, {}, {}, {}};
  item.experts = references.find_experts(checks, "experts", form.experts, kMostExperts);
  item.institutions =
      references.find_institutions(checks, "institutions", form.institutions, kMostPresenting);
  item.practices = references.find_practices(checks, "practices", form.practices, kMostPractices);
  return item;
}

domain::Seats read_seats(const SeatsForm& form, FieldChecks& checks, std::string_view field) {
  domain::Seats seats;
  seats.offered = form.offered;
  if (form.offered) seats.capacity = form.capacity;
  if (seats.capacity) checks.check_range(field, *seats.capacity, 1, kMostSeats);
  return seats;
}

void check_registration(const MeetingForm& form, FieldChecks& checks) {
  const auto& [opens_at, closes_at] = form.window;
  const auto check = [&](const char* field, const std::optional<domain::Instant>& at) {
    return !at || check_year(checks, field, domain::Date{std::chrono::floor<days>(*at)});
  };
  const bool opens = check("registration.opens_at", opens_at);
  const bool closes = check("registration.closes_at", closes_at);
  if (opens && closes && opens_at && closes_at && *closes_at <= *opens_at) {
    checks.add("registration.closes_at", "ends_before_start");
  }
  const bool offered = form.onsite.offered || form.online.offered;
  if (!offered && (opens_at || closes_at || form.approval)) checks.add("capacity", "no_mode");
}

void check_texts(MeetingForm& form, FieldChecks& checks) {
  checks.check_text("title", form.title, kTitle);
  checks.check_url("online_url", form.online_url);
  checks.check_text("summary", form.summary, kSummary);
  checks.check_text("description", form.description, kLongText);
  checks.check_text("audience", form.audience, {.max = 500});
  checks.check_text("accessibility", form.accessibility, {.max = 1000, .lines = Lines::many});
  checks.check_text("contact", form.contact, {.max = 500, .lines = Lines::many});
  checks.check_text("organizer", form.organizer, {.max = 300});
  checks.check_url("source_url", form.source_url);
  checks.check_text("caveat", form.caveat, kSummary);
}

void copy_texts(const MeetingForm& form, Meeting& meeting) {
  meeting.title = form.title;
  meeting.form = form.form;
  meeting.online_url = form.online_url;
  meeting.has_online = form.online.offered || !form.online_url.empty();
  meeting.summary = form.summary;
  meeting.description = form.description;
  meeting.audience = form.audience;
  meeting.accessibility = form.accessibility;
  meeting.contact = form.contact;
  meeting.organizer = form.organizer;
  meeting.source_url = form.source_url;
  meeting.caveat = form.caveat;
}

void read_parts(MeetingForm& form, FieldChecks& checks, References& references, Meeting& meeting) {
  if (checks.check_count("places", form.places.size(), kMostPlaces)) {
    for (std::size_t index = 0; index < form.places.size(); ++index) {
      meeting.places.push_back(
          read_place(form.places[index], checks.within(item_name("places", index)), references));
    }
  }
  meeting.experts = references.find_experts(checks, "experts", form.experts, kMostExperts);
  meeting.presenting =
      references.find_institutions(checks, "presenting", form.presenting, kMostPresenting);
  if (checks.check_count("program", form.program.size(), kMostProgramItems)) {
    for (std::size_t index = 0; index < form.program.size(); ++index) {
      meeting.program.push_back(read_program_item(
          form.program[index], checks.within(item_name("program", index)), references));
    }
  }
}

std::string key_of(const domain::InstitutionRef& institution) {
  return institution.teryt ? *institution.teryt : std::to_string(institution.id.value);
}

std::vector<std::string> keys_of(const std::vector<domain::InstitutionRef>& institutions) {
  std::vector<std::string> keys;
  keys.reserve(institutions.size());
  for (const auto& institution : institutions) keys.push_back(key_of(institution));
  return keys;
}

std::vector<std::string> keys_of(const std::vector<domain::ExpertRef>& experts) {
  std::vector<std::string> keys;
  keys.reserve(experts.size());
  for (const auto& expert : experts) keys.push_back(expert.slug);
  return keys;
}

std::vector<std::string> keys_of(const std::vector<domain::PracticeRef>& practices) {
  std::vector<std::string> keys;
  keys.reserve(practices.size());
  for (const auto& practice : practices) keys.push_back(practice.slug);
  return keys;
}

void copy_parts(const Meeting& meeting, MeetingForm& form) {
  for (const auto& place : meeting.places) {
    form.places.push_back({place.name, place.address, place.room,
                           place.institution ? key_of(*place.institution) : "", place.position});
  }
  form.experts = keys_of(meeting.experts);
  form.presenting = keys_of(meeting.presenting);
  for (const auto& item : meeting.program) {
    form.program.push_back({item.starts_minute, item.ends_minute, item.title, item.description,
                            keys_of(item.experts), keys_of(item.institutions),
                            keys_of(item.practices)});
  }
}

}  // namespace

Meeting read_meeting_form(MeetingForm form, FieldChecks& checks, References& references) {
  Meeting meeting;
  check_texts(form, checks);
  copy_texts(form, meeting);
  meeting.times = read_times(form, checks);
  meeting.topic = references.find_topic(checks, "topic", form.topic);
  meeting.cycle = references.find_cycle(checks, "cycle", form.cycle);
  meeting.session_number = form.session_number;
  if (form.session_number) checks.check_range("session_number", *form.session_number, 1, 1000);
  meeting.onsite = read_seats(form.onsite, checks, "capacity.onsite");
  meeting.online = read_seats(form.online, checks, "capacity.online");
  meeting.waitlist = form.waitlist;
  meeting.approval = form.approval;
  meeting.window = form.window;
  check_registration(form, checks);
  read_parts(form, checks, references, meeting);
  return meeting;
}

MeetingForm form_of(const Meeting& meeting) {
  MeetingForm form;
  form.title = meeting.title;
  form.form = meeting.form;
  if (meeting.topic) form.topic = meeting.topic->slug;
  if (meeting.cycle) form.cycle = std::to_string(meeting.cycle->id.value);
  form.session_number = meeting.session_number;
  form.starts = meeting.times.starts;
  form.ends = meeting.times.ends;
  form.tzid = meeting.times.tzid;
  form.precision = meeting.times.precision;
  form.online_url = meeting.online_url;
  form.onsite = {meeting.onsite.offered, meeting.onsite.capacity};
  form.online = {meeting.online.offered, meeting.online.capacity};
  form.waitlist = meeting.waitlist;
  form.approval = meeting.approval;
  form.window = meeting.window;
  form.summary = meeting.summary;
  form.description = meeting.description;
  form.audience = meeting.audience;
  form.accessibility = meeting.accessibility;
  form.contact = meeting.contact;
  form.organizer = meeting.organizer;
  form.source_url = meeting.source_url;
  form.caveat = meeting.caveat;
  copy_parts(meeting, form);
  return form;
}

std::vector<std::string> changed_fields(const MeetingForm& before, const MeetingForm& after) {
  std::vector<std::string> fields;
  const auto compare = [&](std::string_view name, const auto& old_value, const auto& new_value) {
    if (!(old_value == new_value)) fields.emplace_back(name);
  };
  compare("title", before.title, after.title);
  compare("form", before.form, after.form);
  compare("topic", before.topic, after.topic);
  compare("cycle", before.cycle, after.cycle);
  compare("session_number", before.session_number, after.session_number);
  compare("starts_at", before.starts, after.starts);
  compare("ends_at", before.ends, after.ends);
  compare("tzid", before.tzid, after.tzid);
  compare("precision", before.precision, after.precision);
  compare("places", before.places, after.places);
  compare("online_url", before.online_url, after.online_url);
  compare("capacity.onsite", before.onsite, after.onsite);
  compare("capacity.online", before.online, after.online);
  compare("waitlist", before.waitlist, after.waitlist);
  compare("approval", before.approval, after.approval);
  compare("registration", before.window, after.window);
  compare("summary", before.summary, after.summary);
  compare("description", before.description, after.description);
  compare("audience", before.audience, after.audience);
  compare("accessibility", before.accessibility, after.accessibility);
  compare("contact", before.contact, after.contact);
  compare("organizer", before.organizer, after.organizer);
  compare("source_url", before.source_url, after.source_url);
  compare("caveat", before.caveat, after.caveat);
  compare("experts", before.experts, after.experts);
  compare("presenting", before.presenting, after.presenting);
  compare("program", before.program, after.program);
  return fields;
}

}  // namespace narada::usecases
