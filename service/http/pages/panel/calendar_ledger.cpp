// /panel/spotkania/{id}/poczta: what each person's calendar was told of the meeting, whether it
// arrived, what came back, and sending it once more.

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "service/http/pages/calendar_record_view.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/meeting_form.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/meetings/planner.h"
#include "service/usecases/registrations/calendar_repair.h"

namespace narada::http::pages {
namespace {

using usecases::CalendarLedger;
using usecases::CalendarRecord;
using usecases::LedgerPart;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr std::size_t kLongestName = 200;  // octets of a filter's value

constexpr std::array kPartsShown{
    LedgerPart::all,       LedgerPart::undelivered, LedgerPart::waiting,   LedgerPart::accepted,
    LedgerPart::tentative, LedgerPart::declined,    LedgerPart::unanswered};

std::string path_of(domain::MeetingId meeting) {
  return fmt::format("/panel/spotkania/{}/poczta", meeting.value);
}

usecases::LedgerFilterForm read_filter(const Request& request) {
  usecases::LedgerFilterForm filter;
  filter.part = usecases::find_ledger_part(request.query_value("stan")).value_or(LedgerPart::all);
  filter.name = request.query_value("q");
  if (filter.name.size() > kLongestName) filter.name.clear();
  return filter;
}

web::View part_options(const Page& page, LedgerPart chosen) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto part : kPartsShown) {
    const std::string name(to_string(part));
    values.emplace_back(part == LedgerPart::all ? "" : name, page.text("ledger.part_" + name));
  }
  return options_view(values, chosen == LedgerPart::all ? "" : to_string(chosen));
}

web::View number_views(const Page& page, domain::MeetingId meeting,
                       const usecases::LedgerNumbers& numbers) {
  web::View views = web::View::array();
  const auto add = [&](LedgerPart part, std::int64_t count) {
    const std::string name(to_string(part));
    const auto query = part == LedgerPart::all ? std::string() : "?stan=" + name;
    views.push_back({{"label", page.text("ledger.part_" + name)},
                     {"count", std::to_string(count)},
                     {"url", page.link(path_of(meeting)) + query}});
  };
  add(LedgerPart::all, numbers.people);
  add(LedgerPart::undelivered, numbers.undelivered);
  add(LedgerPart::waiting, numbers.waiting);
  add(LedgerPart::accepted, numbers.accepted);
  add(LedgerPart::tentative, numbers.tentative);
  add(LedgerPart::declined, numbers.declined);
  return views;
}

web::View message_views(const Page& page, const CalendarRecord& record) {
  web::View views = web::View::array();
  for (const auto& message : record.messages) {
    const bool is_request = message.message.method == domain::CalendarMethod::request;
    const auto at = message.sent_at.value_or(message.created_at);
    views.push_back({{"url", page.link(fmt::format("/panel/poczta/{}", message.mail.value))},
                     {"kind", mail_kind_text(page, message.kind)},
                     {"what", page.text(is_request ? "ledger.request" : "ledger.cancel",
                                        {{"version", std::int64_t{message.version}},
                                         {"sequence", std::int64_t{message.message.sequence}}})},
                     {"state", mail_state_text(page, message.state)},
                     {"when", moment_text(page, at)},
                     {"reply", message.state == usecases::MailState::sent ? std::string()
                                                                          : message.last_reply}});
  }
  return views;
}

web::View record_view(const Page& page, const CalendarRecord& record, bool repair_column) {
  const auto id = std::to_string(record.registration.value);
  const bool is_erased = record.full_name.empty();
  const auto name = is_erased ? page.text("lists.erased") : record.full_name;
  const auto answered_at =
      record.messages.empty() ? std::nullopt : record.messages.front().answered_at;
  return {{"id", id},
          {"url", page.link("/panel/zgloszenia/" + id)},
          {"name", name},
          {"institution", record.institution},
          {"status", word(page, "registration_status", to_string(record.status))},
          {"version", version_text(page, record)},
          {"tag", version_tag(page, record)},
          {"answer", calendar_answer_text(page, record)},
          {"answered", answered_at ? moment_text(page, *answered_at) : std::string()},
          {"uid", record.messages.empty() ? std::string() : record.messages.front().uid},
          {"messages", message_views(page, record)},
          {"repairable", !is_erased},
          {"repair_column", repair_column},
          {"repair_operation", usecases::make_token()},
          {"repair_label", page.text("ledger.repair_one", {{"name", name}})}};
}

void fill_links(Page& page, domain::MeetingId meeting) {
  web::View links = web::View::array();
  links.push_back({{"label", page.text("lists.mails_link")},
                   {"url", page.link(fmt::format("/panel/poczta?spotkanie={}", meeting.value))}});
  links.push_back(
      {{"label", page.text("ledger.write_link")},
       {"url", page.link(fmt::format("/panel/spotkania/{}/wiadomosc", meeting.value))}});
  page.view()["links"] = std::move(links);
}

void fill_records(Page& page, domain::MeetingId meeting, const CalendarLedger& ledger,
                  const usecases::LedgerFilterForm& filter, bool over) {
  auto& view = page.view();
  const bool repairable = !over;
  view["repair_column"] = repairable;
  view["numbers"] = number_views(page, meeting, ledger.numbers);
  web::View records = web::View::array();
  for (const auto& record : ledger.records.items) {
    records.push_back(record_view(page, record, repairable));
  }
  view["records"] = std::move(records);
  view["filter"] = {{"parts", part_options(page, filter.part)}, {"q", filter.name}};
  view["list_url"] = page.link(path_of(meeting));
  view["any_told"] = ledger.numbers.people > 0 && repairable;
  view["repair_all_text"] = page.text("ledger.repair_all_text", {{"count", ledger.numbers.people}});
  view["repair_all_operation"] = usecases::make_token();
  view["not_first"] = page.request().find_query("po").has_value();
  if (ledger.records.next) {
    view["more_url"] = next_url(page, path_of(meeting), *ledger.records.next);
  }
}

Response show(Page& page, const SignedIn& signed_in, int status) {
  const domain::MeetingId id{id_of(page.request())};
  const auto stored = load_meeting_to_edit(page.environment(), signed_in.actor, id);
  if (!stored) throw Error(404);
  const auto filter = read_filter(page.request());
  const auto ledger = list_calendar_ledger(page.environment(), signed_in.actor, id, filter,
                                           {kPageSize, page.request().find_query("po")});
  if (!ledger) throw Error(404);
  auto& view = page.view();
  const bool has_errors = view.contains("errors");
  frame_meeting(page, signed_in, stored->meeting, "poczta");
  if (has_errors)
    page.title(page.text("form.error_title", {{"title", view["title"].get<std::string>()}}));
  fill_links(page, id);
  fill_records(page, id, *ledger, filter, stored->meeting.times.ends_at <= page.now());
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_calendar_ledger"));
}

std::optional<domain::RegistrationId> registration_in(const FormFields& fields) {
  const auto text = fields.value("registration");
  domain::RegistrationId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc() || end != text.data() + text.size() || id.value < 1) return std::nullopt;
  return id;
}

// Absent: it has been done, and `response` says so.
domain::FieldErrors act(Page& page, const SignedIn& signed_in, const FormFields& fields,
                        domain::MeetingId meeting, std::optional<Response>& response) {
  const auto call = person_call(page, fields, signed_in);
  if (fields.value("do") == "all") {
    const auto task = start_repairs(page.environment(), call, meeting);
    if (!task) return panel_errors_of(task.failure());
    response = redirect(303, page.link(fmt::format("/panel/zadania/{}", task->value)));
    return {};
  }
  const auto registration = registration_in(fields);
  if (fields.value("do") != "one" || !registration) return {{"", "nothing_to_do"}};
  const auto found = find_calendar_record(page.environment(), signed_in.actor, *registration);
  if (!found) throw Error(404);
  const auto mail = repair_calendar(page.environment(), call, *registration);
  if (!mail) return panel_errors_of(mail.failure());
  response = redirect_done(page, path_of(meeting), "calendar_repaired");
  return {};
}

Response post(Page& page, const SignedIn& signed_in) {
  const domain::MeetingId id{id_of(page.request())};
  const auto fields = read_own_form(page);
  const auto stored = load_meeting_to_edit(page.environment(), signed_in.actor, id);
  if (!stored) throw Error(404);
  auto errors = fields.errors;
  std::optional<Response> response;
  if (errors.empty()) errors = act(page, signed_in, fields, id, response);
  if (response) return *std::move(response);
  show_errors(page, errors);
  return show(page, signed_in, 422);
}

}  // namespace

void add_panel_ledger_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  const std::string path = "/panel/spotkania/{id}/poczta";
  add_private_page(router, parts, Method::get, path, [](Page& page, const SignedIn& signed_in) {
    return show(page, signed_in, 200);
  });
  add_private_page(router, parts, Method::post, path, post, form);
}

}  // namespace narada::http::pages
