// What hangs on a person besides registrations: it is in their copy, and goes with their erasure.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "service/usecases/people/person_erasure.h"
#include "sql/person_export_store.h"
#include "sql/pool.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;

namespace {

using Lines = std::vector<std::string>;

// A person with a draft, a task and its file, answers with a file, and a place on a list.
struct Records : RegistrationWorld {
  Records() {
    const auto meeting = publish();
    const auto registered = enter(meeting.id, 1);
    person = registered.registration.person.id;
    email = registered.registration.person.email;
    enter(meeting.id, 2);
    pool().transact([&](storage::Connection& connection) {
      connection.execute(
          "INSERT INTO form_draft (person_id, form, subject, fields, saved_at) VALUES"
          " (?, 'meeting', 'new', 'kanarek-szkic', '2027-01-04 09:00:00')",
          {person});
      connection.execute(
          "INSERT INTO task (kind, person_id, parameters, state, report, result, result_name,"
          " created_at) VALUES ('export', ?, 'kanarek-zadanie', 'done', '[]', 'kanarek-plik',"
          " 'lista.csv', '2027-01-04 09:00:00')",
          {person});
      connection.execute(
          "INSERT INTO meeting_question (id, meeting_id, position, kind, label, options,"
          " options_en) VALUES (7, ?, 1, 'file', 'Załącznik', '', ''), (8, ?, 2, 'text', 'Uwagi',"
          " '', '')",
          {meeting.id, meeting.id});
      connection.execute(
          "INSERT INTO registration_answer (registration_id, question_id, value) VALUES"
          " (?, 7, 'kanarek-nazwa.pdf'), (?, 8, 'kanarek-uwaga')",
          {registered.registration.id, registered.registration.id});
      connection.execute(
          "INSERT INTO registration_file (registration_id, question_id, name, media_type, content,"
          " created_at) VALUES (?, 7, 'kanarek-nazwa.pdf', 'application/pdf', 'kanarek-skan',"
          " '2027-01-04 09:00:00')",
          {registered.registration.id});
      connection.execute(
          "INSERT INTO invitee (meeting_id, email, email_key, full_name, source, state,"
          " created_by, created_at, decline_reason) VALUES (?, ?, ?, 'Osoba 1', 'typed', 'listed',"
          " 'person:9', '2027-01-04 09:00:00', 'kanarek-powod')",
          {meeting.id, email, email});
    });
  }

  // The table's rows, the cells between bars.
  Lines copied(std::string_view table) {
    return pool().read([&](storage::Connection& connection) {
      Lines lines;
      for (const auto& one : storage::list_rows_of_person(connection, person)) {
        if (one.name != table) continue;
        for (const auto& row : one.rows) {
          std::string line;
          for (const auto& cell : row) line += (line.empty() ? "" : "|") + cell.value_or("-");
          lines.push_back(line);
        }
      }
      return lines;
    });
  }
  // How many rows of each table hold the mark of this person's things.
  std::map<std::string, std::int64_t> marked() {
    std::map<std::string, std::int64_t> found;
    for (const auto& [table, column] :
         std::vector<std::pair<std::string, std::string>>{{"form_draft", "fields"},
                                                          {"task", "parameters"},
                                                          {"task", "result"},
                                                          {"registration_answer", "value"},
                                                          {"registration_file", "content"},
                                                          {"registration_file", "name"},
                                                          {"invitee", "decline_reason"}})
      found[table + "." + column] =
          count(table + " WHERE CONVERT(" + column + " USING utf8mb4) LIKE '%kanarek%'");
    return found;
  }

  domain::PersonId person;
  std::string email;
};

}  // namespace

TEST_CASE("a person's copy holds drafts, tasks, answers with their files and lists") {
  Records world;
  CHECK(world.copied("form_drafts") == Lines{"meeting|new|kanarek-szkic|2027-01-04T09:00:00Z"});
  CHECK(world.copied("tasks") == Lines{"export|done|2027-01-04T09:00:00Z|-"});
  CHECK(world.copied("answers") ==
        Lines{"1|Załącznik|kanarek-nazwa.pdf|application/pdf|2027-01-04T09:00:00Z",
              "1|Uwagi|kanarek-uwaga|-|-"});
  const auto lists = world.copied("invitations");
  REQUIRE(lists.size() == 1);
  CHECK(lists[0].find("|Osoba 1|") != std::string::npos);
  CHECK(lists[0].find("|kanarek-powod|") != std::string::npos);
}

TEST_CASE("erasing a person takes drafts, tasks, answers with their files and lists along") {
  Records world;
  for (const auto& [place, rows] : world.marked()) {
    CAPTURE(place);
    REQUIRE(rows > 0);
  }
  usecases::Call call;
  call.actor = {usecases::Actor::Kind::person, world.person.value, {}, world.person};
  REQUIRE(erase_person(world.environment(), call, world.person, world.email).ok());
  for (const auto& [place, rows] : world.marked()) {
    CAPTURE(place);
    CHECK(rows == 0);
  }
  CHECK(world.count("meeting_question") == 2);  // the organizers' own stay
  CHECK(world.count("registration") == 2);
}
