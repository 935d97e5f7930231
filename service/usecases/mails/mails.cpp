#include "service/usecases/mails/mails.h"

#include <utility>

#include "notifications/mime.h"
#include "service/domain/enum_names.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/outgoing_mail_store.h"
#include "sql/stored_enum.h"

namespace narada::usecases {
namespace {

constexpr domain::EnumNames<MailState, 7> kStates{
    {"queued", "inflight", "awaiting_retry", "sent", "failed", "bounced", "aborted"}};
static_assert(is_complete(kStates, MailState::aborted));

OutgoingMail to_outgoing_mail(storage::StoredMail stored) {
  OutgoingMail mail;
  mail.id = stored.id;
  mail.message_id = std::move(stored.message_id);
  mail.kind = std::move(stored.kind);
  mail.state = storage::stored_enum("outgoing_mail.state", stored.state, find_mail_state);
  mail.meeting = stored.meeting;
  mail.registration = stored.registration;
  mail.to_name = std::move(stored.to_name);
  mail.to_address = std::move(stored.to_address);
  mail.subject = std::move(stored.subject);
  mail.attempts = stored.attempts;
  mail.last_code = stored.last_code;
  mail.last_reply = std::move(stored.last_reply);
  mail.created_at = stored.created_at;
  mail.not_before = stored.not_before;
  mail.sent_at = stored.sent_at;
  if (stored.raw) mail.raw = notifications::mask_manage_tokens(*stored.raw);
  return mail;
}

// What is about no meeting is about an account, and may open it.
bool may_read(storage::Connection& connection, const Actor& actor,
              const storage::StoredMail& mail) {
  if (!mail.meeting) return can(actor, Action::manage_people, {});
  return check_meeting(connection, actor, Action::see_mails, *mail.meeting).ok();
}

}  // namespace

std::string_view to_string(MailState state) { return kStates.name_of(state); }

std::optional<MailState> find_mail_state(std::string_view name) { return kStates.find(name); }

domain::Outcome<PageOf<OutgoingMail>> list_outgoing_mails(const Environment& environment,
                                                          const Actor& actor,
                                                          const MailFilter& filter,
                                                          const PageRequest& request) {
  const auto reach = check_reach(actor, Action::see_mails);
  if (!reach) return reach.failure();
  storage::MailSelection selection;
  selection.within = *reach;
  selection.of_accounts = can(actor, Action::manage_people, {});
  if (filter.state) selection.state = to_string(*filter.state);
  selection.meeting = filter.meeting;
  if (request.cursor) {
    const auto cursor = find_cursor(request.cursor, kMailList);
    if (!cursor) return domain::FieldErrors{{"cursor", "invalid_cursor"}};
    selection.before = domain::OutgoingMailId{cursor->id};
  }
  const int limit = clamp_limit(request.limit);
  auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_outgoing_mails(connection, selection, limit + 1);
  });
  std::vector<OutgoingMail> mails;
  for (auto& mail : stored) mails.push_back(to_outgoing_mail(std::move(mail)));
  return make_page(std::move(mails), limit, [](const OutgoingMail& last) {
    return ListCursor{std::string(kMailList), "", last.id.value};
  });
}

domain::Outcome<OutgoingMail> find_outgoing_mail(const Environment& environment, const Actor& actor,
                                                 domain::OutgoingMailId id) {
  if (const auto reach = check_reach(actor, Action::see_mails); !reach) return reach.failure();
  auto stored = read_database(
      environment, [&](storage::Connection& connection) -> std::optional<storage::StoredMail> {
        auto mail = storage::find_outgoing_mail(connection, id);
        if (!mail || !may_read(connection, actor, *mail)) return std::nullopt;
        return mail;
      });
  if (!stored) return domain::NotFound{};
  return to_outgoing_mail(std::move(*stored));
}

}  // namespace narada::usecases
