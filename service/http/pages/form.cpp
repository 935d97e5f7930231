#include "service/http/pages/form.h"

#include <algorithm>

#include "service/http/own_request.h"

namespace narada::http::pages {
namespace {

// The id by which a template's field is found: "places[0].name" cannot be one.
std::string variable_of(const std::string& field) {
  std::string name = "error_";
  for (const char c : field)
    name += (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9') ? c : '_';
  return name;
}

// What the form calls the field, for a summary far away from it. A question and the beginning of a
// sentence are no names.
std::string label_of(const Page& page, const std::string& field) {
  const auto key = "form." + field;
  if (field == "mode" || field == "consent" ||
      !page.messages().has(to_string(page.language()), key))
    return {};
  return page.text(key);
}

}  // namespace

OwnForm read_own_form(const Page& page) {
  const auto& request = page.request();
  if (!request.header("content-type").starts_with("application/x-www-form-urlencoded"))
    throw Error(415);
  return check_own_form(page, parse_form(request.body));
}

OwnForm check_own_form(const Page& page, FormFields fields) {
  const auto& request = page.request();
  if (!is_own_origin(request, page.environment().base_url)) {
    auto problem = problem_of_status(403);
    problem.code = "foreign_form";
    throw Error(problem, "form of another origin");
  }
  OwnForm form{std::move(fields), {}};
  const auto cookie = request.cookie(form_token_cookie(request));
  if (!cookie || !is_form_token(*cookie))
    form.errors.push_back({"", "form_needs_cookie"});
  else if (!is_same_secret(*cookie, form.value("form_token")))
    form.errors.push_back({"", "form_expired"});
  for (const auto& name : form.invalid) form.errors.push_back({name, "control_characters"});
  return form;
}

FormGuard::FormGuard(Page& page) : page_(page) {
  if (page.view().contains("form_token")) return;  // another guard of this page gives the cookie
  const auto cookie = page.request().cookie(form_token_cookie(page.request()));
  is_new_ = !cookie || !is_form_token(*cookie);
  token_ = is_new_ ? usecases::make_token() : std::string(*cookie);
  page.view()["form_token"] = token_;
  if (!page.view().contains("operation")) page.view()["operation"] = usecases::make_token();
}

Response FormGuard::apply(Response response) const {
  response.set("Cache-Control", "no-store");
  if (is_new_)
    response.add("Set-Cookie", form_token_cookie(page_.request()) + "=" + token_ +
                                   "; Path=/; HttpOnly; SameSite=Lax" +
                                   (page_.request().secure ? "; Secure" : ""));
  return response;
}

usecases::Call form_call(const Page& page, const FormFields& fields) {
  auto call = visitor_call(page);
  const auto operation = fields.value("operation");
  if (!is_form_token(operation)) return call;
  // Of this browser: whoever else learns of the operation gets nothing of what came of it.
  call.idempotency_key = "form:" + operation + ' ' + fields.value("form_token");
  std::string digest = page.request().path;
  for (const auto& [name, value] : fields.fields)
    if (name != "form_token") digest.append("\n").append(name).append("=").append(value);
  call.request_digest = usecases::hash_token(digest);
  return call;
}

domain::FieldErrors errors_of(const domain::Failure& failure, std::string_view sent_before) {
  if (const auto* errors = std::get_if<domain::FieldErrors>(&failure)) return *errors;
  if (const auto* conflict = std::get_if<domain::Conflict>(&failure)) return {{"", conflict->code}};
  if (std::holds_alternative<domain::OperationReused>(failure))
    return {{"", std::string(sent_before)}};
  throw Error(problem_of(failure));
}

void show_errors(Page& page, const domain::FieldErrors& errors) {
  auto& view = page.view();
  view["errors"] = web::View::array();
  for (const auto& error : errors) {
    const auto text = page.text(error);
    view["errors"].push_back({{"field", error.field.empty() ? "tresc" : error.field},
                              {"label", label_of(page, error.field)},
                              {"text", text}});
    if (!error.field.empty()) view[variable_of(error.field)] = text;
  }
  const bool all_in_fields =
      std::all_of(errors.begin(), errors.end(),
                  [](const domain::FieldError& error) { return !error.field.empty(); });
  view["error_heading"] =
      all_in_fields
          ? page.text("form.failed", {{"count", static_cast<std::int64_t>(errors.size())}})
          : page.text("form.not_accepted");
  // A page that gets its title later says so itself.
  if (view.contains("title"))
    page.title(page.text("form.error_title", {{"title", view["title"].get<std::string>()}}));
}

}  // namespace narada::http::pages
