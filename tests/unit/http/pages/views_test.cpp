#include "service/http/pages/views.h"

#include <doctest/doctest.h>

#include "tests/unit/http/pages/page_of.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::http::pages;
using web::View;

TEST_CASE("a meeting is shown in the words of the page's language") {
  const PageOf polish("/"), english("/en/");
  const auto pl = meeting_view(*polish, sample_meeting());
  CHECK(pl["url"] == "/spotkania/makiety-i-testy");
  CHECK(pl["eyebrow"] == "warsztat");
  CHECK(pl["when"] == "czwartek, 21 stycznia 2027, 9:30\u2060–\u206015:30");
  CHECK(pl["datetime"] == "2027-01-21T09:30:00+01:00");
  CHECK(pl["where"] == "Centrum 3.0, Gliwice");
  CHECK(pl["tag"]["text"] == "Zapisy otwarte");
  CHECK(pl["seats"][0]["text"] == "12 wolnych z 40");
  const auto en = meeting_view(*english, sample_meeting());
  CHECK(en["url"] == "/en/spotkania/makiety-i-testy");
  CHECK(en["eyebrow"] == "workshop");
  CHECK(en["when"] == "Thursday, 21 January 2027, 9:30\u2060–\u206015:30");
  CHECK(en["seats"][0]["text"] == "12 of 40 free");
}

TEST_CASE("where one attends is said in one line") {
  const PageOf page("/");
  auto meeting = sample_meeting();
  const auto line = [&] {
    const auto view = meeting_view(*page, meeting);
    return view["mode"].get<std::string>() + ": " + view["where"].get<std::string>();
  };
  CHECK(line() == "onsite: Centrum 3.0, Gliwice");
  meeting.online = {true, 60, 0, 0, 0};
  CHECK(line() == "hybrid: Centrum 3.0, Gliwice i online");
  meeting.place_names.push_back("Ratusz, Bytom");
  CHECK(line() == "hybrid: Centrum 3.0, Gliwice; Ratusz, Bytom i online");
  meeting.place_names.clear();
  meeting.onsite = {};
  CHECK(line() == "online: Online");
}

TEST_CASE("the state of a meeting has its word and colour") {
  struct Row {
    const char* name;
    void (*change)(domain::Meeting&);
    const char* text;
    const char* color;
  };
  const Row rows[] = {
      {"open", [](domain::Meeting&) {}, "Zapisy otwarte", "success"},
      {"not yet",
       [](domain::Meeting& meeting) {
         meeting.window.opens_at = std::chrono::sys_days(std::chrono::year(2027) / 1 / 10);
       },
       "Zapisy od 10 stycznia 2027", "accent"},
      {"closed",
       [](domain::Meeting& meeting) {
         meeting.window.closes_at = std::chrono::sys_days(std::chrono::year(2027) / 1 / 3);
       },
       "Zapisy zamknięte", "neutral"},
      {"full, with a line", [](domain::Meeting& meeting) { meeting.onsite.confirmed = 40; },
       "Brak miejsc, lista rezerwowa", "warning"},
      {"cancelled",
       [](domain::Meeting& meeting) { meeting.status = domain::MeetingStatus::cancelled; },
       "Odwołane", "danger"},
  };
  const PageOf page("/");
  for (const auto& row : rows) {
    CAPTURE(row.name);
    auto meeting = sample_meeting();
    row.change(meeting);
    const auto state = state_view(*page, meeting);
    CHECK(state["text"] == std::string(row.text));
    CHECK(state["color"] == std::string(row.color));
  }
}

TEST_CASE("the timeline marks what is over, what comes next and where the reader is") {
  const PageOf page("/");
  std::vector<domain::MeetingSummary> sessions(4, sample_meeting());
  const int days[] = {-40, 3, 10, 40};
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    sessions[i].id = {static_cast<std::int64_t>(i + 1)};
    sessions[i].times.starts_at += std::chrono::days(days[i]);
    sessions[i].times.ends_at += std::chrono::days(days[i]);
  }
  sessions[1].status = domain::MeetingStatus::cancelled;
  const auto timeline = timeline_view(*page, sessions, {3});
  std::vector<std::string> states;
  for (const auto& step : timeline)
    states.push_back(step["state"].get<std::string>() + (step["current"] ? " here" : ""));
  CHECK(states == std::vector<std::string>{"done", "done", "now here", "next"});
}

TEST_CASE("initials are letters, not bytes") {
  const PageOf page("/");
  const auto initials = [&](const std::string& name) {
    return expert_views(*page, {{{1}, "x", name, "", domain::ExpertKind::person}})[0]["initials"];
  };
  CHECK(initials("Ewa Żółkowska") == "EŻ");
  CHECK(initials("Łukasz") == "Ł");
  CHECK(initials("Ćwikła-Świerk Anna") == "ĆŚ");
  CHECK(initials("") == "");
}

TEST_CASE("an institution has its code in its address when it has one") {
  CHECK(institution_path({{1},
                          "gliwice",
                          "2466011",
                          "Gliwice",
                          domain::InstitutionKind::city_with_county_rights,
                          {}}) == "/gminy/2466011-gliwice");
  CHECK(institution_path({{2}, "gzm", {}, "GZM", domain::InstitutionKind::metropolis, {}}) ==
        "/gminy/gzm");
}

TEST_CASE("whatever goes into an address is encoded") {
  CHECK(encode_component("a b&c=d/e?ż~-._") == "a%20b%26c%3Dd%2Fe%3F%C5%BC~-._");
}
