// /panel/ustawienia/materialy: how accessible documents must be, and how much room there is.

#include "service/http/pages/panel/material_settings.h"

#include <array>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/mails/mail_templates.h"
#include "service/usecases/materials/materials.h"
#include "service/usecases/materials/scrub.h"

namespace narada::http::pages {
namespace {

using domain::AccessibilityRule;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/ustawienia/materialy";
constexpr std::array kRules = {AccessibilityRule::none, AccessibilityRule::advice,
                               AccessibilityRule::required};

// How the last comparison of the files with the database ended, and what is wrong now.
std::string comparison_text(const Page& page, const usecases::MaterialGauges& gauges) {
  if (!gauges.last_scrub) return page.text("panel_materials.store_never");
  const auto files = std::to_string(gauges.last_scrub->files);
  const auto when = moment_text(page, gauges.last_scrub->finished_at);
  if (gauges.missing == 0)
    return page.text("panel_materials.store_right", {{"when", when}, {"files", files}});
  return page.text("panel_materials.store_wrong",
                   {{"when", when}, {"files", files}, {"missing", std::to_string(gauges.missing)}});
}

web::View limit_views(const Page& page) {
  const auto& limits = page.environment().materials;
  const auto size = [&](std::uint64_t octets) {
    return size_text(page, static_cast<std::int64_t>(octets));
  };
  web::View rows = web::View::array();
  const auto add = [&](const char* key, const std::string& text) {
    rows.push_back({{"label", page.text(key)}, {"text", text}});
  };
  const auto used = usecases::load_material_octets(page.environment());
  add("panel_materials.usage_installation",
      page.text("panel_materials.usage_text",
                {{"used", size_text(page, used)}, {"limit", size(limits.installation)}}));
  add("panel_materials.limit_meeting", size(limits.meeting));
  add("panel_materials.limit_person", size(limits.expert));
  add("panel_materials.limit_file", size(limits.file));
  add("panel_materials.limit_form", size(limits.form));
  add("panel_materials.limit_spare", size(limits.spare));
  const auto gauges = usecases::measure_materials(page.environment());
  if (gauges.free_space) add("panel_materials.store_free", size(*gauges.free_space));
  add("panel_materials.store_compared", comparison_text(page, gauges));
  return rows;
}

// The settings are one room, for the same people.
usecases::AccessibilityRules load_rules(const Page& page, const SignedIn& signed_in) {
  if (!usecases::may_edit_mail_templates(signed_in.actor)) throw Error(404);
  return take(load_accessibility_rules(page.environment(), signed_in.actor, std::nullopt));
}

Response show(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors = {}) {
  const auto rules = load_rules(page, signed_in);
  const auto title = page.text("panel_materials.settings_title");
  page.title(title);
  if (!errors.empty()) show_errors(page, errors);
  open_panel(page, signed_in, PanelRoom::settings,
             errors.empty() ? title : page.text("form.error_title", {{"title", title}}));
  page.crumb(page.text("settings.title"), "/panel/ustawienia");
  auto& view = page.view();
  view["heading"] = title;
  view["rules"] = rule_options(page, to_string(rules.installation));
  view["limits"] = limit_views(page);
  view["action"] = page.link(kPath);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_material_settings"));
}

Response save(Page& page, const SignedIn& signed_in) {
  (void)load_rules(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const auto rule = domain::find_accessibility_rule(fields.value("rule"));
  if (!rule) errors.push_back({"rule", "required"});
  if (errors.empty()) {
    const auto saved = save_accessibility_rule(
        page.environment(), person_call(page, fields, signed_in), std::nullopt, rule);
    if (saved) return redirect_done(page, kPath, "material_rule_saved");
    if (std::holds_alternative<domain::Forbidden>(saved.failure())) throw Error(404);
    errors = errors_of(saved.failure(), "change_sent_before");
  }
  return show(page, signed_in, errors);
}

}  // namespace

web::View rule_options(const Page& page, std::string_view selected) {
  web::View options = web::View::array();
  for (const auto rule : kRules) {
    const auto name = std::string(to_string(rule));
    options.push_back({{"value", name},
                       {"label", page.text("panel_materials.rule_" + name)},
                       {"hint", page.text("panel_materials.rule_hint_" + name)},
                       {"checked", name == selected}});
  }
  return options;
}

void add_panel_material_settings_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  add_private_page(router, parts, Method::get, kPath,
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, kPath, save, form);
}

}  // namespace narada::http::pages
