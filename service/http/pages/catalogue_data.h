#pragma once

#include <string>

#include "service/domain/cycle.h"
#include "service/domain/institution.h"
#include "service/domain/practice.h"
#include "service/http/pages/page.h"

// JSON-LD of what is published (schema.org), safe inside a <script> element. What is not known is
// not said.
namespace narada::http::pages {

// Article; an implementation of the practice is what it is about.
std::string practice_json_ld(const Page& page, const domain::Practice& practice);
// EventSeries with its published sessions.
std::string cycle_json_ld(const Page& page, const domain::Cycle& cycle);
// GovernmentOrganization of a municipality, Organization of another body.
std::string institution_json_ld(const Page& page, const domain::Institution& institution);

// Adds the BreadcrumbList of the page's crumbs and title to the view's json_ld. After title() and
// crumb(), and after the page's own data.
void add_breadcrumbs(Page& page);

}  // namespace narada::http::pages
