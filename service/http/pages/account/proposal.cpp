// /zastepstwa/{id}: somebody's calendar names another person to come instead; accepted or refused.

#include "service/http/pages/account/proposal.h"

#include <fmt/format.h>

#include "service/http/pages/account/delegation.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/replies/proposals.h"

namespace narada::http::pages {
namespace {

using usecases::ProposalView;
using usecases::SignedIn;

std::string path_of(domain::SubstitutionProposalId id) {
  return fmt::format("/zastepstwa/{}", id.value);
}

ProposalView load(const Page& page, const SignedIn& signed_in) {
  return take(find_proposal(page.environment(), signed_in.actor,
                            domain::SubstitutionProposalId{id_of(page.request())}));
}

Response show(Page& page, const ProposalView& proposal, const FormFields* fields, int status) {
  const auto& registration = proposal.found.registration;
  const auto& person = registration.person;
  auto title = page.text("proposal.title", {{"name", person.full_name}});
  page.title(page.view().contains("errors") ? page.text("form.error_title", {{"title", title}})
                                            : title);
  auto& view = page.view();
  view["private"] = true;
  view["canonical"] = nullptr;
  view["other_url"] = page.english() ? path_of(proposal.id) : "/en" + path_of(proposal.id);
  view["heading"] = title;
  view["meeting_title"] = proposal.found.meeting.title;
  view["when"] = time_of(page, proposal.found.meeting);
  view["lead"] =
      page.text("proposal.lead", {{"name", person.full_name}, {"email", proposal.email}});
  view["action"] = page.link(path_of(proposal.id));
  view["is_open"] = proposal.is_open;
  view["full_name"] = fields ? fields->value("full_name") : proposal.full_name;
  view["email"] = fields ? fields->value("email") : proposal.email;
  view["position"] = fields ? fields->value("position") : "";
  view["superior_email"] = fields ? fields->value("superior_email") : "";
  view["wants_consent"] = person.institution && usecases::institution_wants_consent(
                                                    page.environment(), person.institution->slug);
  view["refuse_operation"] = usecases::make_token();
  const auto done = page.request().query_value("zrobione");
  if (done == "accepted" || done == "refused")
    view["done"] = {{"heading", page.text("proposal.done_" + done)}};
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/proposal"));
}

Response post(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto proposal = load(page, signed_in);
  const auto wanted = fields.value("do");
  if (wanted != "accept" && wanted != "refuse") throw Error(400);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto call = person_call(page, fields, signed_in);
    std::optional<domain::Failure> failure;
    if (wanted == "refuse") {
      const auto done = refuse_proposal(page.environment(), call, proposal.id);
      if (!done) failure = done.failure();
    } else {
      usecases::SubstituteForm form;
      form.full_name = fields.value("full_name");
      form.email = fields.value("email");
      form.position = fields.value("position");
      form.superior_email = fields.value("superior_email");
      const auto done = accept_proposal(page.environment(), call, proposal.id, form);
      if (!done) failure = done.failure();
    }
    if (!failure)
      return redirect(303, page.link(path_of(proposal.id)) +
                               (wanted == "accept" ? "?zrobione=accepted" : "?zrobione=refused"));
    errors = errors_of(*failure, "change_sent_before");
  }
  page.title(page.text("proposal.title", {{"name", proposal.found.registration.person.full_name}}));
  show_errors(page, errors);
  return show(page, proposal, &fields, 422);
}

}  // namespace

void add_proposal_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  const std::string path = "/zastepstwa/{id}";
  add_private_page(router, parts, Method::get, path, [](Page& page, const SignedIn& signed_in) {
    return show(page, load(page, signed_in), nullptr, 200);
  });
  add_private_page(router, parts, Method::post, path, post, form);
}

}  // namespace narada::http::pages
