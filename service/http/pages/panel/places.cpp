// /panel/spotkania/{id}/miejsca: who gets the places of a meeting, and how they stand.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "calendar/text.h"
#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/fields.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/names.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/typed.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/registrations/place_rules.h"

namespace narada::http::pages {
namespace {

using domain::AttendanceMode;
using usecases::ModeStanding;
using usecases::PlaceOverview;
using usecases::PlaceRulesForm;
using usecases::SignedIn;

// Beyond that the table of institutions is opened by who wants it.
constexpr std::size_t kMostShownAtOnce = 12;
constexpr std::uint64_t kFormLimit = 512 << 10;
constexpr std::size_t kEmptyHolds = 3;
constexpr std::size_t kMostHoldRows = 210;
constexpr int kMinutesOfHour = 60;

std::string path_of(domain::MeetingId meeting) {
  return fmt::format("/panel/spotkania/{}/miejsca", meeting.value);
}

std::string row_field(const char* field, std::size_t row) {
  return fmt::format("hold_{}_{}", field, row);
}

std::string wall_text(const std::optional<domain::Instant>& instant, const std::string& tzid) {
  if (!instant) return {};
  const auto wall = calendar::to_wall_time(*instant, tzid);
  return fmt::format("{:%FT%H:%M}", fmt::gmtime(std::chrono::sys_seconds(wall.time_since_epoch())));
}

template <class T>
std::string text_of(const std::optional<T>& number) {
  return number ? std::to_string(*number) : std::string();
}

std::string mode_text(const Page& page, AttendanceMode mode) {
  return page.text("places.mode_" + std::string(to_string(mode)));
}

// The texts of the form, by the names of its inputs: as stored, or as typed.
using Texts = std::map<std::string, std::string>;

Texts stored_texts(const PlaceOverview& found, const PanelNames& names) {
  const auto& policy = found.rules.policy;
  const std::string& tzid = found.meeting.times.tzid;
  const auto label = [&](domain::InstitutionId id) {
    for (const auto& institution : found.known)
      if (institution.id == id) return names.label(institution);
    return std::to_string(id.value);
  };
  Texts texts{{"guaranteed_places", std::to_string(policy.guaranteed_places)},
              {"guaranteed_until", wall_text(policy.guaranteed_until, tzid)},
              {"institution_cap", text_of(policy.institution_cap)},
              {"smallest_population", text_of(policy.smallest_population)},
              {"largest_population", text_of(policy.largest_population)},
              {"order", std::string(to_string(policy.order))},
              {"offer_hours", fmt::format("{:g}", policy.offer_minutes / 60.0)},
              {"version", std::to_string(policy.version)}};
  for (const auto kind : policy.kinds) texts["kind_" + std::string(to_string(kind))] = "yes";
  for (const auto id : found.rules.guaranteed) texts["guaranteed"] += label(id) + "\n";
  for (std::size_t row = 0; row < found.rules.holds.size(); ++row) {
    const auto& hold = found.rules.holds[row];
    texts[row_field("institution", row)] = label(hold.institution);
    texts[row_field("mode", row)] = to_string(hold.mode);
    texts[row_field("places", row)] = std::to_string(hold.places);
    texts[row_field("until", row)] = wall_text(hold.until, tzid);
  }
  return texts;
}

std::string at(const Texts& texts, const std::string& name) {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string() : found->second;
}

std::size_t hold_rows(const Texts& texts) {
  std::size_t rows = 0;
  for (std::size_t row = 0; row < kMostHoldRows; ++row)
    if (!at(texts, row_field("institution", row)).empty()) rows = row + 1;
  return rows;
}

const std::vector<domain::InstitutionKind>& all_kinds() {
  static const std::vector<domain::InstitutionKind> kinds = [] {
    std::vector<domain::InstitutionKind> all;
    for (int index = 0; index <= static_cast<int>(domain::InstitutionKind::other); ++index)
      all.push_back(static_cast<domain::InstitutionKind>(index));
    return all;
  }();
  return kinds;
}

Texts typed_texts(const FormFields& fields) {
  Texts texts;
  for (const char* name :
       {"guaranteed_places", "guaranteed_until", "guaranteed", "guaranteed_association",
        "guaranteed_cycle", "institution_cap", "smallest_population", "largest_population", "order",
        "offer_hours", "version"})
    texts[name] = fields.value(name);
  for (const auto kind : all_kinds()) {
    const auto name = "kind_" + std::string(to_string(kind));
    texts[name] = fields.value(name);
  }
  for (std::size_t row = 0; row < kMostHoldRows; ++row)
    for (const char* field : {"institution", "mode", "places", "until"})
      if (fields.has(row_field(field, row)))
        texts[row_field(field, row)] = fields.value(row_field(field, row));
  return texts;
}

std::optional<domain::WallTime> read_wall(const Texts& texts, const std::string& name,
                                          domain::FieldErrors& errors) {
  const auto typed = at(texts, name);
  if (typed.empty()) return std::nullopt;
  const auto wall = calendar::parse_wall_time(typed);
  if (!wall) errors.push_back({name, "invalid_moment"});
  return wall;
}

std::optional<int> read_count(const Texts& texts, const std::string& name,
                              domain::FieldErrors& errors) {
  return read_number(at(texts, name), name, errors);
}

// Which input row each hold came from: empty rows are left out.
PlaceRulesForm read_form(const Texts& texts, const PanelNames& names,
                         std::vector<std::size_t>& rows, domain::FieldErrors& errors) {
  PlaceRulesForm form;
  form.guaranteed_places = read_count(texts, "guaranteed_places", errors).value_or(0);
  form.guaranteed_until = read_wall(texts, "guaranteed_until", errors);
  for (const auto& line : split_lines(at(texts, "guaranteed")))
    form.guaranteed.push_back(names.institution_key(line));
  form.guaranteed_association = at(texts, "guaranteed_association");
  form.guaranteed_cycle = at(texts, "guaranteed_cycle") == "yes";
  form.institution_cap = read_count(texts, "institution_cap", errors);
  form.smallest_population = read_count(texts, "smallest_population", errors);
  form.largest_population = read_count(texts, "largest_population", errors);
  for (const auto kind : all_kinds())
    if (at(texts, "kind_" + std::string(to_string(kind))) == "yes") form.kinds.push_back(kind);
  form.order =
      domain::find_waiting_order(at(texts, "order")).value_or(domain::WaitingOrder::arrival);
  form.offer_minutes = read_count(texts, "offer_hours", errors).value_or(0) * kMinutesOfHour;
  form.version = read_count(texts, "version", errors).value_or(0);
  for (std::size_t row = 0; row < hold_rows(texts); ++row) {
    const auto institution = at(texts, row_field("institution", row));
    if (institution.empty()) continue;
    usecases::PlaceHoldForm hold;
    hold.institution = names.institution_key(institution);
    hold.mode = domain::find_attendance_mode(at(texts, row_field("mode", row)))
                    .value_or(AttendanceMode::onsite);
    hold.places = read_count(texts, row_field("places", row), errors).value_or(0);
    hold.until = read_wall(texts, row_field("until", row), errors);
    form.holds.push_back(hold);
    rows.push_back(row);
  }
  return form;
}

// "holds[1].until" → "hold_until_4", "offer_minutes" → "offer_hours".
void name_inputs(domain::FieldErrors& errors, const std::vector<std::size_t>& rows) {
  for (auto& error : errors) {
    if (error.field == "offer_minutes") error.field = "offer_hours";
    if (!error.field.starts_with("holds[")) continue;
    const auto end = error.field.find("].");
    if (end == std::string::npos) continue;
    const auto index = static_cast<std::size_t>(std::stoul(error.field.substr(6, end - 6)));
    error.field = row_field(error.field.substr(end + 2).c_str(), rows.at(index));
  }
}

web::View standing_view(const Page& page, const ModeStanding& standing) {
  web::View rows = web::View::array();
  for (const auto& one : standing.institutions) {
    const auto& places = one.places;
    rows.push_back({{"name", one.institution.name.empty() ? page.text("places.without_institution")
                                                          : one.institution.name},
                    {"confirmed", std::to_string(places.confirmed)},
                    {"guaranteed", std::to_string(one.own.guaranteed)},
                    {"kept", std::to_string(one.own.kept)},
                    {"open", std::to_string(places.open())},
                    {"offered", std::to_string(places.offered)},
                    {"waiting", std::to_string(one.waiting)}});
    for (const char* cell : {"confirmed", "guaranteed", "kept", "open", "offered", "waiting"}) {
      if (rows.back()[cell] == "0") rows.back()[std::string(cell) + "_none"] = true;
    }
  }
  const auto numbers = page.text(standing.capacity ? "places.capacity" : "places.no_capacity",
                                 {{"capacity", std::int64_t{standing.capacity.value_or(0)}},
                                  {"confirmed", std::int64_t{standing.confirmed}},
                                  {"held", std::int64_t{standing.held}},
                                  {"waiting", std::int64_t{standing.waiting}}});
  const auto count = static_cast<std::int64_t>(standing.institutions.size());
  return {{"heading", page.text("places.standing", {{"mode", mode_text(page, standing.mode)}})},
          {"summary", page.text("places.table_summary", {{"count", count}})},
          {"few", standing.institutions.size() <= kMostShownAtOnce},
          {"numbers", numbers},
          {"missing", standing.missing > 0
                          ? page.text("places.missing", {{"count", std::int64_t{standing.missing}}})
                          : std::string()},
          {"rows", rows}};
}

web::View hold_view(const Page& page, const PlaceOverview& found, const Texts& texts,
                    std::size_t row, const domain::FieldErrors& errors) {
  web::View modes = web::View::array();
  for (const auto& standing : found.modes)
    modes.push_back({{"value", to_string(standing.mode)},
                     {"label", mode_text(page, standing.mode)},
                     {"selected", to_string(standing.mode) == at(texts, row_field("mode", row))}});
  web::View view{
      {"row", page.text("places.hold_row", {{"number", static_cast<std::int64_t>(row + 1)}})},
      {"modes", modes},
      {"error", ""}};
  for (const char* field : {"institution", "mode", "places", "until"}) {
    const auto name = row_field(field, row);
    view[std::string(field) + "_id"] = name;
    view[field] = at(texts, name);
    for (const auto& error : errors)
      if (error.field == name) view["error"] = page.text(error);
  }
  return view;
}

void fill_choices(Page& page, const PlaceOverview& found, const Texts& texts) {
  auto& view = page.view();
  view["kinds"] = web::View::array();
  for (const auto kind : all_kinds()) {
    const auto name = "kind_" + std::string(to_string(kind));
    view["kinds"].push_back({{"kind_id", name},
                             {"label", word(page, "institution_kind", to_string(kind))},
                             {"checked", at(texts, name) == "yes"}});
  }
  view["orders"] = web::View::array();
  const auto chosen = at(texts, "order").empty() ? "arrival" : at(texts, "order");
  for (const char* order : {"arrival", "unrepresented_first"})
    view["orders"].push_back({{"value", order},
                              {"order_id", std::string("order_") + order},
                              {"label", page.text(std::string("places.order_") + order)},
                              {"checked", chosen == order}});
  view["associations"] = web::View::array();
  for (const auto& association : list_associations(page.environment()))
    view["associations"].push_back(
        {{"code", association.code},
         {"label", association.name},
         {"selected", association.code == at(texts, "guaranteed_association")}});
  view["of_cycle"] = found.meeting.cycle.has_value();
  view["cycle_checked"] = at(texts, "guaranteed_cycle") == "yes";
}

// The parts of the form, by the beginnings of the names of their inputs.
struct FormPart {
  const char* name;
  std::vector<std::string_view> inputs;
};
const std::vector<FormPart>& form_parts() {
  static const std::vector<FormPart> kParts = {
      {"guarantee", {"guaranteed"}},
      {"holds", {"hold_"}},
      {"limits", {"institution_cap", "smallest_population", "largest_population", "kind_"}},
      {"line", {"order", "offer_hours"}}};
  return kParts;
}

bool says_something(const std::string& input, const std::string& text) {
  if (input.starts_with("hold_mode") || (input == "order" && text == "arrival")) return false;
  return !text.empty() && text != "0";
}

// Open is what says something or has an error; the first one, where nothing does.
void open_parts(Page& page, const Texts& texts, const domain::FieldErrors& errors) {
  bool any = false;
  for (const auto& part : form_parts()) {
    const auto is_of = [&](const std::string& input) {
      return std::any_of(part.inputs.begin(), part.inputs.end(),
                         [&](std::string_view own) { return input.starts_with(own); });
    };
    const bool open =
        std::any_of(texts.begin(), texts.end(),
                    [&](const auto& text) {
                      return is_of(text.first) && says_something(text.first, text.second);
                    }) ||
        std::any_of(errors.begin(), errors.end(),
                    [&](const auto& error) { return is_of(error.field); });
    page.view()[std::string("open_") + part.name] = open;
    any = any || open;
  }
  if (!any) page.view()["open_guarantee"] = true;
}

void fill_form(Page& page, const PlaceOverview& found, const Texts& texts, const PanelNames& names,
               const domain::FieldErrors& errors) {
  auto& view = page.view();
  for (const char* name : {"guaranteed_places", "guaranteed_until", "guaranteed", "institution_cap",
                           "smallest_population", "largest_population", "offer_hours", "version"})
    view[std::string("typed_") + name] = at(texts, name);
  fill_choices(page, found, texts);
  open_parts(page, texts, errors);
  view["holds"] = web::View::array();
  const std::size_t rows = std::min(hold_rows(texts) + kEmptyHolds, kMostHoldRows);
  for (std::size_t row = 0; row < rows; ++row)
    view["holds"].push_back(hold_view(page, found, texts, row, errors));
  view["institution_names"] = names.institution_labels();
}

struct Answer {
  Texts texts;
  domain::FieldErrors errors = {};
  std::vector<usecases::PlaceEffect> effects = {};
};

web::View effect_views(const Page& page, const std::vector<usecases::PlaceEffect>& effects) {
  web::View views = web::View::array();
  for (const auto& effect : effects) {
    const auto count = [&](const char* key, int number) {
      return number == 0 ? std::string() : page.text(key, {{"count", std::int64_t{number}}});
    };
    views.push_back(
        {{"heading", page.text("places.effect_heading", {{"mode", mode_text(page, effect.mode)}})},
         {"held", page.text("places.effect_held", {{"before", std::int64_t{effect.held_before}},
                                                   {"after", std::int64_t{effect.held_after}}})},
         {"confirmed", count("places.effect_confirmed", effect.confirmed)},
         {"offered", count("places.effect_offered", effect.offered)},
         {"missing", count("places.missing", effect.missing)}});
  }
  return views;
}

Response show(Page& page, const SignedIn& signed_in, const PlaceOverview& found,
              const PanelNames& names, const Answer& answer) {
  const auto& meeting = found.meeting;
  open_panel(page, signed_in, PanelRoom::cycles,
             page.text("places.title", {{"title", meeting.title}}));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.crumb(meeting.title, fmt::format("/panel/spotkania/{}/dane", meeting.id.value));
  add_meeting_tabs(page, meeting.id, "miejsca");
  auto& view = page.view();
  view["action"] = page.link(path_of(meeting.id));
  view["back_url"] = page.link(fmt::format("/panel/spotkania/{}/dane", meeting.id.value));
  view["no_rules"] = found.rules.policy.version == 0 && found.rules.holds.empty();
  view["standings"] = web::View::array();
  for (const auto& standing : found.modes)
    view["standings"].push_back(standing_view(page, standing));
  view["effects"] = effect_views(page, answer.effects);
  fill_form(page, found, answer.texts, names, answer.errors);
  if (!answer.errors.empty()) show_errors(page, answer.errors);
  const FormGuard guard(page);
  return guard.apply(page.render(answer.errors.empty() ? 200 : 422, "pages/panel_places"));
}

PlaceOverview load(const Page& page, const SignedIn& signed_in) {
  return take(
      load_places(page.environment(), signed_in.actor, domain::MeetingId{id_of(page.request())}));
}

Response open(Page& page, const SignedIn& signed_in) {
  const auto found = load(page, signed_in);
  const PanelNames names(page);
  return show(page, signed_in, found, names, {stored_texts(found, names)});
}

Response post(Page& page, const SignedIn& signed_in) {
  const auto found = load(page, signed_in);
  const auto fields = read_own_form(page);
  const PanelNames names(page);
  Answer answer{typed_texts(fields), fields.errors};
  std::vector<std::size_t> rows;
  const auto form = read_form(answer.texts, names, rows, answer.errors);
  if (!answer.errors.empty()) return show(page, signed_in, found, names, answer);
  const auto id = found.meeting.id;
  if (fields.value("do") == "preview") {
    auto effects = preview_places(page.environment(), signed_in.actor, id, form);
    if (effects) answer.effects = std::move(effects).value();
    if (!effects) answer.errors = errors_of(effects.failure(), "change_sent_before");
  } else {
    const auto saved =
        save_places(page.environment(), person_call(page, fields, signed_in), id, form);
    if (saved) return redirect_done(page, path_of(id), "places_saved");
    answer.texts["version"] = std::to_string(found.rules.policy.version);
    answer.errors = std::holds_alternative<domain::Stale>(saved.failure())
                        ? domain::FieldErrors{{"", "changed_meanwhile"}}
                        : errors_of(saved.failure(), "change_sent_before");
  }
  name_inputs(answer.errors, rows);
  return show(page, signed_in, found, names, answer);
}

}  // namespace

void add_panel_places_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const char* path = "/panel/spotkania/{id}/miejsca";
  add_private_page(router, parts, Method::get, path, open);
  add_private_page(router, parts, Method::post, path, post, form);
}

}  // namespace narada::http::pages
