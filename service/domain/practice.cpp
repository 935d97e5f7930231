#include "service/domain/practice.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<PracticeType, 7> kPracticeTypes{
    {"procedural", "investment", "it", "social", "organizational", "promotional", "project"}};
static_assert(is_complete(kPracticeTypes, PracticeType::project));

constexpr EnumNames<PracticeArea, 7> kPracticeAreas{
    {"social_services", "technical_services", "institutional_development", "energy_efficiency",
     "ngo_cooperation", "intermunicipal_cooperation", "social_dialogue"}};
static_assert(is_complete(kPracticeAreas, PracticeArea::social_dialogue));

constexpr EnumNames<PracticeOrigin, 3> kPracticeOrigins{{"metropolis", "poland", "abroad"}};
static_assert(is_complete(kPracticeOrigins, PracticeOrigin::abroad));

constexpr EnumNames<PracticeState, 3> kPracticeStates{{"in_progress", "implemented", "completed"}};
static_assert(is_complete(kPracticeStates, PracticeState::completed));

constexpr EnumNames<PracticeStatus, 5> kPracticeStatuses{
    {"draft", "submitted", "checked", "published", "archived"}};
static_assert(is_complete(kPracticeStatuses, PracticeStatus::archived));

}  // namespace

std::string_view to_string(PracticeType type) { return kPracticeTypes.name_of(type); }
std::string_view to_string(PracticeArea area) { return kPracticeAreas.name_of(area); }
std::string_view to_string(PracticeOrigin origin) { return kPracticeOrigins.name_of(origin); }
std::string_view to_string(PracticeState state) { return kPracticeStates.name_of(state); }
std::string_view to_string(PracticeStatus status) { return kPracticeStatuses.name_of(status); }

std::optional<PracticeType> find_practice_type(std::string_view name) {
  return kPracticeTypes.find(name);
}

std::optional<PracticeArea> find_practice_area(std::string_view name) {
  return kPracticeAreas.find(name);
}

std::optional<PracticeOrigin> find_practice_origin(std::string_view name) {
  return kPracticeOrigins.find(name);
}

std::optional<PracticeState> find_practice_state(std::string_view name) {
  return kPracticeStates.find(name);
}

std::optional<PracticeStatus> find_practice_status(std::string_view name) {
  return kPracticeStatuses.find(name);
}

}  // namespace narada::domain
