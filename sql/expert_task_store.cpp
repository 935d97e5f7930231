#include "sql/expert_task_store.h"

#include "sql/error.h"
#include "sql/expert_store.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::ExpertId;
using domain::MeetingId;

std::optional<MeetingId> meeting_of(const TaskPlanOwner& owner) {
  const auto* meeting = std::get_if<MeetingId>(&owner);
  return meeting ? std::optional(*meeting) : std::nullopt;
}
std::optional<domain::CycleId> cycle_of(const TaskPlanOwner& owner) {
  const auto* cycle = std::get_if<domain::CycleId>(&owner);
  return cycle ? std::optional(*cycle) : std::nullopt;
}

PreparingExpert* find_named(std::vector<PreparingExpert>& named, ExpertId id) {
  for (auto& one : named)
    if (one.expert.id == id) return &one;
  return nullptr;
}

void add_materials(Connection& connection, MeetingId meeting, std::optional<domain::CycleId> cycle,
                   std::vector<PreparingExpert>& named) {
  // A file that was refused or lost is not there.
  constexpr std::string_view kSelect =
      "SELECT m.expert_id, m.kind FROM material m WHERE (m.meeting_id = ? OR m.cycle_id = ?)"
      " AND m.deleted_at IS NULL AND m.expert_id IS NOT NULL AND (m.link <> '' OR EXISTS (SELECT 1"
      " FROM material_version v LEFT JOIN stored_file f ON f.digest = v.digest"
      " LEFT JOIN upload u ON u.id = v.upload_id AND v.digest IS NULL WHERE v.material_id = m.id"
      " AND COALESCE(f.state, IF(u.state = 'gone', 'lost', 'waiting')) IN ('waiting', 'ready')))";
  for (const auto row : connection.query(kSelect, {meeting, cycle})) {
    auto* one = find_named(named, row.id<ExpertId>(0));
    const auto kind = stored_enum("material.kind", row.text(1), domain::find_material_kind);
    if (one) one->evidence.materials.push_back(kind);
  }
}

void add_answers(Connection& connection, MeetingId meeting, std::vector<PreparingExpert>& named) {
  constexpr std::string_view kSelect =
      "SELECT expert_id, task, is_wanted, due_on, answer, answered_at FROM expert_task_answer"
      " WHERE meeting_id = ? ORDER BY expert_id, task";
  const auto flag = [](const std::optional<std::int64_t>& value) {
    return value ? std::optional(*value != 0) : std::nullopt;
  };
  for (const auto row : connection.query(kSelect, {meeting})) {
    auto* one = find_named(named, row.id<ExpertId>(0));
    if (!one) continue;
    domain::TaskAnswer answer{
        row.text(1), flag(row.find_integer(2)), {}, flag(row.find_integer(4)), row.find_instant(5)};
    if (!row.is_null(3)) answer.due_on = row.date(3);
    one->answers.push_back(std::move(answer));
  }
}

void insert_rules(Connection& connection, std::int64_t plan, const domain::TaskPlan& wanted) {
  constexpr std::string_view kInsert =
      "INSERT INTO expert_task_rule (plan_id, position, task, title, days_before, is_wanted)"
      " VALUES (?, ?, ?, ?, ?, ?)";
  int position = 0;
  for (const auto& rule : wanted.rules)
    connection.execute(kInsert,
                       {plan, position++, rule.key, rule.title, rule.days_before, rule.is_wanted});
}

void raise_version(Connection& connection, MeetingId meeting) {
  connection.execute("UPDATE meeting SET version = version + 1 WHERE id = ?", {meeting});
}

}  // namespace

std::optional<StoredTaskPlan> find_task_plan(Connection& connection, const TaskPlanOwner& owner) {
  constexpr std::string_view kSelect =
      "SELECT id, closes_days, version FROM expert_task_plan WHERE meeting_id = ? OR cycle_id = ?";
  constexpr std::string_view kRules =
      "SELECT task, title, days_before, is_wanted FROM expert_task_rule WHERE plan_id = ?"
      " ORDER BY position";
  const Rows found = connection.query(kSelect, {meeting_of(owner), cycle_of(owner)});
  if (found.empty()) return std::nullopt;
  StoredTaskPlan stored;
  stored.plan.closes_days = found[0].small_integer(1);
  stored.version = found[0].integer(2);
  for (const auto row : connection.query(kRules, {found[0].integer(0)}))
    stored.plan.rules.push_back({row.text(0), row.text(1), row.small_integer(2), row.boolean(3)});
  return stored;
}

bool save_task_plan(Connection& connection, const TaskPlanOwner& owner,
                    const domain::TaskPlan& plan, std::int64_t version) {
  constexpr std::string_view kInsert =
      "INSERT INTO expert_task_plan (meeting_id, cycle_id, closes_days) VALUES (?, ?, ?)"
      " RETURNING id";
  constexpr std::string_view kLock =
      "SELECT id FROM expert_task_plan WHERE (meeting_id = ? OR cycle_id = ?) AND version = ?"
      " FOR UPDATE";
  constexpr std::string_view kUpdate =
      "UPDATE expert_task_plan SET closes_days = ?, version = version + 1 WHERE id = ?";
  const auto meeting = meeting_of(owner);
  const auto cycle = cycle_of(owner);
  if (version == 0) {
    try {
      insert_rules(connection, connection.insert(kInsert, {meeting, cycle, plan.closes_days}),
                   plan);
    } catch (const Duplicate&) {
      return false;
    }
    return true;
  }
  const Rows found = connection.query(kLock, {meeting, cycle, version});
  if (found.empty()) return false;
  const auto id = found[0].integer(0);
  connection.execute(kUpdate, {plan.closes_days, id});
  connection.execute("DELETE FROM expert_task_rule WHERE plan_id = ?", {id});
  insert_rules(connection, id, plan);
  return true;
}

std::vector<PreparingExpert> list_preparing_experts(Connection& connection, MeetingId meeting,
                                                    std::optional<domain::CycleId> cycle) {
  constexpr std::string_view kSelect =
      "SELECT e.id, e.slug, e.name, e.description, e.kind, e.organization,"
      " EXISTS (SELECT 1 FROM expert_photo p LEFT JOIN stored_file f ON f.digest = p.digest"
      " WHERE p.expert_id = e.id AND COALESCE(f.state, 'waiting') IN ('waiting', 'ready')),"
      " (SELECT COUNT(*) FROM program_item_expert pe JOIN program_item pi"
      " ON pi.id = pe.program_item_id WHERE pe.expert_id = e.id AND pi.meeting_id = ?),"
      " (SELECT COUNT(*) FROM program_item_expert pe JOIN program_item pi"
      " ON pi.id = pe.program_item_id WHERE pe.expert_id = e.id AND pi.meeting_id = ?"
      " AND pi.description <> '')"
      " FROM expert e WHERE e.id IN (SELECT me.expert_id FROM meeting_expert me"
      " WHERE me.meeting_id = ? UNION SELECT pe.expert_id FROM program_item pi"
      " JOIN program_item_expert pe ON pe.program_item_id = pi.id WHERE pi.meeting_id = ?)"
      " ORDER BY e.name COLLATE utf8mb4_polish_ci, e.id";
  std::vector<PreparingExpert> named;
  for (const auto row : connection.query(kSelect, {meeting, meeting, meeting, meeting})) {
    PreparingExpert one;
    one.expert = read_expert(row, 0);
    one.organization = row.text(5);
    one.evidence.has_bio = !one.expert.description.empty();
    one.evidence.has_photo = row.boolean(6);
    one.evidence.sessions = row.small_integer(7);
    one.evidence.described_sessions = row.small_integer(8);
    named.push_back(std::move(one));
  }
  add_materials(connection, meeting, cycle, named);
  add_answers(connection, meeting, named);
  return named;
}

void save_task_exception(Connection& connection, MeetingId meeting, ExpertId expert,
                         const domain::TaskAnswer& answer) {
  constexpr std::string_view kSave =
      "INSERT INTO expert_task_answer (meeting_id, expert_id, task, is_wanted, due_on)"
      " VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE is_wanted = VALUES(is_wanted),"
      " due_on = VALUES(due_on)";
  connection.execute(kSave, {meeting, expert, answer.key, answer.is_wanted, answer.due_on});
}

void save_task_answer(Connection& connection, MeetingId meeting, ExpertId expert,
                      std::string_view task, std::optional<bool> answer, domain::PersonId person,
                      domain::Instant now) {
  constexpr std::string_view kSave =
      "INSERT INTO expert_task_answer (meeting_id, expert_id, task, answer, answered_at,"
      " answered_by) VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE answer = VALUES(answer),"
      " answered_at = VALUES(answered_at), answered_by = VALUES(answered_by)";
  connection.execute(kSave, {meeting, expert, task, answer, now, person});
}

void save_task_mail(Connection& connection, const TaskMail& mail) {
  constexpr std::string_view kInsert =
      "INSERT INTO expert_task_sent (meeting_id, expert_id, person_id, by_hand, outgoing_mail_id,"
      " sent_at) VALUES (?, ?, ?, ?, ?, ?)";
  connection.execute(
      kInsert, {mail.meeting, mail.expert, mail.person, mail.by_hand, mail.mail, mail.sent_at});
}

std::optional<domain::Instant> find_last_task_mail(Connection& connection, MeetingId meeting,
                                                   ExpertId expert,
                                                   std::optional<domain::PersonId> person) {
  constexpr std::string_view kSelect =
      "SELECT MAX(sent_at) FROM expert_task_sent WHERE meeting_id = ? AND expert_id = ?"
      " AND person_id = COALESCE(?, person_id)";
  return connection.query(kSelect, {meeting, expert, person})[0].find_instant(0);
}

bool is_task_mail_true(Connection& connection, domain::OutgoingMailId mail, domain::Instant now) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM expert_task_sent s JOIN meeting m ON m.id = s.meeting_id"
      " WHERE s.outgoing_mail_id = ? AND m.status = 'published' AND m.starts_at > ?";
  return !connection.query(kSelect, {mail, now}).empty();
}

int delete_old_task_mails(Connection& connection, domain::Instant before, int limit) {
  constexpr std::string_view kSelect =
      "SELECT s.id FROM expert_task_sent s JOIN meeting m ON m.id = s.meeting_id"
      " WHERE m.ends_at < ? ORDER BY s.id LIMIT ?";
  const Rows old = connection.query(kSelect, {before, limit});
  for (const auto row : old)
    connection.execute("DELETE FROM expert_task_sent WHERE id = ?", {row.integer(0)});
  return static_cast<int>(old.size());
}

std::vector<MeetingId> list_meetings_to_prepare(Connection& connection, domain::Instant now,
                                                domain::Instant until) {
  constexpr std::string_view kSelect =
      "SELECT m.id FROM meeting m WHERE m.status = 'published' AND m.time_precision <> 'month'"
      " AND m.starts_at > ? AND m.starts_at <= ? AND EXISTS (SELECT 1 FROM expert_member em"
      " WHERE em.expert_id IN (SELECT me.expert_id FROM meeting_expert me"
      " WHERE me.meeting_id = m.id UNION SELECT pe.expert_id FROM program_item pi"
      " JOIN program_item_expert pe ON pe.program_item_id = pi.id WHERE pi.meeting_id = m.id))"
      " ORDER BY m.starts_at, m.id";
  std::vector<MeetingId> meetings;
  for (const auto row : connection.query(kSelect, {now, until}))
    meetings.push_back(row.id<MeetingId>(0));
  return meetings;
}

std::vector<MeetingId> list_meetings_of_cycle(Connection& connection, domain::CycleId cycle) {
  constexpr std::string_view kSelect =
      "SELECT id FROM meeting WHERE cycle_id = ? AND status <> 'binned' ORDER BY starts_at, id";
  std::vector<MeetingId> meetings;
  for (const auto row : connection.query(kSelect, {cycle}))
    meetings.push_back(row.id<MeetingId>(0));
  return meetings;
}

bool save_session_text(Connection& connection, MeetingId meeting, int position, ExpertId expert,
                       const SessionText& before, const SessionText& after) {
  constexpr std::string_view kSelect =
      "SELECT pi.id, pi.title, pi.description FROM program_item pi JOIN program_item_expert pe"
      " ON pe.program_item_id = pi.id AND pe.expert_id = ?"
      " WHERE pi.meeting_id = ? AND pi.position = ?";
  constexpr std::string_view kUpdate =
      "UPDATE program_item SET title = ?, description = ? WHERE id = ?";
  const Rows found = connection.query(kSelect, {expert, meeting, position});
  if (found.empty() || SessionText{found[0].text(1), found[0].text(2)} != before) return false;
  connection.execute(kUpdate, {after.title, after.description, found[0].integer(0)});
  raise_version(connection, meeting);
  return true;
}

bool add_expert_to_meeting(Connection& connection, MeetingId meeting, ExpertId expert,
                           std::optional<int> position) {
  constexpr std::string_view kOfMeeting =
      "INSERT IGNORE INTO meeting_expert (meeting_id, expert_id, position) SELECT ?, ?,"
      " COALESCE((SELECT MAX(me.position) + 1 FROM meeting_expert me WHERE me.meeting_id = ?), 0)";
  constexpr std::string_view kOfItem =
      "INSERT IGNORE INTO program_item_expert (program_item_id, expert_id, position)"
      " SELECT pi.id, ?, COALESCE((SELECT MAX(pe.position) + 1 FROM program_item_expert pe"
      " WHERE pe.program_item_id = pi.id), 0) FROM program_item pi"
      " WHERE pi.meeting_id = ? AND pi.position = ?";
  const auto added = position ? connection.execute(kOfItem, {expert, meeting, *position})
                              : connection.execute(kOfMeeting, {meeting, expert, meeting});
  if (added != 1) return false;
  raise_version(connection, meeting);
  return true;
}

}  // namespace narada::storage
