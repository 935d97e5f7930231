#include "service/domain/coverage.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<Presence, 4> kPresences{{"never", "seldom", "sometimes", "often"}};
static_assert(is_complete(kPresences, Presence::often));

}  // namespace

std::string_view to_string(Presence presence) { return kPresences.name_of(presence); }

Presence presence_of(std::int64_t times) {
  constexpr std::int64_t kSometimes = 3, kOften = 6;
  if (times <= 0) return Presence::never;
  if (times < kSometimes) return Presence::seldom;
  return times < kOften ? Presence::sometimes : Presence::often;
}

CoverageNumbers& operator+=(CoverageNumbers& sum, const CoverageNumbers& more) {
  sum.came += more.came;
  sum.unmarked += more.unmarked;
  sum.cycles += more.cycles;
  sum.registered += more.registered;
  sum.hosted += more.hosted;
  return sum;
}

}  // namespace narada::domain
