#include "sql/institution_tables.h"

#include <algorithm>

namespace narada::storage {
namespace {

Columns united(Columns all, const Columns& more) {
  for (const auto column : more) {
    if (std::find(all.begin(), all.end(), column) == all.end()) all.push_back(column);
  }
  return all;
}

}  // namespace

Columns LinkTable::identity() const { return united(key, same); }

Columns LinkTable::columns() const { return united(identity(), rest); }

const std::vector<LinkTable>& link_tables() {
  static const std::vector<LinkTable> all{
      {"institution_alias", "institution_id", "", {"alias"}, {"alias"}, {"id"}},
      {"association_membership",
       "institution_id",
       "",
       {"association_id"},
       {"association_id"},
       {"member_from", "member_until", "certain"}},
      {"cycle_institution",
       "institution_id",
       "",
       {"cycle_id", "role"},
       {"cycle_id", "role"},
       {"position"},
       true},
      {"enrolment", "institution_id", "", {"id"}, {}, {}},
      {"meeting_place", "institution_id", "", {"meeting_id", "name", "address", "room"}, {}, {}},
      {"meeting_institution",
       "institution_id",
       "",
       {"meeting_id", "role"},
       {"meeting_id", "role"},
       {"position"},
       true},
      {"guaranteed_institution", "institution_id", "", {"meeting_id"}, {"meeting_id"}, {}},
      {"place_hold",
       "institution_id",
       "",
       {"id"},
       {"meeting_id", "mode"},
       {"places", "until", "released_at"}},
      {"program_item_institution",
       "institution_id",
       "",
       {"program_item_id"},
       {"program_item_id"},
       {"position"},
       true,
       false,
       "SELECT meeting_id, title, starts_minute, ends_minute FROM program_item WHERE id = ?",
       "SELECT pi.id FROM program_item pi JOIN program_item_institution l"
       " ON l.program_item_id = pi.id WHERE pi.meeting_id = ? AND pi.title = ?"
       " AND pi.starts_minute = ? AND pi.ends_minute = ? AND l.institution_id = ?"
       " ORDER BY pi.id"},
      {"practice_institution",
       "institution_id",
       "",
       {"practice_id"},
       {"practice_id"},
       {"position"},
       true},
      {"outcome", "responsible_id", "", {"id"}, {}, {}, false, true},
      {"adoption",
       "institution_id",
       "",
       {"id"},
       {"practice_id"},
       {"status", "since", "learnt_at_id", "changed", "document_url", "version", "created_at",
        "updated_at"},
       false,
       true},
      {"invitee", "institution_id", "", {"id"}, {}, {}},
      {"expert", "institution_id", "", {"id"}, {}, {}},
      {"recess", "institution_id", "", {"id"}, {}, {}},
      {"delegation", "institution_id", "", {"id"}, {}, {}, false, true},
      {"person", "institution_id", "", {"id"}, {}, {}, false, true},
      {"registration", "institution_id", "", {"id"}, {}, {}, false, true},
      {"person_role",
       "scope_id",
       "scope_kind = 'institution'",
       {"id"},
       {"person_id", "role"},
       {"scope_kind", "granted_by", "granted_at"}},
  };
  return all;
}

}  // namespace narada::storage
