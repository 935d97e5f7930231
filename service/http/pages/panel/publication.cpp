// /panel/spotkania/{id}/termin-publikacji, /panel/cykle/{id}/termin-publikacji: when a draft is
// published by itself.

#include "service/http/pages/panel/publication.h"

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/change_preview.h"
#include "service/http/pages/panel/meeting_form.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/typed.h"
#include "service/usecases/meetings/planner.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using usecases::PublicationTime;
using usecases::SignedIn;

constexpr const char* kPath = "/termin-publikacji";

struct MeetingDraft {
  using Id = domain::MeetingId;
  static constexpr const char* kFolder = "/panel/spotkania/";
  static constexpr const char* kPage = "/dane";
  static constexpr const char* kDone = "meeting_saved";
  static std::string title(const Page& page, const SignedIn& signed_in, Id id) {
    const auto stored = load_meeting_to_edit(page.environment(), signed_in.actor, id);
    if (!stored) throw Error(404);
    return stored->meeting.title;
  }
};
struct CycleDraft {
  using Id = domain::CycleId;
  static constexpr const char* kFolder = "/panel/cykle/";
  static constexpr const char* kPage = "";
  static constexpr const char* kDone = "cycle_saved";
  static std::string title(const Page& page, const SignedIn& signed_in, Id id) {
    const auto stored = load_cycle_to_edit(page.environment(), signed_in.actor, id);
    if (!stored) throw Error(404);
    return stored->cycle.title;
  }
};

std::string path_of(const char* folder, std::int64_t id, const char* rest) {
  return folder + std::to_string(id) + rest;
}

template <class Kind>
Response show(Page& page, const SignedIn& signed_in, typename Kind::Id id,
              const PublicationTime& time, const domain::FieldErrors& errors,
              const OwnForm* typed = nullptr) {
  const std::string title = Kind::title(page, signed_in, id);
  open_panel(page, signed_in, PanelRoom::cycles,
             page.text("publication.title", {{"title", title}}));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.crumb(title, path_of(Kind::kFolder, id.value, Kind::kPage));
  auto& view = page.view();
  view["now"] = publication_text(page, time);
  view["planned"] = time.at.has_value();
  view["action"] = page.link(path_of(Kind::kFolder, id.value, kPath));
  view["back_url"] = page.link(path_of(Kind::kFolder, id.value, Kind::kPage));
  const auto at =
      time.at ? calendar::to_wall_time(*time.at, domain::kDefaultZone) : domain::WallTime{};
  view["publish_day"] = typed ? typed->value("publish_day") : time.at ? web::iso_date(at) : "";
  view["publish_hour"] = typed ? typed->value("publish_hour") : time.at ? clock_text(at) : "09:00";
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_publication"));
}

template <class Kind>
typename Kind::Id id_in(const Page& page) {
  return typename Kind::Id{id_of(page.request())};
}

template <class Kind>
PublicationTime load(const Page& page, const SignedIn& signed_in, typename Kind::Id id) {
  const auto time = find_publication_time(page.environment(), signed_in.actor, id);
  if (!time) throw Error(404);
  return *time;
}

std::string moment_words(const Page& page, const char* key, domain::Instant at) {
  const auto wall = calendar::to_wall_time(at, domain::kDefaultZone);
  return page.text(
      key, {{"date", web::day_date(page.language(), wall)}, {"time", web::clock_time(wall)}});
}

// Polish time, whatever the zone of the meeting: it is when the announcement appears.
std::optional<domain::Instant> read_moment(const OwnForm& fields, domain::FieldErrors& errors) {
  const auto day = read_day(fields.value("publish_day"), "publish_day", errors);
  const auto hour = read_clock(fields.value("publish_hour"), "publish_hour", errors);
  if (fields.value("publish_day").empty()) errors.push_back({"publish_day", "required"});
  if (fields.value("publish_hour").empty()) errors.push_back({"publish_hour", "required"});
  if (!day || !hour) return std::nullopt;
  const auto found = calendar::to_instant(*day + std::chrono::minutes{*hour}, domain::kDefaultZone);
  if (!found.exists) errors.push_back({"publish_hour", "nonexistent_time"});
  return found.instant;
}

// What the publication will set off; absent: that has been seen, or concerns nobody.
template <class Kind>
std::optional<Response> show_stop(Page& page, const SignedIn& signed_in, const OwnForm& fields,
                                  typename Kind::Id id, domain::Instant at,
                                  const web::Renderer& renderer, domain::FieldErrors& errors) {
  usecases::Rehearsal rehearsal;
  auto call = person_call(page, fields, signed_in);
  call.rehearsal = &rehearsal;
  call.idempotency_key.reset();
  const auto outcome = rehearse_publication(page.environment(), call, id, at);
  if (!outcome) {
    errors = panel_errors_of(outcome.failure());
    return std::nullopt;
  }
  if (rehearsal.preview().fingerprint() == fields.value("agreed")) return std::nullopt;
  const std::string title = Kind::title(page, signed_in, id);
  open_panel(page, signed_in, PanelRoom::cycles, page.text("changes.title", {{"title", title}}));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.crumb(title, path_of(Kind::kFolder, id.value, Kind::kPage));
  const auto path = path_of(Kind::kFolder, id.value, kPath);
  return show_change_preview(
      page, fields, rehearsal.preview(),
      {renderer, path, "publication.confirm", path, moment_words(page, "publication.then", at)});
}

template <class Kind>
Response save(Page& page, const SignedIn& signed_in, const web::Renderer& renderer) {
  const auto id = id_in<Kind>(page);
  const auto time = load<Kind>(page, signed_in, id);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  std::optional<domain::Instant> at;
  if (fields.value("do") != "withdraw") at = read_moment(fields, errors);
  if (errors.empty() && at) {
    if (auto stop = show_stop<Kind>(page, signed_in, fields, id, *at, renderer, errors)) {
      return std::move(*stop);
    }
  }
  if (errors.empty()) {
    const auto outcome =
        set_publication_time(page.environment(), person_call(page, fields, signed_in), id, at);
    if (outcome)
      return redirect_done(page, path_of(Kind::kFolder, id.value, Kind::kPage), Kind::kDone);
    errors = panel_errors_of(outcome.failure());
  }
  for (auto& error : errors)
    if (error.field == "publish_at") error.field = "publish_day";
  return show<Kind>(page, signed_in, id, time, errors, &fields);
}

template <class Kind>
void add_pages(Router& router, const Parts& parts) {
  const std::string path = std::string(Kind::kFolder) + "{id}" + kPath;
  add_private_page(router, parts, Method::get, path, [](Page& page, const SignedIn& signed_in) {
    const auto id = id_in<Kind>(page);
    return show<Kind>(page, signed_in, id, load<Kind>(page, signed_in, id), {});
  });
  add_private_page(router, parts, Method::post, path,
                   [renderer = parts.renderer](Page& page, const SignedIn& signed_in) {
                     return save<Kind>(page, signed_in, *renderer);
                   });
}

}  // namespace

std::string publication_text(const Page& page, const PublicationTime& time) {
  if (time.at) return moment_words(page, "publication.planned", *time.at);
  if (time.problem.empty()) return {};
  return page.text(time.problem == "meeting_past" ? "publication.failed_past"
                                                  : "publication.failed");
}

void add_panel_publication_pages(Router& router, const Parts& parts) {
  add_pages<MeetingDraft>(router, parts);
  add_pages<CycleDraft>(router, parts);
}

}  // namespace narada::http::pages
