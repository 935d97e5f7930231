#include "service/http/read_observer.h"

#include <array>
#include <optional>

namespace narada::http {
namespace {

struct CountedPage {
  std::string_view pattern;  // without "/en"
  std::string_view parameter;
  domain::ReadKind kind;
};
constexpr std::array<CountedPage, 4> kCounted = {{
    {"/praktyki/{slug}", "slug", domain::ReadKind::practice},
    {"/spotkania/{slug}", "slug", domain::ReadKind::meeting},
    {"/cykle/{slug}", "slug", domain::ReadKind::cycle},
    {"/materialy/{id}", "id", domain::ReadKind::material},
}};

std::optional<CountedPage> find_counted(std::string_view pattern) {
  if (pattern.starts_with("/en/")) pattern.remove_prefix(3);
  for (const auto& page : kCounted)
    if (page.pattern == pattern) return page;
  return std::nullopt;
}

bool is_ahead_of_a_click(const Request& request) {
  for (const auto name : {"sec-purpose", "purpose", "x-moz"})
    if (request.header(name).find("prefetch") != std::string_view::npos) return true;
  return false;
}

}  // namespace

void note_reading(usecases::ReadCounter& counter, const Request& request,
                  const Router::Match& match, int status, domain::Instant now) {
  // 304: the reader has the page already, and looks at it again.
  if (request.method != Method::get || (status != 200 && status != 304)) return;
  const auto page = find_counted(match.pattern);
  if (!page || is_ahead_of_a_click(request)) return;
  if (domain::is_robot(request.header("user-agent"))) return;
  const auto key = match.params.find(page->parameter);
  if (key != match.params.end()) counter.count(page->kind, key->second, now);
}

}  // namespace narada::http
