#include <doctest/doctest.h>

#include "tests/http/api/api_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

using Names = std::vector<std::string>;

// A person with one field replaced, or without it when the value is discarded.
json person_with(const char* field, const json& value) {
  json person = person_json(1);
  person[field] = value;
  return person;
}
json person_without(const char* field) {
  json person = person_json(1);
  person.erase(field);
  return person;
}

struct World {
  ApiSite site;
  ApiClient organizer = site.organizer();
  ApiClient visitor = site.visitor();
};

Answer post_raw(ApiClient& client, const std::string& path, const std::string& body,
                const std::string& type = "application/json") {
  return client.send("POST", path, body, {{"Content-Type", type}});
}

}  // namespace

TEST_CASE("a registration that breaks a rule is 422 and names field and rule") {
  World world;
  const std::string path =
      "/api/v1/meetings/" + published_meeting(world.organizer) + "/registrations";
  struct Row {
    std::string name;
    json body;
    Names errors;
  };
  const std::string long_name(201, 'a');
  const Row rows[] = {
      {"nothing at all",
       json::object(),
       {"full_name required", "email required", "institution required",
        "consent consent_required"}},
      {"no name", person_without("full_name"), {"full_name required"}},
      {"blank name", person_with("full_name", "   "), {"full_name required"}},
      {"null name", person_with("full_name", nullptr), {"full_name required"}},
      {"name of one letter", person_with("full_name", "A"), {"full_name too_short"}},
      {"long name", person_with("full_name", long_name), {"full_name too_long"}},
      {"name with a line break",
       person_with("full_name", "Anna\r\nBcc: x"),
       {"full_name control_characters"}},
      {"name with NUL",
       person_with("full_name", std::string("A\0nna", 5)),
       {"full_name control_characters"}},
      {"name turned around",
       person_with("full_name", "Anna \u202e Nowak"),
       {"full_name control_characters"}},
      {"name is a number", person_with("full_name", 7), {"full_name wrong_type"}},
      {"name is a list", person_with("full_name", {"Anna"}), {"full_name wrong_type"}},
      {"name is an object",
       person_with("full_name", {{"first", "Anna"}}),
       {"full_name wrong_type"}},
      {"no e-mail", person_without("email"), {"email required"}},
      {"e-mail without @", person_with("email", "anna"), {"email invalid_email"}},
      {"e-mail without a dot", person_with("email", "anna@gmina"), {"email invalid_email"}},
      {"two addresses", person_with("email", "a@b.example,c@d.example"), {"email invalid_email"}},
      {"address with brackets", person_with("email", "<a@b.example>"), {"email invalid_email"}},
      {"address with a command",
       person_with("email", "a@b.example>\r\nRCPT TO:<c@d.example"),
       {"email control_characters"}},
      {"long e-mail",
       person_with("email", std::string(250, 'a') + "@b.example"),
       {"email too_long"}},
      {"e-mail is true", person_with("email", true), {"email wrong_type"}},
      {"no institution", person_without("institution"), {"institution required"}},
      {"unknown TERYT", person_with("institution", "9999999"), {"institution unknown_institution"}},
      {"unknown id", person_with("institution", 999999), {"institution unknown_institution"}},
      {"two of that name",
       person_with("institution", "Zgierz"),
       {"institution ambiguous_institution"}},
      {"institution is an object",
       person_with("institution", {{"teryt", "2466011"}}),
       {"institution wrong_type"}},
      {"long position", person_with("position", long_name), {"position too_long"}},
      {"unknown mode", person_with("mode", "phone"), {"mode unknown_value"}},
      {"mode is a number", person_with("mode", 1), {"mode wrong_type"}},
      {"mode not offered", person_with("mode", "online"), {"mode mode_not_offered"}},
      {"long needs", person_with("needs", std::string(2001, 'a')), {"needs too_long"}},
      {"question with a bell",
       person_with("question", "co\u0007"),
       {"question control_characters"}},
      {"no consent", person_without("consent"), {"consent consent_required"}},
      {"consent refused", person_with("consent", false), {"consent consent_required"}},
      {"consent as text", person_with("consent", "true"), {"consent wrong_type"}},
      {"unknown language", person_with("language", "de"), {"language unknown_value"}},
      {"unknown field", person_with("role", "admin"), {"role unknown_field"}},
      {"everything",
       {{"full_name", 5}, {"email", "x"}, {"institution", nullptr}, {"consent", 1}, {"z", 1}},
       {"full_name wrong_type", "consent wrong_type", "z unknown_field", "email invalid_email",
        "institution required"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Answer answer = world.visitor.post(path, row.body);
    CHECK(answer.status == 422);
    CHECK(answer.header("Content-Type") == "application/problem+json");
    CHECK(answer.errors() == row.errors);
  }
  CHECK(world.site.world().count("registration") == 0);
  CHECK(world.site.world().count("outgoing_mail") == 0);
}

TEST_CASE("a meeting that does not take people says why") {
  World world;
  const auto refused = [&](const json& meeting, const std::string& rule) {
    const std::string id = published_meeting(world.organizer, meeting);
    const Answer answer =
        world.visitor.post("/api/v1/meetings/" + id + "/registrations", person_json(1));
    CAPTURE(rule);
    CHECK(answer.status == 422);
    CHECK(answer.errors() == Names{rule});
    return answer;
  };
  json early = meeting_json();
  early["registration"] = {{"opens_at", "2027-01-10T08:00:00+01:00"}};
  const Answer too_early = refused(early, " window_not_open");
  CHECK(too_early.body["errors"][0]["detail"] ==
        "Zapisy jeszcze się nie zaczęły. Zaczną się 10.01.2027 08:00.");
  json late = meeting_json();
  late["registration"] = {{"closes_at", "2027-01-03T16:00:00+01:00"}};
  refused(late, " window_closed");
  json past = meeting_json();
  past["starts_at"] = "2027-01-04T09:00:00+01:00";
  past["ends_at"] = "2027-01-04T12:00:00+01:00";
  refused(past, " meeting_past");
  json full = meeting_json("Pełne", 1);
  full["waitlist"] = false;
  const std::string id = published_meeting(world.organizer, full);
  const std::string path = "/api/v1/meetings/" + id + "/registrations";
  CHECK(world.visitor.post(path, person_json(1)).status == 201);
  CHECK(world.visitor.post(path, person_json(2)).errors() == Names{" full"});
  REQUIRE(
      world.organizer.post("/api/v1/meetings/" + id + "/cancel", {{"reason", "Remont"}}).status ==
      200);
  CHECK(world.visitor.post(path, person_json(3)).errors() == Names{" meeting_cancelled"});
}

TEST_CASE("a body that is no JSON object is refused by its kind") {
  World world;
  const std::string path =
      "/api/v1/meetings/" + published_meeting(world.organizer) + "/registrations";
  struct Row {
    std::string name;
    std::string body;
    int status;
    const char* code;
  };
  const Row rows[] = {{"nothing", "", 400, "invalid_json"},
                      {"text", "anna", 400, "invalid_json"},
                      {"form", "full_name=Anna", 400, "invalid_json"},
                      {"cut", R"({"full_name": "An)", 400, "invalid_json"},
                      {"not UTF-8", "{\"full_name\": \"\xb1\xea\"}", 400, "invalid_json"},
                      {"NUL", std::string("{}\0", 3), 400, "invalid_json"},
                      {"key twice", R"({"email": "a", "email": "b"})", 400, "duplicate_key"},
                      {"deep", std::string(1000, '['), 400, "too_deep"},
                      {"list", "[]", 422, "invalid"},
                      {"null", "null", 422, "invalid"}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Answer answer = post_raw(world.visitor, path, row.body);
    CHECK(answer.status == row.status);
    CHECK(answer.body["code"] == row.code);
  }
  CHECK(post_raw(world.visitor, path, "{}", "text/plain").status == 415);
  CHECK(post_raw(world.visitor, path, "a=b", "application/x-www-form-urlencoded").status == 415);
  CHECK(world.visitor.send("POST", path, "{}").status == 415);
}

TEST_CASE("a body beyond the limit is 413") {
  World world;
  const std::string path =
      "/api/v1/meetings/" + published_meeting(world.organizer) + "/registrations";
  const Answer answer =
      post_raw(world.visitor, path, "{\"needs\": \"" + std::string(300 * 1024, 'a') + "\"}");
  CHECK(answer.status == 413);
  CHECK(world.visitor.get("/api/v1/meetings").status == 200);
}

TEST_CASE("a meeting that breaks rules names every one of them") {
  World world;
  struct Row {
    std::string name;
    json change;
    Names errors;
  };
  const Row rows[] = {
      {"no title", {{"title", ""}}, {"title required"}},
      {"long title", {{"title", std::string(301, 'a')}}, {"title too_long"}},
      {"ends before it starts",
       {{"ends_at", "2027-01-19T09:00:00+01:00"}},
       {"ends_at ends_before_start"}},
      {"no such day", {{"starts_at", "2027-02-30T09:00:00+01:00"}}, {"starts_at invalid_time"}},
      {"no such hour",
       {{"starts_at", "2027-03-28T02:30"}, {"ends_at", "2027-03-28T06:00"}},
       {"starts_at nonexistent_time"}},
      {"no start", {{"starts_at", nullptr}}, {"starts_at required"}},
      {"unknown topic", {{"topic", "nie-ma"}}, {"topic unknown_topic"}},
      {"unknown cycle", {{"cycle", 999}}, {"cycle unknown_cycle"}},
      {"unknown zone", {{"tzid", "Europe/Warszawa"}}, {"tzid unknown_zone"}},
      {"unknown host",
       {{"places", {{{"name", "X"}, {"institution", "9999999"}}}}},
       {"places[0].institution unknown_institution"}},
      {"place without a name", {{"places", {{{"address", "X"}}}}}, {"places[0].name required"}},
      {"unsafe link", {{"online_url", "javascript:alert(1)"}}, {"online_url invalid_url"}},
      {"negative places", {{"capacity", {{"onsite", -1}}}}, {"capacity.onsite out_of_range"}},
      {"too many places", {{"capacity", {{"onsite", 100001}}}}, {"capacity.onsite out_of_range"}},
      {"window the wrong way",
       {{"registration",
         {{"opens_at", "2027-01-10T08:00:00Z"}, {"closes_at", "2027-01-09T08:00:00Z"}}}},
       {"registration.closes_at ends_before_start"}},
      {"window before all time",
       {{"registration", {{"opens_at", "0001-01-01T00:00:00+14:00"}}}},
       {"registration.opens_at out_of_range"}},
      {"window after all time",
       {{"registration", {{"closes_at", "9999-12-31T23:59:59-23:59"}}}},
       {"registration.closes_at out_of_range"}},
      {"unknown expert", {{"experts", {"nikt"}}}, {"experts[0] unknown_expert"}},
      {"two rules",
       {{"title", " "}, {"source_url", "x"}},
       {"title required", "source_url invalid_url"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    json meeting = meeting_json();
    meeting.update(row.change);
    const Answer answer = world.organizer.post("/api/v1/meetings", meeting);
    CHECK(answer.status == 422);
    CHECK(answer.errors() == row.errors);
  }
  CHECK(world.site.world().count("meeting") == 0);
}

TEST_CASE("a plan and a cycle that break rules name their fields as the API does") {
  World world;
  const json good = {{"first", "2027-01-01"},
                     {"count", 6},
                     {"every", {{"months", 1}, {"weekday", "tue"}, {"nth", 3}}}};
  struct Row {
    std::string name;
    json change;
    Names errors;
  };
  const Row rows[] = {{"none", {{"count", 0}}, {"count out_of_range"}},
                      {"too many", {{"count", 61}}, {"count out_of_range"}},
                      {"fifth Tuesday",
                       {{"every", {{"months", 1}, {"weekday", "tue"}, {"nth", 5}}}},
                       {"every.nth out_of_range"}},
                      {"too rare", {{"every", {{"months", 13}}}}, {"every.months out_of_range"}},
                      {"too short", {{"duration_minutes", 5}}, {"duration_minutes out_of_range"}},
                      {"far away", {{"first", "2300-01-01"}}, {"first out_of_range"}},
                      {"no such time", {{"time", "24:00"}}, {"time invalid_time"}}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    json plan = good;
    plan.update(row.change);
    CHECK(world.organizer.post("/api/v1/cycles/plan", plan).errors() == row.errors);
    Names prefixed;
    for (const std::string& error : row.errors) prefixed.push_back("plan." + error);
    CHECK(world.organizer.post("/api/v1/cycles", {{"title", "X"}, {"plan", plan}}).errors() ==
          prefixed);
  }
  CHECK(world.organizer
            .post("/api/v1/cycles", {{"title", "X"}, {"plan", good}, {"meetings", json::array()}})
            .errors() == Names{"plan excludes_meetings"});
  CHECK(
      world.organizer
          .post("/api/v1/cycles",
                {{"title", "X"},
                 {"institutions", {{{"teryt", "9999999"}, {"role", "pilot"}}, {{"role", "boss"}}}}})
          .errors() ==
      Names{"institutions[1].institution required", "institutions[1].role unknown_value"});
  CHECK(world.site.world().count("cycle") == 0);
}

TEST_CASE("query parameters are checked and named, unknown ones ignored") {
  World world;
  struct Row {
    std::string path;
    Names errors;
  };
  const Row rows[] = {
      {"/api/v1/meetings?limit=0", {"limit out_of_range"}},
      {"/api/v1/meetings?limit=201", {"limit out_of_range"}},
      {"/api/v1/meetings?limit=", {"limit out_of_range"}},
      {"/api/v1/meetings?limit=ten", {"limit out_of_range"}},
      {"/api/v1/meetings?limit=1&limit=2", {"limit repeated"}},
      {"/api/v1/meetings?cursor=x", {"cursor invalid_cursor"}},
      {"/api/v1/meetings?from=2027-13-01&to=yesterday", {"from invalid_date", "to invalid_date"}},
      {"/api/v1/meetings?form=picnic&status=lost", {"form unknown_value", "status unknown_value"}},
      {"/api/v1/practices?type=x&area=y", {"type unknown_value", "area unknown_value"}},
      {"/api/v1/institutions?municipalities_only=maybe", {"municipalities_only unknown_value"}},
      {"/api/v1/topics?cursor=99", {"cursor invalid_cursor"}},
      {"/api/v1/search", {"q required"}},
      {"/api/v1/search?q=%20", {"q required"}},
      {"/api/v1/search?q=a&cursor=meeting:x", {"cursor invalid_cursor"}},
      {"/api/v1/search?q=a&kind=people", {"kind unknown_value"}}};
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const Answer answer = world.visitor.get(row.path);
    CHECK(answer.status == 422);
    CHECK(answer.errors() == row.errors);
  }
  CHECK(world.visitor.get("/api/v1/meetings?q=" + std::string(501, 'a')).errors() ==
        Names{"q too_long"});
  CHECK(world.visitor.get("/api/v1/meetings?utm_source=x&limit=200").status == 200);
  CHECK(world.visitor.get("/api/v1/meetings?q=%FF").status == 400);
}

TEST_CASE("names that break HTML, SQL and calendars come back as they were typed") {
  World world;
  const char* titles[] = {"<script>alert(1)</script>",
                          "'; DROP TABLE meeting; --",
                          "{{title}} %s %n",
                          "=cmd|' /C calc'!A0",
                          "Zażółć gęślą jaźń 🏛️",
                          "a,b;c:d\\n",
                          "𝒳 \"quoted\""};
  for (const char* title : titles) {
    CAPTURE(title);
    const Answer created = world.organizer.post("/api/v1/meetings", meeting_json(title));
    REQUIRE(created.status == 201);
    CHECK(world.organizer.get("/api/v1/meetings/" + created.body["id"].dump()).body["title"] ==
          title);
  }
}
