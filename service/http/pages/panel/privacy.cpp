// /panel/prywatnosc: what is out of time and its removal; and the copy and the erasure of
// somebody's data at their request.

#include <unistd.h>

#include "service/http/pages/account/privacy_views.h"
#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/people/clean_up.h"
#include "service/usecases/people/person_erasure.h"
#include "service/usecases/people/person_export.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/prywatnosc";

std::string person_path(domain::PersonId person) {
  return "/panel/osoby/" + std::to_string(person.value);
}

web::View line_views(const Page& page, const std::vector<usecases::RetentionLine>& lines) {
  web::View views = web::View::array();
  for (const auto& line : lines)
    views.push_back({{"field", retained_text(page, line.field)},
                     {"kept", period_text(page, line.kept)},
                     {"cutoff", moment_text(page, line.cutoff)},
                     {"count", std::to_string(line.count)},
                     {"oldest", line.oldest ? moment_text(page, *line.oldest) : "–"}});
  return views;
}

void show_report(Page& page, const std::optional<usecases::CleanUpReport>& report) {
  if (!report) return;
  web::View removed = web::View::array();
  for (const auto field : domain::kRetainedFields)
    removed.push_back(
        {{"field", retained_text(page, field)},
         {"count", std::to_string(report->removed[static_cast<std::size_t>(field)])}});
  page.view()["report"] = {{"when", moment_text(page, report->finished_at)}, {"removed", removed}};
}

Response show(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors) {
  require(signed_in, Action::manage_privacy);
  open_panel(page, signed_in, PanelRoom::privacy, page.text("panel_privacy.title"));
  auto& view = page.view();
  view["lines"] = line_views(
      page, value_or_throw(usecases::preview_clean_up(page.environment(), signed_in.actor)));
  show_report(page,
              value_or_throw(usecases::find_clean_up_report(page.environment(), signed_in.actor)));
  view["action"] = page.link(kPath);
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_privacy");
}

Response clean_up_now(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_privacy);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show(page, signed_in, fields.errors);
  // A name of its own for each: the lease is one request's, not this process's.
  const auto worker = "panel-" + std::to_string(::getpid()) + "-" + page.request().request_id;
  const auto cleaned = usecases::clean_up(page.environment(), person_call(page, fields, signed_in),
                                          worker.substr(0, 80));
  if (!cleaned) return show(page, signed_in, errors_of(cleaned.failure(), "change_sent_before"));
  return redirect_done(page, kPath, "cleaned_up");
}

usecases::ErasurePlan load_plan(const Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_privacy);
  return value_or_throw(usecases::plan_erasure(page.environment(), signed_in.actor,
                                               domain::PersonId{id_of(page.request())}));
}

void open_person(Page& page, const SignedIn& signed_in, const usecases::ErasurePlan& plan,
                 const std::string& title) {
  open_panel(page, signed_in, PanelRoom::people, title);
  page.crumb(page.text("panel.people"), "/panel/osoby");
  page.crumb(plan.full_name, person_path(plan.person));
  page.view()["name"] = plan.full_name;
  page.view()["back_url"] = page.link(person_path(plan.person));
}

Response show_erasure(Page& page, const SignedIn& signed_in, const std::string& typed,
                      const domain::FieldErrors& errors) {
  const auto plan = load_plan(page, signed_in);
  open_person(page, signed_in, plan, page.text("panel_privacy.erase_title"));
  show_erasure_plan(page, plan);
  auto& view = page.view();
  view["email"] = typed;
  view["action"] = page.link(person_path(plan.person) + "/usun");
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_erase");
}

Response erase(Page& page, const SignedIn& signed_in) {
  const auto plan = load_plan(page, signed_in);
  const auto fields = read_own_form(page);
  const auto typed = fields.value("email");
  if (!fields.errors.empty()) return show_erasure(page, signed_in, typed, fields.errors);
  const auto erased = usecases::erase_person(
      page.environment(), person_call(page, fields, signed_in), plan.person, typed);
  if (!erased)
    return show_erasure(page, signed_in, typed, errors_of(erased.failure(), "change_sent_before"));
  return redirect_done(page, "/panel/osoby", "person_erased");
}

Response show_export(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors) {
  const auto plan = load_plan(page, signed_in);
  open_person(page, signed_in, plan, page.text("panel_privacy.export_title"));
  page.view()["action"] = page.link(person_path(plan.person) + "/eksport");
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_export");
}

Response send_copy(Page& page, const SignedIn& signed_in) {
  const auto plan = load_plan(page, signed_in);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_export(page, signed_in, fields.errors);
  return export_response(value_or_throw(usecases::export_person(
      page.environment(), person_call(page, fields, signed_in), plan.person)));
}

}  // namespace

void add_panel_privacy_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  const std::string person = "/panel/osoby/{id}";
  add_private_page(router, parts, Method::get, kPath,
                   [](Page& page, const SignedIn& who) { return show(page, who, {}); });
  add_private_page(router, parts, Method::post, kPath, clean_up_now, form);
  add_private_page(router, parts, Method::get, person + "/usun",
                   [](Page& page, const SignedIn& who) { return show_erasure(page, who, {}, {}); });
  add_private_page(router, parts, Method::post, person + "/usun", erase, form);
  add_private_page(router, parts, Method::get, person + "/eksport",
                   [](Page& page, const SignedIn& who) { return show_export(page, who, {}); });
  add_private_page(router, parts, Method::post, person + "/eksport", send_copy, form);
}

}  // namespace narada::http::pages
