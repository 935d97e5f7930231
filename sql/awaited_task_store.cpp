#include "sql/awaited_task_store.h"

#include <algorithm>
#include <string>

#include "sql/expert_store.h"
#include "sql/id_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::ExpertId;
using domain::MeetingId;
using Awaited = std::map<MeetingId, AwaitedTasks>;

PreparingExpert* find_expert(Awaited& awaited, MeetingId meeting, ExpertId expert) {
  const auto found = awaited.find(meeting);
  if (found == awaited.end()) return nullptr;
  auto& experts = found->second.experts;
  const auto one = std::find_if(experts.begin(), experts.end(),
                                [&](const auto& each) { return each.expert.id == expert; });
  return one == experts.end() ? nullptr : &*one;
}

void add_experts(Connection& connection, domain::PersonId person, const std::string& meetings,
                 Awaited& awaited) {
  static const std::string kSelect =
      "SELECT " + std::string(kExpertColumns) +
      ", n.meeting_id, n.items, n.described,"
      " EXISTS (SELECT 1 FROM expert_photo p LEFT JOIN stored_file f ON f.digest = p.digest"
      " WHERE p.expert_id = e.id AND COALESCE(f.state, 'waiting') IN ('waiting', 'ready'))"
      " FROM (SELECT a.meeting_id, a.expert_id, SUM(a.is_item) AS items,"
      " SUM(a.is_described) AS described FROM (SELECT me.meeting_id, me.expert_id, 0 AS is_item,"
      " 0 AS is_described FROM " +
      std::string(kEachOfIdList) +
      "meeting_expert me ON me.meeting_id = j.id UNION ALL"
      " SELECT pi.meeting_id, pe.expert_id, 1, pi.description <> '' FROM " +
      std::string(kEachOfIdList) +
      "program_item pi ON pi.meeting_id = j.id JOIN program_item_expert pe"
      " ON pe.program_item_id = pi.id) a GROUP BY a.meeting_id, a.expert_id) n"
      " JOIN expert_member em ON em.expert_id = n.expert_id AND em.person_id = ?"
      " JOIN expert e ON e.id = n.expert_id ORDER BY n.meeting_id, e.id";
  for (const auto row : connection.query(kSelect, {meetings, meetings, person})) {
    PreparingExpert one;
    one.expert = read_expert(row, 0);
    one.evidence.has_bio = !one.expert.description.empty();
    const auto meeting = row.id<MeetingId>(kExpertColumnCount);
    one.evidence.sessions = row.small_integer(kExpertColumnCount + 1);
    one.evidence.described_sessions = row.small_integer(kExpertColumnCount + 2);
    one.evidence.has_photo = row.boolean(kExpertColumnCount + 3);
    awaited[meeting].experts.push_back(std::move(one));
  }
}

void add_materials(Connection& connection, const std::string& meetings, Awaited& awaited) {
  static const std::string kSelect =
      "SELECT g.id, m.expert_id, m.kind FROM " + std::string(kEachOfIdList) +
      "meeting g ON g.id = j.id JOIN material m ON (m.meeting_id = g.id OR m.cycle_id = g.cycle_id)"
      " AND m.deleted_at IS NULL AND m.expert_id IS NOT NULL AND (m.link <> '' OR EXISTS (SELECT 1"
      " FROM material_version v LEFT JOIN stored_file f ON f.digest = v.digest"
      " LEFT JOIN upload u ON u.id = v.upload_id AND v.digest IS NULL WHERE v.material_id = m.id"
      " AND COALESCE(f.state, IF(u.state = 'gone', 'lost', 'waiting')) IN ('waiting', 'ready')))";
  for (const auto row : connection.query(kSelect, {meetings})) {
    auto* const one = find_expert(awaited, row.id<MeetingId>(0), row.id<ExpertId>(1));
    if (one)
      one->evidence.materials.push_back(
          stored_enum("material.kind", row.text(2), domain::find_material_kind));
  }
}

void add_answers(Connection& connection, const std::string& meetings, Awaited& awaited) {
  static const std::string kSelect =
      "SELECT a.meeting_id, a.expert_id, a.task, a.is_wanted, a.due_on, a.answer, a.answered_at"
      " FROM " +
      std::string(kEachOfIdList) + "expert_task_answer a ON a.meeting_id = j.id";
  for (const auto row : connection.query(kSelect, {meetings})) {
    auto* const one = find_expert(awaited, row.id<MeetingId>(0), row.id<ExpertId>(1));
    if (!one) continue;
    domain::TaskAnswer answer;
    answer.key = row.text(2);
    if (!row.is_null(3)) answer.is_wanted = row.boolean(3);
    if (!row.is_null(4)) answer.due_on = row.date(4);
    if (!row.is_null(5)) answer.answer = row.boolean(5);
    answer.answered_at = row.find_instant(6);
    one->answers.push_back(std::move(answer));
  }
}

void add_plans(Connection& connection, const std::string& meetings, Awaited& awaited) {
  // A plan without tasks is a plan, too.
  static const std::string kSelect =
      "SELECT g.id, p.closes_days, r.task, r.title, r.days_before, r.is_wanted FROM " +
      std::string(kEachOfIdList) +
      "meeting g ON g.id = j.id JOIN expert_task_plan p ON p.id = COALESCE("
      "(SELECT own.id FROM expert_task_plan own WHERE own.meeting_id = g.id),"
      " (SELECT shared.id FROM expert_task_plan shared WHERE shared.cycle_id = g.cycle_id))"
      " LEFT JOIN expert_task_rule r ON r.plan_id = p.id ORDER BY g.id, r.position";
  for (const auto row : connection.query(kSelect, {meetings})) {
    const auto found = awaited.find(row.id<MeetingId>(0));
    if (found == awaited.end()) continue;
    auto& plan = found->second.plan;
    if (!plan) plan = domain::TaskPlan{{}, row.small_integer(1)};
    if (!row.is_null(2))
      plan->rules.push_back({row.text(2), row.text(3), row.small_integer(4), row.boolean(5)});
  }
}

}  // namespace

Awaited list_awaited_tasks(Connection& connection, domain::PersonId person,
                           const std::vector<MeetingId>& meetings) {
  Awaited awaited;
  if (meetings.empty()) return awaited;
  const auto list = list_of_ids(meetings);
  add_experts(connection, person, list, awaited);
  add_materials(connection, list, awaited);
  add_answers(connection, list, awaited);
  add_plans(connection, list, awaited);
  return awaited;
}

}  // namespace narada::storage
