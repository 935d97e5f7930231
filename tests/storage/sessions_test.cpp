// Sessions: how they begin, what they allow, when they are over.
#include "service/usecases/people/sessions.h"

#include <doctest/doctest.h>

#include "service/usecases/access.h"
#include "sql/pool.h"
#include "sql/session_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::Role;
using usecases::SignInMethod;

namespace {

const usecases::Device kOffice{"Firefox, Windows", "192.0.2.0/24"};
const usecases::Device kHome{"Safari, iPhone", "2001:db8:1::/48"};

domain::PersonId add(RegistrationWorld& world, Role role = Role::official,
                     const std::string& name = "Anna Nowak") {
  return usecases::add_user(world.environment(), "anna@urzad.example", name, role).value();
}

usecases::NewSession begin(RegistrationWorld& world, domain::PersonId person,
                           SignInMethod method = SignInMethod::link,
                           const usecases::Device& device = kOffice,
                           const std::string& replaced = "") {
  return usecases::begin_session(world.environment(), world.visitor(), person, method, device,
                                 replaced)
      .value();
}

std::optional<usecases::SignedIn> find(RegistrationWorld& world, const std::string& token) {
  return usecases::find_session(world.environment(), token);
}

usecases::Call call_of(const usecases::SignedIn& signed_in) {
  usecases::Call call;
  call.actor = signed_in.actor;
  return call;
}

void run(RegistrationWorld& world, const std::string& sql) {
  world.pool().transact([&](storage::Connection& connection) { return connection.execute(sql); });
}

void confirm_code(RegistrationWorld& world, domain::PersonId person) {
  run(world, "INSERT INTO credential (person_id, totp_secret, totp_confirmed_at) VALUES (" +
                 std::to_string(person.value) + ", 'x', '2027-01-01')");
}

bool open_with_code(RegistrationWorld& world, const std::string& token,
                    const std::string& new_token) {
  const auto now = world.clock().now();
  return world.pool().transact([&](storage::Connection& connection) {
    const auto waiting =
        storage::find_session_awaiting_code(connection, usecases::hash_token(token), now);
    return waiting &&
           storage::open_session(connection, waiting->id, usecases::hash_token(new_token), now);
  });
}

}  // namespace

TEST_CASE("a session tells who is signed in, with the roles of this moment") {
  RegistrationWorld world;
  const auto anna = add(world, Role::expert);
  const auto begun = begin(world, anna);
  CHECK(begun.token.size() == 43);
  CHECK_FALSE(begun.code_due);
  const auto found = find(world, begun.token);
  REQUIRE(found);
  CHECK(found->person.id == anna);
  CHECK(found->person.full_name == "Anna Nowak");
  CHECK(found->actor.text() == "person:" + std::to_string(anna.value));
  CHECK(found->actor.person == anna);
  CHECK(found->actor.grants == std::vector<usecases::RoleGrant>{{Role::expert, {}}});
  CHECK(found->method == SignInMethod::link);
  run(world, "DELETE FROM person_role");
  CHECK(find(world, begun.token)->actor.grants.empty());
  for (const std::string& wrong : {std::string(), begun.token + "x", begun.token.substr(1)})
    CHECK_FALSE(find(world, wrong));
  CHECK(world.count("session WHERE token_hash = '" + begun.token + "'") == 0);
}

TEST_CASE("a session is over after half a day without use, and after a fortnight of use") {
  RegistrationWorld world;
  const auto anna = add(world);
  const auto idle = begin(world, anna);
  world.clock().advance(12h - 1s);
  CHECK(find(world, idle.token));
  world.clock().advance(12h);
  CHECK_FALSE(find(world, idle.token));

  const auto used = begin(world, anna);
  const auto until = world.clock().now() + 14 * 24h;
  while (world.clock().now() + 11h < until) {
    world.clock().advance(11h);
    REQUIRE(find(world, used.token));
  }
  world.clock().set(until - 1s);
  CHECK(find(world, used.token));
  world.clock().set(until);
  CHECK_FALSE(find(world, used.token));
}

TEST_CASE("the use of a session is noted every five minutes at most") {
  RegistrationWorld world;
  const auto anna = add(world);
  const auto begun = begin(world, anna);
  const auto seen = [&] {
    return usecases::list_sessions(world.environment(), anna).front().last_seen_at;
  };
  const auto start = world.clock().now();
  world.clock().advance(4min + 59s);
  find(world, begun.token);
  CHECK(seen() == start);
  world.clock().advance(1s);
  find(world, begun.token);
  CHECK(seen() == start + 5min);
}

TEST_CASE("a sign-in ends the session that the browser brought, whosever it was") {
  RegistrationWorld world;
  const auto anna = add(world);
  const auto ewa = add(world, Role::official, "Ewa Lis");
  const auto old = begin(world, ewa);
  const auto other = begin(world, ewa);
  const auto fresh = begin(world, anna, SignInMethod::link, kOffice, old.token);
  CHECK_FALSE(find(world, old.token));
  CHECK(find(world, other.token));
  CHECK(find(world, fresh.token));
  CHECK(fresh.token != old.token);
}

TEST_CASE("a person sees their sessions and ends them, nobody else does but an admin") {
  RegistrationWorld world;
  const auto anna = add(world);
  const auto ewa = add(world, Role::admin, "Ewa Lis");
  const auto first = begin(world, anna);
  world.clock().advance(1min);
  const auto second = begin(world, anna, SignInMethod::password, kHome);
  const auto sessions = usecases::list_sessions(world.environment(), anna);
  REQUIRE(sessions.size() == 2);
  CHECK(sessions[0].device.name == "Safari, iPhone");
  CHECK(sessions[0].device.network == "2001:db8:1::/48");
  CHECK(sessions[0].method == SignInMethod::password);
  CHECK(sessions[1].expires_at == sessions[1].created_at + 14 * 24h);

  const auto& environment = world.environment();
  const auto jan = add(world, Role::organizer, "Jan Obcy");
  const auto stranger = call_of(*find(world, begin(world, jan).token));
  CHECK(describe(usecases::end_session(environment, stranger, sessions[0].id)) == "not_found");
  CHECK(describe(usecases::end_session(environment, stranger, {999})) == "not_found");
  CHECK(describe(usecases::end_sessions(environment, stranger, anna, {})) == "not_found");
  CHECK(find(world, second.token));
  const auto own = call_of(*find(world, first.token));
  CHECK(usecases::end_session(environment, own, sessions[0].id).ok());
  CHECK(usecases::end_session(environment, own, sessions[0].id).ok());  // twice is once
  CHECK_FALSE(find(world, second.token));
  begin(world, anna);
  begin(world, anna);
  CHECK(usecases::end_sessions(environment, own, anna, sessions[1].id).value() == 2);
  CHECK(find(world, first.token));
  const auto admin = call_of(*find(world, begin(world, ewa).token));
  CHECK(usecases::end_session(environment, admin, sessions[1].id).ok());
  CHECK_FALSE(find(world, first.token));
}

TEST_CASE("whose one-time code is due is nobody until it has been given") {
  RegistrationWorld world;
  const auto anna = add(world);
  confirm_code(world, anna);
  const auto begun = begin(world, anna, SignInMethod::password);
  CHECK(begun.code_due);
  CHECK_FALSE(find(world, begun.token));
  CHECK(usecases::list_sessions(world.environment(), anna).empty());
  const auto token = usecases::make_token();
  CHECK(open_with_code(world, begun.token, token));
  CHECK_FALSE(find(world, begun.token));
  const auto opened = find(world, token);
  REQUIRE(opened);
  CHECK(opened->second_factor);
  CHECK_FALSE(open_with_code(world, token, usecases::make_token()));

  const auto late = begin(world, anna);
  world.clock().advance(10min);
  CHECK_FALSE(open_with_code(world, late.token, usecases::make_token()));
  const auto ended = begin(world, anna);
  begin(world, anna, SignInMethod::link, kOffice, ended.token);
  CHECK_FALSE(open_with_code(world, ended.token, usecases::make_token()));
}

TEST_CASE("strong sign-in keeps power from a session that is not") {
  struct Case {
    SignInMethod method;
    bool code;
    bool strong;
  };
  for (const auto& [method, code, strong] :
       {Case{SignInMethod::link, false, false}, Case{SignInMethod::link, true, false},
        Case{SignInMethod::password, false, false}, Case{SignInMethod::password, true, true},
        Case{SignInMethod::oidc, false, false}, Case{SignInMethod::oidc, true, true}}) {
    CAPTURE(to_string(method));
    CAPTURE(code);
    RegistrationWorld world;
    world.environment().strong_sign_in = true;
    const auto anna = add(world, Role::admin);
    add(world, Role::organizer);
    add(world, Role::expert);
    if (code) confirm_code(world, anna);
    auto token = begin(world, anna, method).token;
    if (code) {
      const auto opened = usecases::make_token();
      REQUIRE(open_with_code(world, token, opened));
      token = opened;
    }
    const auto found = find(world, token);
    REQUIRE(found);
    CHECK(found->actor.grants.size() == (strong ? 3 : 1));
    CHECK(found->withheld.size() == (strong ? 0 : 2));
    world.environment().strong_sign_in = false;
    CHECK(find(world, token)->actor.grants.size() == 3);
  }
}

TEST_CASE("a sign-in from a network never seen before is told by mail") {
  RegistrationWorld world;
  const auto anna = add(world);
  begin(world, anna);  // the very first
  CHECK(world.facts().empty());
  begin(world, anna);
  CHECK(world.facts().empty());
  begin(world, anna, SignInMethod::password, kHome);
  auto facts = world.facts();
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].kind == notifications::MailKind::new_sign_in);
  CHECK(facts[0].to_address == "anna@urzad.example");
  REQUIRE(facts[0].account);
  CHECK(facts[0].account->device == "Safari, iPhone");
  CHECK(facts[0].account->network == "2001:db8:1::/48");
  CHECK(facts[0].account->happened ==
        domain::WallTime(std::chrono::local_days(std::chrono::year(2027) / 1 / 4) + 10h));
  begin(world, anna, SignInMethod::link, kHome);
  CHECK(world.facts().size() == 1);

  run(world, "INSERT INTO notification_choice (person_id, kind, wanted, changed_at) VALUES (" +
                 std::to_string(anna.value) + ", 'new_sign_in', 0, '2027-01-01')");
  begin(world, anna, SignInMethod::link, {"", "198.51.100.0/24"});
  CHECK(world.facts().size() == 1);
}

TEST_CASE("an account whose sessions have been cleaned up is no new one") {
  RegistrationWorld world;
  const auto anna = add(world);
  run(world, "UPDATE person SET email_proved_at = '2026-06-01'");
  begin(world, anna);
  CHECK(world.facts().size() == 1);
}

TEST_CASE("an erased person has no session") {
  RegistrationWorld world;
  const auto anna = add(world);
  const auto begun = begin(world, anna);
  run(world, "UPDATE person SET erased_at = '2027-01-01'");
  CHECK_FALSE(find(world, begun.token));
  CHECK(describe(usecases::begin_session(world.environment(), world.visitor(), anna,
                                         SignInMethod::link, kOffice, "")) == "not_found");
}

TEST_CASE("beginning and ending stand in the activity log, without a token") {
  RegistrationWorld world;
  const auto anna = add(world);
  const auto begun = begin(world, anna);
  const auto found = find(world, begun.token);
  REQUIRE(usecases::end_session(world.environment(), call_of(*found), found->session).ok());
  const auto all = world.activities();
  REQUIRE(all.size() >= 2);
  const auto id = std::to_string(found->session.value);
  const auto actor = " person:" + std::to_string(anna.value);
  CHECK(all[all.size() - 2] == "session.begun session:" + id + actor);
  CHECK(all.back() == "session.ended session:" + id + actor);
}
