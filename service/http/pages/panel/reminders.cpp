// /panel/spotkania/{id}/przypomnienia: when the people of a meeting are reminded of it.

#include "service/usecases/reminders/reminders.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/typed.h"
#include "service/http/pages/reminder_words.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::ReminderOffset;
using usecases::MeetingReminders;
using usecases::PlannedReminder;
using usecases::SignedIn;

std::string path_of(domain::MeetingId id) {
  return fmt::format("/panel/spotkania/{}/przypomnienia", id.value);
}

// What the form holds: which list, and a number with its unit in each row.
struct TypedReminders {
  std::string list;  // "default", "own", "none"
  struct Row {
    std::string count;
    std::string unit = "d";
  };
  std::vector<Row> rows;
};

TypedReminders stored_rows(const MeetingReminders& found) {
  TypedReminders typed;
  typed.list = !found.own ? "default" : found.offsets == "off" ? "none" : "own";
  for (const auto offset :
       domain::parse_reminders(found.offsets).value_or(std::vector<ReminderOffset>{})) {
    typed.rows.push_back(
        {std::to_string(offset.count), offset.unit == ReminderOffset::Unit::days ? "d" : "h"});
  }
  typed.rows.resize(domain::kMostReminders);
  return typed;
}

TypedReminders read_rows(const OwnForm& fields) {
  TypedReminders typed;
  typed.list = fields.value("list");
  for (std::size_t index = 1; index <= domain::kMostReminders; ++index) {
    const auto unit = fields.value(fmt::format("unit-{}", index));
    typed.rows.push_back({fields.value(fmt::format("count-{}", index)), unit == "h" ? "h" : "d"});
  }
  return typed;
}

// The times of the meeting's own; absent: those of the installation.
using Wanted = std::optional<std::vector<ReminderOffset>>;
Wanted wanted_of(const TypedReminders& typed, domain::FieldErrors& errors) {
  if (typed.list == "none") return std::vector<ReminderOffset>{};
  if (typed.list != "own") return std::nullopt;
  std::vector<ReminderOffset> offsets;
  for (std::size_t index = 0; index < typed.rows.size(); ++index) {
    const auto& row = typed.rows[index];
    if (row.count.empty()) continue;
    const auto offset = domain::find_reminder_offset(row.count + row.unit);
    const auto field = fmt::format("count-{}", index + 1);
    if (!offset) {
      errors.push_back({field, row.unit == "h" ? "reminder_hours" : "reminder_days"});
      continue;
    }
    const auto same = std::find_if(offsets.begin(), offsets.end(), [&](ReminderOffset one) {
      return length_of(one) == length_of(*offset);
    });
    if (same != offsets.end()) errors.push_back({field, "reminder_twice"});
    offsets.push_back(*offset);
  }
  if (offsets.empty() && errors.empty()) errors.push_back({"count-1", "required"});
  return offsets;
}

std::string zoned_moment(const Page& page, domain::Instant at, const std::string& tzid) {
  const auto wall = calendar::to_wall_time(at, tzid);
  return page.text(
      "reminders.moment",
      {{"date", web::weekday_date(page.language(), wall)},
       {"time", web::clock_time(wall)},
       {"zone", tzid == domain::kDefaultZone ? page.text("reminders.zone_warsaw") : tzid}});
}

std::string state_text(const Page& page, const PlannedReminder& planned) {
  if (planned.state == PlannedReminder::State::gone) {
    return page.text("reminders.state_gone",
                     {{"written", planned.written}, {"left", planned.left}});
  }
  return page.text(planned.state == PlannedReminder::State::to_come ? "reminders.state_to_come"
                                                                    : "reminders.state_too_late");
}

web::View schedule_view(const Page& page, const MeetingReminders& found) {
  web::View rows = web::View::array();
  for (const auto& planned : found.reminders) {
    const bool waits = planned.leaves_at != planned.time.due;
    rows.push_back({{"name", reminder_name(page, planned.time.offset)},
                    {"when", zoned_moment(page, planned.leaves_at, found.meeting.times.tzid)},
                    {"waits", waits ? page.text("reminders.waits") : ""},
                    {"state", state_text(page, planned)}});
  }
  return rows;
}

void add_rows(Page& page, const TypedReminders& typed) {
  auto& view = page.view();
  for (const char* list : {"default", "own", "none"})
    view[std::string("list_") + list] = typed.list == list;
  auto& rows = view["rows"] = web::View::array();
  for (std::size_t index = 0; index < typed.rows.size(); ++index) {
    const auto count_id = fmt::format("count-{}", index + 1);
    const auto error = view.find(fmt::format("error_count_{}", index + 1));
    rows.push_back(
        {{"count_id", count_id},
         {"unit_id", fmt::format("unit-{}", index + 1)},
         {"legend", page.text("reminders.row", {{"number", static_cast<std::int64_t>(index + 1)}})},
         {"count", typed.rows[index].count},
         {"hours", typed.rows[index].unit == "h"},
         {"row_error", error == view.end() ? "" : error->get<std::string>()}});
  }
}

// `shown`: whose schedule the table has, if not that of what is stored.
Response show(Page& page, const SignedIn& signed_in, const MeetingReminders& found,
              const TypedReminders& typed, const domain::FieldErrors& errors, bool is_preview) {
  frame_meeting(page, signed_in, found.meeting, "przypomnienia");
  auto& view = page.view();
  if (!errors.empty()) show_errors(page, errors);
  view["action"] = page.link(path_of(found.meeting.id));
  view["version"] = std::to_string(found.version);
  view["preview"] = is_preview;
  view["installation"] = reminder_list(page, page.environment().reminders);
  view["half_fixed"] = found.meeting.times.precision == domain::TimePrecision::month;
  view["schedule"] = schedule_view(page, found);
  view["nothing"] = found.reminders.empty();
  add_rows(page, typed);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_reminders"));
}

MeetingReminders load(const Page& page, const SignedIn& signed_in,
                      const std::optional<Wanted>& instead = {}) {
  const domain::MeetingId id{id_of(page.request())};
  return take(find_meeting_reminders(page.environment(), signed_in.actor, id, instead));
}

Response show_stored(Page& page, const SignedIn& signed_in) {
  const auto found = load(page, signed_in);
  return show(page, signed_in, found, stored_rows(found), {}, false);
}

Response save(Page& page, const SignedIn& signed_in) {
  const auto found = load(page, signed_in);
  const auto fields = read_own_form(page);
  const auto typed = read_rows(fields);
  auto errors = fields.errors;
  const auto wanted = wanted_of(typed, errors);
  if (!errors.empty()) return show(page, signed_in, found, typed, errors, false);
  if (fields.value("do") == "preview") {
    return show(page, signed_in, load(page, signed_in, wanted), typed, {}, true);
  }
  domain::FieldErrors unused;
  const auto version = read_integer(fields, "version", unused).value_or(0);
  const auto outcome = set_meeting_reminders(
      page.environment(), person_call(page, fields, signed_in), found.meeting.id, version, wanted);
  if (outcome) return redirect_done(page, path_of(found.meeting.id), "reminders_saved");
  if (std::holds_alternative<domain::Stale>(outcome.failure())) {
    errors.push_back({"", "changed_meanwhile"});
  } else {
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  return show(page, signed_in, load(page, signed_in), typed, errors, false);
}

}  // namespace

void add_panel_reminder_pages(Router& router, const Parts& parts) {
  constexpr const char* kPath = "/panel/spotkania/{id}/przypomnienia";
  add_private_page(router, parts, Method::get, kPath, show_stored);
  add_private_page(router, parts, Method::post, kPath, save);
}

}  // namespace narada::http::pages
