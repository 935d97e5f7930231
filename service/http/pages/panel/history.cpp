// /panel/spotkania/{id}/historia: who did what to the meeting, and what can still be undone.

#include <algorithm>
#include <charconv>

#include "service/http/pages/panel/activity.h"
#include "service/http/pages/panel/held_changes.h"
#include "service/http/pages/panel/meeting_form.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/meetings/planner.h"

namespace narada::http::pages {
namespace {

using usecases::SignedIn;

constexpr int kPageSize = 50;

std::string path_of(domain::MeetingId meeting) {
  return "/panel/spotkania/" + std::to_string(meeting.value) + "/historia";
}

web::View held_rows(const Page& page, const std::vector<usecases::HeldChange>& changes) {
  web::View rows = web::View::array();
  for (const auto& change : changes) {
    const bool over = change.held_until <= page.now();
    const char* state = change.undone_at                     ? "changes.state_undone"
                        : over                               ? "changes.state_over"
                        : change.may_undo()                  ? "changes.state_open"
                        : change.obstacle == "changed_since" ? "changes.state_covered"
                                                             : "changes.state_stuck";
    const bool explained = !over && !change.undone_at && !change.may_undo();
    rows.push_back({{"when", moment_text(page, change.made_at)},
                    {"what", change_text(page, change.kind)},
                    {"mails", std::to_string(change.mails)},
                    {"state", page.text(state)},
                    {"why", explained ? page.text("error." + change.obstacle) : ""}});
  }
  return rows;
}

web::View log_rows(const Page& page, const std::vector<usecases::ActivityEntry>& entries) {
  web::View rows = web::View::array();
  for (const auto& entry : entries) rows.push_back(activity_view(page, entry));
  return rows;
}

Response show(Page& page, const SignedIn& signed_in, int status) {
  const domain::MeetingId id{id_of(page.request())};
  const auto stored = load_meeting_to_edit(page.environment(), signed_in.actor, id);
  if (!stored) throw Error(404);
  const auto errors = page.view().contains("errors");
  frame_meeting(page, signed_in, stored->meeting, "historia");
  auto& view = page.view();
  if (errors)
    page.title(page.text("form.error_title", {{"title", view["title"].get<std::string>()}}));
  const auto changes = list_held_changes(page.environment(), signed_in.actor, id);
  if (!changes) throw Error(404);
  view["changes"] = held_rows(page, *changes);
  view["no_hold"] =
      page.environment().hold_seconds == 0 ? page.text("changes.no_hold_here") : std::string();
  usecases::ActivityFilter filter;
  filter.meeting = id;
  const auto log = list_activity(page.environment(), signed_in.actor, filter,
                                 {kPageSize, page.request().find_query("po")});
  view["entries"] = web::View::array();
  if (log) {
    view["entries"] = log_rows(page, log->items);
    if (log->next) {
      view["more_url"] = page.link(path_of(id)) + "?po=" + encode_component(*log->next);
    }
  }
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_history"));
}

domain::HeldChangeId change_of(const FormFields& fields) {
  const auto text = fields.value("change");
  domain::HeldChangeId id;
  std::from_chars(text.data(), text.data() + text.size(), id.value);
  return id;
}

Response undo(Page& page, const SignedIn& signed_in) {
  const domain::MeetingId id{id_of(page.request())};
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto undone = undo_change(page.environment(), person_call(page, fields, signed_in), id,
                                    change_of(fields));
    if (undone) {
      const char* done = undone->kept > 0   ? "undone_but_kept"
                         : undone->told > 0 ? "undone_and_told"
                                            : "undone";
      return redirect_done(page, path_of(id), done);
    }
    errors = panel_errors_of(undone.failure());
  }
  show_errors(page, errors);
  return show(page, signed_in, 422);
}

}  // namespace

void add_panel_history_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  const std::string path = "/panel/spotkania/{id}/historia";
  add_private_page(router, parts, Method::get, path, [](Page& page, const SignedIn& signed_in) {
    return show(page, signed_in, 200);
  });
  add_private_page(router, parts, Method::post, path, undo, form);
}

}  // namespace narada::http::pages
