#include "tests/support/place_replay.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace narada::testing {
namespace {

using domain::PlaceStep;
using nlohmann::json;

std::optional<domain::Instant> instant_of(const json& seconds) {
  if (seconds.is_null()) return std::nullopt;
  return domain::Instant{std::chrono::seconds(seconds.get<std::int64_t>())};
}

std::string verb_of(PlaceStep::Kind kind) {
  if (kind == PlaceStep::Kind::expire) return "registration.offer_expired";
  return kind == PlaceStep::Kind::offer ? "registration.offered" : "registration.promoted";
}

std::string describe(const std::optional<PlaceStep>& step) {
  if (!step) return "nothing";
  return fmt::format("{} {}", verb_of(step->kind), step->registration.value);
}

std::string status_of(const domain::Admission& admission) {
  if (std::holds_alternative<domain::Confirmed>(admission)) return "confirmed";
  return std::holds_alternative<domain::Waitlisted>(admission) ? "waitlisted" : "refused";
}

}  // namespace

std::vector<LoggedPlace> load_places_log(storage::Connection& connection,
                                         domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT occurred_at, verb, SUBSTRING_INDEX(subject, ':', -1), details FROM activity "
      "WHERE meeting_id = ? AND (verb LIKE 'registration.%' OR verb LIKE 'places.%') ORDER BY id";
  std::vector<LoggedPlace> entries;
  for (const auto row : connection.query(kSelect, {meeting})) {
    entries.push_back({row.instant(0), row.text(1), {std::stoll(row.text(2))}, row.text(3)});
  }
  return entries;
}

void PlaceReplay::apply(const LoggedPlace& entry) {
  if (entry.verb == "places.changed") return lay_down(entry.details);
  if (entry.verb == "places.released") return;
  if (entry.verb == "registration.created" || entry.verb == "registration.returned") {
    return enter(entry);
  }
  if (entry.verb == "registration.cancelled" || entry.verb == "registration.offer_accepted") {
    return leave(entry);
  }
  step(entry);
}

void PlaceReplay::end(domain::Instant now) {
  const auto due = domain::next_step(book_, now);
  if (due) mismatches_.push_back("was due and never done: " + describe(due));
}

void PlaceReplay::lay_down(const std::string& text) {
  const json details = json::parse(text);
  domain::PlacePolicy& policy = book_.policy;
  policy.version = details.at("rules").get<std::int64_t>();
  policy.guaranteed_places = details.at("guaranteed_places").get<int>();
  policy.guaranteed_until = instant_of(details.at("guaranteed_until"));
  policy.order = *domain::find_waiting_order(details.at("order").get<std::string>());
  policy.offer_minutes = details.at("offer_minutes").get<int>();
  if (!details.at("institution_cap").is_null()) {
    policy.institution_cap = details.at("institution_cap").get<int>();
  }
  book_.begins_at = *instant_of(details.at("begins_at"));
  book_.offered = true;
  for (const auto& id : details.at("guaranteed")) {
    book_.institutions[{id.get<std::int64_t>()}].guaranteed = true;
  }
  for (const auto& hold : details.at("holds")) {
    auto& places = book_.institutions[{hold.at("institution").get<std::int64_t>()}];
    places.kept = hold.at("places").get<int>();
    places.kept_until = instant_of(hold.at("until"));
  }
  if (overruled_) policy = *overruled_;
}

void PlaceReplay::enter(const LoggedPlace& entry) {
  const json details = json::parse(entry.details);
  const domain::InstitutionId institution{details.at("institution").get<std::int64_t>()};
  book_.capacity = details.at("capacity").get<int>();
  expect(describe(domain::next_step(book_, entry.at)), "nothing", entry);
  const auto decided = domain::decide_place(book_, {institution, {}, {}}, entry.at);
  const auto logged = details.at("status").get<std::string>();
  expect(status_of(decided.admission) + " " + std::string(to_string(decided.why.reason)),
         logged + " " + details.at("why").get<std::string>(), entry);
  institutions_[entry.registration] = institution;
  if (logged == "confirmed") {
    domain::add_confirmed(book_, institution, false);
  } else {
    const auto number = details.at("queue_number").get<std::int64_t>();
    domain::add_waiting(book_, {entry.registration, institution, number, std::nullopt, 0});
  }
}

void PlaceReplay::step(const LoggedPlace& entry) {
  const auto due = domain::next_step(book_, entry.at);
  expect(describe(due), fmt::format("{} {}", entry.verb, entry.registration.value), entry);
  if (!due) return;
  domain::apply(book_, *due, json::parse(entry.details).at("queue_number").get<std::int64_t>());
}

// Whoever leaves the line leaves it for good, or for a place.
void PlaceReplay::leave(const LoggedPlace& entry) {
  const auto institution = institutions_.at(entry.registration);
  const std::size_t before = book_.waiting.size();
  domain::remove_waiting(book_, entry.registration);
  const bool waited = book_.waiting.size() < before;
  if (entry.verb == "registration.offer_accepted") {
    domain::add_confirmed(book_, institution, false);
  } else if (!waited) {
    domain::remove_confirmed(book_, institution, false);
  }
}

void PlaceReplay::expect(const std::string& decided, const std::string& logged,
                         const LoggedPlace& entry) {
  if (decided == logged) return;
  mismatches_.push_back(fmt::format("{} {}: the log says \"{}\", the rules \"{}\"", entry.verb,
                                    entry.registration.value, logged, decided));
}

}  // namespace narada::testing
