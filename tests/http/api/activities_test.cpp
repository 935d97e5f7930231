#include <doctest/doctest.h>

#include "tests/http/api/api_site.h"

using namespace narada::testing;

TEST_CASE("the API tells who did what, page by page and by filter") {
  ApiSite site;
  auto organizer = site.organizer();
  const auto meeting = published_meeting(organizer);
  auto visitor = site.visitor();
  for (int number = 1; number <= 3; ++number)
    CHECK(visitor.post("/api/v1/meetings/" + meeting + "/registrations", person_json(number))
              .status == 201);
  const auto first = organizer.get("/api/v1/activities?verb=registration.&limit=2");
  CHECK(first.status == 200);
  REQUIRE(first.body["items"].size() == 2);
  CHECK(first.body["items"][0]["verb"] == "registration.created");
  CHECK(first.body["items"][0]["actor"] == "anonymous");
  CHECK(first.body["items"][0]["subject_name"] == "Osoba 3");
  CHECK(first.body["items"][0]["address_class"] == "loopback");
  CHECK(first.body["items"][0]["details"]["status"] == "confirmed");
  const auto rest = organizer.get("/api/v1/activities?verb=registration.&limit=2&cursor=" +
                                  first.body["next"].get<std::string>());
  CHECK(rest.body["items"].size() == 1);
  CHECK(rest.body["next"].is_null());
  const auto request = first.body["items"][0]["request_id"].get<std::string>();
  CHECK(organizer.get("/api/v1/activities?request_id=" + request).body["items"].size() == 1);
  CHECK(organizer.get("/api/v1/activities?meeting=" + meeting + "&from=2027-01-04&to=2027-01-04")
            .body["items"]
            .size() == 5);
  CHECK(organizer.get("/api/v1/activities?to=2027-01-03").body["items"].empty());
  CHECK(organizer.get("/api/v1/activities?actor=%27&from=x&cursor=y").errors() ==
        std::vector<std::string>{"from invalid_date", "actor unknown_value",
                                 "cursor invalid_cursor"});
  CHECK(visitor.get("/api/v1/activities").status == 401);
}
