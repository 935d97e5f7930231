#include "service/domain/meeting_statistics.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>

namespace narada::domain {
namespace {

std::vector<SharedNumbers> numbers_by(
    const std::vector<OfficeNumbers>& offices,
    const std::function<std::string(const OfficeNumbers&)>& key_of) {
  std::map<std::string, SharedNumbers> by_key;
  for (const auto& office : offices) {
    const std::string key = key_of(office);
    if (office.id.value == 0 || office.people() == 0 || key.empty()) continue;
    auto& numbers = by_key[key];
    numbers.key = key;
    ++numbers.offices;
    numbers.people += office.people();
  }
  std::vector<SharedNumbers> all;
  for (auto& [key, numbers] : by_key) all.push_back(std::move(numbers));
  std::stable_sort(all.begin(), all.end(), [](const SharedNumbers& a, const SharedNumbers& b) {
    return a.offices > b.offices;
  });
  return all;
}

}  // namespace

std::vector<SharedNumbers> numbers_by_kind(const std::vector<OfficeNumbers>& offices) {
  return numbers_by(
      offices, [](const OfficeNumbers& office) { return std::string(to_string(office.kind)); });
}

std::vector<SharedNumbers> numbers_by_county(const std::vector<OfficeNumbers>& offices) {
  return numbers_by(offices, [](const OfficeNumbers& office) { return office.county; });
}

std::vector<OfficeNumbers> newcomers(const std::vector<OfficeNumbers>& offices) {
  std::vector<OfficeNumbers> found;
  std::copy_if(offices.begin(), offices.end(), std::back_inserter(found),
               [](const OfficeNumbers& office) {
                 return is_municipality(office.kind) && office.people() > 0 && !office.came_before;
               });
  return found;
}

}  // namespace narada::domain
