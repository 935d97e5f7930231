// /panel/zgloszenia: registrations of all meetings in reach, on the screen and in files.

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/views.h"
#include "service/usecases/registrations/registration_export.h"
#include "service/usecases/registrations/registration_lists.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationSort;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr const char* kPath = "/panel/zgloszenia";

// The columns of the URL: those of every list, and of the answers to questions of the one meeting
// that the filter names.
struct Shown {
  std::vector<Column> columns;
  domain::Questions offered;
  domain::Questions questions;
};
Shown read_shown(const Page& page, const SignedIn& signed_in) {
  Shown shown;
  shown.columns = read_columns(page.request());
  shown.offered = find_listed_questions(page.environment(), signed_in.actor,
                                        page.request().query_value("spotkanie"));
  shown.questions = read_answer_columns(page.request(), shown.offered);
  return shown;
}

std::vector<std::string> headings_of(const Page& page, const Shown& shown) {
  std::vector<std::string> headings;
  for (const auto column : shown.columns) headings.push_back(heading_of(page, column));
  for (const auto& question : shown.questions) headings.push_back(question_label(page, question));
  return headings;
}

std::vector<std::string> cells_of(const Page& page, const Shown& shown,
                                  const domain::RegistrationRow& row, CellFor reader) {
  std::vector<std::string> cells;
  for (const auto column : shown.columns) cells.push_back(cell_of(page, column, row, reader));
  for (const auto& question : shown.questions) {
    const auto answer = row.answers.find(question.id);
    cells.push_back(answer == row.answers.end() ? std::string()
                                                : answer_text(page, question, answer->second));
  }
  return cells;
}

web::View table_view(const Page& page, const Shown& shown,
                     const std::vector<domain::RegistrationRow>& rows) {
  const auto labels = headings_of(page, shown);
  web::View headings = web::View::array();
  for (const auto& label : labels) headings.push_back({{"label", label}});
  web::View lines = web::View::array();
  for (const auto& row : rows) {
    web::View cells = web::View::array();
    const auto url = page.link("/panel/zgloszenia/" + std::to_string(row.id.value));
    const auto texts = cells_of(page, shown, row, CellFor::screen);
    for (std::size_t index = 0; index < texts.size(); ++index) {
      const bool leads = index == 0;
      cells.push_back({{"leads", leads},
                       {"label", labels[index]},
                       {"text", leads && texts[index].empty() ? "–" : texts[index]},
                       {"url", leads ? url : ""}});
    }
    lines.push_back({{"cells", std::move(cells)}});
  }
  return {{"headings", std::move(headings)}, {"lines", std::move(lines)}};
}

std::string count_text(const Page& page, std::int64_t count) {
  return page.text(count < usecases::kMostCounted ? "lists.count" : "lists.count_more",
                   {{"count", count}});
}

Response show(Page& page, const SignedIn& signed_in) {
  usecases::RegistrationListRequest request;
  request.filter = read_registration_filter(page.request());
  request.sort = read_registration_sort(page.request(), RegistrationSort::newest);
  if (request.sort == RegistrationSort::arrival) request.sort = RegistrationSort::newest;
  request.page = {kPageSize, page.request().find_query("po")};
  const auto shown = read_shown(page, signed_in);
  request.with_answers = !shown.questions.empty();
  const auto found = search_registrations(page.environment(), signed_in.actor, request);
  if (!found) throw Error(404);
  open_list(page, signed_in, ListRoom::registrations, page.text("lists.all_title"));
  auto& view = page.view();
  const auto query = query_without(page.request(), {"po", "zrobione"});
  view["count_text"] = count_text(page, found->count);
  view["table"] = table_view(page, shown, found->rows.items);
  view["any"] = !found->rows.items.empty();
  view["filter"] = registration_filter_view(
      page, request.filter,
      {RegistrationSort::newest, RegistrationSort::meeting, RegistrationSort::name,
       RegistrationSort::institution, RegistrationSort::status},
      request.sort);
  view["filter"]["columns"] = column_options(page, shown.columns);
  view["filter"]["answer_columns"] = answer_column_options(page, shown.offered, shown.questions);
  view["list_url"] = page.link(kPath);
  view["csv_url"] = page.link(std::string(kPath) + ".csv") + query;
  view["xlsx_url"] = page.link(std::string(kPath) + ".xlsx") + query;
  if (found->rows.next) view["more_url"] = next_url(page, kPath, *found->rows.next);
  view["not_first"] = page.request().find_query("po").has_value();
  return page.render(200, "pages/panel_registrations");
}

Response file_response(const Page& page, usecases::ExportedFile file, const std::string& ending,
                       const std::string& type) {
  const auto today = web::iso_date(calendar::to_wall_time(page.now(), domain::kDefaultZone));
  Response response;
  response.set("Content-Type", type);
  response.set("Content-Disposition", "attachment; filename=\"" + page.text("lists.file_name") +
                                          "-" + today + "." + ending + "\"");
  response.set("Cache-Control", "no-store");
  response.body = FileBody{std::move(file.descriptor), 0, file.size};
  return response;
}

// The whole list with the filters and columns of the page, as a file of that format; who takes it
// away leaves a trace.
usecases::ExportedFile write_list(const Page& page, const SignedIn& signed_in, const Shown& shown,
                                  usecases::TableFile& file, std::string_view format) {
  auto sort = read_registration_sort(page.request(), RegistrationSort::newest);
  if (sort == RegistrationSort::arrival) sort = RegistrationSort::newest;
  const auto written = read_registrations(
      page.environment(), signed_in.actor, read_registration_filter(page.request()), sort,
      [&](const domain::RegistrationRow& row) {
        file.add_row(cells_of(page, shown, row, CellFor::file));
      },
      !shown.questions.empty());
  if (!written) throw Error(404);
  auto call = visitor_call(page);
  call.actor = signed_in.actor;
  record_export(page.environment(), call, format, *written);
  return file.finish();
}

Response csv(Page& page, const SignedIn& signed_in) {
  const auto shown = read_shown(page, signed_in);
  const auto file = usecases::make_csv_file(headings_of(page, shown));
  return file_response(page, write_list(page, signed_in, shown, *file, "csv"), "csv",
                       "text/csv; charset=utf-8; header=present");
}

Response spreadsheet(Page& page, const SignedIn& signed_in) {
  const auto shown = read_shown(page, signed_in);
  const auto file =
      usecases::make_spreadsheet_file(page.text("lists.sheet"), headings_of(page, shown));
  return file_response(page, write_list(page, signed_in, shown, *file, "xlsx"), "xlsx",
                       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

}  // namespace

void add_panel_registration_search_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kPath, show);
  add_private_page(router, parts, Method::get, std::string(kPath) + ".csv", csv);
  add_private_page(router, parts, Method::get, std::string(kPath) + ".xlsx", spreadsheet);
}

}  // namespace narada::http::pages
