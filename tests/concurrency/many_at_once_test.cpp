// The same thing asked by many at once, and everything that touches a meeting's people at once.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <mutex>
#include <random>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/unavailable.h"
#include "sql/error.h"
#include "tests/concurrency/crowd.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> kNone;

// What the threads of a test report; thread-safe.
class Report {
 public:
  void add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    ++lines_[line];
  }
  // "created: 1, there already: 15".
  std::string text() const {
    std::string text;
    for (const auto& [line, count] : lines_) {
      text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", line, count);
    }
    return text;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> lines_;
};

domain::Cycle publish_cycle(RegistrationWorld& world, int sessions, int capacity) {
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  for (int session = 0; session < sessions; ++session) {
    auto meeting = world.meeting_form(capacity);
    meeting.title = fmt::format("Sesja {}", session + 1);
    meeting.starts += 28 * 24h * session;
    meeting.ends += 28 * 24h * session;
    form.meetings.push_back(meeting);
  }
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
  auto published = usecases::publish_cycle(world.environment(), world.organizer(), cycle->id);
  REQUIRE_MESSAGE(published.ok(), describe(published));
  return std::move(published).value();
}

// One thread's turns at the meetings of a cycle.
class Visitor {
 public:
  Visitor(RegistrationWorld& world, const domain::Cycle& cycle, Report& report, int seed)
      : world_(world), cycle_(cycle), report_(report), random_(static_cast<unsigned>(seed)) {}

  void run(int turns) {
    for (int turn = 0; turn < turns; ++turn) {
      try {
        take_turn();
      } catch (const usecases::OutcomeUnknown& error) {
        report_.add(error.what());
      } catch (const usecases::Unavailable&) {
        // Sessions died faster than it was tried again. Nothing stays, as the rules below check.
      } catch (const storage::Unavailable&) {
        // As above, of what the test itself reads.
      } catch (const std::exception& error) {
        report_.add(error.what());
      }
    }
  }

 private:
  int pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  void take_turn() {
    const auto& session = cycle_.meetings[static_cast<std::size_t>(
        pick(0, static_cast<int>(cycle_.meetings.size()) - 1))];
    const int person = pick(1, 120);
    const int choice = pick(1, 100);
    if (choice <= 20) {
      enrol(person);
    } else if (choice <= 55) {
      note(world_.try_register(session.id, RegistrationWorld::person(person)));
    } else if (choice <= 90) {
      cancel(session.id, person);
    } else {
      change(session.id);
    }
  }

  void enrol(int person) {
    note(usecases::enrol_person(world_.environment(), world_.visitor(), cycle_.slug,
                                RegistrationWorld::person(person)));
  }

  void cancel(domain::MeetingId meeting, int person) {
    const auto rows = world_.pool().read([&](storage::Connection& connection) {
      return connection.query(
          "SELECT r.id FROM registration r JOIN person p ON p.id = r.person_id "
          "WHERE r.meeting_id = ? AND p.email_key = ?",
          {meeting, fmt::format("osoba{}@urzad.example", person)});
    });
    if (rows.empty()) return;
    const auto id = rows[0].id<domain::RegistrationId>(0);
    note(usecases::cancel_registration(world_.environment(), world_.holder(id), id));
  }

  // Another hour or more places; somebody else's change in between is no fault, nor are people whom
  // it has let in meanwhile.
  void change(domain::MeetingId meeting) {
    auto form =
        usecases::load_meeting_form(world_.environment(), world_.organizer().actor, meeting);
    if (!form) return note(form);
    if (pick(0, 1) == 0) {
      form->starts += 60s * pick(1, 30);
      form->ends = form->starts + 4h;
    } else {
      form->onsite.capacity = *form->onsite.capacity + 1;
    }
    const auto changed = world_.change(meeting, *form);
    const auto outcome = describe(changed);
    if (outcome != "stale" && outcome != "capacity.onsite:below_confirmed") note(changed);
  }

  template <class T>
  void note(const domain::Outcome<T>& outcome) {
    if (!outcome) report_.add(describe(outcome));
  }

  RegistrationWorld& world_;
  const domain::Cycle& cycle_;
  Report& report_;
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("one person who presses the button in sixteen windows is registered once") {
  RegistrationWorld world({.size = 16, .wait = 20s});
  const auto meeting = world.publish();
  Report report;
  run_crowd(16, [&](int) {
    const auto registered = world.try_register(meeting.id, RegistrationWorld::person(1));
    report.add(!registered           ? describe(registered)
               : registered->created ? "created"
                                     : "there already");
  });
  CHECK(report.text() == "created: 1, there already: 15");
  CHECK(world.mails().size() == 1);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("fifty calls with one key at once get one and the same result") {
  RegistrationWorld world({.size = 50, .wait = 20s});
  const auto meeting = world.publish();
  Report report;
  run_crowd(50, [&](int) {
    auto call = world.visitor();
    call.idempotency_key = "one";
    call.request_digest = "digest";
    const auto registered = usecases::register_person(
        world.environment(), call, std::to_string(meeting.id.value), RegistrationWorld::person(1));
    report.add(registered ? fmt::format("{} {} {}", registered->created,
                                        registered->registration.id.value, registered->manage_url)
                          : describe(registered));
  });
  const std::string url = world.facts().front().manage_url;
  CHECK(report.text() == fmt::format("true 1 {}: 50", url));
  CHECK(world.mails().size() == 1);
  CHECK(world.count("registration_token") == 1);
}

TEST_CASE("enrolments, registrations, cancellations, moves and more places do not mix up") {
  RegistrationWorld world({.size = 24, .wait = 20s});
  const auto cycle = publish_cycle(world, 6, 15);
  Report report;
  {
    SessionKiller killer(world.database(), 40ms);
    run_crowd(24, [&](int number) { Visitor(world, cycle, report, number + 1).run(25); });
  }
  CHECK(report.text() == "");
  CHECK(world.find_violations() == kNone);
  CHECK(world.count("enrolment") > 10);
  CHECK(world.count("outgoing_mail") > 200);
}
