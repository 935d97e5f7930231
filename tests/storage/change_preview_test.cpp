// What a preview says and what then stands in the outbox, message by message; and that a change
// undone within its hold leaves nothing.
#include "service/usecases/meetings/change_preview.h"

#include <doctest/doctest.h>

#include <functional>

#include "service/usecases/meetings/bin.h"
#include "service/usecases/meetings/held_changes.h"
#include "sql/outgoing_mail_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::Rehearsal;
using usecases::Shrinking;

namespace {

const std::vector<std::string> kNone;
constexpr int kHold = 300;

using Write = std::function<bool(RegistrationWorld&, const usecases::Call&, domain::MeetingId)>;

std::string line_of(const notifications::MailFacts& facts, int sequence) {
  const bool told = facts.event && facts.method;
  return std::string(to_string(facts.kind)) + "|" + facts.to_address + "|" +
         std::string(domain::to_string(facts.language)) + "|" +
         (told ? std::string(calendar::to_string(*facts.method)) + std::to_string(sequence) : "") +
         "|" + facts.place + "|" + facts.reason + "|" +
         std::to_string(facts.starts.time_since_epoch().count()) + "|" +
         std::to_string(facts.queue_position.value_or(0));
}

std::vector<std::string> lines_of(const usecases::ChangePreview& preview) {
  std::vector<std::string> lines;
  for (const auto& mail : preview.mails) {
    lines.push_back(line_of(mail.facts, mail.sequence.value_or(-1)));
  }
  return lines;
}

std::vector<std::string> outbox_after(RegistrationWorld& world, std::size_t count) {
  std::vector<std::string> lines;
  const auto all = world.facts();
  for (std::size_t index = count; index < all.size(); ++index) {
    lines.push_back(line_of(all[index], all[index].event ? all[index].event->sequence : -1));
  }
  return lines;
}

usecases::MeetingForm form_of(RegistrationWorld& world, domain::MeetingId id) {
  auto form = load_meeting_form(world.environment(), world.organizer().actor, id);
  REQUIRE(form.ok());
  return *form;
}

// A change of the form as it stands.
Write edit(const std::function<void(usecases::MeetingForm&)>& change) {
  return [change](RegistrationWorld& world, const usecases::Call& call, domain::MeetingId id) {
    auto form = form_of(world, id);
    change(form);
    const auto outcome = change_meeting(world.environment(), call, id, world.meeting(id).version,
                                        form, Shrinking::to_waiting_list);
    INFO(describe(outcome));
    CHECK(outcome.ok());
    return outcome.ok();
  };
}

struct Case {
  std::string name;
  Write write;
  std::size_t mails = 0;
  std::size_t places = 0;
};

// Of a meeting with three places: three are in, two wait.
std::vector<Case> cases() {
  return {
      {"moved", edit([](auto& form) { form.starts += 24h, form.ends += 24h; }), 5, 0},
      {"another place", edit([](auto& form) {
         form.places = {{"Ratusz", "Rynek 1", "", "", {}}};
       }),
       5, 0},
      {"cancelled",
       [](RegistrationWorld& world, const usecases::Call& call, domain::MeetingId id) {
         return cancel_meeting(world.environment(), call, id, "Awaria").ok();
       },
       5, 0},
      {"shrunk", edit([](auto& form) { form.onsite.capacity = 1; }), 2, 2},
      {"more places", edit([](auto& form) { form.onsite.capacity = 4; }), 1, 1},
      {"put into the bin",
       [](RegistrationWorld& world, const usecases::Call& call, domain::MeetingId id) {
         return delete_meeting(world.environment(), call, id, "").ok();
       },
       5, 0},
  };
}

struct Filled {
  explicit Filled(int capacity = 3) {
    world.environment().hold_seconds = kHold;
    meeting = world.publish(capacity).id;
    for (int number = 1; number <= 5; ++number) world.enter(meeting, number);
  }
  RegistrationWorld world;
  domain::MeetingId meeting;
};

}  // namespace

TEST_CASE("a preview is what then happens, message by message") {
  for (const auto& given : cases()) {
    CAPTURE(given.name);
    Filled filled;
    RegistrationWorld& world = filled.world;
    const auto before = world.facts().size();
    const auto log = world.activities().size();
    Rehearsal rehearsal;
    auto call = world.organizer();
    call.rehearsal = &rehearsal;

    REQUIRE(given.write(world, call, filled.meeting));

    CHECK_FALSE(rehearsal.committed());
    CHECK(world.facts().size() == before);
    CHECK(world.activities().size() == log);
    CHECK(rehearsal.preview().mails.size() == given.mails);
    CHECK(rehearsal.preview().places.size() == given.places);
    CHECK(world.find_violations() == kNone);

    REQUIRE(given.write(world, world.organizer(), filled.meeting));
    CHECK(lines_of(rehearsal.preview()) == outbox_after(world, before));
    CHECK(world.find_violations() == kNone);
  }
}
