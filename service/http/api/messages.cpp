#include <limits>
#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/messages/organizer_messages.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

using usecases::MessageOrder;
using usecases::SentMessage;

web::View instant_or_null(const std::optional<domain::Instant>& at) {
  return at ? instant_view(*at) : web::View();
}

web::View message_view(const SentMessage& message) {
  web::View groups = web::View::array();
  for (const auto group : message.groups) groups.push_back(to_string(group));
  return {{"id", message.id.value},
          {"groups", std::move(groups)},
          {"mode", message.mode ? web::View(to_string(*message.mode)) : web::View()},
          {"institution_name", message.institution_name},
          {"subject", message.texts.polish.subject},
          {"text", message.texts.polish.body},
          {"subject_en", message.texts.english.subject},
          {"text_en", message.texts.english.body},
          {"written_by", message.written_by},
          {"created_at", instant_view(message.created_at)},
          {"leaves_at", instant_view(message.leaves_at)},
          {"taken_back_at", instant_or_null(message.taken_back_at)},
          {"people", message.people},
          {"waiting", message.waiting},
          {"sent", message.sent},
          {"failed", message.failed}};
}

Response message_list(const Context& context) {
  const auto messages = context.take(usecases::list_messages(context.environment(), context.actor(),
                                                             domain::MeetingId{context.id()}));
  web::View items = web::View::array();
  for (const auto& message : messages) items.push_back(message_view(message));
  return answer(200, {{"items", std::move(items)}, {"next", nullptr}});
}

MessageOrder read_order(const Context& context) {
  MessageOrder order;
  std::vector<std::string> groups;
  std::optional<std::int64_t> institution;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.require("groups");
    reader.read("groups", groups);
    reader.read_name("mode", order.mode, domain::find_attendance_mode);
    reader.read("institution_id", institution, {1, std::numeric_limits<std::int64_t>::max()});
    reader.read("subject", order.texts.polish.subject);
    reader.read("text", order.texts.polish.body);
    reader.read("subject_en", order.texts.english.subject);
    reader.read("text_en", order.texts.english.body);
    reader.refuse_unknown();
  });
  domain::FieldErrors errors;
  for (const auto& name : groups) {
    const auto group = domain::find_message_group(name);
    if (group) {
      order.groups.push_back(*group);
    } else {
      errors.push_back({"groups", "unknown_value"});
    }
  }
  if (!errors.empty()) throw Error(problem_of(errors));
  if (institution) order.institution = domain::InstitutionId{*institution};
  return order;
}

// The names that the fields of a message have here.
domain::Failure renamed(const domain::Failure& failure) {
  const auto* found = std::get_if<domain::FieldErrors>(&failure);
  if (!found) return failure;
  auto errors = *found;
  for (auto& error : errors) {
    if (error.field == "body") error.field = "text";
    if (error.field == "body_en") error.field = "text_en";
  }
  return errors;
}

Response message_send(const Context& context) {
  const domain::MeetingId meeting{context.id()};
  context.take(usecases::check_meeting(context.environment(), context.actor(),
                                       domain::Action::organize, std::to_string(meeting.value)));
  const auto order = read_order(context);
  auto started = usecases::send_message(context.environment(), context.call(), meeting, order);
  if (!started) started = domain::Outcome<usecases::StartedMessage>(renamed(started.failure()));
  const auto begun = context.take(std::move(started));
  return answer(202, {{"id", begun.message.value}, {"task_id", begun.task.value}});
}

}  // namespace

void add_message_routes(Router& router, const usecases::Environment& environment) {
  const std::string messages = "/api/v1/meetings/{id}/messages";
  add_endpoint(router, environment, Method::get, messages, message_list);
  add_endpoint(router, environment, Method::post, messages, message_send);
}

}  // namespace narada::http::api
