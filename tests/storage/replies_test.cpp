#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "service/usecases/mails/mail_stops.h"
#include "service/usecases/people/clean_up.h"
#include "service/usecases/people/person_erasure.h"
#include "service/usecases/replies/proposals.h"
#include "sql/mail_address_store.h"
#include "sql/person_export_store.h"
#include "sql/substitution_proposal_store.h"
#include "tests/storage/reply_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::ReceivedEffect;
using domain::ReceivedKind;

namespace {

const ReplySample& sample_of(const std::vector<ReplySample>& samples, const std::string& name) {
  for (const auto& sample : samples)
    if (sample.name == name) return sample;
  throw std::runtime_error("no message " + name);
}

std::vector<ReplySample> corpus() {
  return load_reply_corpus(NARADA_SOURCE_DIR "/tests/golden/replies");
}

}  // namespace

TEST_CASE("each message of the corpus has its effect and no other, and nobody answers it") {
  ReplyWorld world;
  const auto samples = corpus();
  CHECK(samples.size() >= 60);
  for (const auto& sample : samples) {
    CAPTURE(sample.name);
    auto of = world.begin(sample.before);
    const auto raw = world.fill(sample, of);
    const auto mails_before = world.mails_to(of);
    auto received = world.receive(raw);
    if (sample.before == "replayed") {
      CHECK(received.effect == ReceivedEffect::declined);
      auto accepted = world.fill(sample_of(samples, "google_accepted"), of);
      CHECK(world.receive(accepted).effect == ReceivedEffect::accepted);
      received = world.receive(raw);
      CHECK(received.again);
    }
    CHECK(to_string(received.kind) == sample.kind);
    CHECK((received.again ? "replayed" : to_string(received.effect)) == sample.effect);
    CHECK(world.outcome(of) ==
          sample.status + " " + sample.answer + " " + std::to_string(sample.told));
    CHECK(world.mails_to(of) - mails_before == (sample.effect == "repaired" ? 1 : 0));
    // The same message once more: nothing, whatever it is.
    CHECK(world.receive(raw).again);
    CHECK(world.outcome(of) ==
          sample.status + " " + sample.answer + " " + std::to_string(sample.told));
  }
  CHECK(world.world().find_violations() == std::vector<std::string>{});
}

TEST_CASE("a declined place goes to the next when the hold is over, not before") {
  ReplyWorld world;
  const auto samples = corpus();
  auto of = world.begin("-", 2);
  const auto next = world.world().enter(of.meeting.id, 5'000).registration;
  CHECK(next.status == domain::RegistrationStatus::waitlisted);
  world.environment().hold_seconds = 300;
  CHECK(world.receive(world.fill(sample_of(samples, "outlook_declined"), of)).effect ==
        ReceivedEffect::declined);
  CHECK(usecases::free_declined_places(world.environment()) == 0);
  world.world().clock().advance(299s);
  CHECK(usecases::free_declined_places(world.environment()) == 0);
  CHECK(world.world().load(of.registration.id).status == domain::RegistrationStatus::confirmed);
  world.world().clock().advance(1s);
  CHECK(usecases::free_declined_places(world.environment()) == 1);
  CHECK(world.world().load(of.registration.id).status == domain::RegistrationStatus::cancelled);
  CHECK(world.world().load(next.id).status == domain::RegistrationStatus::confirmed);
  CHECK(usecases::free_declined_places(world.environment()) == 0);
  CHECK(world.world().find_violations() == std::vector<std::string>{});
}

TEST_CASE("who declined the old time keeps the place when the meeting is moved meanwhile") {
  ReplyWorld world;
  const auto samples = corpus();
  auto of = world.begin("-");
  world.environment().hold_seconds = 300;
  CHECK(world.receive(world.fill(sample_of(samples, "apple_declined"), of)).effect ==
        ReceivedEffect::declined);
  auto form = world.world().meeting_form();
  form.starts += 24h;
  form.ends += 24h;
  REQUIRE(world.world().change(of.meeting.id, form).ok());
  world.world().clock().advance(301s);
  CHECK(usecases::free_declined_places(world.environment()) == 0);
  CHECK(world.world().load(of.registration.id).status == domain::RegistrationStatus::confirmed);
  CHECK(world.world().count("calendar_decline") == 0);
}

TEST_CASE("mail to a dead address stops, until somebody registers with it again") {
  ReplyWorld world;
  const auto samples = corpus();
  auto of = world.begin("sent");
  const auto key = of.registration.person.email;
  const auto is_dead = [&] {
    return world.world().pool().read([&](storage::Connection& connection) {
      return storage::find_mail_obstacles(connection, key, std::nullopt, false).is_dead;
    });
  };
  CHECK_FALSE(is_dead());
  CHECK(world.receive(world.fill(sample_of(samples, "bounce_hard"), of)).effect ==
        ReceivedEffect::marked);
  CHECK(is_dead());
  world.world().clock().advance(60s);
  const auto another = world.world().publish();
  auto form = RegistrationWorld::person(0);
  form.full_name = of.registration.person.full_name;
  form.email = of.registration.person.email;
  REQUIRE(world.world().try_register(another.id, form).ok());
  CHECK_FALSE(is_dead());
}

TEST_CASE("organizers are told once for each person and meeting that mail does not arrive") {
  ReplyWorld world;
  const auto samples = corpus();
  auto of = world.begin("sent");
  CHECK(world.receive(world.fill(sample_of(samples, "bounce_hard"), of)).effect ==
        ReceivedEffect::marked);
  CHECK(world.receive(world.fill(sample_of(samples, "bounce_qmail"), of)).effect ==
        ReceivedEffect::marked);
  CHECK(world.outcome(of) == "confirmed needs_action 1");
  CHECK(world.world().count("outgoing_mail WHERE state = 'bounced'") == 1);
}

TEST_CASE("organizers get mail about five messages an hour for one registration, and no more") {
  ReplyWorld world;
  auto of = world.begin("-");
  const auto another = world.begin("-");
  const auto samples = corpus();
  const auto receive = [&](const ReplyWorld::Case& about, int number) {
    auto raw = world.fill(sample_of(samples, "free_text"), about);
    raw.insert(raw.find("Message-ID: <") + 13, std::to_string(number) + ".");
    return world.receive(raw).effect;
  };
  for (int number = 1; number <= 8; ++number) CHECK(receive(of, number) == ReceivedEffect::told);
  CHECK(world.outcome(of) == "confirmed needs_action 5");
  CHECK(receive(another, 9) == ReceivedEffect::told);
  CHECK(world.outcome(another) == "confirmed needs_action 1");
  world.world().clock().advance(1h + 1s);
  CHECK(receive(of, 10) == ReceivedEffect::told);
  CHECK(world.outcome(of) == "confirmed needs_action 6");
  CHECK(world.world().count("inbound_mail") == 10);
}

TEST_CASE("a proposal is decided once, and what comes second changes nothing") {
  ReplyWorld world;
  const auto samples = corpus();
  const auto of = world.begin("-");
  REQUIRE(world.receive(world.fill(sample_of(samples, "delegated_outlook"), of)).effect ==
          ReceivedEffect::proposed);
  const auto id = world.world().pool().read([&](storage::Connection& connection) {
    return storage::find_proposal_of(connection, of.registration.id)->id;
  });
  const auto call = world.world().organizer();
  usecases::SubstituteForm form;
  form.full_name = "Ewa Kos";
  form.email = "ewa@urzad.example";
  SUBCASE("refused first") {
    const auto before = world.world().mails().size();
    CHECK(describe(refuse_proposal(world.environment(), call, id)) == "ok");
    // The calendar had handed the entry on.
    CHECK(world.world().mails_after(before) ==
          std::vector<SentMail>{
              {"substitution_refused", of.registration.person.full_name, "REQUEST", 0}});
    CHECK(describe(refuse_proposal(world.environment(), call, id)) == "ok");
    CHECK(describe(accept_proposal(world.environment(), call, id, form)) ==
          "conflict:proposal_decided");
    CHECK(world.world().load(of.registration.id).status == domain::RegistrationStatus::confirmed);
    CHECK(world.world().count("person WHERE full_name = 'Ewa Kos'") == 0);
    CHECK(world.world().mails_after(before).size() == 1);
  }
  SUBCASE("refused by the person, or when the place is gone") {
    const auto before = world.world().mails().size();
    usecases::Call by = world.world().holder(of.registration.id);
    SUBCASE("the person") {}
    SUBCASE("over") {
      by = call;
      world.world().clock().advance(std::chrono::days(60));
    }
    CHECK(describe(refuse_proposal(world.environment(), by, id)) == "ok");
    CHECK(world.world().mails_after(before).empty());
  }
  SUBCASE("accepted first") {
    CHECK(describe(accept_proposal(world.environment(), call, id, form)) == "ok");
    CHECK(describe(accept_proposal(world.environment(), call, id, form)) ==
          "conflict:proposal_decided");
    CHECK(describe(refuse_proposal(world.environment(), call, id)) == "conflict:proposal_decided");
    CHECK(world.world().load(of.registration.id).status == domain::RegistrationStatus::cancelled);
  }
  SUBCASE("accepted in vain") {
    form.email = "nikt";
    CHECK(describe(accept_proposal(world.environment(), call, id, form)) == "email:invalid_email");
    CHECK(describe(refuse_proposal(world.environment(), call, id)) == "ok");
  }
  CHECK(world.world().find_violations() == std::vector<std::string>{});
}

TEST_CASE("what comes back of a mail to a superior is not the registered person's") {
  ReplyWorld world;
  auto of = world.begin("sent");
  const auto samples = corpus();
  world.world().pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "UPDATE outgoing_mail SET kind = 'consent_asked', to_address = 'szef@urzad.example' WHERE "
        "registration_id = ?",
        {of.registration.id});
  });
  auto bounce = world.fill(sample_of(samples, "bounce_hard"), of);
  const auto& person = of.registration.person.email;
  for (auto at = bounce.find(person); at != std::string::npos; at = bounce.find(person))
    bounce.replace(at, person.size(), "szef@urzad.example");
  CHECK(world.receive(bounce).effect == ReceivedEffect::marked);
  of.marks["reply"] = of.marks["mail"];
  CHECK(world.receive(world.fill(sample_of(samples, "complaint"), of)).effect ==
        ReceivedEffect::no_proof);
  CHECK(world.outcome(of) == "confirmed needs_action 0");
  CHECK(world.world().count("inbound_mail WHERE registration_id IS NOT NULL") == 0);
}

TEST_CASE("erasing somebody takes what they answered, and the words that organizers were told") {
  ReplyWorld world;
  const auto samples = corpus();
  auto of = world.begin("-");
  for (const char* name : {"free_text", "delegated_outlook", "outlook_declined"})
    world.receive(world.fill(sample_of(samples, name), of));
  auto& registrations = world.world();
  CHECK(registrations.count("inbound_mail") == 3);
  CHECK(registrations.count("substitution_proposal") == 1);
  CHECK(registrations.count("outgoing_mail WHERE facts LIKE '%zaparkowa%'") == 1);
  registrations.pool().transact([](storage::Connection& connection) {
    connection.execute(
        "UPDATE outgoing_mail SET state = 'sent', raw = facts WHERE kind = 'reply_received'");
  });
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  const auto& person = of.registration.person;
  REQUIRE(usecases::erase_person(world.environment(), call, person.id, person.email).ok());
  CHECK(registrations.count("inbound_mail") == 0);
  CHECK(registrations.count("substitution_proposal") == 0);
  CHECK(registrations.count("calendar_decline") == 0);
  CHECK(registrations.count("outgoing_mail WHERE facts LIKE '%zaparkowa%' OR raw LIKE "
                            "'%zaparkowa%'") == 0);
}

TEST_CASE(
    "what came back goes when its time is over, and a copy of somebody's data has it before") {
  ReplyWorld world;
  const auto samples = corpus();
  auto of = world.begin("sent");
  world.receive(world.fill(sample_of(samples, "free_text"), of));
  world.receive(world.fill(sample_of(samples, "bounce_hard"), of));
  const auto tables = world.world().pool().read([&](storage::Connection& connection) {
    return storage::list_rows_of_person(connection, of.registration.person.id);
  });
  const auto received = std::find_if(tables.begin(), tables.end(), [](const auto& table) {
    return table.name == "received_mails";
  });
  REQUIRE(received != tables.end());
  CHECK(received->rows.size() == 2);
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  const auto removed = [&] {
    const auto report = usecases::clean_up(world.environment(), call, "test");
    REQUIRE(report.ok());
    return report->removed[static_cast<std::size_t>(domain::RetainedField::received_mail)];
  };
  world.world().clock().advance(std::chrono::days(180));
  CHECK(removed() == 0);
  world.world().clock().advance(1s);
  CHECK(removed() == 5);  // two messages, two mails that told of them, and the dead address
  CHECK(world.world().count("inbound_mail") == 0);
  CHECK(world.world().count("mail_address") == 0);
}

TEST_CASE("a mail to a dead address ends before it is sent, and a sign-in link does not") {
  ReplyWorld world;
  world.world().pool().transact([](storage::Connection& connection) {
    storage::mark_dead(connection, "osoba7@urzad.example", "5.1.1", domain::Instant{});
  });
  const auto stop_of = [&](int priority) {
    storage::ClaimedMail mail;
    mail.to_address = "Osoba7@Urzad.Example";
    mail.priority = priority;
    mail.kind = "registration_confirmed";
    mail.give_up_at = world.world().clock().now() + 1h;
    const auto stop = world.world().pool().read([&](storage::Connection& connection) {
      return usecases::find_mail_stop(connection, world.environment(), mail);
    });
    return stop ? std::string(stop->reason) : std::string();
  };
  CHECK(stop_of(1) == "address_dead");
  CHECK(stop_of(0).empty());
}
