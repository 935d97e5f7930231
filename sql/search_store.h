#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/search.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

struct SearchKey {
  domain::SearchKind kind = domain::SearchKind::meeting;
  std::int64_t id = 0;
  friend auto operator<=>(const SearchKey&, const SearchKey&) = default;
};

// What everybody may read of one thing, in the parts that are weighed apart, and its facets.
// Nothing of contacts: whom to ask is no word to be found by.
struct SearchRow {
  SearchKey key;
  std::string slug;   // a material's is empty
  std::string teryt;  // of a municipality
  std::string title;
  std::string names;  // of institutions, places, experts, authors; aliases
  std::string lead;
  std::string body;
  std::string type;  // of a practice
  std::string area;  // of a practice
  std::optional<std::int64_t> topic;
  std::vector<std::int64_t> institutions;
  std::vector<std::int64_t> populations;  // of those that are municipalities
  std::optional<int> year;
  std::optional<domain::Instant> when;        // what its freshness is counted from
  std::string of;                             // what a material belongs to
  std::optional<domain::MeetingTimes> times;  // of a meeting; without its end
  std::int64_t stamp = 0;                     // changes whenever the row does
};

// Those of `kind` that everybody may read now, by id, after `after`.
std::vector<SearchRow> list_search_rows(Connection& connection, domain::SearchKind kind,
                                        std::int64_t after, int limit, domain::Instant now);
// Those of `keys` that everybody may read now, in no order.
std::vector<SearchRow> find_search_rows(Connection& connection, const std::set<SearchKey>& keys,
                                        domain::Instant now);

struct SearchStamp {
  SearchKey key;
  std::int64_t stamp = 0;
};
// Of everything that everybody may read now.
std::vector<SearchStamp> list_search_stamps(Connection& connection, domain::Instant now);

struct SearchChange {
  std::int64_t activity = 0;
  std::string subject;  // "meeting:12"
  std::string verb;
};
// Activities after `after`, at most `limit`.
std::vector<SearchChange> list_search_changes(Connection& connection, std::int64_t after,
                                              int limit);
std::int64_t newest_activity(Connection& connection);
// Materials that became readable by time or inspection within [from, until].
std::vector<std::int64_t> list_ripened_materials(Connection& connection, domain::Instant from,
                                                 domain::Instant until);
// Materials whose owner is one of `owners`.
std::vector<std::int64_t> list_materials_of(Connection& connection,
                                            const std::set<SearchKey>& owners);

// Names of institutions and topics, for the facets.
struct NamedId {
  std::int64_t id = 0;
  std::string slug;
  std::string name;
};
std::vector<NamedId> find_institution_names(Connection& connection,
                                            const std::vector<std::int64_t>& ids);

// Rises each time somebody asks for new indexes.
std::int64_t search_generation(Connection& connection);
void raise_search_generation(Connection& connection, domain::Instant now);

}  // namespace narada::storage
