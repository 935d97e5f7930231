// Asking people after a meeting: whom, once, and without knowing who answered what.
#include "service/usecases/surveys/surveys.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <map>
#include <thread>

#include "service/usecases/people/clean_up.h"
#include "sql/connection.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::SurveyStanding;

namespace {

struct SurveyWorld : RegistrationWorld {
  explicit SurveyWorld(storage::PoolOptions options = {}) : RegistrationWorld(options) {}
  domain::Meeting meeting_with_survey(int people, int hours = 3) {
    auto meeting = publish();
    for (int number = 1; number <= people; ++number)
      registered.push_back(enter(meeting.id, number).registration.id);
    usecases::SurveyForm form{true, hours, domain::usual_survey_questions(), 0};
    const auto saved = usecases::save_survey_settings(environment(), organizer(), meeting.id, form);
    REQUIRE_MESSAGE(saved.ok(), describe(saved));
    clock().set(meeting.times.ends_at + std::chrono::hours(hours));
    return meeting;
  }
  std::vector<notifications::MailFacts> surveys() {
    std::vector<notifications::MailFacts> found;
    for (auto& one : facts())
      if (one.kind == notifications::MailKind::survey_asked) found.push_back(std::move(one));
    return found;
  }
  std::string token(std::size_t index) {
    return usecases::survey_token(environment(), registered.at(index));
  }
  domain::Outcome<domain::MeetingId> answer(std::size_t index, const std::string& usefulness,
                                            const std::string& used = {}) {
    const auto sheet = usecases::find_survey_sheet(environment(), token(index));
    REQUIRE_MESSAGE(sheet.ok(), describe(sheet));
    domain::Answers given{{sheet->questions.at(0).id, usefulness}};
    if (!used.empty()) given[sheet->questions.at(2).id] = used;
    return usecases::answer_survey(environment(), visitor(), token(index), given);
  }
  std::vector<domain::RegistrationId> registered;
};

}  // namespace

TEST_CASE("people are asked when the time has come, once, whatever runs how often") {
  SurveyWorld world;
  const auto meeting = world.meeting_with_survey(2);
  world.clock().advance(-1s);
  CHECK(usecases::ask_due_surveys(world.environment()) == 0);
  world.clock().advance(1s);
  CHECK(usecases::ask_due_surveys(world.environment()) == 2);
  CHECK(usecases::ask_due_surveys(world.environment()) == 0);
  const auto mails = world.surveys();
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].ask->url == world.environment().base_url + "/ankieta/" + world.token(0));
  CHECK(world.token(0).size() == 43);
  CHECK(world.token(0) != world.token(1));
  const auto settings =
      usecases::find_survey_settings(world.environment(), world.organizer().actor, meeting.id)
          .value();
  CHECK(settings.asked == 2);
  CHECK(settings.closes_at == world.clock().now() + domain::kSurveyOpen);
}

TEST_CASE("a meeting that is changed while the job waits for it is looked at again") {
  const std::vector<std::pair<const char*, int>> changes{{"title = 'Inny'", 1},
                                                         {"time_precision = 'month'", 0},
                                                         {"ends_at = ends_at + INTERVAL 1 DAY", 0},
                                                         {"status = 'cancelled'", 0}};
  for (const auto& [change, asked] : changes) {
    CAPTURE(change);
    SurveyWorld world;
    const auto meeting = world.meeting_with_survey(1);
    storage::Connection organizer{world.database().address()};
    organizer.run("BEGIN");
    organizer.execute("UPDATE meeting SET " + std::string(change) + " WHERE id = ?", {meeting.id});
    auto job = std::async(std::launch::async,
                          [&] { return usecases::ask_due_surveys(world.environment()); });
    constexpr std::string_view kWaiting =
        "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
    // The table shows nothing new to who has read it less than 100 ms ago.
    storage::Connection watcher{world.database().address()};
    while (watcher.query(kWaiting).empty() && job.wait_for(150ms) != std::future_status::ready) {
    }
    organizer.run("COMMIT");
    CHECK(job.get() == asked);
  }
}

TEST_CASE("several processes at once ask each of many people once, and remind them once") {
  storage::PoolOptions options;
  options.size = 8;
  SurveyWorld world(options);
  world.meeting_with_survey(40);
  const auto run_four = [&] {
    std::atomic<int> written = 0;
    std::vector<std::jthread> processes;
    for (int number = 0; number < 4; ++number) {
      processes.emplace_back([&] { written += usecases::ask_due_surveys(world.environment()); });
    }
    processes.clear();
    return written.load();
  };
  CHECK(run_four() == 40);
  world.clock().advance(domain::kSurveyReminderAfter);
  CHECK(run_four() == 40);
  std::map<std::string, int> mails;
  for (const auto& mail : world.surveys()) ++mails[mail.to_address];
  CHECK(mails.size() == 40);
  for (const auto& [address, count] : mails) {
    CAPTURE(address);
    CHECK(count == 2);
  }
  CHECK(world.count("survey_asked") == 40);
}

TEST_CASE("where presence was marked, those who were there are asked") {
  SurveyWorld world;
  const auto meeting = world.meeting_with_survey(2);
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE registration SET status = 'attended' WHERE id = ?",
                       {world.registered[0]});
    connection.execute("UPDATE registration SET status = 'absent' WHERE id = ?",
                       {world.registered[1]});
  });
  CHECK(usecases::ask_due_surveys(world.environment()) == 1);
  CHECK(world.surveys().front().to_address == "osoba1@urzad.example");
}

TEST_CASE("nobody is asked of a meeting that is off, long past or has no survey") {
  SurveyWorld world;
  const auto meeting = world.meeting_with_survey(1);
  SUBCASE("long past") {
    world.clock().advance(std::chrono::days(15));
    CHECK(usecases::ask_due_surveys(world.environment()) == 0);
  }
  SUBCASE("switched off") {
    usecases::SurveyForm form{false, 3, domain::usual_survey_questions(), 1};
    REQUIRE(usecases::save_survey_settings(world.environment(), world.organizer(), meeting.id, form)
                .ok());
    CHECK(usecases::ask_due_surveys(world.environment()) == 0);
  }
  SUBCASE("cancelled") {
    world.pool().transact([&](storage::Connection& connection) {
      connection.execute("UPDATE meeting SET status = 'cancelled' WHERE id = ?", {meeting.id});
    });
    CHECK(usecases::ask_due_surveys(world.environment()) == 0);
  }
  CHECK(world.surveys().empty());
}

TEST_CASE("a link answers once, and results come from three answers up") {
  SurveyWorld world;
  const auto meeting = world.meeting_with_survey(3);
  usecases::ask_due_surveys(world.environment());
  const auto results = [&] {
    return usecases::load_survey_results(world.environment(), world.organizer().actor, meeting.id)
        .value();
  };
  REQUIRE(world.answer(0, "5", "mapę").ok());
  CHECK(describe(world.answer(0, "1")) == "conflict:survey_answered");
  REQUIRE(world.answer(1, "4", "ankietę").ok());
  CHECK(results().answers == 2);
  CHECK(results().results.empty());
  REQUIRE(world.answer(2, "3").ok());
  const auto found = results();
  CHECK(found.asked == 3);
  CHECK(found.answers == 3);
  REQUIRE(found.results.size() == 5);
  CHECK(found.results[0].average.value() == doctest::Approx(4));
  CHECK(found.results[2].texts == std::vector<std::string>{"ankietę", "mapę"});
  const auto csv = usecases::export_survey_results(world.environment(), world.organizer().actor,
                                                   meeting.id, domain::Language::pl)
                       .value();
  CHECK(csv.find("Pytanie;Odpowiedź;Ile osób\r\n") != std::string::npos);
  CHECK(csv.find(";mapę;1\r\n") != std::string::npos);
}

TEST_CASE("nothing stored connects an answer with a person, a sheet or a time") {
  SurveyWorld world;
  world.meeting_with_survey(1);
  usecases::ask_due_surveys(world.environment());
  REQUIRE(world.answer(0, "5", "mapę").ok());
  const auto columns = world.pool().read([](storage::Connection& connection) {
    std::vector<std::string> names;
    for (const auto row : connection.query(
             "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() "
             "AND table_name = 'survey_answer' ORDER BY ordinal_position"))
      names.push_back(row.text(0));
    return names;
  });
  CHECK(columns == std::vector<std::string>{"id", "question_id", "value"});
  CHECK(world.activities().back().find("survey.answered meeting:") == 0);
  CHECK(world.activities().back().find("registration") == std::string::npos);
}

TEST_CASE("after two weeks the survey is closed, and an unknown link opens nothing") {
  SurveyWorld world;
  world.meeting_with_survey(1);
  usecases::ask_due_surveys(world.environment());
  world.clock().advance(domain::kSurveyOpen);
  CHECK(usecases::find_survey_sheet(world.environment(), world.token(0))->standing ==
        SurveyStanding::closed);
  CHECK(describe(world.answer(0, "5")) == "conflict:survey_closed");
  CHECK(describe(usecases::find_survey_sheet(world.environment(), "nieznany")) == "not_found");
}

TEST_CASE("one reminder, with the same link, to who has not answered") {
  SurveyWorld world;
  world.meeting_with_survey(2);
  usecases::ask_due_surveys(world.environment());
  REQUIRE(world.answer(0, "5").ok());
  world.clock().advance(domain::kSurveyReminderAfter);
  CHECK(usecases::ask_due_surveys(world.environment()) == 1);
  CHECK(usecases::ask_due_surveys(world.environment()) == 0);
  const auto mails = world.surveys();
  REQUIRE(mails.size() == 3);
  CHECK(mails[2].to_address == "osoba2@urzad.example");
  CHECK(mails[2].ask->url == mails[1].ask->url);
}

TEST_CASE("wrong and empty answers are told, and change nothing") {
  SurveyWorld world;
  world.meeting_with_survey(1);
  usecases::ask_due_surveys(world.environment());
  const auto sheet = usecases::find_survey_sheet(world.environment(), world.token(0)).value();
  CHECK(describe(world.answer(0, "7")) ==
        domain::answer_field(sheet.questions[0].id) + ":unknown_option");
  CHECK(describe(usecases::answer_survey(world.environment(), world.visitor(), world.token(0),
                                         {})) == ":nothing_answered");
  CHECK(world.count("survey_answer") == 0);
  CHECK(usecases::find_survey_sheet(world.environment(), world.token(0))->standing ==
        SurveyStanding::open);
}

TEST_CASE("questions are changed until they have been asked, by who saw what is stored") {
  SurveyWorld world;
  const auto meeting = world.meeting_with_survey(1);
  usecases::SurveyForm form{true, 1, domain::usual_survey_questions(), 0};
  const auto save = [&] {
    return describe(
        usecases::save_survey_settings(world.environment(), world.organizer(), meeting.id, form));
  };
  CHECK(save() == "stale");
  form.version = 1;
  form.hours_after = 200;
  CHECK(save() == "hours_after:out_of_range");
  form.hours_after = 1;
  CHECK(save() == "ok");
  usecases::ask_due_surveys(world.environment());
  form.version = 2;
  CHECK(save() == "conflict:survey_asked");
}

TEST_CASE(
    "what was answered in people's own words is kept as long as other answers, numbers stay") {
  SurveyWorld world;
  const auto meeting = world.meeting_with_survey(1);
  usecases::ask_due_surveys(world.environment());
  REQUIRE(world.answer(0, "5", "mapę").ok());
  CHECK(world.count("survey_answer") == 2);
  world.clock().set(meeting.times.ends_at + std::chrono::days(180) + 1s);
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  const auto report = usecases::clean_up(world.environment(), call, "test");
  REQUIRE_MESSAGE(report.ok(), describe(report));
  CHECK(world.count("survey_answer") == 1);
  CHECK(world.count("survey_answer WHERE value = '5'") == 1);
}

TEST_CASE("a meeting without a survey of its own has its cycle's, as it was when it was asked") {
  SurveyWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto cycle = world.pool().transact([&](storage::Connection& connection) {
    const domain::CycleId id{connection.insert(
        "INSERT INTO cycle (uid, slug, title, status, summary, challenge, goal, effects, "
        "materials, "
        "participants_text, source_urls, caveat, created_at, updated_at) VALUES ('u@n', 'cykl', "
        "'Cykl', 'published', '', '', '', '', '', '', '', '', ?, ?) RETURNING id",
        {world.clock().now(), world.clock().now()})};
    connection.execute("UPDATE meeting SET cycle_id = ?, session_number = 1 WHERE id = ?",
                       {id, meeting.id});
    return id;
  });
  usecases::SurveyForm form{true, 0, domain::usual_survey_questions(), 0};
  const auto saved =
      usecases::save_survey_settings(world.environment(), world.organizer(), cycle, form);
  REQUIRE_MESSAGE(saved.ok(), describe(saved));
  CHECK(usecases::find_survey_settings(world.environment(), world.organizer().actor, meeting.id)
            ->of_cycle);
  world.clock().set(meeting.times.ends_at);
  CHECK(usecases::ask_due_surveys(world.environment()) == 1);
  CHECK(world.count("survey WHERE meeting_id IS NOT NULL") == 1);
  form.version = 1;
  form.enabled = false;
  REQUIRE(usecases::save_survey_settings(world.environment(), world.organizer(), cycle, form).ok());
  CHECK(world.count("survey_question") == 10);
}
