#include "service/usecases/people/clean_up.h"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "service/usecases/meetings/form_drafts.h"
#include "sql/clean_up_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace std::chrono_literals;
using domain::RetainedField;
using narada::testing::describe;
using narada::testing::RegistrationWorld;
using std::chrono::days;

namespace {

usecases::Call system_call() {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  call.request_id = "test";
  return call;
}

// By the names of the fields; without "operation", of which every write of a test leaves one.
using Counts = std::map<std::string, std::int64_t>;

Counts preview(RegistrationWorld& world) {
  const auto lines = usecases::preview_clean_up(world.environment(), system_call().actor);
  REQUIRE(lines.ok());
  Counts counts;
  for (const auto& line : *lines)
    if (line.count > 0 && line.field != RetainedField::operation)
      counts[std::string(to_string(line.field))] = line.count;
  return counts;
}

Counts clean_up(RegistrationWorld& world) {
  const auto report = usecases::clean_up(world.environment(), system_call(), "test");
  REQUIRE(describe(report) == "ok");
  Counts counts;
  for (const auto field : domain::kRetainedFields) {
    const auto removed = report->removed[static_cast<std::size_t>(field)];
    if (removed > 0 && field != RetainedField::operation)
      counts[std::string(to_string(field))] = removed;
  }
  return counts;
}

void execute(RegistrationWorld& world, const std::string& sql) {
  world.pool().transact([&](storage::Connection& connection) { connection.execute(sql); });
}

usecases::Registered enter_with_words(RegistrationWorld& world, domain::MeetingId meeting,
                                      int number) {
  auto form = RegistrationWorld::person(number);
  form.needs = "wózek";
  form.question = "Ile to kosztuje?";
  const auto registered = world.try_register(meeting, form);
  REQUIRE(registered.ok());
  return *registered;
}

// What the counts of meetings and institutions are made of.
std::vector<std::string> statistics(RegistrationWorld& world) {
  return world.pool().read([](storage::Connection& connection) {
    std::vector<std::string> lines;
    for (const auto row : connection.query(
             "SELECT CONCAT_WS('/', meeting_id, institution_id, status, mode, COUNT(*)) FROM "
             "registration GROUP BY meeting_id, institution_id, status, mode ORDER BY 1"))
      lines.push_back(row.text(0));
    return lines;
  });
}

}  // namespace

template <>
struct doctest::StringMaker<Counts> {
  static String convert(const Counts& counts) {
    std::string text;
    for (const auto& [name, count] : counts) text += name + " " + std::to_string(count) + "; ";
    return text.c_str();
  }
};

TEST_CASE("what is kept about a registration goes field by field, each at its own time") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto one = enter_with_words(world, meeting.id, 1);
  enter_with_words(world, meeting.id, 2);
  const auto ends = meeting.times.ends_at;
  const auto before = statistics(world);
  CHECK(preview(world).empty());
  CHECK(clean_up(world).empty());

  world.clock().set(ends + days(30));
  CHECK(preview(world).empty());  // on the very second it is still kept
  world.clock().advance(1s);
  CHECK(preview(world) == Counts{{"needs", 2}});
  CHECK(clean_up(world).at("needs") == 2);
  CHECK(world.load(one.registration.id).needs.empty());
  CHECK(world.load(one.registration.id).question == "Ile to kosztuje?");

  world.clock().set(ends + days(180) + 1s);
  CHECK(clean_up(world).at("question") == 2);
  CHECK(world.load(one.registration.id).question.empty());
  CHECK(world.load(one.registration.id).person.full_name == "Osoba 1");

  world.clock().set(ends + days(1826) + 1s);
  // The account has waited for nothing else, and goes with its last registration.
  CHECK(clean_up(world) == Counts{{"registration", 2}, {"account", 2}});
  CHECK(world.load(one.registration.id).person.full_name.empty());
  CHECK(world.load(one.registration.id).person.id != one.registration.person.id);
  CHECK(world.count("person WHERE full_name <> ''") == 0);
  CHECK(world.count("registration_token") == 0);
  CHECK(world.count("clause_acceptance") == 0);
  CHECK(statistics(world) == before);
  CHECK(preview(world).empty());
  CHECK(clean_up(world).empty());  // nothing is left to do
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("two registrations of one person cannot be told to be of one afterwards") {
  RegistrationWorld world;
  const auto first = world.enter(world.publish().id, 1);
  const auto second = world.enter(world.publish().id, 1);
  CHECK(first.registration.person.id == second.registration.person.id);
  world.clock().advance(days(1900));
  CHECK(clean_up(world).at("registration") == 2);
  CHECK(world.load(first.registration.id).person.id !=
        world.load(second.registration.id).person.id);
}

TEST_CASE("an account stays as long as something holds it") {
  RegistrationWorld world;
  const auto person = world.enter(world.publish().id, 1).registration.person.id;
  const auto id = std::to_string(person.value);
  const auto later = world.publish();
  execute(world,
          "UPDATE meeting SET starts = '2031-01-01 10:00', ends = '2031-01-01 12:00', "
          "starts_at = '2031-01-01 09:00', ends_at = '2031-01-01 11:00' WHERE id = " +
              std::to_string(later.id.value));
  world.enter(later.id, 1);
  world.clock().advance(days(1900));  // early 2032
  CHECK(clean_up(world) == Counts{{"registration", 1}});
  world.clock().advance(days(1900));
  execute(world, "INSERT INTO person_role (person_id, role, granted_at) VALUES (" + id +
                     ", 'expert', '2027-01-01')");
  CHECK(clean_up(world) == Counts{{"registration", 1}});
  execute(world, "DELETE FROM person_role");
  execute(world,
          "INSERT INTO session (token_hash, person_id, state, method, created_at, "
          "last_seen_at, expires_at) VALUES (REPEAT('x', 32), " +
              id + ", 'open', 'link', '2036-01-01', '2036-01-01', '2036-01-15')");
  CHECK(clean_up(world) ==
        Counts{{"session", 1}});  // it was used in 2036: two years count from then
  CHECK(world.count("person WHERE erased_at IS NULL") == 1);
  world.clock().advance(days(731));
  CHECK(clean_up(world) == Counts{{"account", 1}});
  CHECK(world.count("person WHERE erased_at IS NULL") == 0);
}

TEST_CASE("mails lose address and words a year after they ended, not before and not unsent") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  execute(world,
          "UPDATE outgoing_mail SET state = 'sent', sent_at = '2027-01-05 10:00', raw = "
          "'Osoba' WHERE to_name = 'Osoba 1'");
  world.clock().set(domain::Instant(std::chrono::sys_days(std::chrono::year(2028) / 1 / 5) + 10h));
  CHECK(preview(world).count("mail") == 0);
  world.clock().advance(1s);
  CHECK(clean_up(world).at("mail") == 1);
  CHECK(world.count("outgoing_mail WHERE to_name = '' AND to_address = '' AND raw IS NULL AND "
                    "state = 'sent' AND sent_at IS NOT NULL") == 1);
  CHECK(world.count("outgoing_mail WHERE to_name = 'Osoba 2'") == 1);
  CHECK(preview(world).count("mail") == 0);
}

TEST_CASE("what an enrolment says goes when the last meeting of its cycle is long over") {
  RegistrationWorld world;
  execute(world,
          "INSERT INTO cycle (slug, title, status, summary, challenge, goal, effects, "
          "materials, participants_text, source_urls, caveat, uid, created_at, updated_at) "
          "VALUES ('c', 'C', 'published', '', '', '', '', '', '', '', '', 'u', "
          "'2027-01-01', '2027-01-01')");
  const auto meeting = world.publish();
  execute(world, "UPDATE meeting SET cycle_id = (SELECT id FROM cycle)");
  const auto person = world.enter(meeting.id, 1).registration.person.id;
  execute(world,
          "INSERT INTO enrolment (cycle_id, person_id, mode, status, needs, clause_version, "
          "created_at, updated_at) SELECT id, " +
              std::to_string(person.value) +
              ", 'onsite', 'active', 'wózek', 1, '2027-01-01', '2027-01-01' FROM cycle");
  world.clock().set(meeting.times.ends_at + days(30));
  world.clock().advance(1s);
  // Whoever is enrolled takes part in what the cycle still gets, with what was asked for.
  CHECK(preview(world).empty());
  execute(world, "UPDATE enrolment SET status = 'cancelled'");
  CHECK(preview(world) == Counts{{"needs", 1}});
  CHECK(clean_up(world).at("needs") == 1);
  execute(world, "UPDATE enrolment SET status = 'active', needs = 'wózek'");
  CHECK(preview(world).empty());
  world.clock().set(meeting.times.ends_at + days(1826) + 1s);
  CHECK(preview(world).at("registration") == 2);
  CHECK(clean_up(world).at("registration") == 2);
  CHECK(world.count("enrolment e JOIN person p ON p.id = e.person_id WHERE p.full_name = '' AND "
                    "e.needs = ''") == 1);
}

TEST_CASE("sessions, links, requests and allowances that are over are removed") {
  RegistrationWorld world;
  const auto person = world.enter(world.publish().id, 1).registration.person.id;
  for (const std::string day : {"2027-01-05", "2027-03-01"}) {
    execute(world,
            "INSERT INTO session (token_hash, person_id, state, method, created_at, "
            "last_seen_at, expires_at) VALUES (UNHEX(SHA2('" +
                day + "', 256)), " + std::to_string(person.value) + ", 'open', 'link', '" + day +
                "', '" + day + "', '" + day + "')");
    execute(world,
            "INSERT INTO sign_in_link (token_hash, purpose, email, email_key, created_at, "
            "expires_at) VALUES (UNHEX(SHA2('" +
                day + "', 256)), 'sign_in', 'a@b.example', 'a@b.example', '" + day + "', '" + day +
                "')");
    execute(world, "INSERT INTO rate_allowance (allowance_key, full_at) VALUES (UNHEX(SHA2('" +
                       day + "', 256)), '" + day + "')");
  }
  world.clock().set(domain::Instant(std::chrono::sys_days(std::chrono::year(2027) / 1 / 12)));
  CHECK(preview(world).empty());
  world.clock().advance(1s);
  CHECK(clean_up(world) == Counts{{"sign_in_link", 1}});
  CHECK(world.count("rate_allowance") == 1);
  world.clock().set(domain::Instant(std::chrono::sys_days(std::chrono::year(2027) / 4 / 5) + 1s));
  CHECK(clean_up(world).at("session") == 1);
  CHECK(world.count("session") == 1);
  CHECK(world.count("operation") == 0);
}

TEST_CASE("the times are those of the configuration") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  enter_with_words(world, meeting.id, 1);
  world.environment().retention.set(RetainedField::needs, days(1));
  world.clock().set(meeting.times.ends_at + days(1) + 1s);
  CHECK(preview(world) == Counts{{"needs", 1}});
}

TEST_CASE("one process of several cleans up, and once a night") {
  RegistrationWorld world;
  const auto due = usecases::clean_up_due(world.clock().now());
  const auto run = [&](const std::string& worker, std::optional<domain::Instant> since) {
    return describe(usecases::clean_up(world.environment(), system_call(), worker, since));
  };
  CHECK_FALSE(
      usecases::find_clean_up_report(world.environment(), system_call().actor)->has_value());
  CHECK(run("one", due) == "ok");
  CHECK(run("two", due) == "conflict:not_due");
  CHECK(run("two", std::nullopt) == "ok");
  world.clock().advance(24h);
  CHECK(run("two", usecases::clean_up_due(world.clock().now())) == "ok");
  world.pool().transact([&](storage::Connection& connection) {
    storage::claim_job(connection, "clean_up", "three", world.clock().now(),
                       world.clock().now() + 10min, std::nullopt);
  });
  CHECK(run("two", std::nullopt) == "conflict:already_running");
  world.clock().advance(10min);  // it died
  CHECK(run("two", std::nullopt) == "ok");
  const auto report = usecases::find_clean_up_report(world.environment(), system_call().actor);
  CHECK((*report)->finished_at == world.clock().now());
  CHECK(world.count("activity WHERE verb = 'privacy.cleaned_up' AND actor = 'system'") == 4);
}

TEST_CASE("only who manages privacy sees and starts a clean-up") {
  RegistrationWorld world;
  CHECK(describe(usecases::preview_clean_up(world.environment(), world.organizer().actor)) ==
        "forbidden");
  CHECK(describe(usecases::clean_up(world.environment(), world.organizer(), "x")) == "forbidden");
  CHECK(describe(usecases::find_clean_up_report(world.environment(), world.visitor().actor)) ==
        "forbidden");
}

TEST_CASE("the night's clean-up is due at three in Warsaw, in winter and in summer") {
  struct Case {
    const char* what;
    domain::Instant now;
    domain::Instant due;
  };
  const auto at = [](int month, int day, std::chrono::minutes time) {
    return domain::Instant(std::chrono::sys_days(std::chrono::year(2027) / month / day) + time);
  };
  const Case cases[] = {
      {"winter, a minute before", at(1, 4, 1h + 59min), at(1, 3, 2h)},
      {"winter", at(1, 4, 2h), at(1, 4, 2h)},
      {"summer, a minute before", at(7, 4, 59min), at(7, 3, 1h)},
      {"summer", at(7, 4, 1h), at(7, 4, 1h)},
      {"the clocks go forward to three", at(3, 28, 1h), at(3, 28, 1h)},
      {"the clocks go back", at(10, 31, 1h + 59min), at(10, 30, 1h)},
      {"after they went back", at(10, 31, 2h), at(10, 31, 2h)},
  };
  for (const auto& [what, now, due] : cases) {
    CAPTURE(std::string(what));
    CHECK(usecases::clean_up_due(now) == due);
  }
}

TEST_CASE("people who register while an unused account is removed keep their names") {
  RegistrationWorld world;
  constexpr int kPeople = 40;
  const auto old = world.publish(100);
  for (int number = 0; number < kPeople; ++number) world.enter(old.id, number);
  world.clock().advance(days(1900));
  auto form = world.meeting_form(100);
  form.starts += days(1900);
  form.ends += days(1900);
  form.window = {};
  const auto meeting = world.publish(form);
  std::atomic<int> entered = 0;
  std::thread registering([&] {
    for (int number = kPeople; number-- > 0;)
      if (world.try_register(meeting.id, RegistrationWorld::person(number)).ok()) ++entered;
  });
  usecases::Environment other = world.environment();
  std::thread second([&] { (void)usecases::clean_up(other, system_call(), "second"); });
  (void)usecases::clean_up(world.environment(), system_call(), "first");
  registering.join();
  second.join();
  CHECK(entered == kPeople);
  CHECK(world.count("registration r JOIN person p ON p.id = r.person_id WHERE r.meeting_id = " +
                    std::to_string(meeting.id.value) + " AND p.full_name <> ''") == kPeople);
  CHECK(world.count("registration r JOIN person p ON p.id = r.person_id WHERE r.meeting_id = " +
                    std::to_string(old.id.value) + " AND p.full_name <> ''") == 0);
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("a form that was begun goes after thirty days without a change") {
  RegistrationWorld world;
  const auto one = world.enter(world.publish().id, 1);
  auto actor = system_call().actor;
  actor.kind = usecases::Actor::Kind::person;
  actor.person = one.registration.person.id;
  const usecases::FormDraftName name{"cycle", "new"};
  const auto saved =
      usecases::save_form_draft(world.environment(), actor, name, {{"title", "Szkoła"}});
  REQUIRE(saved.ok());
  world.clock().set(*saved + days(30));
  CHECK(preview(world).count("draft") == 0);
  world.clock().advance(1s);
  CHECK(preview(world).at("draft") == 1);
  CHECK(clean_up(world).at("draft") == 1);
  CHECK_FALSE(usecases::find_form_draft(world.environment(), actor, name));
}
