#include <array>
#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/list_names.h"
#include "service/usecases/materials/material_search.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/practices/practices.h"

namespace narada::http::api {
namespace {

using web::View;

// Things of one kind that fit the words, as search items, from `page.cursor` on.
struct Found {
  std::vector<View> items;
  std::optional<std::string> next;
};

View found_item(std::string_view kind, std::int64_t id, const std::string& slug,
                const std::string& title, const std::string& summary, View url) {
  return {{"kind", kind},   {"id", id},           {"slug", slug},
          {"title", title}, {"summary", summary}, {"url", std::move(url)}};
}

template <class T, class Write>
Found found_of(const usecases::PageOf<T>& page, const Write& write) {
  Found found;
  for (const T& item : page.items) found.items.push_back(write(item));
  found.next = page.next;
  return found;
}

Found find_meetings(const Context& context, const std::string& q,
                    const usecases::PageRequest& page) {
  usecases::MeetingFilter filter;
  filter.q = q;
  filter.newest_first = true;
  return found_of(usecases::list_meetings(context.environment(), context.actor(), filter, page),
                  [&](const domain::MeetingSummary& meeting) {
                    View item =
                        found_item("meeting", meeting.id.value, meeting.slug, meeting.title,
                                   meeting.summary, context.url("/spotkania/", meeting.slug));
                    item["starts_at"] = start_view(meeting.times);
                    item["tzid"] = meeting.times.tzid;
                    return item;
                  });
}

Found find_cycles(const Context& context, const std::string& q, const usecases::PageRequest& page) {
  usecases::CycleFilter filter;
  filter.q = q;
  return found_of(usecases::list_cycles(context.environment(), context.actor(), filter, page),
                  [&](const domain::CycleSummary& cycle) {
                    return found_item("cycle", cycle.id.value, cycle.slug, cycle.title,
                                      cycle.summary, context.url("/cykle/", cycle.slug));
                  });
}

Found find_practices(const Context& context, const std::string& q,
                     const usecases::PageRequest& page) {
  usecases::PracticeFilter filter;
  filter.q = q;
  return found_of(usecases::list_practices(context.environment(), context.actor(), filter, page),
                  [&](const domain::PracticeSummary& practice) {
                    return found_item("practice", practice.id.value, practice.slug, practice.title,
                                      practice.lead, context.url("/praktyki/", practice.slug));
                  });
}

Found find_materials(const Context& context, const std::string& q,
                     const usecases::PageRequest& page) {
  return found_of(usecases::search_materials(context.environment(), q, page),
                  [&](const usecases::FoundMaterial& material) {
                    return found_item("material", material.id.value,
                                      std::to_string(material.id.value), material.title,
                                      material.snippet, context.url(material.path, ""));
                  });
}

Found find_institutions(const Context& context, const std::string& q,
                        const usecases::PageRequest& page) {
  usecases::InstitutionFilter filter;
  filter.q = q;
  return found_of(usecases::list_institutions(context.environment(), filter, page),
                  [&](const domain::Institution& institution) {
                    View item = found_item("institution", institution.id.value, institution.slug,
                                           institution.name, institution.county, nullptr);
                    item["teryt"] = institution.teryt ? View(*institution.teryt) : View();
                    return item;
                  });
}

struct SearchedKind {
  std::string_view name;
  std::string_view list;  // whose cursors it goes on by
  Found (*find)(const Context&, const std::string& q, const usecases::PageRequest&);
};
constexpr std::array kSearchedKinds{
    SearchedKind{"meeting", usecases::kNewestMeetingList, find_meetings},
    SearchedKind{"cycle", usecases::kCycleList, find_cycles},
    SearchedKind{"practice", usecases::kPracticeList, find_practices},
    SearchedKind{"material", usecases::kMaterialList, find_materials},
    SearchedKind{"institution", usecases::kInstitutionList, find_institutions}};

std::optional<std::size_t> find_searched_kind(std::string_view name) {
  for (std::size_t index = 0; index < kSearchedKinds.size(); ++index) {
    if (kSearchedKinds[index].name == name) return index;
  }
  return std::nullopt;
}

// Kinds follow one another; a cursor is "kind:cursor of its list", the second part empty at the
// beginning of a kind.
struct SearchPlace {
  std::size_t kind = 0;
  std::optional<std::string> cursor;

  std::string text() const {
    return std::string(kSearchedKinds[kind].name) + ":" + cursor.value_or("");
  }
};

std::optional<SearchPlace> parse_search_place(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto kind = find_searched_kind(text.substr(0, colon));
  if (!kind) return std::nullopt;
  SearchPlace place{*kind, std::nullopt};
  if (colon + 1 == text.size()) return place;
  place.cursor = text.substr(colon + 1);
  if (!usecases::is_cursor_of(kSearchedKinds[*kind].list, *place.cursor)) return std::nullopt;
  return place;
}

// Fills `items` to the limit; where to go on, or nothing when the end was reached.
std::optional<SearchPlace> search_from(const Context& context, const std::string& q,
                                       SearchPlace place, std::size_t last_kind, int limit,
                                       View& items) {
  for (; place.kind <= last_kind; place = {place.kind + 1, std::nullopt}) {
    const int room = limit - static_cast<int>(items.size());
    if (room == 0) return place;
    Found found = kSearchedKinds[place.kind].find(context, q, {room, place.cursor});
    for (View& item : found.items) items.push_back(std::move(item));
    if (found.next) return SearchPlace{place.kind, std::move(found.next)};
  }
  return std::nullopt;
}

Response search(const Context& context) {
  QueryReader query(context.request());
  const std::string q = query.text("q");
  const auto only = query.name("kind", find_searched_kind);
  const auto page = query.page_with_own_cursor();
  if (q.find_first_not_of(" \t") == std::string::npos) query.refuse("q", "required");
  std::optional<SearchPlace> place = SearchPlace{only.value_or(0), std::nullopt};
  if (page.cursor) place = parse_search_place(*page.cursor);
  if (!place) query.refuse("cursor", "invalid_cursor");
  query.check();
  View items = View::array();
  const std::size_t last_kind = only.value_or(kSearchedKinds.size() - 1);
  const auto next = search_from(context, q, *place, last_kind, page.limit, items);
  return answer(200, {{"items", std::move(items)}, {"next", next ? View(next->text()) : View()}});
}

}  // namespace

void add_search_routes(Router& router, const usecases::Environment& environment) {
  add_public_read(router, environment, "/api/v1/search", search);
}

}  // namespace narada::http::api
