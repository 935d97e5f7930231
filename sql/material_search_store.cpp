#include "sql/material_search_store.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "sql/like_pattern.h"
#include "sql/shown_version.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::ptrdiff_t kShortestWord = 3;  // characters; innodb_ft_min_token_size
constexpr std::size_t kMostWords = 12;

// Which version everybody gets is decided as domain::readable_versions() does.
const std::string& select() {
  static const std::string kSelect =
      "SELECT m.id, m.meeting_id, m.cycle_id, m.practice_id, m.kind, m.title, m.authors,"
      " COALESCE(g.slug, c.slug, p.slug), COALESCE(g.title, c.title, p.title),"
      " IF(? <> '' AND LOCATE(?, f.content_text) > 0,"
      "  CONCAT('…', REGEXP_REPLACE(SUBSTRING(f.content_text,"
      "   GREATEST(1, LOCATE(?, f.content_text) - 80), 240), '[[:space:]]+', ' '), '…'),"
      "  LEFT(m.description, 240))"
      " FROM material m LEFT JOIN meeting g ON g.id = m.meeting_id"
      " LEFT JOIN cycle c ON c.id = m.cycle_id LEFT JOIN practice p ON p.id = m.practice_id"
      " LEFT JOIN material_version v ON v.id = " +
      std::string(kShownVersion) +
      " LEFT JOIN stored_file f ON f.digest = v.digest"
      " WHERE m.deleted_at IS NULL AND m.access = 'everybody'"
      " AND (m.available_from IS NULL OR m.available_from <= ?)"
      " AND (m.link <> '' OR f.digest IS NOT NULL)"
      " AND COALESCE(g.status, c.status, p.status) IN ('published', 'cancelled')"
      " AND (m.title LIKE ? OR m.authors LIKE ? OR m.description LIKE ? OR f.digest IN"
      "  (SELECT t.digest FROM stored_file t WHERE MATCH (t.content_text) AGAINST"
      "   (? IN BOOLEAN MODE)))"
      " AND m.id < ? ORDER BY m.id DESC LIMIT ?";
  return kSelect;
}

bool is_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0;
}

// Of UTF-8, in characters.
std::ptrdiff_t length_of(const std::string& word) {
  return std::count_if(word.begin(), word.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (is_of_word(c))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  std::erase_if(words, [](const std::string& word) { return length_of(word) < kShortestWord; });
  if (words.size() > kMostWords) words.resize(kMostWords);
  return words;
}

// Every word, or one that begins with it; nothing of the text is an operator.
std::string boolean_query(const std::vector<std::string>& words) {
  std::string query;
  for (const std::string& word : words) query += "+" + word + "* ";
  return query;
}

domain::MaterialOwner read_owner(const Rows::Row& row) {
  if (const auto meeting = row.find_id<domain::MeetingId>(1)) return *meeting;
  if (const auto cycle = row.find_id<domain::CycleId>(2)) return *cycle;
  return row.id<domain::PracticeId>(3);
}

}  // namespace

std::vector<FoundMaterial> search_materials(Connection& connection, const std::string& q,
                                            std::optional<domain::MaterialId> before, int limit,
                                            domain::Instant now) {
  const auto words = words_of(q);
  const std::string first = words.empty() ? "" : words.front();
  const std::string pattern = like_anywhere(q);
  const Parameter below = before ? Parameter(*before) : Parameter(INT64_MAX);
  std::vector<FoundMaterial> found;
  for (const auto row : connection.query(select(), {first, first, first, now, pattern, pattern,
                                                    pattern, boolean_query(words), below, limit})) {
    FoundMaterial material;
    material.id = row.id<domain::MaterialId>(0);
    material.owner = read_owner(row);
    material.kind = stored_enum("material.kind", row.text(4), domain::find_material_kind);
    material.title = row.text(5);
    material.authors = row.text(6);
    material.owner_slug = row.text(7);
    material.owner_title = row.text(8);
    material.snippet = row.text_or_empty(9);
    found.push_back(std::move(material));
  }
  return found;
}

}  // namespace narada::storage
