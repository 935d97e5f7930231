// /moje/prywatnosc: what the signed-in person has accepted, a copy of their data, and their
// erasure.

#include "calendar/zone.h"
#include "service/http/pages/account/privacy_views.h"
#include "service/http/pages/account/session.h"
#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/accepted_clauses.h"
#include "service/usecases/people/person_erasure.h"
#include "service/usecases/people/person_export.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using usecases::SignedIn;

constexpr const char* kPath = "/moje/prywatnosc";

web::View acceptance_views(const Page& page, domain::PersonId person) {
  web::View views = web::View::array();
  for (const auto& accepted : usecases::list_accepted_clauses(page.environment(), person)) {
    const auto wall = calendar::to_wall_time(accepted.accepted_at, domain::kDefaultZone);
    views.push_back(
        {{"version",
          page.text("my_privacy.version", {{"version", std::int64_t{accepted.version}}})},
         {"url", page.link("/prywatnosc/" + std::to_string(accepted.version))},
         {"what", accepted.title.empty() ? page.text("my_privacy.for_account") : accepted.title},
         {"is_title", !accepted.title.empty()},
         {"when", web::day_date(page.language(), wall) + ", " + web::clock_time(wall)}});
  }
  return views;
}

Response show(Page& page, const SignedIn& signed_in, const std::string& typed,
              const domain::FieldErrors& errors) {
  page.title(page.text("my_privacy.title"));
  page.crumb(page.text("my.title"), "/moje");
  auto& view = page.view();
  view["acceptances"] = acceptance_views(page, signed_in.person.id);
  view["export_action"] = page.link(std::string(kPath) + "/eksport");
  view["export_operation"] = usecases::make_token();
  view["email"] = typed;
  view["action"] = page.link(std::string(kPath) + "/usun");
  show_erasure_plan(page, value_or_throw(usecases::plan_erasure(page.environment(), signed_in.actor,
                                                                signed_in.person.id)));
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/my_privacy");
}

Response send_copy(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show(page, signed_in, {}, fields.errors);
  return export_response(value_or_throw(usecases::export_person(
      page.environment(), person_call(page, fields, signed_in), signed_in.person.id)));
}

Response erase(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto typed = fields.value("email");
  if (!fields.errors.empty()) return show(page, signed_in, typed, fields.errors);
  const auto erased = usecases::erase_person(
      page.environment(), person_call(page, fields, signed_in), signed_in.person.id, typed);
  if (!erased)
    return show(page, signed_in, typed, errors_of(erased.failure(), "change_sent_before"));
  auto response = redirect(303, page.link("/prywatnosc/usunieto"));
  clear_session_cookie(page.request(), response);
  return response;
}

}  // namespace

void add_my_privacy_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(router, parts, Method::get, kPath, [](Page& page, const SignedIn& signed_in) {
    return show(page, signed_in, {}, {});
  });
  add_private_page(router, parts, Method::post, std::string(kPath) + "/eksport", send_copy, form);
  add_private_page(router, parts, Method::post, std::string(kPath) + "/usun", erase, form);
}

}  // namespace narada::http::pages
