// 64 clients on 40 places while sessions are killed: what was committed is what one clerk would
// have done, in the order of the log. And a control that shows what the lock is for.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <mutex>
#include <random>

#include "service/usecases/unavailable.h"
#include "sql/error.h"
#include "tests/concurrency/crowd.h"
#include "tests/concurrency/serial_model.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::RegistrationStatus;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int kClients = 64;
constexpr int kCapacity = 40;
constexpr int kPersons = 300;
constexpr int kCallsEach = 60;
constexpr auto kLongestRun = 12s;

// What one client does, and what it was told.
class Client {
 public:
  Client(RegistrationWorld& world, domain::MeetingId meeting, unsigned seed,
         std::array<std::atomic<std::int64_t>, kPersons + 1>& registrations)
      : world_(world), meeting_(meeting), random_(seed), registrations_(registrations) {}

  Answers run() {
    const auto deadline = Steady::now() + kLongestRun;
    for (int calls = 0; calls < kCallsEach && Steady::now() < deadline; ++calls) {
      const int person = pick(1, kPersons);
      try {
        if (pick(1, 100) <= 60) {
          enter(person);
        } else {
          cancel(person);
        }
      } catch (const usecases::OutcomeUnknown&) {
        ++answers_.unknown;
      } catch (const usecases::Unavailable&) {
        ++answers_.unavailable;
      } catch (const std::exception& error) {
        answers_.surprises.emplace_back(error.what());
      }
    }
    return answers_;
  }

 private:
  int pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  void enter(int person) {
    const auto registered = world_.try_register(meeting_, RegistrationWorld::person(person));
    if (!registered) {
      answers_.surprises.push_back(describe(registered));
      return;
    }
    const auto id = registered->registration.id.value;
    registrations_[static_cast<std::size_t>(person)] = id;
    if (registered->created) ++answers_.entered[id];
  }

  void cancel(int person) {
    const std::int64_t id = registrations_[static_cast<std::size_t>(person)];
    if (id == 0) return;
    const auto before = usecases::cancel_registration(world_.environment(),
                                                      world_.holder(domain::RegistrationId{id}),
                                                      domain::RegistrationId{id});
    if (!before) answers_.surprises.push_back(describe(before));
  }

  RegistrationWorld& world_;
  domain::MeetingId meeting_;
  std::mt19937 random_;
  std::array<std::atomic<std::int64_t>, kPersons + 1>& registrations_;
  Answers answers_;
};

Answers run_clients(RegistrationWorld& world, domain::MeetingId meeting) {
  std::array<std::atomic<std::int64_t>, kPersons + 1> registrations{};
  std::mutex mutex;
  Answers all;
  run_crowd(kClients, [&](int number) {
    Client client(world, meeting, static_cast<unsigned>(number) + 1, registrations);
    const Answers own = client.run();
    const std::lock_guard lock(mutex);
    all.add(own);
  });
  return all;
}

SerialModel replay(const std::vector<LoggedChange>& changes) {
  SerialModel model(kCapacity);
  for (const auto& change : changes) model.apply(change);
  model.end();
  return model;
}

std::vector<std::int64_t> find_ids(RegistrationWorld& world, domain::MeetingId meeting,
                                   std::string_view status, std::string_view order) {
  const auto rows = world.pool().read([&](storage::Connection& connection) {
    return connection.query(
        fmt::format("SELECT id FROM registration WHERE meeting_id = ? AND status = ? ORDER BY {}",
                    order),
        {meeting, status});
  });
  std::vector<std::int64_t> ids;
  for (const auto row : rows) ids.push_back(row.integer(0));
  return ids;
}

// Entries that callers were told of and the log does not have, and the other way round.
int count_unexplained(const Answers& answers, const std::vector<LoggedChange>& changes) {
  std::map<std::int64_t, int> difference = answers.entered;
  for (const auto& change : changes) {
    if (change.verb == "registration.created" || change.verb == "registration.returned") {
      --difference[change.registration];
    }
  }
  int lost = 0;
  int untold = 0;
  for (const auto& [id, count] : difference) {
    if (count > 0) lost += count;
    if (count < 0) untold -= count;
  }
  return lost + std::max(0, untold - answers.unknown);
}

// The same step without the lock: looks, decides, writes.
bool take_place_unlocked(storage::Connection& connection, domain::MeetingId meeting, int person) {
  const auto seats = connection.query(
      "SELECT onsite_confirmed, onsite_capacity FROM meeting WHERE id = ?", {meeting});
  const int confirmed = seats[0].small_integer(0);
  if (confirmed >= seats[0].small_integer(1)) return false;
  connection.execute("UPDATE meeting SET onsite_confirmed = ? WHERE id = ?",
                     {confirmed + 1, meeting});
  const auto key = fmt::format("osoba{}", person);
  const auto id = connection.insert(
      "INSERT INTO person (full_name, email, name_key, email_key, created_at, updated_at) "
      "VALUES (?, ?, ?, ?, NOW(), NOW()) RETURNING id",
      {key, key, key, key});
  connection.execute(
      "INSERT INTO registration (meeting_id, person_id, status, mode, queue_number, "
      "clause_version, created_at, updated_at) VALUES (?, ?, 'confirmed', 'onsite', ?, 1, NOW(), "
      "NOW())",
      {meeting, id, person});
  return true;
}

}  // namespace

TEST_CASE("64 clients on 40 places with killed sessions do what one clerk would have done") {
  RegistrationWorld world({.size = kClients, .wait = 20s});
  const auto meeting = world.publish(kCapacity);
  Answers answers;
  int kills = 0;
  {
    SessionKiller killer(world.database(), 15ms);
    answers = run_clients(world, meeting.id);
    kills = killer.kills();
  }

  const auto changes = world.pool().read(
      [&](storage::Connection& connection) { return load_changes(connection, meeting.id); });
  const SerialModel model = replay(changes);
  MESSAGE(changes.size(), " changes, ", model.promotions(), " promotions, ", kills, " kills, ",
          answers.unavailable, " unavailable, ", answers.unknown, " unknown");
  CHECK(answers.surprises == std::vector<std::string>{});
  CHECK(kills > 10);
  CHECK(model.promotions() > 10);
  CHECK(model.mismatches() == std::vector<std::string>{});
  CHECK(model.most_confirmed() == kCapacity);
  CHECK(find_ids(world, meeting.id, "confirmed", "id") ==
        std::vector<std::int64_t>(model.confirmed().begin(), model.confirmed().end()));
  CHECK(find_ids(world, meeting.id, "waitlisted", "queue_number") ==
        std::vector<std::int64_t>(model.waiting().begin(), model.waiting().end()));
  CHECK(count_unexplained(answers, changes) == 0);
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("control: without the lock the same crowd oversells, and the rules notice it") {
  RegistrationWorld world({.size = kClients, .wait = 20s});
  const auto meeting = world.publish(kCapacity);
  std::atomic<int> sold = 0;
  run_crowd(kClients, [&](int number) {
    for (int turn = 0; turn < 5; ++turn) {
      const bool got = world.pool().transact([&](storage::Connection& connection) {
        return take_place_unlocked(connection, meeting.id, number * 5 + turn);
      });
      if (got) ++sold;
    }
  });
  CHECK(sold > kCapacity);
  const auto violations = world.find_violations();
  const auto found = [&](std::string_view rule) {
    return std::any_of(violations.begin(), violations.end(),
                       [&](const std::string& line) { return line.rfind(rule, 0) == 0; });
  };
  CHECK(found("nobody is above the capacity"));
  CHECK(found("counters equal the rows"));
  CHECK(found("each change of a registration has one mail"));
}
