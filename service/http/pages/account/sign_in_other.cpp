// The ways to sign in besides the link in a mail.

#include "service/http/pages/account/sign_in.h"
#include "service/usecases/people/oidc_sign_in.h"

namespace narada::http::pages {

void show_other_ways(Page& page) {
  auto& view = page.view();
  view["password_action"] = page.link("/wejscie/haslo");
  view["password_operation"] = usecases::make_token();
  const auto name = usecases::find_directory_name(page.environment());
  if (!name) return;
  std::string url = page.link("/wejscie/urzad");
  if (view.contains("return_to") && view["return_to"] != "")
    url += "?dalej=" + encode_component(view["return_to"].get<std::string>());
  view["directory"] = {{"url", url},
                       {"label", page.text("sign_in.directory_button", {{"name", *name}})}};
}

}  // namespace narada::http::pages
