#include "service/usecases/experts/asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "calendar/zone.h"
#include "notifications/message_id.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/experts/stored_preparation.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/mails/unsubscribing.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/stored_things.h"
#include "sql/expert_member_store.h"
#include "sql/expert_task_store.h"
#include "sql/live_person.h"
#include "sql/outgoing_mail_store.h"

namespace narada::usecases {
namespace {

using domain::MeetingId;
using domain::Outcome;
using notifications::MailKind;
using storage::ExpertMember;

constexpr std::chrono::days kFarthest{domain::kMostTaskDays + 15};
constexpr std::chrono::days kKept{90};  // after the meeting
constexpr int kForgottenAtOnce = 500;

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "expert_tasks";
  return call;
}

bool is_to_come(const domain::Meeting& meeting, domain::Instant now) {
  return meeting.status == domain::MeetingStatus::published && !is_half_fixed(meeting.times) &&
         meeting.times.starts_at > now;
}

std::string day_text(domain::Date date, domain::Language language) {
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month());
  const auto day = static_cast<unsigned>(date.day());
  return language == domain::Language::en ? fmt::format("{:04}-{:02}-{:02}", year, month, day)
                                          : fmt::format("{:02}.{:02}.{:04}", day, month, year);
}

// The mails of one meeting, whose row is locked.
class Asking {
 public:
  Asking(storage::Connection& connection, const Environment& environment, const Call& call,
         const Preparation& preparation)
      : connection_(connection),
        environment_(environment),
        call_(call),
        preparation_(preparation),
        now_(environment.clock->now()) {}

  enum class Why { due, by_hand };
  int ask(const PreparingExpert& expert, Why why) {
    if (expert.missing() == 0) return 0;
    int mails = 0;
    for (const auto& member : storage::list_expert_members(connection_, expert.expert.id)) {
      if (!may_be_asked(expert, member)) continue;
      if (why == Why::due && !is_due(expert, member)) continue;
      if (!storage::hold_live_person(connection_, member.person)) continue;
      write(expert, member, why);
      ++mails;
    }
    if (mails > 0)
      record_activity(connection_, environment_, call_, "expert.asked", "expert",
                      expert.expert.id.value, preparation_.meeting.id,
                      fmt::format(R"({{"mails":{}}})", mails));
    return mails;
  }

 private:
  static bool may_be_asked(const PreparingExpert& expert, const ExpertMember& member) {
    return member.wants_reminders &&
           std::any_of(expert.people.begin(), expert.people.end(), [&](const auto& person) {
             return person.person == member.person && person.may_enter;
           });
  }

  bool is_due(const PreparingExpert& expert, const ExpertMember& member) {
    auto told = std::max(member.added_at, member.invited_at.value_or(member.added_at));
    const auto last = storage::find_last_task_mail(connection_, preparation_.meeting.id,
                                                   expert.expert.id, member.person);
    if (last) told = std::max(told, *last);
    const auto& meeting = preparation_.meeting;
    return is_time_to_ask(expert.tasks, date_of(told, meeting), date_of(now_, meeting));
  }

  void write(const PreparingExpert& expert, const ExpertMember& member, Asking::Why why) {
    const auto facts = facts_for(expert, member);
    storage::NewMail mail;
    mail.message_id = notifications::make_message_id(environment_.base_url);
    mail.kind = notifications::to_string(facts.kind);
    mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
    mail.person = member.person;
    mail.meeting = preparation_.meeting.id;
    mail.to_name = facts.to_name;
    mail.to_address = facts.to_address;
    mail.language = facts.language;
    mail.facts = notifications::serialize(facts);
    mail.not_before =
        may_leave_at(environment_, facts.kind, now_, preparation_.meeting.times.starts_at);
    mail.give_up_at = mail.not_before + std::chrono::hours(environment_.mail_give_up_hours);
    mail.created_at = now_;
    const auto id = storage::save_outgoing_mail(connection_, mail);
    storage::save_task_mail(connection_, {preparation_.meeting.id, expert.expert.id, member.person,
                                          why == Why::by_hand, id, now_});
  }

  notifications::MailFacts facts_for(const PreparingExpert& expert, const ExpertMember& member) {
    const auto& meeting = preparation_.meeting;
    notifications::MailFacts facts;
    facts.kind = MailKind::expert_tasks;
    facts.language = member.language;
    facts.to_name = member.full_name;
    facts.to_address = member.email;
    facts.meeting_title = meeting.title;
    if (meeting.cycle) facts.cycle_title = meeting.cycle->title;
    facts.starts = meeting.times.starts;
    facts.ends = meeting.times.ends;
    facts.tzid = meeting.times.tzid;
    facts.all_day = meeting.times.precision == domain::TimePrecision::day;
    facts.meeting_url = meeting_url(environment_, meeting.slug, member.language);
    facts.unsubscribe_url =
        unsubscribe_url(environment_, member.person, MailKind::expert_tasks, member.language);
    facts.ask.emplace();
    facts.ask->url = environment_.base_url +
                     (member.language == domain::Language::en ? "/en" : "") +
                     fmt::format("/prowadzenie/spotkania/{}", meeting.id.value);
    facts.ask->text = lines_of(expert, member.language);
    return facts;
  }

  static std::string lines_of(const PreparingExpert& expert, domain::Language language) {
    const bool english = language == domain::Language::en;
    std::string lines;
    for (const auto& task : expert.tasks) {
      if (!is_awaited(task)) continue;
      lines += task_name(task.rule, language);
      if (task.due_on) lines += (english ? " – by " : " – do ") + day_text(*task.due_on, language);
      lines += '\n';
    }
    return lines;
  }

  storage::Connection& connection_;
  const Environment& environment_;
  const Call& call_;
  const Preparation& preparation_;
  const domain::Instant now_;
};

// Looked at under the lock: somebody else may have asked meanwhile.
Outcome<Asked> ask_meeting(storage::Connection& connection, const Environment& environment,
                           const Call& call, MeetingId id) {
  if (!storage::lock_meeting(connection, id)) return Asked{};
  const auto seated = storage::find_seated_meeting(connection, id);
  if (!seated || !is_to_come(seated->meeting, environment.clock->now())) return Asked{};
  const auto preparation = read_preparation(connection, environment, seated->meeting);
  Asking asking(connection, environment, call, preparation);
  Asked asked;
  for (const auto& expert : preparation.experts)
    asked.mails += asking.ask(expert, Asking::Why::due);
  return asked;
}

Outcome<Asked> ask_expert(storage::Connection& connection, const Environment& environment,
                          const Call& call, MeetingId id, domain::ExpertId expert) {
  if (!storage::lock_meeting(connection, id)) return domain::NotFound{};
  const auto allowed = check_meeting(connection, call.actor, Action::organize, id);
  if (!allowed) return allowed.failure();
  const auto seated = storage::find_seated_meeting(connection, id);
  if (!seated) return domain::NotFound{};
  const auto now = environment.clock->now();
  if (!is_to_come(seated->meeting, now)) return domain::Conflict{"meeting_over"};
  const auto preparation = read_preparation(connection, environment, seated->meeting);
  const auto named =
      std::find_if(preparation.experts.begin(), preparation.experts.end(),
                   [&](const PreparingExpert& one) { return one.expert.id == expert; });
  if (named == preparation.experts.end()) return domain::NotFound{};
  if (named->missing() == 0) return domain::Conflict{"nothing_missing"};
  if (named->last_asked &&
      date_of(*named->last_asked, seated->meeting) == date_of(now, seated->meeting))
    return domain::Conflict{"asked_today"};
  Asking asking(connection, environment, call, preparation);
  const Asked asked{asking.ask(*named, Asking::Why::by_hand)};
  if (asked.mails == 0) return domain::Conflict{"nobody_to_ask"};
  return asked;
}

template <class Work>
Outcome<Asked> run_asking(const Environment& environment, const Call& call, Work work) {
  return run_once<Asked>(
      environment, call, "ask_experts", work,
      [](const Asked& asked) { return std::to_string(asked.mails); },
      [](const std::string& text) { return Asked{std::stoi(text)}; },
      [](const Asked& asked) { return asked.mails > 0; });
}

}  // namespace

int ask_for_missing(const Environment& environment, const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  const auto meetings = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_meetings_to_prepare(connection, now, now + kFarthest);
  });
  const Call call = system_call();
  int mails = 0;
  std::exception_ptr problem;
  for (const auto meeting : meetings) {
    if (stopping.stop_requested()) break;
    try {
      const auto asked = run_asking(environment, call, [&](storage::Connection& connection) {
        return ask_meeting(connection, environment, call, meeting);
      });
      if (asked) mails += asked->mails;
    } catch (const std::exception&) {
      problem = std::current_exception();  // the other meetings do not wait for this one
    }
  }
  environment.pool->transact([&](storage::Connection& connection) {
    storage::delete_old_task_mails(connection, now - kKept, kForgottenAtOnce);
  });
  if (problem) std::rethrow_exception(problem);
  return mails;
}

Outcome<Asked> ask_now(const Environment& environment, const Call& call, MeetingId meeting,
                       domain::ExpertId expert) {
  return run_asking(environment, call, [&](storage::Connection& connection) {
    return ask_expert(connection, environment, call, meeting, expert);
  });
}

}  // namespace narada::usecases
