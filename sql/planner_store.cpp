#include "sql/planner_store.h"

#include "sql/id_list.h"
#include "sql/reach_condition.h"

namespace narada::storage {
namespace {

constexpr std::string_view kOfInstitutions =
    "SELECT p.meeting_id, 0 AS of_expert, i.name FROM meeting_place p"
    " JOIN institution i ON i.id = p.institution_id WHERE i.id {in}"
    " UNION SELECT r.meeting_id, 0, i.name FROM meeting_institution r"
    " JOIN institution i ON i.id = r.institution_id WHERE i.id {in}"
    " UNION SELECT s.id, 0, i.name FROM cycle_institution r"
    " JOIN institution i ON i.id = r.institution_id JOIN meeting s ON s.cycle_id = r.cycle_id"
    " WHERE i.id {in}";
constexpr std::string_view kOfExperts =
    " UNION SELECT r.meeting_id, 1, e.name FROM meeting_expert r"
    " JOIN expert e ON e.id = r.expert_id WHERE e.id {in}"
    " UNION SELECT pi.meeting_id, 1, e.name FROM program_item_expert r"
    " JOIN program_item pi ON pi.id = r.program_item_id JOIN expert e ON e.id = r.expert_id"
    " WHERE e.id {in}"
    " UNION SELECT s.id, 1, e.name FROM cycle_expert r JOIN expert e ON e.id = r.expert_id"
    " JOIN meeting s ON s.cycle_id = r.cycle_id WHERE e.id {in}";

// Each "{in}" becomes the test against a list of ids, which is bound once for each.
template <class Ids>
std::string bind_lists(std::string_view sql, const Ids& ids, std::vector<Parameter>& parameters) {
  constexpr std::string_view kMark = "{in}";
  std::string bound(sql);
  for (auto at = bound.find(kMark); at != std::string::npos; at = bound.find(kMark, at)) {
    bound.replace(at, kMark.size(), kInIdList);
    parameters.emplace_back(list_of_ids(ids));
  }
  return bound;
}

}  // namespace

std::vector<Engagement> list_engagements(Connection& connection, const EngagementListing& listing) {
  std::vector<Parameter> parameters;
  std::string sql = "SELECT m.id, m.title, m.starts, m.ends, x.of_expert, x.name FROM (" +
                    bind_lists(kOfInstitutions, listing.institutions, parameters) +
                    bind_lists(kOfExperts, listing.experts, parameters) +
                    ") x JOIN meeting m ON m.id = x.meeting_id";
  sql +=
      " WHERE m.starts < ? AND m.ends > ? AND m.status <> 'cancelled'"
      " AND (m.cycle_id IS NULL OR m.cycle_id <> ?) AND m.id <> ? AND (m.status = 'published' OR ";
  parameters.insert(parameters.end(),
                    {listing.to, listing.from, listing.but_cycle.value_or(domain::CycleId{}),
                     listing.but_meeting.value_or(domain::MeetingId{})});
  const Condition within = meeting_within(listing.drafts);
  sql += within.sql + ") ORDER BY m.starts, m.id, x.of_expert, x.name LIMIT 2000";
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  std::vector<Engagement> engagements;
  for (const auto& row : connection.query(sql, parameters)) {
    engagements.push_back({row.id<domain::MeetingId>(0), row.text(1), row.wall_time(2),
                           row.wall_time(3), row.boolean(4), row.text(5)});
  }
  return engagements;
}

}  // namespace narada::storage
