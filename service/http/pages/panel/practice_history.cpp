// /panel/praktyki/{id}/historia: the states of a practice, its revisions, what one of them changed,
// and the way back to it.

#include "service/domain/word_changes.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/practice_form.h"
#include "service/http/pages/panel/practice_frame.h"
#include "service/usecases/practices/practice_life.h"

namespace narada::http::pages {
namespace {

using usecases::SignedIn;

std::string who_text(const Page& page, const std::string& who) {
  return who.empty() ? page.text("panel_practices.who_unknown") : who;
}

domain::PracticeId practice_of(const Page& page) {
  return domain::PracticeId{id_of(page.request())};
}

std::string status_text(const Page& page, domain::PracticeStatus status) {
  return page.text("panel_practices.status_" + std::string(to_string(status)));
}

Response show_history(Page& page, const SignedIn& signed_in) {
  const auto history =
      take(load_practice_history(page.environment(), signed_in.actor, practice_of(page)));
  frame_practice(page, signed_in, history.practice, "historia");
  auto& view = page.view();
  view["steps"] = web::View::array();
  for (const auto& step : history.steps)
    view["steps"].push_back({{"when", moment_text(page, step.at)},
                             {"who", who_text(page, step.who)},
                             {"from", status_text(page, step.from)},
                             {"to", status_text(page, step.to)},
                             {"comment", step.comment}});
  view["revisions"] = web::View::array();
  for (const auto& revision : history.revisions)
    view["revisions"].push_back(
        {{"number", std::to_string(revision.number)},
         {"when", moment_text(page, revision.at)},
         {"who", who_text(page, revision.who)},
         {"revision_url",
          page.link(practice_room_path(history.practice.id,
                                       "/historia/" + std::to_string(revision.number)))}});
  return page.render(200, "pages/panel_practice_history");
}

web::View part_views(const std::string& before, const std::string& after) {
  web::View parts = web::View::array();
  for (const auto& change : domain::word_changes(before, after))
    parts.push_back({{"kept", change.kind == domain::WordChange::Kind::kept},
                     {"removed", change.kind == domain::WordChange::Kind::removed},
                     {"added", change.kind == domain::WordChange::Kind::added},
                     {"text", change.text}});
  return parts;
}

// A choice by its name, institutions by theirs, words as they are.
std::string readable(const Page& page, const PanelNames& names, const std::string& field,
                     const std::string& text) {
  if (text.empty()) return text;
  if (field == "institutions") {
    std::string labels;
    for (const auto& key : split_lines(text))
      labels += (labels.empty() ? "" : "\n") + names.institution_label(key);
    return labels;
  }
  for (const char* group : {"type", "area", "origin", "state"})
    if (field == group) return page.text("practice_" + field + "." + text);
  if (field == "found_by") return page.text("panel_practices.found_by_" + text);
  if (field != "financed_by") return text;
  std::string programmes;
  for (const auto& line : split_lines(text))
    programmes += (programmes.empty() ? "" : "\n") + line.substr(0, line.find('\t'));
  return programmes;
}

Response show_revision(Page& page, const SignedIn& signed_in) {
  const auto number = static_cast<int>(id_of(page.request(), "number"));
  const auto comparison =
      take(compare_revision(page.environment(), signed_in.actor, practice_of(page), number));
  frame_practice(page, signed_in, comparison.practice, "historia");
  const PanelNames names(page);
  auto& view = page.view();
  view["heading"] = page.text("panel_practices.revision", {{"number", std::int64_t{number}}});
  view["made"] = page.text("panel_practices.revision_made",
                           {{"when", moment_text(page, comparison.revision.at)},
                            {"who", who_text(page, comparison.revision.who)}});
  view["changes"] = web::View::array();
  for (const auto& [field, after] : comparison.after) {
    const auto found = comparison.before.find(field);
    const std::string before = found == comparison.before.end() ? std::string() : found->second;
    if (before == after) continue;
    view["changes"].push_back({{"label", practice_field_label(page, field)},
                               {"parts", part_views(readable(page, names, field, before),
                                                    readable(page, names, field, after))}});
  }
  const auto path =
      practice_room_path(comparison.practice.id, "/historia/" + std::to_string(number));
  view["action"] = page.link(path);
  view["history_url"] = page.link(practice_room_path(comparison.practice.id, "/historia"));
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/panel_practice_revision"));
}

Response restore(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto number = static_cast<int>(id_of(page.request(), "number"));
  const auto id = practice_of(page);
  take(load_practice_to_edit(page.environment(), signed_in.actor, id));
  if (!fields.errors.empty()) return show_revision(page, signed_in);
  take(restore_revision(page.environment(), person_call(page, fields, signed_in), id, number));
  return redirect_done(page, practice_room_path(id, "/historia"), "practice_restored");
}

}  // namespace

void add_panel_practice_history(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, "/panel/praktyki/{id}/historia", show_history);
  const char* revision = "/panel/praktyki/{id}/historia/{number}";
  add_private_page(router, parts, Method::get, revision, show_revision);
  add_private_page(router, parts, Method::post, revision, restore);
}

}  // namespace narada::http::pages
