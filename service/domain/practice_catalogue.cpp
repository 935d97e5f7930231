#include "service/domain/practice_catalogue.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<PracticeOrder, 5> kOrders{
    {"newest", "changed", "title", "implemented", "most_read"}};
static_assert(is_complete(kOrders, PracticeOrder::most_read));

}  // namespace

std::string_view to_string(PracticeOrder order) { return kOrders.name_of(order); }

std::optional<PracticeOrder> find_practice_order(std::string_view name) {
  return kOrders.find(name);
}

}  // namespace narada::domain
