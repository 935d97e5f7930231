#include "service/usecases/meetings/references.h"

#include <algorithm>

#include "service/usecases/slug.h"
#include "sql/cycle_store.h"
#include "sql/expert_store.h"
#include "sql/institution_store.h"
#include "sql/practice_store.h"
#include "sql/topic_store.h"

namespace narada::usecases {
namespace {

template <class Find>
auto find_by_key(FieldChecks& checks, std::string_view field, const std::string& key,
                 std::string_view code, Find find) -> decltype(find()) {
  if (key.empty()) return std::nullopt;
  auto found = could_be_key(key) ? find() : std::nullopt;
  if (!found) checks.add(field, code);
  return found;
}

template <class Item, class Find>
std::vector<Item> find_all(FieldChecks& checks, std::string_view field,
                           const std::vector<std::string>& keys, std::size_t max, Find find) {
  std::vector<Item> items;
  if (!checks.check_count(field, keys.size(), max)) return items;
  for (std::size_t index = 0; index < keys.size(); ++index) {
    const std::string name = std::string(field) + '[' + std::to_string(index) + ']';
    if (keys[index].empty()) checks.add(name, "required");
    auto item = find(name, keys[index]);
    const bool is_new = item && std::none_of(items.begin(), items.end(), [&](const Item& earlier) {
                          return earlier.id == item->id;
                        });
    if (is_new) items.push_back(std::move(*item));
  }
  return items;
}

}  // namespace

std::optional<domain::TopicRef> References::find_topic(FieldChecks& checks, std::string_view field,
                                                       const std::string& key) {
  return find_by_key(checks, field, key, "unknown_topic",
                     [&] { return storage::find_topic(connection_, key); });
}

std::optional<domain::CycleRef> References::find_cycle(FieldChecks& checks, std::string_view field,
                                                       const std::string& key) {
  return find_by_key(checks, field, key, "unknown_cycle",
                     [&] { return storage::find_cycle_ref(connection_, key); });
}

std::optional<domain::InstitutionRef> References::find_institution(FieldChecks& checks,
                                                                   std::string_view field,
                                                                   const std::string& key) {
  return find_by_key(checks, field, key, "unknown_institution", [&] {
    const auto [found, is_new] = institutions_.try_emplace(key);
    if (is_new) found->second = storage::find_institution_ref(connection_, key);
    return found->second;
  });
}

std::optional<domain::ExpertRef> References::find_expert(FieldChecks& checks,
                                                         std::string_view field,
                                                         const std::string& key) {
  return find_by_key(checks, field, key, "unknown_expert", [&] {
    const auto [found, is_new] = experts_.try_emplace(key);
    if (is_new) found->second = storage::find_expert(connection_, key);
    return found->second;
  });
}

std::vector<domain::InstitutionRef> References::find_institutions(
    FieldChecks& checks, std::string_view field, const std::vector<std::string>& keys,
    std::size_t max) {
  return find_all<domain::InstitutionRef>(checks, field, keys, max,
                                          [&](const std::string& name, const std::string& key) {
                                            return find_institution(checks, name, key);
                                          });
}

std::vector<domain::ExpertRef> References::find_experts(FieldChecks& checks, std::string_view field,
                                                        const std::vector<std::string>& keys,
                                                        std::size_t max) {
  return find_all<domain::ExpertRef>(checks, field, keys, max,
                                     [&](const std::string& name, const std::string& key) {
                                       return find_expert(checks, name, key);
                                     });
}

std::vector<domain::PracticeRef> References::find_practices(FieldChecks& checks,
                                                            std::string_view field,
                                                            const std::vector<std::string>& keys,
                                                            std::size_t max) {
  return find_all<domain::PracticeRef>(
      checks, field, keys, max, [&](const std::string& name, const std::string& key) {
        return find_by_key(checks, name, key, "unknown_practice",
                           [&] { return storage::find_practice_ref(connection_, key); });
      });
}

}  // namespace narada::usecases
