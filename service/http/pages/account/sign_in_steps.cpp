#include "service/http/pages/account/sign_in_steps.h"

#include <algorithm>

#include "service/usecases/mails/return_path.h"

namespace narada::http::pages {
namespace {

bool has_code(const domain::FieldErrors& errors, std::string_view code) {
  return std::any_of(errors.begin(), errors.end(),
                     [code](const domain::FieldError& error) { return error.code == code; });
}

}  // namespace

Response form_response(const Page& page, std::string_view name, const domain::FieldErrors& errors) {
  if (has_code(errors, "too_many_tries")) {
    auto response = page.render(429, name);
    response.set("Retry-After", "60");
    return response;
  }
  if (has_code(errors, "sign_in_busy")) {
    auto response = page.render(503, name);
    response.set("Retry-After", "5");
    return response;
  }
  return page.render(errors.empty() ? 200 : 422, name);
}

void make_private(Page& page) {
  page.view()["private"] = true;
  page.view()["canonical"] = nullptr;
}

Response show_sign_in_failed(Page& page, int status, const std::string& reason,
                             std::string_view return_to) {
  make_private(page);
  page.title(page.text(reason + "_title"));
  auto& view = page.view();
  view["other_url"] = nullptr;
  view["text"] = page.text(reason);
  const auto kept = usecases::local_return_path(return_to);
  view["sign_in_url"] =
      page.link("/wejscie") + (kept.empty() ? "" : "?dalej=" + encode_component(kept));
  auto response = page.render(status, "pages/sign_in_failed");
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace narada::http::pages
