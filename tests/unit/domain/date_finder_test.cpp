#include "service/domain/date_finder.h"

#include <doctest/doctest.h>

#include "calendar/holidays.h"

using namespace narada::domain;
using namespace std::chrono_literals;

namespace {

Date day(int month, int number) { return std::chrono::year{2027} / month / number; }
WallTime wall(int month, int number, int hour) {
  return WallTime{std::chrono::local_days{day(month, number)}} + std::chrono::hours{hour};
}
DateWish wish(Date first, Date last) {
  DateWish wish;
  wish.first = first;
  wish.last = last;
  return wish;
}

const std::vector<Attendee> kThree = {{1, "Bytom", false}, {2, "Gliwice", false}, {1, "Ewa", true}};

// "02-16 2 -Bytom(Rada) !Ewa()": day, who is free, who cannot, which experts cannot.
std::vector<std::string> describe(const std::vector<DateProposal>& proposals) {
  std::vector<std::string> texts;
  for (const auto& one : proposals) {
    const Date date{std::chrono::floor<std::chrono::days>(one.starts)};
    std::string text = std::to_string(static_cast<unsigned>(date.month())) + "-" +
                       std::to_string(static_cast<unsigned>(date.day())) + " " +
                       std::to_string(one.free_institutions);
    for (const auto& away : one.institutions) text += " -" + away.name + "(" + away.reason + ")";
    for (const auto& away : one.experts) text += " !" + away.name + "(" + away.reason + ")";
    if (one.bridge) text += " bridge";
    texts.push_back(text);
  }
  return texts;
}

std::vector<std::string> find(const DateWish& wish, const std::vector<Hindrance>& hindrances = {},
                              const std::vector<Recess>& recesses = {}) {
  return describe(
      find_dates(wish, kThree, hindrances, recesses, narada::calendar::polish_holiday_name));
}

}  // namespace

TEST_CASE("the best days come first: experts, then institutions, then no bridge, then early") {
  const std::vector<Hindrance> hindrances = {
      {1, true, wall(2, 15, 9), wall(2, 15, 11), ""},
      {1, false, wall(2, 16, 0), wall(2, 17, 0), "Rada"},
      {1, false, wall(2, 16, 11), wall(2, 16, 12), "Później"},
      {2, false, wall(2, 17, 12), wall(2, 17, 13), "Webinar"},
      {1, false, wall(2, 17, 12), wall(2, 17, 13), "Webinar"},
      {9, false, wall(2, 18, 10), wall(2, 18, 14), "Cudze"},
      {1, true, wall(2, 18, 14), wall(2, 18, 15), "Zaraz po"}};
  CHECK(find(wish(day(2, 15), day(2, 19)), hindrances) ==
        std::vector<std::string>{"2-18 2", "2-19 2", "2-16 1 -Bytom(Rada)",
                                 "2-17 0 -Bytom(Webinar) -Gliwice(Webinar)", "2-15 2 !Ewa()"});
}

TEST_CASE("recesses are of one institution or of everybody") {
  Recess all;
  all.title = "Ferie";
  all.first = day(2, 15);
  all.last = day(2, 16);
  Recess one = all;
  one.institution = InstitutionId{2};
  one.title = "Sesja";
  one.first = one.last = day(2, 17);
  CHECK(find(wish(day(2, 15), day(2, 18)), {}, {all, one}) ==
        std::vector<std::string>{"2-18 2", "2-17 1 -Gliwice(Sesja)",
                                 "2-15 0 -Bytom(Ferie) -Gliwice(Ferie)",
                                 "2-16 0 -Bytom(Ferie) -Gliwice(Ferie)"});
}

TEST_CASE("holidays and other weekdays are left out, bridge days come after others") {
  // 27 May 2027 is Corpus Christi, a Thursday.
  CHECK(find(wish(day(5, 26), day(5, 31))) ==
        std::vector<std::string>{"5-26 2", "5-31 2", "5-28 2 bridge"});
  auto tuesdays = wish(day(2, 1), day(2, 28));
  tuesdays.weekdays = {false, true, false, false, false, false, false};
  CHECK(find(tuesdays) == std::vector<std::string>{"2-2 2", "2-9 2", "2-16 2", "2-23 2"});
  CHECK(find(wish(day(1, 4), day(12, 31))).size() == kMostProposals);
}

TEST_CASE("a wish that makes no sense is told which field is wrong") {
  const auto fields = [](const DateWish& wish) {
    std::string text;
    for (const auto& error : find_wish_errors(wish)) text += error.field + ":" + error.code + " ";
    return text;
  };
  CHECK(fields(wish(day(2, 1), day(2, 1))) == "");
  CHECK(fields(wish(day(2, 30), day(2, 1))) == "first:invalid_date ");
  CHECK(fields(wish(day(2, 2), day(2, 1))) == "last:ends_before_start ");
  CHECK(fields(wish(day(2, 1), std::chrono::year{2028} / 2 / 3)) == "last:search_too_long ");
  auto none = wish(day(2, 1), day(2, 2));
  none.weekdays.fill(false);
  none.duration_minutes = 5;
  CHECK(fields(none) == "weekdays:required duration_minutes:out_of_range ");
}
