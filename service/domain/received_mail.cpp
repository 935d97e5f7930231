#include "service/domain/received_mail.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<ReceivedKind, 11> kKinds{{"reply", "counter", "delegation", "refresh",
                                              "free_text", "bounce", "complaint", "auto_reply",
                                              "loop", "empty", "unknown"}};
static_assert(is_complete(kKinds, ReceivedKind::unknown));

constexpr EnumNames<ReceivedEffect, 24> kEffects{
    {"accepted",     "tentative", "declined", "place_freed",  "place_gone", "told",
     "proposed",     "repaired",  "marked",   "bounced",      "counted",    "delivered",
     "opted_out",    "automatic", "looped",   "said_nothing", "no_proof",   "wrong_meeting",
     "other_person", "stale",     "older",    "withdrawn",    "not_active", "forgotten"}};
static_assert(is_complete(kEffects, ReceivedEffect::forgotten));

constexpr EnumNames<CalendarAnswer, 4> kAnswers{{"accepted", "tentative", "declined", "delegated"}};
static_assert(is_complete(kAnswers, CalendarAnswer::delegated));

}  // namespace

std::string_view to_string(ReceivedKind kind) { return kKinds.name_of(kind); }
std::optional<ReceivedKind> find_received_kind(std::string_view name) { return kKinds.find(name); }
std::string_view to_string(ReceivedEffect effect) { return kEffects.name_of(effect); }
std::optional<ReceivedEffect> find_received_effect(std::string_view name) {
  return kEffects.find(name);
}
std::string_view to_string(CalendarAnswer answer) { return kAnswers.name_of(answer); }
std::optional<CalendarAnswer> find_calendar_answer(std::string_view name) {
  return kAnswers.find(name);
}

}  // namespace narada::domain
