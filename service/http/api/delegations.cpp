#include "service/usecases/registrations/delegations.h"

#include "service/http/api/endpoint.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/registrations/registrations.h"
#include "service/usecases/registrations/substitution.h"

namespace narada::http::api {
namespace {

using usecases::NamesReport;

constexpr std::string_view kSteps[] = {"taken", "waitlisted", "reserve", "already", "refused"};

std::optional<usecases::Overflow> find_overflow(std::string_view name) {
  if (name == "keep") return usecases::Overflow::keep;
  if (name == "wait") return usecases::Overflow::wait;
  if (name == "reserve") return usecases::Overflow::reserve;
  return std::nullopt;
}

web::View text_or_null(const std::string& text) {
  return text.empty() ? web::View() : web::View(text);
}

web::View places_view(const usecases::DelegatedPlaces& places) {
  return {{"mode", to_string(places.mode)},
          {"places", places.places},
          {"named", places.named},
          {"free", places.free ? web::View(*places.free) : web::View()}};
}

web::View delegate_view(const usecases::DelegateView& one) {
  return {{"registration_id", one.id.value},
          {"full_name", one.full_name},
          {"email", one.email},
          {"position", one.position},
          {"status", to_string(one.status)},
          {"mode", to_string(one.mode)},
          {"of_delegation", one.of_delegation},
          {"consent", one.superior_email.empty()
                          ? web::View()
                          : web::View(one.consent.empty() ? "asked" : one.consent)}};
}

Response show(const Context& context) {
  const auto found = context.take(usecases::find_delegation(
      context.environment(), context.actor(), context.key(), context.key("institution")));
  web::View body = {
      {"meeting_id", found.meeting.id.value}, {"institution_id", found.institution.id.value},
      {"wants_consent", found.wants_consent}, {"places", web::View::array()},
      {"people", web::View::array()},         {"reserves", web::View::array()}};
  for (const auto& places : found.places) body["places"].push_back(places_view(places));
  for (const auto& one : found.people) body["people"].push_back(delegate_view(one));
  for (const auto& one : found.reserves)
    body["reserves"].push_back({{"full_name", one.full_name},
                                {"email", one.email},
                                {"position", one.position},
                                {"mode", to_string(one.mode)}});
  return answer(200, body, found.version);
}

Response delegation_read(const Context& context) {
  context.require_bearer();
  return show(context);
}

// Before the body is looked at: who may not see the delegation finds none.
void require_seen(const Context& context) {
  context.require_bearer();
  context.take(usecases::find_delegation(context.environment(), context.actor(), context.key(),
                                         context.key("institution")));
}

Response delegation_places(const Context& context) {
  require_seen(context);
  const auto version = context.required_version();
  usecases::PlacesForm form;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.read("onsite", form.onsite, {0, usecases::kMostDelegatedPlaces});
    reader.read("online", form.online, {0, usecases::kMostDelegatedPlaces});
    reader.refuse_unknown();
  });
  context.take(usecases::set_places(context.environment(), context.call(), context.key(),
                                    context.key("institution"), version, form));
  return show(context);
}

web::View report_view(const NamesReport& report) {
  web::View rows = web::View::array();
  for (const auto& [row, step] : report.rows) {
    web::View errors = web::View::array();
    for (const auto& error : row.errors)
      errors.push_back({{"field", error.field}, {"code", error.code}});
    rows.push_back({{"line", row.line},
                    {"full_name", text_or_null(row.full_name)},
                    {"result", kSteps[static_cast<std::size_t>(step)]},
                    {"errors", std::move(errors)}});
  }
  return {{"rows", std::move(rows)}, {"left", report.left}};
}

Response delegation_names(const Context& context) {
  require_seen(context);
  usecases::NamesForm form;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.require("names");
    reader.read("names", form.text);
    reader.read_name("mode", form.mode, domain::find_attendance_mode);
    reader.read_name("overflow", form.overflow, find_overflow);
    reader.read("superior_email", form.superior_email);
    reader.refuse_unknown();
  });
  const auto report = context.take(usecases::take_names(
      context.environment(), context.call(), context.key(), context.key("institution"), form));
  return answer(200, report_view(report));
}

Response registration_substitute(const Context& context) {
  context.require_bearer();
  const domain::RegistrationId id{context.id()};
  context.take(usecases::find_registration(context.environment(), context.actor(), id));
  usecases::SubstituteForm form;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.require("full_name");
    reader.require("email");
    reader.read("full_name", form.full_name);
    reader.read("email", form.email);
    reader.read("position", form.position);
    reader.read("superior_name", form.superior_name);
    reader.read("superior_email", form.superior_email);
    reader.refuse_unknown();
  });
  const auto done =
      context.take(usecases::substitute(context.environment(), context.call(), id, form));
  return answer(200, {{"cancelled_registration_id", done.from.id.value},
                      {"registration_id", done.to.id.value},
                      {"status", to_string(done.to.status)}});
}

}  // namespace

void add_delegation_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint) {
    add_endpoint(router, environment, method, pattern, endpoint);
  };
  add(Method::get, "/api/v1/meetings/{id}/delegations/{institution}", delegation_read);
  add(Method::put, "/api/v1/meetings/{id}/delegations/{institution}", delegation_places);
  add(Method::post, "/api/v1/meetings/{id}/delegations/{institution}/names", delegation_names);
  add(Method::post, "/api/v1/registrations/{id}/substitute", registration_substitute);
}

}  // namespace narada::http::api
