#include "service/usecases/mails/mail_queue.h"

#include <fmt/format.h>

#include <utility>

#include "notifications/mime.h"
#include "notifications/readable_text.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/mails/mail_repeating.h"
#include "service/usecases/mails/queued_mail_rows.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/stored_enum.h"

namespace narada::usecases {
namespace {

constexpr std::string_view kMailQueueList = "mail-queue";

bool is_waiting(MailState state) {
  return state == MailState::queued || state == MailState::awaiting_retry;
}

std::map<MailState, std::int64_t> to_states(const std::map<std::string, std::int64_t>& stored) {
  std::map<MailState, std::int64_t> counts;
  for (const auto& [name, count] : stored) {
    counts[storage::stored_enum("outgoing_mail.state", name, find_mail_state)] = count;
  }
  return counts;
}

storage::MailRowSelection selection_of(const Actor& actor, const domain::Reach& reach,
                                       const MailQueueFilter& filter) {
  storage::MailRowSelection selection;
  selection.within = reach;
  selection.of_accounts = can(actor, Action::manage_people, {});
  if (filter.state) selection.state = to_string(*filter.state);
  selection.unsent = filter.unsent;
  selection.meeting = filter.meeting;
  selection.recipient = filter.recipient;
  return selection;
}

// What is about no meeting is about an account.
domain::Outcome<Thing> check_mail(storage::Connection& connection, const Actor& actor,
                                  Action action, const storage::MailRow& mail) {
  if (mail.meeting) {
    auto thing = check_meeting(connection, actor, Action::see_mails, *mail.meeting);
    if (!thing) return domain::NotFound{};
    return check(actor, action, *thing);
  }
  if (!can(actor, Action::manage_people, {})) return domain::NotFound{};
  return Thing{};
}

domain::Outcome<domain::OutgoingMailId> stop_in(storage::Connection& connection,
                                                const Environment& environment, const Call& call,
                                                domain::OutgoingMailId id) {
  const auto mail = storage::lock_mail_row(connection, id);
  if (!mail) return domain::NotFound{};
  if (const auto may = check_mail(connection, call.actor, Action::organize, *mail); !may) {
    return may.failure();
  }
  if (!mail->meeting) return domain::Conflict{"mail_not_stoppable"};
  const auto state = state_of(*mail);
  if (state == MailState::aborted) return id;
  if (state == MailState::inflight) return domain::Conflict{"mail_on_its_way"};
  if (!is_waiting(state)) return domain::Conflict{"mail_ended"};
  std::optional<std::string> kept;
  if (mail->raw) kept = notifications::mask_manage_tokens(*mail->raw);
  storage::save_stopped(connection, id, kept);
  record_activity(connection, environment, call, "mail.stopped", "mail", id.value, mail->meeting,
                  mail->registration
                      ? fmt::format(R"({{"registration":{}}})", mail->registration->value)
                      : "{}");
  return id;
}

}  // namespace

domain::Outcome<MailQueue> list_mail_queue(const Environment& environment, const Actor& actor,
                                           const MailQueueFilter& filter,
                                           const PageRequest& request) {
  const auto reach = check_reach(actor, Action::see_mails);
  if (!reach) return reach.failure();
  auto selection = selection_of(actor, *reach, filter);
  if (const auto cursor = find_cursor(request.cursor, kMailQueueList)) {
    selection.before = domain::OutgoingMailId{cursor->id};
  }
  const int limit = clamp_limit(request.limit);
  MailQueue queue;
  auto rows = read_database(environment, [&](storage::Connection& connection) {
    queue.counts = to_states(storage::count_mail_rows(connection, selection));
    return storage::list_mail_rows(connection, selection, limit + 1);
  });
  queue.mails = make_page(to_queued_mails(std::move(rows)), limit, [](const QueuedMail& last) {
    return ListCursor{std::string(kMailQueueList), "", last.id.value};
  });
  return queue;
}

domain::Outcome<QueuedMailView> find_queued_mail(const Environment& environment, const Actor& actor,
                                                 domain::OutgoingMailId id) {
  QueuedMailView view;
  auto found = read_database(
      environment, [&](storage::Connection& connection) -> std::optional<storage::MailRow> {
        auto mail = storage::find_mail_row(connection, id);
        if (!mail || !check_mail(connection, actor, Action::see_mails, *mail)) return std::nullopt;
        const bool may = check_mail(connection, actor, Action::organize, *mail).ok();
        view.may_repeat = may && is_repeatable(*mail);
        view.may_stop = may && mail->meeting && is_waiting(state_of(*mail));
        return mail;
      });
  if (!found) return domain::NotFound{};
  view.is_about_account = !found->meeting;
  if (found->raw && found->meeting) {
    view.text = notifications::readable_text(notifications::mask_manage_tokens(*found->raw));
  }
  view.mail = to_queued_mail(std::move(*found));
  return view;
}

domain::Outcome<domain::OutgoingMailId> repeat_mail(const Environment& environment,
                                                    const Call& call, domain::OutgoingMailId id) {
  return run_once_for_id<domain::OutgoingMailId>(
      environment, call, "repeat_mail",
      [&](storage::Connection& connection) -> domain::Outcome<domain::OutgoingMailId> {
        const auto seen = storage::find_mail_row(connection, id);
        if (!seen) return domain::NotFound{};
        const auto may = check_mail(connection, call.actor, Action::organize, *seen);
        if (!may) return may.failure();
        return repeat_in(connection, environment, call, *seen);
      });
}

domain::Outcome<domain::OutgoingMailId> stop_mail(const Environment& environment, const Call& call,
                                                  domain::OutgoingMailId id) {
  return run_once_for_id<domain::OutgoingMailId>(
      environment, call, "stop_mail",
      [&](storage::Connection& connection) { return stop_in(connection, environment, call, id); });
}

}  // namespace narada::usecases
