#include "service/usecases/meetings/session_warnings.h"

#include <doctest/doctest.h>

#include "calendar/holidays.h"
#include "calendar/zone.h"

using namespace narada;
using namespace narada::usecases;
using namespace std::chrono_literals;

namespace {

domain::WallTime wall(int month, int day, int hour) {
  return domain::WallTime{std::chrono::local_days{std::chrono::year{2027} / month / day}} +
         std::chrono::hours{hour};
}
SessionDraft session(int month, int day, int hour = 10) {
  return {wall(month, day, hour), wall(month, day, hour + 4)};
}

std::string describe(const std::vector<SessionWarning>& warnings) {
  std::string text;
  for (const auto& warning : warnings) {
    text += (text.empty() ? "" : " ") + std::string(to_string(warning.kind));
    std::string names = warning.title;
    for (const auto& name : warning.names) names += "," + name;
    if (!names.empty()) text += "(" + names + ")";
  }
  return text;
}

std::vector<std::string> describe(const std::vector<SessionDraft>& sessions,
                                  const Obstacles& obstacles = {}) {
  const auto exists = [](domain::WallTime time, std::string_view tzid) {
    return calendar::to_instant(time, tzid).exists;
  };
  std::vector<std::string> texts;
  for (const auto& warnings : warn_about_sessions(sessions, obstacles, wall(1, 4, 10),
                                                  calendar::polish_holiday_name, exists))
    texts.push_back(describe(warnings));
  return texts;
}

}  // namespace

TEST_CASE("the calendar speaks against a day") {
  struct Case {
    const char* name;
    SessionDraft session;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {"an ordinary Tuesday", session(2, 16), ""},
      {"no day yet", {}, ""},
      {"earlier today", session(1, 4, 9), "past"},
      {"later today", session(1, 4, 11), ""},
      {"a holiday", session(11, 11), "holiday(Narodowe Święto Niepodległości)"},
      {"a Saturday", session(2, 20), "weekend"},
      {"a Sunday that is a holiday", session(8, 15), "holiday(Wniebowzięcie NMP) weekend"},
      {"an hour that the clocks skip",
       {wall(3, 28, 2), wall(3, 28, 5)},
       "holiday(Wielkanoc – pierwszy dzień) weekend nonexistent_time"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.name);
    CHECK(describe({one.session}) == std::vector<std::string>{one.expected});
  }
}

TEST_CASE("rows on one day warn of each other") {
  CHECK(describe({session(2, 16, 8), session(2, 16, 13), session(2, 17), {}, {}}) ==
        std::vector<std::string>{"same_day", "same_day", "", "", ""});
}

TEST_CASE("whoever takes part elsewhere on that day is named, by meeting") {
  const std::vector<Engaged> engaged = {
      {1, "Rada", wall(2, 15, 10), wall(2, 15, 12), false, "Bytom"},
      {2, "Przystanki", wall(2, 16, 16), wall(2, 16, 18), false, "Bytom"},
      {2, "Przystanki", wall(2, 16, 16), wall(2, 16, 18), false, "Gliwice"},
      {2, "Przystanki", wall(2, 16, 16), wall(2, 16, 18), true, "Ewa"},
      {3, "Forum", wall(2, 14, 9), wall(2, 18, 15), true, "Jan"}};
  CHECK(describe({session(2, 16), session(2, 18, 16), session(2, 19)}, {engaged}) ==
        std::vector<std::string>{
            "busy_institutions(Przystanki,Bytom,Gliwice) busy_experts(Przystanki,Ewa) "
            "busy_experts(Forum,Jan)",
            "busy_experts(Forum,Jan)", ""});
}

TEST_CASE("midnight belongs to the day before") {
  const std::vector<Engaged> until_midnight = {
      {1, "Noc", wall(2, 15, 20), wall(2, 16, 0), false, "Bytom"}};
  CHECK(describe({session(2, 15), session(2, 16)}, {until_midnight}) ==
        std::vector<std::string>{"busy_institutions(Noc,Bytom)", ""});
}

TEST_CASE("recesses of the offices and of everybody are named with their titles") {
  const auto recess = [](const char* office, const char* title, int month, int first, int last) {
    domain::Recess one;
    if (*office) one.institution = domain::InstitutionId{1};
    one.institution_name = office;
    one.title = title;
    one.first = std::chrono::year{2027} / month / first;
    one.last = std::chrono::year{2027} / month / last;
    return one;
  };
  Obstacles obstacles;
  obstacles.recesses = {recess("", "Ferie", 2, 15, 16), recess("Bytom", "Przerwa", 2, 16, 18),
                        recess("Gliwice", "Przerwa", 2, 16, 16),
                        recess("Tychy", "Sesja", 2, 18, 18)};
  CHECK(describe({session(2, 15), session(2, 16), session(2, 17), session(2, 18), session(2, 19)},
                 obstacles) ==
        std::vector<std::string>{"recess(Ferie)", "recess(Ferie) recess(Przerwa,Bytom,Gliwice)",
                                 "recess(Przerwa,Bytom)",
                                 "recess(Przerwa,Bytom) recess(Sesja,Tychy)", ""});
}

TEST_CASE("an expert whose calendar is taken at that hour is named with the hours") {
  Obstacles obstacles;
  obstacles.busy = {{"Ewa", wall(2, 15, 20), wall(2, 17, 0)},
                    {"Jan", wall(2, 17, 8), wall(2, 17, 10)},
                    {"Jan", wall(2, 17, 13) + 30min, wall(2, 17, 15)}};
  CHECK(describe({session(2, 15), session(2, 16), session(2, 17), session(2, 17, 15)}, obstacles) ==
        std::vector<std::string>{"", "expert_calendar(0:00–24:00,Ewa)",
                                 "same_day expert_calendar(13:30–15:00,Jan)", "same_day"});
}
