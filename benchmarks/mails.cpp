// The outbox for the scenario of mail delivery: narada_bench_mails fill DATABASE-URL COUNT queues
// that many confirmations with calendar entries; narada_bench_mails dump DATABASE-URL DIRECTORY
// writes what was sent of them as files, one message each.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "calendar/event.h"
#include "notifications/mail_facts.h"
#include "notifications/message_id.h"
#include "sql/outgoing_mail_store.h"
#include "sql/pool.h"

namespace {

using namespace narada;
using namespace std::chrono_literals;

notifications::MailFacts facts_for(const std::string& address) {
  notifications::MailFacts facts;
  facts.kind = notifications::MailKind::registration_confirmed;
  facts.to_name = "Anna Łęcka";
  facts.to_address = address;
  facts.meeting_title = "Warsztat o zieleni w śródmieściu";
  facts.starts = std::chrono::local_days(2027y / 1 / 19) + 10h;
  facts.ends = facts.starts + 4h;
  facts.tzid = domain::kDefaultZone;
  facts.place = "Katowice, ul. Pomiarowa 1";
  facts.attendance_mode = "onsite";
  facts.meeting_url = "https://bench.example/spotkania/warsztat";
  facts.manage_url = "https://bench.example/z/q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";
  facts.method = calendar::ItipMethod::request;
  facts.event = calendar::Event{};
  facts.event->uid = "meeting-1@bench.example";
  facts.event->starts = facts.starts;
  facts.event->ends = facts.ends;
  facts.event->summary = facts.meeting_title;
  facts.event->organizer = calendar::CalendarUser{"Narada", "narada@bench.example"};
  facts.event->attendees = {{{facts.to_name, address}}};
  return facts;
}

void fill(storage::Pool& pool, int count) {
  const auto now = domain::SystemClock().now();
  std::vector<storage::NewMail> mails;
  for (int number = 0; number < count; ++number) {
    storage::NewMail mail;
    mail.message_id = notifications::make_message_id("https://bench.example");
    mail.kind = "registration_confirmed";
    mail.to_name = "Anna Łęcka";
    mail.to_address =
        "a" + std::to_string(number) + "@" + std::to_string(number % 100) + ".bench.example";
    mail.facts = notifications::serialize(facts_for(mail.to_address));
    mail.not_before = mail.created_at = now;
    mail.give_up_at = now + 120h;
    mails.push_back(std::move(mail));
  }
  pool.transact(
      [&](storage::Connection& connection) { storage::save_outgoing_mails(connection, mails); });
}

void dump(storage::Pool& pool, const std::filesystem::path& directory) {
  const auto rows = pool.read([](storage::Connection& connection) {
    return connection.query("SELECT id, raw FROM outgoing_mail WHERE state = 'sent' ORDER BY id");
  });
  for (const auto row : rows) {
    std::ofstream file(directory / (std::to_string(row.integer(0)) + ".eml"), std::ios::binary);
    file << row.text(1);
  }
  std::cout << rows.size() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 4 ? argv[1] : "";
  if (what != "fill" && what != "dump") {
    std::cerr << "usage: narada_bench_mails fill DATABASE-URL COUNT\n"
                 "       narada_bench_mails dump DATABASE-URL DIRECTORY\n";
    return 2;
  }
  storage::Pool pool(storage::parse_database_address(argv[2]));
  if (what == "fill")
    fill(pool, std::atoi(argv[3]));
  else
    dump(pool, argv[3]);
}
