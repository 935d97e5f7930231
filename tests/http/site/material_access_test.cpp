// Who gets which material, by every address at which there is something of it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/materials/materials.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/people/person_erasure.h"
#include "sql/material_store.h"
#include "sql/thing_store.h"
#include "tests/http/site/reading_room.h"

using namespace narada;
using namespace narada::testing;
using domain::MaterialAccess;
using domain::MaterialId;
using domain::Role;

namespace {

// What somebody is to the meeting. That, and whether they brought it, is all that counts.
enum class Standing { nobody, takes_part, leads, organizes };

struct Person {
  std::string name;
  Standing standing;
  Browser browser;
  std::string base = {};                    // "/z/{token}" of who comes by a link
  std::optional<domain::PersonId> id = {};  // of who is signed in
  std::optional<std::string> token = {};    // of the API, with their rights
};

struct Kept {
  std::string name;
  MaterialId id;
  MaterialAccess access;
  bool lies_ahead = false;
  std::string state = "ready";
  bool is_deleted = false;
  bool is_withheld = false;
  std::optional<domain::PersonId> brought_by = {};
};

// How a material of the table comes about.
struct Making {
  MaterialAccess access = MaterialAccess::everybody;
  int hours = 0;                // from now on; 0: at once
  std::string state = "ready";  // or deleted, withheld, exempted
  std::optional<domain::PersonId> brought_by = {};
};

struct World {
  ReadingRoom room;
  domain::Cycle cycle;
  domain::Meeting meeting, other;
  domain::ExpertId expert;  // a record of the catalogue that leads the meeting
  std::vector<Kept> materials;
  std::vector<Person> people;

  World() {
    auto& world = room.site().world();
    auto& environment = room.site().environment();
    usecases::CycleForm cycle_form;
    cycle_form.title = "Cykl";
    cycle = *usecases::publish_cycle(
        environment, world.organizer(),
        usecases::create_cycle(environment, world.organizer(), cycle_form)->id);
    auto form = world.meeting_form(2);
    form.cycle = cycle.slug;
    form.places[0].institution = "2466011";
    meeting = world.publish(form);
    other = world.publish();
    execute("INSERT INTO expert (slug, name, kind) VALUES ('ewa', 'Ewa Sowa', 'person')", {});
    expert = {number("SELECT MAX(id) FROM expert")};
    execute("INSERT INTO meeting_expert (meeting_id, expert_id, position) VALUES (?, ?, 0)",
            {meeting.id, expert});
    execute("INSERT INTO material_policy (meeting_id, accessibility) VALUES (?, 'required')",
            {meeting.id});
    add_people();
    add_materials();
  }

  void execute(std::string_view statement, const std::vector<storage::Parameter>& parameters) {
    room.site().world().pool().transact(
        [&](storage::Connection& connection) { return connection.execute(statement, parameters); });
  }
  std::int64_t number(const std::string& statement) {
    return room.site().world().pool().read(
        [&](storage::Connection& connection) { return connection.query(statement)[0].integer(0); });
  }
  domain::Instant from_now(int hours) {
    return room.site().world().clock().now() + std::chrono::hours(hours);
  }

  static std::string token_of(const usecases::Registered& registered) {
    return registered.manage_url.substr(registered.manage_url.rfind('/') + 1);
  }
  void add_holder(const std::string& name, Standing standing, const usecases::Registered& of) {
    const auto person = of.registration.person.id;
    people.push_back(
        {name + ", by the link", standing, room.site().visitor(), "/z/" + token_of(of)});
    people.push_back({name + ", signed in",
                      standing,
                      room.site().browser_of(person),
                      {},
                      person,
                      room.site().token_of(person, "read")});
  }
  domain::PersonId add_person(const std::string& name, Standing standing,
                              const std::vector<domain::RoleGrant>& grants) {
    const auto id = room.site().add_person(name, grants);
    people.push_back({name,
                      standing,
                      room.site().browser_of(id),
                      {},
                      id,
                      room.site().token_of(id, people.size() % 2 == 0 ? "read" : "write")});
    return id;
  }

  void add_people() {
    auto& world = room.site().world();
    people.push_back({"visitor", Standing::nobody, room.site().visitor()});
    add_holder("participant", Standing::takes_part, world.enter(meeting.id, 1));
    const auto cancelled = world.enter(meeting.id, 2);
    world.cancel(cancelled.registration.id);
    world.enter(meeting.id, 3);
    add_holder("cancelled", Standing::nobody, cancelled);
    add_holder("waiting", Standing::nobody, world.enter(meeting.id, 4));
    add_holder("participant of another", Standing::nobody, world.enter(other.id, 5));
    add_person("Urszula Urzednik", Standing::nobody, {{Role::official, {}}});
    add_person("Kora Koordynatorka", Standing::nobody, {{Role::coordinator, host()}});
    add_experts();
    add_person("Olga Organizator", Standing::organizes, {{Role::organizer, {}}});
    add_person("Ola Gospodarza", Standing::organizes, {{Role::organizer, host()}});
    add_person("Ola Cyklu", Standing::organizes, {{Role::organizer, cycle.id}});
    add_person("Ola Spotkania", Standing::organizes, {{Role::organizer, meeting.id}});
    add_person("Obcy Organizator", Standing::nobody, {{Role::organizer, stranger()}});
    add_person("Organizator Innego", Standing::nobody, {{Role::organizer, other.id}});
    add_person("Adam Admin", Standing::organizes, {{Role::admin, {}}});
    add_erased();
  }

  void add_experts() {
    add_person("Ewa Ekspert", Standing::leads, {{Role::expert, meeting.id}});
    add_person("Ekspert Cyklu", Standing::leads, {{Role::expert, cycle.id}});
    add_person("Obcy Ekspert", Standing::nobody, {{Role::expert, other.id}});
    const auto member = add_person("Zofia z Wpisu", Standing::leads, {});
    execute(
        "INSERT INTO expert_member (expert_id, person_id, added_at) VALUES (?, ?, '2027-01-01')",
        {expert, member});
    add_person("Dawny Ekspert", Standing::nobody, {});
  }

  // Whose browser and token are still there.
  void add_erased() {
    auto& site = room.site();
    const auto id = add_person("Wanda Wymazana", Standing::nobody, {{Role::organizer, {}}});
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::person;
    call.actor.person = id;
    call.actor.id = id.value;
    const auto erased =
        usecases::erase_person(site.environment(), call, id, "wanda-wymazana@urzad.example");
    REQUIRE_MESSAGE(erased.ok(), describe(erased));
    people.back().token.reset();  // answers 401
  }

  domain::PersonId person(const std::string& name) const {
    const auto found = std::find_if(people.begin(), people.end(),
                                    [&](const Person& one) { return one.name == name; });
    return found->id.value();
  }

  // That answers for the meeting.
  domain::InstitutionId host() {
    return room.site().world().pool().read([&](storage::Connection& connection) {
      return storage::find_meeting_things(connection, meeting.id)->meeting.responsible.at(0);
    });
  }
  // That hosts nothing here.
  domain::InstitutionId stranger() { return {number("SELECT MAX(id) FROM institution")}; }

  std::string digest_of(const Kept& kept) {
    return room.site().world().pool().read([&](storage::Connection& connection) {
      return connection
          .query("SELECT digest FROM material_version WHERE material_id = ?", {kept.id})[0]
          .text(0);
    });
  }

  void add_materials() {
    for (const auto access :
         {MaterialAccess::everybody, MaterialAccess::participants, MaterialAccess::organizers}) {
      for (const auto* state : {"ready", "waiting", "refused", "deleted", "withheld", "exempted"})
        add({access, 0, state});
      add({access, -24});
      add({access, 24});
    }
    for (const auto* name : {"Ewa Ekspert", "Dawny Ekspert"}) {
      add({MaterialAccess::organizers, 0, "ready", person(name)});
      add({MaterialAccess::participants, 24, "withheld", person(name)});
    }
  }

  void add(const Making& making) {
    const bool is_faulty = making.state == "withheld" || making.state == "exempted";
    Kept kept;
    kept.name = fmt::format("{} {}, {:+} h, {}{}", materials.size(), to_string(making.access),
                            making.hours, making.state, making.brought_by ? ", brought" : "");
    kept.access = making.access;
    kept.lies_ahead = making.hours > 0;
    kept.is_deleted = making.state == "deleted";
    kept.is_withheld = making.state == "withheld";
    kept.state = is_faulty || kept.is_deleted ? "ready" : making.state;
    kept.brought_by = making.brought_by;
    ReadingRoom::Sheet sheet;
    sheet.title = "Materiał " + std::to_string(materials.size());
    sheet.content = "treść " + kept.name;
    sheet.state = kept.state;
    sheet.access = making.access;
    sheet.has_thumbnail = true;
    if (making.hours != 0) sheet.available_from = from_now(making.hours);
    kept.id = room.add(meeting.id, sheet);
    if (is_faulty)
      execute(
          "UPDATE stored_file f JOIN material_version v ON v.digest = f.digest"
          " SET f.facts = JSON_SET(f.facts, '$.faults', JSON_ARRAY('no_tags'))"
          " WHERE v.material_id = ?",
          {kept.id});
    if (making.state == "exempted")
      execute("UPDATE material SET exemption = 'skan' WHERE id = ?", {kept.id});
    if (making.brought_by)
      execute("UPDATE material SET added_by = ? WHERE id = ?", {*making.brought_by, kept.id});
    if (kept.is_deleted)
      REQUIRE(usecases::remove_material(room.site().environment(), room.site().world().organizer(),
                                        kept.id)
                  .ok());
    materials.push_back(kept);
  }
};

bool has_rights(const Kept& kept, const Person& person) {
  return person.standing == Standing::organizes ||
         (person.id && kept.brought_by && *person.id == *kept.brought_by);
}

bool may_open(const Kept& kept, const Person& person) {
  if (kept.is_deleted) return false;
  if (has_rights(kept, person)) return true;
  if (kept.access == MaterialAccess::organizers || kept.lies_ahead || kept.state != "ready" ||
      kept.is_withheld)
    return false;
  return kept.access == MaterialAccess::everybody || person.standing != Standing::nobody;
}

// Its title, and from when or for whom it is.
bool may_know(const Kept& kept, const Person& person) {
  if (kept.is_deleted) return false;
  if (has_rights(kept, person)) return true;
  return kept.access != MaterialAccess::organizers && kept.state == "ready" && !kept.is_withheld;
}

// As the browser asks, without the body.
int head_of(Person& person, const std::string& path) {
  httplib::Client client(person.browser.origin());
  httplib::Headers headers;
  for (const auto& [name, value] : person.browser.cookies())
    headers.emplace("Cookie", name + "=" + value);
  const auto answer = client.Head(path, headers);
  return answer ? answer->status : 0;
}

// What differs between any two answers: the request's id, and the address.
std::string without_own_words(const Shown& shown, const std::string& path) {
  auto text = shown.html;
  const auto drop = [&](const std::string& word) {
    for (auto at = text.find(word); !word.empty() && at != std::string::npos; at = text.find(word))
      text.erase(at, word.size());
  };
  drop(path);
  drop(shown.header("X-Request-Id"));
  const auto token = text.find("name=\"form_token\" value=\"");
  if (token != std::string::npos) text.erase(token, 100);
  return text;
}

}  // namespace

TEST_CASE("a file, its picture and its parts are there for exactly those who may open it") {
  World world;
  for (auto& person : world.people) {
    const auto absent = person.base + "/materialy/999999/1/karta.pdf";
    const auto nothing = without_own_words(person.browser.get(absent), absent);
    for (const auto& kept : world.materials) {
      CAPTURE(person.name);
      CAPTURE(kept.name);
      const bool opens = may_open(kept, person) && kept.state == "ready";
      const auto file = person.base + address_of(kept.id, "/1/karta.pdf");
      const auto whole = person.browser.get(file);
      CHECK(whole.status == (opens ? 200 : 404));
      if (opens)
        CHECK(whole.html == "treść " + kept.name);
      else
        CHECK(without_own_words(whole, file) == nothing);
      CHECK(person.browser.get(file, {{"Range", "bytes=0-3"}}).status == (opens ? 206 : 404));
      const auto folder = person.base + address_of(kept.id);
      CHECK(person.browser.get(folder + "/1/miniatura").status == (opens ? 200 : 404));
      CHECK(person.browser.get(folder + "/plik").status == (opens ? 302 : 404));
      CHECK(person.browser.get(folder + "/2/karta.pdf").status == 404);
      CHECK(person.browser.get(folder).status == (may_know(kept, person) ? 200 : 404));
    }
  }
}

// Whoever knows or guesses the digest of a file gains nothing by it.
TEST_CASE("no other question about a file says more than the file itself") {
  World world;
  for (auto& person : world.people) {
    for (const auto& kept : world.materials) {
      CAPTURE(person.name);
      CAPTURE(kept.name);
      const bool opens = may_open(kept, person) && kept.state == "ready";
      const auto file = person.base + address_of(kept.id, "/1/cokolwiek.pdf");
      const auto tag = "\"" + world.digest_of(kept) + "\"";
      CHECK(head_of(person, file) == (opens ? 200 : 404));
      const auto part = person.browser.get(file, {{"Range", "bytes=0-3"}, {"If-Range", tag}});
      CHECK(part.status == (opens ? 206 : 404));
      CHECK(person.browser.get(file, {{"If-None-Match", tag}, {"Connection", "close"}}).status ==
            (opens ? 304 : 404));
    }
  }
}

TEST_CASE("lists, the archive and the API hold what one may know of, and nothing else") {
  World world;
  for (auto& person : world.people) {
    CAPTURE(person.name);
    const auto list = person.base.empty() ? "/spotkania/" + world.meeting.slug + "/materialy"
                                          : person.base + "/materialy";
    // By the link of another meeting's registration one reads of that meeting.
    const bool is_elsewhere =
        person.name.find("another") != std::string::npos && !person.base.empty();
    const auto page = person.browser.get(list);
    const auto archive = person.browser.get(list + ".zip");
    CHECK(page.status == 200);
    CHECK(archive.status == (is_elsewhere ? 404 : 200));
    for (const auto& kept : world.materials) {
      CAPTURE(kept.name);
      const bool knows = may_know(kept, person) && !is_elsewhere;
      const bool opens = may_open(kept, person) && !is_elsewhere;
      const auto title = fmt::format("{}\"", address_of(kept.id));
      CHECK(page.has(title) == knows);
      CHECK(page.has(address_of(kept.id, "/1/Za")) == (opens && kept.state == "ready"));
      CHECK(archive.has("treść " + kept.name + "PK") == (opens && kept.state == "ready"));
    }
  }
}

TEST_CASE("a token reads what its person reads, and one without a person what everybody does") {
  World world;
  for (auto& person : world.people) {
    if (!person.base.empty() || (person.id && !person.token)) continue;
    CAPTURE(person.name);
    auto client = person.token ? world.room.site().api_client(*person.token)
                               : world.room.site().api_visitor();
    const auto list =
        client.get(fmt::format("/api/v1/meetings/{}/materials?limit=100", world.meeting.id.value));
    REQUIRE(list.status == 200);
    std::map<std::int64_t, std::string> readings;
    for (const auto& item : list.body["items"])
      readings[item["id"].get<std::int64_t>()] = item["reading"].get<std::string>();
    for (const auto& kept : world.materials) {
      CAPTURE(kept.name);
      const auto found = readings.find(kept.id.value);
      CHECK((found != readings.end()) == may_know(kept, person));
      if (found != readings.end()) CHECK((found->second == "open") == may_open(kept, person));
      const auto one = client.get(fmt::format("/api/v1/materials/{}", kept.id.value));
      CHECK(one.status == (may_know(kept, person) ? 200 : 404));
    }
  }
}

TEST_CASE("a token that only reads changes no material, and an erased person's reads nothing") {
  World world;
  auto& site = world.room.site();
  const auto path = fmt::format("/api/v1/materials/{}", world.materials[0].id.value);
  const auto organizer = world.person("Olga Organizator");
  auto reading = site.api_client(site.token_of(organizer, "read"));
  const Headers tag = {{"If-Match", reading.get(path).header("ETag")}};
  CHECK(reading.patch(path, {{"title", "Inny"}}, tag).status == 403);
  CHECK(reading.send("DELETE", path, "", tag).status == 403);
  auto writing = site.api_client(site.token_of(organizer, "write"));
  CHECK(writing.patch(path, {{"title", "Inny"}}, tag).status == 200);
  auto erased = site.api_client(site.token_of(world.person("Wanda Wymazana"), "write"));
  CHECK(erased.get(path).status == 401);
}

TEST_CASE("of a draft nobody but those who prepare it finds a material") {
  ReadingRoom room;
  auto& site = room.site();
  auto& world = site.world();
  auto form = world.meeting_form();
  form.title = "Szkic spotkania";
  const auto draft = usecases::create_meeting(site.environment(), world.organizer(), form);
  REQUIRE(draft.ok());
  const auto material = room.add(draft->id, {});
  const auto own = domain::RoleGrant{Role::expert, draft->id};
  auto expert = site.browser_of(site.add_person("Ewa Ekspert", {own}));
  auto organizer = site.browser_of(site.add_person("Olga Organizator", {{Role::organizer, {}}}));
  auto official = site.browser_of(site.add_person("Urszula Urzednik"));
  auto visitor = site.visitor();
  for (const auto& path :
       {address_of(material), address_of(material, "/1/x.pdf"), address_of(material, "/plik"),
        "/spotkania/" + draft->slug + "/materialy",
        "/spotkania/" + draft->slug + "/materialy.zip"}) {
    CAPTURE(path);
    CHECK(expert.get(path).status < 400);
    CHECK(organizer.get(path).status < 400);
    CHECK(official.get(path).status == 404);
    CHECK(visitor.get(path).status == 404);
  }
}
