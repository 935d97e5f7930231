#include "service/http/pages/panel/lists.h"

#include <algorithm>
#include <array>

#include "calendar/zone.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/people.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationRow;
using domain::RegistrationStatus;

constexpr std::size_t kLongest = 200;  // octets of a filter's value

constexpr std::array kStatuses{RegistrationStatus::pending,    RegistrationStatus::confirmed,
                               RegistrationStatus::waitlisted, RegistrationStatus::attended,
                               RegistrationStatus::absent,     RegistrationStatus::declined,
                               RegistrationStatus::cancelled};

std::string value_of(const Request& request, std::string_view name) {
  auto value = request.query_value(name);
  return value.size() > kLongest ? std::string() : value;
}

std::optional<domain::Date> read_date(const Request& request, std::string_view name) {
  const auto wall = calendar::parse_wall_time(value_of(request, name) + "T00:00");
  if (!wall) return std::nullopt;
  return domain::Date(std::chrono::floor<std::chrono::days>(*wall));
}

std::string date_text(const std::optional<domain::Date>& date) {
  return date ? web::iso_date(domain::WallTime(std::chrono::local_days(*date).time_since_epoch()))
              : std::string();
}

web::View status_options(const Page& page, const domain::RegistrationFilter& filter) {
  std::vector<std::pair<std::string, std::string>> values{{"", page.text("lists.any_status")}};
  for (const auto status : kStatuses)
    values.emplace_back(to_string(status), word(page, "registration_status", to_string(status)));
  return options_view(values, filter.status ? to_string(*filter.status) : "");
}

web::View mode_options(const Page& page, const domain::RegistrationFilter& filter) {
  std::vector<std::pair<std::string, std::string>> values{{"", page.text("filter.any_mode")}};
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online})
    values.emplace_back(to_string(mode), word(page, "mode", to_string(mode)));
  return options_view(values, filter.mode ? to_string(*filter.mode) : "");
}

std::string_view color_of_state(usecases::MailState state) {
  using usecases::MailState;
  switch (state) {
    case MailState::sent:
      return "success";
    case MailState::failed:
    case MailState::bounced:
      return "danger";
    case MailState::awaiting_retry:
      return "warning";
    case MailState::queued:
    case MailState::inflight:
      return "accent";
    case MailState::aborted:
      break;
  }
  return "neutral";
}

}  // namespace

void open_list(Page& page, const usecases::SignedIn& signed_in, ListRoom room,
               const std::string& title) {
  page.view()["private"] = true;
  page.view()["canonical"] = nullptr;
  if (!usecases::has_panel(signed_in.actor)) {
    page.title(title);
    return;
  }
  open_panel(page, signed_in, room == ListRoom::mails ? PanelRoom::mails : PanelRoom::registrations,
             title);
}

domain::RegistrationFilter read_registration_filter(const Request& request) {
  domain::RegistrationFilter filter;
  filter.meeting = value_of(request, "spotkanie");
  filter.cycle = value_of(request, "cykl");
  filter.institution = value_of(request, "gmina");
  filter.status = domain::find_registration_status(value_of(request, "status"));
  filter.mode = domain::find_attendance_mode(value_of(request, "tryb"));
  filter.from = read_date(request, "od");
  filter.to = read_date(request, "do");
  filter.q = value_of(request, "q");
  return filter;
}

domain::RegistrationSort read_registration_sort(const Request& request,
                                                domain::RegistrationSort usual) {
  return domain::find_registration_sort(value_of(request, "kolejnosc")).value_or(usual);
}

web::View registration_filter_view(const Page& page, const domain::RegistrationFilter& filter,
                                   const std::vector<domain::RegistrationSort>& sorts,
                                   domain::RegistrationSort sort) {
  std::vector<std::pair<std::string, std::string>> orders;
  for (const auto one : sorts)
    orders.emplace_back(to_string(one), word(page, "registration_sort", to_string(one)));
  return {{"meeting", filter.meeting},
          {"cycle", filter.cycle},
          {"institution", filter.institution},
          {"q", filter.q},
          {"from", date_text(filter.from)},
          {"to", date_text(filter.to)},
          {"statuses", status_options(page, filter)},
          {"modes", mode_options(page, filter)},
          {"sorts", options_view(orders, to_string(sort))}};
}

std::string query_without(const Request& request, const std::vector<std::string_view>& names) {
  std::string query;
  for (const auto& [name, value] : request.query) {
    if (value.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
    query += (query.empty() ? "?" : "&") + encode_component(name) + "=" + encode_component(value);
  }
  return query;
}

std::string next_url(const Page& page, const std::string& path, const std::string& cursor) {
  const auto query = query_without(page.request(), {"po", "zrobione"});
  return page.link(path) + (query.empty() ? "?" : query + "&") + "po=" + encode_component(cursor);
}

std::string person_name(const Page& page, const RegistrationRow& row) {
  return row.erased ? page.text("lists.erased") : row.full_name;
}

std::string mail_state_text(const Page& page, usecases::MailState state) {
  return word(page, "mail_state", to_string(state));
}

std::string mail_kind_text(const Page& page, const std::string& kind) {
  return word(page, "mail_kind", kind);
}

web::View mail_views(const Page& page, const std::vector<usecases::QueuedMail>& mails) {
  web::View views = web::View::array();
  for (const auto& mail : mails) {
    const auto id = std::to_string(mail.id.value);
    views.push_back(
        {{"id", id},
         {"url", page.link("/panel/poczta/" + id)},
         {"kind", mail_kind_text(page, mail.kind)},
         {"subject", mail.subject},
         {"to_name", mail.to_name},
         {"to_address", mail.to_address.empty() ? page.text("lists.erased") : mail.to_address},
         {"meeting", mail.meeting_title},
         {"created", moment_text(page, mail.created_at)},
         {"state", mail_state_text(page, mail.state)},
         {"color", color_of_state(mail.state)},
         {"attempts", std::to_string(mail.attempts)},
         {"reply", mail.last_reply}});
  }
  return views;
}

}  // namespace narada::http::pages
