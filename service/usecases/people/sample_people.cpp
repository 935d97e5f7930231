#include "service/usecases/people/sample_people.h"

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/sample/sample_files.h"
#include "service/usecases/slug.h"
#include "sql/cycle_store.h"
#include "sql/institution_store.h"
#include "sql/person_store.h"
#include "sql/role_store.h"

namespace narada::usecases {

SamplePerson read_person_row(const CsvRow& row) {
  const auto role = find_role(row["role"]);
  if (!role) throw SampleError{"people.csv lines[" + std::to_string(row.line) + "]", row["role"]};
  return {row["name"], row["email"], row["position"], row["institution"], *role, row["cycle"]};
}

domain::Outcome<domain::PersonId> add_sample_person(storage::Connection& connection,
                                                    const Environment& environment,
                                                    const Call& call, const SamplePerson& sample) {
  domain::FieldErrors errors;
  storage::NewPerson person;
  person.full_name = check_text(sample.name, "name", kNameBounds, errors);
  person.email = check_email(sample.email, errors);
  person.position = check_text(sample.position, "position", kPositionBounds, errors);
  person.name_key = make_name_key(person.full_name);
  person.email_key = make_email_key(person.email);
  if (!sample.institution.empty()) {
    const auto institution = storage::find_institution_ref(connection, sample.institution);
    if (institution)
      person.institution = institution->id;
    else
      errors.push_back({"institution", "unknown_institution"});
  }
  RoleGrant grant{sample.role, {}};
  if (!sample.cycle.empty()) {
    const auto cycle = storage::find_cycle_ref(connection, make_slug(sample.cycle, "cykl"));
    if (cycle)
      grant.scope = cycle->id;
    else
      errors.push_back({"cycle", "unknown_cycle"});
  }
  if (!errors.empty()) return errors;
  const auto now = environment.clock->now();
  const auto id = storage::save_person(connection, person, now);
  if (storage::save_grant(connection, id, grant, call.actor.text(), now)) {
    record_activity(connection, environment, call, "person.role_granted", "person", id.value, {},
                    R"({"role":")" + std::string(to_string(grant.role)) + R"("})");
  }
  return id;
}

}  // namespace narada::usecases
