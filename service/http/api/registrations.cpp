#include "service/usecases/registrations/registrations.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/forms.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_names.h"
#include "service/usecases/registrations/attendance.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/registrations/place_words.h"
#include "service/usecases/registrations/registration_shape.h"
#include "service/usecases/replies/received_mails.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

constexpr std::size_t kLongestManageToken = 200;  // characters

// Names what the form's own rules refuse as well when the JSON is already at fault, so that nobody
// has to send it three times.
usecases::RegistrationForm read_registration_form(const Context& context) {
  usecases::RegistrationForm form;
  form.language = context.language();
  domain::FieldErrors errors;
  const web::View body = read_json_object(context.request());
  ObjectReader reader(body, errors);
  read_registration(reader, form);
  if (errors.empty()) return form;
  for (domain::FieldError& error : usecases::find_form_errors(form)) {
    const bool named =
        std::any_of(errors.begin(), errors.end(),
                    [&](const domain::FieldError& other) { return other.field == error.field; });
    if (!named) errors.push_back(std::move(error));
  }
  throw Error(problem_of(errors));
}

// null where the link has been given out before: it stands in the mail alone.
web::View manage_url_view(const std::string& url) {
  return url.empty() ? web::View() : web::View(url);
}

Response meeting_register(const Context& context) {
  const auto form = read_registration_form(context);
  const auto registered = context.take(
      usecases::register_person(context.environment(), context.call(), context.key(), form));
  const domain::Registration& registration = registered.registration;
  web::View view = receipt_view(registration);
  view["meeting_id"] = registration.meeting.value;
  view["manage_url"] = manage_url_view(registered.manage_url);
  if (!registered.created) return answer(200, view);
  return created(view, "/api/v1/registrations/" + std::to_string(registration.id.value));
}

web::View enrolment_view(const usecases::Enrolled& enrolled) {
  web::View registrations = web::View::array();
  for (std::size_t index = 0; index < enrolled.registrations.size(); ++index) {
    const domain::Registration& registration = enrolled.registrations[index];
    web::View view = receipt_view(registration);
    view["meeting_id"] = registration.meeting.value;
    view["manage_url"] = index < enrolled.manage_urls.size()
                             ? manage_url_view(enrolled.manage_urls[index])
                             : web::View();
    registrations.push_back(std::move(view));
  }
  return {{"id", enrolled.id.value},
          {"registrations", std::move(registrations)},
          {"skipped", enrolled.skipped}};
}

Response cycle_enrol(const Context& context) {
  const auto form = read_registration_form(context);
  const auto enrolled = context.take(
      usecases::enrol_person(context.environment(), context.call(), context.key(), form));
  return answer(enrolled.created ? 201 : 200, enrolment_view(enrolled));
}

// What the calendar has answered to the last version it was told; null without an answer.
void add_calendar_answer(web::View& view, domain::RegistrationId id,
                         const std::map<domain::RegistrationId, usecases::GivenAnswer>& answers) {
  const auto found = answers.find(id);
  const bool given = found != answers.end();
  view["calendar_answer"] = given ? web::View(to_string(found->second.answer)) : web::View();
  view["calendar_answered_at"] = given ? instant_view(found->second.answered_at) : web::View();
}

Response meeting_registrations(const Context& context) {
  context.take(usecases::check_meeting(context.environment(), context.actor(), domain::Action::see,
                                       context.key()));
  QueryReader query(context.request());
  const auto status = query.name("status", domain::find_registration_status);
  const auto page = query.page(usecases::kRegistrationList);
  query.check();
  const auto found = context.take(usecases::list_registrations(
      context.environment(), context.actor(), context.key(), status, page));
  std::vector<domain::RegistrationId> ids;
  for (const auto& registration : found.items) ids.push_back(registration.id);
  const auto answers = usecases::find_calendar_answers(context.environment(), ids);
  return answer(200, list_view(found, [&](const domain::Registration& registration) {
                  auto view = registration_view(registration);
                  add_calendar_answer(view, registration.id, answers);
                  return view;
                }));
}

// X-Manage-Token, unless it cannot be one.
std::optional<std::string> find_manage_token(const Context& context) {
  const auto token = context.request().find_header("x-manage-token");
  if (!token || token->empty() || token->size() > kLongestManageToken) return std::nullopt;
  return std::string(*token);
}

// Somebody without a link that opens this, and without a bearer token: 401, or 404 where a link
// came that opens something else or nothing.
void require_bearer_instead_of_link(const Context& context) {
  const bool has_link = context.request().find_header("x-manage-token").has_value();
  if (has_link && context.actor().kind == usecases::Actor::Kind::anonymous) throw Error(404);
  context.require_bearer();
}

// Who asks for one registration: the holder of its link, or a bearer, whose roles the use cases
// look at.
class RegistrationAccess {
 public:
  // Throws Error 401 without either, 404 for a link that opens another one or none.
  explicit RegistrationAccess(const Context& context)
      : context_(context), id_{context.id()}, actor_(context.actor()) {
    const auto token = find_manage_token(context);
    if (token && usecases::is_manage_token(context.environment(), id_, *token)) {
      token_ = *token;
      actor_ = usecases::Actor{usecases::Actor::Kind::manage, id_.value};
    } else {
      require_bearer_instead_of_link(context);
    }
  }
  // Throws Error 404 for who may not see it: before the body is looked at.
  void require_seen() const {
    if (!token_) {
      context_.take(usecases::find_registration(context_.environment(), context_.actor(), id_));
    }
  }

  domain::RegistrationId id() const { return id_; }
  usecases::Call call() const { return context_.call_as(actor_); }

  // As it is now, which after a change is what the change made of it.
  Response show() const {
    const auto& environment = context_.environment();
    const auto view =
        context_.take(token_ ? usecases::find_registration_by_token(environment, *token_)
                             : usecases::find_registration(environment, actor_, id_));
    if (view.registration.id != id_) throw Error(404);
    web::View body = registration_view(view.registration);
    body["meeting"] = meeting_ref_view(context_, view.meeting);
    body["online_url"] = view.meeting.online_url.empty() ||
                                 view.registration.status != domain::RegistrationStatus::confirmed
                             ? web::View()
                             : web::View(view.meeting.online_url);
    add_calendar_answer(body, id_, usecases::find_calendar_answers(environment, {id_}));
    body["explanation"] = view.why ? web::View(usecases::explain_place(
                                         *view.why, view.meeting.times.tzid, context_.language()))
                                   : web::View();
    add_answers(body);
    return answer(200, body, view.registration.version);
  }

 private:
  // For who may see needs.
  void add_answers(web::View& body) const {
    body["answers"] = web::View::object();
    const auto answered = usecases::find_answers(context_.environment(), actor_, id_);
    if (!answered) return;
    for (const auto& [question, value] : answered->answers) {
      body["answers"][std::to_string(question.value)] = value;
    }
  }

  const Context& context_;
  domain::RegistrationId id_;
  usecases::Actor actor_;
  std::optional<std::string> token_;
};

Response registration_read(const Context& context) { return RegistrationAccess(context).show(); }

Response registration_change(const Context& context) {
  const RegistrationAccess access(context);
  access.require_seen();
  const std::int64_t version = context.required_version();
  usecases::RegistrationChange change;
  read_checked(read_json_object(context.request()),
               [&](ObjectReader& reader) { read_registration_change(reader, change); });
  context.take(usecases::change_registration(context.environment(), access.call(), access.id(),
                                             version, change));
  return access.show();
}

Response registration_cancel(const Context& context) {
  const RegistrationAccess access(context);
  access.require_seen();
  read_checked(read_optional_json_object(context.request()),
               [](ObjectReader& reader) { reader.refuse_unknown(); });
  context.take(usecases::cancel_registration(context.environment(), access.call(), access.id()));
  return access.show();
}

Response registration_accept(const Context& context) {
  const RegistrationAccess access(context);
  access.require_seen();
  read_checked(read_optional_json_object(context.request()),
               [](ObjectReader& reader) { reader.refuse_unknown(); });
  context.take(usecases::accept_offer(context.environment(), access.call(), access.id()));
  return access.show();
}

// Decisions are for bearers: who holds the link of a registration does not decide on it.
Response registration_approve(const Context& context) {
  context.require_bearer();
  const domain::RegistrationId id{context.id()};
  context.take(usecases::approve_registration(context.environment(), context.call(), id));
  return RegistrationAccess(context).show();
}

Response registration_decline(const Context& context) {
  context.require_bearer();
  const RegistrationAccess access(context);
  access.require_seen();
  std::string reason;
  read_checked(read_optional_json_object(context.request()), [&](ObjectReader& reader) {
    reader.read("reason", reason);
    reader.refuse_unknown();
  });
  context.take(
      usecases::decline_registration(context.environment(), context.call(), access.id(), reason));
  return access.show();
}

Response registration_attendance(const Context& context) {
  context.require_bearer();
  const RegistrationAccess access(context);
  access.require_seen();
  auto mark = domain::RegistrationStatus::pending;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.require("status");
    reader.read_name("status", mark, domain::find_registration_status);
    reader.refuse_unknown();
  });
  context.take(usecases::mark_attendance(context.environment(), context.call(), access.id(), mark));
  return access.show();
}

Response registration_repair(const Context& context) {
  const RegistrationAccess access(context);
  access.require_seen();
  read_checked(read_optional_json_object(context.request()),
               [](ObjectReader& reader) { reader.refuse_unknown(); });
  const auto mail =
      context.take(usecases::repair_calendar(context.environment(), access.call(), access.id()));
  return answer(200, {{"outgoing_mail", mail.value}});
}

// A bearer, or who holds the link of one of its registrations.
usecases::Actor enrolment_actor(const Context& context, domain::EnrolmentId enrolment) {
  if (const auto token = find_manage_token(context)) {
    const auto registration =
        usecases::find_registration_in(context.environment(), enrolment, *token);
    if (registration) return usecases::Actor{usecases::Actor::Kind::manage, registration->value};
  }
  require_bearer_instead_of_link(context);
  return context.actor();
}

Response enrolment_cancel(const Context& context) {
  const domain::EnrolmentId enrolment{context.id()};
  const auto actor = enrolment_actor(context, enrolment);
  read_checked(read_optional_json_object(context.request()),
               [](ObjectReader& reader) { reader.refuse_unknown(); });
  const auto cancelled = context.take(
      usecases::cancel_enrolment(context.environment(), context.call_as(actor), enrolment));
  return answer(200, enrolment_view(cancelled));
}

}  // namespace

void add_registration_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint,
                       const RouteOptions& options = {}) {
    add_endpoint(router, environment, method, pattern, endpoint, options);
  };
  RouteOptions public_write;
  public_write.causes_mail = true;
  add(Method::post, "/api/v1/meetings/{id}/registrations", meeting_register, public_write);
  add(Method::get, "/api/v1/meetings/{id}/registrations", meeting_registrations);
  add(Method::post, "/api/v1/cycles/{id}/enrolments", cycle_enrol, public_write);
  add(Method::get, "/api/v1/registrations/{id}", registration_read);
  add(Method::patch, "/api/v1/registrations/{id}", registration_change);
  add(Method::post, "/api/v1/registrations/{id}/cancel", registration_cancel);
  add(Method::post, "/api/v1/enrolments/{id}/cancel", enrolment_cancel);
  add(Method::post, "/api/v1/registrations/{id}/accept", registration_accept);
  add(Method::post, "/api/v1/registrations/{id}/approve", registration_approve);
  add(Method::post, "/api/v1/registrations/{id}/attendance", registration_attendance);
  add(Method::post, "/api/v1/registrations/{id}/decline", registration_decline);
  add(Method::post, "/api/v1/registrations/{id}/calendar-repair", registration_repair);
}

}  // namespace narada::http::api
