#include "tests/storage/credential_world.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "service/usecases/registrations/registration_input.h"
#include "sql/person_store.h"
#include "tests/support/one_time_codes.h"

namespace narada::testing {

using namespace usecases;

CredentialWorld::CredentialWorld() { environment().secret_key = std::string(32, 'k'); }

domain::PersonId CredentialWorld::add_person(const std::string& full_name,
                                             const std::string& email) {
  storage::NewPerson person;
  person.full_name = full_name;
  person.name_key = make_name_key(full_name);
  person.email = email.empty() ? person.name_key + "@urzad.example" : email;
  std::replace(person.email.begin(), person.email.end(), ' ', '.');
  person.email_key = make_email_key(person.email);
  const auto now = clock().now();
  return pool().transact([&](storage::Connection& connection) {
    const auto id = storage::save_person(connection, person, now);
    connection.execute("UPDATE person SET email_proved_at = ? WHERE id = ?", {now, id});
    return id;
  });
}

void CredentialWorld::grant(domain::PersonId person, domain::Role role) {
  pool().transact([&](storage::Connection& connection) {
    return storage::grant_role(connection, person, to_string(role), clock().now());
  });
}

Call CredentialWorld::call_of(domain::PersonId person) {
  Call call;
  call.actor = Actor{Actor::Kind::person, person.value};
  call.actor.person = person;
  call.request_id = "test";
  return call;
}

NewSession CredentialWorld::begin(domain::PersonId person, SignInMethod method) {
  const auto begun = begin_session(environment(), call_of(person), person, method,
                                   {"Firefox, Linux", "192.0.2.0/24"}, "");
  REQUIRE(begun.ok());
  return *begun;
}

Owner CredentialWorld::owner(const NewSession& session) {
  const auto found = find_session(environment(), session.token);
  REQUIRE(found);
  return {found->person.id, found->session, kHomeAddress};
}

Owner CredentialWorld::with_password(domain::PersonId person, const std::string& password) {
  const auto fresh = owner(begin(person));
  REQUIRE(describe(set_password(environment(), call_of(person), fresh, "", password)) == "ok");
  return fresh;
}

CredentialWorld::Codes CredentialWorld::with_codes(const Owner& fresh) {
  REQUIRE(describe(begin_totp(environment(), call_of(fresh.person), fresh, "")) == "ok");
  const auto setup = find_totp_setup(environment(), fresh);
  REQUIRE(setup);
  const auto confirmed = confirm_totp(environment(), call_of(fresh.person), fresh,
                                      code_of_application(setup->secret, clock().now()));
  REQUIRE(describe(confirmed) == "ok");
  clock().advance(std::chrono::seconds(30));  // the next code is another one
  return {setup->secret, confirmed->recovery_codes, confirmed->token};
}

domain::Outcome<NewSession> CredentialWorld::sign_in(const std::string& email,
                                                     const std::string& password,
                                                     const std::string& address) {
  return sign_in_with_password(environment(), visitor(), {email, password, address},
                               {"Firefox, Linux", "192.0.2.0/24"}, "");
}

domain::Outcome<NewSession> CredentialWorld::give(const std::string& token, const std::string& code,
                                                  const std::string& address) {
  return give_code(environment(), visitor(), token, code, address);
}

bool CredentialWorld::is_open(const std::string& token) {
  return find_session(environment(), token).has_value();
}

std::string CredentialWorld::dump(const std::string& table) {
  return pool().read([&](storage::Connection& connection) {
    std::string columns;
    for (const auto row : connection.query(
             "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() "
             "AND table_name = ?",
             {table}))
      columns += (columns.empty() ? "`" : ", `") + row.text(0) + "`";
    std::string text;
    for (const auto row : connection.query("SELECT CONCAT_WS('|', " + columns + ") FROM " + table))
      text += row.text(0) + "\n";
    return text;
  });
}

}  // namespace narada::testing
