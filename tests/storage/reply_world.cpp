#include "tests/storage/reply_world.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "notifications/reply_address.h"
#include "service/usecases/access.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/people/person_erasure.h"
#include "sql/calendar_answer_store.h"

namespace narada::testing {
namespace {

using notifications::ReplyTarget;
using namespace std::chrono_literals;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

}  // namespace

ReplyWorld::ReplyWorld() : samples_(load_reply_corpus(NARADA_SOURCE_DIR "/tests/golden/replies")) {
  environment().reply_mailbox = "narada@narada.example";
  environment().secret_key = std::string(32, 'k');
  environment().hold_seconds = 0;
  const auto organizer = usecases::add_user(environment(), "organizator@gzm.example",
                                            "Olga Organizatorka", domain::Role::organizer);
  if (!organizer) throw std::runtime_error("no organizer");
}

ReplyWorld::Case ReplyWorld::begin(const std::string& before, int capacity) {
  ++number_;
  const bool waits = before == "waiting";
  Case of;
  of.meeting = world_.publish(waits ? 1 : capacity);
  if (waits) of.other = world_.enter(of.meeting.id, 10'000 + number_).registration;
  of.registration = world_.enter(of.meeting.id, number_).registration;
  if (!waits) of.other = world_.enter(of.meeting.id, 10'000 + number_).registration;
  prepare(of, before);
  set_marks(of);
  return of;
}

void ReplyWorld::set_marks(Case& of) {
  const auto address = [&](ReplyTarget::About about, std::int64_t id) {
    return notifications::make_reply_address(environment().reply_mailbox, {about, id},
                                             environment().secret_key);
  };
  const auto registration = of.registration.id;
  const auto row = world_.pool().read([&](storage::Connection& connection) {
    return connection.query(
        "SELECT MIN(o.id), (SELECT message_id FROM outgoing_mail WHERE id = MIN(o.id)), "
        "COALESCE((SELECT "
        "MAX(sequence) FROM invitation i WHERE i.registration_id = ? AND method = 'REQUEST'), 0) "
        "FROM outgoing_mail o WHERE o.registration_id = ?",
        {registration, registration})[0];
  });
  const auto reply = address(ReplyTarget::About::registration, registration.value);
  auto forged = address(ReplyTarget::About::registration, registration.value + 1);
  replace_all(forged, "r" + std::to_string(registration.value + 1) + "-",
              "r" + std::to_string(registration.value) + "-");
  of.marks = {{"reply", reply},
              {"REPLY", upper(reply)},
              {"other_reply", address(ReplyTarget::About::registration, of.other.id.value)},
              {"forged", forged},
              {"mail", address(ReplyTarget::About::mail, row.integer(0))},
              {"message_id", row.text(1)},
              {"sequence", std::to_string(row.integer(2))},
              {"uid", of.meeting.uid},
              {"person", "osoba1@urzad.example"}};
}

std::string ReplyWorld::fill(const ReplySample& sample, const Case& of) const {
  ReplySample own = sample;
  const auto number = of.registration.person.full_name.empty()
                          ? std::to_string(number_)
                          : of.registration.person.full_name.substr(6);
  replace_all(own.text, "{{person}}", "osoba1@urzad.example");
  replace_all(own.text, "osoba1@", "osoba" + number + "@");
  replace_all(own.text, "OSOBA1@", "OSOBA" + number + "@");
  return fill_reply(own, of.marks);
}

usecases::Received ReplyWorld::receive(const std::string& raw) {
  return usecases::receive_mail(environment(), raw);
}

void ReplyWorld::answer(Case& of, const std::string& partstat, const std::string& stamp) {
  set_marks(of);
  auto sample = *std::find_if(samples_.begin(), samples_.end(),
                              [](const auto& one) { return one.name == "thunderbird_accepted"; });
  replace_all(sample.text, "PARTSTAT=ACCEPTED", "PARTSTAT=" + partstat);
  replace_all(sample.text, "DTSTAMP:20270104T100000Z", "DTSTAMP:" + stamp);
  replace_all(sample.text, "Message-ID: <", "Message-ID: <" + stamp + partstat);
  receive(fill(sample, of));
}

void ReplyWorld::prepare(Case& of, const std::string& before) {
  const auto id = of.registration.id;
  if (before == "-" || before == "waiting" || before == "replayed") return;
  if (before == "sent") {
    world_.pool().transact([&](storage::Connection& connection) {
      connection.execute("UPDATE outgoing_mail SET state = 'sent' WHERE registration_id = ?", {id});
    });
  } else if (before == "moved") {
    auto form = world_.meeting_form();
    form.starts += 24h;
    form.ends += 24h;
    if (!world_.change(of.meeting.id, form)) throw std::runtime_error("cannot be moved");
  } else if (before == "accepted") {
    answer(of, "ACCEPTED", "20270104T093000Z");
  } else if (before == "declined" || before == "freed") {
    environment().hold_seconds = 300;
    answer(of, "DECLINED", "20270104T093000Z");
    environment().hold_seconds = 0;
    if (before == "declined") return;
    const auto now = world_.clock().now();
    world_.clock().advance(301s);
    if (usecases::free_declined_places(environment()) < 1) throw std::runtime_error("not freed");
    world_.clock().set(now);
  } else if (before == "cancelled") {
    world_.cancel(id);
  } else if (before == "erased") {
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::system;
    const auto& person = of.registration.person;
    if (!usecases::erase_person(environment(), call, person.id, person.email))
      throw std::runtime_error("not erased");
  } else if (before == "meeting_cancelled") {
    if (!usecases::cancel_meeting(environment(), world_.organizer(), of.meeting.id, "Awaria"))
      throw std::runtime_error("not cancelled");
  } else {
    throw std::runtime_error("unknown state before: " + before);
  }
}

std::string ReplyWorld::answer_of(domain::RegistrationId registration) {
  return world_.pool().read([&](storage::Connection& connection) -> std::string {
    const auto told = storage::find_told_calendar(connection, registration);
    if (!told || !told->holds_meeting) return "-";
    const auto answers = storage::find_calendar_answers(connection, {registration});
    return answers.empty() ? "needs_action" : std::string(to_string(answers.front().answer));
  });
}

std::string ReplyWorld::outcome(const Case& of) {
  const auto registration = world_.load(of.registration.id);
  const auto told =
      world_.count("outgoing_mail WHERE meeting_id = " + std::to_string(of.meeting.id.value) +
                   " AND kind IN ('reply_received', 'address_bounced', 'substitution_proposed')");
  return std::string(to_string(registration.status)) + " " + answer_of(of.registration.id) + " " +
         std::to_string(told);
}

std::int64_t ReplyWorld::mails_to(const Case& of) {
  return world_.count("outgoing_mail WHERE registration_id = " +
                      std::to_string(of.registration.id.value));
}

}  // namespace narada::testing
