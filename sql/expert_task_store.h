#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "service/domain/expert_tasks.h"
#include "service/domain/language.h"
#include "sql/connection.h"

namespace narada::storage {

using TaskPlanOwner = std::variant<domain::MeetingId, domain::CycleId>;
struct StoredTaskPlan {
  domain::TaskPlan plan;
  std::int64_t version = 0;
};
// The owner's own one.
std::optional<StoredTaskPlan> find_task_plan(Connection& connection, const TaskPlanOwner& owner);
// False: `version` is not the current one; 0: there is none yet.
bool save_task_plan(Connection& connection, const TaskPlanOwner& owner,
                    const domain::TaskPlan& plan, std::int64_t version);

// An expert whom a meeting or an item of its program names, by name.
struct PreparingExpert {
  domain::ExpertRef expert;
  std::string organization;
  domain::TaskEvidence evidence;
  std::vector<domain::TaskAnswer> answers;
};
// `cycle`: whose materials count as well.
std::vector<PreparingExpert> list_preparing_experts(Connection& connection,
                                                    domain::MeetingId meeting,
                                                    std::optional<domain::CycleId> cycle);

// What the organizer decides for one expert; what is absent holds as planned.
void save_task_exception(Connection& connection, domain::MeetingId meeting, domain::ExpertId expert,
                         const domain::TaskAnswer& answer);
// What the expert says; absent: nothing any more.
void save_task_answer(Connection& connection, domain::MeetingId meeting, domain::ExpertId expert,
                      std::string_view task, std::optional<bool> answer, domain::PersonId person,
                      domain::Instant now);

// Who has been asked for what is missing.
struct TaskMail {
  domain::MeetingId meeting;
  domain::ExpertId expert;
  domain::PersonId person;
  bool by_hand = false;
  std::optional<domain::OutgoingMailId> mail;
  domain::Instant sent_at{};
};
void save_task_mail(Connection& connection, const TaskMail& mail);
// Of a meeting, whoever they went to: the last one.
std::optional<domain::Instant> find_last_task_mail(Connection& connection,
                                                   domain::MeetingId meeting,
                                                   domain::ExpertId expert,
                                                   std::optional<domain::PersonId> person);
// Whether the meeting of such a mail is published and to come.
bool is_task_mail_true(Connection& connection, domain::OutgoingMailId mail, domain::Instant now);
// Of meetings that ended before. How many, at most `limit`.
int delete_old_task_mails(Connection& connection, domain::Instant before, int limit);

// Published meetings with their day that name experts with people, to begin after `now` and not
// after `until`.
std::vector<domain::MeetingId> list_meetings_to_prepare(Connection& connection, domain::Instant now,
                                                        domain::Instant until);
// Meetings of a cycle that are not in the bin, the first first.
std::vector<domain::MeetingId> list_meetings_of_cycle(Connection& connection,
                                                      domain::CycleId cycle);

// True when the item changed: it stands at this place of the program, names one of these experts
// and says `before`. Raises the version of the meeting. Precondition: its row is locked.
struct SessionText {
  std::string title;
  std::string description;
  friend bool operator==(const SessionText&, const SessionText&) = default;
};
bool save_session_text(Connection& connection, domain::MeetingId meeting, int position,
                       domain::ExpertId expert, const SessionText& before,
                       const SessionText& after);
// Names the expert in the meeting, after those that it names, or in an item of its program. False:
// there already, or no such item. Precondition: the meeting's row is locked.
bool add_expert_to_meeting(Connection& connection, domain::MeetingId meeting,
                           domain::ExpertId expert, std::optional<int> position);

}  // namespace narada::storage
