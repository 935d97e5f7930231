#include "sql/sitemap_store.h"

#include "sql/shown_version.h"

namespace narada::storage {
namespace {

// (kind, id, path, updated_at). What has no time of change of its own takes that of the newest
// thing below it.
const std::string& all_addresses() {
  static const std::string kAll =
      "(SELECT 1 AS kind, m.id AS id, CONCAT('/spotkania/', m.slug) AS path,"
      "  m.updated_at AS updated_at FROM meeting m WHERE m.status = 'published'"
      " UNION ALL SELECT 2, c.id, CONCAT('/cykle/', c.slug), c.updated_at FROM cycle c"
      "  WHERE c.status = 'published'"
      " UNION ALL SELECT 3, p.id, CONCAT('/praktyki/', p.slug), p.updated_at FROM practice p"
      "  WHERE p.status = 'published'"
      " UNION ALL SELECT 4, i.id, CONCAT('/gminy/', IF(i.teryt IS NULL, '',"
      "  CONCAT(i.teryt, '-')), i.slug), i.updated_at FROM institution i WHERE i.active = 1"
      " UNION ALL SELECT 5, t.id, CONCAT('/tematy/', t.slug), COALESCE((SELECT MAX(tm.updated_at)"
      "  FROM meeting tm WHERE tm.topic_id = t.id AND tm.status = 'published'),"
      "  '2000-01-01 00:00:00') FROM topic t"
      " UNION ALL SELECT 6, m.id, CONCAT('/materialy/', m.id), m.updated_at FROM material m"
      "  LEFT JOIN meeting g ON g.id = m.meeting_id LEFT JOIN cycle c ON c.id = m.cycle_id"
      "  LEFT JOIN practice p ON p.id = m.practice_id"
      "  WHERE m.deleted_at IS NULL AND m.access = 'everybody'"
      "  AND (m.available_from IS NULL OR m.available_from <= ?)"
      "  AND (g.status = 'published' OR c.status = 'published' OR p.status = 'published')"
      "  AND (m.link <> '' OR " +
      std::string(kShownVersion) + " IS NOT NULL)) x";
  return kAll;
}

}  // namespace

std::vector<PublicAddress> list_public_addresses(Connection& connection, domain::Instant now,
                                                 std::int64_t offset, std::int64_t limit) {
  std::vector<PublicAddress> addresses;
  for (const auto row : connection.query("SELECT x.path, x.updated_at FROM " + all_addresses() +
                                             " ORDER BY x.kind, x.id LIMIT ? OFFSET ?",
                                         {now, limit, offset}))
    addresses.push_back({row.text(0), row.instant(1)});
  return addresses;
}

std::int64_t count_public_addresses(Connection& connection, domain::Instant now) {
  return connection.query("SELECT COUNT(*) FROM " + all_addresses(), {now})[0].integer(0);
}

}  // namespace narada::storage
