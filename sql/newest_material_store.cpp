#include "sql/newest_material_store.h"

#include "sql/shown_version.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

// Along the primary key from its end: what is new is seldom kept back, so few rows are read.
const std::string& select() {
  static const std::string kSelect =
      "SELECT m.id, m.kind, m.title, m.language, COALESCE(g.title, c.title, p.title), m.created_at"
      " FROM material m LEFT JOIN meeting g ON g.id = m.meeting_id"
      " LEFT JOIN cycle c ON c.id = m.cycle_id LEFT JOIN practice p ON p.id = m.practice_id"
      " WHERE m.deleted_at IS NULL AND m.access = 'everybody' AND m.kind <> 'photo'"
      " AND (m.available_from IS NULL OR m.available_from <= ?)"
      " AND COALESCE(g.status, c.status, p.status) = 'published'"
      " AND (m.link <> '' OR " +
      std::string(kShownVersion) + " IS NOT NULL) ORDER BY m.id DESC LIMIT ?";
  return kSelect;
}

}  // namespace

std::vector<NewestMaterial> list_newest_materials(Connection& connection, int limit,
                                                  domain::Instant now) {
  std::vector<NewestMaterial> newest;
  for (const auto row : connection.query(select(), {now, limit})) {
    NewestMaterial material;
    material.id = row.id<domain::MaterialId>(0);
    material.kind = stored_enum("material.kind", row.text(1), domain::find_material_kind);
    material.title = row.text(2);
    material.language = row.text(3) == "en" ? domain::Language::en : domain::Language::pl;
    material.owner_title = row.text(4);
    material.added_at = row.instant(5);
    newest.push_back(std::move(material));
  }
  return newest;
}

}  // namespace narada::storage
