#include "service/http/pages/panel/change_preview.h"

#include <algorithm>

#include "calendar/zone.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/reminder_words.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationStatus;
using usecases::ChangePreview;

constexpr std::size_t kMostNamed = 200;

web::View hidden_fields(const FormFields& fields) {
  constexpr std::string_view kOwn[] = {"form_token", "operation", "agreed", "do"};
  web::View hidden = web::View::array();
  for (const auto& [name, value] : fields.fields) {
    if (std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn)) continue;
    hidden.push_back({{"name", name}, {"value", value}});
  }
  return hidden;
}

std::string calendar_text(const Page& page, const usecases::MailGroup& group) {
  if (group.method.empty()) return page.text("changes.calendar_none");
  const bool one = group.lowest_sequence == group.highest_sequence;
  const auto sequence =
      one ? std::to_string(group.lowest_sequence)
          : std::to_string(group.lowest_sequence) + "–" + std::to_string(group.highest_sequence);
  return page.text(
      group.method == "CANCEL" ? "changes.calendar_cancel" : "changes.calendar_request",
      {{"sequence", sequence}});
}

web::View group_views(const Page& page, const web::Renderer& renderer,
                      const ChangePreview& preview) {
  web::View views = web::View::array();
  for (const auto& group : usecases::group_mails(preview)) {
    const auto words =
        usecases::words_of(page.environment(), renderer, page.messages(), *group.sample);
    views.push_back(
        {{"kind", mail_kind_text(page, std::string(to_string(group.kind)))},
         {"count", page.text("changes.mails_count", {{"count", group.count}})},
         {"calendar", calendar_text(page, group)},
         {"sample_of", page.text("changes.sample", {{"name", group.sample->facts.to_name}})},
         {"subject", words.subject},
         {"text", words.text}});
  }
  return views;
}

const char* fate_of(const usecases::PlaceChange& place) {
  if (place.after == RegistrationStatus::waitlisted) {
    return place.before ? "dropped" : "registered_waiting";
  }
  if (place.after == RegistrationStatus::confirmed) {
    return place.before ? "promoted" : "registered";
  }
  return place.after == RegistrationStatus::pending ? "registered_pending" : "released";
}

// Those whose place changes, by what becomes of them.
web::View place_views(const Page& page, const ChangePreview& preview) {
  web::View views = web::View::array();
  for (const char* fate : {"dropped", "promoted", "registered", "registered_waiting",
                           "registered_pending", "released"}) {
    web::View names = web::View::array();
    std::int64_t count = 0;
    for (const auto& place : preview.places) {
      if (std::string_view(fate_of(place)) != fate) continue;
      ++count;
      if (names.size() >= kMostNamed || place.full_name.empty()) continue;
      names.push_back({{"name", place.full_name}, {"institution", place.institution}});
    }
    if (count == 0) continue;
    views.push_back({{"heading", page.text(std::string("changes.") + fate, {{"count", count}})},
                     {"names", names}});
  }
  return views;
}

std::string due_text(const Page& page, const std::optional<domain::Instant>& due,
                     const std::string& tzid) {
  if (!due) return page.text("changes.reminder_none");
  const auto wall = calendar::to_wall_time(*due, tzid);
  return web::day_date(page.language(), wall) + ", " + web::clock_time(wall);
}

web::View reminder_views(const Page& page, const ChangePreview& preview) {
  web::View views = web::View::array();
  for (const auto& move : preview.reminders)
    views.push_back(
        {{"text", page.text("changes.reminder",
                            {{"title", move.title},
                             {"reminder", reminder_name(page, move.reminder.offset)},
                             {"before", due_text(page, move.reminder.before, move.tzid)},
                             {"after", due_text(page, move.reminder.after, move.tzid)}})}});
  return views;
}

std::string hold_text(const Page& page) {
  const int seconds = page.environment().hold_seconds;
  if (seconds == 0) return page.text("changes.no_hold");
  if (seconds % 60 != 0) {
    return page.text("changes.hold_seconds", {{"count", std::int64_t{seconds}}});
  }
  return page.text("changes.hold_minutes", {{"count", std::int64_t{seconds / 60}}});
}

}  // namespace

usecases::Rehearsal rehearsal_of(const FormFields& fields) {
  return usecases::Rehearsal(fields.value("agreed"));
}

Response show_change_preview(Page& page, const FormFields& fields, const ChangePreview& preview,
                             const PreviewStop& stop) {
  auto& view = page.view();
  const auto mails = static_cast<std::int64_t>(preview.mails.size());
  const bool shown_before = !fields.value("agreed").empty();
  view["changed_meanwhile"] = shown_before ? page.text("changes.changed_meanwhile") : "";
  view["concerned"] =
      page.text("changes.concerned",
                {{"people", static_cast<std::int64_t>(preview.people.size())},
                 {"institutions", static_cast<std::int64_t>(preview.institutions.size())}});
  view["mails_total"] = page.text("changes.mails_total", {{"count", mails}});
  view["mails"] = group_views(page, stop.renderer, preview);
  view["places"] = place_views(page, preview);
  view["reminders"] = reminder_views(page, preview);
  view["closing"] = preview.closes_registration
                        ? page.text("changes.closing", {{"waiting", std::int64_t{preview.waiting}},
                                                        {"invited", std::int64_t{preview.invited}}})
                        : "";
  view["hold"] = stop.hold.empty() ? hold_text(page) : stop.hold;
  view["note"] = stop.note;
  view["hidden"] = hidden_fields(fields);
  view["agreed"] = preview.fingerprint();
  view["action"] = page.link(stop.action);
  view["confirm"] = page.text(stop.confirm, {{"count", mails}});
  view["back_url"] = stop.back.empty() ? "" : page.link(stop.back);
  const FormGuard guard(page);
  return guard.apply(page.render(shown_before ? 409 : 200, "pages/panel_change_preview"));
}

}  // namespace narada::http::pages
