// Who reads materials, and what they belong to.

#include <algorithm>

#include "service/http/pages/account/account_frame.h"
#include "service/http/pages/materials_views.h"
#include "service/http/response_headers.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {
namespace {

std::string list_path_of(const ReadingPlace& place, const std::string& path) {
  return (place.by_link() ? place.base : path) + "/materialy";
}

ReadingPlace place_of_link(const Page& page, const std::string& token) {
  const auto found = value_or_throw(find_registration_by_token(page.environment(), token));
  ReadingPlace place;
  place.actor.kind = usecases::Actor::Kind::manage;
  place.actor.id = found.registration.id.value;
  place.base = "/z/" + token;
  return place;
}

}  // namespace

ReadingPlace place_of(const Page& page) {
  const auto& params = page.request().params;
  if (const auto token = params.find("token"); token != params.end())
    return place_of_link(page, token->second);
  ReadingPlace place{visitor()};
  if (session_cookie(page.request()).empty()) return place;
  place.signed_in = find_signed_in(page);
  if (place.signed_in) place.actor = place.signed_in->actor;
  return place;
}

void add_reading_page(Router& router, const Parts& parts, const std::string& path,
                      ReadingHandler handler) {
  add_page(router, Method::get, path, [&parts, handler](const Request& request) {
    Page page(parts, request);
    const auto place = place_of(page);
    if (place.signed_in) {
      show_account(page, *place.signed_in);
      const FormGuard guard(page);
      auto response = guard.apply(handler(page, place));
      response.set("Cache-Control", "no-store");
      return response;
    }
    if (place.by_link()) {
      page.view()["private"] = true;
      page.view()["canonical"] = nullptr;
    }
    auto response = handler(page, place);
    response.set("Cache-Control", place.by_link() ? "no-store" : "private, no-cache");
    add_vary(response, "Cookie");
    return response;
  });
}

MaterialHome home_of_meeting(const Page& page, const ReadingPlace& place, const std::string& key) {
  const auto meeting = value_or_throw(find_meeting(page.environment(), place.actor, key));
  const auto path = "/spotkania/" + meeting.slug;
  MaterialHome home{meeting.id, meeting.title, path, list_path_of(place, path), {}};
  const auto state = decide_registration_state(meeting, page.now());
  if (state == domain::RegistrationState::open || state == domain::RegistrationState::waiting_list)
    home.register_url = page.link(path + "/zapisy");
  return home;
}

MaterialHome home_of_cycle(const Page& page, const ReadingPlace& place, const std::string& key) {
  const auto cycle = value_or_throw(find_cycle(page.environment(), place.actor, key));
  const auto path = "/cykle/" + cycle.slug;
  return {cycle.id, cycle.title, path, list_path_of(place, path), {}};
}

MaterialHome home_of_practice(const Page& page, const ReadingPlace& place, const std::string& key) {
  const auto practice = value_or_throw(find_practice(page.environment(), place.actor, key));
  const auto path = "/praktyki/" + practice.slug;
  return {practice.id, practice.title, path, list_path_of(place, path), {}};
}

std::vector<SessionMaterials> find_session_materials(const Page& page, const ReadingPlace& place,
                                                     const domain::MaterialOwner& owner) {
  std::vector<SessionMaterials> sessions;
  const auto* id = std::get_if<domain::CycleId>(&owner);
  if (id == nullptr) return sessions;
  const auto cycle =
      value_or_throw(find_cycle(page.environment(), place.actor, std::to_string(id->value)));
  int number = 0;
  for (const auto& meeting : cycle.meetings) {
    ++number;
    auto readables = load_readable_materials(page.environment(), place.actor, meeting.id);
    if (!readables || readables->empty()) continue;
    sessions.push_back({meeting.title, std::to_string(number) + ". " + meeting.title,
                        "/spotkania/" + meeting.slug + "/materialy", std::move(*readables)});
  }
  return sessions;
}

bool has_files(const std::vector<usecases::ReadableMaterial>& readables) {
  return std::any_of(readables.begin(), readables.end(),
                     [](const usecases::ReadableMaterial& readable) {
                       return readable.reading == domain::MaterialReading::open &&
                              domain::current_version(readable.material) != nullptr;
                     });
}

MaterialHome find_home(const Page& page, const ReadingPlace& place,
                       const domain::MaterialOwner& owner) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&owner))
    return home_of_meeting(page, place, std::to_string(meeting->value));
  if (const auto* cycle = std::get_if<domain::CycleId>(&owner))
    return home_of_cycle(page, place, std::to_string(cycle->value));
  return home_of_practice(page, place, std::to_string(std::get<domain::PracticeId>(owner).value));
}

}  // namespace narada::http::pages
