#include "service/http/pages/atom.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/zone.h"
#include "service/http/pages/views.h"
#include "web/safe_html.h"

namespace narada::http::pages {
namespace {

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

}  // namespace

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

AtomEntry entry_of(const Page& page, const domain::CataloguedPractice& practice) {
  const auto view = practice_view(page, practice);
  AtomEntry entry;
  entry.url = page.absolute(view["url"].get<std::string>());
  entry.id = entry.url;
  entry.title = view["title"].get<std::string>();
  entry.summary = view["lead"].get<std::string>();
  if (practice.practice.topic) entry.topic = practice.practice.topic->name;
  entry.updated = practice.updated_at;
  return entry;
}

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

Response atom_response(std::string text) {
  Response response;
  response.set("Content-Type", "application/atom+xml; charset=utf-8");
  response.body = std::move(text);
  return response;
}

}  // namespace narada::http::pages
