#pragma once

#include <string_view>

#include "service/domain/cycle.h"
#include "service/domain/institution.h"
#include "service/domain/meeting.h"
#include "service/domain/plan.h"
#include "service/domain/practice.h"
#include "service/domain/questions.h"
#include "service/domain/registration.h"
#include "service/http/api/context.h"
#include "service/usecases/mails/mails.h"
#include "service/usecases/registrations/registrations.h"
#include "web/render.h"

// The JSON of the API's answers, as service/http/api/openapi.json describes it. What only some
// readers may see is left out here for the others.
namespace narada::http::api {

web::View institution_ref_view(const domain::InstitutionRef& institution);
web::View institution_view(const domain::Institution& institution);
web::View topic_view(const domain::TopicRef& topic);
web::View expert_view(const domain::ExpertRef& expert);

// "2027-01-21T09:30:00+01:00" of a wall clock in a zone; null when the zone is unknown.
web::View time_view(domain::WallTime wall, std::string_view tzid);
// "2027-05".
web::View month_view(domain::WallTime wall);
// When a meeting begins; of a half-fixed one its month.
web::View start_view(const domain::MeetingTimes& times);
// In the zone of the service.
web::View instant_view(domain::Instant instant);

web::View meeting_summary_view(const Context& context, const domain::MeetingSummary& meeting);
web::View meeting_view(const Context& context, const domain::Meeting& meeting);
// What stands beside a registration: id, slug, title, times, address of the page.
web::View meeting_ref_view(const Context& context, const domain::MeetingSummary& meeting);

web::View cycle_summary_view(const Context& context, const domain::CycleSummary& cycle);
web::View cycle_view(const Context& context, const domain::Cycle& cycle);
web::View planned_session_view(const domain::PlannedSession& session, std::string_view tzid);

// Everything, for organizers and for the person.
web::View question_view(const domain::Question& question);
web::View registration_view(const domain::Registration& registration);
// What a form on the public side learns: no personal data comes back.
web::View receipt_view(const domain::Registration& registration);

web::View practice_summary_view(const Context& context, const domain::PracticeSummary& practice);
web::View practice_view(const Context& context, const domain::Practice& practice);

web::View outgoing_mail_view(const usecases::OutgoingMail& mail);

}  // namespace narada::http::api
