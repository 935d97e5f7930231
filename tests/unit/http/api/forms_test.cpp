#include "service/http/api/forms.h"

#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "calendar/zone.h"

using namespace narada;
using namespace narada::http;
using namespace std::chrono;
using domain::FieldError;
using domain::FieldErrors;
using nlohmann::json;

namespace {

// "field code" of each error, in order.
std::vector<std::string> names_of(const FieldErrors& errors) {
  std::vector<std::string> names;
  for (const FieldError& error : errors) names.push_back(error.field + " " + error.code);
  return names;
}

template <class Form, class Read>
std::vector<std::string> errors_of(const char* text, Form& form, const Read& read) {
  FieldErrors errors;
  const json body = json::parse(text);
  api::ObjectReader reader(body, errors);
  read(reader, form);
  return names_of(errors);
}

void read_whole_meeting(api::ObjectReader& reader, usecases::MeetingForm& form) {
  api::read_new_meeting(reader, form);
  reader.refuse_unknown();
}

domain::WallTime wall(int year, unsigned month, unsigned day_of_month, int minutes_of_day) {
  return local_days{year_month_day{std::chrono::year{year}, std::chrono::month{month},
                                   std::chrono::day{day_of_month}}} +
         minutes{minutes_of_day};
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("every field of a wrong type is named at once") {
  usecases::MeetingForm form;
  const auto names = errors_of(
      R"({"title": 5, "form": "picnic", "starts_at": "yesterday", "ends_at": 7, "tzid": "Mars/Base",
          "places": "here", "capacity": {"onsite": "forty", "online": -1, "moon": 3},
          "waitlist": "yes", "approval": null, "registration": [], "experts": [1.5, null, "x"],
          "program": [5, {"title": []}], "nonsense": 1})",
      form, read_whole_meeting);
  CHECK(names == Names{"title wrong_type", "form unknown_value", "tzid unknown_zone",
                       "starts_at invalid_time", "ends_at wrong_type", "places wrong_type",
                       "capacity.onsite wrong_type", "capacity.online out_of_range",
                       "capacity.moon unknown_field", "waitlist wrong_type", "approval wrong_type",
                       "registration wrong_type", "experts[0] wrong_type", "experts[1] required",
                       "program[0] wrong_type", "program[1].starts_minute required",
                       "program[1].ends_minute required", "program[1].title wrong_type",
                       "nonsense unknown_field"});
}

TEST_CASE("times come with an offset or as the wall clock of the zone") {
  struct Row {
    const char* starts_at;
    domain::WallTime expected;
  };
  const Row rows[] = {{"2027-01-21T09:30:00+01:00", wall(2027, 1, 21, 570)},
                      {"2027-01-21T08:30:00Z", wall(2027, 1, 21, 570)},
                      {"2027-07-21T08:30:00Z", wall(2027, 7, 21, 630)},
                      {"2027-01-21T09:30", wall(2027, 1, 21, 570)},
                      {"2027-01-21T09:30:00", wall(2027, 1, 21, 570)},
                      {"2027-01-21", wall(2027, 1, 21, 0)}};
  for (const Row& row : rows) {
    CAPTURE(row.starts_at);
    usecases::MeetingForm form;
    FieldErrors errors;
    const json body = {{"starts_at", row.starts_at}};
    api::ObjectReader reader(body, errors);
    api::read_meeting(reader, form);
    CHECK(names_of(errors) == Names{});
    CHECK(form.starts == row.expected);
  }
}

TEST_CASE("what a change leaves out stays, what it sets to null is emptied") {
  usecases::MeetingForm form;
  form.title = "A";
  form.summary = "B";
  form.topic = "c";
  form.starts = wall(2027, 1, 21, 570);
  form.onsite = {true, 40};
  form.places = {{"Ratusz", "", "", "", std::nullopt}};
  form.window.closes_at = sys_days{2027y / January / 19};
  usecases::MeetingForm changed = form;
  CHECK(errors_of(R"({"summary": null, "topic": null, "registration": {"closes_at": null},
                      "capacity": {"onsite": 50}})",
                  changed, api::read_meeting) == Names{});
  CHECK(changed.title == "A");
  CHECK(changed.summary.empty());
  CHECK(changed.topic.empty());
  CHECK(changed.starts == form.starts);
  CHECK(changed.places.size() == 1);
  CHECK(changed.onsite.capacity == 50);
  CHECK_FALSE(changed.window.closes_at);
}

TEST_CASE("capacity says which modes are offered") {
  struct Row {
    const char* name;
    const char* body;
    usecases::SeatsForm onsite;
    usecases::SeatsForm online;
  };
  const Row rows[] = {
      {"one mode", R"({"capacity": {"onsite": 40}})", {true, 40}, {false, std::nullopt}},
      {"no limit",
       R"({"capacity": {"online": null}})",
       {false, std::nullopt},
       {true, std::nullopt}},
      {"both", R"({"capacity": {"onsite": 4, "online": null}})", {true, 4}, {true, std::nullopt}},
      {"none online", R"({"capacity": {"onsite": 40, "online": 0}})", {true, 40}, {}},
      {"nothing said", R"({})", {true, std::nullopt}, {}},
      {"nothing said, with a link",
       R"({"online_url": "https://x.example"})",
       {},
       {true, std::nullopt}},
      {"nothing said, with both",
       R"({"online_url": "https://x.example", "places": [{"name": "Ratusz"}]})",
       {true, std::nullopt},
       {true, std::nullopt}}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    usecases::MeetingForm form;
    CHECK(errors_of(row.body, form, read_whole_meeting) == Names{});
    CHECK(form.onsite.offered == row.onsite.offered);
    CHECK(form.onsite.capacity == row.onsite.capacity);
    CHECK(form.online.offered == row.online.offered);
    CHECK(form.online.capacity == row.online.capacity);
  }
}

TEST_CASE("a plan is read in the words of the API") {
  domain::Plan plan{};
  CHECK(errors_of(R"({"first": "2027-01", "count": 6, "time": "09:30", "duration_minutes": 90,
                      "every": {"months": 1, "weekday": "thu", "nth": -1},
                      "avoid_holidays": false})",
                  plan, api::read_plan) == Names{});
  CHECK(plan.first == 2027y / January / 1);
  CHECK(plan.count == 6);
  CHECK(plan.every_months == 1);
  CHECK(plan.weekday == Thursday);
  CHECK(plan.nth == -1);
  CHECK(plan.starts_minute == 570);
  CHECK(plan.duration_minutes == 90);
  CHECK_FALSE(plan.avoid_holidays);
}

TEST_CASE("weeks keep the weekday of the first day unless another is named") {
  domain::Plan plan{};
  CHECK(errors_of(R"({"first": "2027-01-13", "every": {"weeks": 2}})", plan, api::read_plan) ==
        Names{});
  CHECK(plan.every_months == 0);
  CHECK(plan.every_weeks == 2);
  CHECK(plan.weekday == Wednesday);
}

TEST_CASE("a plan that cannot be read names its fields") {
  domain::Plan plan{};
  CHECK(errors_of(R"({"first": "2027-02-30", "count": "six", "time": "25:00",
                      "every": {"weeks": 1, "months": 1, "weekday": "someday", "x": 1}})",
                  plan, api::read_plan) ==
        Names{"first invalid_date", "count wrong_type", "every.weeks excludes_months",
              "every.weekday unknown_value", "every.x unknown_field", "time invalid_time"});
  domain::Plan empty{};
  CHECK(errors_of("{}", empty, api::read_plan) == Names{"first required", "every required"});
}

TEST_CASE("errors of a plan come back under the names that the API has for them") {
  const auto errors = api::plan_errors_for_api(
      {{"every_months", "out_of_range"}, {"starts_minute", "out_of_range"}, {"count", "x"}},
      "plan.");
  CHECK(names_of(errors) ==
        Names{"plan.every.months out_of_range", "plan.time out_of_range", "plan.count x"});
}

TEST_CASE("an institution is named by code, slug or id, as text or number") {
  for (const auto& [body, key] : {std::pair{R"({"institution": "2466011"})", "2466011"},
                                  {R"({"institution": 17})", "17"},
                                  {R"({"institution": "gliwice"})", "gliwice"}}) {
    usecases::RegistrationForm form;
    CHECK(errors_of(body, form, api::read_registration) == Names{});
    CHECK(form.institution == key);
  }
  for (const auto& [body, error] :
       {std::pair{R"({"institution": 0})", "institution out_of_range"},
        {R"({"institution": -4})", "institution out_of_range"},
        {R"({"institution": 1.5})", "institution wrong_type"},
        {R"({"institution": 99999999999999999999})", "institution wrong_type"},
        {R"({"institution": 18446744073709551615})", "institution out_of_range"},
        {R"({"institution": ["a"]})", "institution wrong_type"}}) {
    CAPTURE(body);
    usecases::RegistrationForm form;
    CHECK(errors_of(body, form, api::read_registration) == Names{error});
  }
}

TEST_CASE("whether others may see somebody is asked by the name visible, and is no by default") {
  for (const auto& [body, visible] :
       {std::pair{"{}", false}, {R"({"visible": true})", true}, {R"({"visible": false})", false}}) {
    CAPTURE(body);
    usecases::RegistrationForm form;
    CHECK(errors_of(body, form, api::read_registration) == Names{});
    CHECK(form.visible == visible);
  }
  usecases::RegistrationForm form;
  CHECK(errors_of(R"({"visible": "yes"})", form, api::read_registration) ==
        Names{"visible wrong_type"});
  usecases::RegistrationChange change;
  CHECK(errors_of("{}", change, api::read_registration_change) == Names{});
  CHECK_FALSE(change.visible.has_value());  // stays as it is
  CHECK(errors_of(R"({"visible": false})", change, api::read_registration_change) == Names{});
  CHECK(change.visible == false);
}

TEST_CASE("a field that nobody knows is named without repeating all of it") {
  usecases::RegistrationForm form;
  FieldErrors errors;
  std::string name;
  for (int i = 0; i < 1000; ++i) name += "ż";
  const json body = {{name, 1}};
  api::ObjectReader reader(body, errors);
  api::read_registration(reader, form);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == "unknown_field");
  CHECK(errors[0].field.size() == 60);
}
