// What is published, planned and deleted in the panel: shown first, undone in one step, and told to
// those it concerns.
#include <doctest/doctest.h>

#include "service/usecases/meetings/cycles.h"
#include "sql/profile_store.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::Role;

namespace {

const std::string kWizard = "/panel/cykle/nowy";
const std::string kBin = "/panel/kosz";

struct Panel {
  Panel() : browser(start()) {}
  Browser start() {
    site.environment().hold_seconds = 300;
    return site.browser_of(site.add_person("Olga Lis", {{Role::organizer, {}}}));
  }
  // Wants news of the only topic.
  domain::PersonId add_reader(const std::string& name) {
    const auto person = site.add_person(name);
    site.world().pool().transact([&](storage::Connection& connection) {
      storage::save_topic_subscriptions(connection, person, {domain::TopicId{1}},
                                        site.world().clock().now());
    });
    return person;
  }
  domain::Cycle add_cycle(bool published) {
    usecases::CycleForm form;
    form.title = "Szkoła przystanków";
    form.topic = "mobilnosc";
    form.meetings = {site.world().meeting_form(2), site.world().meeting_form(5)};
    for (auto& session : form.meetings) session.topic = "mobilnosc";
    const auto cycle = create_cycle(site.environment(), site.world().organizer(), form);
    REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
    if (!published) return *cycle;
    auto done = publish_cycle(site.environment(), site.world().organizer(), cycle->id);
    REQUIRE_MESSAGE(done.ok(), describe(done));
    return *done;
  }
  Shown confirm(const Shown& preview, const std::string& path,
                const std::string& field = "agreed") {
    auto fields = preview.form(field);
    REQUIRE(!fields.empty());
    fields["do"] = "save";
    return browser.post(path, fields);
  }
  // Deleted through its page.
  void remove(const std::string& thing) {
    const auto path = thing + "/usuniecie";
    auto fields = browser.get(path).form("reason");
    REQUIRE(!fields.empty());
    fields["reason"] = "Awaria";
    const auto preview = browser.post(path, fields);
    if (preview.status == 303) return;
    REQUIRE(preview.status == 200);
    REQUIRE(confirm(preview, path).status == 303);
  }
  Shown step(const Shown& shown, const std::string& button, const FormData& typed) {
    auto fields = shown.form("step");
    REQUIRE(!fields.empty());
    for (const auto& [name, value] : typed) fields[name] = value;
    fields["do"] = button;
    return browser.post(kWizard, fields);
  }
  std::size_t mails() { return site.world().mails().size(); }
  WholeSite site;
  Browser browser;
};

}  // namespace

TEST_CASE("whoever publishes a new cycle at once sees first who will hear of it") {
  Panel panel;
  panel.add_reader("Anna Nowak");
  const auto mails = panel.mails();
  auto shown = panel.browser.get(kWizard);
  shown = panel.step(shown, "step:2", {{"title", "Szkoła przystanków"}, {"topic", "mobilnosc"}});
  shown = panel.step(shown, "step:3", {{"hosts.0", "Gliwice"}});
  shown = panel.step(shown, "plan", {{"first", "2027-02-01"}, {"count", "2"}});

  const auto preview = panel.step(shown, "publish", {});

  REQUIRE(preview.status == 200);
  CHECK(preview.has("Szkic jest zapisany"));
  CHECK(preview.has("Opublikuj i wyślij 1 wiadomość"));
  CHECK(panel.mails() == mails);
  CHECK(panel.site.visitor().get("/cykle/szkola-przystankow").status == 404);
  const auto done = panel.confirm(preview, "/panel/cykle/1/publikacja");
  REQUIRE(done.status == 303);
  CHECK(panel.mails() == mails + 1);
  CHECK(panel.site.visitor().get("/cykle/szkola-przystankow").status == 200);
}

TEST_CASE("a publication at a time shows first what will go out then") {
  Panel panel;
  panel.add_reader("Anna Nowak");
  const auto mails = panel.mails();
  for (const bool of_cycle : {true, false}) {
    CAPTURE(of_cycle);
    const auto cycle = panel.add_cycle(false);
    const auto id = of_cycle ? cycle.id.value : cycle.meetings.front().id.value;
    const auto thing = (of_cycle ? "/panel/cykle/" : "/panel/spotkania/") + std::to_string(id);
    const auto path = thing + "/termin-publikacji";
    auto fields = panel.browser.get(path).form("publish_day");
    fields["publish_day"] = "2027-01-10";
    fields["publish_hour"] = "9:00";
    fields["do"] = "plan";

    const auto preview = panel.browser.post(path, fields);

    REQUIRE(preview.status == 200);
    CHECK(preview.has("kiedy szkic się opublikuje: 10 stycznia 2027, 9:00"));
    CHECK(preview.has("Anna Nowak"));
    CHECK(preview.has("Zaplanuj publikację z 1 wiadomością"));
    CHECK_FALSE(panel.browser.get(thing).has("Opublikuje się"));
    REQUIRE(panel.confirm(preview, path).status == 303);
    CHECK(panel.browser.get(path).has("Opublikuje się: 10 stycznia 2027, 9:00"));
    CHECK(panel.mails() == mails);
    // The session has begun by then: nobody would hear of it, and it would not be published.
    fields = panel.browser.get(path).form("publish_day");
    fields["publish_day"] = "2027-01-25";
    fields["publish_hour"] = "9:00";
    fields["do"] = "plan";
    const auto late = panel.browser.post(path, fields);
    CHECK(late.status == (of_cycle ? 303 : 422));
  }
}

TEST_CASE("by API the publication of a cycle can be looked at before") {
  Panel panel;
  panel.add_reader("Anna Nowak");
  const auto cycle = panel.add_cycle(false);
  const auto mails = panel.mails();
  auto api = panel.site.api_of(panel.site.add_person("Ewa Bąk", {{Role::organizer, {}}}));
  const auto path = "/api/v1/cycles/" + std::to_string(cycle.id.value);

  const auto preview = api.post(path + "/publish?preview=true", nlohmann::json::object());

  REQUIRE(preview.status == 200);
  CHECK(preview.body["people"] == 1);
  REQUIRE(preview.body["mails"].size() == 1);
  CHECK(preview.body["mails"][0]["kind"] == "meeting_announced");
  CHECK(preview.body["mails"][0]["to_name"] == "Anna Nowak");
  CHECK(panel.mails() == mails);
  CHECK(api.get(path).body["status"] == "draft");
  CHECK(api.post(path + "/publish?preview=maybe", nlohmann::json::object()).status == 422);
  const auto planned =
      api.patch(path + "?preview=true", {{"publish_at", "2027-01-10T09:00:00+01:00"}},
                {{"If-Match", api.get(path).header("ETag")}});
  REQUIRE(planned.status == 200);
  CHECK(planned.body["mails"].size() == 1);
  CHECK(api.get(path).body["publish_at"].is_null());
  REQUIRE(api.post(path + "/publish").status == 200);
  CHECK(panel.mails() == mails + 1);
}

TEST_CASE("a deleted cycle comes back from the bin in one step while its mails wait") {
  Panel panel;
  const auto cycle = panel.add_cycle(true);
  for (int number = 1; number <= 3; ++number) {
    panel.site.world().enter(cycle.meetings.front().id, number);
  }
  const auto mails = panel.mails();
  const auto home = "/panel/cykle/" + std::to_string(cycle.id.value);
  panel.remove(home);
  CHECK(panel.mails() == mails + 3);
  CHECK(panel.browser.get(home).status == 404);

  const auto bin = panel.browser.get(kBin);
  CHECK(bin.has("z 2 spotkaniami"));
  auto undo = bin.form("change", "cycle");
  REQUIRE(!undo.empty());
  undo["do"] = "undo";
  const auto undone = panel.browser.post(kBin, undo);
  REQUIRE(undone.status == 303);
  CHECK(undone.header("Location") == home + "?zrobione=undone");
  CHECK(panel.mails() == mails);
  CHECK(panel.site.world().meeting(cycle.meetings.front().id).status ==
        domain::MeetingStatus::published);

  panel.remove(home);
  panel.site.world().clock().advance(300s);
  const auto later = panel.browser.get(kBin);
  CHECK(later.form("change", "cycle").empty());
  auto restore = later.form("thing", "cycle");
  restore["do"] = "restore";
  CHECK(panel.browser.post(kBin, restore).status == 303);
  CHECK(panel.site.world().meeting(cycle.meetings.front().id).status ==
        domain::MeetingStatus::cancelled);
}

TEST_CASE("what cannot be undone any more says why instead of offering it") {
  Panel panel;
  panel.site.world().publish(3);
  for (int number = 1; number <= 3; ++number) panel.site.world().enter({1}, number);
  auto fields = panel.browser.get("/panel/spotkania/1/dane").form("seen");
  fields["onsite_capacity"] = "4";
  fields["starts_time"] = "11:00";
  fields["do"] = "save";
  const auto preview = panel.browser.post("/panel/spotkania/1/dane", fields);
  REQUIRE(panel.confirm(preview, "/panel/spotkania/1/dane").status == 303);
  CHECK(!panel.browser.get("/panel/spotkania/1/dane").form("change").empty());

  panel.site.world().enter({1}, 4);

  const auto page = panel.browser.get("/panel/spotkania/1/dane");
  CHECK(page.form("change").empty());
  CHECK(page.has("nowe miejsca są już zajęte"));
  CHECK(panel.browser.get("/panel/spotkania/1/historia").has("nie można cofnąć"));
}

TEST_CASE("people of a deleted meeting find it called off, and lists do not count them") {
  Panel panel;
  const auto meeting = panel.site.world().publish(3);
  const auto guest = panel.site.add_person("Anna Nowak");
  auto own = panel.site.browser_of(guest);
  auto form = RegistrationWorld::person(1);
  form.full_name = "Anna Nowak";
  form.email = "anna-nowak@urzad.example";
  const auto entered = panel.site.world().try_register(meeting.id, form);
  REQUIRE_MESSAGE(entered.ok(), describe(entered));
  const auto url = panel.site.world().facts().back().manage_url;
  const auto link = url.substr(url.find("/z/"));
  REQUIRE(own.get(link).has("/spotkania/" + meeting.slug));
  CHECK(panel.browser.get("/panel/zgloszenia").has("Anna Nowak"));

  panel.remove("/panel/spotkania/1");

  const auto shown = own.get(link);
  CHECK(shown.status == 200);
  CHECK(shown.has("odwołane"));
  CHECK(shown.has("Awaria"));
  CHECK_FALSE(shown.has("/spotkania/" + meeting.slug + "\""));
  const auto mine = own.get("/moje");
  CHECK(mine.has(meeting.title));
  CHECK(mine.has("Odwołane"));
  CHECK_FALSE(mine.has("/spotkania/" + meeting.slug + "\""));
  CHECK_FALSE(panel.browser.get("/panel/zgloszenia").has("Anna Nowak"));
  CHECK(panel.browser.get("/panel").has(kBin));
  const auto feed = panel.site.visitor().get("/kalendarz.ics");
  CHECK(feed.has("STATUS:CANCELLED"));
  CHECK(panel.site.visitor().get("/spotkania/" + meeting.slug).status == 404);
}

TEST_CASE("every page of a meeting has its tabs, for whoever organizes it") {
  Panel panel;
  panel.site.world().publish(3);
  auto expert = panel.site.browser_of(
      panel.site.add_person("Ewa Bąk", {{Role::expert, domain::MeetingId{1}}}));
  for (const char* part : {"dane", "program", "pytania", "miejsca", "zaproszenia", "zapisy",
                           "delegacje", "wyzwania", "obecnosc", "statystyki", "historia"}) {
    CAPTURE(part);
    const auto path = std::string("/panel/spotkania/1/") + part;
    CHECK(panel.browser.get(path).has("href=\"" + path + "\" aria-current=\"page\""));
    const auto seen = expert.get(path);
    if (seen.status == 200) CHECK_FALSE(seen.has("panel-tabs"));
  }
}
