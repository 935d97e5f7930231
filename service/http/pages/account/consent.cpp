// /zgoda/{token}: a superior reads who wants to go where, and agrees or refuses. The referral that
// comes of it: /z/{token}/skierowanie.pdf, /delegacja/skierowanie/{id}.pdf.

#include "service/usecases/registrations/consent.h"

#include "service/http/pages/account/delegation.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/files/one_page_pdf.h"
#include "service/usecases/people/my_meetings.h"
#include "service/usecases/registrations/registrations.h"

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

Response show_page(Page& page, int status, std::string_view name) {
  const FormGuard guard(page);
  return guard.apply(page.render(status, name));
}

Response show(Page& page, int status = 200) { return show_page(page, status, "pages/consent"); }

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

// A registration whose superior is not known yet, in the hands of its holder.
struct Holder {
  std::string back;  // its page
  usecases::RegistrationView found;
  usecases::Call call;
};

Holder hold_by_link(const Page& page, usecases::Call call) {
  const auto& token = page.request().params.at("token");
  Holder holder{"/z/" + token,
                value_or_throw(find_registration_by_token(page.environment(), token)),
                std::move(call)};
  holder.call.actor = {};
  holder.call.actor.kind = usecases::Actor::Kind::manage;
  holder.call.actor.id = holder.found.registration.id.value;
  return holder;
}

Holder hold_own(const Page& page, const SignedIn& signed_in, usecases::Call call) {
  const domain::RegistrationId id{id_of(page.request())};
  return {"/moje/zgloszenia/" + std::to_string(id.value),
          value_or_throw(find_my_registration(page.environment(), signed_in.actor, id)),
          std::move(call)};
}

Response show_superior(Page& page, const Holder& holder, const FormFields& fields,
                       const domain::FieldErrors& errors) {
  const std::string path = holder.back + "/przelozony";
  page.title(page.text("consent.name_title"));
  auto& view = page.view();
  view["private"] = true;
  view["canonical"] = nullptr;
  view["other_url"] = page.english() ? path : "/en" + path;
  view["action"] = page.link(path);
  view["back_url"] = page.link(holder.back);
  view["meeting_title"] = holder.found.meeting.title;
  view["superior_name"] = fields.value("superior_name");
  view["superior_email"] = fields.value("superior_email");
  if (!errors.empty()) show_errors(page, errors);
  return show_page(page, errors.empty() ? 200 : 422, "pages/superior");
}

// Nothing to say where nobody asks.
Response show_superior(Page& page, const Holder& holder) {
  if (!lacks_superior(page.environment(), holder.found.registration))
    return redirect(303, page.link(holder.back));
  return show_superior(page, holder, {}, {});
}

Response post_superior(Page& page, const Holder& holder, const OwnForm& fields) {
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto outcome =
        name_superior(page.environment(), holder.call, holder.found.registration.id,
                      {fields.value("superior_name"), fields.value("superior_email")});
    if (outcome) return redirect(303, page.link(holder.back) + "?przelozony=1");
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  return show_superior(page, holder, fields, errors);
}

void add_superior_pages(Router& router, const Parts& parts, RouteOptions form) {
  add_private_page(router, parts, Method::get, "/moje/zgloszenia/{id}/przelozony",
                   [](Page& page, const SignedIn& signed_in) {
                     return show_superior(page, hold_own(page, signed_in, {}));
                   });
  add_private_page(
      router, parts, Method::post, "/moje/zgloszenia/{id}/przelozony",
      [](Page& page, const SignedIn& signed_in) {
        const auto fields = read_own_form(page);
        return post_superior(page, hold_own(page, signed_in, person_call(page, fields, signed_in)),
                             fields);
      },
      form);
  form.causes_mail = true;
  add_page(router, Method::get, "/z/{token}/przelozony", [&parts](const Request& request) {
    Page page(parts, request);
    return show_superior(page, hold_by_link(page, {}));
  });
  add_page(
      router, Method::post, "/z/{token}/przelozony",
      [&parts](const Request& request) {
        Page page(parts, request);
        const auto fields = read_own_form(page);
        return post_superior(page, hold_by_link(page, form_call(page, fields)), fields);
      },
      form);
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
  add_superior_pages(router, parts, form);
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
