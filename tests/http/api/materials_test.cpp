// Materials over the API, each answer held to the contract.
#include <doctest/doctest.h>

#include "tests/http/api/api_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

struct MaterialSite {
  ApiSite site;
  ApiClient organizer = site.organizer();
  ApiClient visitor = site.visitor();
  std::string meeting = published_meeting(organizer);
  std::string list = "/api/v1/meetings/" + meeting + "/materials";

  // Its path.
  std::string add(json material) {
    material["link"] = "https://nagrania.example/1";
    const Answer added = organizer.post(list, material);
    REQUIRE(added.status == 201);
    CHECK(added.header("Location") ==
          "/api/v1/materials/" + std::to_string(added.body["id"].get<int>()));
    return added.header("Location");
  }
  std::vector<std::string> titles(ApiClient& reader) {
    std::vector<std::string> found;
    const Answer answer = reader.get(list);
    for (const auto& item : answer.body["items"]) found.push_back(item["title"]);
    return found;
  }
};
using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a material is added, read, changed and removed over the API") {
  MaterialSite site;
  const auto path = site.add({{"title", "Nagranie"},
                              {"kind", "recording"},
                              {"has_consent", true},
                              {"available_from", "2027-01-19T16:00"},
                              {"licence", "cc_by"}});
  const Answer early = site.visitor.get(path);
  CHECK(early.body["reading"] == "not_yet");
  CHECK(early.body["link"].is_null());
  CHECK(early.body["available_from"] == "2027-01-19T16:00:00+01:00");
  const Answer read = site.organizer.get(path);
  CHECK(read.body["reading"] == "open");
  CHECK(read.body["link"] == "https://nagrania.example/1");
  CHECK(read.body["owner"] == json{{"kind", "meeting"}, {"id", std::stoi(site.meeting)}});
  CHECK(site.organizer.patch(path, {{"title", "x"}}).status == 428);
  const Headers tag{{"If-Match", read.header("ETag")}};
  const Answer changed =
      site.organizer.patch(path, {{"available_from", nullptr}, {"title", "Zapis"}}, tag);
  REQUIRE(changed.status == 200);
  CHECK(changed.body["licence"] == "cc_by");
  CHECK(site.organizer.patch(path, {{"title", "y"}}, tag).status == 412);
  CHECK(site.visitor.get(path).body["title"] == "Zapis");
  CHECK(site.titles(site.visitor) == Strings{"Zapis"});
  CHECK(site.organizer.send("DELETE", path, "", tag).status == 412);
  const Headers newer{{"If-Match", changed.header("ETag")}};
  CHECK(site.organizer.send("DELETE", path, "", newer).status == 204);
  CHECK(site.visitor.get(path).status == 404);
  CHECK(site.organizer.get(path).status == 404);
  CHECK(site.titles(site.organizer).empty());
}

TEST_CASE("what a material lacks is named with its field, all at once") {
  MaterialSite site;
  struct Row {
    json body;
    Strings errors;
  };
  const std::vector<Row> rows = {
      {json::object(), {"title required", "upload required"}},
      {{{"title", "T"}, {"link", "http://a.example/"}, {"kind", "photo"}},
       {"alt_text required", "link not_https", "has_consent consent_needed"}},
      {{{"title", "T"}, {"upload", "x"}}, {"upload unknown_upload"}},
      {{{"title", 5}, {"kind", "film"}, {"available_from", "jutro"}, {"colour", "red"}},
       {"title wrong_type", "kind unknown_value", "available_from invalid_time",
        "colour unknown_field"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body.dump());
    const Answer refused = site.organizer.post(site.list, row.body);
    CHECK(refused.status == 422);
    CHECK(refused.errors() == row.errors);
  }
}

TEST_CASE("the same request with the same key adds one material") {
  MaterialSite site;
  const json body = {{"title", "Raz"}, {"link", "https://nagrania.example/1"}};
  const Headers key{{"Idempotency-Key", "raz-1"}};
  const Answer first = site.organizer.post(site.list, body, key);
  const Answer second = site.organizer.post(site.list, body, key);
  CHECK(first.status == 201);
  CHECK(second.body["id"] == first.body["id"]);
  CHECK(site.titles(site.organizer) == Strings{"Raz"});
}

TEST_CASE("a search finds materials, and only those that everybody may open") {
  MaterialSite site;
  site.add({{"title", "Podręcznik zieleni"}});
  site.add({{"title", "Notatka o zieleni"}, {"access", "organizers"}});
  const Answer found = site.visitor.get("/api/v1/search?q=zieleni&kind=material");
  REQUIRE(found.status == 200);
  REQUIRE(found.body["items"].size() == 1);
  CHECK(found.body["items"][0]["title"] == "Podręcznik zieleni");
  CHECK(found.body["items"][0]["url"].get<std::string>().ends_with("/materialy/1"));
  const Answer everything = site.visitor.get("/api/v1/search?q=zieleni");
  for (const auto& item : everything.body["items"]) CHECK(item["title"] != "Notatka o zieleni");
}
