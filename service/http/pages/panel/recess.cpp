// /panel/terminy: days on which offices cannot come, and from there to the search for a date.

#include "service/usecases/meetings/recess.h"

#include <charconv>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/names.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/typed.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/terminy";
constexpr std::uint64_t kFormLimit = 128 << 10;

domain::WallTime wall_of(domain::Date date) {
  return domain::WallTime{std::chrono::local_days{date}};
}

std::string days_text(const Page& page, const domain::Recess& recess) {
  return web::time_range(page.language(), wall_of(recess.first),
                         wall_of(recess.last) + std::chrono::days{1}, true);
}

web::View recess_rows(const Page& page, const SignedIn& signed_in, const PanelNames& names,
                      const std::vector<domain::Recess>& recesses) {
  web::View rows = web::View::array();
  for (const auto& recess : recesses) {
    std::string office = page.text("dates.everybody");
    if (recess.institution) {
      domain::InstitutionRef institution;
      institution.id = *recess.institution;
      institution.name = recess.institution_name;
      office = names.label(institution);
    }
    rows.push_back({{"days", days_text(page, recess)},
                    {"recess_title", recess.title},
                    {"office", office},
                    {"may_remove", usecases::may_remove(signed_in.actor, recess)},
                    {"drop", "drop:" + std::to_string(recess.id.value)},
                    {"remove_operation", usecases::make_token()}});
  }
  return rows;
}

void require_organizer(const SignedIn& signed_in) {
  if (reach_of(signed_in.actor, Action::organize).nothing()) throw Error(404);
}

Response show(Page& page, const SignedIn& signed_in, const FormFields& typed = {},
              const domain::FieldErrors& errors = {}) {
  require_organizer(signed_in);
  open_panel(page, signed_in, PanelRoom::dates, page.text("dates.title"));
  const PanelNames names(page);
  auto& view = page.view();
  view["action"] = page.link(kPath);
  view["finder_url"] = page.link(std::string(kPath) + "/szukaj");
  view["recesses"] =
      recess_rows(page, signed_in, names,
                  value_or_throw(usecases::list_recesses(page.environment(), signed_in.actor)));
  view["institution_names"] = names.institution_labels();
  for (const char* field : {"recess_title", "first", "last", "institution", "lines"})
    view[std::string("typed_") + field] = typed.value(field);
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_recess");
}

domain::Date read_date(const FormFields& fields, const char* name, domain::FieldErrors& errors) {
  const auto day = read_day(fields.value(name), name, errors);
  if (fields.value(name).empty()) errors.push_back({name, "required"});
  return day ? domain::Date{std::chrono::floor<std::chrono::days>(*day)} : domain::Date{};
}

Response add_one(Page& page, const SignedIn& signed_in, const OwnForm& fields) {
  domain::FieldErrors errors;
  usecases::RecessForm form;
  form.title = fields.value("recess_title");
  form.first = read_date(fields, "first", errors);
  form.last = fields.value("last").empty() ? form.first : read_date(fields, "last", errors);
  if (const auto name = fields.value("institution"); !name.empty())
    form.institution = PanelNames(page).institution_key(name);
  if (!errors.empty()) return show(page, signed_in, fields, errors);
  const auto added = add_recess(page.environment(), person_call(page, fields, signed_in), form);
  if (added) return redirect_done(page, kPath, "recess_added");
  errors = errors_of(added.failure(), "change_sent_before");
  for (auto& error : errors)
    if (error.field == "title") error.field = "recess_title";
  return show(page, signed_in, fields, errors);
}

// Those that are right wait in `good`, the others stay to be corrected in `lines`.
struct CheckedLines {
  std::string good;
  std::string wrong;
  std::int64_t new_ones = 0;
  web::View rows = web::View::array();
};

std::string office_of(const Page& page, const domain::Recess& recess) {
  return recess.institution ? recess.institution_name : page.text("dates.everybody");
}

CheckedLines checked_lines(const Page& page, const std::vector<usecases::RecessLine>& lines) {
  CheckedLines checked;
  for (const auto& line : lines) {
    std::string why;
    for (const auto& error : line.errors) why += (why.empty() ? "" : " ") + page.text(error);
    (why.empty() ? checked.good : checked.wrong) += line.text + "\n";
    if (why.empty() && !line.known) ++checked.new_ones;
    const bool wrong = !why.empty();
    checked.rows.push_back(
        {{"number", std::to_string(line.number)},
         {"days", wrong ? "" : days_text(page, line.recess)},
         {"recess_title", wrong ? line.text : line.recess.title},
         {"office", wrong ? "" : office_of(page, line.recess)},
         {"wrong", why},
         {"verdict", wrong ? "" : page.text(line.known ? "dates.line_known" : "dates.line_new")}});
  }
  return checked;
}

// What of the pasted lines would be added, and what is wrong with the others; nothing is written.
Response check_lines(Page& page, const SignedIn& signed_in, const OwnForm& fields) {
  const auto good = fields.value("good");
  const auto lines = check_recess_lines(page.environment(), signed_in.actor,
                                        good + (good.empty() ? "" : "\n") + fields.value("lines"));
  if (!lines)
    return show(page, signed_in, fields, errors_of(lines.failure(), "change_sent_before"));
  const auto checked = checked_lines(page, *lines);
  page.view()["checked"] = {
      {"rows", checked.rows},
      {"good", checked.good},
      {"add",
       checked.new_ones == 0 ? "" : page.text("dates.add_checked", {{"count", checked.new_ones}})}};
  OwnForm shown;
  shown.fields = {{"lines", checked.wrong}};
  return show(page, signed_in, shown);
}

// What was shown as right; what was not comes back to be corrected.
Response add_lines(Page& page, const SignedIn& signed_in, const OwnForm& fields) {
  const auto added = add_recess_lines(page.environment(), person_call(page, fields, signed_in),
                                      fields.value("good"));
  if (!added)
    return show(page, signed_in, fields, errors_of(added.failure(), "change_sent_before"));
  if (fields.value("lines").find_first_not_of(" \r\n\t") == std::string::npos)
    return redirect_done(page, kPath, "recess_added");
  page.view()["done"] = {{"heading", page.text("panel.done_recess_added_partly")}};
  OwnForm rest;
  rest.fields = {{"lines", fields.value("lines")}};
  return show(page, signed_in, rest);
}

Response remove(Page& page, const SignedIn& signed_in, const OwnForm& fields) {
  const auto pressed = fields.value("do").substr(5);
  std::int64_t id = 0;
  std::from_chars(pressed.data(), pressed.data() + pressed.size(), id);
  const auto removed =
      remove_recess(page.environment(), person_call(page, fields, signed_in), domain::RecessId{id});
  if (removed) return redirect_done(page, kPath, "recess_removed");
  if (std::holds_alternative<domain::NotFound>(removed.failure()))
    return redirect_done(page, kPath, "recess_removed");  // somebody was faster
  throw Error(problem_of(removed.failure()));
}

Response press(Page& page, const SignedIn& signed_in) {
  require_organizer(signed_in);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show(page, signed_in, fields, fields.errors);
  if (fields.value("do").starts_with("drop:")) return remove(page, signed_in, fields);
  if (fields.value("do") == "paste") return check_lines(page, signed_in, fields);
  if (fields.value("do") == "add_lines") return add_lines(page, signed_in, fields);
  return add_one(page, signed_in, fields);
}

}  // namespace

void add_panel_recess_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  add_private_page(router, parts, Method::get, kPath,
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, kPath, press, form);
}

}  // namespace narada::http::pages
