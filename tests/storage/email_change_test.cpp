// Another e-mail address: who may ask for it, and what comes of it.

#include <doctest/doctest.h>

#include "service/usecases/people/profile.h"
#include "service/usecases/people/sign_in.h"
#include "service/usecases/people/sign_in_links.h"
#include "tests/storage/credential_world.h"

using namespace narada;
using namespace narada::usecases;
using narada::testing::CredentialWorld;
using narada::testing::describe;
using narada::testing::kGoodPassword;

namespace {

constexpr const char* kNew = "nowa@urzad.example";

// Asks and answers which link has gone out.
std::string ask(CredentialWorld& world, const Owner& owner) {
  REQUIRE(describe(request_email_change(world.environment(), world.call_of(owner.person), owner,
                                        kNew, "")) == "ok");
  const auto url = world.facts().back().account->url;
  return url.substr(url.rfind('/') + 1);
}

std::string email_of(CredentialWorld& world, domain::PersonId person) {
  return find_profile(world.environment(), person)->person.email;
}

std::string confirm(CredentialWorld& world, const Owner& owner, const std::string& token) {
  return describe(
      confirm_email_change(world.environment(), world.call_of(owner.person), token, owner.session));
}

}  // namespace

TEST_CASE("a new address is asked for by a link that goes there and nowhere else") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto owner = world.owner(world.begin(anna));
  const auto request = [&](const std::string& email) {
    return describe(
        request_email_change(world.environment(), world.call_of(anna), owner, email, ""));
  };
  CHECK(request("to nie adres") == "email:invalid_email");
  CHECK(request("anna.nowak@urzad.example") == "email:same_email");
  CHECK(world.mails().empty());
  CHECK(request(kNew) == "ok");
  const auto facts = world.facts();
  REQUIRE(facts.size() == 1);
  CHECK(facts.back().kind == notifications::MailKind::email_change);
  CHECK(facts.back().to_address == kNew);
  REQUIRE(facts.back().account.has_value());
  CHECK(facts.back().account->url.starts_with("https://narada.example/wejscie/"));
  CHECK(email_of(world, anna) == "anna.nowak@urzad.example");
  const auto id = std::to_string(anna.value);
  CHECK(world.activities().back() ==
        "person.email_change_requested person:" + id + " person:" + id);
}

TEST_CASE("a session alone changes no address: it takes the mailbox or the password") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto stolen = world.owner(world.begin(anna));
  world.clock().advance(std::chrono::minutes(16));
  const auto request = [&](const std::string& current) {
    return describe(
        request_email_change(world.environment(), world.call_of(anna), stolen, kNew, current));
  };
  CHECK(request("") == "current_password:sign_in_again");
  world.with_password(anna);
  const auto by_password = world.sign_in("anna.nowak@urzad.example", kGoodPassword);
  REQUIRE(by_password.ok());
  const auto owner = world.owner(*by_password);
  const auto of_owner = [&](const std::string& current) {
    return describe(
        request_email_change(world.environment(), world.call_of(anna), owner, kNew, current));
  };
  const auto mails = world.mails().size();
  CHECK(of_owner("") == "current_password:required");
  CHECK(of_owner("zgaduj zgadula") == "current_password:wrong_password");
  CHECK(world.mails().size() == mails);
  CHECK(of_owner(kGoodPassword) == "ok");
}

TEST_CASE("a changed address closes what the old one opened, and the old mailbox is told") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto elsewhere = world.begin(anna);
  const auto here = world.begin(anna);
  const auto owner = world.owner(here);
  const auto unused = ask(world, owner);
  const auto token = ask(world, owner);
  const auto sessions = world.count("session");
  world.clock().advance(std::chrono::minutes(14));
  CHECK(confirm(world, owner, token) == "ok");
  CHECK(email_of(world, anna) == kNew);
  CHECK_FALSE(world.is_open(elsewhere.token));
  CHECK(world.is_open(here.token));
  CHECK(world.count("session") == sessions);  // nobody is signed in by it
  CHECK(confirm(world, owner, token) == "not_found");
  CHECK(confirm(world, owner, unused) == "not_found");
  const auto told = world.facts().back();
  CHECK(told.kind == notifications::MailKind::email_changed);
  CHECK(told.to_address == "anna.nowak@urzad.example");
  CHECK(told.to_name == "Anna Nowak");
  const auto id = std::to_string(anna.value);
  CHECK(world.activities().back() == "person.email_changed person:" + id + " person:" + id);
}

TEST_CASE("the link to a new address signs nobody in and obeys its owner alone") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto owner = world.owner(world.begin(anna));
  const auto token = ask(world, owner);
  const auto jan = world.owner(world.begin(world.add_person("Jan Obcy")));
  CHECK(confirm(world, jan, token) == "forbidden");
  LinkClaim claim;
  claim.person = anna;
  CHECK(describe(use_link(world.environment(), world.call_of(anna), token, claim, {}, {})) ==
        "not_found");
  CHECK(email_of(world, anna) == "anna.nowak@urzad.example");
  CHECK(confirm(world, owner, token) == "ok");
}

TEST_CASE("the address of a namesake cannot be taken") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto namesake = world.add_person("Anna Nowak", kNew);
  const auto owner = world.owner(world.begin(anna));
  CHECK(confirm(world, owner, ask(world, owner)) == "conflict:email_taken");
  CHECK(email_of(world, anna) == "anna.nowak@urzad.example");
  CHECK(email_of(world, namesake) == kNew);
}
