#include "service/usecases/people/roles.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <barrier>
#include <thread>

#include "service/usecases/access.h"
#include "service/usecases/people/people.h"
#include "service/usecases/people/sign_in.h"
#include "sql/people_store.h"
#include "sql/role_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;

namespace {

constexpr domain::RoleScope kEverywhere{};

// A world with an admin, who acts.
struct WithAdmin : RegistrationWorld {
  WithAdmin() {
    const auto added = add_user(environment(), "admin@urzad.example", "Ada Admin", Role::admin);
    REQUIRE(added);
    admin = *added;
  }

  Call call_of(domain::PersonId person) {
    Call call;
    call.actor = Actor{Actor::Kind::person, person.value, grants_of(person), person, false};
    call.request_id = "request-1";
    return call;
  }
  Call by_admin() { return call_of(admin); }
  std::vector<RoleGrant> grants_of(domain::PersonId person) {
    return pool().read(
        [&](storage::Connection& connection) { return storage::list_grants(connection, person); });
  }
  domain::PersonId person(const std::string& name, Role role = Role::official) {
    const auto mailbox = "osoba-" + std::to_string(count("person")) + "@biuro.example";
    const auto added = add_user(environment(), mailbox, name, role);
    REQUIRE(added);
    return *added;
  }
  domain::RoleGrantId held(domain::PersonId person, Role role) {
    const auto record = find_person_record(environment(), by_admin().actor, person);
    REQUIRE(record);
    for (const auto& it : record->roles)
      if (it.grant.role == role) return it.id;
    return {};
  }
  domain::InstitutionId gliwice() {
    return pool().read([](storage::Connection& connection) {
      return connection.query("SELECT id FROM institution WHERE slug = 'gliwice'")[0]
          .id<domain::InstitutionId>(0);
    });
  }

  domain::PersonId admin;
};

}  // namespace

TEST_CASE("a role counts from the moment it is granted until it is revoked, and leaves traces") {
  WithAdmin world;
  const auto ewa = world.person("Ewa");
  const RoleGrant coordinator{Role::coordinator, world.gliwice()};
  CHECK(describe(grant_role(world.environment(), world.by_admin(), ewa, coordinator)) == "ok");
  CHECK(describe(grant_role(world.environment(), world.by_admin(), ewa, coordinator)) == "ok");
  CHECK(world.grants_of(ewa) == std::vector<RoleGrant>{{Role::official, kEverywhere}, coordinator});
  const auto record = find_person_record(world.environment(), world.by_admin().actor, ewa);
  REQUIRE(record);
  CHECK(record->roles.back().scope_name == "Gliwice");
  CHECK(record->roles.back().granted_by == "person:" + std::to_string(world.admin.value));

  const auto id = world.held(ewa, Role::coordinator);
  CHECK(revoke_role(world.environment(), world.by_admin(), id).value() == ewa);
  CHECK(describe(revoke_role(world.environment(), world.by_admin(), id)) == "not_found");
  CHECK(world.grants_of(ewa) == std::vector<RoleGrant>{{Role::official, kEverywhere}});

  const auto actor = "person:" + std::to_string(world.admin.value);
  const auto subject = "person:" + std::to_string(ewa.value);
  const auto details = R"({"role":"coordinator","scope":"institution:)" +
                       std::to_string(world.gliwice().value) + "\"}";
  std::vector<std::string> traces;
  world.pool().read([&](storage::Connection& connection) {
    for (const auto row : connection.query("SELECT verb, actor, subject, details FROM activity "
                                           "WHERE actor <> 'system' ORDER BY id"))
      traces.push_back(row.text(0) + " " + row.text(1) + " " + row.text(2) + " " + row.text(3));
    return 0;
  });
  CHECK(traces ==
        std::vector<std::string>{"person.role_granted " + actor + " " + subject + " " + details,
                                 "person.role_revoked " + actor + " " + subject + " " + details});
}

TEST_CASE("a role is granted only for what it can be held for") {
  WithAdmin world;
  const auto ewa = world.person("Ewa");
  struct Case {
    const char* name;
    RoleGrant grant;
    std::string expected;
  };
  const auto meeting = world.publish();
  const Case cases[] = {
      {"admin of a meeting", {Role::admin, meeting.id}, "scope:wrong_scope"},
      {"coordinator of everything", {Role::coordinator, kEverywhere}, "scope:wrong_scope"},
      {"official of an institution", {Role::official, world.gliwice()}, "scope:wrong_scope"},
      {"organizer of a meeting", {Role::organizer, meeting.id}, "ok"},
      {"expert of a meeting that is not there",
       {Role::expert, domain::MeetingId{meeting.id.value + 1000}},
       "scope:unknown_scope"},
      {"organizer of a cycle that is not there",
       {Role::organizer, domain::CycleId{99}},
       "scope:unknown_scope"},
      {"organizer of an institution that is not there",
       {Role::organizer, domain::InstitutionId{99}},
       "scope:unknown_scope"}};
  for (const auto& [name, grant, expected] : cases) {
    CAPTURE(name);
    CHECK(describe(grant_role(world.environment(), world.by_admin(), ewa, grant)) == expected);
  }
  CHECK(describe(grant_role(world.environment(), world.by_admin(), domain::PersonId{999},
                            {Role::expert, kEverywhere})) == "not_found");
}

TEST_CASE("only admins manage people") {
  WithAdmin world;
  const auto ola = world.person("Ola", Role::organizer);
  const auto call = world.call_of(ola);
  auto& environment = world.environment();
  const RoleGrant grant{Role::organizer, kEverywhere};
  CHECK(describe(grant_role(environment, call, ola, {Role::admin, kEverywhere})) == "forbidden");
  CHECK(describe(revoke_role(environment, call, world.held(world.admin, Role::admin))) ==
        "forbidden");
  CHECK(describe(invite(environment, call, {"a@b.example", "Jan Nowak", grant})) == "forbidden");
  CHECK(describe(list_people(environment, call.actor, {}, {})) == "forbidden");
  CHECK(describe(find_person_record(environment, call.actor, ola)) == "forbidden");
}

TEST_CASE("an invitation makes the person, the role, a link for 7 days and a mail") {
  WithAdmin world;
  const RoleInvitation invitation{
      "Jan.Nowak@Urzad.example", " Jan  Nowak ", {Role::expert, world.gliwice()}};
  auto call = world.by_admin();
  call.idempotency_key = "form:1";
  call.request_digest = std::string(32, 'x');
  const auto invited = invite(world.environment(), call, invitation);
  REQUIRE(invited);
  // Sent twice, it counts once.
  CHECK(invite(world.environment(), call, invitation).value() == *invited);
  CHECK(world.grants_of(*invited) == std::vector<RoleGrant>{{Role::expert, world.gliwice()}});
  const auto facts = world.facts();
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].kind == notifications::MailKind::role_invitation);
  CHECK(facts[0].to_name == "Jan Nowak");
  CHECK(facts[0].to_address == "Jan.Nowak@Urzad.example");
  REQUIRE(facts[0].account);
  CHECK(facts[0].account->role == "expert");
  CHECK(facts[0].account->scope == "Gliwice");
  const auto token = facts[0].account->url.substr(facts[0].account->url.rfind('/') + 1);
  const auto link = find_open_link(world.environment(), token);
  REQUIRE(link);
  CHECK(link->purpose == LinkPurpose::invitation);
  REQUIRE(link->people.size() == 1);
  CHECK(link->people[0].id == *invited);
  world.clock().advance(std::chrono::hours(7 * 24));
  CHECK(describe(find_open_link(world.environment(), token)) == "not_found");
}

TEST_CASE("an invitation opens nothing once the address or the role is another") {
  WithAdmin world;
  const auto by_admin = world.by_admin();
  const auto invite_to = [&](const std::string& email) {
    REQUIRE(
        invite(world.environment(), by_admin, {email, "Jan Nowak", {Role::expert, world.gliwice()}})
            .ok());
    const auto url = world.facts().back().account->url;
    return url.substr(url.rfind('/') + 1);
  };
  const auto is_open = [&](const std::string& token) {
    const bool found = find_open_link(world.environment(), token).ok();
    const bool used = use_link(world.environment(), world.visitor(), token, {}, {}, {}).ok();
    CHECK(found == used);
    return used;
  };
  CHECK(is_open(invite_to("jan@biuro.example")));

  const auto moved = invite_to("jan@biuro.example");
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "UPDATE person SET email = 'b@biuro.example', email_key = 'b@biuro.example' WHERE "
        "email_key = 'jan@biuro.example'");
  });
  CHECK_FALSE(is_open(moved));

  const auto revoked = invite_to("inny@biuro.example");
  const auto person = find_open_link(world.environment(), revoked)->people.front().id;
  REQUIRE(revoke_role(world.environment(), by_admin, world.held(person, Role::expert)).ok());
  CHECK_FALSE(is_open(revoked));
}

TEST_CASE("an invitation that cannot be sent leaves nobody behind") {
  WithAdmin world;
  const auto people = world.count("person");
  struct Case {
    RoleInvitation invitation;
    std::string expected;
  };
  const Case cases[] = {
      {{"nikt", "", {Role::expert, kEverywhere}}, "full_name:required, email:invalid_email"},
      {{"a@b.example", "Jan Nowak", {Role::coordinator, kEverywhere}}, "scope:wrong_scope"},
      {{"a@b.example", "Jan Nowak", {Role::expert, domain::CycleId{7}}}, "scope:unknown_scope"}};
  for (const auto& [invitation, expected] : cases)
    CHECK(describe(invite(world.environment(), world.by_admin(), invitation)) == expected);
  CHECK(world.count("person") == people);
  CHECK(world.count("outgoing_mail") == 0);
  CHECK(world.count("sign_in_link") == 0);
}

TEST_CASE("the last admin stays one") {
  WithAdmin world;
  const auto revoke_own = [&] {
    return describe(
        revoke_role(world.environment(), world.by_admin(), world.held(world.admin, Role::admin)));
  };
  CHECK(revoke_own() == "conflict:last_admin");
  const auto second = world.person("Druga", Role::admin);
  // Somebody erased holds no role any more, whatever stands in the table.
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE person SET erased_at = NOW() WHERE id = ?", {second});
  });
  CHECK(revoke_own() == "conflict:last_admin");
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE person SET erased_at = NULL WHERE id = ?", {second});
  });
  CHECK(revoke_own() == "ok");
  const auto is_last = [&](domain::PersonId person) {
    return world.pool().transact([&](storage::Connection& connection) {
      return storage::is_last_admin(connection, person);
    });
  };
  CHECK(is_last(second));
  CHECK_FALSE(is_last(world.admin));
}

TEST_CASE("of two admins who remove each other at the same moment one stays") {
  WithAdmin world;
  for (int round = 0; round < 20; ++round) {
    const auto one = world.person("Pierwszy" + std::to_string(round), Role::admin);
    const auto other = world.person("Drugi" + std::to_string(round), Role::admin);
    // Nobody else is one.
    world.pool().transact([&](storage::Connection& connection) {
      connection.execute("DELETE FROM person_role WHERE role = 'admin' AND person_id NOT IN (?, ?)",
                         {one, other});
    });
    const auto grants = [&](domain::PersonId person) {
      return world.pool().read([&](storage::Connection& connection) {
        return storage::list_held_roles(connection, person).front().id;
      });
    };
    const auto of_one = grants(one);
    const auto of_other = grants(other);
    std::barrier start(2);
    std::string outcomes[2];
    const auto remove = [&](int index, domain::PersonId actor, domain::RoleGrantId role) {
      const auto call = world.call_of(actor);
      start.arrive_and_wait();
      outcomes[index] = describe(revoke_role(world.environment(), call, role));
    };
    {
      std::jthread first(remove, 0, one, of_other);
      std::jthread second(remove, 1, other, of_one);
    }
    std::sort(std::begin(outcomes), std::end(outcomes));
    CHECK(outcomes[0] == "conflict:last_admin");
    CHECK(outcomes[1] == "ok");
    CHECK(world.pool().read([](storage::Connection& connection) {
      return connection.query("SELECT COUNT(*) FROM person_role WHERE role = 'admin'")[0].integer(
          0);
    }) == 1);
  }
}

TEST_CASE("people are found by name, e-mail, institution and role, page by page") {
  WithAdmin world;
  const auto meeting = world.publish();
  for (int number = 1; number <= 5; ++number) world.enter(meeting.id, number);
  world.person("Łucja", Role::organizer);
  const auto found = [&](const PersonFilter& filter) {
    std::vector<std::string> names;
    PageRequest request{2, {}};
    do {
      const auto page = list_people(world.environment(), world.by_admin().actor, filter, request);
      REQUIRE(page);
      for (const auto& person : page->items) names.push_back(person.full_name);
      request.cursor = page->next;
    } while (request.cursor);
    return names;
  };
  using Names = std::vector<std::string>;
  CHECK(found({}) ==
        Names{"Ada Admin", "Łucja", "Osoba 1", "Osoba 2", "Osoba 3", "Osoba 4", "Osoba 5"});
  CHECK(found({"OSOBA3@", "", {}}) == Names{"Osoba 3"});
  CHECK(found({"łuc", "", {}}) == Names{"Łucja"});
  CHECK(found({"", "gliw", {}}) == Names{"Osoba 1", "Osoba 2", "Osoba 3", "Osoba 4", "Osoba 5"});
  CHECK(found({"", "", Role::organizer}) == Names{"Łucja"});
  CHECK(found({"%", "", {}}).empty());
  CHECK(found({"\xFF", "", {}}).empty());
}

TEST_CASE("a page of people takes as many statements with one row as with thirty") {
  WithAdmin world;
  const auto meeting = world.publish(100);
  for (int number = 1; number <= 30; ++number) world.enter(meeting.id, number);
  const auto count = [&](int limit) {
    return world.pool().read([&](storage::Connection& connection) {
      const auto before = connection.statements();
      storage::PersonListing listing;
      listing.limit = limit;
      const auto people = storage::list_people(connection, listing);
      CHECK(static_cast<int>(people.size()) == limit);
      return connection.statements() - before;
    });
  };
  CHECK(count(1) == 1);
  CHECK(count(30) == 1);
}
