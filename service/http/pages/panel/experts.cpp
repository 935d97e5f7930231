// /panel/prowadzacy: who leads, and the calendars that they gave.

#include <charconv>

#include "service/http/multipart.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/inviting.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/expert_calendars.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::ExpertCalendar;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/prowadzacy";
constexpr std::uint64_t kMostOctets = (5 << 20) + (64 << 10);

std::string path_of(domain::ExpertId id) {
  return std::string(kPath) + "/" + std::to_string(id.value);
}

Response show_list(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  open_panel(page, signed_in, PanelRoom::experts, page.text("dates.experts_title"));
  const auto& request = page.request();
  const auto q = request.query_value("q");
  const auto cursor = request.query_value("od");
  usecases::PageRequest wanted{100, {}};
  if (!cursor.empty()) wanted.cursor = cursor;
  const auto experts = usecases::list_experts(page.environment(), q, wanted);
  auto& view = page.view();
  view["q"] = q;
  view["filter_action"] = page.link(kPath);
  view["overview_url"] = page.link("/panel/przygotowania");
  view["experts"] = web::View::array();
  for (const auto& expert : experts.items)
    view["experts"].push_back(
        {{"url", page.link(path_of(expert.id))},
         {"name", expert.name},
         {"kind", page.text("dates.kind_" + std::string(to_string(expert.kind)))},
         {"description", web::markdown_text(expert.description)}});
  if (experts.next)
    view["more_url"] =
        page.link(kPath) + "?q=" + encode_component(q) + "&od=" + encode_component(*experts.next);
  return page.render(200, "pages/panel_experts");
}

web::View calendar_view(const Page& page, const ExpertCalendar& calendar) {
  web::View facts = web::View::array();
  const auto add = [&](const char* label, const std::string& text) {
    facts.push_back({{"label", page.text(label)}, {"text", text}});
  };
  const bool has_address = !calendar.address.empty();
  add(has_address ? "dates.address" : "dates.source",
      has_address ? calendar.address : page.text("dates.from_file"));
  std::string read = calendar.read_at ? moment_text(page, *calendar.read_at) : "";
  if (calendar.waiting) read += (read.empty() ? "" : ". ") + page.text("dates.waiting");
  add("dates.last_read", read);
  add("dates.busy", page.text("dates.busy_count", {{"count", std::int64_t{calendar.busy}}}));
  const bool troubled = !calendar.problem.empty() && !calendar.waiting;
  return {{"facts", facts},
          {"address", calendar.address},
          {"problem", troubled ? page.text("dates.problem_" + calendar.problem) : ""}};
}

web::View people_views(const Page& page, const SignedIn& signed_in, domain::ExpertId expert) {
  web::View views = web::View::array();
  for (const auto& one :
       value_or_throw(list_expert_people(page.environment(), signed_in.actor, expert)))
    views.push_back({{"id", std::to_string(one.person.value)},
                     {"name", one.full_name},
                     {"email", one.email},
                     {"off_name", page.text("experts.people_off_of", {{"name", one.full_name}})},
                     {"operation", usecases::make_token()}});
  return views;
}

// 0: none.
std::int64_t read_id(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && end == text.data() + text.size() ? id : 0;
}

domain::ExpertRef find(const Page& page) {
  auto expert = usecases::find_expert(page.environment(), std::to_string(id_of(page.request())));
  if (!expert) throw Error(404);
  return std::move(expert).value();
}

Response show_one(Page& page, const SignedIn& signed_in, const FormFields& typed = {},
                  const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::edit_catalogue);
  const auto expert = find(page);
  open_panel(page, signed_in, PanelRoom::experts, expert.name);
  page.crumb(page.text("dates.experts_title"), kPath);
  const auto calendar =
      value_or_throw(find_expert_calendar(page.environment(), signed_in.actor, expert.id));
  auto& view = page.view();
  view["kind"] = page.text("dates.kind_" + std::string(to_string(expert.kind)));
  view["about"] = web::markdown_html(expert.description, 3);
  view["edit_url"] = page.link(path_of(expert.id) + "/dane");
  view["merge_url"] = page.link(path_of(expert.id) + "/polacz");
  view["public_url"] = page.link("/prowadzacy/" + expert.slug);
  view["action"] = page.link(path_of(expert.id));
  view["file_action"] = page.link(path_of(expert.id) + "/plik");
  view["people"] = people_views(page, signed_in, expert.id);
  view["has_people"] = !view["people"].empty();
  view["calendar"] = calendar ? calendar_view(page, *calendar) : web::View();
  view["remove_operation"] = usecases::make_token();
  view["again_operation"] = usecases::make_token();
  view["typed_address"] = typed.value("address");
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_expert");
}

Response press(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto expert = find(page);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_one(page, signed_in, fields, fields.errors);
  const auto call = person_call(page, fields, signed_in);
  const auto pressed = fields.value("do");
  const auto& environment = page.environment();
  if (pressed == "person_off") {
    const domain::PersonId person{read_id(fields.value("person"))};
    const auto removed = remove_expert_person(environment, call, expert.id, person);
    // Somebody else was quicker: they are off all the same.
    if (removed || std::holds_alternative<domain::NotFound>(removed.failure()))
      return redirect_done(page, path_of(expert.id), "expert_person_off");
    return show_one(page, signed_in, fields, errors_of(removed.failure(), "change_sent_before"));
  }
  const auto outcome = pressed == "again"    ? read_calendar_again(environment, call, expert.id)
                       : pressed == "remove" ? remove_calendar(environment, call, expert.id)
                                             : set_calendar_address(environment, call, expert.id,
                                                                    fields.value("address"));
  if (outcome)
    return redirect_done(page, path_of(expert.id),
                         pressed == "remove" ? "calendar_removed" : "calendar_set");
  if (std::holds_alternative<domain::Conflict>(outcome.failure()))
    return redirect(303, page.link(path_of(expert.id)));
  return show_one(page, signed_in, fields, errors_of(outcome.failure(), "change_sent_before"));
}

struct Upload {
  OwnForm form;
  std::string file;
};

Upload read_upload(const Page& page) {
  const auto& request = page.request();
  auto parts = parse_multipart_form(request.header("content-type"), request.body);
  if (!parts) throw Error(400, "a malformed multipart body");
  Upload upload;
  FormFields fields;
  for (auto& part : *parts) {
    if (part.file_name) {
      if (part.name == "file") upload.file = std::move(part.content);
    } else if (part.content.size() <= 200) {
      fields.fields.emplace_back(std::move(part.name), std::move(part.content));
    }
  }
  upload.form = check_own_form(page, std::move(fields));
  return upload;
}

Response take_file(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto expert = find(page);
  const bool is_multipart =
      page.request().header("content-type").starts_with("multipart/form-data");
  const auto upload = is_multipart ? read_upload(page) : Upload{read_own_form(page), {}};
  if (!upload.form.errors.empty()) return show_one(page, signed_in, {}, upload.form.errors);
  auto call = person_call(page, upload.form, signed_in);
  call.request_digest = usecases::hash_token(call.request_digest + upload.file);
  const auto outcome = set_calendar_file(page.environment(), call, expert.id, upload.file);
  if (outcome) return redirect_done(page, path_of(expert.id), "calendar_set");
  return show_one(page, signed_in, {}, errors_of(outcome.failure(), "change_sent_before"));
}

}  // namespace

void add_panel_expert_pages(Router& router, const Parts& parts) {
  RouteOptions file;
  file.body_limit = kMostOctets;
  const std::string one = std::string(kPath) + "/{id}";
  add_panel_expert_record_pages(router, parts);
  add_private_page(router, parts, Method::get, kPath, show_list);
  add_private_page(router, parts, Method::get, one,
                   [](Page& page, const SignedIn& signed_in) { return show_one(page, signed_in); });
  add_private_page(router, parts, Method::post, one, press);
  add_private_page(router, parts, Method::post, one + "/plik", take_file, file);
}

}  // namespace narada::http::pages
