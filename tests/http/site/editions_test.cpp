// The editions and meetings of the sample data, entered through the forms of the panel: nothing of
// them is left out.
#include <doctest/doctest.h>

#include <algorithm>

#include "service/usecases/access.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

const std::string kSample = std::string(NARADA_SOURCE_DIR) + "/sample";

// What a page's form holds, posted from another page: the buttons and tokens are that page's own.
Shown type_into(Browser& browser, const std::string& path, const Shown& shown, const char* known,
                const FormData& typed, const std::string& button) {
  auto fields = shown.form(known);
  REQUIRE(!fields.empty());
  // A box that is not ticked is not sent.
  for (const char* box : {"onsite", "online", "waitlist", "approval"}) fields.erase(box);
  for (const auto& [name, value] : typed) {
    if (name != "form_token" && name != "operation" && name != "version" && name != "seen" &&
        name != "step" && name != "do" && name != "source")
      fields[name] = value;
  }
  fields["do"] = button;
  return browser.post(path, fields);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += line + "; ";
  return all;
}

std::string id_in(const std::string& location, const std::string& before) {
  const auto at = location.find(before);
  REQUIRE(at != location.npos);
  const auto first = at + before.size();
  return location.substr(first, location.find_first_of("/?", first) - first);
}

// What a copy cannot have in common with its original.
void drop_identity(json& thing) {
  for (const char* name : {"id", "slug", "url", "uid", "version", "updated_at", "calendar_url",
                           "sequence", "previous_starts_at"})
    if (thing.is_object()) thing.erase(name);
}

json cycle_without_identity(json cycle) {
  drop_identity(cycle);
  cycle.erase("meetings");
  // The form asks for one role after another; within a role the order is kept.
  auto& institutions = cycle["institutions"];
  std::stable_sort(institutions.begin(), institutions.end(),
                   [](const json& one, const json& other) { return one["role"] < other["role"]; });
  return cycle;
}

json meeting_without_identity(json meeting) {
  drop_identity(meeting);
  for (const char* name : {"cycle", "sessions"}) meeting.erase(name);
  return meeting;
}

std::string enter_cycle(Browser& browser, const FormData& typed) {
  const std::string wizard = "/panel/cykle/nowy";
  auto shown = browser.get(wizard);
  for (const char* step : {"step:2", "step:3"}) {
    shown = type_into(browser, wizard, shown, "step", typed, step);
    REQUIRE(shown.status == 200);
  }
  shown = type_into(browser, wizard, shown, "step", typed, "save");
  REQUIRE_MESSAGE(shown.status == 303, joined(shown.errors()));
  const std::string id = id_in(shown.header("Location"), "/panel/cykle/");
  const std::string data = "/panel/cykle/" + id + "/dane";
  shown = type_into(browser, data, browser.get(data), "seen", typed, "save");
  REQUIRE_MESSAGE(shown.status == 303, joined(shown.errors()));
  return id;
}

std::string enter_meeting(Browser& browser, FormData typed, const std::string& cycle) {
  typed["cycle"] = cycle;
  const std::string path = "/panel/spotkania/nowe";
  const auto shown = type_into(browser, path, browser.get(path), "seen", typed, "save");
  REQUIRE_MESSAGE(shown.status == 303, joined(shown.errors()));
  return id_in(shown.header("Location"), "/panel/spotkania/");
}

void enter_program(Browser& browser, const std::string& from, const std::string& to) {
  const auto typed = browser.get("/panel/spotkania/" + from + "/program").form("seen");
  const std::string path = "/panel/spotkania/" + to + "/program";
  const auto shown = type_into(browser, path, browser.get(path), "seen", typed, "save");
  REQUIRE_MESSAGE(shown.status == 303, joined(shown.errors()));
}

}  // namespace

TEST_CASE("the real editions can be entered through the panel with nothing left out") {
  WholeSite site;
  REQUIRE(usecases::load_sample(site.environment(), kSample).ok());
  const auto admin = site.add_person("Adam Nowak", {{domain::Role::admin, {}}});
  auto browser = site.browser_of(admin);
  auto api = site.api_of(admin);
  usecases::PageRequest all;
  all.limit = 100;
  const auto cycles = usecases::list_cycles(site.environment(), {}, {}, all);
  REQUIRE(cycles.items.size() >= 10);
  int entered_meetings = 0;
  for (const auto& cycle : cycles.items) {
    CAPTURE(cycle.title);
    const std::string original = std::to_string(cycle.id.value);
    const auto typed = browser.get("/panel/cykle/" + original + "/dane").form("seen");
    const std::string copy = enter_cycle(browser, typed);
    std::vector<std::pair<std::string, std::string>> entered_as;
    const json before = api.get("/api/v1/cycles/" + original).body;
    for (const auto& session : before["meetings"]) {
      const std::string id = std::to_string(session["id"].get<std::int64_t>());
      CAPTURE(session["title"].get<std::string>());
      const auto form = browser.get("/panel/spotkania/" + id + "/dane").form("seen");
      const std::string entered = enter_meeting(browser, form, copy);
      enter_program(browser, id, entered);
      entered_as.emplace_back(id, entered);
    }
    REQUIRE(usecases::publish_cycle(site.environment(), site.world().organizer(),
                                    domain::CycleId{std::stoll(copy)})
                .ok());
    for (const auto& [id, entered] : entered_as) {
      CHECK(meeting_without_identity(api.get("/api/v1/meetings/" + entered).body) ==
            meeting_without_identity(api.get("/api/v1/meetings/" + id).body));
      ++entered_meetings;
    }
    CHECK(cycle_without_identity(api.get("/api/v1/cycles/" + copy).body) ==
          cycle_without_identity(before));
  }
  CHECK(entered_meetings >= 10);
}
