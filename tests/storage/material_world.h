#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/usecases/materials/materials.h"
#include "tests/support/registration_world.h"

namespace narada::testing {

// A meeting of a cycle, and people of every kind beside it. Files are rows: they have been brought,
// or are there and inspected.
class MaterialWorld : public RegistrationWorld {
 public:
  MaterialWorld();

  domain::Meeting meeting;  // of `cycle`
  domain::CycleId cycle;
  domain::ExpertId expert;

  // A person of that name with an account and these roles, as they call.
  usecases::Call account(const std::string& name, const std::vector<domain::RoleGrant>& grants);
  // The expert of the meeting: by role, and by the record of the catalogue.
  usecases::Call lead(const std::string& name);
  // Somebody registered, as their account.
  usecases::Call person_of(domain::RegistrationId registration);
  void set_status(domain::RegistrationId registration, const std::string& status);

  // The key of an upload of the caller's, whose content is not known yet.
  std::string bring(const usecases::Call& call, const domain::MaterialOwner& owner,
                    const std::string& file_name = "plik.pdf");
  // What came with that key is in the store and inspected: `state`, with these facts as JSON.
  // Returns the digest.
  std::string inspect(const std::string& key, const std::string& state = "ready",
                      const std::string& facts = "{}", const std::string& text = "");
  // A ready file of the organizer's.
  domain::MaterialId add(const std::string& title,
                         domain::MaterialAccess access = domain::MaterialAccess::everybody);
  domain::MaterialId add(const usecases::MaterialForm& form);
  void add_version(domain::MaterialId material, const std::string& note,
                   const std::string& facts = "{}");
  domain::Material load(domain::MaterialId id);

  // "open 2,1" (numbers of the versions), "not_yet", "participants_only", "not_found".
  std::string reading(const usecases::Actor& actor, domain::MaterialId id);
  std::vector<std::string> titles(const usecases::Actor& actor, const domain::MaterialOwner& owner);
  std::vector<notifications::MailFacts> mails_of(notifications::MailKind kind);

 private:
  int contents_ = 0;
};

}  // namespace narada::testing
