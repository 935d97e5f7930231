#include <doctest/doctest.h>

#include "tests/http/api/api_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

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

TEST_CASE("a bearer is told who they are and what they may do") {
  World world;
  const Answer nobody = world.visitor.get("/api/v1/me");
  CHECK(nobody.status == 401);
  const Answer organizer = world.organizer.get("/api/v1/me");
  CHECK(organizer.status == 200);
  CHECK(organizer.body ==
        json{{"kind", "token"},
             {"name", "test"},
             {"person", nullptr},
             {"grants",
              {{{"role", "organizer"}, {"scope", {{"kind", "everywhere"}, {"id", nullptr}}}}}},
             {"access", "write"},
             {"expires_at", nullptr}});
  CHECK(organizer.header("Cache-Control") == "no-store");
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
