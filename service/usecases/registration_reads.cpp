#include <utility>

#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/registration_mails.h"
#include "service/usecases/registrations.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

// Nobody who holds a registration is kept from its meeting.
const Actor kSystem{Actor::Kind::system};

domain::Outcome<RegistrationView> make_view(const Environment& environment,
                                            std::optional<storage::StoredRegistration> stored) {
  if (!stored) return domain::NotFound{};
  domain::Registration& registration = stored->registration;
  auto meeting = find_meeting(environment, kSystem, std::to_string(registration.meeting.value));
  if (!meeting) return meeting.failure();
  if (registration.status != domain::RegistrationStatus::confirmed ||
      !may_join_online(*meeting, registration.mode)) {
    meeting->online_url.clear();
  }
  return RegistrationView{std::move(registration), std::move(meeting).value()};
}

}  // namespace

domain::Outcome<RegistrationView> find_registration_by_token(const Environment& environment,
                                                             std::string_view token) {
  auto stored = read_database(
      environment,
      [&](storage::Connection& connection) -> std::optional<storage::StoredRegistration> {
        const auto id = storage::find_registration_by_token(connection, hash_token(token));
        if (!id) return std::nullopt;
        return storage::find_registration(connection, *id);
      });
  return make_view(environment, std::move(stored));
}

domain::Outcome<RegistrationView> find_registration(const Environment& environment,
                                                    const Actor& actor,
                                                    domain::RegistrationId registration) {
  if (!actor.can_organize()) return domain::Forbidden{};
  auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_registration(connection, registration);
  });
  return make_view(environment, std::move(stored));
}

bool is_manage_token(const Environment& environment, domain::RegistrationId registration,
                     std::string_view token) {
  const auto opened = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_registration_by_token(connection, hash_token(token));
  });
  return opened == registration;
}

domain::Outcome<PageOf<domain::Registration>> list_registrations(
    const Environment& environment, const Actor& actor, std::string_view meeting_id_or_slug,
    std::optional<domain::RegistrationStatus> status, const PageRequest& page) {
  if (!actor.can_organize()) return domain::Forbidden{};
  const int limit = clamp_limit(page.limit);
  const auto cursor = find_cursor(page.cursor, kRegistrationList);
  const std::int64_t after = cursor ? cursor->id : 0;
  using Stored = std::vector<storage::StoredRegistration>;
  auto stored =
      read_database(environment, [&](storage::Connection& connection) -> std::optional<Stored> {
        const auto seated = storage::find_seated_meeting(connection, meeting_id_or_slug);
        if (!seated) return std::nullopt;
        return storage::list_registrations(connection, seated->meeting.id,
                                           {status, after, limit + 1});
      });
  if (!stored) return domain::NotFound{};
  auto found = make_page(*std::move(stored), limit, [](const storage::StoredRegistration& last) {
    return ListCursor{std::string(kRegistrationList), "", last.queue_number};
  });
  PageOf<domain::Registration> shown;
  shown.next = std::move(found.next);
  for (auto& one : found.items) shown.items.push_back(std::move(one.registration));
  return shown;
}

std::optional<InformationClause> find_information_clause(const Environment& environment,
                                                         std::optional<int> version) {
  const auto clause = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_clause(connection, version, environment.clock->now());
  });
  if (!clause) return std::nullopt;
  return InformationClause{clause->version, clause->text_pl, clause->text_en, clause->valid_from};
}

}  // namespace narada::usecases
