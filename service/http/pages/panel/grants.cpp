#include "service/http/pages/panel/grants.h"

#include <array>

#include "service/http/pages/registration_form.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Role;

constexpr int kMostChoices = 200;
constexpr std::array<Role, 5> kRoles{Role::organizer, Role::expert, Role::coordinator, Role::admin,
                                     Role::official};

std::optional<std::int64_t> find_id(const std::string& text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoll(text);
}

// An active institution by its label, as the field offers it.
std::optional<domain::InstitutionId> find_institution_id(const Page& page,
                                                         const std::string& typed) {
  const auto key = institution_key(page, typed);
  std::optional<domain::InstitutionId> found;
  for (const auto& institution : usecases::all_institutions(page.environment())) {
    const bool named = institution.teryt == key || std::to_string(institution.id.value) == key ||
                       institution.name == key;
    if (!named) continue;
    if (found) return std::nullopt;
    found = institution.id;
  }
  return found;
}

std::optional<domain::RoleScope> read_scope(const Page& page, const FormFields& fields,
                                            domain::FieldErrors& errors) {
  const auto kind = fields.value("scope_kind");
  if (kind == "everywhere") return domain::RoleScope{};
  if (kind == "institution") {
    if (fields.value("institution").empty()) {
      errors.push_back({"institution", "required"});
      return std::nullopt;
    }
    const auto id = find_institution_id(page, fields.value("institution"));
    if (id) return domain::RoleScope{*id};
    errors.push_back({"institution", "unknown_institution"});
    return std::nullopt;
  }
  if (kind != "cycle" && kind != "meeting") {
    errors.push_back({"scope_kind", "required"});
    return std::nullopt;
  }
  const auto id = find_id(fields.value(scope_field(kind)));
  if (!id) {
    errors.push_back({scope_field(kind), "required"});
    return std::nullopt;
  }
  if (kind == "cycle") return domain::RoleScope{domain::CycleId{*id}};
  return domain::RoleScope{domain::MeetingId{*id}};
}

using Choices = std::vector<std::pair<std::string, std::string>>;

// Those who give roles see everything.
usecases::Actor everybody_sees() {
  usecases::Actor actor;
  actor.kind = usecases::Actor::Kind::system;
  return actor;
}

Choices cycle_choices(const Page& page) {
  Choices choices{{"", page.text("panel.choose")}};
  const auto cycles = list_cycles(page.environment(), everybody_sees(), {}, {kMostChoices, {}});
  for (const auto& cycle : cycles.items)
    choices.emplace_back(std::to_string(cycle.id.value), cycle.title);
  return choices;
}

Choices meeting_choices(const Page& page) {
  Choices choices{{"", page.text("panel.choose")}};
  usecases::MeetingFilter newest;
  newest.newest_first = true;
  const auto meetings =
      list_meetings(page.environment(), everybody_sees(), newest, {kMostChoices, {}});
  for (const auto& meeting : meetings.items)
    choices.emplace_back(std::to_string(meeting.id.value),
                         web::day_date(page.language(), meeting.times) + ": " + meeting.title);
  return choices;
}

}  // namespace

std::string scope_field(const std::string& kind) {
  if (kind == "everywhere") return "scope_kind";
  return kind == "meeting" ? "scope_meeting" : kind;
}

std::optional<usecases::RoleGrant> read_grant(const Page& page, const FormFields& fields,
                                              domain::FieldErrors& errors) {
  const auto role = domain::find_role(fields.value("role"));
  if (!role) errors.push_back({"role", "required"});
  const auto scope = read_scope(page, fields, errors);
  if (!role || !scope) return std::nullopt;
  if (!domain::is_allowed_scope(*role, *scope)) {
    errors.push_back({"scope_kind", "wrong_scope"});
    return std::nullopt;
  }
  return usecases::RoleGrant{*role, *scope};
}

void fill_grant_fields(Page& page, const FormFields& typed) {
  auto& view = page.view();
  Choices roles{{"", page.text("panel.choose")}};
  for (const auto role : kRoles)
    roles.emplace_back(std::string(to_string(role)), word(page, "panel_role", to_string(role)));
  view["roles_to_give"] = options_view(roles, typed.value("role"));
  Choices kinds;
  for (const auto* kind : {"everywhere", "institution", "cycle", "meeting"})
    kinds.emplace_back(kind, word(page, "panel_scope", kind));
  view["scope_kinds"] = options_view(kinds, typed.value("scope_kind"));
  view["scope_institution"] = typed.value("institution");
  view["scope_cycles"] = options_view(cycle_choices(page), typed.value("cycle"));
  view["scope_meetings"] = options_view(meeting_choices(page), typed.value("scope_meeting"));
  add_institution_choices(page);
}

std::string scope_text(const Page& page, const usecases::RoleGrant& grant,
                       const std::string& name) {
  struct KindOf {
    std::string_view operator()(std::monostate) const { return "everywhere"; }
    std::string_view operator()(domain::InstitutionId) const { return "institution"; }
    std::string_view operator()(domain::CycleId) const { return "cycle"; }
    std::string_view operator()(domain::MeetingId) const { return "meeting"; }
  };
  const auto kind = std::visit(KindOf{}, grant.scope);
  const auto what = word(page, "panel_scope", kind);
  return name.empty() ? what : what + ": " + name;
}

}  // namespace narada::http::pages
