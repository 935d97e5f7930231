// /moje/klucze: tokens with which a person's own programs use the API.

#include <algorithm>
#include <array>
#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/account/security.h"
#include "service/http/pages/account/session.h"
#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/tokens.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using usecases::TokenAccess;
using usecases::TokenForm;
using usecases::TokenSummary;

constexpr std::array kDays = {30, 90, 180, 365};

std::string date_of(const Page& page, domain::Instant instant) {
  return web::day_date(page.language(), calendar::to_wall_time(instant, domain::kDefaultZone));
}

std::string access_text(const Page& page, TokenAccess access) {
  return page.text("tokens.access_" + std::string(to_string(access)));
}

web::View token_view(const Page& page, const TokenSummary& token) {
  return {{"name", token.name},
          {"access", access_text(page, token.access)},
          {"created", date_of(page, token.created_at)},
          {"used", token.last_used_at ? date_of(page, *token.last_used_at)
                                      : page.text("tokens.never_used")},
          {"expires",
           token.expires_at ? date_of(page, *token.expires_at) : page.text("tokens.never_expires")},
          {"revoke_action", page.link("/moje/klucze/" + std::to_string(token.id.value))},
          {"revoke_operation", usecases::make_token()}};
}

void fill(Page& page, const usecases::SignedIn& signed_in, const TokenForm& form) {
  page.title(page.text("my.tokens_title"));
  page.crumb(page.text("my.title"), "/moje");
  auto& view = page.view();
  view["tokens"] = web::View::array();
  for (const auto& token : list_own_tokens(page.environment(), signed_in.person.id))
    view["tokens"].push_back(token_view(page, token));
  view["may_create"] = !signed_in.actor.grants.empty();
  add_proof(page, signed_in, "/moje/klucze");
  view["action"] = page.link("/moje/klucze");
  view["name"] = form.name;
  view["accesses"] = web::View::array();
  for (const auto access : {TokenAccess::read, TokenAccess::write})
    view["accesses"].push_back({{"value", to_string(access)},
                                {"label", access_text(page, access)},
                                {"checked", access == form.access}});
  std::vector<std::pair<std::string, std::string>> days;
  for (const int count : kDays)
    days.emplace_back(std::to_string(count),
                      page.text("tokens.days", {{"count", std::int64_t{count}}}));
  view["days"] = options_view(days, std::to_string(form.days));
}

Response render(Page& page, int status) {
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/my_tokens"));
}

Response show(Page& page, const usecases::SignedIn& signed_in) {
  fill(page, signed_in, {});
  if (page.request().query_value("uniewazniony") == "1")
    page.view()["done"] = {{"heading", page.text("tokens.revoked")}, {"text", ""}};
  return render(page, 200);
}

TokenForm read_form(const FormFields& fields) {
  TokenForm form;
  form.name = fields.value("name");
  form.access = usecases::find_token_access(fields.value("access")).value_or(TokenAccess::read);
  const auto days = fields.value("days");
  form.days = 0;
  std::from_chars(days.data(), days.data() + days.size(), form.days);
  return form;
}

Response create(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto form = read_form(fields);
  auto errors = fields.errors;
  if (errors.empty()) {
    if (signed_in.actor.grants.empty()) throw Error(404);
    const auto outcome =
        create_own_token(page.environment(), person_call(page, fields, signed_in),
                         owner_of(page, signed_in), form, fields.value("current_password"));
    if (outcome) {
      // Shown here and nowhere else; a reload sends the same operation and shows it once more.
      fill(page, signed_in, {});
      page.view()["new_token"] = outcome->token;
      return render(page, 201);
    }
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  fill(page, signed_in, form);
  show_errors(page, errors);
  return render(page, 422);
}

domain::TokenId token_id(const Page& page) {
  const auto& text = page.request().params.at("id");
  domain::TokenId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc() || end != text.data() + text.size()) throw Error(404);
  return id;
}

Response revoke(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) {
    fill(page, signed_in, {});
    page.view()["other_url"] = page.english() ? "/moje/klucze" : "/en/moje/klucze";
    show_errors(page, fields.errors);
    return render(page, 422);
  }
  // Whoever manages people revokes a stranger's token elsewhere; this page is about one's own.
  const auto id = token_id(page);
  const auto own = list_own_tokens(page.environment(), signed_in.person.id);
  const bool is_own =
      std::any_of(own.begin(), own.end(), [&](const auto& one) { return one.id == id; });
  if (!is_own) throw Error(404);
  value_or_throw(revoke_token(page.environment(), person_call(page, fields, signed_in), id));
  return redirect(303, page.link("/moje/klucze") + "?uniewazniony=1");
}

}  // namespace

void add_my_token_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(router, parts, Method::get, "/moje/klucze", show);
  add_private_page(router, parts, Method::post, "/moje/klucze", create, form);
  add_private_page(router, parts, Method::post, "/moje/klucze/{id}", revoke, form);
}

}  // namespace narada::http::pages
