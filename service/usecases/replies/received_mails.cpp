#include "service/usecases/replies/received_mails.h"

#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/stored_things.h"
#include "sql/calendar_answer_store.h"
#include "sql/inbound_mail_store.h"
#include "sql/mail_address_store.h"
#include "sql/substitution_proposal_store.h"

namespace narada::usecases {
namespace {

using domain::ReceivedMailId;

constexpr std::string_view kList = "received-mails";

// As of outgoing mail: what is about no meeting is for those who manage people.
domain::Outcome<Thing> check_mail(storage::Connection& connection, const Actor& actor,
                                  Action action, const ReceivedMail& mail) {
  if (!mail.meeting) {
    if (!can(actor, Action::manage_people, {})) return domain::NotFound{};
    return Thing{};
  }
  auto thing = check_meeting(connection, actor, Action::see_mails, *mail.meeting);
  if (!thing) return domain::NotFound{};
  return check(actor, action, *thing);
}

std::string reported_address(const ReceivedMail& mail) {
  if (mail.kind != domain::ReceivedKind::bounce) return {};
  return mail.to_address.empty() ? mail.person_email : mail.to_address;
}

// Runs `step` (Connection, row → whether it changed anything) for who may organize its meeting.
template <class Step>
domain::Outcome<ReceivedMailId> change_mail(const Environment& environment, const Call& call,
                                            std::string_view kind, std::string_view verb,
                                            ReceivedMailId id, Step step) {
  return run_once_for_id<ReceivedMailId>(
      environment, call, kind,
      [&](storage::Connection& connection) -> domain::Outcome<ReceivedMailId> {
        const auto mail = storage::find_inbound_mail(connection, id);
        if (!mail) return domain::NotFound{};
        const auto may = check_mail(connection, call.actor, Action::organize, *mail);
        if (!may) return may.failure();
        if (step(connection, *mail))
          record_activity(connection, environment, call, verb, "received_mail", id.value,
                          mail->meeting);
        return id;
      });
}

}  // namespace

domain::Outcome<ReceivedMails> list_received_mails(const Environment& environment,
                                                   const Actor& actor,
                                                   const ReceivedMailFilter& filter,
                                                   const PageRequest& request) {
  const auto reach = check_reach(actor, Action::see_mails);
  if (!reach) return reach.failure();
  storage::InboundMailSelection selection;
  selection.within = *reach;
  selection.of_accounts = can(actor, Action::manage_people, {});
  const auto all = selection;
  selection.kind = filter.kind;
  selection.handled = filter.handled;
  if (const auto cursor = find_cursor(request.cursor, kList))
    selection.before = ReceivedMailId{cursor->id};
  const int limit = clamp_limit(request.limit);
  ReceivedMails found;
  auto rows = read_database(environment, [&](storage::Connection& connection) {
    found.waiting = storage::count_unhandled(connection, all);
    return storage::list_inbound_mails(connection, selection, limit + 1);
  });
  found.mails = make_page(std::move(rows), limit, [](const ReceivedMail& last) {
    return ListCursor{std::string(kList), "", last.id.value};
  });
  return found;
}

domain::Outcome<ReceivedMailView> find_received_mail(const Environment& environment,
                                                     const Actor& actor, ReceivedMailId id) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<ReceivedMailView> {
        auto row = storage::find_inbound_mail(connection, id);
        if (!row || !check_mail(connection, actor, Action::see_mails, *row))
          return domain::NotFound{};
        ReceivedMailView view;
        view.may_handle = check_mail(connection, actor, Action::organize, *row).ok();
        view.address = reported_address(*row);
        if (!view.address.empty()) {
          const auto known = storage::find_mail_address(connection, make_email_key(view.address));
          if (known) view.dead_since = known->dead_since;
        }
        if (row->registration) {
          const auto proposal = storage::find_proposal_of(connection, *row->registration);
          if (proposal && proposal->mail == id && proposal->state == "open")
            view.proposal = proposal->id;
        }
        view.mail = *std::move(row);
        return view;
      });
}

domain::Outcome<ReceivedMailId> handle_received_mail(const Environment& environment,
                                                     const Call& call, ReceivedMailId id,
                                                     bool handled) {
  return change_mail(environment, call, "handle_received_mail",
                     handled ? "mail.handled" : "mail.reopened", id,
                     [&](storage::Connection& connection, const ReceivedMail&) {
                       const auto by = handled ? call.actor.person : std::nullopt;
                       return storage::save_handled(connection, id, by, environment.clock->now());
                     });
}

domain::Outcome<ReceivedMailId> revive_address(const Environment& environment, const Call& call,
                                               ReceivedMailId id) {
  return change_mail(environment, call, "revive_address", "mail.address_revived", id,
                     [&](storage::Connection& connection, const ReceivedMail& mail) {
                       return storage::clear_mail_address(connection,
                                                          make_email_key(reported_address(mail)));
                     });
}

std::map<domain::RegistrationId, GivenAnswer> find_calendar_answers(
    const Environment& environment, const std::vector<domain::RegistrationId>& registrations) {
  std::map<domain::RegistrationId, GivenAnswer> answers;
  if (registrations.empty()) return answers;
  const auto known = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_calendar_answers(connection, registrations);
  });
  for (const auto& one : known) answers[one.registration] = {one.answer, one.answered_at};
  return answers;
}

}  // namespace narada::usecases
