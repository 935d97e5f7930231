// /panel/instytucje/{id}/polacz: two records of one institution become one, and the way back.

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institution_merge.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/institutions/institutions_panel.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using domain::InstitutionId;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr const char* kInstitutions = "/panel/instytucje";
constexpr const char* kMerges = "/panel/instytucje/polaczenia";

std::string path_of(InstitutionId institution) {
  return std::string(kInstitutions) + "/" + std::to_string(institution.value);
}

// The institution by its label, TERYT or number; absent with an error added.
std::optional<InstitutionId> find_into(const Page& page, const std::string& typed,
                                       domain::FieldErrors& errors) {
  if (typed.empty()) {
    errors.push_back({"into", "required"});
    return std::nullopt;
  }
  const auto key = institution_key(page, typed);
  std::vector<domain::InstitutionRef> found;
  for (const auto& institution : usecases::all_institutions(page.environment()))
    if (institution.teryt == key || std::to_string(institution.id.value) == key ||
        institution.name == key)
      found.push_back(institution);
  if (found.size() == 1) return found.front().id;
  if (found.empty()) {
    errors.push_back({"into", "unknown_institution"});
  } else {
    std::string names;
    for (const auto& institution : found)
      names += (names.empty() ? "" : "; ") + institution_label(page, institution) + " (" +
               std::to_string(institution.id.value) + ")";
    errors.push_back({"into", "ambiguous_institution", {{"names", names}}});
  }
  return std::nullopt;
}

void show_preview(Page& page, const usecases::MergePreview& preview) {
  auto& view = page.view();
  web::View counts = web::View::array();
  std::int64_t all = 0;
  for (const auto& count : preview.counts) {
    if (count.rows == 0) continue;
    all += count.rows;
    counts.push_back({{"what", word(page, "panel_moved", count.what)},
                      {"rows", std::to_string(count.rows)},
                      {"same", count.same > 0 ? std::to_string(count.same) : std::string()}});
  }
  const auto& from = preview.from.institution;
  const auto& into = preview.into.institution;
  view["preview"] = {
      {"counts", std::move(counts)},
      {"nothing", all == 0},
      {"needs_admin", preview.needs_admin},
      {"text", page.text("panel.merge_text", {{"from", from.name}, {"into", into.name}})},
      {"into_id", std::to_string(into.id.value)},
      {"into_kind", word(page, "institution_kind", to_string(into.kind))},
      {"into_county", into.county},
      {"into_teryt", into.teryt.value_or("")},
      {"action", page.link(path_of(from.id) + "/polacz")},
      {"back_url", page.link(path_of(from.id) + "/polacz")}};
}

// Which one stays is asked first ("?z="), then what would move is shown.
Response show_merge(Page& page, const SignedIn& signed_in, domain::FieldErrors errors = {}) {
  require(signed_in, Action::edit_catalogue);
  const InstitutionId from{id_of(page.request())};
  const auto record =
      value_or_throw(find_institution_record(page.environment(), signed_in.actor, from));
  if (record.state == domain::InstitutionState::merged)
    return redirect(303, page.link(path_of(from)));
  open_panel(page, signed_in, PanelRoom::institutions,
             page.text("panel.merge_title", {{"name", record.institution.name}}));
  page.crumb(page.text("panel.institutions"), kInstitutions);
  page.crumb(record.institution.name, path_of(from));
  auto& view = page.view();
  view["choose_action"] = page.link(path_of(from) + "/polacz");
  view["into"] = page.request().query_value("z");
  add_institution_choices(page);
  if (errors.empty() && page.request().find_query("z")) {
    if (const auto into = find_into(page, page.request().query_value("z"), errors)) {
      const auto preview = preview_merge(page.environment(), signed_in.actor, from, *into);
      if (preview)
        show_preview(page, *preview);
      else
        errors = errors_of(preview.failure(), "change_sent_before");
    }
  }
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_merge");
}

Response merge(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto fields = read_own_form(page);
  domain::FieldErrors errors = fields.errors;
  const InstitutionId from{id_of(page.request())};
  if (errors.empty()) {
    if (const auto into = find_into(page, fields.value("into"), errors)) {
      const auto merged =
          merge_institutions(page.environment(), person_call(page, fields, signed_in), from, *into);
      if (merged) return redirect_done(page, kMerges, "merged");
      errors = errors_of(merged.failure(), "merge_sent_before");
    }
  }
  return show_merge(page, signed_in, errors);
}

Response show_merges(Page& page, const SignedIn& signed_in,
                     const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::edit_catalogue);
  open_panel(page, signed_in, PanelRoom::institutions, page.text("panel.merges"));
  page.crumb(page.text("panel.institutions"), kInstitutions);
  const auto found = value_or_throw(usecases::list_merges(
      page.environment(), signed_in.actor, {kPageSize, page.request().find_query("od")}));
  web::View merges = web::View::array();
  for (const auto& listed : found.items) {
    const auto& merge = listed.merge;
    merges.push_back(
        {{"from", merge.from_name},
         {"from_url", page.link(path_of(merge.from))},
         {"into", merge.into_name},
         {"into_url", page.link(path_of(merge.into))},
         {"when", moment_text(page, merge.merged_at)},
         {"undone", merge.undone_at ? page.text("panel.merge_undone_at",
                                                {{"when", moment_text(page, *merge.undone_at)}})
                                    : std::string()},
         {"left_behind",
          merge.left_behind > 0
              ? page.text("panel.merge_left_behind", {{"count", std::to_string(merge.left_behind)}})
              : std::string()},
         {"can_undo", listed.can_undo},
         {"action",
          page.link(std::string(kMerges) + "/" + std::to_string(merge.id.value) + "/cofnij")},
         {"undo_operation", usecases::make_token()}});
  }
  auto& view = page.view();
  view["merges"] = std::move(merges);
  if (found.next)
    view["more_url"] = page.link(std::string(kMerges) + "?od=" + encode_component(*found.next));
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_merges");
}

Response undo(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_merges(page, signed_in, fields.errors);
  const auto undone = undo_merge(page.environment(), person_call(page, fields, signed_in),
                                 domain::InstitutionMergeId{id_of(page.request())});
  if (!undone)
    return show_merges(page, signed_in, errors_of(undone.failure(), "change_sent_before"));
  return redirect_done(page, kMerges, "merge_undone");
}

}  // namespace

void add_panel_merge_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  const std::string all = kInstitutions;
  const auto show = [](Page& page, const SignedIn& signed_in) {
    return show_merge(page, signed_in);
  };
  const auto list = [](Page& page, const SignedIn& signed_in) {
    return show_merges(page, signed_in);
  };
  add_private_page(router, parts, Method::get, all + "/{id}/polacz", show);
  add_private_page(router, parts, Method::post, all + "/{id}/polacz", merge, form);
  add_private_page(router, parts, Method::get, kMerges, list);
  add_private_page(router, parts, Method::post, std::string(kMerges) + "/{id}/cofnij", undo, form);
}

}  // namespace narada::http::pages
