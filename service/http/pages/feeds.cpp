#include "service/usecases/feeds.h"

#include <fmt/format.h>

#include "calendar/zone.h"
#include "service/http/pages/atom.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/filters.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/free_busy.h"
#include "service/usecases/people/personal_feed.h"

namespace narada::http::pages {
namespace {

constexpr int kAtomEntries = 30;

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
