#include "service/usecases/meetings/meetings.h"

#include <nlohmann/json.hpp>

#include "service/http/api/change_preview.h"
#include "service/http/api/endpoint.h"
#include "service/http/api/forms.h"
#include "service/http/api/meeting_query.h"
#include "service/http/api/planned_publication.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/change_preview.h"
#include "service/usecases/registrations/answers.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

std::string meeting_location(domain::MeetingId id) {
  return "/api/v1/meetings/" + std::to_string(id.value);
}

// With what it asks whoever registers.
web::View whole_meeting_view(const Context& context, const domain::Meeting& meeting) {
  web::View view = meeting_view(context, meeting);
  const auto asked = context.take(usecases::find_asked_questions(
      context.environment(), context.actor(), std::to_string(meeting.id.value)));
  view["asks_challenge"] = asked.challenge;
  view["questions"] = web::View::array();
  for (const auto& question : asked.questions) {
    view["questions"].push_back(question_view(question));
  }
  if (meeting.status == domain::MeetingStatus::draft) {
    show_publication_time(context, meeting.id, view);
  }
  return view;
}

Response meeting_answer(const Context& context, const domain::Meeting& meeting) {
  return answer(200, whole_meeting_view(context, meeting), meeting.version);
}

Response meeting_list(const Context& context) {
  QueryReader query(context.request());
  const auto filter = read_meeting_filter(query);
  const auto page = query.page(usecases::meeting_list_name(filter));
  query.check();
  const auto found = usecases::list_meetings(context.environment(), context.actor(), filter, page);
  return answer(200, list_view(found, [&](const domain::MeetingSummary& meeting) {
                  return meeting_summary_view(context, meeting);
                }));
}

Response meeting_read(const Context& context) {
  return meeting_answer(context, context.take(usecases::find_meeting(
                                     context.environment(), context.actor(), context.key())));
}

Response meeting_create(const Context& context) {
  context.require_reach(domain::Action::organize);
  usecases::MeetingForm form;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    read_new_meeting(reader, form);
    reader.refuse_unknown();
  });
  const auto meeting =
      context.take(usecases::create_meeting(context.environment(), context.call(), form));
  return created(whole_meeting_view(context, meeting), meeting_location(meeting.id),
                 meeting.version);
}

std::optional<usecases::Shrinking> find_shrinking(std::string_view name) {
  if (name == "waitlist") return usecases::Shrinking::to_waiting_list;
  return std::nullopt;
}

// The meeting as `write` leaves it, or with "preview=true" what it would do.
template <class Write>
Response change_or_preview(const Context& context, Write write) {
  if (is_preview(context)) return preview_answer(context, write);
  return meeting_answer(context, context.take(write(context.call())));
}

Response meeting_change(const Context& context) {
  const domain::MeetingId id{context.id()};
  auto form = context.take(usecases::load_meeting_form(context.environment(), context.actor(), id));
  const std::int64_t version = context.required_version();
  auto shrinking = usecases::Shrinking::refused;
  PublicationWish wish;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    read_meeting(reader, form);
    reader.read_name("shrink", shrinking, find_shrinking);
    wish = read_publication_wish(reader);
    reader.refuse_unknown();
  });
  return change_or_preview(context, [&](const usecases::Call& call) {
    return change_and_plan(
        context, call, id, wish, usecases::MeetingPatch{version, form, shrinking},
        [&](const usecases::Call& own) {
          return usecases::change_meeting(context.environment(), own, id, version, form, shrinking);
        },
        [&] {
          return usecases::find_meeting(context.environment(), context.actor(),
                                        std::to_string(id.value));
        });
  });
}

Response meeting_publish(const Context& context) {
  return change_or_preview(context, [&](const usecases::Call& call) {
    return usecases::publish_meeting(context.environment(), call, domain::MeetingId{context.id()});
  });
}

Response meeting_cancel(const Context& context) {
  const domain::MeetingId id{context.id()};
  context.take(usecases::check_meeting(context.environment(), context.actor(),
                                       domain::Action::organize, std::to_string(id.value)));
  std::string reason;
  read_checked(read_optional_json_object(context.request()), [&](ObjectReader& reader) {
    reader.read("reason", reason);
    reader.refuse_unknown();
  });
  return change_or_preview(context, [&](const usecases::Call& call) {
    return usecases::cancel_meeting(context.environment(), call, id, reason);
  });
}

}  // namespace

void add_meeting_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint) {
    add_endpoint(router, environment, method, pattern, endpoint);
  };
  add_public_read(router, environment, "/api/v1/meetings", meeting_list);
  add(Method::post, "/api/v1/meetings", meeting_create);
  add_public_read(router, environment, "/api/v1/meetings/{id}", meeting_read);
  add(Method::patch, "/api/v1/meetings/{id}", meeting_change);
  add(Method::post, "/api/v1/meetings/{id}/publish", meeting_publish);
  add(Method::post, "/api/v1/meetings/{id}/cancel", meeting_cancel);
}

}  // namespace narada::http::api
