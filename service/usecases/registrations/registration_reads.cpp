#include <utility>

#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/place_rules.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/registrations/registrations.h"
#include "service/usecases/registrations/special_needs.h"
#include "service/usecases/stored_things.h"
#include "sql/meeting_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

using Participants = std::vector<storage::StoredRegistration>;

// All of the meeting for those who answer for it, those of their own institution for coordinators.
domain::Outcome<Participants> load_participants(storage::Connection& connection, const Actor& actor,
                                                std::string_view meeting,
                                                storage::RegistrationListing listing) {
  const auto seen = check_meeting(connection, actor, Action::see, meeting);
  if (!seen) return seen.failure();
  if (!can(actor, Action::see_participants, *seen)) {
    listing.of_institutions = domain::reach_of(actor, Action::see_participants).people_of;
    if (listing.of_institutions.empty()) return domain::Forbidden{};
  }
  auto participants = storage::list_registrations(connection, *seen->meeting, listing);
  for (auto& stored : participants) {
    Thing thing = *seen;
    thing.registration = stored.registration.id;
    thing.person = stored.registration.person.id;
    if (!can(actor, Action::see_needs, thing)) forget_needs(stored.registration);
  }
  return participants;
}

domain::Outcome<RegistrationView> make_view(const Environment& environment,
                                            std::optional<storage::StoredRegistration> stored) {
  if (!stored) return domain::NotFound{};
  domain::Registration& registration = stored->registration;
  // Nobody is registered for a draft; whoever holds a registration is not kept from its meeting,
  // nor shown a cycle that is one.
  auto kept = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_kept_meeting(connection, registration.meeting);
  });
  if (!kept) return domain::NotFound{};
  domain::Meeting& meeting = kept->meeting;
  const auto standing = read_database(environment, [&](storage::Connection& connection) {
    return find_place_standing(connection, meeting, *stored, environment.clock->now());
  });
  if (standing.queue_position) registration.queue_position = standing.queue_position;
  if (registration.status != domain::RegistrationStatus::confirmed ||
      !may_join_online(meeting, registration.mode)) {
    meeting.online_url.clear();
  }
  return RegistrationView{std::move(registration), std::move(meeting), standing.why, kept->in_bin};
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
  auto stored = read_database(
      environment,
      [&](storage::Connection& connection) -> domain::Outcome<storage::StoredRegistration> {
        auto found = storage::find_registration(connection, registration);
        if (!found) return domain::NotFound{};
        const auto thing =
            check_registration(connection, actor, Action::see_registration, found->registration);
        if (!thing) return thing.failure();
        if (!check_registration(connection, actor, Action::see_needs, found->registration)) {
          forget_needs(found->registration);
        }
        return *std::move(found);
      });
  if (!stored) return stored.failure();
  return make_view(environment, std::move(stored).value());
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
  const int limit = clamp_limit(page.limit);
  const auto cursor = find_cursor(page.cursor, kRegistrationList);
  storage::RegistrationListing listing;
  listing.status = status;
  listing.after = cursor ? cursor->id : 0;
  listing.limit = limit + 1;
  auto stored = read_database(environment, [&](storage::Connection& connection) {
    return load_participants(connection, actor, meeting_id_or_slug, listing);
  });
  if (!stored) return stored.failure();
  auto found =
      make_page(std::move(stored).value(), limit, [](const storage::StoredRegistration& last) {
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
