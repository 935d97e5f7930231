#include <nlohmann/json.hpp>

#include "service/usecases/messages/message_mails.h"
#include "service/usecases/messages/organizer_messages.h"
#include "service/usecases/operations.h"
#include "sql/error.h"
#include "sql/organizer_message_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

constexpr int kStep = 50;  // people in one transaction

// The mail of one person, its link known; absent when there is nobody to write to any more.
std::optional<domain::OutgoingMailId> write_one(storage::Connection& connection,
                                                const Environment& environment, const InvitedTo& to,
                                                const storage::StoredOrganizerMessage& message,
                                                const storage::MessagePerson& person) {
  const auto now = environment.clock->now();
  std::optional<MessageMail> mail;
  if (person.registration) {
    const std::string token = make_token();
    mail =
        make_registered_mail(connection, environment, *person.registration, message.texts, token);
    if (mail) {
      storage::save_manage_tokens(connection, {{hash_token(token), *person.registration}}, now);
    }
  } else if (person.invitee) {
    mail = make_invitee_mail(connection, environment, to, *person.invitee, message.texts);
  }
  if (!mail) return std::nullopt;
  return storage::save_outgoing_mail(connection,
                                     make_mail_row(environment, *mail, now, message.leaves_at));
}

// How many of the message are written now; `step` of them by this call, unless it was taken back.
struct Written {
  int all = 0;
  int step = 0;
};
Written write_some(storage::Connection& connection, const Environment& environment,
                   domain::OrganizerMessageId id) {
  const auto message = storage::lock_organizer_message(connection, id);
  if (!message) return {};
  Written written{storage::count_written(connection, id), 0};
  if (message->taken_back_at) return written;
  const auto to = find_invited_to(connection, environment, message->scope);
  if (!to) return written;
  for (const auto& person : storage::list_unwritten(connection, id, kStep)) {
    const auto mail = write_one(connection, environment, *to, *message, person);
    storage::save_person_written(connection, id, person.number, mail);
    ++written.step;
  }
  written.all += written.step;
  return written;
}

void write_all(const Environment& environment, TaskRun& run) {
  const domain::OrganizerMessageId id{
      nlohmann::json::parse(run.parameters()).at("message").get<std::int64_t>()};
  for (;;) {
    Written written;
    try {
      written = environment.pool->transact(
          [&](storage::Connection& connection) { return write_some(connection, environment, id); });
    } catch (const storage::CommitUnknown&) {
      continue;  // the rows tell what is left
    }
    // What a process wrote that ended before it said so counts too.
    const int more = written.all - run.finished();
    if (more > 0 && !run.advance(more)) return;
    if (written.step == 0) return;
  }
}

}  // namespace

TaskWork make_message_work(const Environment& environment) {
  return [&environment](TaskRun& run) { write_all(environment, run); };
}

}  // namespace narada::usecases
