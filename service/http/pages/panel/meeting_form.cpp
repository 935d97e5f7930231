#include "service/http/pages/panel/meeting_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/panel/typed.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/planner.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::FieldErrors;
using domain::WallTime;
using usecases::MeetingForm;
using Kind = FieldKind;

constexpr std::array<std::string_view, 9> kForms = {
    "meeting",     "workshop",      "training",         "webinar", "conference",
    "study_visit", "research_walk", "field_interviews", "session"};

const FieldSpec& place_spec() {
  static const FieldSpec spec{"places",
                              Kind::rows,
                              false,
                              {{"name", Kind::text},
                               {"address", Kind::text},
                               {"room", Kind::text},
                               {"institution", Kind::institution},
                               {"position", Kind::text}}};
  return spec;
}

std::vector<std::pair<std::string, std::string>> cycle_choices(
    const Page& page, const usecases::SignedIn& signed_in,
    const std::optional<domain::CycleRef>& current) {
  std::vector<std::pair<std::string, std::string>> choices{{"", page.text("planner.no_cycle")}};
  for (const auto& cycle : usecases::list_own_cycles(page.environment(), signed_in.actor))
    choices.emplace_back(std::to_string(cycle.id.value), cycle.title);
  if (current) {
    const std::pair entry{std::to_string(current->id.value), current->title};
    if (std::find(choices.begin(), choices.end(), entry) == choices.end()) choices.push_back(entry);
  }
  return choices;
}

std::string moment_text(const std::optional<domain::Instant>& instant, const std::string& tzid) {
  if (!instant || !calendar::is_known_zone(tzid)) return {};
  const auto wall = calendar::to_wall_time(*instant, tzid);
  return web::iso_date(wall) + "T" + clock_text(wall);
}

std::optional<domain::Instant> read_moment(const std::string& typed, const std::string& input,
                                           const std::string& tzid, FieldErrors& errors) {
  if (typed.empty() || !calendar::is_known_zone(tzid)) return std::nullopt;
  std::string text = typed;
  if (const auto blank = text.find(' '); blank != std::string::npos) text[blank] = 'T';
  if (const auto wall = calendar::parse_wall_time(text))
    return calendar::to_instant(*wall, tzid).instant;
  errors.push_back({input, "invalid_moment"});
  return std::nullopt;
}

std::string position_text(const std::optional<domain::GeoPoint>& position) {
  return position ? fmt::format("{}, {}", position->latitude, position->longitude) : "";
}

std::optional<domain::GeoPoint> read_position(const std::string& typed, const std::string& input,
                                              FieldErrors& errors) {
  if (typed.empty()) return std::nullopt;
  domain::GeoPoint point;
  const char* const end = typed.data() + typed.size();
  auto [at, error] = std::from_chars(typed.data(), end, point.latitude);
  const char* const after_first = at;
  while (at != end && (*at == ',' || *at == ' ' || *at == ';')) ++at;
  const auto second = std::from_chars(at, end, point.longitude);
  if (error == std::errc{} && second.ec == std::errc{} && second.ptr == end && at != after_first)
    return point;
  errors.push_back({input, "invalid_position"});
  return std::nullopt;
}

std::string institution_names(const std::vector<std::string>& keys, const PanelNames& names) {
  std::vector<std::string> labels;
  for (const auto& key : keys) labels.push_back(names.institution_label(key));
  return join_lines(labels);
}
std::string expert_names(const std::vector<std::string>& keys, const PanelNames& names) {
  std::vector<std::string> labels;
  for (const auto& key : keys) labels.push_back(names.expert_label(key));
  return join_lines(labels);
}
std::vector<std::string> institution_keys(const std::string& text, const PanelNames& names) {
  auto keys = split_lines(text);
  for (auto& key : keys) key = names.institution_key(key);
  return keys;
}
std::vector<std::string> expert_keys(const std::string& text, const PanelNames& names) {
  auto keys = split_lines(text);
  for (auto& key : keys) key = names.expert_key(key);
  return keys;
}

std::string practice_names(const std::vector<std::string>& keys, const PanelNames& names) {
  std::vector<std::string> labels;
  for (const auto& key : keys) labels.push_back(names.practice_label(key));
  return join_lines(labels);
}

std::vector<std::string> practice_keys(const std::string& text, const PanelNames& names) {
  auto keys = split_lines(text);
  for (auto& key : keys) key = names.practice_key(key);
  return keys;
}

std::string place_texts(const MeetingForm& form, const PanelNames& names) {
  std::vector<Row> rows;
  for (const auto& place : form.places)
    rows.push_back({{"name", place.name},
                    {"address", place.address},
                    {"room", place.room},
                    {"institution", names.institution_label(place.institution)},
                    {"position", position_text(place.position)}});
  return join_rows(place_spec(), rows);
}

void read_places(const std::string& text, const PanelNames& names, MeetingForm& form,
                 FieldErrors& errors) {
  form.places.clear();
  for (const Row& row : split_rows(place_spec(), text)) {
    const auto input = "places." + std::to_string(form.places.size()) + ".position";
    const auto& host = row.at("institution");
    form.places.push_back({row.at("name"), row.at("address"), row.at("room"),
                           host.empty() ? "" : names.institution_key(host),
                           read_position(row.at("position"), input, errors)});
  }
}

void read_seats(const FieldTexts& texts, MeetingForm& form, FieldErrors& errors) {
  form.onsite.offered = !texts.at("onsite").empty();
  form.onsite.capacity = read_number(texts.at("onsite_capacity"), "onsite_capacity", errors);
  form.online.offered = !texts.at("online").empty();
  form.online.capacity = read_number(texts.at("online_capacity"), "online_capacity", errors);
  if (!form.onsite.offered) form.onsite.capacity.reset();
  if (!form.online.offered) form.online.capacity.reset();
  form.waitlist = !texts.at("waitlist").empty();
  form.approval = !texts.at("approval").empty();
}

void read_hours(const FieldTexts& texts, MeetingForm& form, FieldErrors& errors) {
  form.tzid = texts.at("tzid").empty() ? domain::kDefaultZone : texts.at("tzid");
  const auto times =
      read_times({texts.at("starts_date"), texts.at("starts_time"), texts.at("ends_time"),
                  texts.at("ends_date"), texts.at("starts_month")},
                 {"starts_date", "starts_time", "ends_time", "ends_date", "starts_month"}, errors);
  form.starts = times.starts;
  form.ends = times.ends;
  form.precision = times.precision;
  form.window.opens_at = read_moment(texts.at("opens_at"), "opens_at", form.tzid, errors);
  form.window.closes_at = read_moment(texts.at("closes_at"), "closes_at", form.tzid, errors);
}

// The API's name of a field → the input of this form.
std::string meeting_input(const std::string& field) {
  static const std::map<std::string, std::string> kInputs = {
      {"starts_at", "starts_date"},
      {"ends_at", "ends_time"},
      {"capacity", "onsite"},
      {"capacity.onsite", "onsite_capacity"},
      {"capacity.online", "online_capacity"},
      {"registration.opens_at", "opens_at"},
      {"registration.closes_at", "closes_at"}};
  if (const auto found = kInputs.find(field); found != kInputs.end()) return found->second;
  std::string input = input_of(field);
  for (const auto& [end, cell] :
       {std::pair{".latitude", ".position"}, std::pair{".longitude", ".position"},
        std::pair{".starts_minute", ".starts"}, std::pair{".ends_minute", ".ends"}})
    if (input.ends_with(end))
      input.replace(input.size() - std::string_view(end).size(), input.size(), cell);
  return input;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> meeting_form_options(const Page& page) {
  std::vector<std::pair<std::string, std::string>> options;
  for (const auto form : kForms) options.emplace_back(form, word(page, "form", form));
  return options;
}

std::vector<std::pair<std::string, std::string>> topic_choices(const Page& page) {
  std::vector<std::pair<std::string, std::string>> choices{{"", page.text("planner.no_topic")}};
  for (const auto& topic : usecases::list_topics(page.environment()))
    choices.emplace_back(topic.slug, topic_name(page, topic));
  return choices;
}

std::vector<FieldSection> meeting_sections(const Page& page, const usecases::SignedIn& signed_in,
                                           const std::optional<domain::CycleRef>& current) {
  std::vector<FieldSection> sections = {
      {"basics",
       {{"title", Kind::text, true},
        {"form", Kind::choice, false, {}, meeting_form_options(page)},
        {"topic", Kind::choice, false, {}, topic_choices(page)},
        {"cycle", Kind::choice, false, {}, cycle_choices(page, signed_in, current)},
        {"session_number", Kind::number},
        {"summary", Kind::long_text}}},
      {"times",
       {{"starts_date", Kind::date},
        {"starts_month", Kind::month},
        {"starts_time", Kind::time},
        {"ends_time", Kind::time},
        {"ends_date", Kind::date},
        {"tzid", Kind::text}}},
      {"places",
       {place_spec(), {"accessibility", Kind::long_text}, {"online_url", Kind::address}},
       true},
      {"registration",
       {{"onsite", Kind::check},
        {"onsite_capacity", Kind::number},
        {"online", Kind::check},
        {"online_capacity", Kind::number},
        {"opens_at", Kind::moment},
        {"closes_at", Kind::moment},
        {"waitlist", Kind::check},
        {"approval", Kind::check}}},
      {"content",
       {{"description", Kind::long_text},
        {"audience", Kind::text},
        {"experts", Kind::experts},
        {"presenting", Kind::institutions},
        {"contact", Kind::long_text},
        {"organizer", Kind::text}},
       true},
      {"source", {{"source_url", Kind::address}, {"caveat", Kind::long_text}}, true}};
  auto& content = sections.at(4).specs;
  const auto more = new_experts_spec(signed_in);
  content.insert(content.begin() + 3, more.begin(), more.end());  // below the experts
  return sections;
}

FieldSpecs new_experts_spec(const usecases::SignedIn& signed_in) {
  if (!domain::can(signed_in.actor, domain::Action::edit_catalogue, {})) return {};
  return {{"new_experts", Kind::check}};
}

FieldSpecs specs_of(const std::vector<FieldSection>& sections) {
  FieldSpecs specs;
  for (const auto& section : sections)
    specs.insert(specs.end(), section.specs.begin(), section.specs.end());
  return specs;
}

FieldSpecs program_specs(int days) {
  FieldSpec program{"program", Kind::rows};
  if (days > 1) program.cells.push_back({"day", Kind::number});
  const FieldSpecs cells = {{"starts", Kind::time},        {"ends", Kind::time},
                            {"title", Kind::text},         {"description", Kind::long_text},
                            {"experts", Kind::experts},    {"institutions", Kind::institutions},
                            {"practices", Kind::practices}};
  program.cells.insert(program.cells.end(), cells.begin(), cells.end());
  return {program};
}

FieldTexts meeting_texts(const MeetingForm& form, const PanelNames& names) {
  const auto times = time_texts(form.starts, form.ends, form.precision);
  const auto check = [](bool value) { return std::string(value ? "yes" : ""); };
  return {{"title", form.title},
          {"form", std::string(to_string(form.form))},
          {"topic", form.topic},
          {"cycle", form.cycle},
          {"session_number", number_text(form.session_number)},
          {"summary", form.summary},
          {"starts_date", times.day},
          {"starts_month", times.month},
          {"starts_time", times.starts},
          {"ends_time", times.ends},
          {"ends_date", times.last_day},
          {"tzid", form.tzid},
          {"places", place_texts(form, names)},
          {"accessibility", form.accessibility},
          {"online_url", form.online_url},
          {"onsite", check(form.onsite.offered)},
          {"onsite_capacity", number_text(form.onsite.capacity)},
          {"online", check(form.online.offered)},
          {"online_capacity", number_text(form.online.capacity)},
          {"opens_at", moment_text(form.window.opens_at, form.tzid)},
          {"closes_at", moment_text(form.window.closes_at, form.tzid)},
          {"waitlist", check(form.waitlist)},
          {"approval", check(form.approval)},
          {"description", form.description},
          {"audience", form.audience},
          {"experts", expert_names(form.experts, names)},
          {"presenting", institution_names(form.presenting, names)},
          {"contact", form.contact},
          {"organizer", form.organizer},
          {"source_url", form.source_url},
          {"caveat", form.caveat}};
}

MeetingForm read_meeting(const FieldTexts& texts, const FieldSpecs& specs, const PanelNames& names,
                         MeetingForm base, FieldErrors& errors) {
  MeetingForm form = std::move(base);
  for (const FieldSpec& spec : specs)
    if (spec.required && texts.at(spec.name).empty()) errors.push_back({spec.name, "required"});
  form.title = texts.at("title");
  form.form = domain::find_meeting_form(texts.at("form")).value_or(form.form);
  form.topic = texts.at("topic");
  form.cycle = texts.at("cycle");
  form.session_number = read_number(texts.at("session_number"), "session_number", errors);
  form.summary = texts.at("summary");
  read_hours(texts, form, errors);
  read_places(texts.at("places"), names, form, errors);
  form.accessibility = texts.at("accessibility");
  form.online_url = texts.at("online_url");
  read_seats(texts, form, errors);
  form.description = texts.at("description");
  form.audience = texts.at("audience");
  form.experts = expert_keys(texts.at("experts"), names);
  form.presenting = institution_keys(texts.at("presenting"), names);
  form.contact = texts.at("contact");
  form.organizer = texts.at("organizer");
  form.source_url = texts.at("source_url");
  form.caveat = texts.at("caveat");
  return form;
}

int days_of(const MeetingForm& form) {
  using std::chrono::days;
  if (form.precision == domain::TimePrecision::month) return 1;
  const auto span = std::chrono::ceil<days>(form.ends) - std::chrono::floor<days>(form.starts);
  return std::max(1, static_cast<int>(span.count()));
}

FieldTexts program_texts(const MeetingForm& form, const FieldSpecs& specs,
                         const PanelNames& names) {
  constexpr int kDay = 24 * 60;
  std::vector<Row> rows;
  for (const auto& item : form.program)
    rows.push_back({{"day", std::to_string(item.starts_minute / kDay + 1)},
                    {"starts", clock_text(item.starts_minute % kDay)},
                    {"ends", clock_text(item.ends_minute % kDay)},
                    {"title", item.title},
                    {"description", item.description},
                    {"experts", expert_names(item.experts, names)},
                    {"institutions", institution_names(item.institutions, names)},
                    {"practices", practice_names(item.practices, names)}});
  return {{"program", join_rows(specs.front(), rows)}};
}

MeetingForm read_program(const FieldTexts& texts, const FieldSpecs& specs, const PanelNames& names,
                         MeetingForm base, FieldErrors& errors) {
  constexpr int kDay = 24 * 60;
  MeetingForm form = std::move(base);
  form.program.clear();
  for (const Row& row : split_rows(specs.front(), texts.at("program"))) {
    const auto input = "program." + std::to_string(form.program.size()) + ".";
    const auto day = row.contains("day") ? row.at("day") : std::string();
    const int first = (read_number(day, input + "day", errors).value_or(1) - 1) * kDay;
    const auto starts = read_clock(row.at("starts"), input + "starts", errors);
    const auto ends = read_clock(row.at("ends"), input + "ends", errors);
    if (row.at("starts").empty()) errors.push_back({input + "starts", "required"});
    if (row.at("ends").empty()) errors.push_back({input + "ends", "required"});
    form.program.push_back({first + starts.value_or(0), first + ends.value_or(0), row.at("title"),
                            row.at("description"), expert_keys(row.at("experts"), names),
                            institution_keys(row.at("institutions"), names),
                            practice_keys(row.at("practices"), names)});
  }
  if (errors.empty())
    std::stable_sort(
        form.program.begin(), form.program.end(),
        [](const auto& one, const auto& other) { return one.starts_minute < other.starts_minute; });
  return form;
}

FieldTexts canonical_times(FieldTexts texts) {
  FieldErrors ignored;
  const auto again = [&](const char* name, auto read, auto write) {
    const auto found = texts.find(name);
    if (found == texts.end()) return;
    if (const auto value = read(found->second, name, ignored)) found->second = write(*value);
  };
  for (const char* name : {"starts_date", "ends_date"})
    again(name, read_day, [](WallTime day) { return web::iso_date(day); });
  again("starts_month", read_month,
        [](WallTime month) { return web::iso_date(month).substr(0, 7); });
  for (const char* name : {"starts_time", "ends_time"})
    again(name, read_clock, [](int minute) { return clock_text(minute); });
  if (texts.contains("starts_month") && !texts["starts_date"].empty()) texts["starts_month"] = "";
  if (texts.contains("ends_date") && texts["ends_date"].empty())
    texts["ends_date"] = texts["starts_date"];
  return texts;
}

FieldErrors meeting_input_errors(FieldErrors errors) {
  for (auto& error : errors) error.field = meeting_input(error.field);
  return errors;
}

FieldErrors panel_errors_of(const domain::Failure& failure) {
  if (std::holds_alternative<domain::Forbidden>(failure)) return {{"", "not_in_reach"}};
  return errors_of(failure, "change_sent_before");
}

}  // namespace narada::http::pages
