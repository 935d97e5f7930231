#include "service/http/pages/account/privacy_views.h"

#include <utility>

namespace narada::http::pages {

std::string period_text(const Page& page, std::chrono::days period) {
  constexpr int kYear = 365, kMostLeapDays = 4;
  const auto days = static_cast<std::int64_t>(period.count());
  const auto years = days / kYear;
  // A number of years with their leap days is told in years.
  const auto rest = days - years * kYear;
  if (years > 0 && rest * kMostLeapDays <= years + kMostLeapDays - 1)
    return page.text("retention.years", {{"count", years}});
  return page.text("retention.days", {{"count", days}});
}

std::string retained_text(const Page& page, domain::RetainedField field) {
  return page.text("retained." + std::string(to_string(field)));
}

void show_erasure_plan(Page& page, const usecases::ErasurePlan& plan) {
  page.view()["erasure"] = {
      {"cancelled", page.text("erasure.cancelled", {{"count", std::int64_t{plan.upcoming}}})},
      {"kept", page.text("erasure.kept", {{"count", std::int64_t{plan.registrations}}})}};
  page.view()["last_admin"] = plan.last_admin;
}

Response export_response(usecases::PersonExport copy) {
  Response response = text_response(200, std::move(copy.zip));
  response.set("Content-Type", "application/zip");
  response.set("Content-Disposition", "attachment; filename=\"" + copy.file_name + "\"");
  response.set("Cache-Control", "no-store");
  return response;
}

}  // namespace narada::http::pages
