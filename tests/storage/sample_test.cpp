#include <doctest/doctest.h>

#include <set>

#include "service/usecases/access.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/practices/practices.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::RegistrationState;

namespace {

const std::string kSample = std::string(NARADA_SOURCE_DIR) + "/sample";

std::string described(const domain::Outcome<SampleReport>& report) {
  if (!report) {
    const auto* errors = std::get_if<domain::FieldErrors>(&report.failure());
    return errors ? errors->front().field + ": " + errors->front().details.at("reason") : "failed";
  }
  return std::to_string(report->institutions) + " institutions, " + std::to_string(report->cycles) +
         " cycles, " + std::to_string(report->meetings) + " meetings, " +
         std::to_string(report->practices) + " practices, " + std::to_string(report->people) +
         " people";
}

template <class T, class List>
std::vector<T> all_of(List list) {
  std::vector<T> all;
  PageRequest request{.limit = 200, .cursor = {}};
  do {
    auto page = list(request);
    all.insert(all.end(), page.items.begin(), page.items.end());
    request.cursor = page.next;
  } while (request.cursor);
  return all;
}

std::vector<domain::MeetingSummary> all_meetings(const Catalogue& catalogue,
                                                 const MeetingFilter& filter = {}) {
  return all_of<domain::MeetingSummary>([&](const PageRequest& request) {
    return list_meetings(catalogue.environment, catalogue.visitor, filter, request);
  });
}

}  // namespace

TEST_CASE("the sample data loads once, also on another day") {
  Catalogue catalogue;
  CHECK(described(load_sample(catalogue.environment, kSample)) ==
        "64 institutions, 11 cycles, 50 meetings, 69 practices, 4 people");
  const auto meetings = all_meetings(catalogue);
  CHECK(meetings.size() == 50);
  CHECK(described(load_sample(catalogue.environment, kSample)) ==
        "0 institutions, 0 cycles, 0 meetings, 0 practices, 0 people");
  catalogue.clock.advance(std::chrono::days{40});
  CHECK(described(load_sample(catalogue.environment, kSample)) ==
        "0 institutions, 0 cycles, 0 meetings, 0 practices, 0 people");
  CHECK(all_meetings(catalogue).size() == 50);
}

TEST_CASE("a second load leaves what an organizer has changed") {
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSample));
  const auto meeting = find_meeting(catalogue.environment, catalogue.organizer.actor,
                                    "drony-w-sluzbie-gminy-przeglad-zastosowan-przyklad");
  REQUIRE(meeting);
  auto form = *load_meeting_form(catalogue.environment, catalogue.organizer.actor, meeting->id);
  form.title = "Inny tytuł";
  REQUIRE(change_meeting(catalogue.environment, catalogue.organizer, meeting->id, meeting->version,
                         form));
  CHECK(described(load_sample(catalogue.environment, kSample)) ==
        "0 institutions, 0 cycles, 0 meetings, 0 practices, 0 people");
  CHECK(find_meeting(catalogue.environment, catalogue.visitor, meeting->slug)->title ==
        "Inny tytuł");
}

TEST_CASE("what a run that died left published is cancelled by the next") {
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSample));
  catalogue.database.pool().transact([](storage::Connection& connection) {
    CHECK(connection.execute("UPDATE meeting SET status = 'published', cancel_reason = '', "
                             "version = version + 1 WHERE status = 'cancelled'") == 1);
    return true;
  });
  CHECK(described(load_sample(catalogue.environment, kSample)) ==
        "0 institutions, 0 cycles, 0 meetings, 0 practices, 0 people");
  MeetingFilter cancelled;
  cancelled.status = domain::MeetingStatus::cancelled;
  CHECK(all_meetings(catalogue, cancelled).size() == 1);
}

TEST_CASE("the open cycle has six third Tuesdays and takes registrations") {
  // From a day in each part of the year; the plan moves sessions off public holidays.
  for (const char* today :
       {"2026-11-22T12:00:00Z", "2027-02-01T12:00:00Z", "2027-07-31T23:30:00Z"}) {
    CAPTURE(today);
    Catalogue catalogue;
    catalogue.clock.move_to(today);
    REQUIRE(load_sample(catalogue.environment, kSample));
    const auto cycle = find_cycle(catalogue.environment, catalogue.visitor,
                                  "dostepny-urzad-od-drzwi-do-wniosku-przyklad");
    REQUIRE(cycle);
    CHECK(cycle->meeting_count == 6);
    REQUIRE(cycle->meetings.size() == 6);
    CHECK(cycle->next_starts == cycle->first_starts);
    std::set<std::string> hosts;
    int number = 0;
    for (const auto& meeting : cycle->meetings) {
      CHECK(meeting.session_number == ++number);
      CHECK(meeting.session_count == 6);
      const auto day = std::chrono::floor<std::chrono::days>(meeting.times.starts);
      CHECK(std::chrono::weekday{day} == std::chrono::Tuesday);
      CHECK(meeting.times.starts - day == std::chrono::hours{10});
      CHECK(meeting.times.ends - day == std::chrono::hours{14});
      CHECK(meeting.onsite.capacity == 40);
      CHECK(meeting.online.capacity == 60);
      CHECK(decide_registration_state(meeting, catalogue.clock.now()) == RegistrationState::open);
      hosts.insert(meeting.place_names.front());
    }
    CHECK(hosts.size() == 6);
    CHECK(cycle->caveat.find("przykładowy") != std::string::npos);
  }
}

TEST_CASE("the upcoming examples show different states and say what they are") {
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSample));
  MeetingFilter upcoming;
  upcoming.from = domain::Date{std::chrono::floor<std::chrono::days>(catalogue.clock.now())};
  std::multiset<std::string> states;
  for (const auto& meeting : all_meetings(catalogue, upcoming)) {
    CAPTURE(meeting.title);
    CHECK(meeting.title.find("(przykład)") != std::string::npos);
    CHECK(meeting.times.starts_at - catalogue.clock.now() > std::chrono::hours{0});
    if (!meeting.cycle) {
      states.insert(
          std::string(to_string(decide_registration_state(meeting, catalogue.clock.now()))));
    }
  }
  CHECK(states == std::multiset<std::string>{"cancelled", "closed", "closed", "not_yet_open",
                                             "open", "open", "open", "open"});
}

TEST_CASE("what took place keeps its source, its precision and its doubts") {
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSample));
  MeetingFilter past;
  past.to = domain::Date{std::chrono::year{2025}, std::chrono::month{12}, std::chrono::day{31}};
  const auto meetings = all_meetings(catalogue, past);
  CHECK(meetings.size() == 36);
  for (const auto& summary : meetings) {
    CAPTURE(summary.title);
    const auto meeting = find_meeting(catalogue.environment, catalogue.visitor, summary.slug);
    REQUIRE(meeting);
    CHECK(meeting->source_url.starts_with("http"));
    CHECK_FALSE(meeting->onsite.offered);
    CHECK_FALSE(meeting->online.offered);
  }
  const auto by_day = find_meeting(catalogue.environment, catalogue.visitor,
                                   "konferencja-drony-i-nowy-wymiar-miasta");
  REQUIRE(by_day);
  CHECK(by_day->times.precision == domain::TimePrecision::day);
  CHECK(by_day->times.starts == wall("2023-11-21T00:00"));
  CHECK(by_day->times.ends == wall("2023-11-23T00:00"));
  const auto by_hour = find_meeting(catalogue.environment, catalogue.visitor,
                                    "wywiady-z-uzytkownikami-parkingow-ii");
  if (by_hour) CHECK(by_hour->places.size() == 4);
}

TEST_CASE("published and computed facts of a cycle stand beside each other") {
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSample));
  const auto cycle =
      find_cycle(catalogue.environment, catalogue.visitor, "inicjatywa-lokalna-ruda-slaska");
  REQUIRE(cycle);
  CHECK(cycle->published_period == "maj 2023 – grudzień 2023");
  CHECK(cycle->published_meeting_count == 6);
  CHECK(cycle->meeting_count == 0);
  CHECK_FALSE(cycle->first_starts);
  REQUIRE(cycle->owners.size() == 1);
  CHECK(cycle->owners.front().name == "Ruda Śląska");
  CHECK(cycle->materials.size() == 3);
  CHECK(cycle->experts.front().slug == "fundacja-napraw-sobie-miasto");
}

TEST_CASE("a membership that no source confirms is marked") {
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSample));
  const auto associations = [&](const std::string& key) {
    std::vector<std::string> codes;
    const auto institution = find_institution(catalogue.environment, key);
    for (const auto& membership : institution->associations) {
      codes.push_back(membership.code + (membership.certain ? "" : "?"));
    }
    return codes;
  };
  CHECK(associations("2462011") == std::vector<std::string>{"GZM"});
  CHECK(associations("2261011") == std::vector<std::string>{"OMGGS?"});
  const auto gzm = all_of<domain::Institution>([&](const PageRequest& request) {
    InstitutionFilter filter;
    filter.association = "GZM";
    return list_institutions(catalogue.environment, filter, request);
  });
  CHECK(gzm.size() == 41);
}

TEST_CASE("a practice known by its title alone has no description") {
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSample));
  const auto practices = all_of<domain::PracticeSummary>([&](const PageRequest& request) {
    return list_practices(catalogue.environment, catalogue.visitor, {}, request);
  });
  CHECK(practices.size() == 69);
  int by_title = 0;
  for (const auto& summary : practices) {
    const auto practice = find_practice(catalogue.environment, catalogue.visitor, summary.slug);
    REQUIRE(practice);
    CHECK(practice->source_url.starts_with("http"));
    if (!practice->lead.empty()) continue;
    ++by_title;
    CHECK(practice->caveat.find("Znamy tylko tytuł") != std::string::npos);
    CHECK(practice->description.empty());
  }
  CHECK(by_title == 47);
  CHECK(practices.front().slug == "miejskie-centrum-energii-punkt-informacyjno-edukacyjny");
}

TEST_CASE("a directory without the files is refused with the file's name") {
  Catalogue catalogue;
  CHECK(described(load_sample(catalogue.environment, "/nowhere")) ==
        "associations.csv: cannot be read");
}
