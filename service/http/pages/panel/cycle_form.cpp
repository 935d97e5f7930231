#include "service/http/pages/panel/cycle_form.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "service/http/pages/panel/typed.h"
#include "service/http/pages/views.h"
#include "service/usecases/meetings/duplication.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::CycleRole;
using domain::FieldErrors;
using domain::WallTime;
using usecases::CycleForm;
using usecases::MeetingForm;
using Kind = FieldKind;

struct RoleField {
  const char* name;
  CycleRole role;
};
constexpr std::array<RoleField, 6> kRoles = {{{"owners", CycleRole::challenge_owner},
                                              {"pilots", CycleRole::pilot},
                                              {"hosts", CycleRole::host},
                                              {"partners", CycleRole::partner},
                                              {"funders", CycleRole::funder},
                                              {"participants", CycleRole::participant}}};

std::vector<std::pair<std::string, std::string>> mode_options(const Page& page) {
  return {{"onsite", page.text("planner.mode_onsite")},
          {"online", page.text("planner.mode_online")},
          {"hybrid", page.text("planner.mode_hybrid")}};
}

std::vector<std::pair<std::string, std::string>> weekday_options(const Page& page) {
  // 4 January 2027 is a Monday.
  const WallTime monday{std::chrono::local_days{std::chrono::year{2027} / 1 / 4}};
  std::vector<std::pair<std::string, std::string>> options;
  for (int day = 0; day < 7; ++day)
    options.emplace_back(std::to_string(day + 1),
                         web::weekday_name(page.language(), monday + std::chrono::days{day}));
  return options;
}

std::vector<std::pair<std::string, std::string>> nth_options(const Page& page) {
  std::vector<std::pair<std::string, std::string>> options;
  for (const char* nth : {"1", "2", "3", "4", "-1"})
    options.emplace_back(nth,
                         page.text(std::string("planner.nth_") + (*nth == '-' ? "last" : nth)));
  return options;
}

std::string text_of(const FieldTexts& texts, const std::string& name) {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string() : found->second;
}

void read_institutions(const FieldTexts& texts, const PanelNames& names, CycleForm& form,
                       CycleInputs& inputs) {
  form.institutions.clear();
  for (const auto& [name, role] : kRoles) {
    const auto lines = split_lines(text_of(texts, name));
    for (std::size_t index = 0; index < lines.size(); ++index) {
      form.institutions.push_back({names.institution_key(lines[index]), role});
      const bool one_input = role == CycleRole::participant;
      inputs.institutions.push_back(one_input ? name
                                              : std::string(name) + "." + std::to_string(index));
      inputs.names.push_back(lines[index]);
    }
  }
}

// "institutions[5]" → 5; absent for other fields.
std::optional<std::size_t> index_of(const std::string& field, std::string_view list) {
  if (!field.starts_with(std::string(list) + "[")) return std::nullopt;
  std::size_t index = 0;
  const char* begin = field.data() + list.size() + 1;
  const auto [end, error] = std::from_chars(begin, field.data() + field.size(), index);
  if (error != std::errc{} || end == begin) return std::nullopt;
  return index;
}

std::string session_input(const std::string& field, std::size_t index) {
  static const std::map<std::string, std::string> kCells = {{"starts_at", "date"},
                                                            {"ends_at", "ends"},
                                                            {"title", "title"},
                                                            {"places[0].name", "place"},
                                                            {"places[0].institution", "host"},
                                                            {"capacity.onsite", "onsite"},
                                                            {"capacity.online", "online"},
                                                            {"online_url", "online_url"}};
  const std::string row = "sessions." + std::to_string(index);
  const auto dot = field.find("].");
  const auto found = kCells.find(dot == std::string::npos ? "" : field.substr(dot + 2));
  return found == kCells.end() ? row : row + "." + found->second;
}

std::string mode_of(const MeetingForm& form) {
  if (form.onsite.offered && form.online.offered) return "hybrid";
  return form.online.offered ? "online" : "onsite";
}

Row session_row(const MeetingForm& form, const PanelNames& names, domain::MeetingId source) {
  const auto times = time_texts(form.starts, form.ends, form.precision);
  Row row{{"date", times.day},
          {"month", times.month},
          {"starts", times.starts},
          {"ends", times.ends},
          {"title", form.title},
          {"mode", mode_of(form)},
          {"onsite", number_text(form.onsite.capacity)},
          {"online", number_text(form.online.capacity)},
          {"online_url", form.online_url},
          {"source", source ? std::to_string(source.value) : ""}};
  if (!form.places.empty()) {
    row["place"] = form.places.front().name;
    row["host"] = names.institution_label(form.places.front().institution);
  }
  return row;
}

// The whole list of places stays where the row still says what the first of them is.
void read_place(const Row& row, const PanelNames& names, MeetingForm& form) {
  const auto& host = row.at("host");
  usecases::PlaceForm place;
  place.name = row.at("place").empty() ? host : row.at("place");
  place.institution = host.empty() ? "" : names.institution_key(host);
  const bool same = !form.places.empty() && form.places.front().name == place.name &&
                    form.places.front().institution == place.institution;
  if (same) return;
  form.places.clear();
  if (!place.name.empty()) form.places.push_back(std::move(place));
}

}  // namespace

std::vector<FieldSection> cycle_sections(const Page& page, const usecases::SignedIn& signed_in) {
  std::vector<FieldSection> sections = {{"about",
                                         {{"title", Kind::text, true},
                                          {"topic", Kind::choice, false, {}, topic_choices(page)},
                                          {"challenge", Kind::long_text},
                                          {"goal", Kind::long_text},
                                          {"summary", Kind::long_text}}},
                                        {"people",
                                         {{"owners", Kind::institutions},
                                          {"pilots", Kind::institutions},
                                          {"hosts", Kind::institutions},
                                          {"partners", Kind::institutions},
                                          {"funders", Kind::institutions},
                                          {"participants", Kind::institution_lines},
                                          {"experts", Kind::experts}}}};
  const auto more = new_experts_spec(signed_in);
  sections.back().specs.insert(sections.back().specs.end(), more.begin(), more.end());
  return sections;
}

FieldSection published_section() {
  return {"published",
          {{"effects", Kind::lines},
           {"materials", Kind::lines},
           {"participants_text", Kind::lines},
           {"published_period", Kind::text},
           {"published_meeting_count", Kind::number},
           {"source_urls", Kind::lines},
           {"practice_url", Kind::address},
           {"caveat", Kind::long_text}}};
}

FieldSection rule_section(const Page& page) {
  return {"rule",
          {{"count", Kind::number},
           {"first", Kind::date},
           {"rhythm",
            Kind::choice,
            false,
            {},
            {{"weekday", page.text("planner.rhythm_weekday")},
             {"weeks", page.text("planner.rhythm_weeks")},
             {"month_day", page.text("planner.rhythm_month_day")}}},
           {"every", Kind::number},
           {"nth", Kind::choice, false, {}, nth_options(page)},
           {"weekday", Kind::choice, false, {}, weekday_options(page)},
           {"month_day", Kind::number},
           {"rule_starts", Kind::time},
           {"rule_ends", Kind::time},
           {"rule_mode", Kind::choice, false, {}, mode_options(page)},
           {"rule_onsite", Kind::number},
           {"rule_online", Kind::number},
           {"avoid_holidays", Kind::check}}};
}

FieldSpec sessions_spec(const Page& page) {
  return {"sessions",
          Kind::rows,
          false,
          {{"date", Kind::date},
           {"month", Kind::month},
           {"starts", Kind::time},
           {"ends", Kind::time},
           {"title", Kind::text},
           {"place", Kind::text},
           {"host", Kind::institution},
           {"mode", Kind::choice, false, {}, mode_options(page)},
           {"onsite", Kind::number},
           {"online", Kind::number},
           {"online_url", Kind::address},
           {"source", Kind::hidden}}};
}

FieldTexts cycle_texts(const CycleForm& form, const PanelNames& names) {
  FieldTexts texts{{"title", form.title},
                   {"topic", form.topic},
                   {"summary", form.summary},
                   {"challenge", form.challenge},
                   {"goal", form.goal},
                   {"effects", join_lines(form.effects)},
                   {"materials", join_lines(form.materials)},
                   {"participants_text", join_lines(form.participants_text)},
                   {"published_period", form.published_period},
                   {"published_meeting_count", number_text(form.published_meeting_count)},
                   {"source_urls", join_lines(form.source_urls)},
                   {"practice_url", form.practice_url},
                   {"caveat", form.caveat}};
  for (const auto& [name, role] : kRoles) {
    std::vector<std::string> labels;
    for (const auto& entry : form.institutions)
      if (entry.role == role) labels.push_back(names.institution_label(entry.institution));
    texts[name] = join_lines(labels);
  }
  std::vector<std::string> experts;
  for (const auto& expert : form.experts) experts.push_back(names.expert_label(expert));
  texts["experts"] = join_lines(experts);
  return texts;
}

FieldTexts first_rule_texts() {
  return {{"count", "6"},         {"rhythm", "weekday"},   {"every", "1"},
          {"nth", "3"},           {"weekday", "2"},        {"rule_starts", "10:00"},
          {"rule_ends", "14:00"}, {"rule_mode", "onsite"}, {"avoid_holidays", "yes"}};
}

CycleForm read_cycle(const FieldTexts& texts, const PanelNames& names, CycleForm base,
                     CycleInputs& inputs, FieldErrors& errors) {
  CycleForm form = std::move(base);
  const auto copy = [&](const char* name, std::string& into) {
    if (texts.contains(name)) into = texts.at(name);
  };
  const auto copy_lines = [&](const char* name, std::vector<std::string>& into) {
    if (texts.contains(name)) into = split_lines(texts.at(name));
  };
  copy("title", form.title);
  copy("topic", form.topic);
  copy("summary", form.summary);
  copy("challenge", form.challenge);
  copy("goal", form.goal);
  copy_lines("effects", form.effects);
  copy_lines("materials", form.materials);
  copy_lines("participants_text", form.participants_text);
  copy("published_period", form.published_period);
  copy_lines("source_urls", form.source_urls);
  copy("practice_url", form.practice_url);
  copy("caveat", form.caveat);
  if (texts.contains("published_meeting_count"))
    form.published_meeting_count =
        read_number(texts.at("published_meeting_count"), "published_meeting_count", errors);
  read_institutions(texts, names, form, inputs);
  form.experts = split_lines(text_of(texts, "experts"));
  for (auto& expert : form.experts) expert = names.expert_key(expert);
  return form;
}

FieldErrors cycle_input_errors(FieldErrors errors, const CycleInputs& inputs) {
  for (auto& error : errors) {
    if (const auto index = index_of(error.field, "meetings")) {
      error.field = session_input(error.field, *index);
    } else if (const auto entry = index_of(error.field, "institutions");
               entry && *entry < inputs.institutions.size()) {
      error.field = inputs.institutions[*entry];
      if (error.code == "unknown_institution")
        error = {error.field, "unknown_institution_named", {{"name", inputs.names[*entry]}}};
    } else if (index_of(error.field, "experts")) {
      error.field = input_of(error.field);
    } else {
      error.field = error.field.substr(0, error.field.find('['));
    }
  }
  return errors;
}

domain::Plan read_plan(const FieldTexts& texts, FieldErrors& errors) {
  domain::Plan plan;
  const auto rhythm = text_of(texts, "rhythm");
  const auto number = [&](const char* name) {
    if (text_of(texts, name).empty()) errors.push_back({name, "required"});
    return read_number(text_of(texts, name), name, errors).value_or(0);
  };
  const auto first = read_day(text_of(texts, "first"), "first", errors);
  if (text_of(texts, "first").empty()) errors.push_back({"first", "required"});
  if (first) plan.first = domain::Date{std::chrono::floor<std::chrono::days>(*first)};
  plan.count = number("count");
  plan.every_months = rhythm == "weeks" ? 0 : number("every");
  plan.every_weeks = rhythm == "weeks" ? number("every") : 0;
  if (rhythm != "weeks" && plan.every_months == 0 && errors.empty())
    errors.push_back({"every", "out_of_range", {{"min", "1"}, {"max", "12"}}});
  if (rhythm == "month_day") plan.month_day = number("month_day");
  if (rhythm == "weekday") plan.nth = number("nth");
  if (rhythm != "month_day")
    plan.weekday = std::chrono::weekday{static_cast<unsigned>(std::clamp(number("weekday"), 0, 7))};
  const auto starts = read_clock(text_of(texts, "rule_starts"), "rule_starts", errors);
  const auto ends = read_clock(text_of(texts, "rule_ends"), "rule_ends", errors);
  if (text_of(texts, "rule_starts").empty()) errors.push_back({"rule_starts", "required"});
  if (text_of(texts, "rule_ends").empty()) errors.push_back({"rule_ends", "required"});
  if (starts && ends && *ends <= *starts) errors.push_back({"rule_ends", "ends_before_start"});
  plan.starts_minute = starts.value_or(0);
  plan.duration_minutes = ends.value_or(60) - starts.value_or(0);
  plan.avoid_holidays = !text_of(texts, "avoid_holidays").empty();
  return plan;
}

FieldErrors plan_input_errors(FieldErrors errors) {
  for (auto& error : errors) {
    if (error.field == "every_months" || error.field == "every_weeks") error.field = "every";
    if (error.field == "starts_minute") error.field = "rule_starts";
    if (error.field == "duration_minutes") error.field = "rule_ends";
  }
  return errors;
}

Row session_to_fill(const FieldTexts& texts, std::size_t index) {
  const auto hosts = split_lines(text_of(texts, "hosts"));
  Row row;
  row["mode"] = text_of(texts, "rule_mode");
  row["onsite"] = text_of(texts, "rule_onsite");
  row["online"] = text_of(texts, "rule_online");
  if (!hosts.empty()) row["place"] = row["host"] = hosts[index % hosts.size()];
  return row;
}

std::string planned_rows(const FieldSpec& spec, const std::vector<domain::PlannedSession>& sessions,
                         const FieldTexts& texts) {
  std::vector<Row> rows;
  for (const auto& session : sessions) {
    const auto times = time_texts(session.starts, session.ends, domain::TimePrecision::minute);
    Row row = session_to_fill(texts, rows.size());
    row["date"] = times.day;
    row["starts"] = times.starts;
    row["ends"] = times.ends;
    rows.push_back(std::move(row));
  }
  return join_rows(spec, rows);
}

std::string session_rows(const FieldSpec& spec, const std::vector<MeetingForm>& meetings,
                         const std::vector<domain::MeetingId>& sources, const PanelNames& names) {
  std::vector<Row> rows;
  for (std::size_t index = 0; index < meetings.size(); ++index)
    rows.push_back(session_row(meetings[index], names,
                               index < sources.size() ? sources[index] : domain::MeetingId{}));
  return join_rows(spec, rows);
}

MeetingForm read_session(const Row& row, MeetingForm base, const PanelNames& names,
                         const std::string& input, FieldErrors& errors) {
  const auto times = read_times(
      {row.at("date"), row.at("starts"), row.at("ends"), "", row.at("month")},
      {input + ".date", input + ".starts", input + ".ends", input + ".date", input + ".month"},
      errors);
  MeetingForm form = std::move(base);
  std::chrono::days more{0};  // of a copied meeting that takes several
  if (form.starts != WallTime{} && times.starts != WallTime{}) {
    more = std::chrono::days{days_of(form) - 1};
    form = usecases::hold_again(std::move(form),
                                domain::Date{std::chrono::floor<std::chrono::days>(times.starts)});
  }
  form.starts = times.starts;
  form.ends = times.ends + more;
  form.precision = times.precision;
  form.title = row.at("title");
  const auto& mode = row.at("mode");
  const auto onsite = read_number(row.at("onsite"), input + ".onsite", errors);
  const auto online = read_number(row.at("online"), input + ".online", errors);
  form.onsite.offered = mode != "online";
  form.online.offered = mode == "online" || mode == "hybrid";
  form.onsite.capacity = form.onsite.offered ? onsite : std::nullopt;
  form.online.capacity = form.online.offered ? online : std::nullopt;
  form.online_url = row.at("online_url");
  read_place(row, names, form);
  return form;
}

std::vector<usecases::SessionDraft> session_drafts(const FieldSpec& spec, const std::string& rows) {
  std::vector<usecases::SessionDraft> drafts;
  FieldErrors ignored;
  for (const Row& row : split_rows(spec, rows)) {
    const auto times =
        read_times({row.at("date"), row.at("starts"), row.at("ends"), "", row.at("month")},
                   {"", "", "", "", ""}, ignored);
    // Of a month alone there is no day to warn about.
    if (times.precision == domain::TimePrecision::month)
      drafts.emplace_back();
    else
      drafts.push_back({times.starts, times.ends});
  }
  return drafts;
}

}  // namespace narada::http::pages
