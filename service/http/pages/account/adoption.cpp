// /praktyki/{slug}/wdrozenie: an institution says what it does with a practice.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "service/http/pages/account/session.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/names.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/preparation.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/views.h"
#include "service/usecases/adoptions/adoptions.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/practices/practices.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::AdoptionStatus;
using usecases::AdoptingInstitutions;
using usecases::AdoptionEntry;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 64 << 10;
constexpr std::array kStatuses = {AdoptionStatus::considering, AdoptionStatus::adapting,
                                  AdoptionStatus::adopted, AdoptionStatus::given_up};

struct Room {
  domain::Practice practice;
  AdoptingInstitutions who;
  std::optional<domain::InstitutionRef> institution;  // for whom; absent: not chosen yet
  std::optional<AdoptionEntry> entry;                 // what it has said before
};

std::string path_of(const Room& room) { return "/praktyki/" + room.practice.slug + "/wdrozenie"; }

std::optional<domain::InstitutionRef> chosen(const Page& page, const AdoptingInstitutions& who,
                                             const std::string& key) {
  if (!who.all) {
    if (key.empty() && who.institutions.size() == 1) return who.institutions.front();
    for (const auto& one : who.institutions)
      if (std::to_string(one.id.value) == key) return one;
    return std::nullopt;
  }
  if (key.empty()) return std::nullopt;
  const auto found = find_institution(page.environment(), PanelNames(page).institution_key(key));
  if (!found) return std::nullopt;
  return domain::InstitutionRef{found->id,   found->slug, found->teryt,
                                found->name, found->kind, found->position};
}

Room find_room(const Page& page, const SignedIn& signed_in, const std::string& key) {
  Room room;
  const auto slug = page.request().params.at("slug");
  room.practice = value_or_throw(find_practice(page.environment(), visitor(), slug));
  room.who = list_adopting_institutions(page.environment(), signed_in.actor);
  room.institution = chosen(page, room.who, key);
  if (!room.institution) return room;
  const auto entries = take(
      list_adoptions(page.environment(), signed_in.actor, std::to_string(room.practice.id.value)));
  for (const auto& entry : entries)
    if (entry.adoption.institution.id == room.institution->id) room.entry = entry;
  return room;
}

FormFields stored_fields(const Room& room) {
  FormFields fields;
  const auto put = [&](const std::string& name, const std::string& value) {
    fields.fields.emplace_back(name, value);
  };
  if (!room.entry) return fields;
  const auto& adoption = room.entry->adoption;
  put("status", std::string(to_string(adoption.status)));
  if (adoption.since)
    put("since", web::iso_date(domain::WallTime{std::chrono::local_days{*adoption.since}}));
  if (adoption.learnt_at) put("meeting", std::to_string(adoption.learnt_at->value));
  put("changed", adoption.changed);
  put("document_url", adoption.document_url);
  return fields;
}

web::View meeting_options(const Page& page, const Room& room, const std::string& chosen_key) {
  std::vector<std::pair<std::string, std::string>> options{{"", page.text("adoption.not_known")}};
  const auto add = [&](const usecases::LearntAt& meeting) {
    const auto value = std::to_string(meeting.id.value);
    const bool known = std::any_of(options.begin(), options.end(),
                                   [&](const auto& option) { return option.first == value; });
    if (!known)
      options.emplace_back(value,
                           meeting.title + ", " + web::day_date(page.language(), meeting.starts));
  };
  if (room.entry && room.entry->learnt_at) add(*room.entry->learnt_at);
  for (const auto& meeting :
       list_meetings_to_learn_at(page.environment(), room.practice.id, room.institution->id))
    add(meeting);
  return options_view(options, chosen_key);
}

void show_choice(Page& page, const Room& room) {
  auto& view = page.view();
  web::View institutions = web::View::array();
  for (const auto& one : room.who.institutions)
    institutions.push_back({{"value", std::to_string(one.id.value)}, {"label", one.name}});
  view["choose"] = {{"institutions", std::move(institutions)},
                    {"any_institution", room.who.all},
                    {"typed", page.request().query_value("instytucja")}};
  view["choose_url"] = page.link(path_of(room));
  if (room.who.all) view["institution_names"] = PanelNames(page).institution_labels();
}

void show_fields(Page& page, const Room& room, const FormFields& typed) {
  auto& view = page.view();
  web::View statuses = web::View::array();
  for (const auto status : kStatuses)
    statuses.push_back({{"value", to_string(status)},
                        {"label", page.text("adoption.we_" + std::string(to_string(status)))},
                        {"selected", typed.value("status") == to_string(status)}});
  view["adopting"] = {{"institution_name", room.institution->name},
                      {"institution_id", std::to_string(room.institution->id.value)},
                      {"version", std::to_string(room.entry ? room.entry->adoption.version : 0)},
                      {"statuses", std::move(statuses)},
                      {"typed_since", typed.value("since")},
                      {"meetings", meeting_options(page, room, typed.value("meeting"))},
                      {"typed_changed", typed.value("changed")},
                      {"typed_document_url", typed.value("document_url")},
                      {"removable", room.entry.has_value()},
                      {"remove_operation", usecases::make_token()},
                      {"adopting_action", page.link(path_of(room))}};
}

Response show(Page& page, const Room& room, const FormFields& typed,
              const domain::FieldErrors& errors) {
  page.title(page.text("adoption.form_title"));
  page.crumb(page.text("nav.practices"), "/praktyki");
  page.crumb(room.practice.title, "/praktyki/" + room.practice.slug);
  if (!errors.empty()) show_errors(page, errors);
  auto& view = page.view();
  view["practice_title"] = room.practice.title;
  view["practice_url"] = page.link("/praktyki/" + room.practice.slug);
  const bool nobody = !room.who.all && room.who.institutions.empty();
  view["may_not"] = nobody;
  if (room.institution)
    show_fields(page, room, typed);
  else if (!nobody)
    show_choice(page, room);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/adoption"));
}

usecases::AdoptionForm read_form(const FormFields& fields, domain::FieldErrors& errors) {
  usecases::AdoptionForm form;
  if (const auto status = domain::find_adoption_status(fields.value("status")))
    form.status = *status;
  else
    errors.push_back({"status", "required"});
  const auto since = fields.value("since");
  form.since = find_date(since);
  if (!since.empty() && !form.since) errors.push_back({"since", "invalid_date"});
  form.meeting = fields.value("meeting");
  form.changed = fields.value("changed");
  form.document_url = fields.value("document_url");
  return form;
}

domain::FieldErrors said_of(const domain::Failure& failure) {
  if (std::holds_alternative<domain::Stale>(failure)) return {{"", "adoption_changed_meanwhile"}};
  return errors_of(failure, "change_sent_before");
}

Response save(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  auto room = find_room(page, signed_in, fields.value("institution"));
  if (!room.institution) throw Error(404);
  const auto back = "/praktyki/" + room.practice.slug;
  auto errors = fields.errors;
  if (errors.empty() && fields.value("do") == "remove" && room.entry) {
    const auto removed = remove_adoption(page.environment(), person_call(page, fields, signed_in),
                                         room.entry->adoption.id);
    if (removed) return redirect(303, page.link(back) + "#wdrozenia");
    errors = said_of(removed.failure());
  } else if (errors.empty()) {
    const auto form = read_form(fields, errors);
    domain::FieldErrors ignored;
    const auto version = read_integer(fields, "version", ignored);
    if (errors.empty()) {
      const auto recorded =
          record_adoption(page.environment(), person_call(page, fields, signed_in),
                          std::to_string(room.practice.id.value),
                          std::to_string(room.institution->id.value), form, version);
      if (recorded) return redirect(303, page.link(back) + "#wdrozenia");
      errors = said_of(recorded.failure());
    }
  }
  return show(page, room, fields, errors);
}

}  // namespace

void add_adoption_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  add_private_page(router, parts, Method::get, "/praktyki/{slug}/wdrozenie",
                   [](Page& page, const SignedIn& signed_in) {
                     const auto room =
                         find_room(page, signed_in, page.request().query_value("instytucja"));
                     return show(page, room, stored_fields(room), {});
                   });
  add_private_page(router, parts, Method::post, "/praktyki/{slug}/wdrozenie", save, form);
}

}  // namespace narada::http::pages
