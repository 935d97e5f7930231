// What a preview says and what then stands in the outbox, message by message; and that a change
// undone within its hold leaves nothing.
#include "service/usecases/meetings/change_preview.h"

#include <doctest/doctest.h>

#include <functional>

#include "service/usecases/meetings/bin.h"
#include "service/usecases/meetings/change_undoing.h"
#include "service/usecases/meetings/cycles.h"
#include "sql/outgoing_mail_store.h"
#include "sql/profile_store.h"
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

struct Filled {
  // Three places; three are in, two wait. Everybody wants news of the topic.
  explicit Filled() {
    world.environment().hold_seconds = kHold;
    meeting = world.publish(3).id;
    for (int number = 1; number <= 5; ++number) {
      people.push_back(world.enter(meeting, number).registration.person.id);
    }
    world.pool().transact([&](storage::Connection& connection) {
      for (const auto person : people) {
        storage::save_topic_subscriptions(connection, person, {domain::TopicId{1}},
                                          world.clock().now());
      }
    });
  }
  domain::Cycle cycle(bool published) {
    usecases::CycleForm form;
    form.title = "Szkoła prototypowania";
    auto second = session(2);
    second.starts += 24h * 28, second.ends += 24h * 28;
    form.meetings = {session(1), second};
    const auto cycle = create_cycle(world.environment(), world.organizer(), form);
    REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
    if (!published) return *cycle;
    auto done = publish_cycle(world.environment(), world.organizer(), cycle->id);
    REQUIRE_MESSAGE(done.ok(), describe(done));
    return *done;
  }
  usecases::MeetingForm session(int number) {
    auto form = world.meeting_form(2);
    form.title = "Sesja " + std::to_string(number);
    form.topic = "mobilnosc";
    return form;
  }
  void enrol(const domain::Cycle& cycle, int first, int last) {
    for (int number = first; number <= last; ++number) {
      const auto enrolled = usecases::enrol_person(world.environment(), world.visitor(), cycle.slug,
                                                   RegistrationWorld::person(number));
      REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
    }
  }
  RegistrationWorld world;
  domain::MeetingId meeting;
  std::vector<domain::PersonId> people;
};

// What is done; what it is done to is made before, so that it is the same twice.
using Made = std::function<bool(const usecases::Call&)>;
struct Case {
  std::string name;
  std::function<Made(Filled&)> prepare;
  std::size_t mails = 0;
  std::size_t places = 0;
};

std::function<Made(Filled&)> with(Write write) {
  return [write](Filled& filled) {
    return [write, &filled](const usecases::Call& call) {
      return write(filled.world, call, filled.meeting);
    };
  };
}

// Both modes, the two of five who come online taken back before: nobody loses the way there, but
// those on site learn that nobody can join online any more.
Made close_mode(Filled& filled) {
  auto form = filled.world.meeting_form(3);
  form.online.offered = true;
  form.online_url = "https://wideo.example/sala";
  const auto meeting = filled.world.publish(form);
  for (int number = 1; number <= 3; ++number) {
    auto person = RegistrationWorld::person(number);
    person.mode = number == 3 ? domain::AttendanceMode::online : domain::AttendanceMode::onsite;
    const auto registered = filled.world.try_register(meeting.id, person);
    REQUIRE_MESSAGE(registered.ok(), describe(registered));
    if (number == 3) filled.world.cancel(registered->registration.id);
  }
  return [&filled, id = meeting.id](const usecases::Call& call) {
    return edit([](auto& changed) { changed.online = {}, changed.online_url.clear(); })(
        filled.world, call, id);
  };
}

Made publish_session(Filled& filled) {
  const auto cycle = filled.cycle(true);
  filled.enrol(cycle, 1, 3);
  auto form = filled.session(3);
  form.cycle = cycle.slug;
  const auto draft = create_meeting(filled.world.environment(), filled.world.organizer(), form);
  REQUIRE_MESSAGE(draft.ok(), describe(draft));
  return [&filled, id = draft->id](const usecases::Call& call) {
    return publish_meeting(filled.world.environment(), call, id).ok();
  };
}

Made publish_whole_cycle(Filled& filled) {
  return [&filled, id = filled.cycle(false).id](const usecases::Call& call) {
    return publish_cycle(filled.world.environment(), call, id).ok();
  };
}

Made delete_whole_cycle(Filled& filled) {
  const auto cycle = filled.cycle(true);
  filled.enrol(cycle, 1, 3);
  return [&filled, id = cycle.id](const usecases::Call& call) {
    return delete_cycle(filled.world.environment(), call, id, "Awaria").ok();
  };
}

// Of six enrolled one is in by themselves, one has withdrawn, and of the other four three fit.
Made join_cycle(Filled& filled) {
  const auto cycle = filled.cycle(true);
  filled.enrol(cycle, 1, 6);
  const auto alone = filled.world.publish(4).id;
  filled.world.enter(alone, 1);
  filled.world.cancel(filled.world.enter(alone, 2).registration.id);
  return [&filled, alone, slug = cycle.slug](const usecases::Call& call) {
    return edit([&](auto& form) { form.cycle = slug; })(filled.world, call, alone);
  };
}

std::vector<Case> cases() {
  return {
      {"moved", with(edit([](auto& form) { form.starts += 24h, form.ends += 24h; })), 5, 0},
      {"another place", with(edit([](auto& form) {
         form.places = {{"Ratusz", "Rynek 1", "", "", {}}};
       })),
       5, 0},
      {"cancelled",
       with([](RegistrationWorld& world, const usecases::Call& call, domain::MeetingId id) {
         return cancel_meeting(world.environment(), call, id, "Awaria").ok();
       }),
       5, 0},
      {"shrunk", with(edit([](auto& form) { form.onsite.capacity = 1; })), 2, 2},
      {"more places", with(edit([](auto& form) { form.onsite.capacity = 4; })), 1, 1},
      {"put into the bin",
       with([](RegistrationWorld& world, const usecases::Call& call, domain::MeetingId id) {
         return delete_meeting(world.environment(), call, id, "").ok();
       }),
       5, 0},
      {"mode closed", close_mode, 0, 0},
      {"publish", publish_session, 5, 3},
      {"cycle published", publish_whole_cycle, 5, 0},
      {"whole cycle deleted", delete_whole_cycle, 6, 0},
      {"brought into a cycle", join_cycle, 4, 4},
  };
}

}  // namespace

TEST_CASE("a preview is what then happens, message by message") {
  for (const auto& given : cases()) {
    CAPTURE(given.name);
    Filled filled;
    RegistrationWorld& world = filled.world;
    const auto write = given.prepare(filled);
    const auto before = world.facts().size();
    const auto log = world.activities().size();
    Rehearsal rehearsal;
    auto call = world.organizer();
    call.rehearsal = &rehearsal;

    REQUIRE(write(call));

    CHECK_FALSE(rehearsal.committed());
    CHECK(world.facts().size() == before);
    CHECK(world.activities().size() == log);
    CHECK(rehearsal.preview().mails.size() == given.mails);
    CHECK(rehearsal.preview().places.size() == given.places);
    CHECK(world.find_violations() == kNone);

    REQUIRE(write(world.organizer()));
    CHECK(lines_of(rehearsal.preview()) == outbox_after(world, before));
    CHECK(world.find_violations() == kNone);
  }
}
