// The start of the panel, who came, who never comes, and long work, as a browser meets them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/http/pages/pages.h"
#include "service/usecases/tasks.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;
using domain::Role;

namespace {

Browser organizer(WholeSite& site) {
  return site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
}

std::string path_of(const domain::Meeting& meeting, const char* part) {
  return fmt::format("/panel/spotkania/{}/{}", meeting.id.value, part);
}

// From the section of the page that begins with this heading to its end.
std::string section(const Shown& page, const std::string& id) {
  const auto begin = page.html.find("aria-labelledby=\"" + id + "\"");
  if (begin == std::string::npos) return "";
  return page.html.substr(begin, page.html.find("</section>", begin) - begin);
}

}  // namespace

TEST_CASE("the panel says that nothing waits when nothing does") {
  WholeSite site;
  const auto page = organizer(site).get("/panel");
  CHECK(page.status == 200);
  CHECK(page.has("Nic nie czeka"));
  CHECK(section(page, "approvals").empty());
}

TEST_CASE("the panel shows what waits, with the way to where it is done") {
  WholeSite site;
  auto form = site.world().meeting_form(2);
  form.approval = true;
  form.title = "Woda w mieście";
  const auto approved = site.world().publish(form);
  site.world().enter(approved.id, 1);
  form.approval = false;
  form.title = "Zieleń";
  form.starts -= std::chrono::days(7);  // 12 January, in eight days
  form.ends -= std::chrono::days(7);
  const auto near = site.world().publish(form);
  form.title = "Szkic o ruchu";
  REQUIRE(usecases::create_meeting(site.environment(), site.world().organizer(), form).ok());
  auto browser = organizer(site);
  const auto page = browser.get("/panel");
  CHECK_FALSE(page.has("Nic nie czeka"));
  const auto approvals = section(page, "approvals");
  CHECK(approvals.find("Woda w mieście") != std::string::npos);
  CHECK(approvals.find("czeka 1 osoba, najdłużej od: 4 stycznia 2027") != std::string::npos);
  CHECK(approvals.find(path_of(approved, "zapisy?status=pending")) != std::string::npos);
  const auto half_empty = section(page, "half_empty");
  CHECK(half_empty.find("zajęte miejsca: 0 z 2") != std::string::npos);
  CHECK(half_empty.find("Woda w mieście") == std::string::npos);  // in fifteen days
  CHECK(section(page, "draft").find("Szkic o ruchu") != std::string::npos);
  // Who runs another meeting alone sees nothing of these.
  auto other = site.browser_of(site.add_person("Inny Organ", {{Role::organizer, near.id}}));
  const auto own = other.get("/panel");
  CHECK(own.has("Zieleń"));
  CHECK_FALSE(own.has("Woda w mieście"));
  CHECK_FALSE(own.has("Szkic o ruchu"));
}

TEST_CASE("who came is marked row by row, for the rest at once, and taken back") {
  WholeSite site;
  const auto meeting = site.world().publish(3);
  const auto one = site.world().enter(meeting.id, 1).registration.id;
  const auto two = site.world().enter(meeting.id, 2).registration.id;
  auto before = organizer(site);
  const auto path = path_of(meeting, "obecnosc");
  auto page = before.get(path);
  CHECK(page.status == 200);
  CHECK(page.has("Obecność można zaznaczać od rozpoczęcia spotkania"));
  CHECK(page.has("Podpis"));
  CHECK_FALSE(page.has("name=\"one\""));
  auto early = page.form("operation");
  early["one"] = "attended:" + std::to_string(one.value);
  CHECK(before.post(path, early).status == 422);

  site.world().clock().set(meeting.times.starts_at);
  auto browser = site.browser_of(site.add_person("Ola Druga", {{Role::organizer, {}}}));
  page = browser.get(path);
  auto fields = page.form("operation");
  fields["one"] = "absent:" + std::to_string(two.value);
  CHECK(browser.post(path, fields).header("Location") == path + "?zrobione=attendance_saved");
  fields = browser.get(path).form("operation");
  fields["do"] = "rest";
  CHECK(browser.post(path, fields).status == 303);
  CHECK(site.world().load(one).status == RegistrationStatus::attended);
  CHECK(site.world().load(two).status == RegistrationStatus::absent);
  page = browser.get(path + "?zrobione=attendance_saved");
  CHECK(page.has("Obecność zapisana"));
  CHECK(page.has("Obecni: 1, nieobecni: 1, jeszcze niezaznaczeni: 0."));
  fields = page.form("operation");
  fields["one"] = "confirmed:" + std::to_string(two.value);
  CHECK(browser.post(path, fields).status == 303);
  CHECK(site.world().load(two).status == RegistrationStatus::confirmed);
}

TEST_CASE("somebody at the door is added with what a registration asks for") {
  WholeSite site;
  const auto meeting = site.world().publish(1);
  site.world().enter(meeting.id, 1);
  site.world().clock().set(meeting.times.starts_at);
  auto browser = organizer(site);
  const auto path = path_of(meeting, "obecnosc");
  auto fields = browser.get(path).form("full_name");
  fields["full_name"] = "Zofia Zdrzwi";
  fields["email"] = "zofia@urzad.example";
  fields["institution"] = "2466011";
  auto page = browser.post(path, fields);
  CHECK(page.status == 422);
  CHECK(page.form("full_name")["email"] == "zofia@urzad.example");
  fields["consent"] = "yes";
  page = browser.post(path, fields);
  CHECK(page.status == 422);
  CHECK(page.has("Wszystkie miejsca są zajęte"));
  fields["over_capacity"] = "yes";
  page = browser.post(path, fields);
  CHECK(page.header("Location") == path + "?zrobione=walk_in_added");
  CHECK(browser.get(path).has("Zofia Zdrzwi"));
  CHECK(site.world().find_violations() == std::vector<std::string>{});
}

TEST_CASE("the API marks who came") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto one = site.world().enter(meeting.id, 1).registration.id;
  site.world().clock().set(meeting.times.starts_at);
  auto client = site.api_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto path = fmt::format("/api/v1/registrations/{}/attendance", one.value);
  const auto marked = client.post(path, {{"status", "attended"}});
  CHECK(marked.status == 200);
  CHECK(marked.body["status"] == "attended");
  CHECK(client.post(path, {{"status", "pending"}}).status == 422);
  CHECK(client.post(path, {{"status", "confirmed"}}).body["status"] == "confirmed");
}

TEST_CASE("the statistics show institutions by topic, on a map with rings, and as a file") {
  WholeSite site;
  const auto meeting = site.world().publish();
  site.world().enter(meeting.id, 1);
  site.world().clock().set(meeting.times.ends_at);
  auto browser = organizer(site);
  const auto page = browser.get("/panel/statystyki?kolejnosc=times");
  CHECK(page.status == 200);
  CHECK(page.has("w tym bez zaznaczonej obecności: 1"));
  CHECK(page.has("class=\"never\""));
  CHECK(page.has("class=\"seldom\""));
  const auto file = browser.get("/panel/statystyki.csv?kolejnosc=times");
  CHECK(file.status == 200);
  CHECK(file.header("Content-Type") == "text/csv; charset=utf-8; header=present");
  CHECK(file.has("Instytucja;TERYT;Udział"));
}

TEST_CASE("more than fifty decisions become a task with a page of its own") {
  WholeSite site;
  auto form = site.world().meeting_form(100);
  form.approval = true;
  const auto meeting = site.world().publish(form);
  std::vector<std::string> ids;
  for (int number = 1; number <= 51; ++number)
    ids.push_back(std::to_string(site.world().enter(meeting.id, number).registration.id.value));
  auto browser = organizer(site);
  const auto path = path_of(meeting, "zapisy");
  auto fields = browser.get(path).form("do");
  fields["do"] = "approve";
  httplib::Params params(fields.begin(), fields.end());
  params.erase("r");
  for (const auto& id : ids) params.emplace("r", id);
  const auto sent = browser.send(path, httplib::detail::params_to_query_str(params),
                                 "application/x-www-form-urlencoded");
  REQUIRE(sent.status == 303);
  const auto task = sent.header("Location");
  auto page = browser.get(task);
  CHECK(page.status == 200);
  CHECK(page.header("Refresh") == "2");
  CHECK(page.has("<progress"));
  http::pages::Parts parts;
  parts.environment = &site.environment();
  CHECK(usecases::run_next_task(site.environment(), http::pages::task_kinds(parts), "test"));
  page = browser.get(task);
  CHECK(page.header("Refresh").empty());
  CHECK(page.has("Udało się: 51, nie udało się: 0."));
  CHECK(site.world().meeting(meeting.id).onsite.confirmed == 51);
  auto other = site.browser_of(site.add_person("Inny Organ", {{Role::organizer, {}}}));
  CHECK(other.get(task).status == 404);
}
