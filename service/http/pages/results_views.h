#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/adoption.h"
#include "service/domain/work_outcome.h"
#include "service/http/pages/page.h"
#include "service/usecases/adoptions/adoptions.h"
#include "service/usecases/outcomes/chain.h"
#include "service/usecases/outcomes/outcomes.h"

// What came of meetings and cycles, and who adopted it, in words and as a picture.
namespace narada::http::pages {

// "12 maja 2023", "maj 2023" or "2023"; "no data" where nothing is known.
std::string stage_date(const Page& page, const domain::ReachedStage& stage);
std::string known_day(const Page& page, const std::optional<domain::Date>& day);

// {outcome_id, title, kind, description, stages: [{name, date, url, document, note}], track:
// [{x, reached}], furthest, next_step, by, responsible, practice, source_url}
web::View outcome_view(const Page& page, const usecases::OutcomeEntry& entry);

// Puts "results" for the template pages/results into the view: the report's public words, outcomes
// and problems; nothing where there are none.
void add_results(Page& page, const domain::OutcomeOwner& owner);

// [{name, url, status, color, since, learnt, learnt_url, changed, document_url, practice,
// practice_url, change_url}] for the template pages/adoption_list.
web::View adoption_views(const Page& page, const std::vector<usecases::AdoptionEntry>& entries);

// Puts "chain" for the template pages/chain into the view; nothing where there is none to show.
void add_chain(Page& page, const usecases::Chain& chain);

// What an institution gave and took: "adoptions_took", "adoptions_gave" for pages/institution_flow.
void add_institution_adoptions(Page& page, domain::InstitutionId institution);
// Of a practice: chain, "adoptions" and where to record one.
void add_practice_adoptions(Page& page, const std::string& practice_slug);

void add_adoption_pages(Router& router, const Parts& parts);

// Of the tag that shows it.
std::string_view color_of(domain::AdoptionStatus status);

}  // namespace narada::http::pages
