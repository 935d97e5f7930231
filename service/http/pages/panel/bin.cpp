// Deleting a meeting or a cycle, and /panel/kosz, from which both come back.

#include "service/usecases/meetings/bin.h"

#include <charconv>
#include <cmath>

#include "service/http/pages/panel/activity.h"
#include "service/http/pages/panel/change_preview.h"
#include "service/http/pages/panel/held_changes.h"
#include "service/http/pages/panel/meeting_form.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/meetings/planner.h"

namespace narada::http::pages {
namespace {

using usecases::BinEntry;
using usecases::Deleted;
using usecases::SignedIn;

constexpr const char* kBin = "/panel/kosz";

// What is to be deleted, as both kinds of pages need it.
struct Target {
  bool is_cycle = false;
  std::int64_t id = 0;
  std::string title;
  bool is_draft = false;

  std::string path(const char* part) const {
    return (is_cycle ? "/panel/cykle/" : "/panel/spotkania/") + std::to_string(id) + part;
  }
  std::string home() const { return path(is_cycle ? "" : "/dane"); }
};

Target load_meeting(const Page& page, const SignedIn& signed_in) {
  const auto stored = load_meeting_to_edit(page.environment(), signed_in.actor,
                                           domain::MeetingId{id_of(page.request())});
  if (!stored) throw Error(404);
  return {false, stored->meeting.id.value, stored->meeting.title,
          stored->meeting.status == domain::MeetingStatus::draft};
}

Target load_cycle(const Page& page, const SignedIn& signed_in) {
  const auto stored = load_cycle_to_edit(page.environment(), signed_in.actor,
                                         domain::CycleId{id_of(page.request())});
  if (!stored) throw Error(404);
  return {true, stored->cycle.id.value, stored->cycle.title,
          stored->cycle.status == domain::CycleStatus::draft};
}

void frame(Page& page, const SignedIn& signed_in, const Target& target) {
  page.view()["crumbs"] = web::View::array();
  open_panel(page, signed_in, PanelRoom::cycles,
             page.text("changes.delete_title", {{"title", target.title}}));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.crumb(target.title, target.home());
}

Response show_confirmation(Page& page, const SignedIn& signed_in, const Target& target,
                           const domain::FieldErrors& errors) {
  frame(page, signed_in, target);
  auto& view = page.view();
  const std::string kind = target.is_cycle ? "cycle" : "meeting";
  view["text"] = page.text("changes.delete_" + kind + (target.is_draft ? "_draft" : "_published"));
  view["asks_reason"] = !target.is_draft;
  view["action"] = page.link(target.path("/usuniecie"));
  view["back_url"] = page.link(target.home());
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_delete"));
}

domain::Outcome<Deleted> run_delete(const Page& page, const usecases::Call& call,
                                    const Target& target, const std::string& reason) {
  if (target.is_cycle) {
    return delete_cycle(page.environment(), call, domain::CycleId{target.id}, reason);
  }
  return delete_meeting(page.environment(), call, domain::MeetingId{target.id}, reason);
}

Response delete_target(Page& page, const SignedIn& signed_in, const Target& target,
                       const web::Renderer& renderer) {
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    auto rehearsal = rehearsal_of(fields);
    auto call = person_call(page, fields, signed_in);
    call.rehearsal = &rehearsal;
    const auto outcome = run_delete(page, call, target, fields.value("reason"));
    if (outcome && rehearsal.committed()) {
      return *outcome == Deleted::for_good ? redirect_done(page, "/panel/cykle", "deleted")
                                           : redirect_done(page, kBin, "binned");
    }
    if (outcome) {
      frame(page, signed_in, target);
      return show_change_preview(page, fields, rehearsal.preview(),
                                 {renderer, target.path("/usuniecie"), "changes.confirm_delete",
                                  target.path("/usuniecie")});
    }
    errors = panel_errors_of(outcome.failure());
  }
  return show_confirmation(page, signed_in, target, errors);
}

std::string status_text(const Page& page, const BinEntry& entry) {
  return page.text("changes.was_" + entry.status_before);
}

// What of the bin can still be undone, with the mails that have not left.
struct Deletion {
  std::string change;    // what the form sends; empty: nothing
  std::string obstacle;  // it is held and cannot be undone
};

Deletion deletion_of_cycle(const Page& page, const SignedIn& signed_in, domain::CycleId id) {
  const auto held = find_held_deletion(page.environment(), signed_in.actor, id);
  if (!held || !*held) return {};
  if ((*held)->obstacle.empty()) return {"cycle", ""};
  return {"", (*held)->obstacle};
}

Deletion deletion_of(const Page& page, const SignedIn& signed_in, const BinEntry& entry) {
  if (entry.is_cycle) return deletion_of_cycle(page, signed_in, domain::CycleId{entry.id});
  const auto changes =
      list_held_changes(page.environment(), signed_in.actor, domain::MeetingId{entry.id});
  if (!changes || changes->empty()) return {};
  const auto& newest = changes->front();
  if (newest.undone_at || newest.held_until <= page.now()) return {};
  if (newest.may_undo()) return {std::to_string(newest.id.value), ""};
  return {"", newest.obstacle};
}

web::View entry_view(const Page& page, const SignedIn& signed_in, const BinEntry& entry) {
  const auto deletion = deletion_of(page, signed_in, entry);
  const auto left = std::chrono::ceil<std::chrono::days>(entry.purged_at - page.now()).count();
  return {{"title", entry.title},
          {"kind", page.text(entry.is_cycle ? "changes.a_cycle" : "changes.a_meeting")},
          {"cycle", entry.cycle_title},
          {"meetings", entry.is_cycle ? page.text("changes.with_meetings",
                                                  {{"count", std::int64_t{entry.meetings}}})
                                      : std::string()},
          {"status", status_text(page, entry)},
          {"when", moment_text(page, entry.binned_at)},
          {"who", entry.binned_by.empty()
                      ? ""
                      : activity_actor_text(page, entry.binned_by, entry.binned_by_name)},
          {"left", page.text("changes.days_left", {{"count", std::int64_t{left}}})},
          {"thing", std::string(entry.is_cycle ? "cycle" : "meeting")},
          {"id", std::to_string(entry.id)},
          {"restorable", !entry.cycle_is_binned},
          {"change", deletion.change},
          {"obstacle", deletion.obstacle.empty() ? "" : page.text("error." + deletion.obstacle)},
          {"entry_operation", usecases::make_token()}};
}

Response show_bin(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors) {
  const auto entries = list_bin(page.environment(), signed_in.actor);
  if (!entries) throw Error(404);
  open_panel(page, signed_in, PanelRoom::cycles, page.text("changes.bin_title"));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  auto& view = page.view();
  view["entries"] = web::View::array();
  for (const auto& entry : *entries) view["entries"].push_back(entry_view(page, signed_in, entry));
  view["action"] = page.link(kBin);
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_bin"));
}

std::int64_t number_of(const FormFields& fields, std::string_view name) {
  const auto text = fields.value(name);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

template <class T>
domain::FieldErrors errors_or_none(const domain::Outcome<T>& outcome) {
  if (outcome) return {};
  if (std::holds_alternative<domain::NotFound>(outcome.failure())) throw Error(404);
  return panel_errors_of(outcome.failure());
}

const char* done_of(int kept, int told) {
  return kept > 0 ? "undone_but_kept" : told > 0 ? "undone_and_told" : "undone";
}

// Absent: `errors` say why not.
std::optional<Response> undo(Page& page, const usecases::Call& call, const FormFields& fields,
                             domain::FieldErrors& errors) {
  const auto id = number_of(fields, "id");
  if (fields.value("thing") == "cycle") {
    const auto undone = undo_cycle_deletion(page.environment(), call, domain::CycleId{id});
    errors = errors_or_none(undone);
    if (!undone) return std::nullopt;
    return redirect_done(page, "/panel/cykle/" + std::to_string(id),
                         done_of(undone->kept, undone->told));
  }
  const auto undone = undo_change(page.environment(), call, domain::MeetingId{id},
                                  domain::HeldChangeId{number_of(fields, "change")});
  errors = errors_or_none(undone);
  if (!undone) return std::nullopt;
  return redirect_done(page, "/panel/spotkania/" + std::to_string(id) + "/dane",
                       done_of(undone->kept, undone->told));
}

Response act(Page& page, const SignedIn& signed_in) {
  if (reach_of(signed_in.actor, domain::Action::organize).nothing()) throw Error(404);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (!errors.empty()) return show_bin(page, signed_in, errors);
  const auto call = person_call(page, fields, signed_in);
  const auto& environment = page.environment();
  const domain::MeetingId meeting{number_of(fields, "id")};
  if (fields.value("do") == "undo") {
    if (auto done = undo(page, call, fields, errors)) return std::move(*done);
  } else if (fields.value("thing") == "cycle") {
    const domain::CycleId cycle{meeting.value};
    errors = errors_or_none(restore_cycle(environment, call, cycle));
    if (errors.empty()) {
      return redirect_done(page, "/panel/cykle/" + std::to_string(cycle.value), "restored");
    }
  } else {
    errors = errors_or_none(restore_meeting(environment, call, meeting));
    if (errors.empty()) {
      return redirect_done(page, "/panel/spotkania/" + std::to_string(meeting.value) + "/dane",
                           "restored");
    }
  }
  return show_bin(page, signed_in, errors);
}

using Load = Target (*)(const Page&, const SignedIn&);

void add_deletion(Router& router, const Parts& parts, const std::string& path, Load load) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  const auto* renderer = parts.renderer;
  add_private_page(router, parts, Method::get, path, [load](Page& page, const SignedIn& who) {
    return show_confirmation(page, who, load(page, who), {});
  });
  add_private_page(
      router, parts, Method::post, path,
      [load, renderer](Page& page, const SignedIn& who) {
        return delete_target(page, who, load(page, who), *renderer);
      },
      form);
}

}  // namespace

void add_panel_bin_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_deletion(router, parts, "/panel/spotkania/{id}/usuniecie", load_meeting);
  add_deletion(router, parts, "/panel/cykle/{id}/usuniecie", load_cycle);
  add_private_page(router, parts, Method::get, kBin, [](Page& page, const SignedIn& signed_in) {
    return show_bin(page, signed_in, {});
  });
  add_private_page(router, parts, Method::post, kBin, act, form);
}

}  // namespace narada::http::pages
