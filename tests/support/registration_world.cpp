#include "tests/support/registration_world.h"

#include <fmt/format.h>

#include <ostream>
#include <stdexcept>

#include "calendar/event.h"
#include "tests/support/registration_rules.h"

namespace narada::testing {
namespace {

using namespace std::chrono_literals;

void run_all(storage::Connection& connection, std::initializer_list<const char*> statements) {
  for (const char* statement : statements) connection.run(statement);
}

constexpr domain::WallTime wall(std::chrono::year_month_day date, std::chrono::seconds clock) {
  return domain::WallTime(std::chrono::local_days(date).time_since_epoch() + clock);
}

template <class T>
T value_of(domain::Outcome<T> outcome) {
  if (!outcome) throw std::runtime_error("refused: " + describe(outcome.failure()));
  return std::move(outcome).value();
}

struct Describe {
  std::string operator()(const domain::FieldErrors& errors) const {
    std::string text;
    for (const auto& error : errors) {
      if (!text.empty()) text += ", ";
      text += error.field + ":" + error.code;
    }
    return text;
  }
  std::string operator()(domain::NotFound) const { return "not_found"; }
  std::string operator()(domain::Forbidden) const { return "forbidden"; }
  std::string operator()(domain::Stale) const { return "stale"; }
  std::string operator()(const domain::Conflict& conflict) const {
    return "conflict:" + conflict.code;
  }
  std::string operator()(domain::OperationReused) const { return "operation_reused"; }
};

}  // namespace

std::string describe(const domain::Failure& failure) { return std::visit(Describe{}, failure); }

std::ostream& operator<<(std::ostream& out, const SentMail& mail) {
  return out << mail.kind << " to " << mail.to << " " << mail.method << " " << mail.sequence;
}

RegistrationWorld::RegistrationWorld(storage::PoolOptions options)
    : database_(TestDatabase::fresh(options)) {
  calendar::initialize();
  environment_.pool = &database_.pool();
  environment_.clock = &clock_;
  environment_.base_url = "https://narada.example";
  environment_.mail_from = "spotkania@narada.example";
  environment_.mail_from_name = "Narada";
  environment_.secret_key = std::string(32, 'k');
  environment_.blobs = &blobs_;
  environment_.uploads = directory_.path() / "uploads";
  std::filesystem::create_directory(environment_.uploads);
  pool().transact([](storage::Connection& connection) {
    run_all(connection,
            {"INSERT INTO institution (slug, teryt, name, kind, county, created_at, updated_at) "
             "VALUES ('gliwice', '2466011', 'Gliwice', 'city_with_county_rights', 'Gliwice', "
             "'2026-01-01', '2026-01-01'), ('zgierz-miasto', '1020031', 'Zgierz', "
             "'urban_municipality', 'zgierski', '2026-01-01', '2026-01-01'), ('zgierz-wies', "
             "'1020102', 'Zgierz', 'rural_municipality', 'zgierski', '2026-01-01', '2026-01-01'), "
             "('gzm', NULL, 'Górnośląsko-Zagłębiowska Metropolia', 'metropolis', '', "
             "'2026-01-01', '2026-01-01')",
             "INSERT INTO institution_alias (institution_id, alias) SELECT id, 'GZM' FROM "
             "institution WHERE slug = 'gzm'",
             "INSERT IGNORE INTO information_clause (version, text_pl, text_en, valid_from) VALUES "
             "(1, 'Klauzula', 'Clause', '2026-01-01')",
             "INSERT INTO topic (slug, name, name_en) VALUES ('mobilnosc', 'Mobilność', "
             "'Mobility')"});
    return 0;
  });
}

usecases::Call RegistrationWorld::organizer() const {
  usecases::Call call;
  call.actor = usecases::Actor{usecases::Actor::Kind::token, 1, {{usecases::Role::organizer, {}}}};
  return call;
}

usecases::Call RegistrationWorld::visitor() const { return {}; }

usecases::Call RegistrationWorld::holder(domain::RegistrationId registration) const {
  usecases::Call call;
  call.actor = usecases::Actor{usecases::Actor::Kind::manage, registration.value};
  return call;
}

usecases::MeetingForm RegistrationWorld::meeting_form(int capacity) const {
  constexpr std::chrono::year_month_day kDay = std::chrono::year(2027) / 1 / 19;
  usecases::MeetingForm form;
  form.title = "Przystanki bez barier";
  form.form = domain::MeetingForm::workshop;
  form.topic = "mobilnosc";
  form.starts = wall(kDay, 10h);
  form.ends = wall(kDay, 14h);
  form.places.push_back({"Centrum 3.0", "ul. Zwycięstwa 36", "sala 2", "2466011", {}});
  form.onsite = {true, capacity};
  form.summary = "Jak zbudować przystanek.";
  return form;
}

domain::Meeting RegistrationWorld::publish(const usecases::MeetingForm& form) {
  const auto draft = value_of(usecases::create_meeting(environment_, organizer(), form));
  return value_of(usecases::publish_meeting(environment_, organizer(), draft.id));
}

domain::Meeting RegistrationWorld::meeting(domain::MeetingId id) {
  return value_of(
      usecases::find_meeting(environment_, organizer().actor, std::to_string(id.value)));
}

domain::Outcome<domain::Meeting> RegistrationWorld::change(domain::MeetingId id,
                                                           const usecases::MeetingForm& form) {
  return usecases::change_meeting(environment_, organizer(), id, meeting(id).version, form);
}

usecases::RegistrationForm RegistrationWorld::person(int number) {
  usecases::RegistrationForm form;
  form.full_name = fmt::format("Osoba {}", number);
  form.email = fmt::format("osoba{}@urzad.example", number);
  form.institution = "2466011";
  form.position = "inspektor";
  form.consent = true;
  return form;
}

domain::Outcome<usecases::Registered> RegistrationWorld::try_register(
    domain::MeetingId meeting, const usecases::RegistrationForm& form) {
  return usecases::register_person(environment_, visitor(), std::to_string(meeting.value), form);
}

usecases::Registered RegistrationWorld::enter(domain::MeetingId meeting, int number) {
  return value_of(try_register(meeting, person(number)));
}

domain::Registration RegistrationWorld::cancel(domain::RegistrationId registration) {
  return value_of(usecases::cancel_registration(environment_, holder(registration), registration));
}

domain::Registration RegistrationWorld::load(domain::RegistrationId registration) {
  return value_of(usecases::find_registration(environment_, organizer().actor, registration))
      .registration;
}

std::vector<notifications::MailFacts> RegistrationWorld::facts() {
  return pool().read([](storage::Connection& connection) {
    std::vector<notifications::MailFacts> facts;
    const auto rows = connection.query("SELECT facts FROM outgoing_mail ORDER BY id");
    for (const auto row : rows) facts.push_back(notifications::parse_mail_facts(row.text(0)));
    return facts;
  });
}

std::vector<SentMail> RegistrationWorld::mails() { return mails_after(0); }

std::vector<SentMail> RegistrationWorld::mails_after(std::size_t count) {
  std::vector<SentMail> mails;
  const auto all = facts();
  for (std::size_t index = count; index < all.size(); ++index) {
    const auto& one = all[index];
    mails.push_back({std::string(notifications::to_string(one.kind)), one.to_name,
                     one.method ? std::string(calendar::to_string(*one.method)) : "",
                     one.event ? one.event->sequence : -1});
  }
  return mails;
}

std::vector<std::string> RegistrationWorld::activities() {
  return pool().read([](storage::Connection& connection) {
    std::vector<std::string> lines;
    const auto rows =
        connection.query("SELECT CONCAT(verb, ' ', subject, ' ', actor) FROM activity ORDER BY id");
    for (const auto row : rows) lines.push_back(row.text(0));
    return lines;
  });
}

std::int64_t RegistrationWorld::count(const std::string& table) {
  return pool().read([&](storage::Connection& connection) {
    return connection.query("SELECT COUNT(*) FROM " + table)[0].integer(0);
  });
}

std::vector<std::string> RegistrationWorld::find_violations() {
  return pool().read(
      [](storage::Connection& connection) { return find_rule_violations(connection); });
}

}  // namespace narada::testing
