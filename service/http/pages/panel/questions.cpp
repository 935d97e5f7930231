// /panel/spotkania/{id}/pytania: what a meeting asks whoever registers, and how its form looks.

#include "service/usecases/registrations/questions.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "service/http/pages/needs_fields.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/typed.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Question;
using domain::QuestionId;
using domain::QuestionKind;
using usecases::MeetingQuestions;
using usecases::SignedIn;

constexpr std::array kKinds = {QuestionKind::text,   QuestionKind::choice, QuestionKind::several,
                               QuestionKind::number, QuestionKind::yes_no, QuestionKind::file};

std::string meeting_key(const Page& page) { return std::to_string(id_of(page.request())); }

std::string path_of(const Page& page) {
  return fmt::format("/panel/spotkania/{}/pytania", id_of(page.request()));
}

MeetingQuestions load(const Page& page, const SignedIn& signed_in) {
  auto found = find_meeting_questions(page.environment(), signed_in.actor, meeting_key(page));
  if (!found) throw Error(404);
  return std::move(found).value();
}

void frame(Page& page, const SignedIn& signed_in, const MeetingQuestions& found,
           const std::string& title) {
  const bool has_errors = page.view().contains("errors");
  open_panel(page, signed_in, PanelRoom::cycles,
             has_errors ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.crumb(found.meeting.title, fmt::format("/panel/spotkania/{}/dane", found.meeting.id.value));
  add_meeting_tabs(page, found.meeting.id, "pytania");
  page.view()["heading"] = title;
  page.view()["action"] = page.link(path_of(page));
  page.view()["list_url"] = page.link(path_of(page));
}

// Whom it is asked of, in words.
std::string asked_of(const Page& page, const Question& question,
                     const domain::Questions& questions) {
  std::string text;
  if (question.depends_on) {
    if (const auto* on = domain::find_question(questions, *question.depends_on))
      text = fmt::format("„{}”: {}", question_label(page, *on),
                         answer_text(page, *on, question.depends_value));
  }
  if (question.mode) {
    const auto mode = word(page, "mode", to_string(*question.mode));
    text += text.empty() ? mode : "; " + mode;
  }
  return text.empty() ? page.text("panel_questions.everybody") : text;
}

web::View row_view(const Page& page, const MeetingQuestions& found, const Question& question) {
  const auto label = question_label(page, question);
  const auto answered = found.answered.find(question.id);
  const auto count = answered == found.answered.end() ? 0 : answered->second;
  const auto name = [&](const char* key) { return page.text(key, {{"question", label}}); };
  return {
      {"id", std::to_string(question.id.value)},
      {"url", page.link(fmt::format("{}/{}", path_of(page), question.id.value))},
      {"label", label},
      {"kind_text", page.text("panel_questions.kind_" + std::string(to_string(question.kind)))},
      {"is_required", question.required},
      {"who", asked_of(page, question, found.questions)},
      {"count", std::to_string(count)},
      {"follows", question.depends_on.has_value()},
      {"up_name", name("panel_questions.up_of")},
      {"down_name", name("panel_questions.down_of")},
      {"remove", count == 0 ? "remove" : "retire"},
      {"remove_text", page.text(count == 0 ? "panel_questions.remove" : "panel_questions.retire")},
      {"remove_name", name(count == 0 ? "panel_questions.remove_of" : "panel_questions.retire_of")},
      {"restore_name", name("panel_questions.restore_of")}};
}

// In the order in which people see them: each with those that depend on it.
void add_rows(Page& page, const MeetingQuestions& found) {
  web::View asked = web::View::array();
  web::View retired = web::View::array();
  for (const auto& question : found.questions) {
    if (question.retired) retired.push_back(row_view(page, found, question));
    if (question.retired || question.depends_on) continue;
    asked.push_back(row_view(page, found, question));
    for (const auto& follower : found.questions)
      if (!follower.retired && follower.depends_on == question.id)
        asked.push_back(row_view(page, found, follower));
  }
  page.view()["asked"] = std::move(asked);
  page.view()["retired"] = std::move(retired);
}

web::View source_options(const Page& page, const MeetingQuestions& found) {
  web::View options = web::View::array();
  for (const auto& source : found.sources)
    options.push_back({{"value", std::to_string(source.id.value)},
                       {"label", fmt::format("{}, {}", source.title,
                                             web::day_date(page.language(), source.starts))}});
  return options;
}

Response show(Page& page, const SignedIn& signed_in, int status = 200) {
  const auto found = load(page, signed_in);
  frame(page, signed_in, found,
        page.text("panel_questions.title_of", {{"title", found.meeting.title}}));
  auto& view = page.view();
  add_rows(page, found);
  view["new_url"] = page.link(path_of(page) + "/nowe");
  view["sources"] = source_options(page, found);
  view["asks_challenge"] = found.challenge;
  view["challenges_url"] =
      page.link(fmt::format("/panel/spotkania/{}/wyzwania", found.meeting.id.value));
  view["copy_operation"] = usecases::make_token();
  fill_questions(page, found.questions,
                 {domain::AttendanceMode::onsite, domain::AttendanceMode::online}, {});
  fill_needs(page, {});
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_questions"));
}

std::optional<QuestionId> question_in(const std::string& text) {
  QuestionId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc() || end != text.data() + text.size() || id.value < 1) return std::nullopt;
  return id;
}

struct Done {
  std::string name;
  std::optional<domain::Failure> failure;
};
template <class T>
Done done_of(std::string name, const domain::Outcome<T>& outcome) {
  if (outcome) return {std::move(name), std::nullopt};
  return {std::move(name), outcome.failure()};
}

std::string name_of(usecases::QuestionStep step) {
  switch (step) {
    case usecases::QuestionStep::up:
    case usecases::QuestionStep::down:
      return "question_moved";
    case usecases::QuestionStep::retire:
      return "question_retired";
    case usecases::QuestionStep::restore:
      return "question_restored";
    case usecases::QuestionStep::remove:
      break;
  }
  return "question_removed";
}

Done act(const Page& page, const FormFields& fields, const SignedIn& signed_in) {
  const auto call = person_call(page, fields, signed_in);
  const auto wanted = fields.value("do");
  const auto key = meeting_key(page);
  if (wanted == "copy")
    return done_of("questions_copied",
                   copy_questions(page.environment(), call, key, fields.value("from")));
  const auto step = usecases::find_question_step(wanted);
  const auto question = question_in(fields.value("question"));
  if (!step || !question) throw Error(400);
  return done_of(name_of(*step), move_question(page.environment(), call, key, *question, *step));
}

Response change(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  (void)load(page, signed_in);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto done = act(page, fields, signed_in);
    if (!done.failure) return redirect_done(page, path_of(page), done.name);
    errors = errors_of(*done.failure, "change_sent_before");
  }
  page.title(page.text("panel_questions.title"));
  show_errors(page, errors);
  return show(page, signed_in, 422);
}

// ---- One question.

// A question that others may depend on, with its answers: "12=yes".
web::View condition_options(const Page& page, const domain::Questions& questions,
                            const Question& edited) {
  std::vector<std::pair<std::string, std::string>> values = {
      {"", page.text("panel_questions.condition_none")}};
  for (const auto& one : questions) {
    if (one.retired || one.depends_on || one.id == edited.id) continue;
    for (const auto& value : domain::values_to_depend_on(one))
      values.emplace_back(
          fmt::format("{}={}", one.id.value, value),
          fmt::format("„{}”: {}", question_label(page, one), answer_text(page, one, value)));
  }
  const auto chosen =
      edited.depends_on ? fmt::format("{}={}", edited.depends_on->value, edited.depends_value) : "";
  return options_view(values, chosen);
}

Question read_question(const FormFields& fields, QuestionId id, domain::FieldErrors& errors) {
  Question question;
  question.id = id;
  question.kind =
      domain::find_question_kind(fields.value("kind")).value_or(domain::QuestionKind::text);
  question.label = fields.value("label");
  question.label_en = fields.value("label_en");
  question.hint = fields.value("hint");
  question.hint_en = fields.value("hint_en");
  question.options = domain::split_lines(fields.value("options"));
  question.options_en = domain::split_lines(fields.value("options_en"));
  if (question.kind == QuestionKind::number) {
    question.least = read_number(fields.value("least"), "least", errors);
    question.most = read_number(fields.value("most"), "most", errors);
  }
  question.required = fields.value("required") == "yes";
  question.mode = domain::find_attendance_mode(fields.value("mode"));
  const auto condition = fields.value("depends_on");
  const auto equals = condition.find('=');
  if (equals == std::string::npos) return question;
  // A number that is none names no question, which the use case then says.
  question.depends_on = question_in(condition.substr(0, equals)).value_or(QuestionId{});
  question.depends_value = condition.substr(equals + 1);
  return question;
}

void fill_question(Page& page, const MeetingQuestions& found, const Question& question) {
  auto& view = page.view();
  web::View kinds = web::View::array();
  for (const auto kind : kKinds)
    kinds.push_back({{"value", to_string(kind)},
                     {"label", page.text("panel_questions.kind_" + std::string(to_string(kind)))},
                     {"checked", kind == question.kind}});
  view["kinds"] = std::move(kinds);
  view["label"] = question.label;
  view["label_en"] = question.label_en;
  view["hint"] = question.hint;
  view["hint_en"] = question.hint_en;
  view["options"] = domain::join_lines(question.options);
  view["options_en"] = domain::join_lines(question.options_en);
  view["least"] = question.least ? std::to_string(*question.least) : "";
  view["most"] = question.most ? std::to_string(*question.most) : "";
  view["required"] = question.required;
  view["modes"] = options_view({{"", page.text("panel_questions.mode_any")},
                                {"onsite", page.text("panel_questions.mode_onsite")},
                                {"online", page.text("panel_questions.mode_online")}},
                               question.mode ? to_string(*question.mode) : "");
  view["conditions"] = condition_options(page, found.questions, question);
}

Response show_question(Page& page, const SignedIn& signed_in, const MeetingQuestions& found,
                       const Question& question, int status = 200) {
  const bool is_new = !question.id;
  frame(page, signed_in, found, page.text(is_new ? "panel_questions.new" : "panel_questions.edit"));
  page.crumb(page.text("panel_questions.title"), path_of(page));
  const auto part = is_new ? std::string("nowe") : std::to_string(question.id.value);
  page.view()["action"] = page.link(path_of(page) + "/" + part);
  fill_question(page, found, question);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_question"));
}

Question find_edited(const Page& page, const MeetingQuestions& found) {
  if (!page.request().params.contains("question")) return {};
  const auto* question =
      domain::find_question(found.questions, QuestionId{id_of(page.request(), "question")});
  if (!question) throw Error(404);
  return *question;
}

Response edit(Page& page, const SignedIn& signed_in) {
  const auto found = load(page, signed_in);
  return show_question(page, signed_in, found, find_edited(page, found));
}

Response save(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto found = load(page, signed_in);
  auto errors = fields.errors;
  const auto question = read_question(fields, find_edited(page, found).id, errors);
  if (errors.empty()) {
    const auto call = person_call(page, fields, signed_in);
    const auto outcome =
        question.id ? change_question(page.environment(), call, meeting_key(page), question)
                    : add_question(page.environment(), call, meeting_key(page), question);
    if (outcome)
      return redirect_done(page, path_of(page),
                           question.id ? "question_changed" : "question_added");
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  for (auto& error : errors)
    if (error.field == "depends_value") error.field = "depends_on";  // one field of the form
  page.title(page.text("panel_questions.title"));
  show_errors(page, errors);
  return show_question(page, signed_in, found, question, 422);
}

}  // namespace

void add_panel_question_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  const std::string path = "/panel/spotkania/{id}/pytania";
  add_private_page(router, parts, Method::get, path,
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, path, change, form);
  add_private_page(router, parts, Method::get, path + "/nowe", edit);
  add_private_page(router, parts, Method::post, path + "/nowe", save, form);
  add_private_page(router, parts, Method::get, path + "/{question}", edit);
  add_private_page(router, parts, Method::post, path + "/{question}", save, form);
}

}  // namespace narada::http::pages
