#include "sql/publication_store.h"

#include "sql/id_list.h"

namespace narada::storage {
namespace {

PublicationPlan read_plan(const Rows::Row& row) {
  return {row.find_instant(0), row.text(1), row.text(2)};
}

template <class Id>
std::optional<PublicationPlan> find_plan(Connection& connection, std::string_view select, Id id) {
  const Rows rows = connection.query(select, {id});
  if (rows.empty()) return std::nullopt;
  return read_plan(rows[0]);
}

template <class Id>
std::vector<Id> list_due(Connection& connection, std::string_view select, domain::Instant now,
                         int limit) {
  std::vector<Id> due;
  for (const auto row : connection.query(select, {now, limit})) due.push_back(row.id<Id>(0));
  return due;
}

}  // namespace

std::optional<PublicationPlan> find_publication_plan(Connection& connection, domain::MeetingId id) {
  return find_plan(connection,
                   "SELECT publish_at, publish_by, publish_problem FROM meeting "
                   "WHERE id = ? AND status = 'draft'",
                   id);
}

std::optional<PublicationPlan> find_publication_plan(Connection& connection, domain::CycleId id) {
  return find_plan(connection,
                   "SELECT publish_at, publish_by, publish_problem FROM cycle "
                   "WHERE id = ? AND status = 'draft'",
                   id);
}

std::map<domain::MeetingId, PublicationPlan> list_publication_plans(
    Connection& connection, const std::vector<domain::MeetingId>& ids) {
  static const std::string kSelect =
      "SELECT publish_at, publish_by, publish_problem, id FROM meeting WHERE status = 'draft' "
      "AND (publish_at IS NOT NULL OR publish_problem <> '') AND id" +
      std::string(kInIdList);
  std::map<domain::MeetingId, PublicationPlan> plans;
  if (ids.empty()) return plans;
  for (const auto row : connection.query(kSelect, {list_of_ids(ids)})) {
    plans.emplace(row.id<domain::MeetingId>(3), read_plan(row));
  }
  return plans;
}

void save_publication_plan(Connection& connection, domain::MeetingId id,
                           const PublicationPlan& plan, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting SET publish_at = ?, publish_by = ?, publish_problem = ?, updated_at = ?, "
      "version = version + 1 WHERE id = ?";
  connection.execute(kUpdate, {plan.at, plan.set_by, plan.problem, now, id});
}

void save_publication_plan(Connection& connection, domain::CycleId id, const PublicationPlan& plan,
                           domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE cycle SET publish_at = ?, publish_by = ?, publish_problem = ?, updated_at = ?, "
      "version = version + 1 WHERE id = ?";
  connection.execute(kUpdate, {plan.at, plan.set_by, plan.problem, now, id});
}

std::vector<domain::MeetingId> list_due_meetings(Connection& connection, domain::Instant now,
                                                 int limit) {
  return list_due<domain::MeetingId>(connection,
                                     "SELECT id FROM meeting WHERE publish_at <= ? "
                                     "AND status = 'draft' ORDER BY publish_at, id LIMIT ?",
                                     now, limit);
}

std::vector<domain::CycleId> list_due_cycles(Connection& connection, domain::Instant now,
                                             int limit) {
  return list_due<domain::CycleId>(connection,
                                   "SELECT id FROM cycle WHERE publish_at <= ? "
                                   "AND status = 'draft' ORDER BY publish_at, id LIMIT ?",
                                   now, limit);
}

}  // namespace narada::storage
