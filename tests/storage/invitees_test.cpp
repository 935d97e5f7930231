#include "service/usecases/invitees/invitees.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/invitees/invitee_sending.h"
#include "service/usecases/people/clean_up.h"
#include "service/usecases/people/person_erasure.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::CandidateVerdict;
using usecases::InviteeState;

namespace {

// With a key of the installation, as a served one has.
struct InviteeWorld : RegistrationWorld {
  InviteeWorld() { environment().secret_key = std::string(32, 'k'); }
};

usecases::InviteeSelection pasted(const std::string& text) {
  usecases::InviteeSelection selection;
  selection.text = text;
  return selection;
}

std::map<std::string, std::string> states_of(RegistrationWorld& world,
                                             const domain::InviteeScope& scope) {
  const auto list = list_invitees(world.environment(), world.organizer().actor, scope);
  REQUIRE(list);
  std::map<std::string, std::string> states;
  for (const auto& invitee : list->invitees)
    states[invitee.email] = domain::to_string(invitee.state);
  return states;
}

int add(RegistrationWorld& world, const domain::InviteeScope& scope, const std::string& text) {
  const auto added = add_invitees(world.environment(), world.organizer(), scope, pasted(text));
  REQUIRE_MESSAGE(added, describe(added));
  return added->added;
}

int send(RegistrationWorld& world, const domain::InviteeScope& scope, bool remind = false) {
  const auto sent = send_invitations(world.environment(), world.organizer(), scope,
                                     {remind, "Zapraszamy!\nDo zobaczenia.", {}});
  return sent ? *sent : -1;
}

// The key in the last mail that was written.
std::string last_key(RegistrationWorld& world) {
  const auto facts = world.facts();
  const std::string url = facts.back().ask->url;
  return url.substr(url.find("zaproszenie=") + 12);
}

using States = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("what is pasted is told apart before it is added, and the wrong rows come back") {
  InviteeWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 7);
  REQUIRE(add(world, meeting.id, "stara@urzad.example") == 1);
  const auto selection = pasted(
      "Nowa Osoba <nowa@urzad.example>\nNOWA@urzad.example\nstara@urzad.example\n"
      "osoba7@urzad.example\nbez adresu\nx@urzad.example;X Y;Atlantyda");
  const auto preview =
      preview_invitees(world.environment(), world.organizer().actor, meeting.id, selection);
  REQUIRE(preview);
  std::vector<std::string> verdicts;
  for (const auto& candidate : preview->candidates)
    verdicts.emplace_back(usecases::to_string(candidate.verdict));
  CHECK(verdicts ==
        std::vector<std::string>{"fresh", "repeated", "listed", "present", "wrong", "wrong"});
  const auto added = add_invitees(world.environment(), world.organizer(), meeting.id, selection);
  REQUIRE(added);
  CHECK(added->added == 1);
  CHECK(added->left_out == 3);
  REQUIRE(added->wrong.size() == 2);
  CHECK(added->wrong[0].text == "bez adresu");
  CHECK(added->wrong[1].errors.front().code == "unknown_institution");
  CHECK(states_of(world, meeting.id) ==
        States{{"nowa@urzad.example", "listed"}, {"stara@urzad.example", "listed"}});
}

TEST_CASE("an invitation goes to each once, a reminder after a day to who has not answered") {
  InviteeWorld world;
  const auto meeting = world.publish();
  REQUIRE(add(world, meeting.id, "Jan Kowalski <jan@urzad.example>\nanna@urzad.example") == 2);
  const auto before = world.mails().size();
  CHECK(send(world, meeting.id) == 2);
  CHECK(send(world, meeting.id) == -1);
  CHECK(send(world, meeting.id, true) == -1);
  CHECK(world.mails().size() == before + 2);
  const auto facts = world.facts().back();
  CHECK(facts.kind == notifications::MailKind::meeting_invitation);
  CHECK(facts.ask->text == "Zapraszamy!\nDo zobaczenia.");
  CHECK(facts.ask->origin == "pasted");
  CHECK(facts.ask->url.find("/spotkania/" + meeting.slug + "/zapisy?zaproszenie=") !=
        std::string::npos);
  const auto key = last_key(world);
  CHECK(key.size() == 43);
  world.clock().advance(std::chrono::hours(25));
  CHECK(decline_invitation(world.environment(), world.visitor(), key, "urlop"));
  CHECK(send(world, meeting.id, true) == 1);
  CHECK(send(world, meeting.id, true) == -1);
}

TEST_CASE("the key of an invitee opens their details, and registering by it answers") {
  InviteeWorld world;
  const auto meeting = world.publish();
  const auto other = world.publish();
  REQUIRE(add(world, meeting.id, "Jan Kowalski;jan@urzad.example;2466011;inspektor") == 1);
  REQUIRE(send(world, meeting.id) == 1);
  const auto key = last_key(world);
  const auto found = find_invitation(world.environment(), key);
  REQUIRE(found);
  CHECK(found->invitee.full_name == "Jan Kowalski");
  CHECK(found->invitee.job_title == "inspektor");
  CHECK(found->invitee.institution->teryt == "2466011");
  CHECK(found->path == "/spotkania/" + meeting.slug);
  CHECK_FALSE(find_invitation(world.environment(), std::string(43, 'x')));
  CHECK_FALSE(find_invitation(world.environment(), ""));
  note_invitee_registered(world.environment(), world.visitor(), key, other.id);
  CHECK(states_of(world, meeting.id) == States{{"jan@urzad.example", "invited"}});
  note_invitee_registered(world.environment(), world.visitor(), key, meeting.id);
  CHECK(states_of(world, meeting.id) == States{{"jan@urzad.example", "registered"}});
  CHECK(describe(decline_invitation(world.environment(), world.visitor(), key, "")) ==
        "conflict:invitee_registered");
  // No key of a row opens anything.
  CHECK(world.pool().read([&](storage::Connection& connection) {
    return connection.query("SELECT key_hash FROM invitee")[0].text(0) == usecases::hash_token(key);
  }));
}

TEST_CASE("whoever registers without the link is registered on the list as well") {
  InviteeWorld world;
  const auto meeting = world.publish();
  REQUIRE(add(world, meeting.id, "Osoba 3 <osoba3@urzad.example>\nosoba4@urzad.example") == 2);
  const auto id = world.enter(meeting.id, 3).registration.id;
  CHECK(states_of(world, meeting.id) ==
        States{{"osoba3@urzad.example", "registered"}, {"osoba4@urzad.example", "listed"}});
  world.cancel(id);
  CHECK(states_of(world, meeting.id)["osoba3@urzad.example"] == "listed");
}

TEST_CASE("whoever objects leaves every list, gets no mail that waits, and is added no more") {
  InviteeWorld world;
  world.environment().hold_seconds = 300;
  const auto one = world.publish();
  const auto two = world.publish();
  for (const auto& meeting : {one, two}) {
    REQUIRE(add(world, meeting.id, "jan@urzad.example") == 1);
    REQUIRE(send(world, meeting.id) == 1);
  }
  CHECK(object_to_invitations(world.environment(), world.visitor(), last_key(world)));
  CHECK(states_of(world, one.id).empty());
  CHECK(states_of(world, two.id).empty());
  const auto waiting = world.pool().read([](storage::Connection& connection) {
    return connection.query(
        "SELECT 1 FROM outgoing_mail WHERE kind = 'meeting_invitation' AND state <> 'aborted'");
  });
  CHECK(waiting.empty());
  const auto again = preview_invitees(world.environment(), world.organizer().actor, one.id,
                                      pasted("JAN@urzad.example"));
  REQUIRE(again);
  CHECK(again->candidates.front().verdict == CandidateVerdict::objected);
  CHECK(add(world, two.id, "jan@urzad.example") == 0);
  CHECK(world.pool()
            .read([](storage::Connection& connection) {
              return connection.query("SELECT address_digest FROM invitation_objection");
            })[0]
            .text(0)
            .find("jan") == std::string::npos);
}

TEST_CASE("what is still held can be taken back, and is then only listed") {
  InviteeWorld world;
  world.environment().hold_seconds = 300;
  const auto meeting = world.publish();
  REQUIRE(add(world, meeting.id, "jan@urzad.example\nanna@urzad.example") == 2);
  REQUIRE(send(world, meeting.id) == 2);
  CHECK(*take_back_invitations(world.environment(), world.organizer(), meeting.id) == 2);
  CHECK(states_of(world, meeting.id) ==
        States{{"jan@urzad.example", "listed"}, {"anna@urzad.example", "listed"}});
  CHECK(describe(take_back_invitations(world.environment(), world.organizer(), meeting.id)) ==
        "conflict:nothing_held");
  REQUIRE(send(world, meeting.id) == 2);
  world.clock().advance(std::chrono::seconds(301));
  CHECK(describe(take_back_invitations(world.environment(), world.organizer(), meeting.id)) ==
        "conflict:nothing_held");
}

TEST_CASE("a list is prepared before publication, and nothing leaves before it") {
  InviteeWorld world;
  const auto draft = create_meeting(world.environment(), world.organizer(), world.meeting_form());
  REQUIRE(draft);
  REQUIRE(add(world, draft->id, "jan@urzad.example") == 1);
  CHECK(describe(send_invitations(world.environment(), world.organizer(), draft->id, {})) ==
        "conflict:meeting_not_published");
  CHECK(describe(list_invitees(world.environment(), {}, draft->id)) == "not_found");
}

TEST_CASE("lists end with their time, and with the person") {
  InviteeWorld world;
  const auto meeting = world.publish();
  const auto registered = world.enter(meeting.id, 5);
  const auto other = world.publish();
  REQUIRE(add(world, other.id, "Osoba 5 <osoba5@urzad.example>\nobca@urzad.example") == 2);
  auto admin = world.organizer();
  admin.actor = {usecases::Actor::Kind::system};
  usecases::Call own;
  own.actor = {usecases::Actor::Kind::person, registered.registration.person.id.value};
  own.actor.person = registered.registration.person.id;
  REQUIRE(erase_person(world.environment(), own, registered.registration.person.id,
                       "osoba5@urzad.example"));
  CHECK(states_of(world, other.id) == States{{"obca@urzad.example", "listed"}});
  const auto clean = [&](int days) {
    world.clock().advance(std::chrono::hours(24) * days);
    REQUIRE(clean_up(world.environment(), admin, "a test"));
    return world.count("invitee");
  };
  CHECK(clean(100) == 1);
  CHECK(clean(30) == 0);
}

TEST_CASE("participants of an earlier meeting are found by who may see them") {
  InviteeWorld world;
  const auto earlier = world.publish();
  const auto next = world.publish();
  world.enter(earlier.id, 1);
  world.enter(earlier.id, 2);
  usecases::InviteeSelection selection;
  selection.source = usecases::InviteeSource::edition;
  selection.edition = fmt::format("meeting:{}", earlier.id.value);
  const auto preview =
      preview_invitees(world.environment(), world.organizer().actor, next.id, selection);
  REQUIRE(preview);
  CHECK(preview->candidates.size() == 2);
  usecases::Actor host{usecases::Actor::Kind::person, 900, {{usecases::Role::organizer, next.id}}};
  host.person = domain::PersonId{900};
  CHECK(describe(preview_invitees(world.environment(), host, next.id, selection)) ==
        "edition:unknown_edition");
  // Nor does a typed address tell a stranger who that is.
  const auto typed =
      preview_invitees(world.environment(), host, next.id, pasted("osoba1@urzad.example"));
  REQUIRE(typed);
  CHECK(typed->candidates.front().full_name.empty());
}
