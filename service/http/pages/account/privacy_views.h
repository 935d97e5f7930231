#pragma once

#include <chrono>
#include <string>

#include "service/domain/retention.h"
#include "service/http/pages/page.h"
#include "service/usecases/people/person_erasure.h"
#include "service/usecases/people/person_export.h"

namespace narada::http::pages {

// "30 dni", "5 lat".
std::string period_text(const Page& page, std::chrono::days period);
// What a kind of data is called: "Szczególne potrzeby".
std::string retained_text(const Page& page, domain::RetainedField field);

// "erasure": what would be cancelled and what stays; "last_admin" where it cannot be done.
void show_erasure_plan(Page& page, const usecases::ErasurePlan& plan);

// The copy as a file that no cache keeps.
Response export_response(usecases::PersonExport copy);

}  // namespace narada::http::pages
