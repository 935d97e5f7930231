#include "service/usecases/materials/material_numbers.h"

#include "service/usecases/materials/material_access.h"
#include "service/usecases/operations.h"
#include "sql/material_number_store.h"
#include "sql/upload_store.h"

namespace narada::usecases {

domain::Outcome<MaterialNumbers> load_material_numbers(const Environment& environment,
                                                       const Actor& actor,
                                                       const domain::MaterialOwner& owner) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<MaterialNumbers> {
        const auto desk = MaterialDesk::open(connection, environment, actor, owner);
        if (!desk) return desk.failure();
        if (!desk->may_add()) return domain::Forbidden{};
        MaterialNumbers numbers;
        numbers.taken = storage::count_material_takers(connection, owner);
        numbers.people = storage::list_material_adders(connection, owner);
        const auto use = storage::count_upload_use(connection, actor.person, owner);
        numbers.owner_octets = use.owner;
        numbers.person_octets = use.person;
        numbers.installation_octets = use.installation;
        return numbers;
      });
}

std::int64_t load_material_octets(const Environment& environment) {
  return read_database(environment, [](storage::Connection& connection) {
    return storage::count_upload_use(connection, std::nullopt, domain::MeetingId{}).installation;
  });
}

}  // namespace narada::usecases
