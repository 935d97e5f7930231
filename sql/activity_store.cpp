#include "sql/activity_store.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "sql/id_list.h"
#include "sql/live_person.h"
#include "sql/row_batches.h"

namespace narada::storage {
namespace {

constexpr std::string_view kColumns =
    "(occurred_at, actor, verb, subject, meeting_id, details, request_id, address_class)";

std::vector<Parameter> row_of(const Activity& activity) {
  return {activity.occurred_at, activity.actor,   activity.verb,       activity.subject,
          activity.meeting,     activity.details, activity.request_id, activity.address_class};
}

void save_with_personal(Connection& connection, const Activity& activity) {
  static const std::string kInsert = "INSERT INTO activity " + std::string(kColumns) +
                                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  constexpr std::string_view kInsertPersonal =
      "INSERT INTO activity_personal (activity_id, person_id, details) VALUES (?, ?, ?)";
  const auto id = connection.insert(kInsert, row_of(activity));
  for (const auto& personal : activity.personal) {
    if (hold_live_person(connection, personal.person))
      connection.execute(kInsertPersonal, {id, personal.person, personal.details});
  }
}

// JSON texts for JSON_TABLE; the texts are our own "kind:id", so nothing in them needs escaping.
std::string list_of_texts(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const auto& text : texts) {
    if (list.size() > 1) list += ',';
    list += '"' + text + '"';
  }
  return list + ']';
}

// The beginning of a verb as a pattern of LIKE, which an index serves.
std::string begins_with(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

class Conditions {
 public:
  void add(std::string_view condition, std::vector<Parameter> parameters) {
    sql_ += sql_.empty() ? " WHERE " : " AND ";
    sql_ += condition;
    for (auto& parameter : parameters) parameters_.push_back(std::move(parameter));
  }
  std::string sql_;
  std::vector<Parameter> parameters_;
};

// Where the rows of a list come from. Rows that may be found by one of several keys are gathered by
// each key by itself: an OR of two keys, or an IN of a UNION, reads the whole log.
class Source {
 public:
  void narrow_to(const ActivitySelection::Bounds& bounds) {
    constexpr std::string_view kKeys =
        "SELECT x.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j "
        "STRAIGHT_JOIN activity x ON x.meeting_id = j.id UNION "
        "SELECT x.id FROM JSON_TABLE(?, '$[*]' COLUMNS (word VARCHAR(60) PATH '$')) j "
        "STRAIGHT_JOIN activity x ON x.subject = j.word COLLATE utf8mb4_unicode_520_ci";
    join(kKeys, {list_of_ids(bounds.meetings), list_of_texts(bounds.subjects)});
  }
  // A person's own deeds stand under their number or that of a registration's link.
  void narrow_to(domain::PersonId person) {
    constexpr std::string_view kKeys =
        "SELECT x.id FROM activity x WHERE x.actor = ? UNION "
        "SELECT x.id FROM activity x WHERE x.subject = ? UNION "
        "SELECT x.id FROM registration r JOIN activity x ON x.actor = CONCAT('manage:', r.id) "
        "WHERE r.person_id = ? UNION "
        "SELECT x.id FROM registration r JOIN activity x "
        "ON x.subject = CONCAT('registration:', r.id) WHERE r.person_id = ? UNION "
        "SELECT x.id FROM enrolment e JOIN activity x ON x.subject = CONCAT('enrolment:', e.id) "
        "WHERE e.person_id = ? UNION "
        "SELECT x.id FROM api_token k JOIN activity x ON x.actor = CONCAT('token:', k.id) "
        "WHERE k.person_id = ? UNION "
        "SELECT p.activity_id FROM activity_personal p WHERE p.person_id = ?";
    const std::string name = "person:" + std::to_string(person.value);
    join(kKeys, {name, name, person, person, person, person, person});
  }
  const std::string& sql() const { return sql_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }

 private:
  void join(std::string_view keys, const std::vector<Parameter>& parameters) {
    const std::string name = "k" + std::to_string(++count_);
    sql_ = "(" + std::string(keys) + ") " + name +
           (count_ == 1 ? " STRAIGHT_JOIN activity a ON a.id = " + name + ".id"
                        : " STRAIGHT_JOIN " + sql_ + " AND a.id = " + name + ".id");
    parameters_.insert(parameters_.begin(), parameters.begin(), parameters.end());
  }

  int count_ = 0;
  std::string sql_ = "activity a";
  std::vector<Parameter> parameters_;
};

Source source_of(const ActivitySelection& selection) {
  Source source;
  if (selection.bounds) source.narrow_to(*selection.bounds);
  if (selection.concerning) source.narrow_to(*selection.concerning);
  return source;
}

Conditions conditions_of(const ActivitySelection& selection) {
  Conditions where;
  if (selection.from) where.add("a.occurred_at >= ?", {*selection.from});
  if (selection.until) where.add("a.occurred_at < ?", {*selection.until});
  if (!selection.actor.empty()) where.add("a.actor = ?", {selection.actor});
  if (!selection.verb.empty()) where.add("a.verb LIKE ?", {begins_with(selection.verb)});
  if (!selection.subject.empty()) where.add("a.subject = ?", {selection.subject});
  if (selection.meeting) where.add("a.meeting_id = ?", {*selection.meeting});
  if (!selection.request_id.empty()) where.add("a.request_id = ?", {selection.request_id});
  for (const auto& verb : selection.without) where.add("a.verb NOT LIKE ?", {begins_with(verb)});
  if (selection.before) where.add("a.id < ?", {*selection.before});
  return where;
}

StoredActivity read_activity(const Rows::Row& row) {
  StoredActivity stored;
  stored.id = row.id<domain::ActivityId>(0);
  auto& activity = stored.activity;
  activity.occurred_at = row.instant(1);
  activity.actor = row.text(2);
  activity.verb = row.text(3);
  activity.subject = row.text(4);
  activity.meeting = row.find_id<domain::MeetingId>(5);
  activity.details = row.text(6);
  activity.request_id = row.text(7);
  activity.address_class = row.text(8);
  return stored;
}

std::vector<domain::ActivityId> ids_of(const std::vector<StoredActivity>& activities) {
  std::vector<domain::ActivityId> ids;
  for (const auto& stored : activities) ids.push_back(stored.id);
  return ids;
}

void add_personal_parts(Connection& connection, std::vector<StoredActivity>& activities) {
  static const std::string kSelect =
      "SELECT activity_id, person_id, details FROM activity_personal WHERE activity_id" +
      std::string(kInIdList) + " ORDER BY id";
  if (activities.empty()) return;
  const Rows rows = connection.query(kSelect, {list_of_ids(ids_of(activities))});
  for (const auto row : rows) {
    const auto id = row.id<domain::ActivityId>(0);
    const auto found = std::find_if(activities.begin(), activities.end(),
                                    [&](const StoredActivity& stored) { return stored.id == id; });
    if (found != activities.end())
      found->activity.personal.push_back({row.id<domain::PersonId>(1), row.text(2)});
  }
}

struct Named {
  std::string_view kind;
  std::string_view select;  // id and name of the ids in one list
};
constexpr Named kNamed[] = {
    {"person", "SELECT id, full_name FROM person WHERE erased_at IS NULL AND id"},
    {"token", "SELECT id, name FROM api_token WHERE id"},
    {"meeting", "SELECT id, title FROM meeting WHERE id"},
    {"cycle", "SELECT id, title FROM cycle WHERE id"},
    {"institution", "SELECT id, name FROM institution WHERE id"},
    {"practice", "SELECT id, title FROM practice WHERE id"},
    {"material", "SELECT id, title FROM material WHERE id"},
    {"topic", "SELECT id, name FROM topic WHERE id"},
    {"expert", "SELECT id, name FROM expert WHERE id"},
    {"registration",
     "SELECT r.id, p.full_name FROM registration r JOIN person p ON p.id = r.person_id "
     "WHERE p.erased_at IS NULL AND r.id"},
    {"enrolment",
     "SELECT e.id, p.full_name FROM enrolment e JOIN person p ON p.id = e.person_id "
     "WHERE p.erased_at IS NULL AND e.id"},
};

struct ThingId {
  std::int64_t value = 0;
};

std::vector<ThingId> ids_of_kind(const std::set<std::string>& things, std::string_view kind) {
  const std::string prefix = std::string(kind) + ':';
  std::vector<ThingId> ids;
  for (auto at = things.lower_bound(prefix); at != things.end() && at->starts_with(prefix); ++at) {
    ThingId id;
    const char* end = at->data() + at->size();
    const auto [rest, error] = std::from_chars(at->data() + prefix.size(), end, id.value);
    if (error == std::errc{} && rest == end) ids.push_back(id);
  }
  return ids;
}

}  // namespace

void save_activities(Connection& connection, const std::vector<Activity>& activities) {
  static const std::string kHead = "INSERT INTO activity " + std::string(kColumns) + " VALUES ";
  std::vector<std::vector<Parameter>> rows;
  rows.reserve(activities.size());
  const auto flush = [&] {
    insert_rows(connection, kHead, "(?, ?, ?, ?, ?, ?, ?, ?)", rows);
    rows.clear();
  };
  for (const auto& activity : activities) {
    if (activity.personal.empty()) {
      rows.push_back(row_of(activity));
      continue;
    }
    flush();  // ids rise in the order of the list
    save_with_personal(connection, activity);
  }
  flush();
}

std::vector<StoredActivity> list_activities(Connection& connection,
                                            const ActivitySelection& selection, int limit) {
  const Source source = source_of(selection);
  Conditions where = conditions_of(selection);
  std::vector<Parameter> parameters = source.parameters();
  for (auto& parameter : where.parameters_) parameters.push_back(std::move(parameter));
  parameters.emplace_back(limit);
  std::vector<StoredActivity> activities;
  const Rows rows = connection.query(
      "SELECT a.id, a.occurred_at, a.actor, a.verb, a.subject, a.meeting_id, a.details, "
      "a.request_id, a.address_class FROM " +
          source.sql() + where.sql_ + " ORDER BY a.id DESC LIMIT ?",
      parameters);
  for (const auto row : rows) activities.push_back(read_activity(row));
  if (selection.personal_parts) add_personal_parts(connection, activities);
  return activities;
}

ActivitySelection::Bounds find_bounds(Connection& connection, const domain::Reach& reach) {
  static const std::string kList(kInIdList);
  static const std::string kCycles =
      "SELECT id FROM cycle WHERE id" + kList +
      " UNION SELECT cycle_id FROM cycle_institution WHERE role IN ('challenge_owner', 'host') "
      "AND institution_id" +
      kList;
  static const std::string kMeetings =
      "SELECT id FROM meeting WHERE id" + kList + " UNION SELECT id FROM meeting WHERE cycle_id" +
      kList + " UNION SELECT meeting_id FROM meeting_place WHERE institution_id" + kList;
  static const std::string kEnrolments = "SELECT id FROM enrolment WHERE cycle_id" + kList;
  static const std::string kPractices =
      "SELECT practice_id FROM practice_institution WHERE institution_id" + kList;
  const auto institutions = list_of_ids(reach.institutions);
  ActivitySelection::Bounds bounds;
  const auto add = [&](std::string_view kind, const Rows& rows) {
    for (const auto row : rows)
      bounds.subjects.push_back(std::string(kind) + ':' + std::to_string(row.integer(0)));
  };
  const Rows found = connection.query(kCycles, {list_of_ids(reach.cycles), institutions});
  std::vector<domain::CycleId> cycles;
  for (const auto row : found) cycles.push_back(row.id<domain::CycleId>(0));
  add("cycle", found);
  add("enrolment", connection.query(kEnrolments, {list_of_ids(cycles)}));
  add("practice", connection.query(kPractices, {institutions}));
  const Rows meetings =
      connection.query(kMeetings, {list_of_ids(reach.meetings), list_of_ids(cycles), institutions});
  for (const auto row : meetings) bounds.meetings.push_back(row.id<domain::MeetingId>(0));
  return bounds;
}

std::map<std::string, std::string> find_names(Connection& connection,
                                              const std::set<std::string>& things) {
  std::map<std::string, std::string> names;
  for (const auto& named : kNamed) {
    const auto ids = ids_of_kind(things, named.kind);
    if (ids.empty()) continue;
    const Rows rows =
        connection.query(std::string(named.select) + std::string(kInIdList), {list_of_ids(ids)});
    for (const auto row : rows)
      names[std::string(named.kind) + ':' + std::to_string(row.integer(0))] = row.text(1);
  }
  return names;
}

}  // namespace narada::storage
