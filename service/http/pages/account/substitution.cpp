// Somebody else comes instead: by the coordinator or an organizer (/delegacja/zamiana/{id}), by the
// holder of the link (/z/{token}/przekazanie), by the signed-in person themself
// (/moje/zgloszenia/{id}/przekazanie).

#include "service/usecases/registrations/substitution.h"

#include "service/domain/half_fixed.h"
#include "service/http/pages/account/delegation.h"
#include "service/http/pages/account/proposal.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/people/my_meetings.h"

namespace narada::http::pages {
namespace {

using usecases::RegistrationView;
using usecases::SignedIn;

// A registration in hand, and where its holder goes from here.
struct Holder {
  std::string path;  // of this page
  std::string back;  // afterwards, and by the way back
  std::string done;  // after `back` when it is done
  RegistrationView found;
  usecases::Call call;
  bool is_own = false;  // the person themself
  std::vector<usecases::ReserveView> reserves = {};
};

void fill(Page& page, const Holder& holder, const FormFields& fields) {
  const auto& registration = holder.found.registration;
  const auto& person = registration.person;
  page.title(page.text(holder.is_own ? "substitution.own_title" : "substitution.title",
                       {{"name", person.full_name}}));
  auto& view = page.view();
  view["private"] = true;
  view["canonical"] = nullptr;
  view["other_url"] = page.english() ? holder.path : "/en" + holder.path;
  view["heading"] = view["title"];
  view["meeting_title"] = holder.found.meeting.title;
  view["when"] = time_of(page, holder.found.meeting);
  view["lead"] = page.text(holder.is_own ? "substitution.own_lead" : "substitution.lead",
                           {{"name", person.full_name},
                            {"institution", person.institution ? person.institution->name : ""}});
  view["action"] = page.link(holder.path);
  view["back_url"] = page.link(holder.back);
  for (const auto* name : {"full_name", "email", "position", "superior_email"})
    view[name] = fields.value(name);
  view["wants_consent"] = person.institution && usecases::institution_wants_consent(
                                                    page.environment(), person.institution->slug);
  web::View reserves = web::View::array();
  for (const auto& one : holder.reserves)
    reserves.push_back({{"value", std::to_string(one.person.value)},
                        {"label", one.full_name},
                        {"email", one.email},
                        {"checked", posted_id(fields, "reserve") == one.person.value}});
  view["nobody_of_reserve"] = posted_id(fields, "reserve") == 0;
  view["reserves"] = std::move(reserves);
}

bool can_hand_over(const Page& page, const RegistrationView& found) {
  return is_active(found.registration.status) &&
         found.meeting.status == domain::MeetingStatus::published &&
         begins_at(found.meeting.times) > page.now();
}

Response show(Page& page, const Holder& holder) {
  if (!can_hand_over(page, holder.found)) return redirect(303, page.link(holder.back));
  fill(page, holder, {});
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/substitution"));
}

Response post(Page& page, const Holder& holder, const OwnForm& fields) {
  auto errors = fields.errors;
  if (errors.empty()) {
    usecases::SubstituteForm form;
    form.full_name = fields.value("full_name");
    form.email = fields.value("email");
    form.position = fields.value("position");
    form.superior_email = fields.value("superior_email");
    if (const auto reserve = posted_id(fields, "reserve"); reserve != 0 && !holder.is_own)
      form.reserve = domain::PersonId{reserve};
    const auto done =
        substitute(page.environment(), holder.call, holder.found.registration.id, form);
    if (done) return redirect(303, page.link(holder.back) + holder.done);
    errors = errors_of(done.failure(), "change_sent_before");
  }
  fill(page, holder, fields);
  show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(422, "pages/substitution"));
}

Holder hold_by_link(const Page& page, usecases::Call call) {
  const auto& token = page.request().params.at("token");
  Holder holder;
  holder.found = value_or_throw(find_registration_by_token(page.environment(), token));
  holder.path = "/z/" + token + "/przekazanie";
  holder.back = "/z/" + token;
  holder.done = "?przekazane=1";
  holder.is_own = true;
  call.actor = {};
  call.actor.kind = usecases::Actor::Kind::manage;
  call.actor.id = holder.found.registration.id.value;
  holder.call = std::move(call);
  return holder;
}

Holder hold_own(const Page& page, const SignedIn& signed_in, usecases::Call call) {
  const domain::RegistrationId id{id_of(page.request())};
  Holder holder;
  holder.found = value_or_throw(find_my_registration(page.environment(), signed_in.actor, id));
  holder.back = "/moje/zgloszenia/" + std::to_string(id.value);
  holder.path = holder.back + "/przekazanie";
  holder.done = "?przekazane=1";
  holder.is_own = true;
  holder.call = std::move(call);
  return holder;
}

// Of somebody else: by who speaks for their institution, or organizes the meeting.
Holder hold_for(const Page& page, const SignedIn& signed_in, usecases::Call call) {
  const domain::RegistrationId id{id_of(page.request())};
  Holder holder;
  holder.found = value_or_throw(find_registration(page.environment(), signed_in.actor, id));
  const auto& institution = holder.found.registration.person.institution;
  if (!institution) throw Error(404);
  const auto meeting = holder.found.registration.meeting;
  const auto table = value_or_throw(find_delegation(
      page.environment(), signed_in.actor, std::to_string(meeting.value), institution->slug));
  holder.path = "/delegacja/zamiana/" + std::to_string(id.value);
  holder.back = delegation_path(meeting, *institution);
  holder.done = "&zrobione=substituted";
  holder.reserves = table.reserves;
  holder.call = std::move(call);
  return holder;
}

template <class Hold>
void add_private_pair(Router& router, const Parts& parts, const std::string& path, Hold hold,
                      const RouteOptions& form) {
  add_private_page(router, parts, Method::get, path, [hold](Page& page, const SignedIn& signed_in) {
    return show(page, hold(page, signed_in, usecases::Call{}));
  });
  add_private_page(
      router, parts, Method::post, path,
      [hold](Page& page, const SignedIn& signed_in) {
        const auto fields = read_own_form(page);
        return post(page, hold(page, signed_in, person_call(page, fields, signed_in)), fields);
      },
      form);
}

}  // namespace

void add_substitution_pages(Router& router, const Parts& parts) {
  add_proposal_pages(router, parts);
  RouteOptions form;
  form.body_limit = 64 << 10;
  add_private_pair(router, parts, "/delegacja/zamiana/{id}", hold_for, form);
  add_private_pair(router, parts, "/moje/zgloszenia/{id}/przekazanie", hold_own, form);
  form.causes_mail = true;
  add_page(router, Method::get, "/z/{token}/przekazanie", [&parts](const Request& request) {
    Page page(parts, request);
    return show(page, hold_by_link(page, {}));
  });
  add_page(
      router, Method::post, "/z/{token}/przekazanie",
      [&parts](const Request& request) {
        Page page(parts, request);
        const auto fields = read_own_form(page);
        return post(page, hold_by_link(page, form_call(page, fields)), fields);
      },
      form);
}

}  // namespace narada::http::pages
