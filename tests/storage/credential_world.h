#pragma once

#include <string>

#include "service/usecases/people/credentials.h"
#include "service/usecases/people/factor_sign_in.h"
#include "tests/support/registration_world.h"

namespace narada::testing {

inline constexpr const char* kHomeAddress = "192.0.2.17";
inline constexpr const char* kGoodPassword = "cztery zielone rowery";

// A world with people who have accounts.
class CredentialWorld : public RegistrationWorld {
 public:
  CredentialWorld();

  // "Anna Nowak" of "anna.nowak@urzad.example", who has proved her mailbox.
  domain::PersonId add_person(const std::string& full_name, const std::string& email = {});
  void grant(domain::PersonId person, domain::Role role);

  // A session begun by a link from the person's home network; its code is not asked for.
  usecases::NewSession begin(domain::PersonId person,
                             usecases::SignInMethod method = usecases::SignInMethod::link);
  usecases::Owner owner(const usecases::NewSession& session);
  usecases::Call call_of(domain::PersonId person);

  // With a password, set in a fresh session that is still open.
  usecases::Owner with_password(domain::PersonId person,
                                const std::string& password = kGoodPassword);
  // The secret of one-time codes that have just been taken into use; the recovery codes too.
  struct Codes {
    std::string secret;
    std::vector<std::string> recovery;
    std::string token;  // of the session in which it was done
  };
  Codes with_codes(const usecases::Owner& owner);

  domain::Outcome<usecases::NewSession> sign_in(const std::string& email,
                                                const std::string& password,
                                                const std::string& address = kHomeAddress);
  domain::Outcome<usecases::NewSession> give(const std::string& token, const std::string& code,
                                             const std::string& address = kHomeAddress);
  bool is_open(const std::string& token);
  // Every row of the table as one text, for looking for what must not be in it.
  std::string dump(const std::string& table);
};

}  // namespace narada::testing
