// /ankieta/{token}: what people are asked after a meeting, behind the link of their mail.

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/views.h"
#include "service/usecases/surveys/surveys.h"

namespace narada::http::pages {
namespace {

using usecases::SurveySheet;
using usecases::SurveyStanding;

SurveySheet load(const Page& page) {
  return value_or_throw(find_survey_sheet(page.environment(), page.request().params.at("token")));
}

Response show_sheet(Page& page, const SurveySheet& sheet, const domain::Answers& given,
                    const domain::FieldErrors& errors = {}) {
  const std::string path = "/ankieta/" + page.request().params.at("token");
  page.title(page.text("surveys.sheet_title", {{"title", sheet.meeting.title}}));
  auto& view = page.view();
  view["private"] = true;
  view["canonical"] = nullptr;
  view["other_url"] = page.english() ? path : "/en" + path;
  view["action"] = page.link(path);
  view["meeting"] = meeting_view(page, sheet.meeting);
  view["open"] = sheet.standing == SurveyStanding::open;
  view["answered"] = sheet.standing == SurveyStanding::answered;
  view["closed"] = sheet.standing == SurveyStanding::closed;
  view["thanks"] = page.request().find_query("dziekujemy").has_value();
  if (sheet.closes_at)
    view["until_text"] =
        page.text("surveys.until", {{"when", moment_text(page, *sheet.closes_at)}});
  if (!errors.empty()) {
    show_errors(page, errors);
    name_answer_errors(page, sheet.questions);
  }
  fill_questions(page, sheet.questions, {domain::AttendanceMode::onsite}, given);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/survey"));
}

// Of several options each is a field of its own.
domain::Answers read_given(const FormFields& fields, const domain::Questions& questions) {
  domain::Answers given;
  for (const auto& question : questions) {
    const auto wanted = domain::answer_field(question.id);
    std::vector<std::string> values;
    for (const auto& [name, value] : fields.fields)
      if (name == wanted) values.push_back(value);
    if (question.kind == domain::QuestionKind::several) {
      if (!values.empty()) given[question.id] = domain::join_lines(values);
    } else if (!values.empty() && !values.front().empty()) {
      given[question.id] = values.front();
    }
  }
  return given;
}

Response post(Page& page) {
  const auto fields = read_own_form(page);
  const auto sheet = load(page);
  const auto& token = page.request().params.at("token");
  if (sheet.standing != SurveyStanding::open) return show_sheet(page, sheet, {});
  const auto given = read_given(fields, sheet.questions);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto answered = answer_survey(page.environment(), form_call(page, fields), token, given);
    if (answered) return redirect(303, page.link("/ankieta/" + token) + "?dziekujemy=1");
    errors = errors_of(answered.failure(), "change_sent_before");
  }
  return show_sheet(page, sheet, given, errors);
}

}  // namespace

void add_survey_page(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 128 << 10;
  add_page(router, Method::get, "/ankieta/{token}", [&parts](const Request& request) {
    Page page(parts, request);
    return show_sheet(page, load(page), {});
  });
  add_page(
      router, Method::post, "/ankieta/{token}",
      [&parts](const Request& request) {
        Page page(parts, request);
        return post(page);
      },
      form);
}

}  // namespace narada::http::pages
