// Who gets which material, by every address at which there is something of it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/materials/materials.h"
#include "tests/http/site/reading_room.h"

using namespace narada;
using namespace narada::testing;
using domain::MaterialAccess;
using domain::MaterialId;
using domain::Role;

namespace {

// What somebody is to the meeting, which is all that counts.
enum class Standing { nobody, takes_part, leads, organizes };

struct Person {
  std::string name;
  Standing standing;
  Browser browser;
  std::string base = {};  // "/z/{token}" of who comes by a link
};

struct Kept {
  std::string name;
  MaterialId id;
  MaterialAccess access;
  bool lies_ahead = false;
  std::string state = "ready";
  bool is_deleted = false;
};

struct World {
  ReadingRoom room;
  domain::Meeting meeting, other, draft;
  std::vector<Kept> materials;
  std::vector<Person> people;

  World() {
    auto& world = room.site().world();
    meeting = world.publish(2);
    other = world.publish();
    add_people();
    add_materials();
  }

  domain::Instant from_now(int hours) {
    return room.site().world().clock().now() + std::chrono::hours(hours);
  }

  static std::string token_of(const usecases::Registered& registered) {
    return registered.manage_url.substr(registered.manage_url.rfind('/') + 1);
  }
  void add_holder(const std::string& name, Standing standing, const usecases::Registered& of) {
    people.push_back(
        {name + ", by the link", standing, room.site().visitor(), "/z/" + token_of(of)});
    people.push_back(
        {name + ", signed in", standing, room.site().browser_of(of.registration.person.id)});
  }
  void add_person(const std::string& name, Standing standing, const domain::RoleGrant& grant) {
    people.push_back(
        {name, standing, room.site().browser_of(room.site().add_person(name, {grant}))});
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
    add_person("Urszula Urzednik", Standing::nobody, {Role::official, {}});
    add_person("Ewa Ekspert", Standing::leads, {Role::expert, meeting.id});
    add_person("Obcy Ekspert", Standing::nobody, {Role::expert, other.id});
    add_person("Olga Organizator", Standing::organizes, {Role::organizer, {}});
    add_person("Obcy Organizator", Standing::nobody, {Role::organizer, institution()});
    add_person("Adam Admin", Standing::organizes, {Role::admin, {}});
  }

  // That hosts nothing here.
  domain::InstitutionId institution() {
    return room.site().world().pool().read([](storage::Connection& connection) {
      return connection.query("SELECT MAX(id) FROM institution")[0].id<domain::InstitutionId>(0);
    });
  }

  void add_materials() {
    const std::vector<std::pair<const char*, MaterialAccess>> accesses = {
        {"everybody", MaterialAccess::everybody},
        {"participants", MaterialAccess::participants},
        {"organizers", MaterialAccess::organizers}};
    for (const auto& [name, access] : accesses) {
      add(name, access, 0, "ready");
      add(name, access, -24, "ready");
      add(name, access, 24, "ready");
      add(name, access, 0, "waiting");
      add(name, access, 0, "refused");
      add(name, access, 0, "deleted");
    }
  }

  void add(const std::string& name, MaterialAccess access, int hours, const std::string& state) {
    Kept kept{fmt::format("{}, {:+} h, {}", name, hours, state),
              {},
              access,
              hours > 0,
              state == "deleted" ? "ready" : state,
              state == "deleted"};
    ReadingRoom::Sheet sheet;
    sheet.title = "Materiał " + std::to_string(materials.size());
    sheet.content = "treść " + kept.name;
    sheet.state = kept.state;
    sheet.access = access;
    sheet.has_thumbnail = true;
    if (hours != 0) sheet.available_from = from_now(hours);
    kept.id = room.add(meeting.id, sheet);
    if (kept.is_deleted)
      REQUIRE(usecases::remove_material(room.site().environment(), room.site().world().organizer(),
                                        kept.id)
                  .ok());
    materials.push_back(kept);
  }
};

bool may_open(const Kept& kept, Standing standing) {
  if (kept.is_deleted) return false;
  if (standing == Standing::organizes) return true;
  if (kept.access == MaterialAccess::organizers || kept.lies_ahead || kept.state != "ready")
    return false;
  return kept.access == MaterialAccess::everybody || standing != Standing::nobody;
}

// Its title, and from when or for whom it is.
bool may_know(const Kept& kept, Standing standing) {
  if (kept.is_deleted) return false;
  if (standing == Standing::organizes) return true;
  return kept.access != MaterialAccess::organizers && kept.state == "ready";
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
      const bool opens = may_open(kept, person.standing) && kept.state == "ready";
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
      CHECK(person.browser.get(folder).status == (may_know(kept, person.standing) ? 200 : 404));
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
      const bool knows = may_know(kept, person.standing) && !is_elsewhere;
      const bool opens = may_open(kept, person.standing) && !is_elsewhere;
      const auto title = fmt::format("{}\"", address_of(kept.id));
      CHECK(page.has(title) == knows);
      CHECK(page.has(address_of(kept.id, "/1/Za")) == (opens && kept.state == "ready"));
      CHECK(archive.has("treść " + kept.name) == (opens && kept.state == "ready"));
    }
  }
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
