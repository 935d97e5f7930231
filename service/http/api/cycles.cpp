#include "service/usecases/meetings/cycles.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "service/http/api/change_preview.h"
#include "service/http/api/endpoint.h"
#include "service/http/api/forms.h"
#include "service/http/api/planned_publication.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_names.h"

namespace narada::http::api {
namespace {

Response cycle_answer(const Context& context, const domain::Cycle& cycle) {
  web::View view = cycle_view(context, cycle);
  if (cycle.status == domain::CycleStatus::draft) show_publication_time(context, cycle.id, view);
  return answer(200, view, cycle.version);
}

Response cycle_list(const Context& context) {
  QueryReader query(context.request());
  usecases::CycleFilter filter;
  filter.status = query.name("status", domain::find_cycle_status);
  filter.topic = query.text("topic");
  filter.institution = query.text("institution");
  filter.q = query.text("q");
  filter.running_only = query.flag("running").value_or(false);
  const auto page = query.page(usecases::kCycleList);
  query.check();
  const auto found = usecases::list_cycles(context.environment(), context.actor(), filter, page);
  return answer(200, list_view(found, [&](const domain::CycleSummary& cycle) {
                  return cycle_summary_view(context, cycle);
                }));
}

Response cycle_read(const Context& context) {
  return cycle_answer(context, context.take(usecases::find_cycle(context.environment(),
                                                                 context.actor(), context.key())));
}

// The plan's dates; its errors are named as the API names the fields, under `prefix`.
std::vector<domain::PlannedSession> planned_sessions(const Context& context,
                                                     const domain::Plan& plan,
                                                     const std::string& prefix) {
  auto sessions = usecases::plan_cycle(context.environment(), context.actor(), plan);
  if (!sessions) {
    if (const auto* errors = std::get_if<domain::FieldErrors>(&sessions.failure())) {
      throw Error(problem_of(plan_errors_for_api(*errors, prefix)));
    }
  }
  return context.take(std::move(sessions));
}

Response cycle_plan(const Context& context) {
  context.require_reach(domain::Action::organize);
  const web::View body = read_json_object(context.request());
  domain::Plan plan{};
  const bool nested = body.contains("plan");
  read_checked(body, [&](ObjectReader& reader) {
    if (nested) {
      reader.read_object("plan", [&](ObjectReader& fields) { read_plan(fields, plan); });
    } else {
      read_plan(reader, plan);
    }
    reader.refuse_unknown();
  });
  const auto sessions = planned_sessions(context, plan, nested ? "plan." : "");
  web::View items = web::View::array();
  for (const domain::PlannedSession& session : sessions) {
    items.push_back(planned_session_view(session, plan.tzid));
  }
  return answer(200, {{"items", std::move(items)}, {"next", nullptr}});
}

// What the body says about the sessions besides the cycle's own fields.
struct CycleBody {
  usecases::CycleForm form;
  std::optional<domain::Plan> plan;
  usecases::MeetingForm session;  // what the planned sessions have in common
};

CycleBody read_cycle_body(const web::View& body) {
  CycleBody result;
  read_checked(body, [&](ObjectReader& reader) {
    read_cycle(reader, result.form);
    reader.read_objects("meetings", [&](ObjectReader& fields) {
      usecases::MeetingForm meeting;
      read_new_meeting(fields, meeting);
      result.form.meetings.push_back(std::move(meeting));
    });
    domain::Plan plan{};
    if (reader.read_object("plan", [&](ObjectReader& fields) { read_plan(fields, plan); })) {
      result.plan = plan;
    }
    result.session.onsite.offered = true;
    reader.read_object("meeting", [&](ObjectReader& fields) {
      result.session.onsite.offered = false;
      read_new_meeting(fields, result.session);
    });
    if (reader.has("plan") && reader.has("meetings")) reader.refuse("plan", "excludes_meetings");
    if (reader.has("meeting") && !reader.has("plan")) reader.refuse("meeting", "needs_plan");
    reader.refuse_unknown();
  });
  return result;
}

void add_planned_meetings(const Context& context, const domain::Plan& plan, CycleBody& body) {
  const auto sessions = planned_sessions(context, plan, "plan.");
  const std::string title = body.session.title.empty() ? body.form.title : body.session.title;
  for (std::size_t index = 0; index < sessions.size(); ++index) {
    usecases::MeetingForm meeting = body.session;
    meeting.title = fmt::format("{} – spotkanie {} z {}", title, index + 1, sessions.size());
    meeting.starts = sessions[index].starts;
    meeting.ends = sessions[index].ends;
    meeting.tzid = plan.tzid;
    body.form.meetings.push_back(std::move(meeting));
  }
}

Response cycle_create(const Context& context) {
  context.require_reach(domain::Action::organize);
  CycleBody body = read_cycle_body(read_json_object(context.request()));
  if (body.plan) add_planned_meetings(context, *body.plan, body);
  const auto cycle =
      context.take(usecases::create_cycle(context.environment(), context.call(), body.form));
  return created(cycle_view(context, cycle), "/api/v1/cycles/" + std::to_string(cycle.id.value),
                 cycle.version);
}

// The cycle as `write` leaves it, or with "preview=true" what it would do.
template <class Write>
Response change_or_preview(const Context& context, Write write) {
  if (is_preview(context)) return preview_answer(context, write);
  return cycle_answer(context, context.take(write(context.call())));
}

Response cycle_change(const Context& context) {
  const domain::CycleId id{context.id()};
  auto form = context.take(usecases::load_cycle_form(context.environment(), context.actor(), id));
  const std::int64_t version = context.required_version();
  PublicationWish wish;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    read_cycle(reader, form);
    wish = read_publication_wish(reader);
    reader.refuse_unknown();
  });
  return change_or_preview(context, [&](const usecases::Call& call) {
    return change_and_plan(
        context, call, id, wish, usecases::CyclePatch{version, form},
        [&](const usecases::Call& own) {
          return usecases::change_cycle(context.environment(), own, id, version, form);
        },
        [&] {
          return usecases::find_cycle(context.environment(), context.actor(),
                                      std::to_string(id.value));
        });
  });
}

Response cycle_publish(const Context& context) {
  return change_or_preview(context, [&](const usecases::Call& call) {
    return usecases::publish_cycle(context.environment(), call, domain::CycleId{context.id()});
  });
}

}  // namespace

void add_cycle_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint) {
    add_endpoint(router, environment, method, pattern, endpoint);
  };
  add_public_read(router, environment, "/api/v1/cycles", cycle_list);
  add(Method::post, "/api/v1/cycles", cycle_create);
  add(Method::post, "/api/v1/cycles/plan", cycle_plan);
  add_public_read(router, environment, "/api/v1/cycles/{id}", cycle_read);
  add(Method::patch, "/api/v1/cycles/{id}", cycle_change);
  add(Method::post, "/api/v1/cycles/{id}/publish", cycle_publish);
}

}  // namespace narada::http::api
