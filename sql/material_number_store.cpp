#include "sql/material_number_store.h"

#include <array>
#include <string_view>

namespace narada::storage {
namespace {

using domain::MaterialOwner;

// The condition of an owner's materials, with one parameter.
std::string_view of_owner(const MaterialOwner& owner) {
  constexpr std::array<std::string_view, 3> kConditions{
      " WHERE m.meeting_id = ?", " WHERE m.cycle_id = ?", " WHERE m.practice_id = ?"};
  return kConditions.at(owner.index());
}
std::int64_t id_of(const MaterialOwner& owner) {
  return std::visit([](auto id) { return id.value; }, owner);
}

}  // namespace

std::map<domain::MaterialId, int> count_material_takers(Connection& connection,
                                                        const MaterialOwner& owner) {
  const auto statement = std::string(
                             "SELECT m.id, COUNT(DISTINCT t.person_id) FROM material m"
                             " JOIN material_version v ON v.material_id = m.id"
                             " JOIN material_taken t ON t.material_version_id = v.id") +
                         std::string(of_owner(owner)) + " GROUP BY m.id";
  std::map<domain::MaterialId, int> takers;
  for (const auto row : connection.query(statement, {id_of(owner)}))
    takers[row.id<domain::MaterialId>(0)] = row.small_integer(1);
  return takers;
}

std::map<domain::PersonId, std::string> list_material_adders(Connection& connection,
                                                             const MaterialOwner& owner) {
  const auto statement = std::string(
                             "SELECT DISTINCT p.id, p.full_name FROM material m"
                             " JOIN person p ON p.id = m.added_by AND p.erased_at IS NULL") +
                         std::string(of_owner(owner));
  std::map<domain::PersonId, std::string> names;
  for (const auto row : connection.query(statement, {id_of(owner)}))
    names[row.id<domain::PersonId>(0)] = row.text(1);
  return names;
}

}  // namespace narada::storage
