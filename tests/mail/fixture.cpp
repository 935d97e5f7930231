#include "tests/mail/fixture.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "notifications/mail_facts.h"
#include "notifications/message_id.h"
#include "web/render.h"

namespace narada::testing {
namespace {

using namespace std::chrono_literals;

notifications::MailFacts facts_for(const std::string& address) {
  notifications::MailFacts facts;
  facts.kind = notifications::MailKind::registration_confirmed;
  facts.to_name = "Anna Łęcka";
  facts.to_address = address;
  facts.meeting_title = "Warsztat o zieleni";
  facts.starts = std::chrono::local_days(2027y / 1 / 19) + 10h;
  facts.ends = facts.starts + 4h;
  facts.tzid = domain::kDefaultZone;
  facts.place = "Katowice";
  facts.attendance_mode = "onsite";
  facts.meeting_url = "https://narada.example/spotkania/warsztat";
  facts.manage_url = "https://narada.example/z/q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";
  facts.method = calendar::ItipMethod::request;
  facts.event = calendar::Event{};
  facts.event->uid = "meeting-1@narada.example";
  facts.event->starts = facts.starts;
  facts.event->ends = facts.ends;
  facts.event->summary = facts.meeting_title;
  facts.event->organizer = calendar::CalendarUser{"Narada", "narada@narada.example"};
  facts.event->attendees = {{{facts.to_name, address}}};
  return facts;
}

}  // namespace

const notifications::Composer& test_composer() {
  calendar::initialize();
  static const web::Messages messages(std::string(NARADA_SOURCE_DIR) + "/web/locales");
  static const web::Renderer renderer(std::string(NARADA_SOURCE_DIR) + "/web", messages,
                                      web::View::object());
  static const notifications::Composer composer(
      renderer, messages, {"narada@narada.example", "Narada", "https://narada.example"});
  return composer;
}

usecases::Environment test_environment(storage::Pool& pool, const domain::Clock& clock) {
  usecases::Environment environment;
  environment.pool = &pool;
  environment.clock = &clock;
  environment.base_url = "https://narada.example";
  environment.mail_from = "narada@narada.example";
  environment.mail_from_name = "Narada";
  return environment;
}

MailFixture::MailFixture() : environment(test_environment(database.pool(), clock)) {}

storage::NewMail MailFixture::make_mail(const std::string& address) const {
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id("https://narada.example");
  mail.kind = "registration_confirmed";
  mail.to_name = "Anna Łęcka";
  mail.to_address = address;
  mail.facts = notifications::serialize(facts_for(address));
  mail.not_before = clock.now();
  mail.give_up_at = clock.now() + 120h;
  mail.created_at = clock.now();
  return mail;
}

domain::OutgoingMailId MailFixture::queue(const std::string& address, std::int64_t registration,
                                          std::chrono::seconds hold) {
  storage::NewMail mail = make_mail(address);
  if (registration != 0) mail.registration = domain::RegistrationId{registration};
  mail.not_before += hold;
  return queue(mail);
}

domain::OutgoingMailId MailFixture::queue(const storage::NewMail& mail) {
  return database.pool().transact([&](storage::Connection& connection) {
    return storage::save_outgoing_mail(connection, mail);
  });
}

usecases::DeliveryReport MailFixture::round(notifications::MailTransport& transport, int at_most) {
  return usecases::deliver_mails(environment, test_composer(), transport, "test", at_most);
}

void MailFixture::deliver_all(notifications::MailTransport& transport, std::chrono::seconds until) {
  const auto end = clock.now() + until;
  for (;;) {
    const auto report = round(transport);
    if (!report.next_due || *report.next_due > end) return;
    if (*report.next_due > clock.now()) clock.set(*report.next_due);
  }
}

usecases::OutgoingMail MailFixture::mail(domain::OutgoingMailId id) {
  usecases::Actor program;  // reads also what is about no meeting
  program.kind = usecases::Actor::Kind::system;
  const auto found = usecases::find_outgoing_mail(environment, program, id);
  if (!found.ok()) throw std::runtime_error("no such mail");
  return *found;
}

std::string MailFixture::state(domain::OutgoingMailId id) {
  return std::string(usecases::to_string(mail(id).state));
}

std::string MailFixture::raw(domain::OutgoingMailId id) {
  return database.pool().read([&](storage::Connection& connection) {
    return connection.query("SELECT raw FROM outgoing_mail WHERE id = ?", {id})[0].text_or_empty(0);
  });
}

void MailFixture::run(const std::string& sql) {
  database.pool().transact([&](storage::Connection& connection) {
    connection.execute(sql);
    return true;
  });
}

notifications::DeliveryResult RecordingTransport::deliver(const notifications::Envelope& envelope,
                                                          std::string_view message) {
  sent.push_back({envelope, std::string(message)});
  if (answers.empty()) return {};
  const auto answer = answers.front();
  answers.erase(answers.begin());
  return answer;
}

}  // namespace narada::testing
