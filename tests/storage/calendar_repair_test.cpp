// What calendars were told can be looked up, and be told once more.
#include "service/usecases/registrations/calendar_repair.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "service/usecases/registrations/calendar_ledger.h"
#include "sql/calendar_answer_store.h"
#include "sql/connection.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::CalendarRecord;

namespace {

struct Told {
  Told() {
    meeting = world.publish(3).id;
    for (int number = 1; number <= 4; ++number) {
      people.push_back(world.enter(meeting, number).registration.id);
    }
  }
  // As the delivery does.
  void end_mails(const std::string& state) {
    world.pool().transact([&](storage::Connection& connection) {
      return connection.execute(
          "UPDATE outgoing_mail SET state = ?, sent_at = ? WHERE state = 'queued'",
          {state, world.clock().now()});
    });
    world.clock().advance(1min);
  }
  void move() {
    auto form = world.meeting_form(3);
    form.starts += 24h;
    form.ends += 24h;
    REQUIRE(world.change(meeting, form).ok());
  }
  std::string repair(domain::RegistrationId id) {
    return describe(repair_calendar(world.environment(), world.holder(id), id));
  }
  CalendarRecord record(domain::RegistrationId id) {
    auto found = find_calendar_record(world.environment(), world.organizer().actor, id);
    REQUIRE_MESSAGE(found.ok(), describe(found));
    REQUIRE(found->has_value());
    return **found;
  }
  usecases::CalendarLedger ledger(usecases::LedgerPart part = usecases::LedgerPart::all) {
    auto found =
        list_calendar_ledger(world.environment(), world.organizer().actor, meeting, {part, ""}, {});
    REQUIRE_MESSAGE(found.ok(), describe(found));
    return std::move(found).value();
  }
  RegistrationWorld world;
  domain::MeetingId meeting;
  std::vector<domain::RegistrationId> people;  // three are in, the fourth waits
};

}  // namespace

TEST_CASE("repair repeats the invitation with its SEQUENCE and a later DTSTAMP") {
  Told told;
  told.end_mails("sent");
  told.move();
  told.end_mails("failed");
  const auto before = told.world.facts().size();

  REQUIRE(told.repair(told.people[0]) == "ok");

  const auto mails = told.world.mails_after(before);
  CHECK(mails == std::vector<SentMail>{{"calendar_repaired", "Osoba 1", "REQUEST", 1}});
  const auto facts = told.world.facts().back();
  CHECK(facts.event->uid == told.world.meeting(told.meeting).uid);
  CHECK(facts.event->starts == told.world.meeting(told.meeting).times.starts);
  const auto record = told.record(told.people[0]);
  REQUIRE(record.messages.size() == 3);
  CHECK(record.messages[0].message == record.messages[1].message);
  CHECK(record.messages[0].created_at > record.messages[1].created_at);
  CHECK(record.versions() == 2);
  CHECK(record.delivered() == 1);
  CHECK(record.waits());
  CHECK(told.world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("what a calendar has answered stays known when the same version is told again") {
  Told told;
  told.end_mails("sent");
  const auto answered_at = told.world.clock().now();
  told.world.pool().transact([&](storage::Connection& connection) {
    storage::save_calendar_answer(connection, told.people[0], 0, domain::CalendarAnswer::accepted,
                                  answered_at - 5s, answered_at);
  });
  const auto numbers = [&] { return told.ledger().numbers.accepted; };
  REQUIRE(numbers() == 1);
  told.world.clock().advance(1min);
  REQUIRE(told.repair(told.people[0]) == "ok");
  CHECK(numbers() == 1);
  const auto record = told.record(told.people[0]);
  REQUIRE(record.messages.size() == 2);
  CHECK(record.messages[0].answer == "accepted");
  CHECK(record.messages[0].answered_at == answered_at);
  const auto known = told.world.pool().read([&](storage::Connection& connection) {
    return storage::find_told_calendar(connection, told.people[0])->answer_dtstamp;
  });
  CHECK(known == answered_at - 5s);
  // Nobody has answered to the next version yet.
  told.end_mails("sent");
  told.move();
  told.end_mails("sent");
  REQUIRE(told.repair(told.people[0]) == "ok");
  CHECK(numbers() == 0);
  CHECK(told.record(told.people[0]).messages[0].answer == "needs_action");
}

TEST_CASE("repair within the second of the last message is still later") {
  Told told;
  told.end_mails("sent");
  told.world.clock().advance(-1min);
  REQUIRE(told.repair(told.people[0]) == "ok");
  const auto record = told.record(told.people[0]);
  CHECK(record.messages[0].created_at == record.messages[1].created_at + 1s);
}

TEST_CASE("repair takes back what no longer holds, as often as it is asked for") {
  Told told;
  told.world.cancel(told.people[0]);
  for (int round = 0; round < 2; ++round) {
    told.end_mails("bounced");
    REQUIRE(told.repair(told.people[0]) == "ok");
    CHECK(told.world.mails().back() == SentMail{"calendar_repaired", "Osoba 1", "CANCEL", 1});
  }
  const auto record = told.record(told.people[0]);
  CHECK(record.versions() == 2);
  CHECK_FALSE(record.holds());
  CHECK(told.world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("nothing is repaired that was never told, is on its way or over") {
  Told told;
  const auto count = told.world.mails().size();
  CHECK(told.repair(told.people[3]) == "conflict:calendar_untold");
  CHECK(told.repair(told.people[0]) == "conflict:calendar_mail_waits");
  told.end_mails("sent");
  CHECK(describe(repair_calendar(told.world.environment(), told.world.holder(told.people[1]),
                                 told.people[0])) == "not_found");
  CHECK(describe(repair_calendar(told.world.environment(), told.world.visitor(), told.people[0])) ==
        "not_found");
  told.world.clock().advance(std::chrono::days(20));
  CHECK(told.repair(told.people[0]) == "conflict:meeting_past");
  CHECK(told.world.mails().size() == count);
}

TEST_CASE("the ledger says of each calendar what has arrived and what came back") {
  Told told;
  told.end_mails("sent");
  told.move();
  CHECK(told.ledger().numbers.waiting == 3);
  told.end_mails("failed");
  told.world.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE outgoing_mail SET state = 'sent' WHERE kind = 'meeting_moved' AND registration_id "
        "= "
        "?",
        {told.people[1]});
  });
  told.world.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE invitation SET partstat = 'accepted' WHERE registration_id = ?", {told.people[1]});
  });

  const auto all = told.ledger();
  REQUIRE(all.records.items.size() == 3);
  CHECK(all.numbers.people == 3);
  CHECK(all.numbers.delivered == 1);
  CHECK(all.numbers.undelivered == 2);
  CHECK(all.numbers.accepted == 1);
  CHECK(all.records.items[0].full_name == "Osoba 1");
  CHECK(all.records.items[0].delivered() == 1);
  CHECK_FALSE(all.records.items[0].waits());
  CHECK(all.records.items[1].delivered() == 2);
  CHECK(all.records.items[1].answer() == "accepted");
  using Part = usecases::LedgerPart;
  for (const auto& [part, count] :
       std::vector<std::pair<Part, std::size_t>>{{Part::undelivered, 2},
                                                 {Part::waiting, 0},
                                                 {Part::accepted, 1},
                                                 {Part::declined, 0},
                                                 {Part::tentative, 0},
                                                 {Part::unanswered, 2}}) {
    CAPTURE(to_string(part));
    CHECK(told.ledger(part).records.items.size() == count);
  }
  CHECK(describe(list_calendar_ledger(told.world.environment(), told.world.visitor().actor,
                                      told.meeting, {}, {})) == "forbidden");
}

TEST_CASE("pages of the ledger follow each other without a gap") {
  Told told;
  std::vector<std::string> names;
  usecases::PageRequest request{2, {}};
  do {
    const auto page = list_calendar_ledger(told.world.environment(), told.world.organizer().actor,
                                           told.meeting, {}, request);
    REQUIRE(page.ok());
    for (const auto& record : page->records.items) names.push_back(record.full_name);
    request.cursor = page->records.next;
  } while (request.cursor);
  CHECK(names == std::vector<std::string>{"Osoba 1", "Osoba 2", "Osoba 3"});
}

TEST_CASE("calendars repaired while the meeting moves are told one truth, in one order") {
  Told told;
  told.end_mails("sent");
  std::atomic<bool> over{false};
  std::atomic<int> repaired{0};
  {
    std::vector<std::jthread> threads;
    for (const auto id : {told.people[0], told.people[1], told.people[2]}) {
      threads.emplace_back([&, id] {
        while (!over) {
          if (repair_calendar(told.world.environment(), told.world.holder(id), id)) ++repaired;
          told.world.pool().transact([&](storage::Connection& connection) {
            return connection.execute(
                "UPDATE outgoing_mail SET state = 'sent' WHERE registration_id = ?", {id});
          });
        }
      });
    }
    auto form = told.world.meeting_form(3);
    for (int round = 0; round < 15; ++round) {
      form.starts += 1h;
      form.ends += 1h;
      CHECK(told.world.change(told.meeting, form).ok());
    }
    over = true;
  }
  CHECK(repaired > 0);
  CHECK(told.world.find_violations() == std::vector<std::string>{});
  for (const auto& record : told.ledger().records.items) {
    CAPTURE(record.full_name);
    CHECK(record.versions() == 16);
    CHECK(record.messages.front().message.sequence == 15);
  }
}
