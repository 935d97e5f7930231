// /panel/praktyki/{id}/weryfikacja: the next step of a practice, its comment, the first page.

#include "service/http/pages/panel/meeting_form.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/practice_form.h"
#include "service/http/pages/panel/practice_frame.h"
#include "service/usecases/practices/practice_life.h"
#include "service/usecases/things.h"

namespace narada::http::pages {
namespace {

using domain::Practice;
using domain::PracticeStatus;
using domain::PracticeStep;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 32 << 10;

Practice load(const Page& page, const SignedIn& signed_in) {
  return take(load_practice_to_edit(page.environment(), signed_in.actor,
                                    domain::PracticeId{id_of(page.request())}));
}

web::View step_views(const Page& page, const Practice& practice, bool verifies) {
  web::View steps = web::View::array();
  for (const auto step : domain::steps_from(practice.status)) {
    if (domain::is_verification(step) && !verifies) continue;
    const std::string name(to_string(step));
    steps.push_back(
        {{"step", name},
         {"step_label", page.text("panel_practices.step_" + name)},
         {"step_hint", page.text("panel_practices.step_" + name + "_hint")},
         {"step_color", step == PracticeStep::archive ? "danger" : ""},
         {"step_variant", step == PracticeStep::publish || step == PracticeStep::submit ||
                                  step == PracticeStep::check
                              ? "primary"
                              : "secondary"},
         {"wants_comment", domain::is_verification(step)},
         {"comment_required", step == PracticeStep::send_back},
         {"wants_name", step == PracticeStep::publish}});
  }
  return steps;
}

Response show(Page& page, const SignedIn& signed_in, const Practice& practice,
              const domain::FieldErrors& errors, const FormFields* typed) {
  frame_practice(page, signed_in, practice, "weryfikacja");
  const bool verifies = can(signed_in.actor, domain::Action::verify_practice, {});
  auto& view = page.view();
  view["steps"] = step_views(page, practice, verifies);
  view["action"] = page.link(practice_room_path(practice.id, "/weryfikacja"));
  view["edit_url"] = page.link(practice_room_path(practice.id));
  view["what_now"] = page.text("panel_practices.now_" + std::string(to_string(practice.status)));
  view["may_feature"] = verifies && practice.status == PracticeStatus::published;
  view["featured"] = practice.featured;
  view["missing"] = web::View::array();
  if (practice.status == PracticeStatus::draft)
    for (const auto& need : domain::practice_needs(practice))
      if (!need.met)
        view["missing"].push_back({{"label", practice_field_label(page, need.field)},
                                   {"url", page.link(practice_room_path(practice.id)) +
                                               "#practice_" + std::string(need.field)}});
  for (auto& step : view["steps"])
    step["comment"] = typed && typed->value("step") == step["step"] ? typed->value("comment") : "";
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_practice_steps"));
}

Response take_step(Page& page, const SignedIn& signed_in) {
  const auto practice = load(page, signed_in);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show(page, signed_in, practice, fields.errors, &fields);
  const auto call = person_call(page, fields, signed_in);
  const auto path = practice_room_path(practice.id, "/weryfikacja");
  const auto wanted = fields.value("step");
  if (wanted == "feature" || wanted == "unfeature") {
    take(feature_practice(page.environment(), call, practice.id, wanted == "feature"));
    return redirect_done(page, path, "practice_" + wanted);
  }
  const auto step = domain::find_practice_step(wanted);
  if (!step) return show(page, signed_in, practice, {{"", "unknown_value"}}, &fields);
  const auto moved = move_practice(page.environment(), call, practice.id,
                                   {*step, fields.value("comment"), fields.value("verified_by")});
  if (moved) return redirect_done(page, path, "practice_" + wanted);
  if (std::holds_alternative<domain::Forbidden>(moved.failure())) throw Error(404);
  auto errors = panel_errors_of(moved.failure());
  if (*step == PracticeStep::submit && !errors.empty() && !errors.front().field.empty())
    errors = {{"", "practice_incomplete"}};
  return show(page, signed_in, load(page, signed_in), errors, &fields);
}

}  // namespace

void add_panel_practice_steps(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const char* path = "/panel/praktyki/{id}/weryfikacja";
  add_private_page(router, parts, Method::get, path, [](Page& page, const SignedIn& signed_in) {
    return show(page, signed_in, load(page, signed_in), {}, nullptr);
  });
  add_private_page(router, parts, Method::post, path, take_step, form);
}

}  // namespace narada::http::pages
