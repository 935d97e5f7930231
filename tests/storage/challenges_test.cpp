#include "service/usecases/registrations/challenges.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/people/person_erasure.h"
#include "sql/mail_delivery_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;

namespace {

domain::RegistrationId come_with(RegistrationWorld& world, domain::MeetingId meeting, int number,
                                 const std::string& challenge, bool contact,
                                 const std::string& institution = "2466011") {
  auto form = RegistrationWorld::person(number);
  form.challenge = challenge;
  form.challenge_contact = contact;
  form.institution = institution;
  const auto registered = world.try_register(meeting, form);
  REQUIRE_MESSAGE(registered, describe(registered));
  return registered->registration.id;
}

usecases::ChallengeBox load(RegistrationWorld& world, const domain::Meeting& meeting) {
  auto box = load_challenge_box(world.environment(), world.organizer().actor, meeting.slug);
  REQUIRE(box);
  return *box;
}

domain::Meeting publish_with_box(RegistrationWorld& world) {
  auto meeting = world.publish();
  REQUIRE(set_asks_challenge(world.environment(), world.organizer(), meeting.id, true));
  return meeting;
}

std::vector<std::string> recipients(RegistrationWorld& world, std::size_t after) {
  std::vector<std::string> to;
  const auto mails = world.mails();
  for (std::size_t index = after; index < mails.size(); ++index)
    to.push_back(mails[index].kind + " " + mails[index].to);
  return to;
}

}  // namespace

TEST_CASE("challenges are gathered, grouped, put in order and taken out again") {
  RegistrationWorld world;
  const auto meeting = publish_with_box(world);
  const auto one = come_with(world, meeting.id, 1, "smog", true);
  const auto two = come_with(world, meeting.id, 2, "jak ogrzać szkołę", false);
  world.enter(meeting.id, 3);
  CHECK(load(world, meeting).ungrouped.size() == 2);
  const auto call = world.organizer();
  const auto air = create_challenge_group(world.environment(), call, meeting.id, " Powietrze ");
  const auto heat = create_challenge_group(world.environment(), call, meeting.id, "Ciepło");
  REQUIRE(air);
  REQUIRE(heat);
  CHECK(*assign_challenges(world.environment(), call, meeting.id, {one, two}, *air) == 2);
  REQUIRE(move_challenge_group(world.environment(), call, meeting.id, *heat, true));
  auto box = load(world, meeting);
  CHECK(box.asks);
  CHECK(box.ungrouped.empty());
  REQUIRE(box.groups.size() == 2);
  CHECK(box.groups[0].title == "Ciepło");
  CHECK(box.groups[1].title == "Powietrze");
  CHECK(box.groups[1].challenges.size() == 2);
  world.cancel(two);
  CHECK(load(world, meeting).groups[1].challenges.size() == 1);
  REQUIRE(delete_challenge_group(world.environment(), call, meeting.id, *air));
  box = load(world, meeting);
  CHECK(box.groups.size() == 1);
  CHECK(box.ungrouped.size() == 1);
  const auto other = world.publish();
  CHECK(describe(assign_challenges(world.environment(), call, other.id, {one}, *heat)) ==
        "group:unknown_value");
  CHECK(describe(load_challenge_box(world.environment(), {}, meeting.slug)) == "forbidden");
}

TEST_CASE("an answer goes to its group once, and again only when that is said") {
  RegistrationWorld world;
  const auto meeting = publish_with_box(world);
  const auto one = come_with(world, meeting.id, 1, "smog", false);
  come_with(world, meeting.id, 2, "dym", false);
  come_with(world, meeting.id, 3, "parkowanie", false);
  const auto call = world.organizer();
  const auto group = *create_challenge_group(world.environment(), call, meeting.id, "Powietrze");
  const auto send = [&](bool again) {
    return describe(send_challenge_answer(world.environment(), call, meeting.id, group, again));
  };
  CHECK(send(false) == "conflict:no_answer");
  REQUIRE(change_challenge_group(world.environment(), call, meeting.id, group, 1,
                                 {"Powietrze", "Pomierzcie.\nI pokażcie.", {}}));
  CHECK(describe(change_challenge_group(world.environment(), call, meeting.id, group, 1,
                                        {"x", "", {}})) == "stale");
  CHECK(send(false) == "conflict:nobody_in_group");
  const auto box = load(world, meeting);
  REQUIRE(assign_challenges(world.environment(), call, meeting.id,
                            {box.ungrouped[0].registration, box.ungrouped[1].registration}, group));
  CHECK_FALSE(find_challenge_answer(world.environment(), one));
  const auto before = world.mails().size();
  CHECK(send(false) == "ok");
  CHECK(send(false) == "conflict:answer_sent");
  CHECK(recipients(world, before) ==
        std::vector<std::string>{"challenge_answered Osoba 1", "challenge_answered Osoba 2"});
  CHECK(world.facts().back().ask->text == "Pomierzcie.\nI pokażcie.");
  CHECK(find_challenge_answer(world.environment(), one)->answer == "Pomierzcie.\nI pokażcie.");
  CHECK(send(true) == "ok");
  CHECK(world.mails().size() == before + 4);
}

TEST_CASE("offices are put in touch only where both agreed") {
  RegistrationWorld world;
  const auto meeting = publish_with_box(world);
  const std::vector<domain::RegistrationId> all{
      come_with(world, meeting.id, 1, "smog", true, "2466011"),
      come_with(world, meeting.id, 2, "smog", true, "gzm"),
      come_with(world, meeting.id, 3, "smog", false, "gzm")};
  const auto call = world.organizer();
  const auto group = *create_challenge_group(world.environment(), call, meeting.id, "Powietrze");
  const auto share = [&](bool again) {
    return describe(share_challenge_contacts(world.environment(), call, meeting.id, group, again));
  };
  REQUIRE(assign_challenges(world.environment(), call, meeting.id, {all[0], all[2]}, group));
  CHECK(share(false) == "conflict:nobody_agreed");
  REQUIRE(assign_challenges(world.environment(), call, meeting.id, all, group));
  const auto before = world.mails().size();
  CHECK(share(false) == "ok");
  CHECK(recipients(world, before) ==
        std::vector<std::string>{"contact_shared Osoba 1", "contact_shared Osoba 2"});
  const auto text = world.facts().back().ask->text;
  CHECK(text.find("osoba1@urzad.example") != std::string::npos);
  CHECK(text.find("osoba3@urzad.example") == std::string::npos);
  CHECK(share(false) == "conflict:contacts_sent");
}

namespace {

// Three offices that have been told of each other, in mails that have not left.
struct SharedContacts : RegistrationWorld {
  SharedContacts() {
    const auto meeting = publish_with_box(*this);
    usecases::InstitutionForm third;
    third.name = "Urząd C";
    third.kind = domain::InstitutionKind::public_body;
    REQUIRE(create_institution(environment(), organizer(), third));
    all = {come_with(*this, meeting.id, 1, "smog", true, "2466011"),
           come_with(*this, meeting.id, 2, "smog", true, "gzm"),
           come_with(*this, meeting.id, 3, "smog", true, "Urząd C")};
    const auto call = organizer();
    const auto group = *create_challenge_group(environment(), call, meeting.id, "Powietrze");
    REQUIRE(assign_challenges(environment(), call, meeting.id, all, group));
    const auto shared = share_challenge_contacts(environment(), call, meeting.id, group, false);
    REQUIRE_MESSAGE(shared.ok(), describe(shared));
    REQUIRE(*shared == 3);
  }

  void run(const std::string& sql) {
    pool().transact([&](storage::Connection& connection) { connection.execute(sql, {}); });
  }
  // Mails that tell others of somebody.
  std::int64_t mails_of(const std::string& text) {
    return count("outgoing_mail WHERE kind = 'contact_shared' AND to_name <> '" + text +
                 "' AND (CONVERT(raw USING utf8mb4) LIKE '%" + text + "%' OR facts LIKE '%" + text +
                 "%')");
  }
  std::string withdraw(domain::RegistrationId id) {
    usecases::RegistrationChange wanted;
    wanted.challenge_contact = false;
    return describe(change_registration(environment(), holder(id), id, {}, wanted));
  }
  std::string erase(int number) {
    usecases::Call call;
    call.actor = usecases::Actor{usecases::Actor::Kind::person, 1, {{usecases::Role::admin, {}}}};
    const auto person = load(all.at(static_cast<std::size_t>(number - 1))).person;
    return describe(erase_person(environment(), call, person.id, person.email));
  }

  std::vector<domain::RegistrationId> all;
};

}  // namespace

TEST_CASE("whoever withdraws from being put in touch is told of to nobody any more") {
  SharedContacts world;
  CHECK(world.mails_of("Osoba 1") == 2);
  // One has left, and one is about to.
  world.run(
      "UPDATE outgoing_mail SET state = 'sent', facts = '', raw = 'Osoba 1, Gliwice' WHERE kind = "
      "'contact_shared' AND to_name = 'Osoba 3'");
  world.run(
      "UPDATE outgoing_mail SET state = 'inflight', claimed_by = 'robot', claim_until = "
      "'2027-01-05', last_attempt_at = '2027-01-04', subject = 'Kontakty', raw = 'Osoba 1' WHERE "
      "kind = 'contact_shared' AND to_name = 'Osoba 2'");
  REQUIRE(world.mails_of("Osoba 1") == 2);

  CHECK(world.withdraw(world.all[0]) == "ok");

  CHECK(world.mails_of("Osoba 1") == 0);
  CHECK(world.mails_of("Osoba 3") == 2);
  CHECK(world.count("outgoing_mail WHERE kind = 'contact_shared' AND state = 'sent'") == 1);
  CHECK(world.count("outgoing_mail WHERE to_name = 'Osoba 2' AND state = 'awaiting_retry' AND "
                    "claimed_by = '' AND kind = 'contact_shared'") == 1);
  // Had the one under way arrived after all, no copy of it would stay.
  world.pool().transact([&](storage::Connection& connection) {
    const auto id = connection
                        .query(
                            "SELECT id FROM outgoing_mail WHERE kind = 'contact_shared' AND "
                            "to_name = 'Osoba 2'",
                            {})[0]
                        .id<domain::OutgoingMailId>(0);
    storage::save_delivered(connection, id, {250, "ok", true, "Osoba 1"}, world.clock().now());
  });
  CHECK(world.mails_of("Osoba 1") == 0);
}

TEST_CASE("an erased person is told of to nobody any more, whether the mail has left or not") {
  SharedContacts world;
  world.run(
      "UPDATE outgoing_mail SET state = 'sent', facts = '', raw = 'Osoba 1, Gliwice' WHERE kind = "
      "'contact_shared' AND to_name = 'Osoba 3'");

  CHECK(world.erase(1) == "ok");

  CHECK(world.mails_of("Osoba 1") == 0);
  CHECK(world.mails_of("osoba1@urzad.example") == 0);
  CHECK(world.mails_of("Osoba 3") == 1);
  CHECK(world.withdraw(world.all[2]) == "ok");
  CHECK(world.mails_of("Osoba 3") == 0);
  // Nobody is left in it.
  CHECK(world.count("outgoing_mail WHERE kind = 'contact_shared' AND to_name = 'Osoba 2' AND "
                    "state = 'aborted' AND facts = ''") == 1);
}

TEST_CASE("of two with one name and one mailbox only the one who withdraws is taken out") {
  RegistrationWorld world;
  const auto meeting = publish_with_box(world);
  usecases::InstitutionForm third;
  third.name = "Urząd C";
  third.kind = domain::InstitutionKind::public_body;
  REQUIRE(create_institution(world.environment(), world.organizer(), third));
  const std::vector<domain::RegistrationId> all{
      come_with(world, meeting.id, 1, "smog", true, "2466011"),
      come_with(world, meeting.id, 2, "smog", true, "gzm"),
      come_with(world, meeting.id, 3, "smog", true, "Urząd C")};
  // Two offices write from one mailbox; one of the two people had another name when they came.
  world.pool().transact([](storage::Connection& connection) {
    connection.execute(
        "UPDATE person SET full_name = 'Anna Lis', email = 'biuro@urzad.example' WHERE full_name"
        " IN ('Osoba 1', 'Osoba 2')",
        {});
  });
  const auto call = world.organizer();
  const auto group = *create_challenge_group(world.environment(), call, meeting.id, "Powietrze");
  REQUIRE(assign_challenges(world.environment(), call, meeting.id, all, group));
  REQUIRE(share_challenge_contacts(world.environment(), call, meeting.id, group, false).ok());
  const auto told_to_third = [&] {
    for (const auto& facts : world.facts())
      if (facts.kind == notifications::MailKind::contact_shared && facts.to_name == "Osoba 3")
        return facts.ask->text;
    return std::string("nothing");
  };
  const auto both = told_to_third();
  REQUIRE(std::count(both.begin(), both.end(), '\n') == 1);
  usecases::RegistrationChange wanted;
  wanted.challenge_contact = false;
  REQUIRE(change_registration(world.environment(), world.holder(all[0]), all[0], {}, wanted).ok());
  const auto left = told_to_third();
  CHECK(left.find('\n') == std::string::npos);
  CHECK(left.find("Anna Lis") == 0);
  CHECK(left != both);
  CHECK(both.find(left) != std::string::npos);
}
