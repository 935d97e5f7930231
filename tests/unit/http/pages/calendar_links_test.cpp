#include "service/http/pages/calendar_links.h"

#include <doctest/doctest.h>

#include "tests/unit/http/pages/page_of.h"

using namespace narada;
using namespace narada::testing;
using http::pages::calendar_links;
using web::View;

TEST_CASE("a meeting with hours enters calendars in UTC") {
  const PageOf page("/spotkania/makiety-i-testy");
  CHECK(calendar_links(*page, sample_meeting(), "Centrum 3.0, Gliwice") ==
        View{{"ics_url", "/spotkania/makiety-i-testy.ics"},
             {"google_url",
              "https://calendar.google.com/calendar/render?action=TEMPLATE"
              "&text=Makiety%20i%20testy&dates=20270121T083000Z%2F20270121T143000Z"
              "&location=Centrum%203.0%2C%20Gliwice"
              "&details=https%3A%2F%2Fnarada.example%2Fspotkania%2Fmakiety-i-testy"},
             {"outlook_url",
              "https://outlook.office.com/calendar/deeplink/compose"
              "?subject=Makiety%20i%20testy&startdt=2027-01-21T08%3A30%3A00Z"
              "&enddt=2027-01-21T14%3A30%3A00Z&location=Centrum%203.0%2C%20Gliwice"
              "&body=https%3A%2F%2Fnarada.example%2Fspotkania%2Fmakiety-i-testy"}});
}

TEST_CASE("a meeting of whole days enters calendars as days, the last left out") {
  const PageOf page("/en/spotkania/makiety-i-testy");
  const auto links = calendar_links(*page, meeting_of_days(), "");
  CHECK(links["ics_url"] == "/en/spotkania/makiety-i-testy.ics");
  CHECK(links["google_url"].get<std::string>().find("&dates=20261202%2F20261204&") !=
        std::string::npos);
  CHECK(links["outlook_url"].get<std::string>().find(
            "&startdt=2026-12-02&enddt=2026-12-04&allday=true&") != std::string::npos);
}

TEST_CASE("a title never becomes a parameter of the calendar's address") {
  const PageOf page("/");
  auto meeting = sample_meeting();
  meeting.title = "Woda & ścieki?#dates=1";
  const auto link = calendar_links(*page, meeting, "a&b")["google_url"].get<std::string>();
  CHECK(link.find("&text=Woda%20%26%20%C5%9Bcieki%3F%23dates%3D1&dates=2027") != std::string::npos);
  CHECK(link.find("&location=a%26b&") != std::string::npos);
}
