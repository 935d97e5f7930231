// /delegacja: the meetings to which an institution may send people, for who speaks for it.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "service/domain/half_fixed.h"
#include "service/http/pages/account/delegation.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using usecases::CoordinatedMeeting;
using usecases::SignedIn;

web::View meeting_row(const Page& page, const CoordinatedMeeting& meeting, bool several) {
  return {{"url", page.link(delegation_path(meeting.meeting, meeting.institution))},
          {"title", meeting.title},
          {"cycle", meeting.cycle},
          {"institution", several ? meeting.institution.name : ""},
          {"when", web::day_date(page.language(), meeting.starts)},
          {"people", std::to_string(meeting.people)},
          {"places", std::to_string(meeting.places)},
          {"waits", meeting.open() == 0
                        ? ""
                        : page.text("delegation.open", {{"count", std::int64_t{meeting.open()}}})},
          {"reserve", std::to_string(meeting.reserve)}};
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto all = value_or_throw(usecases::load_coordination(page.environment(), signed_in.actor));
  page.title(page.text("delegation.list_title"));
  page.crumb(page.text("my.title"), "/moje");
  auto& view = page.view();
  const bool several = all.institutions.size() > 1;
  view["several"] = several;
  view["rows"] = web::View::array();
  for (const auto& meeting : all.meetings)
    view["rows"].push_back(meeting_row(page, meeting, several));
  view["offices"] = web::View::array();
  for (const auto& [institution, wants] : all.institutions) {
    view["offices"].push_back(
        {{"id", std::to_string(institution.id.value)},
         {"name", institution.name},
         {"wants", wants},
         {"action", page.link("/delegacja")},
         {"operation_of_office", usecases::make_token()},
         {"state", page.text(wants ? "delegation.consent_on" : "delegation.consent_off")},
         {"button", page.text(wants ? "delegation.consent_stop" : "delegation.consent_start")}});
  }
  view["saved"] = page.request().query_value("zapisane") == "1";
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/delegation_list"));
}

// Whether an office wants a superior's consent.
Response post(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return redirect(303, page.link("/delegacja"));
  const domain::InstitutionId institution{posted_id(fields, "institution")};
  const auto done = set_wants_consent(page.environment(), person_call(page, fields, signed_in),
                                      institution, fields.value("wants") == "yes");
  if (!done && !std::holds_alternative<domain::OperationReused>(done.failure()))
    throw Error(problem_of(done.failure()));
  return redirect(303, page.link("/delegacja") + "?zapisane=1");
}

}  // namespace

std::string delegation_path(domain::MeetingId meeting, const domain::InstitutionRef& institution) {
  return fmt::format("/delegacja/{}?instytucja={}", meeting.value, institution.slug);
}

std::string time_of(const Page& page, const domain::MeetingSummary& meeting) {
  if (is_half_fixed(meeting.times)) return web::month_year(page.language(), meeting.times.starts);
  return web::time_range(page.language(), meeting.times.starts, meeting.times.ends,
                         meeting.times.precision == domain::TimePrecision::day);
}

std::int64_t posted_id(const FormFields& fields, std::string_view name) {
  const auto text = fields.value(name);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && end == text.data() + text.size() && id > 0 ? id : 0;
}

void add_delegation_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(router, parts, Method::get, "/delegacja", show);
  add_private_page(router, parts, Method::post, "/delegacja", post, form);
  add_delegation_table_pages(router, parts);
  add_substitution_pages(router, parts);
  add_consent_pages(router, parts);
}

}  // namespace narada::http::pages
