#pragma once

#include <string_view>

namespace narada::storage {

// The id of the newest version that everybody with access to a material named `m` gets, as
// domain::readable_versions() decides; NULL: none.
inline constexpr std::string_view kShownVersion =
    "(SELECT shown.id FROM material_version shown JOIN stored_file file"
    " ON file.digest = shown.digest WHERE shown.material_id = m.id AND file.state = 'ready'"
    " AND (m.exemption <> '' OR COALESCE(JSON_LENGTH(file.facts, '$.faults'), 0) = 0"
    "  OR COALESCE((SELECT own.accessibility FROM material_policy own"
    "   WHERE own.meeting_id = m.meeting_id),"
    "  (SELECT rule.accessibility FROM material_policy rule WHERE rule.id = 1)) <> 'required')"
    " ORDER BY shown.number DESC LIMIT 1)";

}  // namespace narada::storage
