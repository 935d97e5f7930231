#include "service/usecases/sample/sample_files.h"

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "service/domain/plan.h"

namespace narada::usecases {
namespace {

using domain::Date;
using domain::WallTime;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr std::chrono::days kBeforeOpenCycle{14};

[[noreturn]] void throw_bad_cell(const CsvRow& row, std::string_view column) {
  throw SampleError{"lines[" + std::to_string(row.line) + "]." + std::string(column), row[column]};
}

template <class Enum>
Enum enum_in(const CsvRow& row, std::string_view column,
             std::optional<Enum> (*find)(std::string_view)) {
  const auto value = find(row[column]);
  if (!value) throw_bad_cell(row, column);
  return *value;
}

template <class Enum>
std::optional<Enum> find_enum_in(const CsvRow& row, std::string_view column,
                                 std::optional<Enum> (*find)(std::string_view)) {
  if (row[column].empty()) return std::nullopt;
  return enum_in(row, column, find);
}

std::optional<int> find_number_in(const CsvRow& row, std::string_view column) {
  const std::string& cell = row[column];
  if (cell.empty()) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size()) throw_bad_cell(row, column);
  return value;
}

int number_in(const CsvRow& row, std::string_view column) {
  const auto value = find_number_in(row, column);
  if (!value) throw_bad_cell(row, column);
  return *value;
}

bool yes_in(const CsvRow& row, std::string_view column) { return row[column] == "yes"; }

// "2022-09-05" and "10:00".
WallTime time_in(const CsvRow& row, const std::string& date, std::string_view column) {
  const std::string time = row[column].empty() ? "00:00" : row[column];
  const auto parsed = calendar::parse_wall_time(date + 'T' + time);
  if (!parsed) throw_bad_cell(row, column);
  return *parsed;
}

minutes minutes_in(const CsvRow& row, std::string_view column, std::string_view text) {
  const auto parsed = calendar::parse_wall_time("2000-01-01T" + std::string(text));
  if (!parsed) throw_bad_cell(row, column);
  return std::chrono::floor<minutes>(*parsed - std::chrono::floor<days>(*parsed));
}

std::vector<PlaceForm> places_in(const CsvRow& row) {
  std::vector<PlaceForm> places;
  for (const std::string& text : split_cell(row["places"])) {
    // name;address;room;institution, where the parts between may be empty
    std::array<std::string, 4> parts;
    std::string_view rest = text;
    for (std::string& part : parts) {
      const std::size_t end = rest.find(';');
      part = std::string(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    places.push_back({parts[0], parts[1], parts[2], parts[3], std::nullopt});
  }
  return places;
}

// Lines of "10:00-10:20 Powitanie".
std::vector<ProgramItemForm> program_in(const CsvRow& row) {
  std::vector<ProgramItemForm> program;
  for (const std::string& line : split_cell(row["program"], '\n')) {
    if (line.size() < 13 || line[5] != '-' || line[11] != ' ') throw_bad_cell(row, "program");
    ProgramItemForm& item = program.emplace_back();
    item.starts_minute = static_cast<int>(minutes_in(row, "program", line.substr(0, 5)).count());
    item.ends_minute = static_cast<int>(minutes_in(row, "program", line.substr(6, 5)).count());
    item.title = line.substr(12);
  }
  return program;
}

void append_institutions(const CsvRow& row, std::string_view column, domain::CycleRole role,
                         CycleForm& form) {
  for (const std::string& key : split_cell(row[column])) form.institutions.push_back({key, role});
}

std::chrono::weekday weekday_in(const CsvRow& row) {
  constexpr std::array<std::string_view, 7> kNames = {"sun", "mon", "tue", "wed",
                                                      "thu", "fri", "sat"};
  for (unsigned number = 0; number < kNames.size(); ++number) {
    if (kNames[number] == row["weekday"]) return std::chrono::weekday{number};
  }
  throw_bad_cell(row, "weekday");
}

std::string text_of(local_days day) {
  const Date date{day};
  const auto two_digits = [](unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return std::to_string(static_cast<int>(date.year())) + '-' +
         two_digits(static_cast<unsigned>(date.month())) + '-' +
         two_digits(static_cast<unsigned>(date.day()));
}

// Noon of so many days before the meeting.
std::optional<domain::Instant> days_before(const CsvRow& row, std::string_view column,
                                           local_days day) {
  const auto count = find_number_in(row, column);
  if (!count) return std::nullopt;
  const WallTime noon = WallTime{day - days{*count}} + std::chrono::hours{12};
  return calendar::to_instant(noon, domain::kDefaultZone).instant;
}

SeatsForm seats_in(const CsvRow& row, std::string_view column) {
  const auto capacity = find_number_in(row, column);
  return {capacity.has_value(), capacity};
}

}  // namespace

CsvTable load_sample_table(const std::string& directory, const std::string& file) {
  std::ifstream stream(directory + '/' + file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw SampleError{file, "cannot be read"};
  try {
    return parse_csv(text);
  } catch (const CsvError& error) {
    throw SampleError{file + " lines[" + std::to_string(error.line) + "]", error.code};
  }
}

CycleForm read_cycle_row(const CsvRow& row) {
  using domain::CycleRole;
  CycleForm form;
  form.title = row["title"];
  form.topic = row["topic"];
  form.summary = row["summary"];
  form.challenge = row["challenge"];
  form.goal = row["goal"];
  form.effects = split_cell(row["effects"]);
  form.materials = split_cell(row["materials"]);
  form.participants_text = split_cell(row["participants_text"]);
  form.published_period = row["published_period"];
  form.published_meeting_count = find_number_in(row, "published_meeting_count");
  form.source_urls = split_cell(row["source_urls"]);
  form.practice_url = row["practice_url"];
  form.caveat = row["caveat"];
  form.experts = split_cell(row["experts"]);
  append_institutions(row, "owners", CycleRole::challenge_owner, form);
  append_institutions(row, "pilots", CycleRole::pilot, form);
  append_institutions(row, "hosts", CycleRole::host, form);
  append_institutions(row, "funders", CycleRole::funder, form);
  append_institutions(row, "partners", CycleRole::partner, form);
  append_institutions(row, "participants", CycleRole::participant, form);
  return form;
}

MeetingForm read_past_meeting_row(const CsvRow& row) {
  MeetingForm form;
  form.title = row["title"];
  form.form = enum_in(row, "form", domain::find_meeting_form);
  form.topic = row["topic"];
  form.cycle = row["cycle"];
  form.session_number = find_number_in(row, "session_number");
  const std::string& last_date = row[row["last_date"].empty() ? "date" : "last_date"];
  form.starts = time_in(row, row["date"], "starts");
  form.ends = time_in(row, last_date, "ends");
  if (row["starts"].empty()) {
    form.precision = domain::TimePrecision::day;
    form.ends += days{1};
  }
  form.places = places_in(row);
  form.organizer = row["organizer"];
  form.experts = split_cell(row["experts"]);
  form.presenting = split_cell(row["presenting"]);
  form.description = row["description"];
  form.caveat = row["caveat"];
  form.source_url = row["source_url"];
  form.waitlist = false;
  return form;
}

PracticeForm read_practice_row(const CsvRow& row) {
  PracticeForm form;
  form.title = row["title"];
  form.lead = row["lead"];
  form.type = find_enum_in(row, "type", domain::find_practice_type);
  form.type_from_source = yes_in(row, "type_from_source");
  form.area = find_enum_in(row, "area", domain::find_practice_area);
  form.topic = row["topic"];
  form.origin = find_enum_in(row, "origin", domain::find_practice_origin);
  form.state = find_enum_in(row, "state", domain::find_practice_state);
  form.implementation_year = find_number_in(row, "implementation_year");
  if (const auto month = find_number_in(row, "implementation_month")) {
    form.implementation_month = static_cast<unsigned>(*month);
  }
  if (!row["budget_pln"].empty()) form.budget_pln = row["budget_pln"];
  form.institutions = split_cell(row["institutions"]);
  form.institution_text = row["institution_text"];
  form.found_by = row["found_by"];
  form.legacy_url = row["legacy_url"];
  form.source_url = row["source_url"];
  form.caveat = row["caveat"];
  return form;
}

MeetingForm read_upcoming_row(const CsvRow& row, Date today) {
  local_days day = local_days{today} + days{number_in(row, "days_ahead")};
  day += weekday_in(row) - std::chrono::weekday{day};
  while (!calendar::polish_holiday_name(Date{day}).empty()) day += std::chrono::weeks{1};
  MeetingForm form;
  form.title = row["title"];
  form.form = enum_in(row, "form", domain::find_meeting_form);
  form.topic = row["topic"];
  form.starts = time_in(row, text_of(day), "starts");
  form.ends = time_in(row, text_of(day + days{number_in(row, "days") - 1}), "ends");
  if (!row["place"].empty()) {
    form.places = {{row["place"], "", row["room"], row["host"], std::nullopt}};
  }
  form.online_url = row["online_url"];
  form.onsite = seats_in(row, "onsite");
  form.online = seats_in(row, "online");
  form.waitlist = yes_in(row, "waitlist");
  form.approval = yes_in(row, "approval");
  form.window = {days_before(row, "opens_days_before", day),
                 days_before(row, "closes_days_before", day)};
  form.audience = row["audience"];
  form.summary = row["summary"];
  form.program = program_in(row);
  return form;
}

CycleForm read_open_cycle(const CsvTable& cycle, const CsvTable& sessions, Date today) {
  if (cycle.rows.size() != 1) throw SampleError{"open_cycle.csv", "not one row"};
  CycleForm form = read_cycle_row(cycle.rows.front());
  domain::Plan plan;
  plan.first = Date{local_days{today} + kBeforeOpenCycle};
  plan.count = static_cast<int>(sessions.rows.size());
  const auto planned = plan_sessions(plan, calendar::polish_holiday_name);
  for (std::size_t index = 0; index < planned.size(); ++index) {
    const CsvRow& row = sessions.rows[index];
    MeetingForm& session = form.meetings.emplace_back();
    session.title = row["title"];
    session.form = domain::MeetingForm::workshop;
    session.starts = planned[index].starts;
    session.ends = planned[index].ends;
    session.places = {{row["place"], "", row["room"], row["host"], std::nullopt}};
    session.online_url = "https://example.org/narada-przyklad-cykl";
    session.onsite = {true, 40};
    session.online = {true, 60};
    session.summary = row["summary"];
    session.audience = "osoby obsługujące mieszkańców, koordynatorzy dostępności";
    session.program = program_in(row);
    form.institutions.push_back({row["host"], domain::CycleRole::host});
  }
  return form;
}

}  // namespace narada::usecases
