#include "service/http/pages/panel/survey_results.h"

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/question_fields.h"

namespace narada::http::pages {
namespace {

constexpr int kBarWidth = 100;  // units of a bar's drawing

// "4,2", "4.2"
std::string number_text(const Page& page, double number) {
  auto text = fmt::format("{:.1f}", number);
  if (!page.english()) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

web::View count_views(const Page& page, const domain::SurveyResult& result) {
  web::View views = web::View::array();
  for (const auto& [answer, count] : result.counts)
    views.push_back(
        {{"answer", answer_text(page, result.question, answer)},
         {"count", std::to_string(count)},
         {"percent", std::to_string(result.answers == 0 ? 0 : count * 100 / result.answers)},
         {"length", std::to_string(result.answers == 0 ? 0 : count * kBarWidth / result.answers)}});
  return views;
}

}  // namespace

web::View survey_results_view(const Page& page, const usecases::SurveyResults& results) {
  web::View view = {
      {"summary", page.text("surveys.summary", {{"asked", std::int64_t{results.asked}},
                                                {"answers", std::int64_t{results.answers}}})}};
  view["too_few"] = results.answers < domain::kLeastSurveyAnswers;
  view["items"] = web::View::array();
  for (const auto& result : results.results) {
    web::View texts = web::View::array();
    for (const auto& text : result.texts) texts.push_back({{"text", text}});
    view["items"].push_back(
        {{"label", question_label(page, result.question)},
         {"answers", page.text("surveys.answers", {{"count", std::int64_t{result.answers}}})},
         {"average", result.average ? page.text("surveys.average",
                                                {{"number", number_text(page, *result.average)}})
                                    : std::string()},
         {"counts", count_views(page, result)},
         {"texts", std::move(texts)}});
  }
  return view;
}

}  // namespace narada::http::pages
