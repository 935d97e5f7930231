#pragma once

#include <string>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Everything that is kept about one person, for themself (RODO art. 15 and 20): person.json,
// registrations.json, mails.json, activity.json, calendar.ics with their meetings, and README.txt
// in Polish and English that says what is what. Nothing in it is about anybody else.
struct PersonExport {
  std::string file_name;  // "narada-moje-dane-2027-01-04.zip"
  std::string zip;
};
// The person's own, or anybody's for Action::manage_privacy; NotFound otherwise, and for somebody
// unknown or erased. Written to the activity log as person.exported.
domain::Outcome<PersonExport> export_person(const Environment&, const Call&, domain::PersonId);

}  // namespace narada::usecases
