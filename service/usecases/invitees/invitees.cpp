#include "service/usecases/invitees/invitees.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "service/usecases/invitees/invited_to.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/invitee_candidate_store.h"
#include "sql/invitee_store.h"

namespace narada::usecases {
namespace {

bool holds(const std::string& text, const std::string& key) {
  return make_name_key(text).find(key) != std::string::npos;
}

bool fits(const Invitee& invitee, const InviteeFilter& filter) {
  if (filter.state && invitee.state != *filter.state) return false;
  const auto key = make_name_key(filter.q);
  return key.empty() || holds(invitee.full_name, key) || holds(invitee.email, key) ||
         (invitee.institution && holds(invitee.institution->name, key));
}

// In the order of the list, in which those of one institution stand together.
void count(const Invitee& invitee, InviteeList& list) {
  ++list.counts[invitee.state];
  const auto id = invitee.institution ? invitee.institution->id : domain::InstitutionId{};
  auto& rows = list.institutions;
  const bool is_same = !rows.empty() && (rows.back().institution ? rows.back().institution->id
                                                                 : domain::InstitutionId{}) == id;
  if (!is_same) rows.push_back({invitee.institution, {}});
  ++rows.back().counts[invitee.state];
}

domain::Outcome<InviteeList> list_in(storage::Connection& connection,
                                     const Environment& environment, const Actor& actor,
                                     const InviteeScope& scope, const InviteeFilter& filter) {
  const auto to = find_invited_to(connection, environment, actor, Action::organize, scope);
  if (!to) return to.failure();
  const auto now = environment.clock->now();
  InviteeList list;
  list.scope = scope;
  list.title = to->title;
  list.slug = to->slug;
  list.path = to->path;
  list.obstacle = to->obstacle;
  for (auto& invitee : storage::list_invitees(connection, scope, kMostInvitees)) {
    count(invitee, list);
    list.to_remind += domain::may_remind(invitee, now) ? 1 : 0;
    if (fits(invitee, filter)) list.invitees.push_back(std::move(invitee));
  }
  list.held = static_cast<int>(storage::list_held_mails(connection, scope, now).size());
  return list;
}

}  // namespace

domain::Outcome<InviteeList> list_invitees(const Environment& environment, const Actor& actor,
                                           const InviteeScope& scope, const InviteeFilter& filter) {
  return read_database(environment, [&](storage::Connection& connection) {
    return list_in(connection, environment, actor, scope, filter);
  });
}

domain::Outcome<int> remove_invitees(const Environment& environment, const Call& call,
                                     const InviteeScope& scope,
                                     const std::vector<domain::InviteeId>& ids) {
  return run_once<int>(
      environment, call, "remove_invitees",
      [&](storage::Connection& connection) -> domain::Outcome<int> {
        const auto to =
            find_invited_to(connection, environment, call.actor, Action::organize, scope);
        if (!to) return to.failure();
        const int removed = storage::remove_invitees(connection, scope, ids);
        record_of_list(connection, environment, call, "invitees.removed", scope,
                       fmt::format(R"({{"removed":{}}})", removed));
        return removed;
      },
      [](int removed) { return std::to_string(removed); },
      [](const std::string& text) { return std::stoi(text); });
}

std::vector<InviteeEdition> list_editions(const Environment& environment, const Actor& actor,
                                          const InviteeScope& scope) {
  constexpr int kMostEditions = 100;
  const auto reach = domain::reach_of(actor, Action::see_participants);
  if (reach.nothing()) return {};
  const auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_editions(connection, reach, kMostEditions);
  });
  std::vector<InviteeEdition> editions;
  for (const auto& edition : stored)
    if (edition.scope != scope)
      editions.push_back({to_text(edition.scope), edition.title, edition.starts});
  return editions;
}

std::optional<InviteeScope> find_invitee_scope(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto digits = text.substr(colon + 1);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error != std::errc{} || end != digits.data() + digits.size() || id <= 0) return std::nullopt;
  if (text.substr(0, colon) == "meeting") return domain::MeetingId{id};
  if (text.substr(0, colon) == "cycle") return domain::CycleId{id};
  return std::nullopt;
}

std::string to_text(const InviteeScope& scope) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope))
    return fmt::format("meeting:{}", meeting->value);
  return fmt::format("cycle:{}", std::get<domain::CycleId>(scope).value);
}

}  // namespace narada::usecases
