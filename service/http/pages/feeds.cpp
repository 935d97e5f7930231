#include "service/usecases/feeds.h"

#include <fmt/format.h>

#include "calendar/zone.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/filters.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/free_busy.h"
#include "service/usecases/people/personal_feed.h"
#include "web/safe_html.h"

namespace narada::http::pages {
namespace {

constexpr int kAtomEntries = 30;

struct AtomEntry {
  std::string id;  // absolute, and the same as long as the thing exists
  std::string title;
  std::string url;
  std::string summary;
  std::string topic;  // empty: none
  domain::Instant updated{};
};

std::string write_entry(const AtomEntry& entry) {
  const auto category =
      entry.topic.empty() ? ""
                          : fmt::format("<category term=\"{}\"/>\n", web::escape_html(entry.topic));
  return fmt::format(
      "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n{}<link rel=\"alternate\" "
      "type=\"text/html\" href=\"{}\"/>\n<summary>{}</summary>\n</entry>\n",
      web::escape_html(entry.id), web::escape_html(entry.title),
      calendar::format_rfc3339(entry.updated, "UTC"), category, web::escape_html(entry.url),
      web::escape_html(entry.summary));
}

// RFC 4287. `self`: its own address; `site`: the page that it tells of.
std::string write_atom(const Page& page, const std::string& title, const std::string& self,
                       const std::string& site, const std::vector<AtomEntry>& entries) {
  domain::Instant updated{};
  for (const auto& entry : entries) updated = std::max(updated, entry.updated);
  auto text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
      "xml:lang=\"{}\">\n"
      "<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link rel=\"self\" href=\"{}\"/>\n"
      "<link rel=\"alternate\" type=\"text/html\" "
      "href=\"{}\"/>\n<author><name>{}</name></author>\n",
      to_string(page.language()), web::escape_html(self), web::escape_html(title),
      calendar::format_rfc3339(updated, "UTC"), web::escape_html(self), web::escape_html(site),
      web::escape_html(page.text("site.name")));
  for (const auto& entry : entries) text += write_entry(entry);
  return text + "</feed>\n";
}

AtomEntry entry_of(const Page& page, const domain::MeetingSummary& meeting) {
  const auto view = meeting_view(page, meeting);
  AtomEntry entry;
  entry.url = page.absolute(view["url"].get<std::string>());
  entry.id = entry.url;
  entry.title = meeting.status == domain::MeetingStatus::cancelled
                    ? page.text("feed.cancelled", {{"title", meeting.title}})
                    : meeting.title;
  entry.summary = view["when"].get<std::string>() + ". " + view["where"].get<std::string>() + ". " +
                  meeting.summary;
  if (meeting.topic) entry.topic = meeting.topic->name;
  entry.updated = meeting.updated_at;
  return entry;
}

Response atom_response(std::string text) {
  Response response;
  response.set("Content-Type", "application/atom+xml; charset=utf-8");
  response.body = std::move(text);
  return response;
}

// The meetings of the filter that are to come, by their days; called-off ones say so.
Response show_atom(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  auto filter = read_meeting_filter(request);
  filter.from = domain::Date(std::chrono::floor<std::chrono::days>(
      calendar::to_wall_time(page.now(), domain::kDefaultZone)));
  std::vector<AtomEntry> entries;
  for (const auto& meeting :
       list_meetings(page.environment(), visitor(), filter, {kAtomEntries, {}}).items) {
    entries.push_back(entry_of(page, meeting));
  }
  return atom_response(write_atom(page, page.text("feed.title"), page.absolute(request.target),
                                  page.absolute(page.link("/kalendarz/lista")), entries));
}

Response show_calendar(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  const auto source = page.absolute(page.link("/kalendarz.ics")) + filter_query(request);
  return calendar_response(
      calendar_feed(page.environment(), read_meeting_filter(request), page.language(), source),
      "kalendarz.ics");
}

// The same few bytes for every key that is nobody's: nothing tells a revoked one, an erased person
// or a guess apart. Shared caches keep neither this nor what a key opens.
Response private_response(std::optional<Response> found) {
  if (!found) {
    auto response = text_response(404, "404\n");
    response.set("Cache-Control", "no-store");
    return response;
  }
  found->set("Cache-Control", "private, max-age=300");
  return *std::move(found);
}

Response show_personal(const Parts& parts, const Request& request) {
  const auto feed =
      personal_feed(*parts.environment, request.query_value("k"), language_of(request));
  if (!feed) return private_response({});
  return private_response(calendar_response(*feed, "moje.ics"));
}

Response show_free_busy(const Parts& parts, const Request& request) {
  const auto feed = usecases::personal_free_busy(*parts.environment, request.query_value("k"));
  if (!feed) return private_response({});
  return private_response(calendar_response(*feed, "zajetosc.ifb"));
}

// The address with the key stands nowhere in it: people send entries on.
Response show_personal_atom(const Parts& parts, const Request& request) {
  const auto news = usecases::personal_news(*parts.environment, request.query_value("k"));
  if (!news) return private_response({});
  const Page page(parts, request);
  std::vector<AtomEntry> entries;
  for (const auto& one : *news) {
    auto entry = entry_of(page, one.meeting);
    entry.id = page.absolute(fmt::format("/moje/zgloszenia/{}", one.registration.value));
    entry.updated = one.updated_at;
    entry.summary = word(page, "registration_status", to_string(one.status)) + ". " + entry.summary;
    entries.push_back(std::move(entry));
  }
  const auto mine = page.absolute(page.link("/moje"));
  return private_response(
      atom_response(write_atom(page, page.text("my.title"), mine, mine, entries)));
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
            value_or_throw(meeting_feed(*parts.environment, slug, language_of(request))),
            slug + ".ics");
      },
      shared_page());
  add_page(
      router, Method::get, "/cykle/{slug}.ics",
      [&parts](const Request& request) {
        const auto& slug = request.params.at("slug");
        return calendar_response(
            value_or_throw(cycle_feed(*parts.environment, slug, language_of(request))),
            slug + ".ics");
      },
      shared_page());
  add_page(router, Method::get, "/moje.ics",
           [&parts](const Request& request) { return show_personal(parts, request); });
  add_page(router, Method::get, "/moje.ifb",
           [&parts](const Request& request) { return show_free_busy(parts, request); });
  add_page(router, Method::get, "/moje.atom",
           [&parts](const Request& request) { return show_personal_atom(parts, request); });
}

}  // namespace narada::http::pages
