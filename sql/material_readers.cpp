#include <array>

#include "sql/material_store.h"
#include "sql/stored_enum.h"

// Who people are to what materials belong to.
namespace narada::storage {
namespace {

using domain::MaterialOwner;

std::int64_t owner_id(const MaterialOwner& owner) {
  return std::visit([](auto id) { return id.value; }, owner);
}

// Of a meeting, a cycle and a practice, which nobody takes part in.
constexpr std::array<std::string_view, 3> kTakesPart{
    "SELECT 1 FROM registration r WHERE r.meeting_id = ? AND r.person_id = ?"
    " AND r.status IN ('confirmed', 'attended') LIMIT 1",
    "SELECT 1 FROM registration r JOIN meeting m ON m.id = r.meeting_id WHERE m.cycle_id = ?"
    " AND r.person_id = ? AND r.status IN ('confirmed', 'attended') AND m.status <> 'binned'"
    " LIMIT 1",
    ""};
constexpr std::array<std::string_view, 3> kLeads{
    "SELECT 1 FROM meeting_expert me JOIN expert_member e ON e.expert_id = me.expert_id"
    " WHERE me.meeting_id = ? AND e.person_id = ?"
    " UNION SELECT 1 FROM program_item i JOIN program_item_expert pe ON pe.program_item_id = i.id"
    " JOIN expert_member e ON e.expert_id = pe.expert_id"
    " WHERE i.meeting_id = ? AND e.person_id = ? LIMIT 1",
    "SELECT 1 FROM cycle_expert ce JOIN expert_member e ON e.expert_id = ce.expert_id"
    " WHERE ce.cycle_id = ? AND e.person_id = ? UNION SELECT 1 FROM meeting m"
    " JOIN meeting_expert me ON me.meeting_id = m.id"
    " JOIN expert_member e ON e.expert_id = me.expert_id"
    " WHERE m.cycle_id = ? AND m.status <> 'binned' AND e.person_id = ? LIMIT 1",
    ""};
constexpr std::array<std::string_view, 3> kTimes{
    "SELECT m.tzid, m.ends_at + INTERVAL COALESCE((SELECT p.closes_days FROM expert_task_plan p"
    " WHERE p.meeting_id = m.id), (SELECT p.closes_days FROM expert_task_plan p"
    " WHERE p.cycle_id = m.cycle_id), ?) DAY FROM meeting m WHERE m.id = ?",
    "SELECT m.tzid, m.ends_at + INTERVAL COALESCE((SELECT p.closes_days FROM expert_task_plan p"
    " WHERE p.cycle_id = m.cycle_id), ?) DAY FROM meeting m WHERE m.cycle_id = ?"
    " AND m.status <> 'binned'"
    " ORDER BY m.ends_at DESC, m.id DESC LIMIT 1",
    ""};

}  // namespace

OwnerRelation find_owner_relation(Connection& connection, const MaterialOwner& owner,
                                  domain::PersonId person) {
  const std::size_t kind = owner.index();
  if (kTakesPart.at(kind).empty()) return {};
  const std::int64_t id = owner_id(owner);
  return {!connection.query(kTakesPart.at(kind), {id, person}).empty(),
          !connection.query(kLeads.at(kind), {id, person, id, person}).empty()};
}

OwnerRelation find_owner_relation(Connection& connection, const MaterialOwner& owner,
                                  domain::RegistrationId registration) {
  constexpr std::string_view kSelect =
      "SELECT m.id, m.cycle_id FROM registration r JOIN meeting m ON m.id = r.meeting_id"
      " WHERE r.id = ? AND r.status IN ('confirmed', 'attended') AND m.status <> 'binned'";
  const Rows rows = connection.query(kSelect, {registration});
  if (rows.empty()) return {};
  const bool of_meeting = owner == MaterialOwner(rows[0].id<domain::MeetingId>(0));
  const auto cycle = rows[0].find_id<domain::CycleId>(1);
  return {of_meeting || (cycle && owner == MaterialOwner(*cycle)), false};
}

std::optional<domain::PersonId> find_registered_person(Connection& connection,
                                                       domain::RegistrationId id) {
  const Rows rows = connection.query("SELECT person_id FROM registration WHERE id = ?", {id});
  if (rows.empty()) return std::nullopt;
  return rows[0].id<domain::PersonId>(0);
}

std::vector<domain::ExpertId> list_expert_records_of(Connection& connection,
                                                     domain::PersonId person) {
  std::vector<domain::ExpertId> experts;
  for (const auto row : connection.query(
           "SELECT expert_id FROM expert_member WHERE person_id = ? ORDER BY expert_id", {person}))
    experts.push_back(row.id<domain::ExpertId>(0));
  return experts;
}

OwnerTimes load_owner_times(Connection& connection, const MaterialOwner& owner) {
  if (kTimes.at(owner.index()).empty()) return {};
  const Rows rows = connection.query(kTimes.at(owner.index()),
                                     {domain::kExpertsChangeFor.count(), owner_id(owner)});
  if (rows.empty()) return {};
  return {rows[0].text(0), rows[0].instant(1)};
}

std::optional<domain::AccessibilityRule> find_accessibility_rule(
    Connection& connection, const std::optional<domain::MeetingId>& meeting) {
  const Rows rows =
      meeting ? connection.query("SELECT accessibility FROM material_policy WHERE meeting_id = ?",
                                 {*meeting})
              : connection.query("SELECT accessibility FROM material_policy WHERE id = 1");
  if (rows.empty()) return std::nullopt;
  return stored_enum("material_policy.accessibility", rows[0].text(0),
                     domain::find_accessibility_rule);
}

void save_accessibility_rule(Connection& connection,
                             const std::optional<domain::MeetingId>& meeting,
                             const std::optional<domain::AccessibilityRule>& rule) {
  if (!meeting) {
    connection.execute("UPDATE material_policy SET accessibility = ? WHERE id = 1",
                       {to_string(rule.value_or(domain::AccessibilityRule::advice))});
  } else if (!rule) {
    connection.execute("DELETE FROM material_policy WHERE meeting_id = ?", {*meeting});
  } else {
    connection.execute(
        "INSERT INTO material_policy (meeting_id, accessibility) VALUES (?, ?)"
        " ON DUPLICATE KEY UPDATE accessibility = VALUES(accessibility)",
        {*meeting, to_string(*rule)});
  }
}

}  // namespace narada::storage
