// /zgoda/{token}: a superior reads who wants to go where, and agrees or refuses. The referral that
// comes of it: /z/{token}/skierowanie.pdf, /delegacja/skierowanie/{id}.pdf.

#include "service/usecases/registrations/consent.h"

#include "service/http/pages/account/delegation.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/one_page_pdf.h"

namespace narada::http::pages {
namespace {

using usecases::ConsentState;
using usecases::ConsentView;
using usecases::SignedIn;

std::string_view name_of(ConsentState state) {
  switch (state) {
    case ConsentState::open:
      return "open";
    case ConsentState::given:
      return "given";
    case ConsentState::refused:
      return "refused";
    case ConsentState::expired:
      return "expired";
    case ConsentState::withdrawn:
      break;
  }
  return "withdrawn";
}

ConsentView load(const Page& page) {
  return value_or_throw(
      find_consent_by_token(page.environment(), page.request().params.at("token")));
}

void fill(Page& page, const ConsentView& consent) {
  const auto& person = consent.registration.person;
  const std::string path = "/zgoda/" + page.request().params.at("token");
  page.title(page.text("consent.title"));
  auto& view = page.view();
  view["private"] = true;
  view["canonical"] = nullptr;
  view["other_url"] = page.english() ? path : "/en" + path;
  view["action"] = page.link(path);
  view["person"] = person.full_name;
  view["position"] = person.position;
  view["institution"] = person.institution ? person.institution->name : "";
  view["mode"] = page.text("mode." + std::string(to_string(consent.registration.mode)));
  view["meeting"] = meeting_view(page, consent.meeting);
  view["summary"] = consent.meeting.summary;
  view["open"] = consent.state == ConsentState::open;
  view["state_text"] = page.text("consent.is_" + std::string(name_of(consent.state)));
  view["until_text"] = page.text("consent.until", {{"date", moment_text(page, consent.until)}});
  view["given_operation"] = usecases::make_token();
  view["refused_operation"] = usecases::make_token();
}

Response show(Page& page, int status = 200) {
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/consent"));
}

Response post(Page& page) {
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const auto wanted = fields.value("do");
  if (errors.empty() && wanted != "give" && wanted != "refuse")
    errors.push_back({"", "form_expired"});
  if (errors.empty()) {
    const auto answer =
        wanted == "give" ? usecases::ConsentAnswer::given : usecases::ConsentAnswer::refused;
    const auto outcome =
        answer_consent(page.environment(), form_call(page, fields),
                       page.request().params.at("token"), answer, fields.value("note"));
    if (outcome) return redirect(303, page.link("/zgoda/" + page.request().params.at("token")));
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  fill(page, load(page));
  page.view()["note"] = fields.value("note");
  show_errors(page, errors);
  return show(page, 422);
}

std::string superior_text(const ConsentView& consent) {
  return consent.superior_name.empty() ? consent.superior_email
                                       : consent.superior_name + ", " + consent.superior_email;
}

usecases::OnePage referral_of(const Page& page, const ConsentView& consent) {
  const auto& person = consent.registration.person;
  const auto meeting = meeting_view(page, consent.meeting);
  usecases::OnePage sheet;
  sheet.language = page.language();
  sheet.title = page.text("referral.title");
  if (person.institution) sheet.letterhead = {person.institution->name};
  sheet.paragraphs = {page.text("referral.lead")};
  sheet.facts = {
      {page.text("form.full_name"), person.full_name},
      {page.text("form.position"), person.position},
      {page.text("form.institution"), person.institution ? person.institution->name : ""},
      {page.text("referral.meeting"), consent.meeting.title},
      {page.text("referral.cycle"), consent.meeting.cycle ? consent.meeting.cycle->title : ""},
      {page.text("referral.when"), time_of(page, consent.meeting)},
      {page.text("referral.where"), consent.registration.mode == domain::AttendanceMode::onsite
                                        ? meeting.value("where", "")
                                        : page.text("mode.online")},
      {page.text("referral.organizer"), consent.meeting.organizer}};
  if (consent.answered_at) {
    sheet.closing = {page.text(
        "referral.consent",
        {{"who", superior_text(consent)}, {"date", moment_text(page, *consent.answered_at)}})};
  }
  sheet.foot = page.text("referral.foot", {{"site", page.environment().base_url},
                                           {"id", std::to_string(consent.registration.id.value)}});
  return sheet;
}

}  // namespace

Response referral_file(const Page& page, const ConsentView& consent) {
  Response response;
  response.set("Content-Type", "application/pdf");
  response.set("Content-Disposition", "inline; filename=\"skierowanie.pdf\"");
  response.set("Cache-Control", "no-store");
  response.body = usecases::write_one_page_pdf(referral_of(page, consent));
  return response;
}

void add_consent_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  add_page(router, Method::get, "/zgoda/{token}", [&parts](const Request& request) {
    Page page(parts, request);
    fill(page, load(page));
    return show(page);
  });
  add_page(
      router, Method::post, "/zgoda/{token}",
      [&parts](const Request& request) {
        Page page(parts, request);
        return post(page);
      },
      form);
  add_page(router, Method::get, "/z/{token}/skierowanie.pdf", [&parts](const Request& request) {
    const Page page(parts, request);
    return referral_file(page, value_or_throw(find_referral_by_token(page.environment(),
                                                                     request.params.at("token"))));
  });
  add_private_page(
      router, parts, Method::get, "/delegacja/skierowanie/{id}.pdf",
      [](Page& page, const SignedIn& signed_in) {
        return referral_file(
            page, value_or_throw(find_referral(page.environment(), signed_in.actor,
                                               domain::RegistrationId{id_of(page.request())})));
      });
}

}  // namespace narada::http::pages
