// Enrolment in a cycle: sessions that are published meanwhile, modes and windows of each session.
#include <doctest/doctest.h>

#include <functional>
#include <future>
#include <thread>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meeting_changes.h"
#include "service/usecases/meetings/meetings.h"
#include "sql/cycle_store.h"
#include "sql/enrolment_store.h"
#include "sql/person_store.h"
#include "sql/seat_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::AttendanceMode;
using domain::RegistrationStatus;

namespace {

const std::vector<std::string> kNone;

usecases::MeetingForm session_form(const RegistrationWorld& world, int number) {
  auto form = world.meeting_form(5);
  form.title = "Sesja " + std::to_string(number);
  form.starts += 28 * 24h * number;
  form.ends += 28 * 24h * number;
  return form;
}

domain::Cycle publish_cycle(RegistrationWorld& world,
                            const std::vector<usecases::MeetingForm>& sessions) {
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  form.meetings = sessions;
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
  auto published = usecases::publish_cycle(world.environment(), world.organizer(), cycle->id);
  REQUIRE_MESSAGE(published.ok(), describe(published));
  return std::move(published).value();
}

// A cycle of one published session and one that is a draft.
struct Unfinished {
  domain::Cycle cycle;
  domain::Meeting draft;
};
Unfinished make_unfinished(RegistrationWorld& world) {
  auto cycle = publish_cycle(world, {session_form(world, 1)});
  auto form = session_form(world, 2);
  form.cycle = cycle.slug;
  auto draft = usecases::create_meeting(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(draft.ok(), describe(draft));
  return {std::move(cycle), std::move(draft).value()};
}

domain::Outcome<usecases::Enrolled> enrol(RegistrationWorld& world, const domain::Cycle& cycle,
                                          int number,
                                          std::optional<AttendanceMode> mode = std::nullopt) {
  auto form = RegistrationWorld::person(number);
  form.mode = mode;
  return usecases::enrol_person(world.environment(), world.visitor(), cycle.slug, form);
}

// Somebody signed in, or the bearer of a token of theirs.
usecases::Call person_call(domain::PersonId person, std::vector<usecases::RoleGrant> grants = {}) {
  usecases::Call call;
  call.actor =
      usecases::Actor{usecases::Actor::Kind::person, person.value, std::move(grants), person};
  return call;
}

domain::Registration register_from(RegistrationWorld& world, domain::MeetingId meeting, int number,
                                   const std::string& institution) {
  auto form = RegistrationWorld::person(number);
  form.institution = institution;
  const auto registered = world.try_register(meeting, form);
  REQUIRE_MESSAGE(registered.ok(), describe(registered));
  return registered->registration;
}

constexpr auto kElsewhere = "1020031";  // Zgierz, where RegistrationWorld::person is of Gliwice

// Until `other` waits for a lock, or has ended without one.
template <class T>
void await_lock_wait(RegistrationWorld& world, std::future<T>& other) {
  for (int rounds = 0; rounds < 600; ++rounds) {
    if (other.wait_for(50ms) == std::future_status::ready) return;
    const bool waits = world.pool().read([](storage::Connection& connection) {
      return !connection
                  .query(
                      "SELECT 1 FROM information_schema.innodb_trx "
                      "WHERE trx_state = 'LOCK WAIT'")
                  .empty();
    });
    if (waits) return;
  }
  FAIL("neither waits nor ends");
}

}  // namespace

TEST_CASE("who enrols while a session is being published is registered for it") {
  RegistrationWorld world;
  const auto unfinished = make_unfinished(world);
  std::future<domain::Outcome<usecases::Enrolled>> enrolled;
  world.pool().transact([&](storage::Connection& connection) {
    REQUIRE(storage::lock_cycle(connection, unfinished.cycle.id));
    REQUIRE(storage::lock_meeting(connection, unfinished.draft.id));
    usecases::publish_locked_meeting(connection, world.environment(), world.organizer(),
                                     unfinished.draft.id);
    enrolled = std::async(std::launch::async, [&] { return enrol(world, unfinished.cycle, 1); });
    await_lock_wait(world, enrolled);
    return true;
  });
  const auto outcome = enrolled.get();
  REQUIRE_MESSAGE(outcome.ok(), describe(outcome));
  CHECK(outcome->registrations.size() == 2);
  CHECK(world.meeting(unfinished.draft.id).onsite.confirmed == 1);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a session published while somebody enrols registers them") {
  RegistrationWorld world;
  const auto unfinished = make_unfinished(world);
  const auto person = world.enter(unfinished.cycle.meetings.front().id, 1).registration.person;
  std::future<domain::Outcome<domain::Meeting>> published;
  world.pool().transact([&](storage::Connection& connection) {
    const auto cycle =
        storage::find_enrollable_cycle(connection, unfinished.cycle.slug, world.clock().now());
    REQUIRE(cycle);
    published = std::async(std::launch::async, [&] {
      return usecases::publish_meeting(world.environment(), world.organizer(), unfinished.draft.id);
    });
    await_lock_wait(world, published);
    storage::StoredEnrolment enrolment;
    enrolment.cycle = cycle->id;
    enrolment.person = person;
    storage::insert_enrolment(connection, enrolment, world.clock().now());
    return true;
  });
  const auto outcome = published.get();
  REQUIRE_MESSAGE(outcome.ok(), describe(outcome));
  CHECK(world.meeting(unfinished.draft.id).onsite.confirmed == 1);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a session that does not offer the chosen mode is taken in the one it offers") {
  RegistrationWorld world;
  auto hybrid = session_form(world, 1);
  hybrid.online = {true, std::nullopt};
  const auto cycle = publish_cycle(world, {hybrid, session_form(world, 2)});

  const auto enrolled = enrol(world, cycle, 1, AttendanceMode::online);

  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  CHECK(enrolled->skipped == kNone);
  REQUIRE(enrolled->registrations.size() == 2);
  CHECK(enrolled->registrations[0].mode == AttendanceMode::online);
  CHECK(enrolled->registrations[1].mode == AttendanceMode::onsite);

  auto later = session_form(world, 3);
  later.cycle = cycle.slug;
  CHECK(world.publish(later).onsite.confirmed == 1);
  later = session_form(world, 4);
  later.cycle = cycle.slug;
  later.online = {true, std::nullopt};
  CHECK(world.publish(later).online.confirmed == 1);
}

TEST_CASE("the enrolled have their place before registration opens to everybody") {
  RegistrationWorld world;
  auto early = session_form(world, 1);
  early.window.opens_at = world.clock().now() + 24h;
  const auto cycle = publish_cycle(world, {early});

  const auto enrolled = enrol(world, cycle, 1);

  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  CHECK(enrolled->skipped == kNone);
  REQUIRE(enrolled->registrations.size() == 1);
  CHECK(enrolled->registrations[0].status == RegistrationStatus::confirmed);
  CHECK(describe(world.try_register(cycle.meetings[0].id, RegistrationWorld::person(2))) ==
        ":window_not_open");

  auto later = session_form(world, 2);
  later.cycle = cycle.slug;
  later.window.opens_at = world.clock().now() + 24h;
  CHECK(world.publish(later).onsite.confirmed == 1);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a cancelled enrolment gives every place to come back and takes no new one") {
  RegistrationWorld world;
  const auto first = session_form(world, 1);
  auto second = session_form(world, 2);
  second.onsite.capacity = 1;
  const auto cycle = publish_cycle(world, {first, second});
  auto form = RegistrationWorld::person(1);
  form.needs = "pętla indukcyjna";
  const auto enrolled =
      usecases::enrol_person(world.environment(), world.visitor(), cycle.slug, form);
  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  REQUIRE(enrolled->registrations.size() == 2);
  const auto waiting = world.enter(cycle.meetings[1].id, 2).registration;
  CHECK(waiting.status == RegistrationStatus::waitlisted);
  world.clock().set(cycle.meetings[0].times.starts_at);  // the first has begun
  const auto before = world.mails().size();
  const auto holder = world.holder(enrolled->registrations[1].id);

  const auto cancelled = usecases::cancel_enrolment(world.environment(), holder, enrolled->id);

  REQUIRE_MESSAGE(cancelled.ok(), describe(cancelled));
  CHECK(cancelled->id == enrolled->id);
  REQUIRE(cancelled->registrations.size() == 2);
  CHECK(cancelled->registrations[0].status == RegistrationStatus::confirmed);
  CHECK(cancelled->registrations[1].status == RegistrationStatus::cancelled);
  CHECK(cancelled->registrations[1].needs.empty());
  CHECK(world.load(waiting.id).status == RegistrationStatus::confirmed);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_cancelled", "Osoba 1", "CANCEL", 1},
                              {"registration_promoted", "Osoba 2", "REQUEST", 0}});
  CHECK(world.activities().back() == "enrolment.cancelled enrolment:1 manage:2");
  CHECK(world.find_violations() == kNone);

  const auto mails = world.mails().size();
  const auto activities = world.count("activity");
  CHECK(usecases::cancel_enrolment(world.environment(), holder, enrolled->id).ok());
  CHECK(world.count("activity") == activities);
  auto later = session_form(world, 3);
  later.cycle = cycle.slug;
  CHECK(world.publish(later).onsite.confirmed == 0);
  CHECK(world.mails().size() == mails);
}

TEST_CASE("who cancelled an enrolment may enrol again, with the same rows") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, {session_form(world, 1), session_form(world, 2)});
  const auto first = enrol(world, cycle, 1);
  REQUIRE_MESSAGE(first.ok(), describe(first));
  REQUIRE(usecases::cancel_enrolment(world.environment(), world.organizer(), first->id).ok());

  const auto again = enrol(world, cycle, 1);

  REQUIRE_MESSAGE(again.ok(), describe(again));
  CHECK(again->created);
  CHECK(again->id == first->id);
  REQUIRE(again->registrations.size() == 2);
  CHECK(again->registrations[0].id == first->registrations[0].id);
  CHECK(again->registrations[0].status == RegistrationStatus::confirmed);
  auto later = session_form(world, 3);
  later.cycle = cycle.slug;
  CHECK(world.publish(later).onsite.confirmed == 1);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("an enrolment is opened by the links of its own registrations only") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, {session_form(world, 1), session_form(world, 2)});
  const auto enrolled = enrol(world, cycle, 1);
  const auto other = enrol(world, cycle, 2);
  REQUIRE(enrolled.ok());
  REQUIRE(other.ok());
  const auto token_of = [](const std::string& url) { return url.substr(url.rfind('/') + 1); };
  const auto& environment = world.environment();
  CHECK(usecases::find_registration_in(environment, enrolled->id,
                                       token_of(enrolled->manage_urls[1])) ==
        enrolled->registrations[1].id);
  CHECK_FALSE(
      usecases::find_registration_in(environment, enrolled->id, token_of(other->manage_urls[0])));
  CHECK_FALSE(usecases::find_registration_in(environment, enrolled->id, "nie-ma"));
  CHECK(describe(usecases::cancel_enrolment(environment, world.visitor(),
                                            domain::EnrolmentId{99})) == "not_found");
}

TEST_CASE("a session that refuses the enrolled at its publication keeps a trace of it") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, {session_form(world, 1)});
  REQUIRE(enrol(world, cycle, 1).ok());
  auto closed = session_form(world, 2);
  closed.cycle = cycle.slug;
  closed.window.closes_at = world.clock().now() - 1h;
  const auto published = world.publish(closed);
  CHECK(published.onsite.confirmed == 0);
  CHECK(world.activities().back() == "enrolment.skipped enrolment:1 token:1");
}

TEST_CASE("an enrolment that anybody types takes nothing that the person holds") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, {session_form(world, 1), session_form(world, 2)});
  const auto held = world.enter(cycle.meetings[0].id, 1).registration;

  const auto enrolled = enrol(world, cycle, 1);

  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  REQUIRE(enrolled->registrations.size() == 2);
  CHECK(enrolled->manage_urls[0].empty());
  CHECK_FALSE(enrolled->registrations[0].enrolment);
  CHECK_FALSE(world.load(held.id).enrolment);
  const auto added = enrolled->registrations[1].id;
  CHECK(world.load(added).enrolment == enrolled->id);
  CHECK(describe(usecases::cancel_enrolment(world.environment(), world.holder(held.id),
                                            enrolled->id)) == "not_found");

  const auto cancelled =
      usecases::cancel_enrolment(world.environment(), world.holder(added), enrolled->id);

  REQUIRE_MESSAGE(cancelled.ok(), describe(cancelled));
  CHECK(cancelled->registrations.size() == 1);
  CHECK(world.load(added).status == RegistrationStatus::cancelled);
  CHECK(world.load(held.id).status == RegistrationStatus::confirmed);
  CHECK(world.load(held.id).version == held.version);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("who may change an earlier registration takes it into the enrolment") {
  const auto coordinator_of = [](std::int64_t institution) {
    return person_call({900}, {{usecases::Role::coordinator, domain::InstitutionId{institution}}});
  };
  struct Row {
    const char* name;
    std::function<usecases::Call(const RegistrationWorld&, const domain::Registration&)> call;
    bool adopts;
  };
  const Row rows[] = {
      {"a visitor", [](const auto& world, const auto&) { return world.visitor(); }, false},
      {"the person", [](const auto&, const auto& held) { return person_call(held.person.id); },
       true},
      {"another person",
       [](const auto&, const auto& held) { return person_call({held.person.id.value + 1}); },
       false},
      {"an organizer", [](const auto& world, const auto&) { return world.organizer(); }, true},
      {"a coordinator of the institution it is held for",
       [&](const auto&, const auto& held) {
         return coordinator_of(held.person.institution->id.value);
       },
       true},
      {"a coordinator of another, typed into the enrolment",
       [&](const auto&, const auto&) { return coordinator_of(1); }, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    RegistrationWorld world;
    const auto cycle = publish_cycle(world, {session_form(world, 1), session_form(world, 2)});
    const auto held = register_from(world, cycle.meetings[0].id, 1, kElsewhere);
    const auto enrolled = usecases::enrol_person(world.environment(), row.call(world, held),
                                                 cycle.slug, RegistrationWorld::person(1));
    REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
    CHECK(world.load(held.id).enrolment ==
          (row.adopts ? std::optional(enrolled->id) : std::nullopt));
    CHECK(world.find_violations() == kNone);
  }
}

TEST_CASE("a coordinator cancels of an enrolment only what is held for their institution") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, {session_form(world, 1), session_form(world, 2)});
  const auto held = register_from(world, cycle.meetings[0].id, 1, kElsewhere);
  const auto enrolled = usecases::enrol_person(world.environment(), person_call(held.person.id),
                                               cycle.slug, RegistrationWorld::person(1));
  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  REQUIRE(world.load(held.id).enrolment == enrolled->id);
  const auto gliwice = enrolled->registrations[1];
  const auto coordinator =
      person_call({900}, {{usecases::Role::coordinator, gliwice.person.institution->id}});

  const auto cancelled = usecases::cancel_enrolment(world.environment(), coordinator, enrolled->id);

  REQUIRE_MESSAGE(cancelled.ok(), describe(cancelled));
  CHECK(world.load(gliwice.id).status == RegistrationStatus::cancelled);
  CHECK(world.load(held.id).status == RegistrationStatus::confirmed);
  CHECK_FALSE(world.load(held.id).enrolment);  // so that taking the enrolment up leaves it alone
  CHECK(world.find_violations() == kNone);
}
