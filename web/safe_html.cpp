#include "web/safe_html.h"

#include <utility>

namespace narada::web {
namespace {

constexpr const char* kMark = "safe_html";

}  // namespace

View safe_html(std::string html) { return {{kMark, std::move(html)}}; }

const std::string* find_safe_html(const View& value) {
  if (!value.is_object() || value.size() != 1) return nullptr;
  const auto found = value.find(kMark);
  return found != value.end() && found->is_string() ? &found->get_ref<const std::string&>()
                                                    : nullptr;
}

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace narada::web
