#include "sql/practice_store.h"

#include <map>

#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/like_pattern.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::Practice;
using domain::PracticeId;
using domain::PracticeSummary;

constexpr std::string_view kSummary =
    "SELECT p.id, p.slug, p.title, p.lead, p.status, p.type, p.type_from_source, p.area, t.id,"
    " t.slug, t.name, t.name_en, p.origin, p.state, p.implementation_year,"
    " p.implementation_month, p.institution_text, p.published_at";
constexpr std::string_view kDetail =
    ", p.budget_pln, p.situation_before, p.aim, p.description, p.results, p.lessons, p.contact,"
    " p.found_by, p.financing, p.verified_on, p.legacy_url, p.source_url, p.caveat, p.version,"
    " p.contact_person, p.contact_unit, p.contact_email, p.contact_phone, p.contact_consented_on,"
    " p.contact_consented_by, p.ended_year, p.ended_month, p.from_cycle_id, p.from_meeting_id,"
    " p.source_name, p.source_id, p.verified_by, p.archived_at, p.featured_at, p.author_id,"
    " EXISTS (SELECT 1 FROM practice_financing f WHERE f.practice_id = p.id),"
    " e.title, e.lead, e.situation_before, e.aim, e.description, e.results, e.lessons";
constexpr std::size_t kDetailColumn = 18;
constexpr std::string_view kFromWhole =
    " FROM practice p LEFT JOIN topic t ON t.id = p.topic_id LEFT JOIN practice_edition e"
    " ON e.practice_id = p.id AND e.language = 'en' WHERE ";
constexpr std::string_view kFromPublished =
    " FROM practice p FORCE INDEX (practice_published) LEFT JOIN topic t ON t.id = p.topic_id"
    " WHERE p.status = 'published'";
constexpr std::string_view kOfInstitution =
    " AND EXISTS (SELECT 1 FROM practice_institution pi"
    " WHERE pi.practice_id = p.id AND pi.institution_id = ?)";
constexpr std::string_view kMatches =
    " AND (p.title LIKE ? OR p.lead LIKE ? OR p.institution_text LIKE ?"
    " OR EXISTS (SELECT 1 FROM practice_institution pi JOIN institution i"
    " ON i.id = pi.institution_id WHERE pi.practice_id = p.id AND i.name LIKE ?))";
constexpr std::string_view kAfter = " AND p.published_at <= ? AND (p.published_at < ? OR p.id < ?)";
constexpr std::string_view kInstitutions =
    "SELECT pi.practice_id, i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM practice_institution pi JOIN institution i ON i.id = pi.institution_id"
    " WHERE pi.practice_id";
constexpr std::string_view kRef =
    "SELECT id, slug, title FROM practice WHERE status = 'published' AND ";
constexpr std::string_view kPresentations =
    "SELECT DISTINCT m.id, m.slug, m.title, m.starts FROM program_item_practice pp"
    " JOIN program_item pi ON pi.id = pp.program_item_id"
    " JOIN meeting m ON m.id = pi.meeting_id AND m.status = 'published'"
    " WHERE pp.practice_id = ? ORDER BY m.starts, m.id";
constexpr std::string_view kInsert =
    "INSERT INTO practice (slug, title, lead, status, situation_before, aim, description, results,"
    " lessons, caveat, author_id, created_at, updated_at)"
    " VALUES (?, '', '', 'draft', '', '', '', '', '', '', ?, ?, ?) RETURNING id";
constexpr std::string_view kUpdate =
    "UPDATE practice SET title = ?, lead = ?, type = ?, type_from_source = ?, area = ?,"
    " topic_id = ?, origin = ?, state = ?, implementation_year = ?, implementation_month = ?,"
    " budget_pln = ?, institution_text = ?, situation_before = ?, aim = ?, description = ?,"
    " results = ?, lessons = ?, contact = ?, found_by = ?, financing = ?, legacy_url = ?,"
    " source_url = ?, caveat = ?, contact_person = ?, contact_unit = ?, contact_email = ?,"
    " contact_phone = ?, contact_consented_on = ?, contact_consented_by = ?, ended_year = ?,"
    " ended_month = ?, from_cycle_id = ?, from_meeting_id = ?, source_name = ?, source_id = ?,"
    " verified_on = ?, verified_by = ?, updated_at = ? WHERE id = ?";
constexpr std::string_view kEdition =
    "INSERT INTO practice_edition (practice_id, language, title, lead, situation_before, aim,"
    " description, results, lessons) VALUES (?, 'en', ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kInsertFinancing =
    "INSERT INTO practice_financing (practice_id, position, programme, logo_digest, logo_text)"
    " VALUES (?, ?, ?, ?, ?)";
constexpr std::string_view kFinancing =
    "SELECT programme, logo_digest, logo_text FROM practice_financing WHERE practice_id = ?"
    " ORDER BY position";
constexpr std::string_view kInsertInstitution =
    "INSERT INTO practice_institution (practice_id, institution_id, position) VALUES (?, ?, ?)";
constexpr std::string_view kLock = "SELECT status FROM practice WHERE id = ? FOR UPDATE";
constexpr std::string_view kPublish =
    "UPDATE practice SET status = 'published', published_at = COALESCE(published_at, ?),"
    " archived_at = NULL, version = version + 1, updated_at = ? WHERE id = ?";
constexpr std::string_view kSlugs =
    "SELECT slug FROM practice WHERE slug = ? OR slug LIKE CONCAT(?, '-%')";

void read_summary(const Rows::Row& row, PracticeSummary& practice) {
  practice.id = row.id<PracticeId>(0);
  practice.slug = row.text(1);
  practice.title = row.text(2);
  practice.lead = row.text(3);
  practice.status = stored_enum("practice.status", row.text(4), domain::find_practice_status);
  practice.type = stored_enum("practice.type", row.find_text(5), domain::find_practice_type);
  practice.type_from_source = row.boolean(6);
  practice.area = stored_enum("practice.area", row.find_text(7), domain::find_practice_area);
  if (!row.is_null(8)) {
    practice.topic = {row.id<domain::TopicId>(8), row.text(9), row.text(10), row.text(11)};
  }
  practice.origin = stored_enum("practice.origin", row.find_text(12), domain::find_practice_origin);
  practice.state = stored_enum("practice.state", row.find_text(13), domain::find_practice_state);
  if (!row.is_null(14)) practice.implementation_year = row.small_integer(14);
  if (!row.is_null(15)) {
    practice.implementation_month = static_cast<unsigned>(row.small_integer(15));
  }
  practice.institution_text = row.text(16);
  practice.published_at = row.find_instant(17).value_or(domain::Instant{});
}

constexpr std::size_t kFinancedColumn = kDetailColumn + 30;

void read_edition(const Rows::Row& row, Practice& practice) {
  const std::size_t first = kFinancedColumn + 1;
  if (row.is_null(first)) return;
  practice.english = {row.text(first),     row.text(first + 1), row.text(first + 2),
                      row.text(first + 3), row.text(first + 4), row.text(first + 5),
                      row.text(first + 6)};
}

Practice read_practice(const Rows::Row& row) {
  Practice practice;
  read_summary(row, practice);
  const std::size_t first = kDetailColumn;
  practice.budget_pln = row.find_text(first);
  practice.situation_before = row.text(first + 1);
  practice.aim = row.text(first + 2);
  practice.description = row.text(first + 3);
  practice.results = row.text(first + 4);
  practice.lessons = row.text(first + 5);
  practice.contact = row.text(first + 6);
  practice.found_by = row.text(first + 7);
  practice.financing = row.text(first + 8);
  if (!row.is_null(first + 9)) practice.verified_on = row.date(first + 9);
  practice.legacy_url = row.text(first + 10);
  practice.source_url = row.text(first + 11);
  practice.caveat = row.text(first + 12);
  practice.version = row.integer(first + 13);
  auto& contact = practice.contact_person;
  contact.person = row.text(first + 14);
  contact.unit = row.text(first + 15);
  contact.email = row.text(first + 16);
  contact.phone = row.text(first + 17);
  if (!row.is_null(first + 18)) contact.consented = row.date(first + 18);
  contact.consented_by = row.text(first + 19);
  if (!row.is_null(first + 20)) practice.ended_year = row.small_integer(first + 20);
  if (!row.is_null(first + 21))
    practice.ended_month = static_cast<unsigned>(row.small_integer(first + 21));
  if (!row.is_null(first + 22)) practice.from_cycle = row.id<domain::CycleId>(first + 22);
  if (!row.is_null(first + 23)) practice.from_meeting = row.id<domain::MeetingId>(first + 23);
  practice.source_name = row.find_text(first + 24).value_or("");
  practice.source_id = row.find_text(first + 25).value_or("");
  practice.verified_by = row.text(first + 26);
  practice.archived_at = row.find_instant(first + 27);
  practice.featured = !row.is_null(first + 28);
  if (!row.is_null(first + 29)) practice.author = row.id<domain::PersonId>(first + 29);
  read_edition(row, practice);
  return practice;
}

template <class Item>
void add_institutions(Connection& connection, std::vector<Item>& practices) {
  if (practices.empty()) return;
  std::map<PracticeId, Item*> by_id;
  for (Item& practice : practices) by_id[practice.id] = &practice;
  const std::string sql =
      std::string(kInstitutions) + std::string(kInIdList) + " ORDER BY pi.practice_id, pi.position";
  const Rows rows = connection.query(sql, {id_list_of(practices)});
  for (const Rows::Row row : rows) {
    by_id.at(row.id<PracticeId>(0))->institutions.push_back(read_institution_ref(row, 1));
  }
}

template <class Enum>
std::optional<std::string_view> name_of(const std::optional<Enum>& value) {
  if (!value) return std::nullopt;
  return to_string(*value);
}

std::optional<std::string> text_or_null(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

void write_row(Connection& connection, PracticeId id, const Practice& practice,
               domain::Instant now) {
  std::optional<domain::TopicId> topic;
  if (practice.topic) topic = practice.topic->id;
  const auto& contact = practice.contact_person;
  connection.execute(kUpdate, {practice.title,
                               practice.lead,
                               name_of(practice.type),
                               practice.type_from_source,
                               name_of(practice.area),
                               topic,
                               name_of(practice.origin),
                               name_of(practice.state),
                               practice.implementation_year,
                               practice.implementation_month,
                               practice.budget_pln,
                               practice.institution_text,
                               practice.situation_before,
                               practice.aim,
                               practice.description,
                               practice.results,
                               practice.lessons,
                               practice.contact,
                               practice.found_by,
                               practice.financing,
                               practice.legacy_url,
                               practice.source_url,
                               practice.caveat,
                               contact.person,
                               contact.unit,
                               contact.email,
                               contact.phone,
                               contact.consented,
                               contact.consented_by,
                               practice.ended_year,
                               practice.ended_month,
                               practice.from_cycle,
                               practice.from_meeting,
                               text_or_null(practice.source_name),
                               text_or_null(practice.source_id),
                               practice.verified_on,
                               practice.verified_by,
                               now,
                               id});
}

void write_parts(Connection& connection, PracticeId id, const Practice& practice) {
  int position = 0;
  for (const auto& institution : practice.institutions)
    connection.execute(kInsertInstitution, {id, institution.id, position++});
  if (const auto& text = practice.english)
    connection.execute(kEdition, {id, text->title, text->lead, text->situation_before, text->aim,
                                  text->description, text->results, text->lessons});
  position = 0;
  for (const auto& programme : practice.financed_by)
    connection.execute(kInsertFinancing, {id, position++, programme.programme,
                                          text_or_null(programme.logo.hex), programme.logo_text});
}

}  // namespace

std::vector<PracticeSummary> list_practices(Connection& connection,
                                            const PracticeListing& listing) {
  std::string sql = std::string(kSummary) + std::string(kFromPublished);
  std::vector<Parameter> parameters;
  const auto add = [&](std::string_view condition, std::initializer_list<Parameter> values) {
    sql += condition;
    parameters.insert(parameters.end(), values);
  };
  if (listing.type) add(" AND p.type = ?", {to_string(*listing.type)});
  if (listing.area) add(" AND p.area = ?", {to_string(*listing.area)});
  if (listing.topic) add(" AND p.topic_id = ?", {*listing.topic});
  if (listing.institution) add(kOfInstitution, {*listing.institution});
  if (!listing.q.empty()) {
    const std::string pattern = like_anywhere(listing.q);
    add(kMatches, {pattern, pattern, pattern, pattern});
  }
  if (const auto& after = listing.after) {
    add(kAfter, {after->published_at, after->published_at, after->id});
  }
  add(" ORDER BY p.published_at DESC, p.id DESC LIMIT ?", {listing.limit});
  std::vector<PracticeSummary> practices;
  for (const auto row : connection.query(sql, parameters)) {
    read_summary(row, practices.emplace_back());
  }
  add_institutions(connection, practices);
  return practices;
}

std::optional<Practice> find_practice(Connection& connection, std::string_view key) {
  const auto id = find_row_id(key);
  const std::string sql = std::string(kSummary) + std::string(kDetail) + std::string(kFromWhole) +
                          (id ? "p.id = ?" : "p.slug = ?");
  const Rows rows = id ? connection.query(sql, {*id}) : connection.query(sql, {key});
  if (rows.empty()) return std::nullopt;
  std::vector<Practice> practices{read_practice(rows[0])};
  add_institutions(connection, practices);
  for (const auto row : connection.query(kPresentations, {practices.front().id})) {
    practices.front().presented_at.push_back(
        {row.id<domain::MeetingId>(0), row.text(1), row.text(2)});
  }
  if (rows[0].boolean(kFinancedColumn))
    for (const auto row : connection.query(kFinancing, {practices.front().id}))
      practices.front().financed_by.push_back(
          {row.text(0), {row.find_text(1).value_or("")}, row.text(2)});
  return std::move(practices.front());
}

std::optional<domain::PracticeRef> find_practice_ref(Connection& connection, std::string_view key) {
  const auto id = find_row_id(key);
  const std::string sql = std::string(kRef) + (id ? "id = ?" : "slug = ?");
  const Rows rows = id ? connection.query(sql, {*id}) : connection.query(sql, {key});
  if (rows.empty()) return std::nullopt;
  return read_practice_ref(rows[0], 0);
}

domain::PracticeRef read_practice_ref(const Rows::Row& row, std::size_t first) {
  return {row.id<PracticeId>(first), row.text(first + 1), row.text(first + 2)};
}

PracticeId insert_practice(Connection& connection, const Practice& practice, domain::Instant now) {
  const PracticeId id{connection.insert(kInsert, {practice.slug, practice.author, now, now})};
  write_row(connection, id, practice, now);
  write_parts(connection, id, practice);
  return id;
}

bool update_practice(Connection& connection, const Practice& practice, std::int64_t version,
                     domain::Instant now) {
  const bool current =
      connection.execute("UPDATE practice SET version = version + 1 WHERE id = ? AND version = ?",
                         {practice.id, version}) == 1;
  if (!current) return false;
  write_row(connection, practice.id, practice, now);
  for (const std::string_view table :
       {"practice_institution", "practice_edition", "practice_financing"})
    connection.execute("DELETE FROM " + std::string(table) + " WHERE practice_id = ?",
                       {practice.id});
  write_parts(connection, practice.id, practice);
  return true;
}

PublishedPractice publish_practice(Connection& connection, PracticeId id, domain::Instant now) {
  const Rows rows = connection.query(kLock, {id});
  if (rows.empty()) return PublishedPractice::unknown;
  if (rows[0].text(0) == "published") return PublishedPractice::before;
  connection.execute(kPublish, {now, now, id});
  return PublishedPractice::now;
}

std::vector<std::string> list_practice_slugs(Connection& connection, const std::string& stem) {
  std::vector<std::string> slugs;
  for (const auto row : connection.query(kSlugs, {stem, stem})) slugs.push_back(row.text(0));
  return slugs;
}

}  // namespace narada::storage
