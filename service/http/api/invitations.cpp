#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_names.h"
#include "service/usecases/registrations/calendar_ledger.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

web::View instant_or_null(const std::optional<domain::Instant>& at) {
  return at ? instant_view(*at) : web::View();
}

web::View message_view(const usecases::LedgerMessage& message) {
  const bool is_request = message.message.method == domain::CalendarMethod::request;
  return {{"outgoing_mail", message.mail.value},
          {"kind", message.kind},
          {"uid", message.uid},
          {"method", is_request ? "REQUEST" : "CANCEL"},
          {"sequence", message.message.sequence},
          {"version", message.version},
          {"state", to_string(message.state)},
          {"created_at", instant_view(message.created_at)},
          {"sent_at", instant_or_null(message.sent_at)},
          {"partstat", message.answer},
          {"answered_at", instant_or_null(message.answered_at)}};
}

web::View record_view(const usecases::CalendarRecord& record) {
  web::View messages = web::View::array();
  for (const auto& message : record.messages) messages.push_back(message_view(message));
  return {{"registration", record.registration.value},
          {"full_name", record.full_name},
          {"institution", record.institution},
          {"status", domain::to_string(record.status)},
          {"holds", record.holds()},
          {"partstat", record.answer()},
          {"versions", record.versions()},
          {"delivered_version", record.delivered()},
          {"messages", std::move(messages)}};
}

Response invitation_list(const Context& context) {
  const domain::MeetingId meeting{context.id()};
  context.take(usecases::check_meeting(context.environment(), context.actor(),
                                       domain::Action::organize, context.key()));
  QueryReader query(context.request());
  usecases::LedgerFilterForm filter;
  filter.part = query.name("part", usecases::find_ledger_part).value_or(usecases::LedgerPart::all);
  filter.name = query.text("q");
  const auto page = query.page(usecases::kInvitationList);
  query.check();
  const auto found = context.take(usecases::list_calendar_ledger(
      context.environment(), context.actor(), meeting, filter, page));
  return answer(200, list_view(found.records, record_view));
}

Response repair_all(const Context& context) {
  const domain::MeetingId meeting{context.id()};
  context.take(usecases::check_meeting(context.environment(), context.actor(),
                                       domain::Action::organize, context.key()));
  read_checked(read_optional_json_object(context.request()),
               [](ObjectReader& reader) { reader.refuse_unknown(); });
  const auto task =
      context.take(usecases::start_repairs(context.environment(), context.call(), meeting));
  return answer(202, {{"task_id", task.value}});
}

}  // namespace

void add_invitation_routes(Router& router, const usecases::Environment& environment) {
  add_endpoint(router, environment, Method::get, "/api/v1/meetings/{id}/invitations",
               invitation_list);
  add_endpoint(router, environment, Method::post, "/api/v1/meetings/{id}/calendar-repair",
               repair_all);
}

}  // namespace narada::http::api
