#include "service/domain/file_facts.h"

#include <algorithm>
#include <array>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<FileState, 4> kStates{{"waiting", "ready", "refused", "lost"}};
static_assert(is_complete(kStates, FileState::lost));

constexpr EnumNames<FileRefusal, 10> kRefusals{{"empty", "infected", "macros", "unsafe_paths",
                                                "bomb", "mislabelled", "forbidden_type", "damaged",
                                                "encrypted", "unscanned"}};
static_assert(is_complete(kRefusals, FileRefusal::unscanned));

constexpr EnumNames<AccessibilityFault, 6> kFaults{
    {"no_tags", "no_title", "no_language", "no_text", "no_alt_text", "old_format"}};
static_assert(is_complete(kFaults, AccessibilityFault::old_format));

constexpr std::array<std::string_view, 5> kShown = {"application/pdf", "image/gif", "image/jpeg",
                                                    "image/png", "image/webp"};

}  // namespace

std::string_view to_string(FileState state) { return kStates.name_of(state); }
std::optional<FileState> find_file_state(std::string_view name) { return kStates.find(name); }

std::string_view to_string(FileRefusal refusal) { return kRefusals.name_of(refusal); }
std::optional<FileRefusal> find_file_refusal(std::string_view name) { return kRefusals.find(name); }

std::string_view to_string(AccessibilityFault fault) { return kFaults.name_of(fault); }
std::optional<AccessibilityFault> find_accessibility_fault(std::string_view name) {
  return kFaults.find(name);
}

bool is_shown_inline(std::string_view media_type) {
  return std::find(kShown.begin(), kShown.end(), media_type) != kShown.end();
}

}  // namespace narada::domain
