#include "sql/registration_list_store.h"

#include <charconv>
#include <utility>

#include "sql/id_list.h"
#include "sql/like_pattern.h"
#include "sql/reach_condition.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::RegistrationSort;
using domain::RegistrationStatus;

// By what a list is sorted, and which way; ties are decided by the id, the same way.
struct SortKey {
  std::string_view expression;
  bool is_number = true;
  bool descends = false;
};

SortKey key_of(RegistrationSort sort) {
  switch (sort) {
    case RegistrationSort::arrival:
      return {"r.queue_number"};
    case RegistrationSort::newest:
      return {"0", true, true};
    case RegistrationSort::name:
      return {"p.full_name", false};
    case RegistrationSort::institution:
      return {"COALESCE(i.name, '')", false};
    case RegistrationSort::status:
      return {
          "FIELD(r.status, 'pending', 'confirmed', 'waitlisted', 'attended', 'absent', "
          "'declined', 'cancelled')"};
    case RegistrationSort::meeting:
      return {"TO_SECONDS(m.starts)", true, true};
  }
  return {"0"};
}

// A SELECT from registration r with the joins that its conditions ask for.
class Selecting {
 public:
  explicit Selecting(const RegistrationSelection& selection) : selection_(selection) {
    leave_out_bin();
    add_meeting();
    add_reach();
    add_institution();
    add_person();
    add_states();
  }

  void require(std::string_view condition, std::vector<Parameter> parameters) {
    conditions_ += " AND ";
    conditions_ += condition;
    for (auto& parameter : parameters) parameters_.push_back(std::move(parameter));
  }
  void join(RegistrationSort sort) {
    meeting_ = meeting_ || sort == RegistrationSort::meeting;
    person_ = person_ || sort == RegistrationSort::name;
    institution_ = institution_ || sort == RegistrationSort::institution;
  }
  std::string from() const {
    std::string sql = " FROM registration r";
    if (meeting_) sql += " JOIN meeting m ON m.id = r.meeting_id";
    if (person_) sql += " JOIN person p ON p.id = r.person_id";
    if (institution_) sql += " LEFT JOIN institution i ON i.id = r.institution_id";
    return sql + " WHERE TRUE" + conditions_;
  }
  std::vector<Parameter> parameters() const { return parameters_; }

 private:
  // Without the join, which a count of all registrations needs for nothing else.
  void leave_out_bin() {
    if (selection_.of_meeting) return;
    require("r.meeting_id NOT IN (SELECT b.id FROM meeting b WHERE b.status = 'binned')", {});
  }
  void add_meeting() {
    const auto& filter = selection_.filter;
    if (selection_.of_meeting) require("r.meeting_id = ?", {*selection_.of_meeting});
    if (selection_.ids) require("r.id" + std::string(kInIdList), {list_of_ids(*selection_.ids)});
    meeting_ = !filter.meeting.empty() || !filter.cycle.empty() || filter.from || filter.to;
    if (!filter.meeting.empty()) {
      require("(m.slug = ? OR CAST(m.id AS CHAR) = ? OR m.title LIKE ?)",
              {filter.meeting, filter.meeting, like_anywhere(filter.meeting)});
    }
    if (!filter.cycle.empty()) {
      require(
          "EXISTS (SELECT 1 FROM cycle c WHERE c.id = m.cycle_id AND (c.slug = ? OR "
          "CAST(c.id AS CHAR) = ? OR c.title LIKE ?))",
          {filter.cycle, filter.cycle, like_anywhere(filter.cycle)});
    }
    if (filter.from) require("m.starts >= ?", {*filter.from});
    if (filter.to)
      require("m.starts < ?",
              {domain::Date(std::chrono::sys_days(*filter.to) + std::chrono::days(1))});
  }
  void add_reach() {
    const auto& within = selection_.within;
    if (within.all) return;
    const bool by_meeting = !within.nothing();
    meeting_ = meeting_ || by_meeting;
    Condition condition = meeting_within(within);
    condition.sql = "(" + condition.sql;
    if (!within.people_of.empty()) {
      condition.sql += " OR r.institution_id";
      condition.sql += kInIdList;
      condition.parameters.emplace_back(list_of_ids(within.people_of));
    }
    require(condition.sql + ")", std::move(condition.parameters));
  }
  void add_institution() {
    const auto& wanted = selection_.filter.institution;
    institution_ = !wanted.empty();
    if (wanted.empty()) return;
    require("(i.slug = ? OR i.teryt = ? OR i.name LIKE ?)",
            {wanted, wanted, like_anywhere(wanted)});
  }
  void add_person() {
    const auto& words = selection_.filter.q;
    person_ = !words.empty();
    if (words.empty()) return;
    const std::string pattern = like_anywhere(words);
    require("(p.full_name LIKE ? OR p.email LIKE ? OR r.position LIKE ?)",
            {pattern, pattern, pattern});
  }
  void add_states() {
    const auto& filter = selection_.filter;
    if (filter.status) require("r.status = ?", {domain::to_string(*filter.status)});
    if (filter.mode) require("r.mode = ?", {domain::to_string(*filter.mode)});
  }

  const RegistrationSelection& selection_;
  std::string conditions_;
  std::vector<Parameter> parameters_;
  bool meeting_ = false;
  bool person_ = false;
  bool institution_ = false;
};

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

void begin_after(Selecting& selecting, const SortKey& key, const RegistrationPlace& place) {
  Parameter value(place.key);
  if (key.is_number) {
    const auto number = number_of(place.key);
    if (!number) return;
    value = Parameter(*number);
  }
  const std::string expression(key.expression);
  const std::string than = key.descends ? " < ?" : " > ?";
  if (expression == "0") {
    selecting.require("r.id" + than, {place.id});
    return;
  }
  // The first part alone bounds a range of an index.
  selecting.require(expression + (key.descends ? " <= ?" : " >= ?") + " AND (" + expression + than +
                        " OR r.id" + than + ")",
                    {value, value, place.id});
}

// What a list shows of a row, once it is known which rows it shows.
constexpr std::string_view kColumns =
    "r.id, m.id, m.slug, m.title, m.starts, m.time_precision, c.title, p.erased_at IS NOT NULL, "
    "p.full_name, p.email, r.position, p.unit, p.phone, i.id, i.name, i.kind, i.county, r.status, "
    "r.mode, CASE WHEN r.status = 'waitlisted' THEN (SELECT COUNT(*) FROM registration w "
    "WHERE w.meeting_id = r.meeting_id AND w.status = 'waitlisted' AND w.mode = r.mode "
    "AND w.queue_number <= r.queue_number) END, r.question, r.decline_reason, r.created_at, "
    "r.confirmed_at, CAST(page.sort_key AS CHAR), ";
constexpr std::string_view kJoins =
    ") page JOIN registration r ON r.id = page.id JOIN meeting m ON m.id = r.meeting_id "
    "JOIN person p ON p.id = r.person_id LEFT JOIN cycle c ON c.id = m.cycle_id "
    "LEFT JOIN institution i ON i.id = r.institution_id ORDER BY page.sort_key";

ListedRegistration read_row(const Rows::Row& row) {
  ListedRegistration listed;
  domain::RegistrationRow& one = listed.row;
  one.id = row.id<domain::RegistrationId>(0);
  one.meeting = row.id<domain::MeetingId>(1);
  one.meeting_slug = row.text(2);
  one.meeting_title = row.text(3);
  one.meeting_starts = row.wall_time(4);
  one.precision = stored_enum("meeting.time_precision", row.text(5), domain::find_time_precision);
  one.cycle_title = row.text_or_empty(6);
  one.erased = row.boolean(7);
  if (!one.erased) {
    one.full_name = row.text(8);
    one.email = row.text(9);
    one.position = row.text(10);
    one.unit = row.text(11);
    one.phone = row.text(12);
    one.question = row.text(20);
  }
  one.needs_seen = !one.erased && row.boolean(25);
  if (!one.erased) one.challenge = row.text(30);
  if (one.needs_seen) {
    one.needs = row.text(26);
    one.diet = row.text(27);
    one.access_needs = row.text(28);
    one.interpreter = row.text(29);
  }
  one.institution = row.find_id<domain::InstitutionId>(13);
  one.institution_name = row.text_or_empty(14);
  one.institution_kind =
      stored_enum("institution.kind", row.find_text(15), domain::find_institution_kind);
  one.county = row.text_or_empty(16);
  one.status = stored_enum("registration.status", row.text(17), domain::find_registration_status);
  one.mode = stored_enum("registration.mode", row.text(18), domain::find_attendance_mode);
  if (!row.is_null(19)) one.queue_position = row.small_integer(19);
  one.decline_reason = row.text(21);
  one.created_at = row.instant(22);
  one.confirmed_at = row.find_instant(23);
  listed.sort_key = row.text(24);
  return listed;
}

std::int64_t& number_for(domain::RegistrationNumbers& numbers, RegistrationStatus status) {
  switch (status) {
    case RegistrationStatus::pending:
      return numbers.pending;
    case RegistrationStatus::waitlisted:
      return numbers.waitlisted;
    case RegistrationStatus::cancelled:
      return numbers.cancelled;
    case RegistrationStatus::declined:
      return numbers.declined;
    case RegistrationStatus::confirmed:
    case RegistrationStatus::attended:
    case RegistrationStatus::absent:
      break;
  }
  return numbers.confirmed;
}

RegistrationSelection unfiltered(RegistrationSelection selection) {
  selection.filter = {};
  return selection;
}

}  // namespace

std::vector<ListedRegistration> list_registration_rows(
    Connection& connection, const RegistrationSelection& selection, RegistrationSort sort,
    const std::optional<RegistrationPlace>& after, int limit) {
  const SortKey key = key_of(sort);
  Selecting selecting(selection);
  selecting.join(sort);
  if (after) begin_after(selecting, key, *after);
  const std::string_view way = key.descends ? " DESC" : "";
  const Condition needs = meeting_within(selection.needs_seen);
  std::string sql = "SELECT ";
  sql.append(kColumns).append("IF(").append(needs.sql);
  sql.append(", 1, 0), r.needs, r.diet, r.access_needs, r.interpreter, r.challenge");
  sql.append(" FROM (SELECT r.id, ").append(key.expression).append(" AS sort_key");
  sql.append(selecting.from()).append(" ORDER BY ");
  if (key.expression != "0") sql.append(key.expression).append(way).append(", ");
  sql.append("r.id").append(way).append(" LIMIT ?").append(kJoins).append(way);
  sql.append(", page.id").append(way);
  std::vector<Parameter> parameters = needs.parameters;
  for (auto& parameter : selecting.parameters()) parameters.push_back(std::move(parameter));
  parameters.emplace_back(limit);
  std::vector<ListedRegistration> listed;
  for (const auto row : connection.query(sql, parameters)) listed.push_back(read_row(row));
  return listed;
}

std::int64_t count_registration_rows(Connection& connection, const RegistrationSelection& selection,
                                     std::int64_t at_most) {
  const Selecting selecting(selection);
  auto parameters = selecting.parameters();
  parameters.emplace_back(at_most);
  const Rows rows = connection.query(
      "SELECT COUNT(*) FROM (SELECT 1" + selecting.from() + " LIMIT ?) found", parameters);
  return rows[0].integer(0);
}

MeetingRegistrationNumbers count_meeting_registrations(Connection& connection,
                                                       const RegistrationSelection& selection) {
  const RegistrationSelection all = unfiltered(selection);
  const Selecting selecting(all);
  MeetingRegistrationNumbers numbers;
  const Rows rows = connection.query(
      "SELECT r.mode, r.status, COUNT(*)" + selecting.from() + " GROUP BY r.mode, r.status",
      selecting.parameters());
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online}) {
    domain::RegistrationNumbers of_mode;
    of_mode.mode = mode;
    bool any = false;
    for (const auto row : rows) {
      if (row.text(0) != domain::to_string(mode)) continue;
      const auto status =
          stored_enum("registration.status", row.text(1), domain::find_registration_status);
      number_for(of_mode, status) += row.integer(2);
      any = true;
    }
    if (any) numbers.modes.push_back(of_mode);
  }
  const Rows institutions =
      connection.query("SELECT COUNT(DISTINCT r.institution_id)" + selecting.from() +
                           " AND r.status NOT IN ('cancelled', 'declined')",
                       selecting.parameters());
  numbers.institutions = institutions[0].integer(0);
  return numbers;
}

std::vector<std::pair<std::string, std::string>> list_registered_institutions(
    Connection& connection, const RegistrationSelection& selection) {
  const RegistrationSelection all = unfiltered(selection);
  const Selecting selecting(all);
  std::vector<std::pair<std::string, std::string>> found;
  const Rows rows = connection.query(
      "SELECT i2.slug, i2.name FROM institution i2 WHERE i2.id IN "
      "(SELECT r.institution_id" +
          selecting.from() + ") ORDER BY i2.name, i2.id",
      selecting.parameters());
  for (const auto row : rows) found.emplace_back(row.text(0), row.text(1));
  return found;
}

}  // namespace narada::storage
