#include "service/usecases/mails/mails.h"

#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_names.h"

namespace narada::http::api {
namespace {

Response mail_list(const Context& context) {
  context.require_reach(domain::Action::see_mails);
  QueryReader query(context.request());
  usecases::MailFilter filter;
  filter.state = query.name("state", usecases::find_mail_state);
  if (const auto meeting = query.integer("meeting", 1, INT64_MAX)) {
    filter.meeting = domain::MeetingId{*meeting};
  }
  const auto page = query.page(usecases::kMailList);
  query.check();
  const auto found = context.take(
      usecases::list_outgoing_mails(context.environment(), context.actor(), filter, page));
  return answer(200, list_view(found, outgoing_mail_view));
}

Response mail_read(const Context& context) {
  context.require_reach(domain::Action::see_mails);
  const auto mail = context.take(usecases::find_outgoing_mail(
      context.environment(), context.actor(), domain::OutgoingMailId{context.id()}));
  web::View view = outgoing_mail_view(mail);
  view["raw"] = mail.raw ? web::View(*mail.raw) : web::View();
  return answer(200, view);
}

}  // namespace

void add_mail_routes(Router& router, const usecases::Environment& environment) {
  add_endpoint(router, environment, Method::get, "/api/v1/outgoing-mails", mail_list);
  add_endpoint(router, environment, Method::get, "/api/v1/outgoing-mails/{id}", mail_read);
}

}  // namespace narada::http::api
