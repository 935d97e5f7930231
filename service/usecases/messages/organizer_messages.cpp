#include "service/usecases/messages/organizer_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/usecases/invitees/invitees.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/messages/message_mails.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/activity_store.h"
#include "sql/institution_store.h"
#include "sql/invitee_store.h"
#include "sql/live_person.h"
#include "sql/mail_queue_store.h"
#include "sql/organizer_message_store.h"
#include "sql/task_store.h"

namespace narada::usecases {
namespace {

using domain::MessageCandidate;
using domain::MessageGroup;
using domain::MessageScope;
using domain::MessageTexts;
using domain::Outcome;

constexpr int kMostShown = 50;  // messages on the page
constexpr std::size_t kSamples = 2;

MessageCandidate candidate_of(const domain::Invitee& invitee, bool is_dead) {
  MessageCandidate candidate;
  candidate.invitee = invitee.id;
  candidate.person = invitee.person;
  candidate.full_name = invitee.full_name;
  candidate.email = invitee.email;
  candidate.language = invitee.language;
  if (invitee.institution) candidate.institution = invitee.institution->id;
  candidate.is_dead_address = is_dead;
  return candidate;
}

// Everybody who could be meant, by any audience.
std::vector<MessageCandidate> load_candidates(storage::Connection& connection,
                                              const InvitedTo& to) {
  auto candidates = storage::list_registered_candidates(connection, to.scope);
  if (!to.meeting) return candidates;
  const auto dead = storage::find_dead_invitees(connection, to.scope);
  for (const auto& invitee : storage::list_invitees(connection, to.scope, kMostInvitees))
    if (invitee.state == domain::InviteeState::invited)
      candidates.push_back(candidate_of(invitee, dead.contains(invitee.id)));
  return candidates;
}

void check_body(const std::string& text, std::string_view field, TextBounds bounds,
                std::string& kept, domain::FieldErrors& errors) {
  kept = check_text(text, field, bounds, errors);
  const auto unknown = domain::find_unknown_placeholder(kept);
  if (!unknown.empty())
    errors.push_back({std::string(field), "unknown_message_placeholder", {{"text", unknown}}});
}

MessageTexts check_texts(const MessageTexts& typed, domain::FieldErrors& errors) {
  const bool english = !typed.english.subject.empty() || !typed.english.body.empty();
  const auto subject = [&](bool required) {
    return TextBounds{0, kLongestMessageSubject, required, false};
  };
  const auto body = [&](bool required) {
    return TextBounds{0, kLongestMessageBody, required, true};
  };
  MessageTexts texts;
  check_body(typed.polish.subject, "subject", subject(true), texts.polish.subject, errors);
  check_body(typed.polish.body, "body", body(true), texts.polish.body, errors);
  check_body(typed.english.subject, "subject_en", subject(english), texts.english.subject, errors);
  check_body(typed.english.body, "body_en", body(english), texts.english.body, errors);
  return texts;
}

// A message that can be sent as things stand.
struct ReadyMessage {
  InvitedTo to;
  MessageTexts texts;
  std::vector<MessageCandidate> candidates;
  domain::ChosenPeople chosen;
};
Outcome<ReadyMessage> check_order(storage::Connection& connection, const Environment& environment,
                                  const Actor& actor, const MessageScope& scope,
                                  const MessageOrder& order) {
  auto to = find_invited_to(connection, environment, actor, Action::organize, scope);
  if (!to) return to.failure();
  domain::FieldErrors errors;
  if (order.groups.empty()) errors.push_back({"groups", "required"});
  ReadyMessage ready;
  ready.texts = check_texts(order.texts, errors);
  if (!errors.empty()) return errors;
  ready.to = std::move(to).value();
  ready.candidates = load_candidates(connection, ready.to);
  ready.chosen = domain::choose_people(
      ready.candidates, {order.groups, order.mode, order.institution}, environment.clock->now());
  if (ready.chosen.recipients.empty()) return domain::Conflict{"nobody_to_write"};
  return ready;
}

domain::Instant leaving_time(const Environment& environment) {
  const auto held = environment.clock->now() + std::chrono::seconds(environment.hold_seconds);
  return after_quiet_hours(environment.quiet_hours, held);
}

std::optional<MessageMail> make_mail(storage::Connection& connection,
                                     const Environment& environment, const InvitedTo& to,
                                     const storage::MessagePerson& person,
                                     const MessageTexts& texts, const std::string& token) {
  if (person.registration)
    return make_registered_mail(connection, environment, *person.registration, texts, token);
  if (person.invitee) return make_invitee_mail(connection, environment, to, *person.invitee, texts);
  return std::nullopt;
}

// The first, and the first of those whose mail reads otherwise: in the other language, or else the
// last one.
std::vector<std::size_t> choose_samples(const ReadyMessage& ready) {
  const auto& recipients = ready.chosen.recipients;
  const auto language = [&](std::size_t index) {
    return domain::message_language(ready.texts, ready.candidates[index].language);
  };
  std::vector<std::size_t> samples = {recipients.front()};
  const auto other = std::find_if(recipients.begin(), recipients.end(), [&](std::size_t index) {
    return language(index) != language(recipients.front());
  });
  if (other != recipients.end()) {
    samples.push_back(*other);
  } else if (recipients.size() >= kSamples) {
    samples.push_back(recipients.back());
  }
  return samples;
}

std::string name_of(const MessageCandidate& candidate) {
  return candidate.full_name.empty() ? candidate.email : candidate.full_name;
}

Outcome<MessagePreview> preview_in(storage::Connection& connection, const Environment& environment,
                                   const Actor& actor, const MessageScope& scope,
                                   const MessageOrder& order) {
  const auto ready = check_order(connection, environment, actor, scope, order);
  if (!ready) return ready.failure();
  MessagePreview preview;
  preview.people = ready->chosen.recipients.size();
  preview.addresses = ready->chosen.addresses;
  preview.leaves_at = leaving_time(environment);
  for (const auto& [index, why] : ready->chosen.left_out)
    preview.left_out.push_back({name_of(ready->candidates[index]), why});
  for (const auto index : ready->chosen.recipients)
    preview.names.push_back(name_of(ready->candidates[index]));
  for (const auto index : choose_samples(*ready)) {
    const auto& candidate = ready->candidates[index];
    auto mail = make_mail(connection, environment, ready->to,
                          {0, candidate.registration, candidate.invitee}, ready->texts, "***");
    if (mail) preview.samples.push_back(std::move(mail->facts));
  }
  return preview;
}

std::string office_name(storage::Connection& connection, const MessageOrder& order) {
  if (!order.institution) return {};
  const auto names =
      storage::find_names(connection, {"institution:" + std::to_string(order.institution->value)});
  return names.empty() ? std::string() : names.begin()->second;
}

domain::TaskId begin_task(storage::Connection& connection, const Call& call,
                          const storage::StoredOrganizerMessage& message) {
  storage::TaskRow task;
  task.kind = kMessageTask;
  task.person = *call.actor.person;
  if (const auto* meeting = std::get_if<domain::MeetingId>(&message.scope)) task.meeting = *meeting;
  if (const auto* cycle = std::get_if<domain::CycleId>(&message.scope)) task.cycle = *cycle;
  task.parameters = nlohmann::json{{"message", message.id.value}}.dump();
  task.total = message.people;
  task.created_at = message.created_at;
  storage::insert_task(connection, task);
  storage::save_message_task(connection, message.id, task.id);
  return task.id;
}

Outcome<StartedMessage> send_in(storage::Connection& connection, const Environment& environment,
                                const Call& call, const MessageScope& scope,
                                const MessageOrder& order) {
  const auto ready = check_order(connection, environment, call.actor, scope, order);
  if (!ready) return ready.failure();
  if (!call.actor.person) return domain::Forbidden{};
  storage::require_live_person(connection, *call.actor.person);
  storage::StoredOrganizerMessage message;
  message.scope = scope;
  message.groups = order.groups;
  message.mode = order.mode;
  message.institution_name = office_name(connection, order);
  message.texts = ready->texts;
  message.written_by = call.actor.text();
  message.created_at = environment.clock->now();
  message.leaves_at = leaving_time(environment);
  message.people = static_cast<int>(ready->chosen.recipients.size());
  message.left_out = static_cast<int>(ready->chosen.left_out.size());
  storage::insert_organizer_message(connection, message);
  std::vector<storage::MessagePerson> people;
  for (const auto index : ready->chosen.recipients) {
    const auto& candidate = ready->candidates[index];
    people.push_back(
        {static_cast<int>(people.size()) + 1, candidate.registration, candidate.invitee});
  }
  storage::save_message_people(connection, message.id, people);
  const auto task = begin_task(connection, call, message);
  record_of_list(connection, environment, call, "message.sent", scope,
                 fmt::format(R"({{"message":{},"people":{}}})", message.id.value, message.people));
  return StartedMessage{message.id, task};
}

Outcome<int> take_back_in(storage::Connection& connection, const Environment& environment,
                          const Call& call, const MessageScope& scope,
                          domain::OrganizerMessageId id) {
  const auto to = find_invited_to(connection, environment, call.actor, Action::organize, scope);
  if (!to) return to.failure();
  const auto message = storage::lock_organizer_message(connection, id);
  if (!message || message->scope != scope) return domain::NotFound{};
  const auto now = environment.clock->now();
  if (message->taken_back_at || message->leaves_at <= now) return domain::Conflict{"nothing_held"};
  int stopped = 0;
  for (const auto mail : storage::list_message_mails(connection, id)) {
    const auto row = storage::lock_mail_row(connection, mail);
    if (!row || row->state != "queued" || row->not_before <= now) continue;
    storage::save_stopped(connection, mail, std::nullopt);
    ++stopped;
  }
  storage::save_message_taken_back(connection, id, now);
  record_of_list(connection, environment, call, "message.taken_back", scope,
                 fmt::format(R"({{"message":{},"mails":{}}})", id.value, stopped));
  return stopped;
}

std::vector<SentMessage> list_in(storage::Connection& connection, const MessageScope& scope) {
  const auto stored = storage::list_organizer_messages(connection, scope, kMostShown);
  std::set<std::string> writers;
  for (const auto& message : stored) writers.insert(message.written_by);
  const auto names = storage::find_names(connection, writers);
  std::vector<SentMessage> messages;
  for (const auto& one : stored) {
    const auto delivery = storage::count_deliveries(connection, one.id);
    const auto writer = names.find(one.written_by);
    SentMessage message{one.id,
                        one.groups,
                        one.mode,
                        one.institution_name,
                        one.texts,
                        writer == names.end() ? "" : writer->second,
                        one.created_at,
                        one.leaves_at,
                        one.taken_back_at,
                        one.task};
    message.people = one.people;
    message.waiting = one.taken_back_at ? 0 : delivery.waiting + delivery.unwritten;
    message.sent = delivery.sent;
    message.failed =
        delivery.failed + delivery.skipped + (one.taken_back_at ? 0 : delivery.stopped);
    messages.push_back(std::move(message));
  }
  return messages;
}

std::vector<MessageDesk::Office> offices_of(storage::Connection& connection,
                                            const std::vector<MessageCandidate>& candidates) {
  std::set<std::string> keys;
  std::map<std::string, domain::InstitutionId> ids;
  for (const auto& candidate : candidates) {
    if (!candidate.institution) continue;
    const auto key = "institution:" + std::to_string(candidate.institution->value);
    keys.insert(key);
    ids[key] = *candidate.institution;
  }
  std::vector<MessageDesk::Office> offices;
  for (const auto& [key, name] : storage::find_names(connection, keys))
    offices.push_back({ids[key], name});
  std::sort(offices.begin(), offices.end(),
            [](const auto& one, const auto& other) { return one.name < other.name; });
  return offices;
}

Outcome<MessageDesk> desk_in(storage::Connection& connection, const Environment& environment,
                             const Actor& actor, const MessageScope& scope) {
  const auto to = find_invited_to(connection, environment, actor, Action::organize, scope);
  if (!to) return to.failure();
  MessageDesk desk;
  desk.scope = scope;
  desk.title = to->title;
  const auto candidates = load_candidates(connection, *to);
  const auto now = environment.clock->now();
  for (std::size_t index = 0; index < domain::kMessageGroups; ++index) {
    const auto group = static_cast<MessageGroup>(index);
    const auto chosen = domain::choose_people(candidates, {{group}}, now);
    desk.numbers.emplace_back(group, static_cast<int>(chosen.recipients.size()));
  }
  desk.offices = offices_of(connection, candidates);
  desk.sent = list_in(connection, scope);
  return desk;
}

}  // namespace

Outcome<MessageDesk> load_message_desk(const Environment& environment, const Actor& actor,
                                       const MessageScope& scope) {
  return read_database(environment, [&](storage::Connection& connection) {
    return desk_in(connection, environment, actor, scope);
  });
}

Outcome<MessagePreview> preview_message(const Environment& environment, const Actor& actor,
                                        const MessageScope& scope, const MessageOrder& order) {
  return environment.pool->transact([&](storage::Connection& connection) {
    return preview_in(connection, environment, actor, scope, order);
  });
}

Outcome<StartedMessage> send_message(const Environment& environment, const Call& call,
                                     const MessageScope& scope, const MessageOrder& order) {
  return run_once<StartedMessage>(
      environment, call, "send_message",
      [&](storage::Connection& connection) {
        return send_in(connection, environment, call, scope, order);
      },
      [](const StartedMessage& started) {
        return fmt::format("{} {}", started.message.value, started.task.value);
      },
      [](const std::string& text) {
        const auto space = text.find(' ');
        return StartedMessage{domain::OrganizerMessageId{std::stoll(text.substr(0, space))},
                              domain::TaskId{std::stoll(text.substr(space + 1))}};
      });
}

Outcome<int> take_back_message(const Environment& environment, const Call& call,
                               const MessageScope& scope, domain::OrganizerMessageId message) {
  return run_once<int>(
      environment, call, "take_back_message",
      [&](storage::Connection& connection) {
        return take_back_in(connection, environment, call, scope, message);
      },
      [](int number) { return std::to_string(number); },
      [](const std::string& text) { return std::stoi(text); });
}

Outcome<std::vector<SentMessage>> list_messages(const Environment& environment, const Actor& actor,
                                                const MessageScope& scope) {
  return read_database(
      environment, [&](storage::Connection& connection) -> Outcome<std::vector<SentMessage>> {
        const auto to = find_invited_to(connection, environment, actor, Action::organize, scope);
        if (!to) return to.failure();
        return list_in(connection, scope);
      });
}

}  // namespace narada::usecases
