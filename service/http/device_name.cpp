#include "service/http/device_name.h"

#include <array>

namespace narada::http {
namespace {

struct Mark {
  std::string_view part;
  std::string_view name;
};

// In this order: most browsers name those whose pages they also show.
constexpr std::array<Mark, 10> kBrowsers{{{"SamsungBrowser/", "Samsung Internet"},
                                          {"OPR/", "Opera"},
                                          {"Vivaldi/", "Vivaldi"},
                                          {"Edg", "Edge"},
                                          {"FxiOS/", "Firefox"},
                                          {"Firefox/", "Firefox"},
                                          {"CriOS/", "Chrome"},
                                          {"Chrome/", "Chrome"},
                                          {"Version/", "Safari"},
                                          {"curl/", "curl"}}};
constexpr std::array<Mark, 7> kSystems{{{"Android", "Android"},
                                        {"iPhone", "iPhone"},
                                        {"iPad", "iPad"},
                                        {"Windows", "Windows"},
                                        {"CrOS", "ChromeOS"},
                                        {"Macintosh", "macOS"},
                                        {"Linux", "Linux"}}};

template <std::size_t count>
std::string_view find_name(std::string_view text, const std::array<Mark, count>& marks) {
  for (const auto& mark : marks)
    if (text.find(mark.part) != std::string_view::npos) return mark.name;
  return {};
}

}  // namespace

std::string device_name(std::string_view user_agent) {
  std::string name(find_name(user_agent, kBrowsers));
  const auto system = find_name(user_agent, kSystems);
  if (!name.empty() && !system.empty()) name += ", ";
  return name.append(system);
}

}  // namespace narada::http
