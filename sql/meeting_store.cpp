#include "sql/meeting_store.h"

#include <algorithm>

#include "sql/like_pattern.h"
#include "sql/meeting_parts.h"
#include "sql/meeting_rows.h"
#include "sql/reach_condition.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"
#include "sql/thing_store.h"

namespace narada::storage {
namespace {

using domain::AttendanceMode;
using domain::Meeting;
using domain::MeetingId;
using domain::MeetingStatus;
using domain::MeetingSummary;

constexpr std::string_view kDetailColumns =
    ", m.description, m.audience, m.accessibility, m.contact, m.online_url, m.uid, m.sequence,"
    " m.cancel_reason, m.organizer, m.source_url, m.caveat, m.version, m.status_before_bin";

constexpr std::string_view kFeedColumns =
    ", m.uid, m.sequence, c.uid, m.cancel_reason,"
    " (SELECT GROUP_CONCAT(CONCAT_WS(', ', p.name, NULLIF(p.address, ''),"
    "   IF(LOCATE(i.name, CONCAT(p.name, ' ', p.address)) > 0, NULL, i.name), NULLIF(p.room, ''))"
    "   ORDER BY p.position SEPARATOR '; ')"
    "  FROM meeting_place p LEFT JOIN institution i ON i.id = p.institution_id"
    "  WHERE p.meeting_id = m.id),"
    " first_place.latitude, first_place.longitude";
constexpr std::string_view kFirstPlace =
    " LEFT JOIN meeting_place first_place"
    " ON first_place.meeting_id = m.id AND first_place.position = 0";

// All meetings of one institution are few beside all meetings: they are found first and sorted.
constexpr std::string_view kOfInstitution =
    " JOIN (SELECT meeting_id AS id FROM meeting_place WHERE institution_id = ?"
    " UNION SELECT meeting_id FROM meeting_institution WHERE institution_id = ?"
    " UNION SELECT of_cycle.id FROM cycle_institution ci"
    "  JOIN meeting of_cycle ON of_cycle.cycle_id = ci.cycle_id"
    "  JOIN cycle seen ON seen.id = ci.cycle_id AND (seen.status <> 'draft' OR ?)"
    "  WHERE ci.institution_id = ?)"
    " with_institution ON with_institution.id = m.id";
// COUNT rather than EXISTS, which the optimizer turns into a join over all places that it then
// sorts.
constexpr std::string_view kInVoivodeship =
    " AND (SELECT COUNT(*) FROM meeting_place p JOIN institution i ON i.id = p.institution_id"
    " WHERE p.meeting_id = m.id AND i.voivodeship = ?) > 0";
constexpr std::string_view kMatches =
    " AND (m.title LIKE ? OR m.summary LIKE ? OR EXISTS (SELECT 1 FROM meeting_place p"
    " WHERE p.meeting_id = m.id AND p.name LIKE ?))";
constexpr std::string_view kOnsite =
    " AND (m.onsite_offered = 1"
    " OR EXISTS (SELECT 1 FROM meeting_place p WHERE p.meeting_id = m.id))";
constexpr std::string_view kOnline = " AND (m.online_offered = 1 OR m.online_url <> '')";
constexpr std::string_view kSlugs =
    "SELECT slug FROM meeting WHERE slug = ? OR slug LIKE CONCAT(?, '-%')";

// The index whose order is the order of the list, so that the first page costs the same whatever
// the number of meetings. Named because the optimizer takes another index and sorts as soon as it
// believes that most rows match.
std::string_view index_for(const MeetingListing& listing) {
  if (listing.institution || listing.cycle || !listing.slug.empty()) return "";
  if (listing.topic) return " FORCE INDEX (meeting_topic)";
  if (listing.statuses.size() == 1) return " FORCE INDEX (meeting_status_start)";
  return " FORCE INDEX (meeting_start)";
}

// A statement that grows with its parameters.
struct Query {
  std::string sql;
  std::vector<Parameter> parameters;

  void add(std::string_view text) { sql += text; }
  void add(std::string_view text, std::initializer_list<Parameter> values) {
    sql += text;
    parameters.insert(parameters.end(), values);
  }
  void add(const Condition& condition) {
    sql += condition.sql;
    parameters.insert(parameters.end(), condition.parameters.begin(), condition.parameters.end());
  }
};

// Whose cycle is named is decided here, so that every column that says something of a cycle is NULL
// for one that must not be seen.
void add_joins(Query& query, const domain::Reach& drafts) {
  query.add(kMeetingSummaryJoins);
  if (drafts.all || drafts.nothing()) return;
  query.add(" AND (c.status <> 'draft' OR ");
  query.add(cycle_within(drafts));
  query.add(")");
}

void add_draft_limit(Query& query, const domain::Reach& drafts) {
  if (drafts.all) return;
  if (drafts.nothing()) {
    query.add(" AND m.status <> 'draft'");
    return;
  }
  query.add(" AND (m.status <> 'draft' OR ");
  query.add(meeting_within(drafts));
  query.add(")");
}

// Beyond the joins: of a partial reach they have hidden what must be.
Drafts named_cycles(const domain::Reach& drafts) {
  return drafts.nothing() ? Drafts::hidden : Drafts::shown;
}

void add_statuses(Query& query, const std::vector<MeetingStatus>& statuses) {
  query.add(statuses.size() == 1 ? " WHERE m.status = ?" : " WHERE m.status IN (?",
            {to_string(statuses.at(0))});
  for (std::size_t index = 1; index < statuses.size(); ++index) {
    query.add(", ?", {to_string(statuses[index])});
  }
  if (statuses.size() > 1) query.add(")");
}

void add_times(Query& query, const MeetingListing& listing) {
  if (listing.ends_after) {
    query.add(" AND m.starts_at > ? AND m.ends_at > ?",
              {*listing.ends_after - kLongestMeeting - std::chrono::days{1}, *listing.ends_after});
  }
  if (listing.starts_before) query.add(" AND m.starts_at < ?", {*listing.starts_before});
  if (const auto& after = listing.after) {
    // The first comparison is the one that the index serves.
    if (listing.newest_first) {
      query.add(" AND m.starts_at <= ? AND (m.starts_at < ? OR m.id < ?)",
                {after->starts_at, after->starts_at, after->id});
    } else {
      query.add(" AND m.starts_at >= ? AND (m.starts_at > ? OR m.id > ?)",
                {after->starts_at, after->starts_at, after->id});
    }
  }
}

bool names(const std::vector<MeetingStatus>& statuses, MeetingStatus status) {
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

void add_conditions(Query& query, const MeetingListing& listing) {
  if (listing.topic) query.add(" AND m.topic_id = ?", {*listing.topic});
  if (listing.cycle) query.add(" AND m.cycle_id = ?", {*listing.cycle});
  if (!listing.slug.empty()) query.add(" AND m.slug = ?", {listing.slug});
  if (listing.cancelled_after) {
    query.add(" AND (m.status <> 'cancelled' OR COALESCE(m.cancelled_at, m.updated_at) > ?)",
              {*listing.cancelled_after});
  }
  if (names(listing.statuses, MeetingStatus::binned)) {
    query.add(" AND (m.status <> 'binned' OR m.status_before_bin = 'cancelled')");
  }
  if (listing.form) query.add(" AND m.form = ?", {to_string(*listing.form)});
  if (listing.mode) query.add(*listing.mode == AttendanceMode::onsite ? kOnsite : kOnline);
  if (!listing.voivodeship.empty()) query.add(kInVoivodeship, {listing.voivodeship});
  if (!listing.q.empty()) {
    const std::string pattern = like_anywhere(listing.q);
    query.add(kMatches, {pattern, pattern, pattern});
  }
}

Query listing_query(const MeetingListing& listing, std::string_view more_columns,
                    std::string_view more_joins) {
  Query query;
  query.add("SELECT ");
  query.add(kMeetingSummaryColumns);
  query.add(more_columns);
  query.add(" FROM meeting m");
  query.add(index_for(listing));
  if (listing.institution) {
    query.add(kOfInstitution, {*listing.institution, *listing.institution, listing.drafts.all,
                               *listing.institution});
  }
  add_joins(query, listing.drafts);
  query.add(more_joins);
  add_statuses(query, listing.statuses);
  if (names(listing.statuses, MeetingStatus::draft)) add_draft_limit(query, listing.drafts);
  add_times(query, listing);
  add_conditions(query, listing);
  query.add(listing.newest_first ? " ORDER BY m.starts_at DESC, m.id DESC LIMIT ?"
                                 : " ORDER BY m.starts_at, m.id LIMIT ?",
            {listing.limit});
  return query;
}

FeedMeeting read_feed_meeting(const Rows::Row& row, Drafts drafts) {
  FeedMeeting meeting;
  static_cast<MeetingSummary&>(meeting) = read_meeting_summary(row, drafts);
  // Of what lies in the bin only what was called off is asked for.
  if (meeting.status == MeetingStatus::binned) meeting.status = MeetingStatus::cancelled;
  const std::size_t first = kMeetingSummaryColumnCount;
  meeting.uid = row.text(first);
  meeting.sequence = row.small_integer(first + 1);
  if (meeting.cycle) meeting.cycle_uid = row.text_or_empty(first + 2);
  meeting.cancel_reason = row.text(first + 3);
  meeting.location = row.text_or_empty(first + 4);
  if (!row.is_null(first + 5) && !row.is_null(first + 6)) {
    meeting.position = {row.real(first + 5), row.real(first + 6)};
  }
  return meeting;
}

std::vector<MeetingSummary> read_summaries(const Rows& rows, Drafts drafts) {
  std::vector<MeetingSummary> meetings;
  meetings.reserve(rows.size());
  for (const auto row : rows) meetings.push_back(read_meeting_summary(row, drafts));
  return meetings;
}

bool is_binned(const Rows::Row& row) { return !row.text(kMeetingSummaryColumnCount + 12).empty(); }

Meeting read_meeting(const Rows::Row& row, Drafts drafts) {
  Meeting meeting;
  static_cast<MeetingSummary&>(meeting) = read_meeting_summary(row, drafts);
  const std::size_t first = kMeetingSummaryColumnCount;
  meeting.description = row.text(first);
  meeting.audience = row.text(first + 1);
  meeting.accessibility = row.text(first + 2);
  meeting.contact = row.text(first + 3);
  meeting.online_url = row.text(first + 4);
  meeting.uid = row.text(first + 5);
  meeting.sequence = row.small_integer(first + 6);
  meeting.cancel_reason = row.text(first + 7);
  meeting.organizer = row.text(first + 8);
  meeting.source_url = row.text(first + 9);
  meeting.caveat = row.text(first + 10);
  meeting.version = row.integer(first + 11);
  if (is_binned(row)) {
    meeting.status =
        stored_enum("meeting.status_before_bin", row.text(first + 12), domain::find_meeting_status);
  }
  return meeting;
}

}  // namespace

std::vector<MeetingSummary> list_meetings(Connection& connection, const MeetingListing& listing) {
  const Query query = listing_query(listing, "", "");
  return read_summaries(connection.query(query.sql, query.parameters),
                        named_cycles(listing.drafts));
}

std::vector<FeedMeeting> list_feed_meetings(Connection& connection, const MeetingListing& wanted) {
  auto listing = wanted;
  if (names(listing.statuses, MeetingStatus::cancelled)) {
    listing.statuses.push_back(MeetingStatus::binned);
  }
  const Query query = listing_query(listing, kFeedColumns, kFirstPlace);
  std::vector<FeedMeeting> meetings;
  for (const auto row : connection.query(query.sql, query.parameters)) {
    meetings.push_back(read_feed_meeting(row, named_cycles(listing.drafts)));
  }
  return meetings;
}

std::vector<MeetingSummary> list_cycle_sessions(Connection& connection, domain::CycleId cycle,
                                                const domain::Reach& drafts) {
  std::vector<MeetingStatus> statuses{MeetingStatus::published, MeetingStatus::cancelled};
  if (!drafts.nothing()) statuses.push_back(MeetingStatus::draft);
  Query query;
  query.add("SELECT ");
  query.add(kMeetingSummaryColumns);
  query.add(" FROM meeting m");
  query.add(kMeetingSummaryJoins);
  add_statuses(query, statuses);
  if (!drafts.nothing()) add_draft_limit(query, drafts);
  query.add(
      " AND m.cycle_id = ? ORDER BY m.session_number IS NULL, m.session_number,"
      " m.starts_at, m.id",
      {cycle});
  return read_summaries(connection.query(query.sql, query.parameters), Drafts::shown);
}

namespace {

std::optional<KeptMeeting> find_stored_meeting(Connection& connection, std::string_view key,
                                               const domain::Reach& drafts, Bin bin) {
  const auto id = find_row_id(key);
  Query query;
  query.add("SELECT ");
  query.add(kMeetingSummaryColumns);
  query.add(kDetailColumns);
  query.add(" FROM meeting m");
  add_joins(query, drafts);
  if (id) {
    query.add(" WHERE m.id = ?", {*id});
  } else {
    query.add(" WHERE m.slug = ?", {key});
  }
  query.add(bin == Bin::included ? " AND m.status_before_bin <> 'draft'"
                                 : " AND m.status <> 'binned'");
  add_draft_limit(query, drafts);
  const Rows rows = connection.query(query.sql, query.parameters);
  if (rows.empty()) return std::nullopt;
  KeptMeeting found{read_meeting(rows[0], named_cycles(drafts)), is_binned(rows[0])};
  Meeting& meeting = found.meeting;
  load_meeting_parts(connection, meeting);
  if (meeting.cycle) {
    meeting.cycle_sessions = list_cycle_sessions(connection, meeting.cycle->id, {});
  }
  return found;
}

}  // namespace

std::optional<Meeting> find_meeting(Connection& connection, std::string_view key,
                                    const domain::Reach& drafts) {
  auto found = find_stored_meeting(connection, key, drafts, Bin::hidden);
  if (!found) return std::nullopt;
  return std::move(found->meeting);
}

std::optional<KeptMeeting> find_kept_meeting(Connection& connection, MeetingId id) {
  return find_stored_meeting(connection, std::to_string(id.value), {}, Bin::included);
}

std::optional<Meeting> find_meeting(Connection& connection, MeetingId id) {
  return find_meeting(connection, std::to_string(id.value));
}

std::vector<std::string> list_meeting_slugs(Connection& connection, const std::string& stem) {
  std::vector<std::string> slugs;
  for (const auto row : connection.query(kSlugs, {stem, stem})) slugs.push_back(row.text(0));
  return slugs;
}

}  // namespace narada::storage
