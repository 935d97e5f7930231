// /prowadzacy/{slug}: who somebody is who leads, what they lead, present and bring; and their
// picture.

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/structured_data.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/expert_photo.h"
#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/materials/material_contents.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

constexpr std::size_t kLongestMeta = 160;  // octets of a description for search engines

// The description in the page's language, else in Polish, marked as such.
void add_description(Page& page, const domain::ExpertProfile& profile) {
  const bool has_own = page.english() && !profile.description_en.empty();
  const auto& text = has_own ? profile.description_en : profile.expert.description;
  auto& view = page.view();
  view["about"] = web::markdown_html(text, 2);
  view["about_language"] = has_own ? "en" : "pl";
  const auto plain = web::markdown_text(text);
  view["description"] = plain.size() <= kLongestMeta ? plain : std::string();
}

void add_program(Page& page, const domain::ExpertProgram& program) {
  std::vector<domain::MeetingSummary> upcoming;
  std::vector<domain::MeetingSummary> past;
  for (const auto& meeting : program.meetings)
    (meeting.times.ends_at > page.now() ? upcoming : past).push_back(meeting);
  std::reverse(upcoming.begin(), upcoming.end());
  auto& view = page.view();
  view["upcoming"] = meeting_views(page, upcoming);
  view["past"] = meeting_views(page, past);
  view["cycles"] = web::View::array();
  for (const auto& cycle : program.cycles)
    view["cycles"].push_back({{"title", cycle.title}, {"url", page.link("/cykle/" + cycle.slug)}});
  view["nothing"] = program.meetings.empty() && program.cycles.empty();
}

void add_work(Page& page, const domain::ExpertProfile& profile) {
  const auto work = load_expert_work(page.environment(), visitor(), profile);
  auto& view = page.view();
  view["people"] = work.people;
  view["practices"] = web::View::array();
  for (const auto& practice : work.practices)
    view["practices"].push_back(
        {{"title", practice.title}, {"url", page.link("/praktyki/" + practice.slug)}});
  view["materials"] = web::View::array();
  for (const auto& material : work.materials)
    view["materials"].push_back(
        {{"title", material.title},
         {"language", to_string(material.language)},
         {"kind", page.text("panel_materials.kind_" + std::string(to_string(material.kind)))},
         {"url", page.link("/materialy/" + std::to_string(material.id.value))}});
}

// The address of the picture; empty: there is none to show.
std::string photo_path(const Page& page, const domain::ExpertProfile& profile) {
  const auto photo = find_expert_photo(page.environment(), profile.expert.id);
  return photo && photo->is_shown ? "/prowadzacy/" + profile.expert.slug + "/zdjecie"
                                  : std::string();
}

Response send_photo(const Parts& parts, usecases::OpenContents& contents, const Request& request) {
  const auto& environment = *parts.environment;
  const auto digest =
      value_or_throw(usecases::find_shown_photo(environment, request.params.at("slug")));
  Response response;
  response.set("Content-Type", "image/jpeg");  // what the inspection makes of every picture
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Cache-Control", "public, max-age=300");
  response.set("ETag", "\"" + digest.hex.substr(0, 32) + "\"");
  auto photo = contents.open(environment, digest);
  if (!photo) throw Error(404);
  response.body = FileBody{std::move(photo->descriptor), 0, photo->size};
  return response;
}

Response show_expert(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto& slug = request.params.at("slug");
  const auto profile = value_or_throw(find_expert_profile(page.environment(), visitor(), slug));
  if (profile.expert.slug != slug)
    return redirect(301, page.link("/prowadzacy/" + profile.expert.slug));
  page.title(profile.expert.name);
  add_description(page, profile);
  auto& view = page.view();
  if (profile.institution)
    view["institution"] = {{"name", profile.organization},
                           {"url", page.link(institution_path(*profile.institution))}};
  else
    view["organization"] = profile.organization;
  add_program(page, load_expert_program(page.environment(), profile.expert.id));
  add_work(page, profile);
  const auto photo = photo_path(page, profile);
  if (!photo.empty())
    view["photo"] = {{"src", page.link(photo)},
                     {"alt", page.text("leading.photo_of", {{"name", profile.expert.name}})}};
  view["json_ld"] = expert_json_ld(page, profile, photo);
  return page.render(200, "pages/expert");
}

}  // namespace

void add_expert_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/prowadzacy/{slug}",
      [&parts](const Request& request) { return show_expert(parts, request); }, shared_page());
  add_page(router, Method::get, "/prowadzacy/{slug}/zdjecie",
           [&parts, contents = std::make_shared<usecases::OpenContents>()](const Request& request) {
             return send_photo(parts, *contents, request);
           });
}

}  // namespace narada::http::pages
