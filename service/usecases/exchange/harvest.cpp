#include "service/usecases/exchange/harvest.h"

#include <iterator>

#include "service/usecases/operations.h"
#include "sql/harvest_store.h"

namespace narada::usecases {

HarvestPage load_harvest_page(const Environment& environment, domain::HarvestSelection selection) {
  return read_database(environment, [&](storage::Connection& connection) {
    HarvestPage page;
    const auto size = static_cast<std::size_t>(selection.limit);
    auto with_next = selection;
    ++with_next.limit;  // one more tells whether there is another page
    page.practices = storage::list_harvest(connection, with_next);
    page.more = page.practices.size() > size;
    if (page.more) page.practices.pop_back();
    page.total = storage::count_harvest(connection, selection);
    return page;
  });
}

std::optional<domain::HarvestedPractice> find_harvested(const Environment& environment,
                                                        domain::PracticeId id) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_harvested(connection, id);
  });
}

domain::Instant earliest_change(const Environment& environment) {
  const auto found = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_earliest_change(connection);
  });
  return found.value_or(environment.clock->now());
}

std::vector<domain::HarvestedPractice> list_published(const Environment& environment) {
  domain::HarvestSelection selection;
  selection.with_withdrawn = false;
  std::vector<domain::HarvestedPractice> all;
  for (;;) {
    auto page = load_harvest_page(environment, selection);
    all.insert(all.end(), std::make_move_iterator(page.practices.begin()),
               std::make_move_iterator(page.practices.end()));
    if (!page.more) return all;
    selection.after = {all.back().changed_at, all.back().id};
  }
}

}  // namespace narada::usecases
