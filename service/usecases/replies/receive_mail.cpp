#include "service/usecases/replies/receive_mail.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "notifications/message_id.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/replies/receiving.h"
#include "service/usecases/replies/reply_targets.h"
#include "sql/error.h"

namespace narada::usecases {
namespace {

using domain::ReceivedEffect;
using domain::ReceivedKind;
using notifications::MailKind;
using notifications::ReplyTarget;

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "received-mail";
  return call;
}

// Whoever proves to have got what was sent to a registration's person acts as who holds its link.
Call holder_call(domain::RegistrationId registration) {
  Call call = system_call();
  call.actor.kind = Actor::Kind::manage;
  call.actor.id = registration.value;
  return call;
}

OwnMarks own_marks(const Environment& environment) {
  const auto id = notifications::make_message_id(environment.base_url);
  return {id.substr(id.find('@') + 1), make_email_key(environment.reply_mailbox)};
}

bool is_of_calendar(ReceivedKind kind) {
  return kind == ReceivedKind::reply || kind == ReceivedKind::counter ||
         kind == ReceivedKind::delegation || kind == ReceivedKind::refresh;
}

bool is_of_server(ReceivedKind kind) {
  return kind == ReceivedKind::bounce || kind == ReceivedKind::complaint;
}

// Everything by which a message is the same when it comes by another way.
std::string digest_of(const notifications::ReceivedMessage& message,
                      const std::vector<ReplyTarget>& targets) {
  std::string all;
  const auto add = [&](const std::string& part) {
    all += std::to_string(part.size()) + ":" + part;
  };
  add(message.message_id);
  add(message.from_address);
  add(message.subject);
  add(message.text);
  for (const auto& calendar : message.calendars) add(calendar);
  for (const auto& report : message.reports)
    add(report.action + report.status + report.final_recipient + report.diagnostic);
  for (const auto& target : targets)
    all += fmt::format("{}{};", static_cast<int>(target.about), target.id);
  return hash_token(all);
}

// One message on its way through one transaction.
class Taking {
 public:
  Taking(const Environment& environment, storage::Connection& connection,
         const notifications::ReceivedMessage& message, const Classified& what,
         const std::vector<ReplyTarget>& targets)
      : environment_(environment),
        connection_(connection),
        message_(message),
        what_(what),
        targets_(targets) {}

  Received take() {
    const auto digest = digest_of(message_, targets_);
    if (const auto known = storage::note_arrival(connection_, digest))
      return {known->id, known->kind, known->effect, true};
    find_subject();
    const Change change{connection_, environment_, call_, environment_.clock->now()};
    auto meeting = stored_ ? LockedMeeting::lock(change, stored_->registration.meeting)
                           : std::optional<LockedMeeting>();
    if (!meeting) stored_.reset();
    if (stored_) stored_ = storage::find_registration(connection_, stored_->registration.id);
    Receiving receiving{change, message_, what_, sent_};
    if (meeting) receiving.meeting = &*meeting;
    if (stored_) receiving.stored = &*stored_;
    receiving.id = storage::save_inbound_mail(connection_, row_of(receiving, digest));
    const auto effect = effect_of(receiving);
    storage::save_effect(connection_, receiving.id, effect);
    record(receiving, effect);
    if (meeting) meeting->finish();
    return {receiving.id, what_.kind, effect};
  }

 private:
  std::optional<storage::StoredRegistration> find_stored(domain::RegistrationId id) const {
    return storage::find_registration(connection_, id);
  }

  // The mail that a report is about, and the registration. Of several that are proved a calendar's
  // own UID says which is meant.
  void find_subject() {
    for (const auto& target : targets_)
      if (!sent_ && target.about == ReplyTarget::About::mail)
        sent_ = storage::find_sent_mail(connection_, domain::OutgoingMailId{target.id});
    for (const auto& target : targets_) {
      if (target.about != ReplyTarget::About::registration) continue;
      auto found = find_stored(domain::RegistrationId{target.id});
      if (!found) continue;
      const bool fits = what_.reply && is_meeting(*found, what_.reply->uid);
      if (!stored_ || fits) stored_ = std::move(found);
      if (fits) break;
    }
    // What a server says of a superior's address says nothing of the person.
    const bool was_to_superior = sent_ && sent_->kind == to_string(MailKind::consent_asked);
    if (was_to_superior && is_of_server(what_.kind)) stored_.reset();
    const bool by_mail = is_of_server(what_.kind) || !stored_;
    if (by_mail && sent_ && sent_->registration && !was_to_superior) {
      if (auto found = find_stored(*sent_->registration)) stored_ = std::move(found);
    }
    call_ = stored_ ? holder_call(stored_->registration.id) : system_call();
  }

  bool is_meeting(const storage::StoredRegistration& stored, const std::string& uid) const {
    const auto known = storage::find_meeting_uid(connection_, stored.registration.meeting);
    return known && *known == uid;
  }

  bool is_forgotten() const { return stored_ && stored_->registration.person.full_name.empty(); }

  storage::NewInboundMail row_of(const Receiving& receiving, const std::string& digest) const {
    storage::NewInboundMail row;
    row.digest = digest;
    row.kind = what_.kind;
    row.effect = ReceivedEffect::said_nothing;
    if (receiving.stored) {
      row.registration = receiving.stored->registration.id;
      row.meeting = receiving.stored->registration.meeting;
    }
    if (sent_) row.outgoing = sent_->id;
    row.received_at = receiving.change.now;
    if (what_.kind == ReceivedKind::loop || is_forgotten()) return row;
    row.from_name = message_.from_name;
    row.from_address = message_.from_address;
    row.subject = message_.subject;
    row.body = message_.text;
    if (what_.reply && !what_.reply->comment.empty() && row.body.empty())
      row.body = what_.reply->comment;
    if (what_.kind == ReceivedKind::counter) {
      row.proposed_starts = what_.reply->starts;
      row.proposed_ends = what_.reply->ends;
    }
    return row;
  }

  ReceivedEffect effect_of(const Receiving& receiving) const {
    switch (what_.kind) {
      case ReceivedKind::loop:
        return ReceivedEffect::looped;
      case ReceivedKind::auto_reply:
        return ReceivedEffect::automatic;
      case ReceivedKind::bounce:
        return receiving.sent || receiving.stored ? take_bounce(receiving)
                                                  : ReceivedEffect::no_proof;
      case ReceivedKind::complaint:
        return take_complaint(receiving);
      default:
        break;
    }
    if (!receiving.stored) return ReceivedEffect::no_proof;
    if (is_forgotten()) return ReceivedEffect::forgotten;
    if (is_of_calendar(what_.kind)) return take_calendar_reply(receiving);
    if (what_.kind == ReceivedKind::empty) return ReceivedEffect::said_nothing;
    tell_of_words(receiving);
    return ReceivedEffect::told;
  }

  static void tell_of_words(const Receiving& receiving) {
    if (receiving.what.kind == ReceivedKind::free_text) {
      tell_organizers(receiving, MailKind::reply_received, receiving.message.text,
                      receiving.message.text);
      return;
    }
    tell_organizers(receiving, MailKind::reply_received,
                    "Wiadomość ma tylko załączniki, których nie da się tu odczytać (na przykład "
                    "winmail.dat z programu Outlook). Najlepiej zapytać tę osobę, co napisała.",
                    "The message holds nothing but attachments that cannot be read here (such as "
                    "winmail.dat of "
                    "Outlook). It is best to ask this person what it said.");
  }

  void record(const Receiving& receiving, ReceivedEffect effect) const {
    std::optional<domain::MeetingId> meeting;
    std::string details =
        fmt::format(R"({{"kind":"{}","effect":"{}"}})", to_string(what_.kind), to_string(effect));
    if (receiving.stored) {
      meeting = receiving.stored->registration.meeting;
      details.insert(details.size() - 1,
                     fmt::format(R"(,"registration":{})", receiving.stored->registration.id.value));
    }
    record_activity(connection_, environment_, system_call(), "mail.received", "received_mail",
                    receiving.id.value, meeting, details);
  }

  const Environment& environment_;
  storage::Connection& connection_;
  const notifications::ReceivedMessage& message_;
  const Classified& what_;
  const std::vector<ReplyTarget>& targets_;
  Call call_;
  std::optional<storage::SentMail> sent_;
  std::optional<storage::StoredRegistration> stored_;
};

// The registration that the calendar asked about; its own transaction writes the mail.
ReceivedEffect repair(const Environment& environment, const Received& received) {
  const auto registration = read_database(environment, [&](storage::Connection& connection) {
    const auto row = storage::find_inbound_mail(connection, received.id);
    return row ? row->registration : std::nullopt;
  });
  const bool repaired =
      registration && repair_calendar(environment, holder_call(*registration), *registration).ok();
  if (repaired) return ReceivedEffect::repaired;
  environment.pool->transact([&](storage::Connection& connection) {
    storage::save_effect(connection, received.id, ReceivedEffect::withdrawn);
  });
  return ReceivedEffect::withdrawn;
}

}  // namespace

Received receive_mail(const Environment& environment, std::string_view raw,
                      const std::vector<std::string>& recipients) {
  const auto message = notifications::read_message(raw);
  auto what = classify(message, own_marks(environment));
  const bool is_own = what.kind != ReceivedKind::bounce && !message.message_id.empty() &&
                      read_database(environment, [&](storage::Connection& connection) {
                        return storage::is_own_message_id(connection, message.message_id);
                      });
  if (is_own) what = {ReceivedKind::loop};
  const auto targets = find_targets(environment, recipients, message, what);
  const auto take = [&] {
    std::optional<Received> received;
    const auto done = run_once_for_id<domain::ReceivedMailId>(
        environment, system_call(), "receive_mail",
        [&](storage::Connection& connection) -> domain::Outcome<domain::ReceivedMailId> {
          received = Taking(environment, connection, message, what, targets).take();
          return received->id;
        });
    if (!done) throw std::logic_error("a received mail was refused");
    return *received;
  };
  Received received;
  try {
    received = take();
  } catch (const storage::Duplicate&) {  // the same message came twice at once
    received = take();
  }
  if (received.effect == ReceivedEffect::repaired && !received.again)
    received.effect = repair(environment, received);
  return received;
}

}  // namespace narada::usecases
