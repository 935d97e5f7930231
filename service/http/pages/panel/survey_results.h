#pragma once

#include "service/http/pages/page.h"
#include "service/usecases/surveys/surveys.h"

namespace narada::http::pages {

// Numbers, bars and texts of a survey for the template panel_survey_results.
web::View survey_results_view(const Page& page, const usecases::SurveyResults& results);

}  // namespace narada::http::pages
