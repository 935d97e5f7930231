#pragma once

#include <string>
#include <vector>

#include "service/domain/cycle.h"
#include "service/domain/institution.h"
#include "service/domain/meeting.h"
#include "service/domain/practice.h"
#include "service/domain/practice_catalogue.h"
#include "service/domain/registration.h"
#include "service/http/pages/page.h"

// What templates show of the domain's things: values in words, in the page's language.
namespace narada::http::pages {

// {url, title, eyebrow, when, datetime, where, seats: [{text}], tag: {text, color}, mode}
web::View meeting_view(const Page& page, const domain::MeetingSummary& meeting);
web::View meeting_views(const Page& page, const std::vector<domain::MeetingSummary>& meetings);

// {text, color}: where a meeting stands now.
web::View state_view(const Page& page, const domain::MeetingSummary& meeting);
// [{label, text, taken, capacity}] of each mode that is offered.
web::View seats_view(const Page& page, const domain::MeetingSummary& meeting);
// [{date, url, title, tag, state: "done"|"now"|"next", current}] of a cycle's sessions.
web::View timeline_view(const Page& page, const std::vector<domain::MeetingSummary>& sessions,
                        domain::MeetingId current);

// {url, title, eyebrow, summary, period, next, owners}
web::View cycle_view(const Page& page, const domain::CycleSummary& cycle);
// "październik 2026 – kwiecień 2027" as its meetings say; empty without any.
std::string period_of(const Page& page, const domain::CycleSummary& cycle);
// The day of its next meeting, or the month where that is all there is; empty without one.
std::string next_date(const Page& page, const domain::CycleSummary& cycle);
// {url, title, title_language, eyebrow, lead, institutions}
web::View practice_view(const Page& page, const domain::PracticeSummary& practice);
// The same in the page's language, where there is an edition in it.
web::View practice_view(const Page& page, const domain::CataloguedPractice& practice);
web::View practice_views(const Page& page,
                         const std::vector<domain::CataloguedPractice>& practices);
// {url, name}
web::View institution_link(const Page& page, const domain::InstitutionRef& institution);
web::View institution_links(const Page& page,
                            const std::vector<domain::InstitutionRef>& institutions);
// [{url, name, description, initials}]
web::View expert_views(const Page& page, const std::vector<domain::ExpertRef>& experts);

std::string institution_path(const domain::InstitutionRef& institution);
// "workshop" of the code → "warsztat"
std::string word(const Page& page, std::string_view enumeration, std::string_view value);
// Of the tag that shows it.
std::string_view color_of(domain::RegistrationStatus status);
// The name in the page's language.
std::string topic_name(const Page& page, const domain::TopicRef& topic);

// A dot on the map of Poland.
struct MapDot {
  domain::InstitutionRef institution;
  bool owner = false;
  std::string look = {};   // class of the dot; empty: by owner
  double size = 1;         // of the usual radius
  std::string title = {};  // empty: the institution's name
  std::string url = {};    // empty: the institution's page
};
// {view_box, radius, stroke, font_size, dots: [{x, y, url, name, class, label: [{x, y, anchor}]}],
// scale: {x1, x2, y, text_y, text}}; null when no institution has a position. Dots close together
// fill the map, each with its name where there is room for it; otherwise the map is the whole
// country. With an `area` the map shows that, whatever lies in it, and is never null.
web::View map_view(const Page& page, const std::vector<MapDot>& dots,
                   const std::vector<domain::GeoPoint>& area = {});

// [{value, label, selected}] for a <select>.
web::View options_view(const std::vector<std::pair<std::string, std::string>>& values,
                       std::string_view selected);
web::View topic_options(const Page& page, std::string_view selected);

}  // namespace narada::http::pages
