// /wypisz/{token}: the way out of mail that people can do without (RFC 8058). Reading it changes
// nothing, because scanners follow links; one POST from anywhere does, without asking anything.

#include "service/usecases/mails/unsubscribing.h"

#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"

namespace narada::http::pages {
namespace {

using usecases::Unsubscription;

Response private_page(Response response) {
  response.set("Cache-Control", "no-store");
  response.set("X-Robots-Tag", "noindex");
  return response;
}

Response show(Page& page, const domain::Outcome<Unsubscription>& found) {
  auto& view = page.view();
  if (!found) {
    page.title(page.text("unsubscribing.unknown_title"));
    view["heading"] = page.text("unsubscribing.unknown_title");
    view["text"] = page.text("unsubscribing.unknown");
    return private_page(page.render(404, "pages/unsubscribing"));
  }
  const std::string kind(to_string(found->kind));
  const std::string heading =
      page.text(found->is_done ? "unsubscribing.done_title" : "unsubscribing.title");
  page.title(heading);
  view["heading"] = heading;
  view["text"] = page.text((found->is_done ? "unsubscribing.done_" : "unsubscribing.ask_") + kind);
  view["open"] = !found->is_done;
  view["done"] = found->is_done;
  view["action"] = page.request().path;
  const bool has_account = found->kind != notifications::MailKind::meeting_invitation;
  view["choices_url"] = has_account ? page.link("/moje/dane") : "";
  return private_page(page.render(200, "pages/unsubscribing"));
}

Response show_form(const Parts& parts, const Request& request) {
  Page page(parts, request);
  return show(page, find_unsubscription(page.environment(), request.params.at("token")));
}

// Neither the origin nor a token of the form is asked for: the link itself is the proof, and mail
// programs post to it from their own servers.
Response post(const Parts& parts, const Request& request) {
  Page page(parts, request);
  auto call = visitor_call(page);
  return show(page, unsubscribe(page.environment(), call, request.params.at("token")));
}

}  // namespace

void add_unsubscribing_page(Router& router, const Parts& parts) {
  RouteOptions options;
  options.body_limit = 4 << 10;
  add_page(router, Method::get, "/wypisz/{token}",
           [&parts](const Request& request) { return show_form(parts, request); });
  add_page(
      router, Method::post, "/wypisz/{token}",
      [&parts](const Request& request) { return post(parts, request); }, options);
}

}  // namespace narada::http::pages
