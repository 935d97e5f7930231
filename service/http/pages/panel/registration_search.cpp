// /panel/zgloszenia: registrations of all meetings in reach, on the screen and in files.

#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <utility>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/export_task.h"
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
constexpr std::int64_t kMostAtOnce = 5000;  // rows of a file that is made while the page waits
constexpr int kRowsBetweenNotes = 1000;

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
  view["long"] = found->count > kMostAtOnce;
  view["file_action"] = page.link(std::string(kPath) + "/plik") + query;
  view["csv_url"] = page.link(std::string(kPath) + ".csv") + query;
  view["xlsx_url"] = page.link(std::string(kPath) + ".xlsx") + query;
  if (found->rows.next) view["more_url"] = next_url(page, kPath, *found->rows.next);
  view["not_first"] = page.request().find_query("po").has_value();
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/panel_registrations"));
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
// away leaves a trace. `after_row` is called after each row.
usecases::ExportedFile write_list(
    const Page& page, const usecases::Call& call, const Shown& shown, usecases::TableFile& file,
    std::string_view format, const std::function<void()>& after_row = [] {}) {
  auto sort = read_registration_sort(page.request(), RegistrationSort::newest);
  if (sort == RegistrationSort::arrival) sort = RegistrationSort::newest;
  const auto written = read_registrations(
      page.environment(), call.actor, read_registration_filter(page.request()), sort,
      [&](const domain::RegistrationRow& row) {
        file.add_row(cells_of(page, shown, row, CellFor::file));
        after_row();
      },
      !shown.questions.empty());
  if (!written) throw Error(404);
  record_export(page.environment(), call, format, *written);
  return file.finish();
}

usecases::Call export_call(const Page& page, const SignedIn& signed_in) {
  auto call = visitor_call(page);
  call.actor = signed_in.actor;
  return call;
}

Response csv(Page& page, const SignedIn& signed_in) {
  const auto shown = read_shown(page, signed_in);
  const auto file = usecases::make_csv_file(headings_of(page, shown));
  return file_response(page, write_list(page, export_call(page, signed_in), shown, *file, "csv"),
                       "csv", "text/csv; charset=utf-8; header=present");
}

Response spreadsheet(Page& page, const SignedIn& signed_in) {
  const auto shown = read_shown(page, signed_in);
  const auto file =
      usecases::make_spreadsheet_file(page.text("lists.sheet"), headings_of(page, shown));
  return file_response(page, write_list(page, export_call(page, signed_in), shown, *file, "xlsx"),
                       "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

// A file of a long list is a task, which remembers what the page was asked for.
Response prepare_file(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto format = fields.value("format");
  if (!fields.errors.empty() || (format != "csv" && format != "xlsx"))
    return redirect(303, page.link(kPath) + query_without(page.request(), {"po", "zrobione"}));
  usecases::RegistrationListRequest request;
  request.filter = read_registration_filter(page.request());
  request.page.limit = 1;
  const auto found = search_registrations(page.environment(), signed_in.actor, request);
  if (!found) throw Error(404);
  usecases::NewTask task;
  task.kind = kExportTask;
  task.total = static_cast<int>(found->count);
  task.parameters =
      web::View{{"format", format}, {"path", page.link(kPath)}, {"query", page.request().query}}
          .dump();
  const auto started = start_task(page.environment(), person_call(page, fields, signed_in), task);
  if (!started) throw Error(404);
  return redirect(303, page.link("/panel/zadania/" + std::to_string(started->value)));
}

struct Stopped {};  // another process goes on with the task

std::string read_bytes(const usecases::ExportedFile& file) {
  std::string bytes(file.size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto more = ::pread(*file.descriptor, bytes.data() + done, bytes.size() - done,
                              static_cast<off_t>(done));
    if (more <= 0) throw std::runtime_error("the file cannot be read back");
    done += static_cast<std::size_t>(more);
  }
  return bytes;
}

// Begins anew wherever another process left it: a file is of one moment.
void make_file(const Parts& parts, usecases::TaskRun& run) {
  const auto parameters = web::View::parse(run.parameters());
  Request request;
  request.path = request.target = parameters.at("path").get<std::string>();
  request.query = parameters.at("query").get<std::vector<std::pair<std::string, std::string>>>();
  const Page page(parts, request);
  auto call = run.call();
  call.idempotency_key.reset();
  SignedIn signed_in;
  signed_in.actor = call.actor;
  const auto format = parameters.at("format").get<std::string>();
  const auto shown = read_shown(page, signed_in);
  const auto file = format == "csv" ? usecases::make_csv_file(headings_of(page, shown))
                                    : usecases::make_spreadsheet_file(page.text("lists.sheet"),
                                                                      headings_of(page, shown));
  if (!run.advance(-run.finished())) return;
  int rows = 0;
  const auto done = write_list(page, call, shown, *file, format, [&] {
    if (++rows % kRowsBetweenNotes == 0 && !run.advance(kRowsBetweenNotes)) throw Stopped{};
  });
  if (!run.advance(rows % kRowsBetweenNotes, {}, rows)) return;
  const auto today = web::iso_date(calendar::to_wall_time(page.now(), domain::kDefaultZone));
  run.keep_result({page.text("lists.file_name") + "-" + today + "." + format, read_bytes(done)});
}

}  // namespace

usecases::TaskWork make_export_work(const Parts& parts) {
  return [&parts](usecases::TaskRun& run) {
    try {
      make_file(parts, run);
    } catch (const Stopped&) {
      return;
    }
  };
}

void add_panel_registration_search_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kPath, show);
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(router, parts, Method::post, std::string(kPath) + "/plik", prepare_file, form);
  add_private_page(router, parts, Method::get, std::string(kPath) + ".csv", csv);
  add_private_page(router, parts, Method::get, std::string(kPath) + ".xlsx", spreadsheet);
}

}  // namespace narada::http::pages
