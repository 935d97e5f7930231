#include "service/http/pages/structured_data.h"

#include <doctest/doctest.h>

#include "tests/unit/http/pages/page_of.h"

using namespace narada;
using namespace narada::testing;
using http::pages::meeting_json_ld;
using web::View;

namespace {

View described(const domain::Meeting& meeting) {
  const PageOf page("/spotkania/x");
  return View::parse(meeting_json_ld(*page, meeting));
}

}  // namespace

TEST_CASE("a meeting is described as schema.org's Event") {
  CHECK(described(sample_meeting()) ==
        View{{"@context", "https://schema.org"},
             {"@type", "Event"},
             {"name", "Makiety i testy"},
             {"startDate", "2027-01-21T09:30:00+01:00"},
             {"endDate", "2027-01-21T15:30:00+01:00"},
             {"eventStatus", "https://schema.org/EventScheduled"},
             {"eventAttendanceMode", "https://schema.org/OfflineEventAttendanceMode"},
             {"url", "https://narada.example/spotkania/makiety-i-testy"},
             {"inLanguage", "pl"},
             {"isAccessibleForFree", true},
             {"location",
              {{{"@type", "Place"},
                {"name", "Centrum 3.0"},
                {"address", "ul. Zwycięstwa 36, Gliwice"}}}}});
}

TEST_CASE("the description follows what becomes of a meeting") {
  auto meeting = sample_meeting();
  meeting.previous_starts = meeting.times.starts - std::chrono::days(7);
  CHECK(described(meeting)["eventStatus"] == "https://schema.org/EventRescheduled");
  CHECK(described(meeting)["previousStartDate"] == "2027-01-14T09:30:00+01:00");
  meeting.status = domain::MeetingStatus::cancelled;
  CHECK(described(meeting)["eventStatus"] == "https://schema.org/EventCancelled");
}

TEST_CASE("how one attends is said, and where that is on the net") {
  auto meeting = sample_meeting();
  meeting.online = {true, 60, 0, 0, 0};
  CHECK(described(meeting)["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode");
  CHECK(described(meeting)["location"].size() == 2);
  meeting.places.clear();
  CHECK(described(meeting)["eventAttendanceMode"] ==
        "https://schema.org/OnlineEventAttendanceMode");
  CHECK(described(meeting)["location"] ==
        View{{{"@type", "VirtualLocation"},
              {"url", "https://narada.example/spotkania/makiety-i-testy"}}});
  meeting.online_url = "https://wideo.example/pokoj";
  CHECK(described(meeting).dump().find("wideo.example") == std::string::npos);
}

TEST_CASE("whole days have no hours, and end on the last of them") {
  CHECK(described(meeting_of_days())["startDate"] == "2026-12-02");
  CHECK(described(meeting_of_days())["endDate"] == "2026-12-03");
}

TEST_CASE("a text cannot end the element that the description stands in") {
  const PageOf page("/");
  auto meeting = sample_meeting();
  meeting.title = "</script><!-- & \" \\ \xe2\x80\xa8 Ł";
  meeting.summary = "<![CDATA[";
  const auto text = meeting_json_ld(*page, meeting);
  CHECK(text.find_first_of("<>&") == std::string::npos);
  CHECK(View::parse(text)["name"] == meeting.title);
  CHECK(View::parse(text)["description"] == meeting.summary);
}

TEST_CASE("bytes that are no text do not keep the page from being shown") {
  auto meeting = sample_meeting();
  meeting.title = "Makiety \xb1";
  CHECK(described(meeting)["name"] == "Makiety \xef\xbf\xbd");
}
