#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "sql/connection.h"

namespace narada::storage {

// The columns of an ExpertRef, of a row named `e`; kExpertColumnCount of them.
inline constexpr std::string_view kExpertColumns = "e.id, e.slug, e.name, e.description, e.kind";
inline constexpr std::size_t kExpertColumnCount = 5;
domain::ExpertRef read_expert(const Rows::Row& row, std::size_t first_column);

// By name in Polish order, without the merged, `q` anywhere in the name; those after (after_name,
// after_id) when set.
struct ExpertPosition {
  std::string name;
  domain::ExpertId id;
};
std::vector<domain::ExpertRef> list_experts(Connection& connection, const std::string& q,
                                            const std::optional<ExpertPosition>& after, int limit);
// By slug, or by id where the key is a number; of a merged record the one that stands for it.
std::optional<domain::ExpertRef> find_expert(Connection& connection, std::string_view key);
// Throws Duplicate when the slug is taken.
domain::ExpertId insert_expert(Connection& connection, const domain::ExpertRef& expert,
                               std::optional<domain::InstitutionId> institution);

}  // namespace narada::storage
