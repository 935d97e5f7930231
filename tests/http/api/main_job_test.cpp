#include <doctest/doctest.h>

#include <set>

#include "tests/http/api/api_site.h"

using namespace narada::testing;
using nlohmann::json;

namespace {

json cycle_of_six() {
  return {{"title", "Szkoła prototypowania: zielone przystanki"},
          {"topic", "mobilnosc"},
          {"challenge", "Przystanki bez cienia"},
          {"goal", "Prototyp do końca roku"},
          {"institutions", {{{"teryt", "2466011"}, {"role", "challenge_owner"}}}},
          {"plan",
           {{"first", "2027-01-05"},
            {"count", 6},
            {"every", {{"months", 1}, {"weekday", "tue"}, {"nth", 3}}},
            {"time", "10:00"},
            {"duration_minutes", 240},
            {"avoid_holidays", true}}},
          {"meeting",
           {{"form", "workshop"},
            {"places", {{{"name", "Centrum 3.0"}, {"address", "Gliwice"}}}},
            {"capacity", {{"onsite", 40}}}}}};
}

std::vector<std::string> texts_of(const json& items, const char* name) {
  std::vector<std::string> texts;
  for (const json& item : items) texts.push_back(item[name].get<std::string>());
  return texts;
}

}  // namespace

TEST_CASE("by the API alone an organizer plans, creates and publishes a cycle of six") {
  ApiSite site;
  auto organizer = site.organizer();
  auto visitor = site.visitor();
  const std::vector<std::string> starts{"2027-01-19T10:00:00+01:00", "2027-02-16T10:00:00+01:00",
                                        "2027-03-16T10:00:00+01:00", "2027-04-20T10:00:00+02:00",
                                        "2027-05-18T10:00:00+02:00", "2027-06-15T10:00:00+02:00"};

  const Answer planned = organizer.post("/api/v1/cycles/plan", cycle_of_six()["plan"]);
  REQUIRE(planned.status == 200);
  CHECK(texts_of(planned.body["items"], "starts_at") == starts);
  CHECK(visitor.get("/api/v1/cycles").body["items"].empty());

  const Answer created = organizer.post("/api/v1/cycles", cycle_of_six());
  REQUIRE(created.status == 201);
  const std::string path = "/api/v1/cycles/" + created.body["id"].dump();
  CHECK(created.header("Location") == path);
  CHECK(texts_of(created.body["meetings"], "starts_at") == starts);
  CHECK(texts_of(created.body["meetings"], "title")[5] ==
        "Szkoła prototypowania: zielone przystanki – spotkanie 6 z 6");
  CHECK(texts_of(created.body["meetings"], "status") == std::vector<std::string>(6, "draft"));
  CHECK(visitor.get(path).status == 404);

  const Answer published = organizer.post(path + "/publish");
  REQUIRE(published.status == 200);
  CHECK(published.body["status"] == "published");
  const Answer seen = visitor.get(path);
  REQUIRE(seen.status == 200);
  CHECK(texts_of(seen.body["meetings"], "status") == std::vector<std::string>(6, "published"));
  CHECK(seen.body["meeting_count"] == 6);
  CHECK(seen.body["owners"][0]["teryt"] == "2466011");
  CHECK(visitor.get("/api/v1/meetings?cycle=" + created.body["id"].dump()).body["items"].size() ==
        6);
}

TEST_CASE("forty of forty-five get places, five wait in order, and a cancellation moves the line") {
  ApiSite site;
  auto organizer = site.organizer();
  auto visitor = site.visitor();
  const std::string id = published_meeting(organizer);
  const std::string registrations = "/api/v1/meetings/" + id + "/registrations";

  std::vector<json> receipts;
  for (int number = 1; number <= 45; ++number) {
    const Answer answer = visitor.post(registrations, person_json(number));
    REQUIRE(answer.status == 201);
    receipts.push_back(answer.body);
  }
  for (int index = 0; index < 45; ++index) {
    CAPTURE(index);
    const json& receipt = receipts[static_cast<std::size_t>(index)];
    CHECK(receipt["status"] == (index < 40 ? "confirmed" : "waitlisted"));
    CHECK(receipt["position"] == (index < 40 ? json() : json(index - 39)));
    CHECK(receipt["manage_url"].get<std::string>().starts_with("https://narada.example/z/"));
  }

  const Answer meeting = visitor.get("/api/v1/meetings/" + id);
  CHECK(meeting.body["seats"]["onsite"] ==
        json{{"capacity", 40}, {"confirmed", 40}, {"held", 0}, {"waiting", 5}, {"free", 0}});
  CHECK(meeting.body["registration"]["state"] == "waiting_list");

  const std::size_t mails_before = site.world().mails().size();
  const std::string third = "/api/v1/registrations/" + receipts[2]["id"].dump();
  CHECK(organizer.post(third + "/cancel").body["status"] == "cancelled");
  const Answer first_waiting = organizer.get("/api/v1/registrations/" + receipts[40]["id"].dump());
  CHECK(first_waiting.body["status"] == "confirmed");
  CHECK(first_waiting.body["position"] == json());
  const Answer second_waiting = organizer.get("/api/v1/registrations/" + receipts[41]["id"].dump());
  CHECK(second_waiting.body["status"] == "waitlisted");
  CHECK(second_waiting.body["position"] == 1);

  const auto mails = site.world().mails_after(mails_before);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0] == SentMail{"registration_cancelled", "Osoba 3", "CANCEL", 1});
  CHECK(mails[1] == SentMail{"registration_promoted", "Osoba 41", "REQUEST", 0});
  CHECK(site.world().find_violations().empty());
}

TEST_CASE("registering twice gives the same registration and sends nothing twice") {
  ApiSite site;
  auto organizer = site.organizer();
  auto visitor = site.visitor();
  const std::string registrations =
      "/api/v1/meetings/" + published_meeting(organizer) + "/registrations";

  const Answer first = visitor.post(registrations, person_json(1));
  json again = person_json(1);
  again["full_name"] = "  osoba  1 ";
  again["email"] = "OSOBA1@urzad.example";
  const Answer second = visitor.post(registrations, again);

  CHECK(first.status == 201);
  CHECK(first.header("Location") == "/api/v1/registrations/" + first.body["id"].dump());
  CHECK(second.status == 200);
  CHECK(second.body["id"] == first.body["id"]);
  CHECK(second.body["status"] == first.body["status"]);
  CHECK(second.body["manage_url"] == json());
  CHECK(site.world().mails().size() == 1);
  const Answer outgoing = organizer.get("/api/v1/outgoing-mails");
  REQUIRE(outgoing.body["items"].size() == 1);
  CHECK(outgoing.body["items"][0]["to_address"] == "osoba1@urzad.example");
  CHECK(outgoing.body["items"][0]["registration_id"] == first.body["id"]);
}

TEST_CASE("enrolling in a cycle registers for each of its open meetings") {
  ApiSite site;
  auto organizer = site.organizer();
  auto visitor = site.visitor();
  const Answer created = organizer.post("/api/v1/cycles", cycle_of_six());
  REQUIRE(created.status == 201);
  const std::string path = "/api/v1/cycles/" + created.body["id"].dump();
  REQUIRE(organizer.post(path + "/publish").status == 200);

  const Answer enrolled = visitor.post(path + "/enrolments", person_json(1));
  REQUIRE(enrolled.status == 201);
  CHECK(enrolled.body["registrations"].size() == 6);
  CHECK(enrolled.body["skipped"] == json::array());
  std::set<std::string> links;
  for (const json& receipt : enrolled.body["registrations"]) {
    CHECK(receipt["status"] == "confirmed");
    CHECK(receipt["enrolment_id"] == enrolled.body["id"]);
    links.insert(receipt["manage_url"].get<std::string>());
  }
  CHECK(links.size() == 6);
  const Answer again = visitor.post(path + "/enrolments", person_json(1));
  CHECK(again.status == 200);
  CHECK(again.body["id"] == enrolled.body["id"]);

  const auto token_of = [](const json& receipt) {
    const auto url = receipt["manage_url"].get<std::string>();
    return url.substr(url.rfind('/') + 1);
  };
  const Answer other = visitor.post(path + "/enrolments", person_json(2));
  REQUIRE(other.status == 201);
  const std::string cancel = "/api/v1/enrolments/" + enrolled.body["id"].dump() + "/cancel";
  CHECK(visitor.post(cancel).status == 401);
  const auto foreign = token_of(other.body["registrations"][0]);
  CHECK(visitor.post(cancel, json::object(), {{"X-Manage-Token", foreign}}).status == 404);
  const auto own = token_of(enrolled.body["registrations"][5]);
  const Answer cancelled = visitor.post(cancel, json::object(), {{"X-Manage-Token", own}});
  REQUIRE(cancelled.status == 200);
  CHECK(cancelled.body["id"] == enrolled.body["id"]);
  CHECK(cancelled.body["registrations"].size() == 6);
  for (const json& receipt : cancelled.body["registrations"]) {
    CHECK(receipt["status"] == "cancelled");
    CHECK(receipt["manage_url"].is_null());
  }
  CHECK(organizer.post(cancel).status == 200);
}
