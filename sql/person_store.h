#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// A person as typed, with the keys that make the identity: both folded by the caller, compared as
// bytes.
struct NewPerson {
  std::string full_name;
  std::string email;
  std::string name_key;
  std::string email_key;
  std::string position;
  std::optional<domain::InstitutionId> institution;
  domain::Language language = domain::Language::pl;
};

// Who somebody is, and whether they have a claim to a meeting already.
struct PersonClaim {
  domain::PersonId person;
  std::string full_name;  // as first typed
  std::string email;
  std::optional<domain::RegistrationId> registration;
  std::optional<domain::RegistrationStatus> status;
};
// Absent when nobody of this identity is known.
std::optional<PersonClaim> find_person_claim(Connection& connection, const NewPerson& person,
                                             domain::MeetingId meeting);
struct KnownPerson {
  domain::PersonId id;
  std::string full_name;  // as first typed
  std::string email;
};
std::optional<KnownPerson> find_person(Connection& connection, const NewPerson& person);

// The person of this identity, stored now unless known; a known one stays as it is. Who knows that
// the person is there does not call this: it would lock them.
domain::PersonId save_person(Connection& connection, const NewPerson& person, domain::Instant now);
// Absent when nobody has the id.
std::optional<std::string> find_full_name(Connection& connection, domain::PersonId person);
// Another spelling of the same name (the keys stay). Throws Conflict when the person has been
// erased meanwhile.
void save_full_name(Connection& connection, domain::PersonId person, const std::string& full_name,
                    domain::Instant now);

// Everywhere, by the program's own command. False when the person had the role so.
bool grant_role(Connection& connection, domain::PersonId person, std::string_view role,
                domain::Instant now);

// What one typed institution may mean.
struct InstitutionChoice {
  domain::InstitutionRef institution;
  std::string county;
};
// Active ones by TERYT, id, slug, name or alias (case and accents ignored), at most 20.
std::vector<InstitutionChoice> find_institution_choices(Connection& connection,
                                                        std::string_view typed);

}  // namespace narada::storage
