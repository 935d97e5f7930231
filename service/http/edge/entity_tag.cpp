#include "service/http/edge/entity_tag.h"

#include <utility>

namespace narada::http::edge {
namespace {

std::string_view without_weakness(std::string_view etag) {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

}  // namespace

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  const auto opaque = without_weakness(etag);
  while (!if_none_match.empty()) {
    const char c = if_none_match.front();
    if (c == ' ' || c == '\t' || c == ',') {
      if_none_match.remove_prefix(1);
      continue;
    }
    if (c == '*') return true;
    auto candidate = without_weakness(if_none_match);
    if (candidate.empty() || candidate.front() != '"') return false;
    const auto end = candidate.find('"', 1);
    if (end == std::string_view::npos) return false;
    if (candidate.substr(0, end + 1) == opaque) return true;
    if_none_match = candidate.substr(end + 1);
  }
  return false;
}

void apply_etag(const Request& request, Response& response, std::string etag) {
  if (response.status != 200) return;
  const bool safe = request.method == Method::get || request.method == Method::head;
  bool matches = false;
  for (const auto& [name, value] : request.headers) {
    if (name == "if-none-match" && etag_matches(value, etag)) matches = true;
  }
  response.set("ETag", std::move(etag));
  if (!safe || !matches) return;
  response.status = 304;
  response.body = std::string();
}

}  // namespace narada::http::edge
