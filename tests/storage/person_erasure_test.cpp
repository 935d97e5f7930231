#include "service/usecases/people/person_erasure.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "sql/error.h"
#include "sql/mail_delivery_store.h"
#include "sql/operation_store.h"
#include "sql/outgoing_mail_store.h"
#include "sql/privacy_store.h"
#include "sql/registration_store.h"
#include "sql/role_store.h"
#include "sql/sign_in_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using narada::testing::RegistrationWorld;

namespace {

domain::PersonId person_of(const usecases::Registered& registered) {
  return registered.registration.person.id;
}

usecases::Call own_call(domain::PersonId person) {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::person;
  call.actor.id = person.value;
  call.actor.person = person;
  call.request_id = "request-own";
  call.address_class = "private";
  return call;
}

usecases::Call admin_call(domain::PersonId person) {
  auto call = own_call(person);
  call.actor.grants = {{domain::Role::admin, {}}};
  return call;
}

// Every text in every column of every table that holds `needle`, as "table.column".
std::vector<std::string> places_of(RegistrationWorld& world, const std::string& needle) {
  std::vector<std::string> places;
  world.pool().read([&](storage::Connection& connection) {
    places.clear();
    const auto columns = connection.query(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = "
        "DATABASE() AND data_type IN ('varchar', 'char', 'text', 'mediumtext', 'mediumblob', "
        "'varbinary', 'binary', 'longtext') ORDER BY table_name, column_name");
    for (const auto row : columns) {
      const auto found =
          connection.query("SELECT COUNT(*) FROM " + row.text(0) + " WHERE CONVERT(" + row.text(1) +
                               " USING utf8mb4) LIKE ?",
                           {"%" + needle + "%"});
      if (found[0].integer(0) > 0) places.push_back(row.text(0) + "." + row.text(1));
    }
    return 0;
  });
  return places;
}

// A mail and a link to an address, for somebody or for nobody by name.
void write_to(RegistrationWorld& world, const std::string& address, const std::string& kind,
              std::optional<domain::PersonId> person) {
  static int written = 0;
  const std::string mark = std::to_string(++written);
  world.pool().transact([&](storage::Connection& connection) {
    storage::NewMail mail;
    mail.message_id = mark + "@narada.example";
    mail.kind = kind;
    mail.person = person;
    mail.to_address = address;
    mail.facts = "{}";
    mail.not_before = mail.give_up_at = mail.created_at = world.clock().now();
    storage::save_outgoing_mail(connection, mail);
    storage::NewLink link;
    link.token_hash = usecases::hash_token(mark);
    link.purpose = kind;
    link.email = link.email_key = address;
    link.person = person;
    link.expires_at = world.clock().now();
    storage::save_link(connection, link, world.clock().now());
    return 0;
  });
}

}  // namespace

TEST_CASE("erasing a person frees their places, tells the calendars and keeps the counts") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto first = world.enter(meeting.id, 1);
  const auto waiting = world.enter(meeting.id, 2);
  const auto mails = world.mails().size();
  const auto erased = usecases::erase_person(world.environment(), own_call(person_of(first)),
                                             person_of(first), "OSOBA1@urzad.example");
  CHECK(narada::testing::describe(erased) == "ok");
  const auto left = world.load(first.registration.id);
  CHECK(left.status == domain::RegistrationStatus::cancelled);
  CHECK(left.person.full_name.empty());
  CHECK(left.person.email.empty());
  CHECK(left.person.position.empty());
  CHECK(left.person.institution.has_value());
  CHECK(world.load(waiting.registration.id).status == domain::RegistrationStatus::confirmed);
  CHECK(world.mails_after(mails) ==
        std::vector<narada::testing::SentMail>{{"registration_cancelled", "Osoba 1", "CANCEL", 1},
                                               {"registration_promoted", "Osoba 2", "REQUEST", 0},
                                               {"account_erased", "Osoba 1", "", -1}});
  CHECK(world.find_violations() == std::vector<std::string>{});
  CHECK(world.count("registration") == 2);
}

TEST_CASE("of an erased person only the mails on their way know the name, until they have left") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto form = RegistrationWorld::person(1);
  form.full_name = "Kanarek Żółty";
  form.email = "Kanarek@Urzad.example";
  form.needs = "kanarek-needs";
  form.question = "kanarek-question";
  form.position = "kanarek-position";
  const auto registered = world.try_register(meeting.id, form);
  REQUIRE(registered.ok());
  world.enter(meeting.id, 2);
  const auto person = person_of(*registered);
  CHECK(usecases::erase_person(world.environment(), own_call(person), person, form.email).ok());
  CHECK(places_of(world, "kanarek") == std::vector<std::string>{"outgoing_mail.facts",
                                                                "outgoing_mail.to_address",
                                                                "outgoing_mail.to_name"});
  CHECK(places_of(world, "osoba2").size() > 2);  // the search finds what is there
  world.pool().transact([&](storage::Connection& connection) {
    const storage::MailClaim claim{"test", world.clock().now(),
                                   world.clock().now() + std::chrono::minutes(5)};
    for (int round = 0; round < 4; ++round) {
      storage::claim_due_mails(connection, claim, 100);
      for (const auto& mail : storage::load_claimed_mails(connection, "test")) {
        storage::begin_first_attempt(connection, claim, mail.id, "do " + mail.to_address,
                                     "raw " + mail.to_address);
        const storage::AttemptRecord record{550, "no " + mail.to_address, true,
                                            "kept " + mail.to_address};
        if (round % 2 == 0)
          storage::save_delivered(connection, mail.id, record, world.clock().now());
        else
          storage::save_failed(connection, "test", mail.id, record);
      }
    }
    return 0;
  });
  CHECK(places_of(world, "kanarek").empty());
  CHECK(places_of(world, "kept osoba2") == std::vector<std::string>{"outgoing_mail.raw"});
  CHECK(world.count("outgoing_mail WHERE state NOT IN ('sent', 'failed')") == 0);
}

TEST_CASE("a mail that was written while its person was being erased is forgotten at its end") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto registered = world.enter(meeting.id, 1);
  const auto person = person_of(registered);
  CHECK(
      usecases::erase_person(world.environment(), own_call(person), person, "osoba1@urzad.example")
          .ok());
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE outgoing_mail SET forget = 0, to_name = 'Osoba 1'");
    const storage::MailClaim claim{"test", world.clock().now(),
                                   world.clock().now() + std::chrono::minutes(5)};
    storage::claim_due_mails(connection, claim, 1);
    for (const auto& mail : storage::load_claimed_mails(connection, "test"))
      storage::save_delivered(connection, mail.id, {250, "ok", true, "raw"}, world.clock().now());
    return 0;
  });
  CHECK(world.count("outgoing_mail WHERE state = 'sent' AND to_name = '' AND raw IS NULL") == 1);
}

TEST_CASE("only the person and an admin erase, and only who is named by the address") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto one = person_of(world.enter(meeting.id, 1));
  const auto two = person_of(world.enter(meeting.id, 2));
  const auto erase = [&](const usecases::Call& call, domain::PersonId person,
                         const std::string& email) {
    return narada::testing::describe(
        usecases::erase_person(world.environment(), call, person, email));
  };
  CHECK(erase(own_call(two), one, "osoba1@urzad.example") == "not_found");
  CHECK(erase(world.organizer(), one, "osoba1@urzad.example") == "not_found");
  CHECK(erase(own_call(one), one, "osoba2@urzad.example") == "email:confirmation_differs");
  CHECK(erase(own_call(one), one, "") == "email:confirmation_differs");
  CHECK(erase(admin_call(two), one, "osoba1@urzad.example") == "ok");
  CHECK(erase(admin_call(two), one, "osoba1@urzad.example") == "not_found");
  CHECK(usecases::plan_erasure(world.environment(), own_call(two).actor, two)->upcoming == 1);
  CHECK_FALSE(usecases::plan_erasure(world.environment(), own_call(two).actor, one).ok());
}

TEST_CASE("the last admin stays") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto one = person_of(world.enter(meeting.id, 1));
  const auto two = person_of(world.enter(meeting.id, 2));
  const auto grant = [&](domain::PersonId person) {
    world.pool().transact([&](storage::Connection& connection) {
      storage::save_grant(connection, person, {domain::Role::admin, {}}, "system",
                          world.clock().now());
      return 0;
    });
  };
  grant(one);
  CHECK(narada::testing::describe(usecases::erase_person(world.environment(), own_call(one), one,
                                                         "osoba1@urzad.example")) ==
        "conflict:last_admin");
  CHECK(usecases::plan_erasure(world.environment(), own_call(one).actor, one)->last_admin);
  grant(two);
  CHECK(
      usecases::erase_person(world.environment(), own_call(one), one, "osoba1@urzad.example").ok());
  CHECK(world.count("person_role WHERE person_id = " + std::to_string(one.value)) == 0);
}

TEST_CASE("a mailbox that others share keeps its links and their mails") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto shared = RegistrationWorld::person(1);
  shared.email = "sekretariat@urzad.example";
  const auto one = world.try_register(meeting.id, shared);
  shared.full_name = "Osoba Druga";
  const auto two = world.try_register(meeting.id, shared);
  REQUIRE((one.ok() && two.ok()));
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO sign_in_link (token_hash, purpose, email, email_key, created_at, expires_at) "
        "VALUES (REPEAT('x', 32), 'sign_in', ?, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP())",
        {shared.email, shared.email});
    return 0;
  });
  const auto first = person_of(*one);
  CHECK(usecases::erase_person(world.environment(), own_call(first), first, shared.email).ok());
  CHECK(world.count("sign_in_link") == 1);
  CHECK(world.load(two->registration.id).person.email == shared.email);
  CHECK(world.count("outgoing_mail WHERE forget = 0 AND registration_id = " +
                    std::to_string(two->registration.id.value)) == 1);
  const auto second = person_of(*two);
  CHECK(usecases::erase_person(world.environment(), own_call(second), second, shared.email).ok());
  CHECK(world.count("sign_in_link") == 0);
  CHECK(world.count("outgoing_mail WHERE forget = 0") == 0);
}

TEST_CASE("who registers again after having been erased is somebody new") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto before = world.enter(meeting.id, 1);
  const auto person = person_of(before);
  CHECK(
      usecases::erase_person(world.environment(), own_call(person), person, "osoba1@urzad.example")
          .ok());
  const auto after = world.enter(meeting.id, 1);
  CHECK(after.created);
  CHECK(person_of(after) != person);
  CHECK(after.registration.id != before.registration.id);
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("a claim is never written for somebody who was forgotten meanwhile") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto person = person_of(world.enter(meeting.id, 1));
  const auto other = world.publish();
  CHECK(
      usecases::erase_person(world.environment(), own_call(person), person, "osoba1@urzad.example")
          .ok());
  storage::Connection connection(world.database().address());
  storage::StoredRegistration stored;
  stored.registration.meeting = other.id;
  stored.registration.person.id = person;
  stored.registration.created_at = world.clock().now();
  stored.registration.updated_at = world.clock().now();
  CHECK_THROWS_AS(storage::insert_registration(connection, stored), storage::Conflict);
}

TEST_CASE("the stored results about an erased person go, and the same call is told so") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  usecases::Call register_call;
  register_call.idempotency_key = "register";
  const auto repeat_registration = [&] {
    return usecases::register_person(world.environment(), register_call,
                                     std::to_string(meeting.id.value),
                                     RegistrationWorld::person(1));
  };
  const auto registered = repeat_registration();
  REQUIRE(registered.ok());
  world.enter(meeting.id, 2);
  const auto id = registered->registration.id;
  auto change_call = world.organizer();
  change_call.idempotency_key = "change";
  usecases::RegistrationChange change;
  change.needs = "pętla indukcyjna";
  const auto repeat_change = [&] {
    return usecases::change_registration(world.environment(), change_call, id, std::nullopt,
                                         change);
  };
  REQUIRE(repeat_change().ok());
  const auto person = person_of(*registered);
  auto call = own_call(person);
  call.idempotency_key = "erase";
  const auto repeat_erasure = [&] {
    return usecases::erase_person(world.environment(), call, person, "osoba1@urzad.example");
  };
  REQUIRE(repeat_erasure().ok());
  CHECK(world.count("operation WHERE result <> '' AND kind <> 'erase_person'") == 0);
  CHECK(narada::testing::describe(repeat_registration()) == "conflict:forgotten");
  CHECK(narada::testing::describe(repeat_change()) == "conflict:forgotten");
  CHECK(narada::testing::describe(repeat_erasure()) == "ok");
}

TEST_CASE("the stored results of enrolments go with their person") {
  RegistrationWorld world;
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  form.meetings = {world.meeting_form(5)};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id).ok());
  usecases::Call call;
  call.idempotency_key = "enrol";
  const auto repeat = [&] {
    return usecases::enrol_person(world.environment(), call, cycle->slug,
                                  RegistrationWorld::person(1));
  };
  const auto enrolled = repeat();
  REQUIRE(enrolled.ok());
  auto cancel = world.organizer();
  cancel.idempotency_key = "cancel";
  const auto repeat_cancellation = [&] {
    return usecases::cancel_enrolment(world.environment(), cancel, enrolled->id);
  };
  REQUIRE(repeat_cancellation().ok());
  const auto person = enrolled->registrations.front().person.id;
  REQUIRE(
      usecases::erase_person(world.environment(), own_call(person), person, "osoba1@urzad.example")
          .ok());
  CHECK(narada::testing::describe(repeat()) == "conflict:forgotten");
  CHECK(narada::testing::describe(repeat_cancellation()) == "conflict:forgotten");
}

TEST_CASE("of somebody forgotten meanwhile no result is kept") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto person = person_of(world.enter(meeting.id, 1));
  const auto living = person_of(world.enter(meeting.id, 2));
  REQUIRE(
      usecases::erase_person(world.environment(), own_call(person), person, "osoba1@urzad.example")
          .ok());
  const auto kept_of = [&](char id, domain::PersonId about) {
    return world.pool().transact([&](storage::Connection& connection) {
      const std::string key(32, id);
      storage::save_operation(connection, {key, key, "test", "sealed", about}, world.clock().now());
      return storage::find_operation(connection, key)->result;
    });
  };
  CHECK(kept_of('a', person).empty());
  CHECK(kept_of('b', living) == "sealed");
}

TEST_CASE("an earlier spelling goes with the earlier address that it was typed with") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto form = RegistrationWorld::person(1);
  form.full_name = "Kanarek Żółt";
  form.email = "kanarek@dawny.example";
  const auto registered = world.try_register(meeting.id, form);
  REQUIRE(registered.ok());
  usecases::RegistrationChange change;
  change.full_name = "Kanarek Żółty";
  const auto renamed =
      usecases::change_registration(world.environment(), world.holder(registered->registration.id),
                                    registered->registration.id, std::nullopt, change);
  REQUIRE(renamed.ok());
  const auto person = renamed->person.id;
  const std::string email = "ewa@nowy.example";
  world.pool().transact([&](storage::Connection& connection) {
    // As after a mail to the earlier address.
    connection.execute("UPDATE outgoing_mail SET person_id = ?, state = 'sent'", {person});
    storage::save_email(connection, person, email, email, world.clock().now());
    return 0;
  });
  REQUIRE(person != person_of(*registered));
  REQUIRE(usecases::erase_person(world.environment(), own_call(person), person, email).ok());
  CHECK(world.count("person WHERE erased_at IS NULL") == 0);
  CHECK(world.count("person WHERE full_name <> ''") == 0);
}

TEST_CASE("an address that a person never proved is not theirs to be forgotten") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto person = person_of(world.enter(meeting.id, 1));
  const std::string foreign = "obca@urzad.example";
  write_to(world, foreign, "email_change", person);
  write_to(world, foreign, "sign_in", std::nullopt);
  REQUIRE(
      usecases::erase_person(world.environment(), own_call(person), person, "osoba1@urzad.example")
          .ok());
  CHECK(world.count("sign_in_link WHERE purpose = 'email_change'") == 0);
  CHECK(world.count("sign_in_link WHERE purpose = 'sign_in'") == 1);
  CHECK(world.count("outgoing_mail WHERE kind = 'sign_in' AND forget = 0") == 1);
  CHECK(world.count("outgoing_mail WHERE kind = 'email_change' AND forget = 0") == 0);
}

TEST_CASE("of a mailbox goes what was for the erased person or for nobody by name") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto person = person_of(world.enter(meeting.id, 1));
  const auto other = person_of(world.enter(meeting.id, 2));
  const std::string own = "osoba1@urzad.example";
  write_to(world, own, "sign_in", std::nullopt);
  write_to(world, own, "invitation", other);
  REQUIRE(usecases::erase_person(world.environment(), own_call(person), person, own).ok());
  CHECK(world.count("sign_in_link WHERE purpose = 'sign_in'") == 0);
  CHECK(world.count("sign_in_link WHERE purpose = 'invitation'") == 1);
  CHECK(world.count("outgoing_mail WHERE kind = 'sign_in' AND forget = 0") == 0);
  CHECK(world.count("outgoing_mail WHERE kind = 'invitation' AND forget = 0") == 1);
}

TEST_CASE("links of a mailbox are found by its key, which has an index") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto person = person_of(world.enter(meeting.id, 1));
  write_to(world, "osoba1@urzad.example", "sign_in", std::nullopt);
  world.pool().transact([](storage::Connection& connection) {
    connection.execute("UPDATE sign_in_link SET email = 'inaczej@urzad.example'");
    return 0;
  });
  REQUIRE(
      usecases::erase_person(world.environment(), own_call(person), person, "osoba1@urzad.example")
          .ok());
  CHECK(world.count("sign_in_link") == 0);
}

TEST_CASE("who was erased after a meeting had begun has no place in it when it is moved") {
  RegistrationWorld world;
  auto form = world.meeting_form(1);
  const auto meeting = world.publish(form);
  const auto first = world.enter(meeting.id, 1);
  const auto second = world.enter(meeting.id, 2);
  world.clock().set(meeting.times.starts_at + std::chrono::minutes(5));
  REQUIRE(usecases::erase_person(world.environment(), own_call(person_of(first)), person_of(first),
                                 "osoba1@urzad.example")
              .ok());
  REQUIRE(world.load(first.registration.id).status == domain::RegistrationStatus::confirmed);
  const auto mails = world.count("outgoing_mail");
  form.starts += std::chrono::hours(28 * 24);
  form.ends += std::chrono::hours(28 * 24);
  const auto moved = world.change(meeting.id, form);
  REQUIRE_MESSAGE(moved.ok(), narada::testing::describe(moved));
  CHECK(world.load(first.registration.id).status == domain::RegistrationStatus::cancelled);
  CHECK(world.load(second.registration.id).status == domain::RegistrationStatus::confirmed);
  CHECK(world.count("outgoing_mail") == mails + 2);  // moved and promoted, both to the second one
  CHECK(world.count("outgoing_mail WHERE to_address = '' AND state = 'queued'") == 0);
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("a meeting under way that is called off writes to nobody who was erased") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  world.clock().set(meeting.times.starts_at + std::chrono::minutes(5));
  REQUIRE(usecases::erase_person(world.environment(), own_call(person_of(first)), person_of(first),
                                 "osoba1@urzad.example")
              .ok());
  REQUIRE(
      usecases::cancel_meeting(world.environment(), world.organizer(), meeting.id, "awaria").ok());
  CHECK(world.count("outgoing_mail WHERE kind = 'meeting_cancelled'") == 1);
}
