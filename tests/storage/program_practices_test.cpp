// The good practices that a meeting's program presents.
#include <doctest/doctest.h>

#include "service/usecases/meetings/bin.h"
#include "service/usecases/meetings/change_undoing.h"
#include "service/usecases/meetings/duplication.h"
#include "service/usecases/practices/practices.h"
#include "sql/connection.h"
#include "sql/pool.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

using Keys = std::vector<std::string>;

struct Presented {
  Presented() {
    for (const char* title : {"Karta seniora", "Ogród deszczowy", "Szkic"}) {
      usecases::PracticeForm practice;
      practice.title = title;
      practice.source_url = "https://example.org/praktyka";
      const auto draft =
          usecases::create_practice(world.environment(), world.organizer(), practice);
      REQUIRE(draft.ok());
      if (practice.title == "Szkic") continue;
      REQUIRE(usecases::publish_practice(world.environment(), world.organizer(), draft->id).ok());
    }
    form = world.meeting_form();
    form.program = {{600, 660, "Otwarcie", "", {}, {}, {}},
                    {660, 720, "Praktyki", "", {}, {}, {"ogrod-deszczowy", "karta-seniora"}}};
  }
  domain::Outcome<domain::Meeting> create() {
    return usecases::create_meeting(world.environment(), world.organizer(), form);
  }
  usecases::MeetingForm stored(domain::MeetingId id) {
    const auto found =
        usecases::load_meeting_form(world.environment(), world.organizer().actor, id);
    REQUIRE(found.ok());
    return *found;
  }
  domain::Meeting change(domain::MeetingId id, const usecases::MeetingForm& changed) {
    const auto outcome = usecases::change_meeting(world.environment(), world.organizer(), id,
                                                  world.meeting(id).version, changed);
    INFO(describe(outcome));
    REQUIRE(outcome.ok());
    return *outcome;
  }
  // The titles of the published meetings that the practice's readers see.
  Keys presented_at(const char* practice) {
    const auto found = usecases::find_practice(world.environment(), {}, practice);
    REQUIRE(found.ok());
    Keys titles;
    for (const auto& meeting : found->presented_at) titles.push_back(meeting.title);
    return titles;
  }
  std::int64_t rows() {
    return world.pool().read([](storage::Connection& connection) {
      return connection.query("SELECT COUNT(*) FROM program_item_practice")[0].integer(0);
    });
  }
  RegistrationWorld world;
  usecases::MeetingForm form;
};

}  // namespace

TEST_CASE("a program item keeps its practices in their order, and another one after a change") {
  Presented presented;
  const auto created = presented.create();
  REQUIRE(created.ok());
  auto form = presented.stored(created->id);
  CHECK(form.program == presented.form.program);
  REQUIRE(created->program[1].practices.size() == 2);
  CHECK(created->program[1].practices[0].title == "Ogród deszczowy");
  form.program[0].practices = {"karta-seniora"};
  form.program[1].practices = {};
  presented.change(created->id, form);
  CHECK(presented.stored(created->id).program == form.program);
  CHECK(presented.rows() == 1);
}

TEST_CASE("a practice that is a draft or unknown is named with its place in the program") {
  Presented presented;
  for (const char* key : {"szkic", "nie-ma", "99"}) {
    CAPTURE(key);
    presented.form.program[1].practices = {"karta-seniora", key};
    const auto outcome = presented.create();
    REQUIRE_FALSE(outcome.ok());
    const auto* errors = std::get_if<domain::FieldErrors>(&outcome.failure());
    REQUIRE(errors != nullptr);
    REQUIRE(errors->size() == 1);
    CHECK(errors->front().field == "program[1].practices[1]");
    CHECK(errors->front().code == "unknown_practice");
  }
}

TEST_CASE("a copy of a meeting presents the same practices") {
  Presented presented;
  const auto created = presented.create();
  REQUIRE(created.ok());
  const auto again =
      usecases::hold_again(presented.stored(created->id),
                           std::chrono::year{2027} / std::chrono::October / std::chrono::day{12});
  CHECK(again.program == presented.form.program);
}

TEST_CASE("readers of a practice see the published meetings that present it") {
  Presented presented;
  presented.form.title = "Spotkanie o praktykach";
  const auto created = presented.create();
  REQUIRE(created.ok());
  CHECK(presented.presented_at("karta-seniora") == Keys{});
  REQUIRE(usecases::publish_meeting(presented.world.environment(), presented.world.organizer(),
                                    created->id)
              .ok());
  CHECK(presented.presented_at("karta-seniora") == Keys{"Spotkanie o praktykach"});
  REQUIRE(usecases::delete_meeting(presented.world.environment(), presented.world.organizer(),
                                   created->id, "")
              .ok());
  CHECK(presented.presented_at("karta-seniora") == Keys{});
  CHECK(presented.rows() == 2);
  presented.world.clock().advance(usecases::kKeptInBin + 24h);
  usecases::purge_bin(presented.world.environment());
  CHECK(presented.rows() == 0);
}

TEST_CASE("a change of the program that is undone brings its practices back") {
  Presented presented;
  auto& world = presented.world;
  world.environment().hold_seconds = 300;
  const auto meeting = world.publish(presented.form).id;
  world.clock().advance(1h);
  world.enter(meeting, 1);
  world.clock().advance(1h);
  auto form = presented.stored(meeting);
  form.program.clear();
  form.starts += 24h;
  form.ends += 24h;
  presented.change(meeting, form);
  CHECK(presented.rows() == 0);
  const auto changes =
      usecases::list_held_changes(world.environment(), world.organizer().actor, meeting);
  REQUIRE(changes.ok());
  REQUIRE_FALSE(changes->empty());
  const auto undone =
      usecases::undo_change(world.environment(), world.organizer(), meeting, changes->front().id);
  REQUIRE_MESSAGE(undone.ok(), describe(undone));
  CHECK(presented.stored(meeting).program == presented.form.program);
}
