#include <doctest/doctest.h>

#include <map>

#include "tests/http/api/api_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

// Who asks, in the order of the table's columns.
constexpr const char* kReaders[] = {"visitor",     "official",  "expert",
                                    "coordinator", "organizer", "admin"};

// The status that each reader gets for a call whose body is an empty object or empty. 401 and 403
// come before any look at the body; what the right readers get says only that they were let in.
struct Row {
  std::string call;
  std::vector<int> statuses;
};

const std::vector<int> kEverybody200(6, 200);
const std::vector<int> kEverybody422(6, 422);
std::vector<int> organizers(int status) { return {401, 403, 403, 403, status, status}; }

std::vector<Row> rows(const std::string& meeting, const std::string& cycle,
                      const std::string& registration, const std::string& mail) {
  const std::string m = "/api/v1/meetings/" + meeting;
  const std::string c = "/api/v1/cycles/" + cycle;
  const std::string r = "/api/v1/registrations/" + registration;
  return {
      {"GET /healthz", kEverybody200},
      {"GET /readyz", kEverybody200},
      {"GET /metrics", kEverybody200},
      {"GET /api/v1/openapi.json", kEverybody200},
      {"GET /api/v1/institutions", kEverybody200},
      {"POST /api/v1/institutions", organizers(422)},
      {"GET /api/v1/institutions/2466011", kEverybody200},
      {"GET /api/v1/topics", kEverybody200},
      {"POST /api/v1/topics", organizers(422)},
      {"GET /api/v1/experts", kEverybody200},
      {"POST /api/v1/experts", organizers(422)},
      {"GET /api/v1/experts/1", std::vector<int>(6, 404)},
      {"GET /api/v1/cycles", kEverybody200},
      {"POST /api/v1/cycles", organizers(422)},
      {"POST /api/v1/cycles/plan", organizers(422)},
      {"GET " + c, {404, 404, 404, 404, 200, 200}},  // a draft
      {"PATCH " + c, organizers(428)},
      {"POST " + c + "/enrolments", std::vector<int>(6, 404)},
      {"GET /api/v1/meetings", kEverybody200},
      {"POST /api/v1/meetings", organizers(422)},
      {"GET " + m, kEverybody200},
      {"PATCH " + m, organizers(428)},
      {"POST " + m + "/publish", organizers(200)},
      {"POST " + m + "/registrations", kEverybody422},
      {"GET " + m + "/registrations", organizers(200)},
      {"GET " + r, organizers(200)},
      {"PATCH " + r, organizers(428)},
      {"POST " + r + "/approve", organizers(409)},
      {"POST " + r + "/decline", organizers(409)},
      {"POST " + r + "/cancel", organizers(200)},
      {"POST /api/v1/enrolments/1/cancel", organizers(404)},
      {"GET /api/v1/practices", kEverybody200},
      {"POST /api/v1/practices", organizers(422)},
      {"GET /api/v1/practices/1", std::vector<int>(6, 404)},
      {"POST /api/v1/practices/1/publish", organizers(404)},
      {"GET /api/v1/search", kEverybody422},
      {"GET /api/v1/outgoing-mails", organizers(200)},
      {"GET /api/v1/outgoing-mails/" + mail, organizers(200)},
      {"POST " + m + "/cancel", organizers(200)},
      {"POST " + c + "/publish", organizers(200)},
  };
}

struct World {
  ApiSite site;
  ApiClient organizer = site.organizer();
  ApiClient visitor = site.visitor();
  std::string meeting = published_meeting(organizer);
  json registration =
      visitor.post("/api/v1/meetings/" + meeting + "/registrations", person_json(1)).body;
  std::string registration_path = "/api/v1/registrations/" + registration["id"].dump();

  std::string manage_token() const {
    const auto url = registration["manage_url"].get<std::string>();
    return url.substr(url.rfind('/') + 1);
  }
};

}  // namespace

TEST_CASE("every route gives every role what the table says") {
  World world;
  const std::string cycle =
      world.organizer.post("/api/v1/cycles", {{"title", "Cykl"}}).body["id"].dump();
  const std::string mail =
      world.organizer.get("/api/v1/outgoing-mails").body["items"][0]["id"].dump();
  std::vector<ApiClient> readers;
  readers.push_back(world.site.visitor());
  for (const auto role :
       {usecases::Role::official, usecases::Role::expert, usecases::Role::coordinator,
        usecases::Role::organizer, usecases::Role::admin}) {
    readers.push_back(world.site.client(world.site.token(role)));
  }
  std::set<std::string> tested;
  for (const Row& row : rows(world.meeting, cycle, world.registration["id"].dump(), mail)) {
    const std::size_t blank = row.call.find(' ');
    const std::string method = row.call.substr(0, blank);
    const std::string path = row.call.substr(blank + 1);
    const auto match = world.site.router().find(method == "GET"    ? http::Method::get
                                                : method == "POST" ? http::Method::post
                                                                   : http::Method::patch,
                                                path);
    tested.insert(method + " " + std::string(match.pattern));
    for (std::size_t reader = 0; reader < readers.size(); ++reader) {
      CAPTURE(row.call);
      CAPTURE(std::string(kReaders[reader]));
      const Answer answer =
          method == "GET"
              ? readers[reader].get(path)
              : readers[reader].send(method, path, "{}", {{"Content-Type", "application/json"}});
      CHECK(answer.status == row.statuses[reader]);
    }
  }
  // A route that the table does not know is a failure, not an omission.
  for (const auto& [method, pattern] : world.site.router().routes()) {
    CAPTURE(pattern);
    CHECK(tested.count(std::string(to_string(method)) + " " + pattern) == 1);
  }
}

TEST_CASE("a token that opens nothing is 401 even where nobody needs one") {
  World world;
  for (const char* authorization :
       {"Bearer wrong", "Bearer ", "Bearer", "Basic YTpi", "bearer x y", "x", ""}) {
    CAPTURE(std::string(authorization));
    const Answer answer = world.visitor.get("/api/v1/meetings", {{"Authorization", authorization}});
    CHECK(answer.status == 401);
    CHECK(answer.header("WWW-Authenticate") == "Bearer realm=\"narada\", error=\"invalid_token\"");
    CHECK(answer.header("Cache-Control") == "no-store");
  }
  CHECK(
      world.visitor.get("/api/v1/meetings", {{"Authorization", "Bearer " + std::string(5000, 'a')}})
          .status == 401);
  const Answer missing = world.visitor.get("/api/v1/outgoing-mails");
  CHECK(missing.status == 401);
  CHECK(missing.header("WWW-Authenticate") == "Bearer realm=\"narada\"");
  const std::string token = world.site.token(usecases::Role::organizer);
  CHECK(
      world.visitor.get("/api/v1/outgoing-mails", {{"Authorization", "bEARER " + token}}).status ==
      200);
}

TEST_CASE("a person's own link opens their registration and no other") {
  World world;
  const json other =
      world.visitor.post("/api/v1/meetings/" + world.meeting + "/registrations", person_json(2))
          .body;
  const Headers own = {{"X-Manage-Token", world.manage_token()}};
  const Answer mine = world.visitor.get(world.registration_path, own);
  CHECK(mine.status == 200);
  CHECK(mine.body["person"]["full_name"] == "Osoba 1");
  CHECK(mine.header("Cache-Control") == "no-store");

  const std::string foreign = "/api/v1/registrations/" + other["id"].dump();
  const Answer refused = world.visitor.get(foreign, own);
  Answer unknown = world.visitor.get("/api/v1/registrations/999999", own);
  CHECK(refused.status == 404);
  CHECK(unknown.status == 404);
  json left = refused.body;
  json right = unknown.body;
  left.erase("request_id");
  right.erase("request_id");
  CHECK(left == right);

  for (const char* call : {"/cancel", ""}) {
    CHECK(world.visitor.post(foreign + std::string(call), json::object(), own).status ==
          (*call == '\0' ? 405 : 404));
  }
  CHECK(world.visitor.patch(foreign, {{"needs", "x"}}, own).status == 404);
  CHECK(world.visitor.post(world.registration_path + "/approve", json::object(), own).status ==
        401);
  CHECK(world.visitor.post(world.registration_path + "/decline", json::object(), own).status ==
        401);
  CHECK(world.visitor.get(world.registration_path, {{"X-Manage-Token", "x"}}).status == 404);
  CHECK(world.visitor.get(world.registration_path, {{"X-Manage-Token", ""}}).status == 404);
  CHECK(world.visitor.get("/api/v1/meetings/" + world.meeting + "/registrations", own).status ==
        401);
}

TEST_CASE("a draft does not exist for those who may not see it") {
  World world;
  const json draft = world.organizer.post("/api/v1/meetings", meeting_json("Tajny szkic")).body;
  const std::string path = "/api/v1/meetings/" + draft["id"].dump();
  Answer hidden = world.visitor.get(path);
  Answer missing = world.visitor.get("/api/v1/meetings/999999");
  hidden.body.erase("request_id");
  missing.body.erase("request_id");
  CHECK(hidden.status == 404);
  CHECK(hidden.body == missing.body);
  CHECK(world.visitor.get("/api/v1/meetings?status=draft").body["items"].empty());
  CHECK(world.visitor.get("/api/v1/search?q=Tajny").body["items"].empty());
  CHECK(world.visitor.post(path + "/registrations", person_json(3)).status == 404);
  CHECK(world.organizer.get("/api/v1/meetings?status=draft").body["items"].size() == 1);
}

TEST_CASE("the address of the room online is not for everybody") {
  World world;
  json meeting = meeting_json("Hybrydowe");
  meeting["online_url"] = "https://pokoj.example/tajny";
  meeting["capacity"] = {{"onsite", 1}, {"online", nullptr}};
  const std::string id = published_meeting(world.organizer, meeting);
  const std::string path = "/api/v1/meetings/" + id;
  CHECK(world.organizer.get(path).body["online_url"] == "https://pokoj.example/tajny");
  CHECK(world.visitor.get(path).text.find("tajny") == std::string::npos);
  CHECK(world.visitor.get("/api/v1/meetings").text.find("tajny") == std::string::npos);
  const Answer receipt = world.visitor.post(path + "/registrations", person_json(5));
  CHECK(receipt.text.find("tajny") == std::string::npos);
}

TEST_CASE("a registration that comes back to a stranger says nothing about the person") {
  World world;
  const Answer again =
      world.visitor.post("/api/v1/meetings/" + world.meeting + "/registrations", person_json(1));
  CHECK(again.status == 200);
  CHECK(again.text.find("Osoba") == std::string::npos);
  CHECK(again.text.find("urzad.example") == std::string::npos);
  CHECK(again.text.find(world.manage_token()) == std::string::npos);
}

TEST_CASE("neither tokens nor people stand in the log") {
  World world;
  const std::string token = world.site.token(usecases::Role::admin);
  auto admin = world.site.client(token);
  admin.get(world.registration_path);
  admin.get("/api/v1/search?q=osoba1@urzad.example");
  world.visitor.get(world.registration_path, {{"X-Manage-Token", world.manage_token()}});
  world.visitor.get("/z/" + world.manage_token());
  world.visitor.get("/api/v1/institutions/osoba1@urzad.example");
  for (const std::string& line : world.site.log()) {
    CAPTURE(line);
    CHECK(line.find(token) == std::string::npos);
    CHECK(line.find(world.manage_token()) == std::string::npos);
    CHECK(line.find("urzad.example") == std::string::npos);
    CHECK(line.find("Osoba") == std::string::npos);
  }
  CHECK(world.site.log().size() > 5);
}
