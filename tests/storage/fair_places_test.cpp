// Rules of places on a real database: what is decided, what is held, what people are told.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/institutions/institution_merge.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/registrations/delegations.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/registrations/place_rules.h"
#include "service/usecases/registrations/place_words.h"
#include "tests/support/place_replay.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::AttendanceMode;
using domain::RegistrationStatus;

namespace {

const std::vector<std::string> kNone;

struct PlaceWorld : RegistrationWorld {
  PlaceWorld() {
    for (const char* name : {"Urząd A", "Urząd B", "Urząd C"}) {
      usecases::InstitutionForm form;
      form.name = name;
      form.kind = domain::InstitutionKind::public_body;
      form.population = keys.empty() ? 5'000 : 50'000;
      const auto made = create_institution(environment(), organizer(), form);
      REQUIRE_MESSAGE(made.ok(), describe(made));
      keys.push_back(std::to_string(made->id.value));
    }
  }

  void lay_down(const domain::Meeting& meeting, usecases::PlaceRulesForm form) {
    const auto found = load_places(environment(), organizer().actor, meeting.id);
    REQUIRE(found);
    form.version = found->rules.policy.version;
    const auto saved = save_places(environment(), organizer(), meeting.id, form);
    REQUIRE_MESSAGE(saved.ok(), describe(saved));
  }
  // "confirmed", "waitlisted", or the failure.
  std::string come(const domain::Meeting& meeting, int person, const std::string& office) {
    auto form = RegistrationWorld::person(person);
    form.institution = office;
    const auto registered = try_register(meeting.id, form);
    if (!registered) return describe(registered);
    ids[person] = registered->registration.id;
    return std::string(to_string(registered->registration.status));
  }
  std::string status(int person) { return std::string(to_string(load(ids.at(person)).status)); }
  std::string places(const domain::Meeting& meeting) {
    const auto seats = RegistrationWorld::meeting(meeting.id).onsite;
    return fmt::format("{} in, {} held, {} waiting", seats.confirmed, seats.held, seats.waiting);
  }
  std::string why(int person) {
    const auto view = find_registration(environment(), organizer().actor, ids.at(person));
    REQUIRE(view);
    if (!view->why) return "";
    return usecases::explain_place(*view->why, "Europe/Warsaw", domain::Language::pl);
  }
  std::vector<std::string> replay(const domain::Meeting& meeting) {
    const auto log = pool().read(
        [&](storage::Connection& connection) { return load_places_log(connection, meeting.id); });
    PlaceReplay replayed;
    for (const auto& entry : log) replayed.apply(entry);
    replayed.end(clock().now());
    return replayed.mismatches();
  }

  std::vector<std::string> keys;
  std::map<int, domain::RegistrationId> ids;
};

domain::WallTime january(int day, int hour = 0) {
  return domain::WallTime{std::chrono::local_days{std::chrono::year(2027) / 1 / day}} +
         std::chrono::hours(hour);
}

}  // namespace

TEST_CASE("a guarantee holds places until its end, and then they go to who waits") {
  PlaceWorld world;
  const auto meeting = world.publish(3);
  usecases::PlaceRulesForm rules;
  rules.guaranteed_places = 1;
  rules.guaranteed_until = january(11, 12);
  rules.guaranteed = {world.keys[0], world.keys[1]};
  world.lay_down(meeting, rules);
  CHECK(world.places(meeting) == "0 in, 2 held, 0 waiting");
  CHECK(world.come(meeting, 1, "Urząd C") == "confirmed");
  CHECK(world.come(meeting, 2, "Urząd C") == "waitlisted");
  CHECK(world.why(2) ==
        "Czekasz, bo pozostałe miejsca są do 11 stycznia, 12:00 zagwarantowane instytucjom, "
        "których jeszcze nie ma.");
  CHECK(world.facts().back().ask->text == world.why(2));
  CHECK(world.come(meeting, 3, "Urząd A") == "confirmed");
  CHECK(world.why(3) == "Masz miejsce, bo jest ono zagwarantowane Twojej instytucji.");
  CHECK(world.places(meeting) == "2 in, 1 held, 1 waiting");
  world.clock().advance(8 * 24h);
  // Before the job has looked: whoever waits comes before a newcomer, at the same clock.
  CHECK(world.come(meeting, 4, "Urząd B") == "waitlisted");
  CHECK(world.status(2) == "confirmed");
  CHECK(world.places(meeting) == "3 in, 0 held, 1 waiting");
  CHECK(usecases::settle_due_places(world.environment()) == 1);
  CHECK(usecases::settle_due_places(world.environment()) == 0);
  CHECK(world.replay(meeting) == kNone);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("an offered place is taken, or goes on when time is up") {
  PlaceWorld world;
  const auto meeting = world.publish(1);
  usecases::PlaceRulesForm rules;
  rules.offer_minutes = 120;
  world.lay_down(meeting, rules);
  CHECK(world.come(meeting, 1, "Urząd A") == "confirmed");
  CHECK(world.come(meeting, 2, "Urząd B") == "waitlisted");
  CHECK(world.come(meeting, 3, "Urząd C") == "waitlisted");
  const auto accept = [&](int person) {
    return describe(accept_offer(world.environment(), world.holder(world.ids.at(person)),
                                 world.ids.at(person)));
  };
  CHECK(accept(2) == "conflict:no_offer");
  world.cancel(world.ids.at(1));
  CHECK(world.places(meeting) == "0 in, 1 held, 2 waiting");
  CHECK(world.mails().back() == SentMail{"registration_offered", "Osoba 2", "", -1});
  CHECK(world.facts().back().ask->url == world.facts().back().manage_url);
  CHECK(world.why(2) == "Zwolniło się miejsce i trzymamy je dla Ciebie do 4 stycznia, 12:00.");
  CHECK(world.why(3) ==
        "Czekasz, bo pozostałe miejsca są już komuś obiecane i czekają na potwierdzenie.");
  CHECK(world.come(meeting, 4, "Urząd A") == "waitlisted");
  world.clock().advance(2h);
  CHECK(accept(2) == "conflict:offer_expired");
  const auto before = world.mails().size();
  CHECK(usecases::settle_due_places(world.environment()) == 1);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"offer_expired", "Osoba 2", "", -1},
                              {"registration_offered", "Osoba 3", "", -1}});
  CHECK(accept(2) == "conflict:offer_expired");
  CHECK(accept(3) == "ok");
  CHECK(accept(3) == "ok");  // twice is once
  CHECK(world.status(3) == "confirmed");
  CHECK(world.mails().back().method == "REQUEST");
  CHECK(world.places(meeting) == "1 in, 0 held, 2 waiting");
  CHECK(world.replay(meeting) == kNone);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a hold, a cap and limits decide who comes in") {
  PlaceWorld world;
  const auto meeting = world.publish(4);
  usecases::PlaceRulesForm rules;
  rules.institution_cap = 2;
  rules.largest_population = 20'000;
  rules.holds = {{world.keys[1], AttendanceMode::onsite, 1, {}}};
  world.lay_down(meeting, rules);
  CHECK(world.come(meeting, 1, "Urząd C") == ":not_eligible_size");
  CHECK(world.come(meeting, 2, "Urząd A") == "confirmed");
  CHECK(world.come(meeting, 3, "Urząd A") == "confirmed");
  CHECK(world.come(meeting, 4, "Urząd A") == ":cap_reached");
  CHECK(world.come(meeting, 5, "Urząd B") == "confirmed");
  CHECK(world.places(meeting) == "3 in, 0 held, 0 waiting");
  // Nobody takes a place along to an institution that may have none.
  usecases::RegistrationChange change;
  change.institution = "Urząd A";
  CHECK(describe(change_registration(world.environment(), world.holder(world.ids.at(5)),
                                     world.ids.at(5), {}, change)) == "institution:cap_reached");
  CHECK(world.replay(meeting) == kNone);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a meeting shrinks at the cost of guarantees, not of people or promises") {
  PlaceWorld world;
  const auto meeting = world.publish(4);
  usecases::PlaceRulesForm rules;
  rules.guaranteed_places = 1;
  rules.guaranteed = {world.keys[0], world.keys[1]};
  world.lay_down(meeting, rules);
  CHECK(world.come(meeting, 1, "Urząd C") == "confirmed");
  CHECK(world.come(meeting, 2, "Urząd C") == "confirmed");
  CHECK(world.come(meeting, 3, "Urząd C") == "waitlisted");
  CHECK(describe(world.change(meeting.id, world.meeting_form(3))) == "ok");
  CHECK(world.places(meeting) == "2 in, 1 held, 1 waiting");
  CHECK(load_places(world.environment(), world.organizer().actor, meeting.id)->modes[0].missing ==
        1);
  CHECK(world.come(meeting, 4, "Urząd B") == "confirmed");  // the first of the two to come
  CHECK(world.come(meeting, 5, "Urząd A") == "waitlisted");
  CHECK(describe(world.change(meeting.id, world.meeting_form(2))) ==
        "capacity.onsite:below_confirmed");
  CHECK(describe(world.change(meeting.id, world.meeting_form(6))) == "ok");
  CHECK(world.status(3) == "confirmed");
  CHECK(world.status(5) == "confirmed");
  CHECK(world.places(meeting) == "5 in, 0 held, 0 waiting");
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("without a waiting list an institution still gets what is guaranteed to it") {
  PlaceWorld world;
  auto form = world.meeting_form(2);
  form.waitlist = false;
  const auto meeting = world.publish(form);
  usecases::PlaceRulesForm rules;
  rules.guaranteed_places = 1;
  rules.guaranteed = {world.keys[0]};
  world.lay_down(meeting, rules);
  CHECK(world.come(meeting, 1, "Urząd C") == "confirmed");
  CHECK(world.come(meeting, 2, "Urząd C") == ":full");
  CHECK(world.come(meeting, 3, "Urząd A") == "confirmed");
}

TEST_CASE("the preview of rules says what saving them does") {
  PlaceWorld world;
  const auto meeting = world.publish(3);
  usecases::PlaceRulesForm strict;
  strict.guaranteed_places = 1;
  strict.guaranteed = {world.keys[0], world.keys[1]};
  world.lay_down(meeting, strict);
  for (int person = 1; person <= 3; ++person) world.come(meeting, person, "Urząd C");
  usecases::PlaceRulesForm open;
  open.version = 1;
  const auto effects =
      preview_places(world.environment(), world.organizer().actor, meeting.id, open);
  REQUIRE(effects);
  REQUIRE(effects->size() == 1);
  CHECK(effects->front().held_before == 2);
  CHECK(effects->front().held_after == 0);
  CHECK(effects->front().confirmed == 2);
  CHECK(world.places(meeting) == "1 in, 2 held, 2 waiting");
  world.lay_down(meeting, open);
  CHECK(world.places(meeting) == "3 in, 0 held, 0 waiting");
}

TEST_CASE("rules that cannot be kept are refused, field by field") {
  PlaceWorld world;
  const auto meeting = world.publish(3);
  usecases::PlaceRulesForm rules;
  rules.guaranteed_places = 2;
  rules.institution_cap = 1;
  rules.guaranteed_until = january(20);
  rules.smallest_population = 10;
  rules.largest_population = 9;
  rules.holds = {{world.keys[0], AttendanceMode::online, 0, {}}, {"nikt", {}, 1, {}}};
  CHECK(describe(save_places(world.environment(), world.organizer(), meeting.id, rules)) ==
        "guaranteed_until:after_start, institution_cap:cap_below_guarantee, "
        "largest_population:largest_below_smallest, guaranteed:required, "
        "holds[0].places:out_of_range, holds[0].mode:mode_not_offered, "
        "holds[1].institution:unknown_institution");
  CHECK(describe(save_places(world.environment(), world.visitor(), meeting.id, {})) == "forbidden");
  usecases::PlaceRulesForm stale;
  stale.version = 7;
  CHECK(describe(save_places(world.environment(), world.organizer(), meeting.id, stale)) ==
        "stale");
}

TEST_CASE("a merge settles the places of the meetings that its institutions had rules at") {
  PlaceWorld world;
  const auto merge = [&](int from, int into) {
    return merge_institutions(world.environment(), world.organizer(),
                              domain::InstitutionId{std::stoll(world.keys.at(from))},
                              domain::InstitutionId{std::stoll(world.keys.at(into))});
  };
  usecases::PlaceRulesForm rules;
  rules.guaranteed_places = 1;
  rules.guaranteed = {world.keys[0], world.keys[1]};
  const auto both = world.publish(3);
  world.lay_down(both, rules);
  CHECK(world.come(both, 1, "Urząd C") == "confirmed");
  CHECK(world.come(both, 2, "Urząd C") == "waitlisted");
  // Here only one of them is promised a place, and somebody of the other has come.
  rules.guaranteed = {world.keys[1]};
  const auto one = world.publish(2);
  world.lay_down(one, rules);
  CHECK(world.come(one, 3, "Urząd A") == "confirmed");
  CHECK(world.come(one, 4, "Urząd C") == "waitlisted");

  const auto merged = merge(0, 1);

  REQUIRE_MESSAGE(merged.ok(), describe(merged));
  CHECK(world.places(both) == "2 in, 1 held, 0 waiting");
  CHECK(world.places(one) == "2 in, 0 held, 0 waiting");
  CHECK(world.facts().back().to_name == "Osoba 4");
  CHECK(world.find_violations() == kNone);

  REQUIRE(undo_merge(world.environment(), world.organizer(), *merged));
  CHECK(world.places(both) == "2 in, 1 held, 0 waiting");
  CHECK(world.places(one) == "2 in, 0 held, 0 waiting");
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("whoever has a place of a delegation has it whatever office they are of") {
  PlaceWorld world;
  const auto meeting = world.publish(4);
  usecases::PlacesForm places;
  places.onsite = 2;
  REQUIRE(set_places(world.environment(), world.organizer(), std::to_string(meeting.id.value),
                     world.keys[0], std::nullopt, places));
  CHECK(world.come(meeting, 1, "Urząd B") == "confirmed");
  CHECK(world.come(meeting, 2, "Urząd C") == "confirmed");
  CHECK(world.places(meeting) == "2 in, 2 held, 0 waiting");
  // As the undoing of a merge leaves it that has united two delegations.
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "UPDATE registration SET delegation_id = (SELECT id FROM delegation) "
        "WHERE id = ?",
        {world.ids.at(1)});
  });
  CHECK(world.come(meeting, 3, "Urząd C") == "confirmed");
  CHECK(world.places(meeting) == "3 in, 1 held, 0 waiting");
  CHECK(world.come(meeting, 4, "Urząd C") == "waitlisted");

  world.cancel(world.ids.at(1));

  CHECK(world.places(meeting) == "2 in, 2 held, 1 waiting");
  CHECK(world.find_violations() == kNone);
}
