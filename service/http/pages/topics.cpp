// What there is of each thematic group, in one place.

#include <algorithm>

#include "calendar/zone.h"
#include "service/http/pages/atom.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/document_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/materials/public_documents.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/practices/practice_catalogue.h"

namespace narada::http::pages {
namespace {

constexpr int kOnPage = 6;
constexpr int kAtomEntries = 30;  // of each kind

domain::Date today(const Page& page) {
  return domain::Date(std::chrono::floor<std::chrono::days>(
      calendar::to_wall_time(page.now(), domain::kDefaultZone)));
}

// "3 spotkania · 1 cykl · 12 praktyk"
std::string counts_text(const Page& page, const domain::TopicCount& one) {
  std::string text;
  const auto add = [&](std::string_view key, std::int64_t count) {
    if (count > 0) text += (text.empty() ? "" : " · ") + page.text(key, {{"count", count}});
  };
  add("topics.meetings", one.meetings);
  add("topics.cycles", one.cycles);
  add("topics.practices", one.practices);
  add("topics.documents", one.documents);
  return text;
}

Response list_all(const Parts& parts, const Request& request) {
  Page page(parts, request);
  page.title(page.text("topics.title"));
  page.view()["description"] = page.text("topics.lead");
  web::View topics = web::View::array();
  for (const auto& one : list_topic_counts(page.environment()))
    topics.push_back({{"url", page.link("/tematy/" + one.topic.slug)},
                      {"name", topic_name(page, one.topic)},
                      {"counts", counts_text(page, one)}});
  page.view()["topics"] = std::move(topics);
  return page.render(200, "pages/topic_list");
}

std::vector<domain::MeetingSummary> meetings_of(const Page& page, const domain::TopicRef& topic,
                                                bool past) {
  usecases::MeetingFilter filter;
  filter.topic = topic.slug;
  if (past) {
    filter.to = domain::Date(std::chrono::local_days(today(page)) - std::chrono::days(1));
    filter.newest_first = true;
  } else {
    filter.from = today(page);
  }
  return list_meetings(page.environment(), visitor(), filter, {kOnPage, {}}).items;
}

web::View cycles_of(const Page& page, const domain::TopicRef& topic) {
  usecases::CycleFilter filter;
  filter.topic = topic.slug;
  web::View views = web::View::array();
  for (const auto& cycle : list_cycles(page.environment(), visitor(), filter, {kOnPage, {}}).items)
    views.push_back(cycle_view(page, cycle));
  return views;
}

void add_contents(Page& page, const domain::TopicRef& topic) {
  auto& view = page.view();
  const auto& environment = page.environment();
  view["coming"] = meeting_views(page, meetings_of(page, topic, false));
  view["past"] = meeting_views(page, meetings_of(page, topic, true));
  view["cycles"] = cycles_of(page, topic);
  usecases::CatalogueFilter practices;
  practices.topic = topic.slug;
  view["practices"] = practice_views(page, list_catalogue(environment, practices, kOnPage));
  usecases::DocumentFilter documents;
  documents.topic = topic.slug;
  view["documents"] = document_views(page, list_public_documents(environment, documents, kOnPage));
  view["has_contents"] = !view["coming"].empty() || !view["past"].empty() ||
                         !view["cycles"].empty() || !view["practices"].empty() ||
                         !view["documents"].empty();
}

Response show_topic(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto topic = value_or_throw(find_topic(page.environment(), request.params.at("slug")));
  if (topic.slug != request.params.at("slug"))
    return redirect(301, page.link("/tematy/" + topic.slug));
  const auto name = topic_name(page, topic);
  page.title(name);
  page.crumb(page.text("topics.title"), "/tematy");
  auto& view = page.view();
  view["topic"] = {{"name", name}, {"slug", topic.slug}};
  add_contents(page, topic);
  const auto query = "?temat=" + encode_component(topic.slug);
  view["subscribe"] = subscription_links(page, query);
  view["atom_url"] = page.link("/tematy/" + topic.slug + ".atom");
  view["feeds"] = {
      {{"url", view["atom_url"]}, {"title", page.text("topics.feed", {{"topic", name}})}}};
  view["meetings_url"] = page.link("/kalendarz/lista" + query);
  view["practices_url"] = page.link("/praktyki" + query);
  view["documents_url"] = page.link("/dokumenty" + query);
  return page.render(200, "pages/topic");
}

AtomEntry entry_of(const Page& page, const domain::PublicDocument& document) {
  AtomEntry entry;
  entry.url = page.absolute(page.link("/materialy/" + std::to_string(document.id.value)));
  entry.id = entry.url;
  entry.title = document.title;
  entry.summary = document.description.empty() ? document.owner_title : document.description;
  entry.updated = document.updated_at;
  return entry;
}

// Meetings to come, practices and documents together, what has changed last first.
Response show_atom(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  const auto& environment = page.environment();
  const auto topic = value_or_throw(find_topic(environment, request.params.at("slug")));
  std::vector<AtomEntry> entries;
  usecases::MeetingFilter meetings;
  meetings.topic = topic.slug;
  meetings.from = today(page);
  for (const auto& meeting :
       list_meetings(environment, visitor(), meetings, {kAtomEntries, {}}).items)
    entries.push_back(pages::entry_of(page, meeting));
  usecases::CatalogueFilter practices;
  practices.topic = topic.slug;
  practices.order = domain::PracticeOrder::changed;
  for (const auto& practice : list_catalogue(environment, practices, kAtomEntries))
    entries.push_back(pages::entry_of(page, practice));
  usecases::DocumentFilter documents;
  documents.topic = topic.slug;
  for (const auto& document : list_public_documents(environment, documents, kAtomEntries))
    entries.push_back(entry_of(page, document));
  std::stable_sort(entries.begin(), entries.end(), [](const auto& left, const auto& right) {
    return left.updated > right.updated;
  });
  const auto path = "/tematy/" + topic.slug;
  return atom_response(write_atom(
      page, page.text("topics.feed", {{"topic", topic_name(page, topic)}}),
      page.absolute(page.link(path + ".atom")), page.absolute(page.link(path)), entries));
}

}  // namespace

void add_topic_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/tematy",
      [&parts](const Request& request) { return list_all(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/tematy/{slug}",
      [&parts](const Request& request) { return show_topic(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/tematy/{slug}.atom",
      [&parts](const Request& request) { return show_atom(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
