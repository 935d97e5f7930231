#pragma once

#include <optional>
#include <vector>

#include "service/domain/harvest.h"
#include "service/usecases/environment.h"

// What other bases take over: practices that are published, and that they no longer are.
namespace narada::usecases {

struct HarvestPage {
  std::vector<domain::HarvestedPractice> practices;  // by changed_at and id
  std::int64_t total = 0;                            // of the selection, from its beginning on
  bool more = false;
};
HarvestPage load_harvest_page(const Environment&, domain::HarvestSelection);
std::optional<domain::HarvestedPractice> find_harvested(const Environment&, domain::PracticeId);
// Before it nothing has changed; the time now, where nothing was ever published.
domain::Instant earliest_change(const Environment&);
// The published ones, all of them.
std::vector<domain::HarvestedPractice> list_published(const Environment&);

}  // namespace narada::usecases
