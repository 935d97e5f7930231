// /panel/spotkania/{id}/ankieta, /panel/cykle/{id}/ankieta: what people are asked after a meeting,
// and what they answered.

#include "service/usecases/surveys/surveys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/invitees.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/survey_results.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

using domain::MessageScope;
using domain::Question;
using domain::QuestionKind;
using usecases::SignedIn;
using usecases::SurveyForm;
using usecases::SurveySettings;

constexpr std::array kKinds = {QuestionKind::text, QuestionKind::choice, QuestionKind::several,
                               QuestionKind::number, QuestionKind::yes_no};
constexpr std::size_t kBlankQuestions = 1;  // after those there are

std::string path_of(const MessageScope& scope, std::string_view part = {}) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope))
    return fmt::format("/panel/spotkania/{}/ankieta{}", meeting->value, part);
  return fmt::format("/panel/cykle/{}/ankieta{}", std::get<domain::CycleId>(scope).value, part);
}

SurveySettings load(const Page& page, const SignedIn& signed_in) {
  auto found = find_survey_settings(page.environment(), signed_in.actor, invitee_scope(page));
  if (!found) throw Error(404);
  return std::move(found).value();
}

SurveyForm form_of(const SurveySettings& settings) {
  return {settings.enabled, settings.hours_after, settings.questions, settings.version};
}

// The inputs of the question at `index`, from 0: label_1, kind_1…
std::string input_of(std::string_view name, std::size_t index) {
  return fmt::format("{}_{}", name, index + 1);
}

// A question whose words have been emptied is left out.
domain::Questions read_questions(const FormFields& fields) {
  std::vector<std::pair<int, Question>> numbered;
  for (std::size_t index = 0; index < domain::kMostSurveyQuestions + kBlankQuestions; ++index) {
    const auto value = [&](const char* name) { return fields.value(input_of(name, index)); };
    if (value("label").find_first_not_of(" \t\r\n") == std::string::npos) continue;
    Question question;
    question.kind = domain::find_question_kind(value("kind")).value_or(QuestionKind::text);
    question.label = value("label");
    question.label_en = value("label_en");
    question.options = domain::split_lines(value("options"));
    question.options_en = domain::split_lines(value("options_en"));
    question.required = value("required") == "yes";
    domain::FieldErrors ignored;
    const auto place = read_integer(fields, input_of("position", index), ignored);
    numbered.emplace_back(static_cast<int>(place.value_or(static_cast<std::int64_t>(index) + 1)),
                          std::move(question));
  }
  std::stable_sort(numbered.begin(), numbered.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  domain::Questions questions;
  for (auto& [place, question] : numbered) questions.push_back(std::move(question));
  return questions;
}

SurveyForm read_form(const FormFields& fields, domain::FieldErrors& errors) {
  SurveyForm form;
  form.enabled = fields.value("enabled") == "yes";
  form.hours_after = static_cast<int>(read_integer(fields, "hours_after", errors).value_or(-1));
  form.questions = read_questions(fields);
  domain::FieldErrors ignored;
  form.version = read_integer(fields, "version", ignored).value_or(0);
  return form;
}

// "questions[2].label" is the input label_3.
void name_inputs(domain::FieldErrors& errors) {
  for (auto& error : errors) {
    const auto open = error.field.find('[');
    const auto dot = error.field.find("].");
    if (open == std::string::npos || dot == std::string::npos) continue;
    const auto index = std::stoul(error.field.substr(open + 1, dot - open - 1));
    error.field = input_of(error.field.substr(dot + 2), index);
  }
}

web::View question_view(Page& page, const Question& question, std::size_t index) {
  web::View kinds = web::View::array();
  for (const auto kind : kKinds)
    kinds.push_back({{"value", to_string(kind)},
                     {"label", page.text("panel_questions.kind_" + std::string(to_string(kind)))},
                     {"selected", kind == question.kind}});
  web::View view = {{"n", std::to_string(index + 1)},
                    {"legend", question.label.empty()
                                   ? page.text("surveys.new_question")
                                   : page.text("surveys.question",
                                               {{"number", static_cast<std::int64_t>(index) + 1}})},
                    {"label", question.label},
                    {"label_en", question.label_en},
                    {"kinds", std::move(kinds)},
                    {"options", domain::join_lines(question.options)},
                    {"options_en", domain::join_lines(question.options_en)},
                    {"required", question.required}};
  for (const char* name : {"label", "label_en", "options", "options_en"}) {
    const auto error = page.view().find("error_" + input_of(name, index));
    if (error != page.view().end()) view[std::string("error_") + name] = *error;
  }
  return view;
}

void fill(Page& page, const SurveySettings& settings, const SurveyForm& form) {
  auto questions = form.questions;
  if (!settings.asked_at) questions.resize(questions.size() + kBlankQuestions);
  web::View views = web::View::array();
  for (std::size_t index = 0; index < questions.size(); ++index)
    views.push_back(question_view(page, questions[index], index));
  auto& view = page.view();
  view["questions"] = std::move(views);
  view["enabled"] = form.enabled;
  view["hours_after"] = form.hours_after < 0 ? "" : std::to_string(form.hours_after);
  view["version"] = std::to_string(form.version);
  view["editable"] = !settings.asked_at;
  view["of_cycle"] = settings.of_cycle;
  view["action"] = page.link(path_of(settings.scope));
  if (!settings.asked_at) return;
  view["asked_text"] = page.text("surveys.asked", {{"when", moment_text(page, *settings.asked_at)},
                                                   {"asked", std::int64_t{settings.asked}},
                                                   {"answers", std::int64_t{settings.answers}}});
  if (settings.closes_at)
    view["closes_text"] =
        page.text("surveys.closes", {{"when", moment_text(page, *settings.closes_at)}});
}

void fill_results(Page& page, const SignedIn& signed_in, const MessageScope& scope) {
  const auto* meeting = std::get_if<domain::MeetingId>(&scope);
  if (!meeting) return;
  const auto results = load_survey_results(page.environment(), signed_in.actor, *meeting);
  if (!results || results->asked == 0) return;
  page.view()["results"] = survey_results_view(page, *results);
  if (!results->results.empty()) page.view()["csv_url"] = page.link(path_of(scope, "/wyniki.csv"));
}

Response show_form(Page& page, const SignedIn& signed_in, const SurveySettings& settings,
                   const SurveyForm& form, int status = 200) {
  const bool has_errors = page.view().contains("errors");
  const auto title = page.text("surveys.title", {{"title", settings.title}});
  page.view()["crumbs"] = web::View::array();
  open_panel(page, signed_in, PanelRoom::cycles,
             has_errors ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  if (const auto* meeting = std::get_if<domain::MeetingId>(&settings.scope)) {
    page.crumb(settings.title, fmt::format("/panel/spotkania/{}/dane", meeting->value));
    add_meeting_tabs(page, *meeting, "ankieta");
  } else {
    page.crumb(settings.title,
               fmt::format("/panel/cykle/{}", std::get<domain::CycleId>(settings.scope).value));
  }
  page.view()["heading"] = title;
  fill(page, settings, form);
  fill_results(page, signed_in, settings.scope);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_survey"));
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto settings = load(page, signed_in);
  return show_form(page, signed_in, settings, form_of(settings));
}

Response save(Page& page, const SignedIn& signed_in) {
  const auto settings = load(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const auto form = read_form(fields, errors);
  if (errors.empty()) {
    const auto saved = save_survey_settings(
        page.environment(), person_call(page, fields, signed_in), settings.scope, form);
    if (saved) return redirect_done(page, path_of(settings.scope), "survey_saved");
    errors = std::holds_alternative<domain::Stale>(saved.failure())
                 ? domain::FieldErrors{{"", "survey_changed_meanwhile"}}
                 : errors_of(saved.failure(), "change_sent_before");
  }
  name_inputs(errors);
  page.title(page.text("surveys.title", {{"title", settings.title}}));
  show_errors(page, errors);
  return show_form(page, signed_in, settings, form, 422);
}

Response download(Page& page, const SignedIn& signed_in) {
  auto file = export_survey_results(page.environment(), signed_in.actor,
                                    domain::MeetingId{id_of(page.request())}, page.language());
  if (!file) throw Error(404);
  Response response;
  response.set("Content-Type", "text/csv; charset=utf-8; header=present");
  response.set("Content-Disposition", "attachment; filename=\"ankieta.csv\"");
  response.set("Cache-Control", "no-store");
  response.body = std::move(file).value();
  return response;
}

}  // namespace

void add_panel_survey_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 256 << 10;
  for (const std::string base : {"/panel/spotkania/{id}/ankieta", "/panel/cykle/{id}/ankieta"}) {
    add_private_page(router, parts, Method::get, base, show);
    add_private_page(router, parts, Method::post, base, save, form);
  }
  add_private_page(router, parts, Method::get, "/panel/spotkania/{id}/ankieta/wyniki.csv",
                   download);
}

}  // namespace narada::http::pages
