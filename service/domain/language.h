#pragma once

#include <optional>
#include <string_view>

namespace narada::domain {

// The languages of the interface and of mails. Polish is the first; anything unknown reads Polish.
enum class Language { pl, en };

constexpr std::string_view to_string(Language language) {
  return language == Language::en ? "en" : "pl";
}

constexpr Language language_or_polish(std::string_view tag) {
  return tag.substr(0, 2) == "en" ? Language::en : Language::pl;
}

}  // namespace narada::domain
