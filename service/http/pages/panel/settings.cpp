// /panel/ustawienia: what holds for the whole installation, for those who run it.

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/material_settings.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/mails/mail_templates.h"

namespace narada::http::pages {
namespace {

using usecases::SignedIn;

Response show(Page& page, const SignedIn& signed_in) {
  const auto templates = take(usecases::list_mail_templates(page.environment(), signed_in.actor));
  open_panel(page, signed_in, PanelRoom::settings, page.text("settings.title"));
  std::int64_t own = 0;
  for (const auto& row : templates) {
    for (const auto& [language, state] : row.states) own += state.is_own ? 1 : 0;
  }
  page.view()["cards"] = {{{"url", page.link("/panel/ustawienia/wiadomosci")},
                           {"label", page.text("templates.title")},
                           {"text", page.text("settings.templates_count", {{"count", own}})}},
                          {{"url", page.link("/panel/ustawienia/materialy")},
                           {"label", page.text("panel_materials.settings_title")},
                           {"text", page.text("panel_materials.settings_card")}}};
  return page.render(200, "pages/panel_settings");
}

}  // namespace

void add_panel_settings_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, "/panel/ustawienia", show);
  add_panel_mail_template_pages(router, parts);
  add_panel_material_settings_pages(router, parts);
}

}  // namespace narada::http::pages
