#include <doctest/doctest.h>

#include <set>

#include "tests/http/api/api_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

// Every item of a list, page by page; each page but the last must be full.
std::vector<json> all_pages(ApiClient& client, const std::string& path, int limit) {
  std::vector<json> items;
  std::string cursor;
  for (int page = 0; page < 100; ++page) {
    const std::string separator = path.find('?') == std::string::npos ? "?" : "&";
    const Answer answer = client.get(
        path + separator + "limit=" + std::to_string(limit) +
        (cursor.empty() ? "" : "&cursor=" + httplib::detail::encode_query_param(cursor)));
    REQUIRE(answer.status == 200);
    for (const json& item : answer.body["items"]) items.push_back(item);
    if (answer.body["next"].is_null()) return items;
    CHECK(answer.body["items"].size() == static_cast<std::size_t>(limit));
    cursor = answer.body["next"].get<std::string>();
  }
  FAIL("a list without an end");
  return items;
}

std::vector<std::string> titles(const std::vector<json>& items) {
  std::vector<std::string> all;
  for (const json& item : items) all.push_back(item["title"].get<std::string>());
  return all;
}

struct World {
  ApiSite site;
  ApiClient organizer = site.organizer();
  ApiClient visitor = site.visitor();

  void add_meetings(int count) {
    for (int number = 1; number <= count; ++number) {
      json meeting = meeting_json("Spotkanie " + std::to_string(number));
      const std::string day =
          "2027-02-" + std::string(number < 10 ? "0" : "") + std::to_string(number);
      meeting["starts_at"] = day + "T10:00:00+01:00";
      meeting["ends_at"] = day + "T12:00:00+01:00";
      published_meeting(organizer, meeting);
    }
  }
};

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("pages of any size give the same items in the same order") {
  World world;
  world.add_meetings(7);
  const auto whole = all_pages(world.visitor, "/api/v1/meetings", 200);
  CHECK(titles(whole) == Titles{"Spotkanie 1", "Spotkanie 2", "Spotkanie 3", "Spotkanie 4",
                                "Spotkanie 5", "Spotkanie 6", "Spotkanie 7"});
  for (const int limit : {1, 2, 3, 7}) {
    CAPTURE(limit);
    CHECK(all_pages(world.visitor, "/api/v1/meetings", limit) == whole);
    CHECK(all_pages(world.visitor, "/api/v1/search?q=Spotkanie", limit).size() == 7);
    CHECK(all_pages(world.visitor, "/api/v1/institutions", limit).size() == 4);
  }
  auto newest = whole;
  std::reverse(newest.begin(), newest.end());
  CHECK(all_pages(world.visitor, "/api/v1/meetings?newest_first=true", 2) == newest);
}

TEST_CASE("a list's cursor is none for another list") {
  World world;
  world.add_meetings(2);
  const auto cursor = world.visitor.get("/api/v1/meetings?limit=1").body["next"];
  REQUIRE(cursor.is_string());
  const std::string text = cursor.get<std::string>();
  CHECK(world.visitor.get("/api/v1/meetings?limit=1&cursor=" + text).status == 200);
  for (const std::string& path :
       {"/api/v1/meetings?cursor=" + text + "x",
        "/api/v1/meetings?newest_first=true&cursor=" + text, "/api/v1/cycles?cursor=" + text,
        "/api/v1/practices?cursor=" + text, "/api/v1/search?q=a&cursor=cycle:" + text,
        "/api/v1/institutions?cursor=" + text, "/api/v1/experts?cursor=" + text}) {
    CAPTURE(path);
    const Answer answer = world.visitor.get(path);
    CHECK(answer.status == 422);
    CHECK(answer.errors() == std::vector<std::string>{"cursor invalid_cursor"});
  }
}

TEST_CASE("filters narrow the list of meetings") {
  World world;
  world.add_meetings(3);
  json online = meeting_json("Zdalnie o Zgierzu");
  online["form"] = "webinar";
  online["topic"] = nullptr;
  online["places"] = json::array();
  online["online_url"] = "https://pokoj.example/1";
  online["capacity"] = {{"online", nullptr}};
  online["presenting"] = {"1020031"};
  published_meeting(world.organizer, online);
  struct Row {
    std::string query;
    Titles titles;
  };
  const Titles three{"Spotkanie 1", "Spotkanie 2", "Spotkanie 3"};
  const Row rows[] = {{"from=2027-02-02", {"Spotkanie 2", "Spotkanie 3"}},
                      {"to=2027-02-01", {"Zdalnie o Zgierzu", "Spotkanie 1"}},
                      {"from=2027-02-02&to=2027-02-02", {"Spotkanie 2"}},
                      {"form=webinar", {"Zdalnie o Zgierzu"}},
                      {"form=conference", {}},
                      {"mode=online", {"Zdalnie o Zgierzu"}},
                      {"topic=mobilnosc", three},
                      {"topic=nie-ma", {}},
                      {"institution=2466011", three},
                      {"institution=1020031", {"Zdalnie o Zgierzu"}},
                      {"q=zgierzu", {"Zdalnie o Zgierzu"}},
                      {"q=%25", {}},
                      {"status=cancelled", {}}};
  for (const Row& row : rows) {
    CAPTURE(row.query);
    CHECK(titles(all_pages(world.visitor, "/api/v1/meetings?" + row.query, 50)) == row.titles);
  }
}

TEST_CASE("search finds every kind of thing") {
  World world;
  REQUIRE(world.organizer
              .post("/api/v1/institutions", {{"name", "Instytut Zieleni"}, {"kind", "foundation"}})
              .status == 201);
  published_meeting(world.organizer, meeting_json("Zieleni jest więcej"));
  const Answer cycle = world.organizer.post("/api/v1/cycles", {{"title", "Cykl o zieleni"}});
  REQUIRE(world.organizer.post("/api/v1/cycles/" + cycle.body["id"].dump() + "/publish").status ==
          200);
  const Answer practice =
      world.organizer.post("/api/v1/practices", {{"title", "Uchwała o zieleni"},
                                                 {"type", "procedural"},
                                                 {"description", "Tekst."},
                                                 {"area", "technical_services"},
                                                 {"institutions", {"2466011"}},
                                                 {"source_url", "https://example.org/u"},
                                                 {"lead", "Wstęp"}});
  REQUIRE(practice.status == 201);
  REQUIRE(
      world.organizer.post("/api/v1/practices/" + practice.body["id"].dump() + "/publish").status ==
      200);
  std::vector<std::string> found;
  for (const json& item : all_pages(world.visitor, "/api/v1/search?q=zieleni", 1)) {
    found.push_back(item["kind"].get<std::string>() + " " + item["title"].get<std::string>());
  }
  std::sort(found.begin(), found.end());  // they come by relevance
  CHECK(found == Titles{"cycle Cykl o zieleni", "institution Instytut Zieleni",
                        "meeting Zieleni jest więcej", "practice Uchwała o zieleni"});
  CHECK(titles(all_pages(world.visitor, "/api/v1/search?q=zieleni&kind=practice", 5)) ==
        Titles{"Uchwała o zieleni"});
  CHECK(all_pages(world.visitor, "/api/v1/search?q=niczego%20takiego", 5).empty());
}

TEST_CASE("things are read by code, slug and id") {
  World world;
  for (const char* key : {"2466011", "gliwice"}) {
    CHECK(world.visitor.get("/api/v1/institutions/" + std::string(key)).body["name"] == "Gliwice");
  }
  const std::string id = world.visitor.get("/api/v1/institutions/gliwice").body["id"].dump();
  CHECK(world.visitor.get("/api/v1/institutions/" + id).body["teryt"] == "2466011");
  const std::string meeting = published_meeting(world.organizer);
  const Answer by_id = world.visitor.get("/api/v1/meetings/" + meeting);
  const std::string slug = by_id.body["slug"].get<std::string>();
  CHECK(world.visitor.get("/api/v1/meetings/" + slug).text == by_id.text);
  for (const char* path :
       {"/api/v1/meetings/nie-ma", "/api/v1/meetings/0", "/api/v1/meetings/-1",
        "/api/v1/meetings/99999999999999999999", "/api/v1/cycles/nie-ma", "/api/v1/experts/nie-ma",
        "/api/v1/institutions/9999999", "/api/v1/practices/%20", "/api/v1/nothing"}) {
    CAPTURE(std::string(path));
    CHECK(world.visitor.get(path).status == 404);
  }
}

TEST_CASE("institutions, topics and experts are added once") {
  World world;
  const json teryt = {{"name", "Kobiór"},
                      {"teryt", "2410042"},
                      {"kind", "rural_municipality"},
                      {"county", "pszczyński"},
                      {"voivodeship", "śląskie"},
                      {"position", {{"latitude", 50.06}, {"longitude", 18.93}}},
                      {"population", 4900},
                      {"aliases", {"Gmina Kobiór"}}};
  const Answer created = world.organizer.post("/api/v1/institutions", teryt);
  REQUIRE(created.status == 201);
  CHECK(created.body["position"] == teryt["position"]);
  CHECK(world.visitor.get(created.header("Location")).body == created.body);
  CHECK(world.organizer.post("/api/v1/institutions", teryt).errors() ==
        std::vector<std::string>{"teryt taken"});
  CHECK(world.visitor.get("/api/v1/institutions?q=Kobi%C3%B3r").body["items"].size() == 1);

  CHECK(world.organizer.post("/api/v1/topics", {{"name", "Zieleń"}, {"name_en", "Greenery"}})
            .status == 201);
  CHECK(world.organizer.post("/api/v1/topics", {{"name", "Zieleń"}}).errors() ==
        std::vector<std::string>{"name taken"});
  CHECK(all_pages(world.visitor, "/api/v1/topics", 1).size() == 2);

  const Answer expert = world.organizer.post(
      "/api/v1/experts", {{"name", "Fundacja Napraw"}, {"institution", "2466011"}});
  REQUIRE(expert.status == 201);
  CHECK(world.visitor.get(expert.header("Location")).body["kind"] == "organization");
  CHECK(world.visitor.get("/api/v1/experts?q=napraw").body["items"].size() == 1);
}

TEST_CASE("answers have the form that each request asks for") {
  World world;
  world.add_meetings(3);
  const Answer head = world.visitor.send("HEAD", "/api/v1/meetings");
  CHECK(head.status == 200);
  CHECK(head.text.empty());
  CHECK(head.header("ETag") == world.visitor.get("/api/v1/meetings").header("ETag"));
  const Answer options = world.visitor.send("OPTIONS", "/api/v1/meetings");
  CHECK(options.status == 204);
  CHECK(options.header("Allow") == "GET, HEAD, POST, OPTIONS");
  const Answer wrong = world.visitor.send("DELETE", "/api/v1/meetings");
  CHECK(wrong.status == 405);
  CHECK(wrong.header("Allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(wrong.body["code"] == "method_not_allowed");
  CHECK(options.header("Access-Control-Allow-Origin").empty());
  const Answer zipped = world.visitor.get("/api/v1/meetings", {{"Accept-Encoding", "gzip"}});
  CHECK(zipped.header("Content-Encoding") == "gzip");
  CHECK(zipped.body == world.visitor.get("/api/v1/meetings").body);
  const Answer english =
      world.visitor.get("/api/v1/meetings/nie-ma", {{"Accept-Language", "en-GB,en;q=0.9"}});
  CHECK(english.body["title"] == "Not found");
  CHECK(english.header("Content-Language") == "en");
}
