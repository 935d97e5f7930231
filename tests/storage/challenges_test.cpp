#include "service/usecases/registrations/challenges.h"

#include <doctest/doctest.h>

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
