#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "service/usecases/meetings/bin.h"
#include "service/usecases/meetings/change_undoing.h"
#include "service/usecases/meetings/cycles.h"
#include "sql/connection.h"
#include "tests/support/registration_world.h"

namespace narada::testing {

// Everything that a change may touch, but for what only ever rises and says when.
std::vector<std::string> dump(RegistrationWorld& world);

// But for the log, which remembers changes whose mails are gone.
std::string violations(RegistrationWorld& world);

// A meeting with three places, three people in and two waiting; changes are held for five minutes.
struct Held {
  Held() {
    world.environment().hold_seconds = 300;
    meeting = world.publish(3).id;
    world.clock().advance(std::chrono::hours(1));
    for (int number = 1; number <= 5; ++number) {
      people.push_back(world.enter(meeting, number).registration.id);
    }
    world.clock().advance(std::chrono::hours(1));
  }
  usecases::MeetingForm form() {
    auto form = load_meeting_form(world.environment(), world.organizer().actor, meeting);
    REQUIRE(form.ok());
    return *form;
  }
  void change(const std::function<void(usecases::MeetingForm&)>& edit) {
    auto changed = form();
    edit(changed);
    const auto outcome = change_meeting(world.environment(), world.organizer(), meeting,
                                        world.meeting(meeting).version, changed,
                                        usecases::Shrinking::to_waiting_list);
    INFO(describe(outcome));
    REQUIRE(outcome.ok());
  }
  void move() {
    change([](auto& form) {
      form.starts += std::chrono::hours(24), form.ends += std::chrono::hours(24);
    });
  }
  usecases::HeldChange newest() {
    const auto changes = list_held_changes(world.environment(), world.organizer().actor, meeting);
    REQUIRE(changes.ok());
    REQUIRE_FALSE(changes->empty());
    return changes->front();
  }
  // Of meetings in the bin, too.
  std::int64_t number(const std::string& sql) {
    return world.pool().read([&](storage::Connection& connection) {
      const auto rows = connection.query(sql);
      return rows.empty() || rows[0].is_null(0) ? -1 : rows[0].integer(0);
    });
  }
  std::int64_t sequence() {
    return number("SELECT sequence FROM meeting WHERE id = " + std::to_string(meeting.value));
  }
  void execute(const std::string& sql) {
    world.pool().transact([&](storage::Connection& connection) { connection.execute(sql); });
  }
  domain::Cycle publish_cycle() {
    usecases::CycleForm form;
    form.title = "Szkoła prototypowania";
    form.meetings = {world.meeting_form(5)};
    const auto cycle = create_cycle(world.environment(), world.organizer(), form);
    REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
    auto published = usecases::publish_cycle(world.environment(), world.organizer(), cycle->id);
    REQUIRE_MESSAGE(published.ok(), describe(published));
    return std::move(published).value();
  }
  // Two sessions with three people each, one of them with fewer places than people.
  domain::Cycle publish_full_cycle() {
    usecases::CycleForm form;
    form.title = "Szkoła prototypowania";
    form.meetings = {world.meeting_form(5), world.meeting_form(2)};
    const auto cycle = create_cycle(world.environment(), world.organizer(), form);
    REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
    auto published = usecases::publish_cycle(world.environment(), world.organizer(), cycle->id);
    REQUIRE_MESSAGE(published.ok(), describe(published));
    for (const auto& session : published->meetings) {
      for (int number = 11; number <= 13; ++number) world.enter(session.id, number);
    }
    world.clock().advance(std::chrono::hours(1));
    return std::move(published).value();
  }
  domain::Outcome<usecases::CycleUndone> undo_deletion(domain::CycleId cycle) {
    return usecases::undo_cycle_deletion(world.environment(), world.organizer(), cycle);
  }
  std::optional<usecases::HeldDeletion> deletion(domain::CycleId cycle) {
    const auto found =
        usecases::find_held_deletion(world.environment(), world.organizer().actor, cycle);
    REQUIRE_MESSAGE(found.ok(), describe(found));
    return *found;
  }
  void remove(domain::MeetingId id) {
    const auto deleted = delete_meeting(world.environment(), world.organizer(), id, "");
    REQUIRE_MESSAGE(deleted.ok(), describe(deleted));
  }
  void remove(domain::CycleId id) {
    const auto deleted = delete_cycle(world.environment(), world.organizer(), id, "");
    REQUIRE_MESSAGE(deleted.ok(), describe(deleted));
  }
  usecases::Purge purge_after_a_month() {
    world.clock().advance(std::chrono::days(30) + std::chrono::seconds(1));
    return usecases::purge_bin(world.environment());
  }
  domain::Outcome<usecases::Undone> undo(domain::HeldChangeId id) {
    return undo_change(world.environment(), world.organizer(), meeting, id);
  }
  RegistrationWorld world;
  domain::MeetingId meeting;
  std::vector<domain::RegistrationId> people;
};

}  // namespace narada::testing
