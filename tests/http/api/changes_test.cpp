#include <doctest/doctest.h>

#include <thread>

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
  std::string path = "/api/v1/meetings/" + meeting;
  std::string registrations = path + "/registrations";

  std::string manage_token(const json& receipt) const {
    const auto url = receipt["manage_url"].get<std::string>();
    return url.substr(url.rfind('/') + 1);
  }
};

}  // namespace

TEST_CASE("a change needs the version it starts from and refuses an old one") {
  World world;
  const Answer read = world.organizer.get(world.path);
  const std::string tag = read.header("ETag");
  CHECK(tag.starts_with("\"v" + read.body["version"].dump() + "-"));

  CHECK(world.organizer.patch(world.path, {{"summary", "x"}}).status == 428);
  for (const char* wrong : {"*", "\"v99\"", "W/\"v2\"", "v2", "\"x\""}) {
    CAPTURE(std::string(wrong));
    CHECK(world.organizer.patch(world.path, {{"summary", "x"}}, {{"If-Match", wrong}}).status ==
          412);
  }
  const Answer changed =
      world.organizer.patch(world.path, {{"summary", "Nowe streszczenie"}}, {{"If-Match", tag}});
  REQUIRE(changed.status == 200);
  CHECK(changed.body["summary"] == "Nowe streszczenie");
  CHECK(changed.body["title"] == read.body["title"]);
  CHECK(changed.body["places"] == read.body["places"]);
  CHECK(changed.header("ETag") != tag);
  CHECK(world.organizer.patch(world.path, {{"summary", "y"}}, {{"If-Match", tag}}).status == 412);
  CHECK(
      world.organizer.patch(world.path, {{"summary", "z"}}, {{"If-Match", changed.header("ETag")}})
          .status == 200);
}

TEST_CASE("a tag from a gzip answer guards a change as well") {
  World world;
  const Answer read = world.organizer.get(world.path, {{"Accept-Encoding", "gzip"}});
  REQUIRE(read.header("ETag").ends_with("-gzip\""));
  CHECK(world.organizer.patch(world.path, {{"summary", "x"}}, {{"If-Match", read.header("ETag")}})
            .status == 200);
}

TEST_CASE("asking again with the tag costs nothing until something visible changes") {
  World world;
  const std::string tag = world.visitor.get(world.path).header("ETag");
  const Answer same = world.visitor.get(world.path, {{"If-None-Match", tag}});
  CHECK(same.status == 304);
  CHECK(same.text.empty());
  CHECK(same.header("ETag") == tag);
  // A taken place is no new version of the meeting, but another answer.
  REQUIRE(world.visitor.post(world.registrations, person_json(1)).status == 201);
  const Answer changed = world.visitor.get(world.path, {{"If-None-Match", tag}});
  CHECK(changed.status == 200);
  CHECK(changed.body["seats"]["onsite"]["confirmed"] == 1);
  const std::string list_tag = world.visitor.get("/api/v1/meetings").header("ETag");
  CHECK(world.visitor.get("/api/v1/meetings", {{"If-None-Match", list_tag}}).status == 304);
  CHECK(world.organizer.get(world.path).header("ETag") != changed.header("ETag"));
}

TEST_CASE("moving a meeting tells everybody who is in, once") {
  World world;
  world.visitor.post(world.registrations, person_json(1));
  world.visitor.post(world.registrations, person_json(2));
  const std::size_t before = world.site.world().mails().size();
  const Answer read = world.organizer.get(world.path);
  const Answer moved = world.organizer.patch(
      world.path,
      {{"starts_at", "2027-01-26T10:00:00+01:00"}, {"ends_at", "2027-01-26T14:00:00+01:00"}},
      {{"If-Match", read.header("ETag")}});
  REQUIRE(moved.status == 200);
  CHECK(moved.body["starts_at"] == "2027-01-26T10:00:00+01:00");
  CHECK(moved.body["previous_starts_at"] == "2027-01-19T10:00:00+01:00");
  CHECK(moved.body["sequence"] == 1);
  CHECK(moved.body["uid"] == read.body["uid"]);
  const auto mails = world.site.world().mails_after(before);
  CHECK(mails == std::vector<SentMail>{{"meeting_moved", "Osoba 1", "REQUEST", 1},
                                       {"meeting_moved", "Osoba 2", "REQUEST", 1}});

  const Answer cancelled = world.organizer.post(world.path + "/cancel", {{"reason", "Remont"}});
  CHECK(cancelled.body["status"] == "cancelled");
  CHECK(cancelled.body["cancel_reason"] == "Remont");
  CHECK(cancelled.body["sequence"] == 2);
  CHECK(world.organizer.post(world.path + "/cancel", {{"reason", "Remont"}}).status == 200);
  CHECK(world.site.world().mails_after(before + 2) ==
        std::vector<SentMail>{{"meeting_cancelled", "Osoba 1", "CANCEL", 2},
                              {"meeting_cancelled", "Osoba 2", "CANCEL", 2}});
}

TEST_CASE("places cannot fall below the people who have them") {
  World world;
  for (int number = 1; number <= 3; ++number) {
    world.visitor.post(world.registrations, person_json(number));
  }
  const std::string tag = world.organizer.get(world.path).header("ETag");
  const Answer answer =
      world.organizer.patch(world.path, {{"capacity", {{"onsite", 2}}}}, {{"If-Match", tag}});
  CHECK(answer.status == 422);
  CHECK(answer.errors() == std::vector<std::string>{"capacity.onsite below_confirmed"});
}

TEST_CASE("the same idempotency key gives the first answer again, another request is refused") {
  World world;
  const Headers key = {{"Idempotency-Key", "k-1"}};
  const Answer first = world.organizer.post("/api/v1/meetings", meeting_json("Raz"), key);
  const Answer second = world.organizer.post("/api/v1/meetings", meeting_json("Raz"), key);
  CHECK(first.status == 201);
  CHECK(second.status == 201);
  CHECK(second.body == first.body);
  CHECK(second.header("Location") == first.header("Location"));
  const Answer other = world.organizer.post("/api/v1/meetings", meeting_json("Dwa"), key);
  CHECK(other.status == 422);
  CHECK(other.body["code"] == "operation_reused");
  // Another token has keys of its own.
  auto colleague = world.site.organizer();
  CHECK(colleague.post("/api/v1/meetings", meeting_json("Dwa"), key).status == 201);

  const Headers registration_key = {{"Idempotency-Key", "r-1"}};
  const Answer one = world.visitor.post(world.registrations, person_json(1), registration_key);
  const Answer again = world.visitor.post(world.registrations, person_json(1), registration_key);
  CHECK(one.status == 201);
  CHECK(again.status == 201);
  CHECK(again.body == one.body);
  CHECK(world.site.world().mails().size() == 1);
  for (const std::string& wrong : {std::string(), std::string("a b"), std::string(256, 'a')}) {
    CAPTURE(wrong);
    CHECK(world.organizer.post("/api/v1/meetings", meeting_json(), {{"Idempotency-Key", wrong}})
              .errors() == std::vector<std::string>{"Idempotency-Key invalid_key"});
  }
}

TEST_CASE("fifty requests at once with one key make one registration") {
  World world;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<json> receipts;
  const httplib::Headers key{{"Idempotency-Key", "same"}};
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      httplib::Client client("127.0.0.1", world.site.port());
      client.set_keep_alive(true);
      for (int turn = 0; turn < 5; ++turn) {
        const auto result =
            client.Post(world.registrations, key, person_json(9).dump(), "application/json");
        const std::scoped_lock lock(mutex);
        receipts.push_back(result && result->status == 201 ? json::parse(result->body) : json());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(receipts.size() == 50);
  for (const json& receipt : receipts) CHECK(receipt == receipts.front());
  CHECK(receipts.front().is_object());
  CHECK(world.site.world().count("registration") == 1);
  CHECK(world.site.world().count("outgoing_mail") == 1);
}

TEST_CASE("a person changes and cancels by their own link") {
  World world;
  const json receipt = world.visitor.post(world.registrations, person_json(1)).body;
  const std::string path = "/api/v1/registrations/" + receipt["id"].dump();
  const std::string token = world.manage_token(receipt);
  const Headers own = {{"X-Manage-Token", token}};
  const Answer read = world.visitor.get(path, own);
  CHECK(read.body["meeting"]["title"] == "Zielone dachy");
  CHECK(read.body["person"]["institution"]["teryt"] == "2466011");

  CHECK(world.visitor.patch(path, {{"needs", "rampa"}}, own).status == 428);
  const Answer changed = world.visitor.patch(
      path, {{"needs", "rampa"}}, {{"X-Manage-Token", token}, {"If-Match", read.header("ETag")}});
  REQUIRE(changed.status == 200);
  CHECK(changed.body["needs"] == "rampa");
  CHECK(changed.body["person"] == read.body["person"]);
  CHECK(world.visitor
            .patch(path, {{"needs", "x"}},
                   {{"X-Manage-Token", token}, {"If-Match", read.header("ETag")}})
            .status == 412);

  const Answer cancelled = world.visitor.post(path + "/cancel", json::object(), own);
  CHECK(cancelled.status == 200);
  CHECK(cancelled.body["status"] == "cancelled");
  CHECK(cancelled.body["cancelled_at"] == "2027-01-04T10:00:00+01:00");
  const std::size_t mails = world.site.world().mails().size();
  CHECK(world.visitor.send("POST", path + "/cancel", {}, own).status == 200);
  CHECK(world.site.world().mails().size() == mails);
}

TEST_CASE("an organizer approves and declines what awaits approval") {
  World world;
  json meeting = meeting_json("Za zgodą");
  meeting["approval"] = true;
  const std::string id = published_meeting(world.organizer, meeting);
  const std::string registrations = "/api/v1/meetings/" + id + "/registrations";
  const json first = world.visitor.post(registrations, person_json(1)).body;
  const json second = world.visitor.post(registrations, person_json(2)).body;
  CHECK(first["status"] == "pending");

  const std::string one = "/api/v1/registrations/" + first["id"].dump();
  const std::string two = "/api/v1/registrations/" + second["id"].dump();
  CHECK(world.organizer.post(one + "/approve").body["status"] == "confirmed");
  const Answer declined = world.organizer.post(two + "/decline", {{"reason", "Brak miejsc"}});
  CHECK(declined.body["status"] == "declined");
  CHECK(declined.body["decline_reason"] == "Brak miejsc");
  const Answer late = world.organizer.post(two + "/approve");
  CHECK(late.status == 409);
  CHECK(late.body["code"] == "not_pending");
  CHECK(world.organizer.get(registrations + "?status=confirmed").body["items"].size() == 1);
  CHECK(world.organizer.get(registrations).body["items"].size() == 2);
}
