#include "service/usecases/mails/mail_pauses.h"

#include <charconv>
#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/mail_queue.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/mail_pause_store.h"

namespace narada::usecases {
namespace {

using Of = MailPauseScope::Of;

constexpr std::string_view kMeetingPrefix = "meeting:";

domain::Outcome<Thing> check_scope(storage::Connection& connection, const Actor& actor,
                                   const MailPauseScope& scope) {
  if (scope.meeting) return check_meeting(connection, actor, Action::organize, *scope.meeting);
  return check(actor, Action::organize, {});
}

// Of what everybody who sees mails sees, and of the meetings within reach.
std::optional<MailPauseRecord> record_for(storage::Connection& connection, const Actor& actor,
                                          storage::MailPause pause) {
  const auto scope = parse_mail_pause_scope(pause.key);
  if (!scope) return std::nullopt;
  if (pause.meeting && !check_meeting(connection, actor, Action::see_mails, *pause.meeting))
    return std::nullopt;
  MailPauseRecord record;
  record.scope = *scope;
  record.meeting_title = std::move(pause.meeting_title);
  record.paused_at = pause.paused_at;
  record.paused_by = std::move(pause.paused_by_name);
  record.may_resume = check_scope(connection, actor, *scope).ok();
  return record;
}

template <class Change>
domain::Outcome<bool> change_pause(const Environment& environment, const Call& call,
                                   const MailPauseScope& scope, std::string_view verb,
                                   Change change) {
  const auto work = [&](storage::Connection& connection) -> domain::Outcome<bool> {
    if (const auto may = check_scope(connection, call.actor, scope); !may) return may.failure();
    if (!change(connection)) return false;
    record_activity(connection, environment, call, verb, "mails",
                    scope.meeting ? scope.meeting->value : 0, scope.meeting,
                    scope.of == Of::bulk ? R"({"of":"bulk"})" : "{}");
    return true;
  };
  return run_once<bool>(
      environment, call, verb, work, [](bool changed) { return std::string(changed ? "1" : "0"); },
      [](const std::string& text) { return text == "1"; }, [](bool changed) { return changed; });
}

}  // namespace

std::optional<MailPauseScope> parse_mail_pause_scope(std::string_view text) {
  if (text == storage::kPauseOfAll) return MailPauseScope{Of::all};
  if (text == storage::kPauseOfBulk) return MailPauseScope{Of::bulk};
  if (!text.starts_with(kMeetingPrefix)) return std::nullopt;
  const auto digits = text.substr(kMeetingPrefix.size());
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error != std::errc() || end != digits.data() + digits.size() || id <= 0) return std::nullopt;
  return MailPauseScope{Of::meeting, domain::MeetingId{id}};
}

std::string to_string(const MailPauseScope& scope) {
  if (scope.meeting) return storage::pause_key_of(*scope.meeting);
  return scope.of == Of::bulk ? storage::kPauseOfBulk : storage::kPauseOfAll;
}

domain::Outcome<MailPauseList> list_mail_pauses(const Environment& environment,
                                                const Actor& actor) {
  if (const auto reach = check_reach(actor, Action::see_mails); !reach) return reach.failure();
  return read_database(environment, [&](storage::Connection& connection) {
    MailPauseList list;
    list.may_pause_all = can(actor, Action::organize, {});
    for (auto& pause : storage::list_mail_pauses(connection)) {
      if (auto record = record_for(connection, actor, std::move(pause)))
        list.pauses.push_back(std::move(*record));
    }
    return list;
  });
}

std::optional<domain::MeetingId> find_pausable_meeting(const Environment& environment,
                                                       const Actor& actor,
                                                       std::string_view id_or_slug) {
  const auto thing = read_database(environment, [&](storage::Connection& connection) {
    return check_meeting(connection, actor, Action::organize, id_or_slug);
  });
  return thing ? thing->meeting : std::nullopt;
}

domain::Outcome<bool> pause_mails(const Environment& environment, const Call& call,
                                  const MailPauseScope& scope) {
  return change_pause(
      environment, call, scope, "mails.paused", [&](storage::Connection& connection) {
        return storage::save_mail_pause(connection, to_string(scope), scope.meeting,
                                        call.actor.person, environment.clock->now());
      });
}

domain::Outcome<bool> resume_mails(const Environment& environment, const Call& call,
                                   const MailPauseScope& scope) {
  return change_pause(
      environment, call, scope, "mails.resumed", [&](storage::Connection& connection) {
        return storage::delete_mail_pause(connection, to_string(scope), scope.meeting);
      });
}

}  // namespace narada::usecases
