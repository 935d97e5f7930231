// Drafts that are published at a time.
#include "service/usecases/meetings/publication.h"

#include <doctest/doctest.h>

#include <thread>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::MeetingStatus;
using usecases::PublicationTime;

namespace {

domain::Meeting make_draft(RegistrationWorld& world) {
  auto made =
      usecases::create_meeting(world.environment(), world.organizer(), world.meeting_form());
  REQUIRE(made.ok());
  return std::move(made).value();
}

PublicationTime time_of(RegistrationWorld& world, domain::MeetingId id) {
  return *usecases::find_publication_time(world.environment(), world.organizer().actor, id);
}

std::size_t count_of(const std::vector<std::string>& lines, std::string_view start) {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(),
                    [&](const std::string& line) { return line.starts_with(start); }));
}

}  // namespace

TEST_CASE("a draft is published when its time has come, and not before") {
  RegistrationWorld world;
  const auto draft = make_draft(world);
  const auto at = world.clock().now() + 1h;
  REQUIRE(
      usecases::set_publication_time(world.environment(), world.organizer(), draft.id, at).ok());
  CHECK(time_of(world, draft.id) == PublicationTime{at, ""});
  CHECK(world.meeting(draft.id).version == draft.version + 1);

  world.clock().set(at - 1s);
  CHECK(usecases::publish_due(world.environment()) == 0);
  CHECK(world.meeting(draft.id).status == MeetingStatus::draft);

  world.clock().set(at);
  CHECK(usecases::publish_due(world.environment()) == 1);
  CHECK(world.meeting(draft.id).status == MeetingStatus::published);
  CHECK(time_of(world, draft.id) == PublicationTime{});
  CHECK(count_of(world.activities(), "meeting.publication_due") == 1);
  CHECK(usecases::publish_due(world.environment()) == 0);
}

TEST_CASE("a time that was taken back publishes nothing") {
  RegistrationWorld world;
  const auto draft = make_draft(world);
  const auto at = world.clock().now() + 1h;
  REQUIRE(
      usecases::set_publication_time(world.environment(), world.organizer(), draft.id, at).ok());
  REQUIRE(
      usecases::set_publication_time(world.environment(), world.organizer(), draft.id, {}).ok());
  world.clock().set(at + 1h);
  CHECK(usecases::publish_due(world.environment()) == 0);
  CHECK(world.meeting(draft.id).status == MeetingStatus::draft);
}

TEST_CASE("a time is for drafts, for the future and for who organizes") {
  RegistrationWorld world;
  const auto draft = make_draft(world);
  const auto published = world.publish();
  const auto now = world.clock().now();
  const auto set = [&](const usecases::Call& call, domain::MeetingId id, domain::Instant at) {
    return describe(usecases::set_publication_time(world.environment(), call, id, at));
  };
  CHECK(set(world.organizer(), draft.id, now) == "publish_at:in_past");
  CHECK(set(world.organizer(), published.id, now + 1h) == "conflict:not_draft");
  CHECK(set(world.visitor(), draft.id, now + 1h) == "not_found");
  CHECK(set(world.organizer(), domain::MeetingId{999}, now + 1h) == "not_found");
  CHECK(time_of(world, draft.id) == PublicationTime{});
}

TEST_CASE("what cannot be published is said once and not tried again") {
  RegistrationWorld world;
  const auto draft = make_draft(world);
  const auto at = world.clock().now() + 1h;
  REQUIRE(
      usecases::set_publication_time(world.environment(), world.organizer(), draft.id, at).ok());
  world.clock().set(draft.times.ends_at);  // nobody looked for two weeks
  CHECK(usecases::publish_due(world.environment()) == 0);
  CHECK(usecases::publish_due(world.environment()) == 0);
  CHECK(time_of(world, draft.id) == PublicationTime{std::nullopt, "meeting_past"});
  CHECK(count_of(world.activities(), "meeting.publication_failed") == 1);
  CHECK(usecases::list_publication_times(world.environment(), {draft.id}) ==
        std::map<domain::MeetingId, PublicationTime>{{draft.id, {std::nullopt, "meeting_past"}}});
}

TEST_CASE("a cycle is published at its time with all its drafts") {
  RegistrationWorld world;
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania 2027";
  form.meetings.push_back(world.meeting_form());
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(cycle.ok());
  const auto at = world.clock().now() + 1h;
  REQUIRE(
      usecases::set_publication_time(world.environment(), world.organizer(), cycle->id, at).ok());
  world.clock().set(at);
  CHECK(usecases::publish_due(world.environment()) == 1);
  const auto now = usecases::find_cycle(world.environment(), {}, cycle->slug);
  CHECK(now->status == domain::CycleStatus::published);
  REQUIRE(now->meetings.size() == 1);
  CHECK(now->meetings.front().status == MeetingStatus::published);
}

TEST_CASE("of two processes that look at the same moment one publishes") {
  RegistrationWorld world;
  std::vector<domain::MeetingId> drafts;
  for (int number = 0; number < 8; ++number) drafts.push_back(make_draft(world).id);
  const auto at = world.clock().now() + 1h;
  for (const auto id : drafts)
    REQUIRE(usecases::set_publication_time(world.environment(), world.organizer(), id, at).ok());
  world.clock().set(at);

  int counts[2] = {};
  {
    std::jthread one([&] { counts[0] = usecases::publish_due(world.environment()); });
    std::jthread other([&] { counts[1] = usecases::publish_due(world.environment()); });
  }

  CHECK(counts[0] + counts[1] == 8);
  CHECK(count_of(world.activities(), "meeting.publication_due") == 8);
  CHECK(count_of(world.activities(), "meeting.published") == 8);
}
