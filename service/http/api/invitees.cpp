#include "service/usecases/invitees/invitees.h"

#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/invitees/invitee_sending.h"
#include "service/usecases/registrations/challenges.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

template <class Id>
web::View id_or_null(const std::optional<Id>& id) {
  return id ? web::View(id->value) : web::View();
}

web::View instant_or_null(const std::optional<domain::Instant>& at) {
  return at ? instant_view(*at) : web::View();
}

web::View invitee_view(const domain::Invitee& invitee) {
  return {{"id", invitee.id.value},
          {"full_name", invitee.full_name},
          {"email", invitee.email},
          {"position", invitee.job_title},
          {"institution",
           invitee.institution ? institution_ref_view(*invitee.institution) : web::View()},
          {"language", domain::to_string(invitee.language)},
          {"source", domain::to_string(invitee.source)},
          {"state", domain::to_string(invitee.state)},
          {"decline_reason", invitee.decline_reason},
          {"invited_at", instant_or_null(invitee.invited_at)},
          {"reminded_at", instant_or_null(invitee.reminded_at)}};
}

web::View wrong_view(const usecases::Candidate& candidate) {
  web::View errors = web::View::array();
  for (const auto& error : candidate.errors)
    errors.push_back({{"field", error.field}, {"code", error.code}});
  return {{"line", candidate.line}, {"text", candidate.text}, {"errors", std::move(errors)}};
}

std::optional<domain::Language> find_language(std::string_view name) {
  if (name == "pl") return domain::Language::pl;
  if (name == "en") return domain::Language::en;
  return std::nullopt;
}

// Before the body is looked at.
domain::InviteeScope scope_of(const Context& context) {
  const domain::MeetingId meeting{context.id()};
  context.take(usecases::check_meeting(context.environment(), context.actor(),
                                       domain::Action::organize, std::to_string(meeting.value)));
  return meeting;
}

Response invitee_list(const Context& context) {
  const auto list = context.take(usecases::list_invitees(context.environment(), context.actor(),
                                                         domain::MeetingId{context.id()}));
  web::View items = web::View::array();
  for (const auto& invitee : list.invitees) items.push_back(invitee_view(invitee));
  return answer(200, {{"items", std::move(items)}, {"next", nullptr}});
}

Response invitee_add(const Context& context) {
  const auto scope = scope_of(context);
  usecases::InviteeSelection selection;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.require("text");
    reader.read("text", selection.text);
    reader.read_name("language", selection.language, find_language);
    reader.read("accept_suggestions", selection.accept_suggestions);
    reader.refuse_unknown();
  });
  const auto added =
      context.take(usecases::add_invitees(context.environment(), context.call(), scope, selection));
  web::View wrong = web::View::array();
  for (const auto& candidate : added.wrong) wrong.push_back(wrong_view(candidate));
  return answer(
      200, {{"added", added.added}, {"left_out", added.left_out}, {"wrong", std::move(wrong)}});
}

Response invitee_send(const Context& context) {
  const auto scope = scope_of(context);
  usecases::InvitationOrder order;
  read_checked(read_optional_json_object(context.request()), [&](ObjectReader& reader) {
    reader.read("remind", order.remind);
    reader.read("message", order.message);
    reader.refuse_unknown();
  });
  const int mails =
      context.take(usecases::send_invitations(context.environment(), context.call(), scope, order));
  return answer(200, {{"mails", mails}});
}

web::View challenge_view(const domain::Challenge& challenge) {
  return {{"registration_id", challenge.registration.value},
          {"full_name", challenge.full_name},
          {"institution_id", id_or_null(challenge.institution)},
          {"institution_name", challenge.institution_name},
          {"challenge", challenge.text},
          {"challenge_contact", challenge.contact}};
}

web::View challenge_views(const std::vector<domain::Challenge>& challenges) {
  web::View views = web::View::array();
  for (const auto& challenge : challenges) views.push_back(challenge_view(challenge));
  return views;
}

web::View group_view(const domain::ChallengeGroup& group) {
  web::View practices = web::View::array();
  for (const auto& practice : group.practices)
    practices.push_back(
        {{"id", practice.id.value}, {"slug", practice.slug}, {"title", practice.title}});
  return {{"id", group.id.value},
          {"title", group.title},
          {"answer", group.answer},
          {"practices", std::move(practices)},
          {"answered_at", instant_or_null(group.answered_at)},
          {"challenges", challenge_views(group.challenges)}};
}

Response challenge_read(const Context& context) {
  const auto box = context.take(
      usecases::load_challenge_box(context.environment(), context.actor(), context.key()));
  web::View groups = web::View::array();
  for (const auto& group : box.groups) groups.push_back(group_view(group));
  return answer(200, {{"asks_challenge", box.asks},
                      {"groups", std::move(groups)},
                      {"ungrouped", challenge_views(box.ungrouped)}});
}

}  // namespace

void add_invitee_routes(Router& router, const usecases::Environment& environment) {
  const std::string invitees = "/api/v1/meetings/{id}/invitees";
  add_endpoint(router, environment, Method::get, invitees, invitee_list);
  add_endpoint(router, environment, Method::post, invitees, invitee_add);
  add_endpoint(router, environment, Method::post, invitees + "/send", invitee_send);
  add_endpoint(router, environment, Method::get, "/api/v1/meetings/{id}/challenges",
               challenge_read);
}

}  // namespace narada::http::api
