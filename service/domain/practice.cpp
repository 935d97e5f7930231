#include "service/domain/practice.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<PracticeType, 7> kTypes{
    {"procedural", "investment", "it", "social", "organizational", "promotional", "project"}};
static_assert(is_complete(kTypes, PracticeType::project));

constexpr EnumNames<PracticeArea, 7> kAreas{
    {"social_services", "technical_services", "institutional_development", "energy_efficiency",
     "ngo_cooperation", "intermunicipal_cooperation", "social_dialogue"}};
static_assert(is_complete(kAreas, PracticeArea::social_dialogue));

constexpr EnumNames<PracticeOrigin, 3> kOrigins{{"metropolis", "poland", "abroad"}};
static_assert(is_complete(kOrigins, PracticeOrigin::abroad));

constexpr EnumNames<PracticeState, 3> kStates{{"in_progress", "implemented", "completed"}};
static_assert(is_complete(kStates, PracticeState::completed));

constexpr EnumNames<PracticeStatus, 2> kStatuses{{"draft", "published"}};
static_assert(is_complete(kStatuses, PracticeStatus::published));

}  // namespace

std::string_view to_string(PracticeType type) { return kTypes.name_of(type); }
std::string_view to_string(PracticeArea area) { return kAreas.name_of(area); }
std::string_view to_string(PracticeOrigin origin) { return kOrigins.name_of(origin); }
std::string_view to_string(PracticeState state) { return kStates.name_of(state); }
std::string_view to_string(PracticeStatus status) { return kStatuses.name_of(status); }

std::optional<PracticeType> find_practice_type(std::string_view name) { return kTypes.find(name); }

std::optional<PracticeArea> find_practice_area(std::string_view name) { return kAreas.find(name); }

std::optional<PracticeOrigin> find_practice_origin(std::string_view name) {
  return kOrigins.find(name);
}

std::optional<PracticeState> find_practice_state(std::string_view name) {
  return kStates.find(name);
}

std::optional<PracticeStatus> find_practice_status(std::string_view name) {
  return kStatuses.find(name);
}

}  // namespace narada::domain
