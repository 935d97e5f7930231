#include "service/usecases/feeds.h"

#include <fmt/format.h>

#include "calendar/zone.h"
#include "service/http/pages/filters.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/personal_feed.h"

namespace narada::http::pages {
namespace {

constexpr int kAtomEntries = 30;

Response calendar_response(const usecases::CalendarFeed& feed, const std::string& file_name) {
  Response response;
  response.set("Content-Type", "text/calendar; charset=utf-8");
  response.set("Content-Disposition", "inline; filename=\"" + file_name + ".ics\"");
  response.set("ETag", feed.etag);
  response.body = feed.text;
  return response;
}

std::string xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// RFC 4287: the meetings of the filter, the one changed last first among those to come.
std::string atom_text(const Page& page, const std::vector<domain::MeetingSummary>& meetings) {
  const auto& request = page.request();
  domain::Instant updated{};
  for (const auto& meeting : meetings) updated = std::max(updated, meeting.updated_at);
  const auto self = page.absolute(request.target);
  auto text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
      "xml:lang=\"{}\">\n"
      "<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link rel=\"self\" href=\"{}\"/>\n"
      "<link rel=\"alternate\" type=\"text/html\" "
      "href=\"{}\"/>\n<author><name>{}</name></author>\n",
      to_string(page.language()), xml(self), xml(page.text("feed.title")),
      calendar::format_rfc3339(updated, "UTC"), xml(self),
      xml(page.absolute(page.link("/kalendarz/lista"))), xml(page.text("site.name")));
  for (const auto& meeting : meetings) {
    const auto view = meeting_view(page, meeting);
    const auto url = page.absolute(view["url"].get<std::string>());
    text += fmt::format(
        "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link rel=\"alternate\" "
        "type=\"text/html\" href=\"{}\"/>\n"
        "<summary>{}</summary>\n</entry>\n",
        xml(url), xml(meeting.title), calendar::format_rfc3339(meeting.updated_at, "UTC"), xml(url),
        xml(view["when"].get<std::string>() + ". " + view["where"].get<std::string>() + ". " +
            meeting.summary));
  }
  return text + "</feed>\n";
}

Response show_atom(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  auto filter = read_meeting_filter(request);
  filter.from = domain::Date(std::chrono::floor<std::chrono::days>(
      calendar::to_wall_time(page.now(), domain::kDefaultZone)));
  Response response;
  response.set("Content-Type", "application/atom+xml; charset=utf-8");
  response.body = atom_text(
      page, list_meetings(page.environment(), visitor(), filter, {kAtomEntries, {}}).items);
  return response;
}

Response show_calendar(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  const auto source = page.absolute(page.link("/kalendarz.ics")) + filter_query(request);
  return calendar_response(
      calendar_feed(page.environment(), read_meeting_filter(request), page.language(), source),
      "kalendarz");
}

// The same few bytes for every key that is nobody's: nothing tells a revoked one, an erased person
// or a guess apart. Shared caches keep neither this nor the calendar.
Response show_personal(const Parts& parts, const Request& request) {
  const auto feed =
      personal_feed(*parts.environment, request.query_value("k"), language_of(request));
  if (!feed) {
    auto response = text_response(404, "404\n");
    response.set("Cache-Control", "no-store");
    return response;
  }
  auto response = calendar_response(*feed, "moje");
  response.set("Cache-Control", "private, max-age=300");
  return response;
}

}  // namespace

void add_feeds(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/kalendarz.ics",
      [&parts](const Request& request) { return show_calendar(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/kanal.atom",
      [&parts](const Request& request) { return show_atom(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/spotkania/{slug}.ics",
      [&parts](const Request& request) {
        const auto& slug = request.params.at("slug");
        return calendar_response(
            value_or_throw(meeting_feed(*parts.environment, slug, language_of(request))), slug);
      },
      shared_page());
  add_page(
      router, Method::get, "/cykle/{slug}.ics",
      [&parts](const Request& request) {
        const auto& slug = request.params.at("slug");
        return calendar_response(
            value_or_throw(cycle_feed(*parts.environment, slug, language_of(request))), slug);
      },
      shared_page());
  add_page(router, Method::get, "/moje.ics",
           [&parts](const Request& request) { return show_personal(parts, request); });
}

}  // namespace narada::http::pages
