#include "service/http/pages/panel/held_changes.h"

#include <algorithm>

#include "calendar/zone.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

// "4 min 30 s".
std::string time_left(const Page& page, domain::Instant until) {
  const std::int64_t left = std::max<std::int64_t>(0, (until - page.now()).count());
  return page.text("changes.time_left", {{"minutes", left / 60}, {"seconds", left % 60}});
}

// What can be undone, else what might have been; the newest of them.
auto find_held(const std::vector<usecases::HeldChange>& changes, domain::Instant now) {
  const auto found =
      std::find_if(changes.begin(), changes.end(), [](const auto& one) { return one.may_undo(); });
  if (found != changes.end()) return found;
  return std::find_if(changes.begin(), changes.end(),
                      [&](const auto& one) { return !one.undone_at && one.held_until > now; });
}

}  // namespace

std::string change_text(const Page& page, usecases::ChangeKind kind) {
  return page.text("changes.kind_" + std::string(to_string(kind)));
}

void show_held_change(Page& page, const usecases::SignedIn& signed_in, domain::MeetingId meeting) {
  const auto changes = list_held_changes(page.environment(), signed_in.actor, meeting);
  if (!changes) return;
  const auto held = find_held(*changes, page.now());
  if (held == changes->end()) return;
  const auto wall = calendar::to_wall_time(held->held_until, domain::kDefaultZone);
  web::View view = {{"heading", change_text(page, held->kind)}};
  if (held->may_undo()) {
    view["text"] = page.text("changes.held_text", {{"count", std::int64_t{held->mails}},
                                                   {"left", time_left(page, held->held_until)},
                                                   {"until", web::clock_time(wall)}});
    view["undo_url"] = page.link("/panel/spotkania/" + std::to_string(meeting.value) + "/historia");
    view["change"] = std::to_string(held->id.value);
    view["undo_operation"] = usecases::make_token();
  } else {
    view["text"] = page.text("error." + held->obstacle);
  }
  page.view()["held"] = std::move(view);
}

}  // namespace narada::http::pages
