// …/zaproszenia/podglad, …/zaproszenia/dodaj: whom a source would add to the list, before it does.

#include <charconv>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/invitees.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

using usecases::Candidate;
using usecases::CandidateVerdict;
using usecases::InviteePreview;
using usecases::InviteeSelection;
using usecases::SignedIn;

constexpr std::string_view kAddress = "adres_";  // before the id of an institution

std::map<domain::InstitutionId, std::string> read_addresses(const FormFields& fields) {
  std::map<domain::InstitutionId, std::string> addresses;
  for (const auto& [name, value] : fields.fields) {
    if (!name.starts_with(kAddress)) continue;
    std::int64_t id = 0;
    const char* end = name.data() + name.size();
    if (std::from_chars(name.data() + kAddress.size(), end, id).ptr == end && !value.empty())
      addresses[domain::InstitutionId{id}] = value;
  }
  return addresses;
}

InviteeSelection read_selection(const Page& page, const FormFields& fields) {
  InviteeSelection selection;
  selection.source =
      domain::find_invitee_source(fields.value("source")).value_or(domain::InviteeSource::pasted);
  selection.text = fields.value("text");
  if (selection.source == domain::InviteeSource::institution)
    selection.institution = institution_key(page, fields.value("institution"));
  selection.association = fields.value("association");
  selection.edition = fields.value("edition");
  selection.attended_only = fields.has("attended_only");
  selection.accept_suggestions = fields.has("accept_suggestions");
  selection.addresses = read_addresses(fields);
  selection.language = domain::language_or_polish(fields.value("language"));
  return selection;
}

std::int64_t count_of(const InviteePreview& preview, CandidateVerdict verdict) {
  const auto found = preview.counts.find(verdict);
  return found == preview.counts.end() ? 0 : found->second;
}

std::int64_t left_out(const InviteePreview& preview) {
  return count_of(preview, CandidateVerdict::repeated) +
         count_of(preview, CandidateVerdict::listed) +
         count_of(preview, CandidateVerdict::present) +
         count_of(preview, CandidateVerdict::objected);
}

web::View candidate_view(const Page& page, const Candidate& candidate) {
  web::View view{{"who", candidate.full_name.empty() ? candidate.email : candidate.full_name},
                 {"email", candidate.full_name.empty() ? "" : candidate.email},
                 {"job_title", candidate.job_title},
                 {"known", candidate.person.has_value()},
                 {"verdict", word(page, "invitee_verdict", to_string(candidate.verdict))}};
  if (candidate.institution) {
    const auto& name = candidate.institution->name;
    view["institution"] =
        candidate.is_suggestion ? page.text("invitees.suggested", {{"name", name}}) : name;
  }
  if (!candidate.meant_domain.empty())
    view["typo"] = page.text("invitees.typo", {{"domain", candidate.meant_domain}});
  return view;
}

void fill_candidates(Page& page, const InviteePreview& preview) {
  auto& view = page.view();
  view["fresh"] = web::View::array();
  view["others"] = web::View::array();
  bool has_suggestions = false;
  for (const auto& candidate : preview.candidates) {
    if (candidate.verdict == CandidateVerdict::wrong) continue;
    const bool is_fresh = candidate.verdict == CandidateVerdict::fresh;
    has_suggestions = has_suggestions || (is_fresh && candidate.is_suggestion);
    auto shown = candidate_view(page, candidate);
    if (is_fresh) shown["verdict"] = "";
    view[is_fresh ? "fresh" : "others"].push_back(std::move(shown));
  }
  view["has_suggestions"] = has_suggestions;
  view["wrong"] = wrong_views(page, preview.candidates);
  view["summary"] = page.text("invitees.preview_summary",
                              {{"fresh", count_of(preview, CandidateVerdict::fresh)},
                               {"left", left_out(preview)},
                               {"wrong", count_of(preview, CandidateVerdict::wrong)}});
}

// What the second form sends again.
void fill_selection(Page& page, const FormFields& fields, const InviteePreview& preview) {
  auto& view = page.view();
  view["hidden"] = web::View::array();
  for (const char* name :
       {"source", "institution", "association", "edition", "attended_only", "language"})
    if (fields.has(name)) view["hidden"].push_back({{"name", name}, {"value", fields.value(name)}});
  view["text"] = fields.value("text");
  view["without_address"] = web::View::array();
  for (const auto& office : preview.without_address) {
    const auto field = std::string(kAddress) + std::to_string(office.id.value);
    view["without_address"].push_back(
        {{"field", field},
         {"name", office.name},
         {"label", page.text("invitees.address_of", {{"name", office.name}})}});
  }
  view["can_add"] = count_of(preview, CandidateVerdict::fresh) > 0 ||
                    !preview.without_address.empty() || !view["wrong"].empty();
}

Response show_again(Page& page, const SignedIn& signed_in, const FormFields& fields,
                    const domain::FieldErrors& errors) {
  InviteePageState state;
  state.status = 422;
  state.text = fields.value("text");
  state.errors = errors;
  return show_invitees(page, signed_in, state);
}

Response preview(Page& page, const SignedIn& signed_in) {
  require_list(page, signed_in);
  const auto fields = read_own_form(page);
  const auto scope = invitee_scope(page);
  const auto list = list_invitees(page.environment(), signed_in.actor, scope);
  if (!list) throw Error(404);
  if (!fields.errors.empty()) return show_again(page, signed_in, fields, fields.errors);
  const auto found =
      preview_invitees(page.environment(), signed_in.actor, scope, read_selection(page, fields));
  if (!found)
    return show_again(page, signed_in, fields, errors_of(found.failure(), "change_sent_before"));
  open_invitees(page, signed_in, *list, page.text("invitees.preview_title"));
  page.crumb(page.text("invitees.title", {{"title", list->title}}), invitees_path(scope));
  fill_candidates(page, *found);
  fill_selection(page, fields, *found);
  auto& view = page.view();
  view["action"] = page.link(invitees_path(scope, "/dodaj"));
  view["back_url"] = page.link(invitees_path(scope));
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/panel_invitee_preview"));
}

// What is wrong stands in the field again, one entry a line, with the reasons above it.
Response show_corrections(Page& page, const SignedIn& signed_in,
                          const usecases::InviteesAdded& added) {
  InviteePageState state;
  for (const auto& candidate : added.wrong) state.text += candidate.text + "\n";
  state.wrong = wrong_views(page, added.wrong);
  state.result =
      page.text("invitees.added", {{"added", std::int64_t{added.added}},
                                   {"left", std::int64_t{added.left_out}},
                                   {"wrong", static_cast<std::int64_t>(added.wrong.size())}});
  return show_invitees(page, signed_in, state);
}

Response add(Page& page, const SignedIn& signed_in) {
  require_list(page, signed_in);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_again(page, signed_in, fields, fields.errors);
  const auto scope = invitee_scope(page);
  const auto added = add_invitees(page.environment(), person_call(page, fields, signed_in), scope,
                                  read_selection(page, fields));
  if (!added)
    return show_again(page, signed_in, fields, errors_of(added.failure(), "change_sent_before"));
  if (added->wrong.empty()) return redirect_done(page, invitees_path(scope), "invitees_added");
  return show_corrections(page, signed_in, *added);
}

}  // namespace

void add_panel_invitee_adding_pages(Router& router, const Parts& parts, const std::string& base) {
  RouteOptions large;
  // Percent-encoded, a character may take three times its octets.
  large.body_limit = 3 * usecases::kMostPastedOctets + (64 << 10);
  add_private_page(router, parts, Method::post, base + "/podglad", preview, large);
  add_private_page(router, parts, Method::post, base + "/dodaj", add, large);
}

}  // namespace narada::http::pages
