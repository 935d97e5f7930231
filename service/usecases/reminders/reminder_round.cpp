// The job that reminds.

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>

#include "service/domain/half_fixed.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/reminders/reminders.h"
#include "sql/reminder_store.h"

namespace narada::usecases {
namespace {

using domain::MeetingId;
using storage::MeetingToRemind;

constexpr int kMostAtOnce = 100;  // people in one transaction
constexpr std::chrono::days kFarthest{domain::kMostReminderDays + 1};
// Who changes the times of a meeting a moment after one of them has come wants it to go.
constexpr std::chrono::minutes kJustChanged{2};

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "reminders";
  return call;
}

std::vector<domain::ReminderOffset> offsets_of(const Environment& environment,
                                               const MeetingToRemind& meeting) {
  if (!meeting.reminders) return environment.reminders;
  return domain::parse_reminders(*meeting.reminders).value_or(environment.reminders);
}

std::optional<ReminderTime> due_of(const Environment& environment, const MeetingToRemind& meeting,
                                   domain::Instant now) {
  auto known_since = meeting.times_set_at;
  if (meeting.plan_changed_at) {
    const auto changed = *meeting.plan_changed_at - kJustChanged;
    if (!known_since || *known_since < changed) known_since = changed;
  }
  return find_due_reminder(meeting.times, offsets_of(environment, meeting), known_since, now);
}

// One reminder of one meeting to some of its people, in one transaction.
class ReminderBatch {
 public:
  ReminderBatch(const Change& change, LockedMeeting& locked, const ReminderTime& reminder,
                const domain::MeetingTimes& times)
      : change_(change), locked_(locked), reminder_(reminder), times_(times) {}

  // How many have been decided; 0: nobody is left.
  int write() {
    const std::string name = to_string(reminder_.offset);
    const auto people =
        storage::list_people_to_remind(change_.connection, locked_.meeting().id, name,
                                       reminder_choice(change_.environment, reminder_.offset),
                                       times_.starts_at, confirmed_before(reminder_), kMostAtOnce);
    if (people.empty()) {
      storage::save_reminder_finished(change_.connection, locked_.meeting().id, name,
                                      times_.starts_at, change_.now);
    }
    const auto told = tell(people);
    if (!told.empty()) {
      locked_.record(
          "reminders.written", "meeting:" + std::to_string(locked_.meeting().id.value),
          R"({"reminder":")" + name + R"(","mails":)" + std::to_string(told.size()) + "}");
    }
    locked_.finish();
    save(people, told, name);
    return static_cast<int>(people.size());
  }
  int mails() const { return static_cast<int>(locked_.written().mails.size()); }

 private:
  // Whom a mail is written to, in the order of the mails.
  std::vector<domain::RegistrationId> tell(const std::vector<storage::PersonToRemind>& people) {
    std::vector<domain::RegistrationId> wanted;
    for (const auto& person : people) {
      if (person.wanted) wanted.push_back(person.registration);
    }
    std::vector<domain::RegistrationId> told;
    MailCause cause;
    cause.kind = notifications::MailKind::reminder;
    cause.tells_way_in = tells_way_in(reminder_.offset);
    cause.useful_until = useful_until(reminder_, times_);
    for (const auto& stored : storage::find_registrations(change_.connection, wanted)) {
      locked_.write(stored, cause);
      told.push_back(stored.registration.id);
    }
    return told;
  }

  void save(const std::vector<storage::PersonToRemind>& people,
            const std::vector<domain::RegistrationId>& told, const std::string& name) {
    std::map<domain::RegistrationId, domain::OutgoingMailId> mails;
    for (std::size_t index = 0; index < told.size(); ++index) {
      mails[told[index]] = locked_.written().mails.at(index);
    }
    for (const auto& person : people) {
      std::optional<domain::OutgoingMailId> mail;
      if (const auto found = mails.find(person.registration); found != mails.end()) {
        mail = found->second;
      }
      storage::save_reminder_sent(change_.connection, person.registration, name, times_.starts_at,
                                  mail, change_.now);
    }
  }

  const Change& change_;
  LockedMeeting& locked_;
  const ReminderTime& reminder_;
  const domain::MeetingTimes& times_;
};

struct BatchDone {
  int decided = 0;
  int mails = 0;
};

// Looked at again under the lock: the meeting may have been moved, cancelled or reminded of.
domain::Outcome<BatchDone> remind_some(const Change& change, MeetingId id) {
  auto locked = LockedMeeting::lock(change, id);
  if (!locked || locked->meeting().status != domain::MeetingStatus::published) return BatchDone{};
  const auto meeting = storage::find_meeting_to_remind(change.connection, id);
  if (!meeting) return BatchDone{};
  const auto due = due_of(change.environment, *meeting, change.now);
  if (!due || storage::is_reminder_finished(change.connection, id, to_string(due->offset),
                                            meeting->times.starts_at)) {
    return BatchDone{};
  }
  ReminderBatch batch(change, *locked, *due, meeting->times);
  const int decided = batch.write();
  return BatchDone{decided, batch.mails()};
}

int remind_of(const Environment& environment, MeetingId meeting, const std::stop_token& stopping) {
  const Call call = system_call();
  int mails = 0;
  for (BatchDone last{1, 0}; last.decided > 0 && !stopping.stop_requested();) {
    const auto outcome = run_once<BatchDone>(
        environment, call, "remind",
        [&](storage::Connection& connection) {
          return remind_some({connection, environment, call, environment.clock->now()}, meeting);
        },
        [](const BatchDone&) { return std::string(); },
        [](const std::string&) { return BatchDone{}; });
    last = outcome ? outcome.value() : BatchDone{};
    mails += last.mails;
  }
  return mails;
}

}  // namespace

std::string reminder_choice(const Environment& environment, domain::ReminderOffset offset) {
  const auto nearest = nearest_reminder(environment.reminders, offset);
  return nearest ? "reminder." + to_string(*nearest) : "reminder";
}

int remind_due(const Environment& environment, const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  const auto due = read_database(environment, [&](storage::Connection& connection) {
    std::vector<MeetingId> found;
    for (const auto& meeting : storage::list_meetings_to_remind(connection, now, now + kFarthest)) {
      const auto reminder = due_of(environment, meeting, now);
      if (reminder &&
          !storage::is_reminder_finished(connection, meeting.id, to_string(reminder->offset),
                                         meeting.times.starts_at)) {
        found.push_back(meeting.id);
      }
    }
    return found;
  });
  int mails = 0;
  std::exception_ptr problem;
  for (const auto meeting : due) {
    if (stopping.stop_requested()) break;
    try {
      mails += remind_of(environment, meeting, stopping);
    } catch (const std::exception&) {
      problem = std::current_exception();  // the other meetings do not wait for this one
    }
  }
  if (problem) std::rethrow_exception(problem);
  return mails;
}

}  // namespace narada::usecases
