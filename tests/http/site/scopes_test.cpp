// Whoever runs a part does not come to run more of it: not by what they create, move or rename.
#include <doctest/doctest.h>

#include "service/usecases/registrations/registrations.h"
#include "tests/http/site/matrix_world.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

struct Scopes {
  MatrixWorld world;
  WholeSite& site = world.site();

  ApiClient as(Reader reader) { return site.api_client(world.bearer(reader)); }
  std::string thing(const std::string& name) const { return world.things().at(name); }

  // A meeting of that host ("" for none), in that cycle ("" for none).
  json meeting(const std::string& host, const std::string& cycle) const {
    json body = meeting_json("Nowe spotkanie");
    body["places"][0]["institution"] = host.empty() ? json() : json(host);
    if (!cycle.empty()) body["cycle"] = cycle;
    return body;
  }
  int create(Reader reader, const std::string& host, const std::string& cycle) {
    return as(reader).post("/api/v1/meetings", meeting(host, cycle)).status;
  }
  Answer change(Reader reader, const std::string& meeting, const json& body) {
    auto client = as(reader);
    const std::string path = "/api/v1/meetings/" + thing(meeting);
    const Answer now = as(Reader::admin).get(path);
    return client.patch(path, body, {{"If-Match", now.header("ETag")}});
  }
};

const std::string kOwnHost = "2466011";
const std::string kOtherHost = "1020031";

json places(const std::string& host) {
  return {{"places", {{{"name", "Sala"}, {"address", "Rynek 1"}, {"institution", host}}}}};
}

}  // namespace

TEST_CASE("a meeting is created only where it will be one's own") {
  Scopes scopes;
  const std::string a = scopes.thing("cycle");
  const std::string b = scopes.thing("Cycle");
  struct Case {
    Reader reader;
    std::string host, cycle;
    int status;
  };
  const std::vector<Case> cases{
      {Reader::of_institution, kOwnHost, "", 201}, {Reader::of_institution, kOtherHost, "", 403},
      {Reader::of_institution, "", "", 403},       {Reader::of_institution, kOtherHost, a, 201},
      {Reader::of_institution, kOwnHost, b, 403},  {Reader::of_cycle, kOtherHost, a, 201},
      {Reader::of_cycle, kOwnHost, "", 403},       {Reader::of_cycle, kOwnHost, b, 403},
      {Reader::expert, kOwnHost, a, 403},          {Reader::coordinator, kOwnHost, a, 403},
      {Reader::official, kOwnHost, "", 403},       {Reader::organizer, kOtherHost, b, 201},
  };
  for (const Case& one : cases) {
    CAPTURE(std::string(kReaderNames[static_cast<std::size_t>(one.reader)]));
    CAPTURE(one.host);
    CAPTURE(one.cycle);
    CHECK(scopes.create(one.reader, one.host, one.cycle) == one.status);
  }
}

TEST_CASE("another's cycle that is a draft is unknown to who creates a meeting") {
  Scopes scopes;
  auto client = scopes.as(Reader::of_institution);
  const Answer hidden =
      client.post("/api/v1/meetings", scopes.meeting(kOwnHost, scopes.thing("Draft_cycle")));
  const Answer unknown = client.post("/api/v1/meetings", scopes.meeting(kOwnHost, "987654321"));
  CHECK(hidden.status == 422);
  CHECK(hidden.errors() == std::vector<std::string>{"cycle unknown_cycle"});
  CHECK(hidden.errors() == unknown.errors());
  // Nor does a list tell which published meetings it holds.
  const std::string query = "/api/v1/meetings?cycle=";
  CHECK(client.get(query + scopes.thing("Draft_cycle")).body["items"].empty());
}

TEST_CASE("a meeting is moved neither into another's cycle nor out of one's reach") {
  Scopes scopes;
  const auto b = json{{"cycle", scopes.thing("Cycle")}};
  CHECK(scopes.change(Reader::of_cycle, "meeting", b).status == 403);
  CHECK(scopes.change(Reader::of_institution, "meeting", b).status == 403);
  CHECK(scopes.change(Reader::of_cycle, "meeting", {{"cycle", nullptr}}).status == 403);
  CHECK(scopes.change(Reader::of_cycle, "Meeting", {{"cycle", scopes.thing("cycle")}}).status ==
        403);
  CHECK(scopes.change(Reader::of_institution, "Meeting", places(kOwnHost)).status == 403);
  CHECK(scopes.change(Reader::of_cycle, "meeting", places(kOtherHost)).status == 200);
  CHECK(scopes.change(Reader::of_institution, "meeting", places(kOtherHost)).status == 200);
  CHECK(scopes.change(Reader::of_institution, "meeting", {{"cycle", nullptr}}).status == 403);
  CHECK(scopes.change(Reader::organizer, "meeting", b).status == 200);
  CHECK(scopes.change(Reader::of_institution, "meeting", {{"title", "Zmiana"}}).status == 403);
}

TEST_CASE("an institution that only hosts a session does not take it out of the cycle") {
  Scopes scopes;
  REQUIRE(scopes.change(Reader::admin, "Meeting", places(kOwnHost)).status == 200);
  CHECK(scopes.change(Reader::of_institution, "Meeting", {{"title", "Zmiana"}}).status == 200);
  CHECK(scopes.change(Reader::of_institution, "Meeting", {{"cycle", nullptr}}).status == 403);
  CHECK(
      scopes.change(Reader::of_institution, "Meeting", {{"cycle", scopes.thing("cycle")}}).status ==
      403);
}

TEST_CASE("a cycle is created and kept by the institution that owns it") {
  Scopes scopes;
  const auto cycle = [](const std::string& owner) {
    return json{{"title", "Nowy cykl"},
                {"institutions", {{{"institution", owner}, {"role", "challenge_owner"}}}}};
  };
  const auto create = [&](Reader reader, const json& body) {
    return scopes.as(reader).post("/api/v1/cycles", body).status;
  };
  CHECK(create(Reader::of_institution, cycle(kOwnHost)) == 201);
  CHECK(create(Reader::of_institution, cycle(kOtherHost)) == 403);
  CHECK(create(Reader::of_institution, {{"title", "Niczyj"}}) == 403);
  CHECK(create(Reader::of_cycle, cycle(kOwnHost)) == 403);
  auto as_participant = cycle(kOwnHost);
  as_participant["institutions"][0]["role"] = "participant";
  CHECK(create(Reader::of_institution, as_participant) == 403);

  const std::string path = "/api/v1/cycles/" + scopes.thing("cycle");
  const auto tag = [&] { return scopes.as(Reader::admin).get(path).header("ETag"); };
  const auto give_away = cycle(kOtherHost);
  CHECK(scopes.as(Reader::of_institution).patch(path, give_away, {{"If-Match", tag()}}).status ==
        403);
  CHECK(scopes.as(Reader::of_cycle).patch(path, give_away, {{"If-Match", tag()}}).status == 200);
  CHECK(scopes.as(Reader::of_institution)
            .patch(path, {{"goal", "x"}}, {{"If-Match", tag()}})
            .status == 403);
}

TEST_CASE("a coordinator changes what their people typed, reads no needs and gives nobody away") {
  Scopes scopes;
  const std::string path = "/api/v1/registrations/" + scopes.thing("registration");
  auto coordinator = scopes.as(Reader::coordinator);
  const Answer seen = coordinator.get(path);
  CHECK(seen.body["person"]["full_name"] == "Kanarekwlasny Osoba");
  CHECK(seen.body["needs"] == "");
  const auto change = [&](const json& body) {
    return coordinator
        .patch(path, body, {{"If-Match", scopes.as(Reader::admin).get(path).header("ETag")}})
        .status;
  };
  CHECK(change({{"position", "naczelnik"}}) == 200);
  CHECK(change({{"needs", ""}}) == 403);
  CHECK(change({{"institution", kOtherHost}}) == 403);
  const Answer kept = scopes.as(Reader::admin).get(path);
  CHECK(kept.body["needs"] == "potrzeba-kanarka-wlasny");
  CHECK(kept.body["person"]["institution"]["teryt"] == kOwnHost);
  CHECK(kept.body["person"]["position"] == "naczelnik");
}

TEST_CASE("a coordinator sees of a meeting the people of the own institution alone") {
  Scopes scopes;
  auto form = RegistrationWorld::person(9);
  form.institution = kOtherHost;
  form.mode = domain::AttendanceMode::onsite;
  REQUIRE(scopes.site.world()
              .try_register(domain::MeetingId{std::stoll(scopes.thing("meeting"))}, form)
              .ok());
  const std::string path = "/api/v1/meetings/" + scopes.thing("meeting") + "/registrations";
  CHECK(scopes.as(Reader::of_cycle).get(path).body["items"].size() == 2);
  const Answer own = scopes.as(Reader::coordinator).get(path);
  REQUIRE(own.body["items"].size() == 1);
  CHECK(own.body["items"][0]["person"]["institution"]["teryt"] == kOwnHost);
}

TEST_CASE("lists hold drafts and mails within one's reach") {
  Scopes scopes;
  const auto count = [&](Reader reader, const std::string& path) {
    return scopes.as(reader).get(path).body["items"].size();
  };
  struct Case {
    std::string path;
    std::vector<std::size_t> counts;  // official, expert, coordinator, of_cycle … admin
  };
  const std::vector<Case> cases{
      {"/api/v1/meetings?status=draft", {0, 1, 0, 1, 1, 2, 2}},
      {"/api/v1/meetings", {2, 3, 2, 3, 3, 4, 4}},
      {"/api/v1/cycles?status=draft", {0, 0, 0, 1, 1, 2, 2}},
      {"/api/v1/cycles", {2, 2, 2, 3, 3, 4, 4}},
  };
  for (const Case& one : cases) {
    for (std::size_t index = 0; index < one.counts.size(); ++index) {
      const auto reader = static_cast<Reader>(index + static_cast<std::size_t>(Reader::official));
      CAPTURE(one.path);
      CAPTURE(std::string(kReaderNames[static_cast<std::size_t>(reader)]));
      CHECK(count(reader, one.path) == one.counts[index]);
    }
  }
  CHECK(count(Reader::of_cycle, "/api/v1/outgoing-mails") == 1);
  CHECK(count(Reader::of_institution, "/api/v1/outgoing-mails") == 1);
  CHECK(count(Reader::admin, "/api/v1/outgoing-mails") == 2);
}

TEST_CASE("mails about accounts are for those who manage people") {
  Scopes scopes;
  scopes.site.world().pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE outgoing_mail SET meeting_id = NULL, registration_id = NULL WHERE id = ?",
        {scopes.thing("outgoing_mail")});
  });
  const std::string path = "/api/v1/outgoing-mails/" + scopes.thing("outgoing_mail");
  CHECK(scopes.as(Reader::organizer).get(path).status == 404);
  CHECK(scopes.as(Reader::of_cycle).get(path).status == 404);
  CHECK(scopes.as(Reader::admin).get(path).status == 200);
  CHECK(scopes.as(Reader::organizer).get("/api/v1/outgoing-mails").body["items"].size() == 1);
  CHECK(scopes.as(Reader::admin).get("/api/v1/outgoing-mails").body["items"].size() == 2);
}

TEST_CASE("roles that are revoked open nothing any more, at once") {
  Scopes scopes;
  const std::string draft = "/api/v1/meetings/" + scopes.thing("draft");
  auto client = scopes.as(Reader::of_cycle);
  CHECK(client.get(draft).status == 200);
  scopes.site.revoke_roles(scopes.world.person(Reader::of_cycle));
  CHECK(client.get(draft).status == 404);
  CHECK(client.post("/api/v1/meetings", json::object()).status == 403);
  CHECK(client.get("/api/v1/me").body["grants"].empty());
}

TEST_CASE("a token that may only read changes nothing and sees the same") {
  Scopes scopes;
  const auto token = scopes.site.token_of(scopes.world.person(Reader::admin), "read");
  auto reader = scopes.site.api_client(token);
  const std::string meeting = "/api/v1/meetings/" + scopes.thing("meeting");
  CHECK(reader.get(meeting).body["online_url"] == "https://pokoj.example/pokoj-kanarka-wlasny");
  CHECK(reader.get(meeting + "/registrations").status == 200);
  CHECK(reader.get("/api/v1/me").body["access"] == "read");
  CHECK(reader.post("/api/v1/meetings", json::object()).status == 403);
  CHECK(reader.post(meeting + "/cancel").status == 403);
  CHECK(reader.post("/api/v1/registrations/" + scopes.thing("registration") + "/cancel").status ==
        403);
  CHECK(reader.post("/api/v1/topics", {{"name", "x"}}).status == 403);
}
