#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/expert.h"
#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// By slug, or by id where the key is a number. The key of a record that was merged finds the one
// that stands for it.
std::optional<domain::ExpertProfile> find_expert_profile(Connection& connection,
                                                         std::string_view key);
// The same, locked until the transaction ends; absent also for one that was merged.
std::optional<domain::ExpertProfile> lock_expert_profile(Connection& connection,
                                                         domain::ExpertId id);
// The one that the person acts for; of several the one that is about them, then the oldest.
std::optional<domain::ExpertProfile> find_expert_of(Connection& connection,
                                                    domain::PersonId person);

// The one in use that has just this name; absent for none and for several.
std::optional<domain::InstitutionRef> find_institution_named(Connection& connection,
                                                             const std::string& name);

// Everything but id, slug and version; raises the version.
void save_expert_profile(Connection& connection, const domain::ExpertProfile& profile);

// Published and cancelled meetings that name the expert, and published cycles; at most `limit` of
// each.
domain::ExpertProgram load_expert_program(Connection& connection, domain::ExpertId expert,
                                          int limit);
// Meetings within the reach that are not in the bin, the latest first.
std::vector<domain::MeetingSummary> list_meetings_within(Connection& connection,
                                                         const domain::Reach& reach, int limit);

domain::ExpertLinks count_expert_links(Connection& connection, domain::ExpertId expert);
// Gives all that names `from` to `into`, once each; meetings and cycles get a new version. The
// calendar goes along where `into` has none. `from` stands for `into` from now on, and so do those
// that stood for `from`. Locks the cycles and meetings, in this order, by id.
void move_expert_links(Connection& connection, domain::ExpertId from, domain::ExpertId into);

}  // namespace narada::storage
