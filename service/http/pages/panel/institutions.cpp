// /panel/instytucje: the catalogue of institutions, one of them, a new one.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions_panel.h"
#include "service/usecases/registrations/consent.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using domain::InstitutionKind;
using domain::InstitutionRecord;
using domain::InstitutionState;
using usecases::InstitutionEdit;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr const char* kInstitutions = "/panel/instytucje";
constexpr std::array<std::pair<const char*, InstitutionState>, 3> kStates{
    {{"active", InstitutionState::active},
     {"inactive", InstitutionState::inactive},
     {"merged", InstitutionState::merged}}};

// A box of its own for each association.
constexpr std::string_view kAssociationField = "association-";
std::string association_field(const std::string& code) {
  return std::string(kAssociationField) + code;
}

using Choices = std::vector<std::pair<std::string, std::string>>;

std::string path_of(domain::InstitutionId institution) {
  return std::string(kInstitutions) + "/" + std::to_string(institution.value);
}

domain::InstitutionRef ref_of(const domain::Institution& institution) {
  return {institution.id,   institution.slug, institution.teryt,
          institution.name, institution.kind, institution.position};
}

std::optional<InstitutionState> find_state(const std::string& name) {
  for (const auto& [known, state] : kStates)
    if (known == name) return state;
  return std::nullopt;
}

std::string state_text(const Page& page, InstitutionState state) {
  for (const auto& [name, known] : kStates)
    if (known == state) return word(page, "panel_state", name);
  return {};
}

Choices kind_choices(const Page& page, const std::string& first) {
  Choices choices;
  if (!first.empty()) choices.emplace_back("", first);
  for (int value = 0; value <= static_cast<int>(InstitutionKind::other); ++value) {
    const auto name = to_string(static_cast<InstitutionKind>(value));
    choices.emplace_back(std::string(name), word(page, "institution_kind", name));
  }
  return choices;
}

web::View filter_view(const Page& page, const usecases::RecordFilter& filter,
                      const std::string& kind, const std::string& state) {
  Choices associations{{"", page.text("filter.any_association")}};
  for (const auto& association : list_associations(page.environment()))
    associations.emplace_back(association.code, association.name);
  Choices states{{"", page.text("panel.any")}};
  for (const auto& [name, known] : kStates)
    states.emplace_back(name, word(page, "panel_state", name));
  return {{"q", filter.q},
          {"kinds", options_view(kind_choices(page, page.text("panel.any")), kind)},
          {"associations", options_view(associations, filter.association)},
          {"states", options_view(states, state)}};
}

std::string association_codes(const domain::Institution& institution) {
  std::string codes;
  for (const auto& membership : institution.associations)
    codes += (codes.empty() ? "" : ", ") + membership.code;
  return codes;
}

web::View record_rows(const Page& page, const std::vector<InstitutionRecord>& records) {
  web::View rows = web::View::array();
  for (const auto& record : records) {
    const auto& institution = record.institution;
    rows.push_back(
        {{"url", page.link(path_of(institution.id))},
         {"name", institution.name},
         {"kind", word(page, "institution_kind", to_string(institution.kind))},
         {"county", institution.county},
         {"teryt", institution.teryt.value_or("")},
         {"associations", association_codes(institution)},
         {"state", record.state == InstitutionState::active ? std::string()
                                                            : state_text(page, record.state)}});
  }
  return rows;
}

Response show_list(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  open_panel(page, signed_in, PanelRoom::institutions, page.text("panel.institutions"));
  const auto& request = page.request();
  const auto kind = request.query_value("rodzaj");
  const auto state = request.query_value("stan");
  usecases::RecordFilter filter;
  filter.q = request.query_value("q");
  filter.association = request.query_value("zwiazek");
  filter.kind = domain::find_institution_kind(kind);
  filter.state = find_state(state);
  const auto found = value_or_throw(list_institution_records(
      page.environment(), signed_in.actor, filter, {kPageSize, request.find_query("od")}));
  auto& view = page.view();
  view["filter"] = filter_view(page, filter, kind, state);
  view["institutions"] = record_rows(page, found.items);
  if (found.next)
    view["more_url"] = page.link(fmt::format(
        "{}?od={}&q={}&zwiazek={}&rodzaj={}&stan={}", kInstitutions, encode_component(*found.next),
        encode_component(filter.q), encode_component(filter.association), encode_component(kind),
        encode_component(state)));
  return page.render(200, "pages/panel_institutions");
}

std::string text_of(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

template <class Integer>
std::string text_of(const std::optional<Integer>& value) {
  return value ? std::to_string(*value) : std::string();
}

std::string joined_lines(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

// The fields as the database would fill them in.
FormFields fields_of(const domain::Institution& institution) {
  FormFields form;
  const auto& position = institution.position;
  form.fields = {{"name", institution.name},
                 {"kind", std::string(to_string(institution.kind))},
                 {"teryt", institution.teryt.value_or("")},
                 {"county", institution.county},
                 {"voivodeship", institution.voivodeship},
                 {"website", institution.website},
                 {"population", text_of(institution.population)},
                 {"population_year", text_of(institution.population_year)},
                 {"area_km2", text_of(institution.area_km2)},
                 {"latitude", position ? fmt::format("{}", position->latitude) : ""},
                 {"longitude", position ? fmt::format("{}", position->longitude) : ""},
                 {"aliases", joined_lines(institution.aliases)}};
  for (const auto& membership : institution.associations)
    form.fields.emplace_back(association_field(membership.code), "yes");
  return form;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : text + "\n") {
    if (c != '\n') {
      if (c != '\r') line += c;
      continue;
    }
    if (line.find_first_not_of(" \t") != std::string::npos) lines.push_back(line);
    line.clear();
  }
  return lines;
}

InstitutionEdit read_edit(const FormFields& fields, domain::FieldErrors& errors) {
  InstitutionEdit edit;
  edit.name = fields.value("name");
  const auto kind = domain::find_institution_kind(fields.value("kind"));
  if (!kind) errors.push_back({"kind", "required"});
  edit.kind = kind.value_or(InstitutionKind::other);
  if (const auto teryt = fields.value("teryt"); !teryt.empty()) edit.teryt = teryt;
  edit.county = fields.value("county");
  edit.voivodeship = fields.value("voivodeship");
  edit.website = fields.value("website");
  edit.population = read_integer(fields, "population", errors);
  edit.population_year = read_integer(fields, "population_year", errors);
  edit.area_km2 = read_number(fields, "area_km2", errors);
  const auto latitude = read_number(fields, "latitude", errors);
  const auto longitude = read_number(fields, "longitude", errors);
  if (latitude && longitude) edit.position = domain::GeoPoint{*latitude, *longitude};
  if (fields.value("latitude").empty() != fields.value("longitude").empty())
    errors.push_back({latitude ? "longitude" : "latitude", "required"});
  edit.aliases = lines_of(fields.value("aliases"));
  for (const auto& [name, value] : fields.fields)
    if (name.starts_with(kAssociationField))
      edit.associations.push_back(name.substr(kAssociationField.size()));
  return edit;
}

void fill_form(Page& page, const FormFields& typed) {
  auto& view = page.view();
  for (const auto* name : {"name", "teryt", "county", "voivodeship", "website", "population",
                           "population_year", "area_km2", "latitude", "longitude", "aliases"})
    view["typed_" + std::string(name)] = typed.value(name);
  view["kinds"] = options_view(kind_choices(page, page.text("panel.choose")), typed.value("kind"));
  web::View boxes = web::View::array();
  for (const auto& association : list_associations(page.environment())) {
    boxes.push_back({{"name", association_field(association.code)},
                     {"label", association.name + " (" + association.code + ")"},
                     {"checked", typed.has(association_field(association.code))}});
  }
  view["association_boxes"] = std::move(boxes);
}

// One error for a field that holds a list: "aliases[3]" is no field of the page.
domain::FieldErrors errors_beside(domain::FieldErrors errors) {
  for (auto& error : errors) error.field = error.field.substr(0, error.field.find('['));
  return errors;
}

Response show_new(Page& page, const SignedIn& signed_in, const FormFields& typed = {},
                  const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::edit_catalogue);
  open_panel(page, signed_in, PanelRoom::institutions, page.text("panel.new_institution"));
  page.crumb(page.text("panel.institutions"), kInstitutions);
  fill_form(page, typed);
  page.view()["action"] = page.link(std::string(kInstitutions) + "/nowa");
  page.view()["is_new"] = true;
  if (!errors.empty()) show_errors(page, errors_beside(errors));
  return page.render(errors.empty() ? 200 : 422, "pages/panel_institution");
}

Response add(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto fields = read_own_form(page);
  domain::FieldErrors errors = fields.errors;
  const auto edit = read_edit(fields, errors);
  if (!errors.empty()) return show_new(page, signed_in, fields, errors);
  const auto added =
      add_institution_record(page.environment(), person_call(page, fields, signed_in), edit);
  if (!added)
    return show_new(page, signed_in, fields, errors_of(added.failure(), "change_sent_before"));
  return redirect_done(page, path_of(*added), "institution_added");
}

InstitutionRecord load_record(const Page& page, const SignedIn& signed_in) {
  return value_or_throw(find_institution_record(page.environment(), signed_in.actor,
                                                domain::InstitutionId{id_of(page.request())}));
}

Response show_one(Page& page, const SignedIn& signed_in, const FormFields* typed = nullptr,
                  const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::edit_catalogue);
  const auto record = load_record(page, signed_in);
  const auto& institution = record.institution;
  open_panel(page, signed_in, PanelRoom::institutions, institution.name);
  page.crumb(page.text("panel.institutions"), kInstitutions);
  fill_form(page, typed ? *typed : fields_of(institution));
  const auto path = path_of(institution.id);
  auto& view = page.view();
  view["action"] = page.link(path);
  view["version"] = std::to_string(record.version);
  view["public_url"] = page.link(institution_path(ref_of(institution)));
  view["state_action"] = page.link(path + "/stan");
  view["state_operation"] = usecases::make_token();
  view["active"] = record.state == InstitutionState::active;
  view["inactive"] = record.state == InstitutionState::inactive;
  view["consent_action"] = page.link(path + "/zgoda");
  view["consent_operation"] = usecases::make_token();
  view["wants_consent"] =
      usecases::institution_wants_consent(page.environment(), std::to_string(institution.id.value));
  view["merge_url"] = page.link(path + "/polacz");
  view["merges_url"] = page.link(std::string(kInstitutions) + "/polaczenia");
  if (record.merged_into) view["merged_into_url"] = page.link(path_of(*record.merged_into));
  if (!errors.empty()) show_errors(page, errors_beside(errors));
  return page.render(errors.empty() ? 200 : 422, "pages/panel_institution");
}

std::int64_t version_of(const FormFields& fields) {
  const auto text = fields.value("version");
  std::int64_t version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

// Sent again, what was typed goes on top of what is stored now.
domain::FieldErrors reasons_of(const domain::Failure& failure) {
  if (std::holds_alternative<domain::Stale>(failure)) return {{"", "institution_changed"}};
  return errors_of(failure, "change_sent_before");
}

Response change(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto fields = read_own_form(page);
  domain::FieldErrors errors = fields.errors;
  const auto edit = read_edit(fields, errors);
  if (!errors.empty()) return show_one(page, signed_in, &fields, errors);
  const domain::InstitutionId id{id_of(page.request())};
  const auto changed = change_institution(page.environment(), person_call(page, fields, signed_in),
                                          id, version_of(fields), edit);
  if (!changed) return show_one(page, signed_in, &fields, reasons_of(changed.failure()));
  return redirect_done(page, path_of(id), "institution_saved");
}

Response set_use(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_one(page, signed_in, nullptr, fields.errors);
  const domain::InstitutionId id{id_of(page.request())};
  const bool on = fields.value("use") == "on";
  const auto set = set_institution_use(
      page.environment(), person_call(page, fields, signed_in), id, version_of(fields),
      on ? usecases::InstitutionUse::in_use : usecases::InstitutionUse::out_of_use);
  if (!set) return show_one(page, signed_in, nullptr, reasons_of(set.failure()));
  return redirect_done(page, path_of(id), on ? "institution_on" : "institution_off");
}

Response set_consent(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_one(page, signed_in, nullptr, fields.errors);
  const domain::InstitutionId id{id_of(page.request())};
  const bool wants = fields.value("consent") == "on";
  if (!wants && fields.value("consent") != "off")
    return show_one(page, signed_in, nullptr, {{"consent", "required"}});
  const auto set =
      set_wants_consent(page.environment(), person_call(page, fields, signed_in), id, wants);
  if (!set) return show_one(page, signed_in, nullptr, reasons_of(set.failure()));
  return redirect_done(page, path_of(id), wants ? "consent_on" : "consent_off");
}

}  // namespace

void add_panel_institution_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  const std::string all = kInstitutions;
  add_private_page(router, parts, Method::get, all, show_list);
  add_private_page(router, parts, Method::get, all + "/nowa",
                   [](Page& page, const SignedIn& signed_in) { return show_new(page, signed_in); });
  add_private_page(router, parts, Method::post, all + "/nowa", add, form);
  add_private_page(router, parts, Method::get, all + "/{id}",
                   [](Page& page, const SignedIn& signed_in) { return show_one(page, signed_in); });
  add_private_page(router, parts, Method::post, all + "/{id}", change, form);
  add_private_page(router, parts, Method::post, all + "/{id}/stan", set_use, form);
  add_private_page(router, parts, Method::post, all + "/{id}/zgoda", set_consent, form);
}

}  // namespace narada::http::pages
