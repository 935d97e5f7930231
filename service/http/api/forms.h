#pragma once

#include <string>

#include "service/domain/outcome.h"
#include "service/domain/plan.h"
#include "service/http/api/object_reader.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/registrations/registrations.h"

// From the JSON of writes to the forms of use cases. Every function takes the fields it knows from
// the reader and notes the bad ones there; what is absent stays as it is in the form, so that a
// PATCH reads into the stored form. Only shape is judged here, rules are the use cases'.
namespace narada::http::api {

void read_institution(ObjectReader& reader, usecases::InstitutionForm& form);
void read_expert(ObjectReader& reader, usecases::ExpertForm& form);

void read_meeting(ObjectReader& reader, usecases::MeetingForm& form);
// For a new meeting: without a word about places it takes any number of people, online when it has
// only a link, else on site.
void read_new_meeting(ObjectReader& reader, usecases::MeetingForm& form);
// The cycle's own fields, not its meetings.
void read_cycle(ObjectReader& reader, usecases::CycleForm& form);
void read_plan(ObjectReader& reader, domain::Plan& plan);
// Errors about a plan's fields in the names that the API has for them, under `prefix`.
domain::FieldErrors plan_errors_for_api(domain::FieldErrors errors, const std::string& prefix);

void read_registration(ObjectReader& reader, usecases::RegistrationForm& form);
void read_registration_change(ObjectReader& reader, usecases::RegistrationChange& change);
void read_practice(ObjectReader& reader, usecases::PracticeForm& form);

}  // namespace narada::http::api
