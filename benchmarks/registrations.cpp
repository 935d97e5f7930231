// Registrations through the use case beside the same transaction as bare SQL over the same pool:
// narada_bench_registrations DATABASE-URL MEETINGS SECONDS → JSON. The meetings are made here, with
// room for everybody; each registration is of a new person.

#include "service/usecases/registrations/registrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "calendar/event.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/meetings/meetings.h"
#include "sql/pool.h"

namespace {

using namespace narada;
using Clock = std::chrono::steady_clock;

constexpr int kClients = 32;  // at once, each with a connection of its own

struct Figures {
  double rate = 0;  // per second
  double p50 = 0;   // milliseconds
  double p99 = 0;
};

// `work(client, number)` again and again from all clients for that long.
Figures measure(double seconds, const std::function<void(int, int)>& work) {
  std::mutex mutex;
  std::vector<double> milliseconds;
  std::atomic<int> next{0};
  const auto begun = Clock::now();
  const auto end = begun + std::chrono::duration<double>(seconds);
  std::vector<std::jthread> clients;
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      std::vector<double> own;
      while (Clock::now() < end) {
        const auto started = Clock::now();
        work(client, next++);
        own.push_back(std::chrono::duration<double, std::milli>(Clock::now() - started).count());
      }
      const std::lock_guard lock(mutex);
      milliseconds.insert(milliseconds.end(), own.begin(), own.end());
    });
  }
  clients.clear();
  const double passed = std::chrono::duration<double>(Clock::now() - begun).count();
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto at = [&](double part) {
    return milliseconds[static_cast<std::size_t>(part *
                                                 static_cast<double>(milliseconds.size() - 1))];
  };
  return {static_cast<double>(milliseconds.size()) / passed, at(0.5), at(0.99)};
}

usecases::Call organizer() {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  return call;
}

std::string first_rule(const domain::Failure& failure) {
  const auto* errors = std::get_if<domain::FieldErrors>(&failure);
  if (errors == nullptr || errors->empty()) return "refused";
  return errors->front().field + ": " + errors->front().code;
}

domain::MeetingId make_meeting(const usecases::Environment& environment, int number) {
  usecases::MeetingForm form;
  form.title = fmt::format("Pomiar zapisów {}", number);
  form.form = domain::MeetingForm::workshop;
  form.starts =
      domain::WallTime((environment.clock->now() + std::chrono::days(60)).time_since_epoch());
  form.ends = form.starts + std::chrono::hours(4);
  form.onsite = {true, 100'000};  // nobody waits
  form.places.push_back({"Sala", "ul. Pomiarowa 1", "", "", std::nullopt});
  const auto made = create_meeting(environment, organizer(), form);
  if (!made) throw std::runtime_error("no meeting: " + first_rule(made.failure()));
  if (!publish_meeting(environment, organizer(), made->id))
    throw std::runtime_error("nor published");
  return made->id;
}

// The statements of one registration, in the order and of the size in which the use case sends
// them.
void register_bare(storage::Pool& pool, domain::MeetingId meeting, const std::string& key,
                   const std::string& now) {
  static const std::string facts(1900, 'f'), digest(32, 'd');
  pool.transact([&](storage::Connection& c) {
    c.query(
        "SELECT m.id, m.slug, m.title, m.status, m.starts, m.ends, m.tzid, m.starts_at, m.ends_at, "
        "m.uid, m.sequence, "
        "m.onsite_offered, m.onsite_capacity, c.title, t.name, p.name, p.address, i.name FROM "
        "meeting m "
        "LEFT JOIN cycle c ON c.id = m.cycle_id LEFT JOIN topic t ON t.id = m.topic_id "
        "LEFT JOIN meeting_place p ON p.meeting_id = m.id LEFT JOIN institution i ON i.id = "
        "p.institution_id WHERE m.id = ?",
        {meeting});
    c.query(
        "SELECT i.id, i.slug, i.teryt, i.name FROM institution i WHERE i.active = 1 AND (i.teryt = "
        "? OR i.id = ?)",
        {"2462011", 2462011});
    c.query(
        "SELECT p.id, r.id, r.status FROM person p LEFT JOIN registration r ON r.person_id = p.id "
        "AND r.meeting_id = ? "
        "WHERE p.email_key = ? AND p.name_key = ?",
        {meeting, key, key});
    const auto person = c.insert(
        "INSERT INTO person (full_name, email, name_key, email_key, created_at, updated_at) VALUES "
        "(?, ?, ?, ?, ?, ?) RETURNING id",
        {key, key, key, key, now, now});
    const auto seats = c.query(
        "SELECT version, onsite_capacity, onsite_confirmed, onsite_waiting, queue_counter FROM "
        "meeting WHERE id = ? FOR UPDATE",
        {meeting});
    const auto confirmed = seats[0].integer(2) + 1, queue = seats[0].integer(4) + 1;
    const auto registration = c.insert(
        "INSERT INTO registration (meeting_id, person_id, status, mode, queue_number, "
        "clause_version, invited, created_at, updated_at, "
        "confirmed_at) VALUES (?, ?, 'confirmed', 'onsite', ?, (SELECT COALESCE(MAX(version), 0) "
        "FROM information_clause WHERE "
        "valid_from <= ?), 1, ?, ?, ?) RETURNING id",
        {meeting, person, queue, now, now, now, now});
    c.execute(
        "INSERT INTO registration_token (token_hash, registration_id, created_at) VALUES "
        "(UNHEX(SHA2(?, 256)), ?, ?)",
        {key, registration, now});
    const auto mail = c.insert(
        "INSERT INTO outgoing_mail (message_id, kind, state, person_id, meeting_id, "
        "registration_id, to_name, to_address, language, facts, "
        "not_before, give_up_at, created_at) VALUES (?, 'registration_confirmed', 'aborted', ?, ?, "
        "?, ?, ?, 'pl', ?, ?, ?, ?) RETURNING id",
        {key, person, meeting, registration, key, key, facts, now, now, now});
    c.execute(
        "INSERT INTO invitation (registration_id, outgoing_mail_id, uid, sequence, method, "
        "created_at) VALUES (?, ?, 'uid', 0, "
        "'REQUEST', ?)",
        {registration, mail, now});
    c.execute(
        "INSERT INTO activity (occurred_at, actor, verb, subject, meeting_id, details, request_id) "
        "VALUES (?, 'anonymous', "
        "'registration.created', ?, ?, '{}', '')",
        {now, key, meeting});
    c.execute("UPDATE meeting SET onsite_confirmed = ?, queue_counter = ? WHERE id = ?",
              {confirmed, queue, meeting});
    c.execute(
        "INSERT INTO operation (id, request_hash, kind, result, created_at) VALUES (UNHEX(SHA2(?, "
        "256)), ?, 'register_person', '', ?)",
        {"o" + key, digest, now});
  });
}

void require_registered(const domain::Outcome<usecases::Registered>& outcome) {
  if (outcome && outcome->registration.status == domain::RegistrationStatus::confirmed) return;
  throw std::runtime_error("no registration: " + (outcome ? std::string("not confirmed")
                                                          : first_rule(outcome.failure())));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: narada_bench_registrations DATABASE-URL MEETINGS SECONDS\n";
    return 2;
  }
  calendar::initialize();
  const double seconds = std::atof(argv[3]);
  storage::PoolOptions options;
  options.size = kClients;
  storage::Pool pool(storage::parse_database_address(argv[1]), options);
  domain::SystemClock clock;
  usecases::CatalogueCache catalogue;
  usecases::Environment environment;
  environment.pool = &pool;
  environment.clock = &clock;
  environment.catalogue = &catalogue;
  environment.base_url = "https://bench.example";
  environment.mail_from = "narada@bench.example";

  std::vector<domain::MeetingId> meetings;
  for (int i = 0; i < std::atoi(argv[2]); ++i) meetings.push_back(make_meeting(environment, i));
  const auto run = std::to_string(clock.now().time_since_epoch().count());
  const auto meeting_of = [&](int number) {
    return meetings[static_cast<std::size_t>(number) % meetings.size()];
  };
  const auto through_use_case = [&](int, int number) {
    usecases::RegistrationForm form;
    form.full_name = fmt::format("Osoba Pomiarowa {}", number);
    form.email = fmt::format("u{}-{}@bench.example", run, number);
    form.institution = "2462011";
    form.consent = true;
    require_registered(
        register_person(environment, {}, std::to_string(meeting_of(number).value), form));
  };
  const auto now = std::string("2026-11-22 05:00:00");
  const auto bare = [&](int, int number) {
    register_bare(pool, meeting_of(number), fmt::format("b{}-{}@bench.example", run, number), now);
  };
  // In turns, so that a machine that slows down slows both.
  constexpr int kTurns = 2;
  Figures with{}, without{};
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto offset = turn * 10'000'000;
    const auto a =
        measure(seconds / kTurns, [&](int client, int number) { bare(client, number + offset); });
    const auto b = measure(seconds / kTurns, [&](int client, int number) {
      through_use_case(client, number + offset);
    });
    const auto add = [](Figures& sum, const Figures& one) {
      sum.rate += one.rate / kTurns;
      sum.p50 += one.p50 / kTurns;
      sum.p99 += one.p99 / kTurns;
    };
    add(without, a);
    add(with, b);
  }
  fmt::print(
      "{{\"rate\": {}, \"p50\": {}, \"p99\": {}, \"bare_rate\": {}, \"bare_p50\": {}, "
      "\"bare_p99\": {}}}\n",
      with.rate, with.p50, with.p99, without.rate, without.p50, without.p99);
}
