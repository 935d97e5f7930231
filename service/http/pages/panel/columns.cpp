// The columns of lists of registrations.

#include <algorithm>

#include "calendar/zone.h"
#include "service/domain/enum_names.h"
#include "service/http/pages/needs_fields.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationRow;

constexpr domain::EnumNames<Column, 22> kColumns{
    {"name",         "email",       "position",  "unit",     "phone",     "institution",
     "kind",         "county",      "meeting",   "date",     "cycle",     "mode",
     "status",       "registered",  "confirmed", "question", "challenge", "diet",
     "access_needs", "interpreter", "needs",     "reason"}};
static_assert(is_complete(kColumns, Column::reason));
constexpr int kColumnCount = static_cast<int>(Column::reason) + 1;

std::vector<Column> usual_columns() {
  return {Column::name, Column::institution, Column::meeting,   Column::date,
          Column::mode, Column::status,      Column::registered};
}

// "2027-01-19 10:00" sorts as it stands.
std::string sortable(domain::WallTime at, bool whole_day) {
  const auto clock = web::clock_time(at);
  if (whole_day) return web::iso_date(at);
  return web::iso_date(at) + (clock.size() < 5 ? " 0" : " ") + clock;
}

std::string moment(const Page& page, const std::optional<domain::Instant>& at, CellFor reader) {
  if (!at) return {};
  if (reader == CellFor::screen) return moment_text(page, *at);
  return sortable(calendar::to_wall_time(*at, domain::kDefaultZone), false);
}

std::string meeting_date(const Page& page, const RegistrationRow& row, CellFor reader) {
  const bool whole_day = row.precision == domain::TimePrecision::day;
  if (row.precision == domain::TimePrecision::month) {
    return reader == CellFor::file ? web::iso_date(row.meeting_starts).substr(0, 7)
                                   : web::month_year(page.language(), row.meeting_starts);
  }
  if (reader == CellFor::file) return sortable(row.meeting_starts, whole_day);
  auto text = web::day_date(page.language(), row.meeting_starts);
  if (!whole_day) text += ", " + web::clock_time(row.meeting_starts);
  return text;
}

std::string status_text(const Page& page, const RegistrationRow& row) {
  auto text = word(page, "registration_status", to_string(row.status));
  if (row.queue_position) text += " (" + std::to_string(*row.queue_position) + ")";
  return text;
}

// What is about the person and the office.
std::string person_cell(const Page& page, Column column, const RegistrationRow& row) {
  switch (column) {
    case Column::name:
      return person_name(page, row);
    case Column::email:
      return row.email;
    case Column::position:
      return row.position;
    case Column::unit:
      return row.unit;
    case Column::phone:
      return row.phone;
    case Column::institution:
      return row.institution_name;
    case Column::kind:
      return row.institution_kind ? word(page, "institution_kind", to_string(*row.institution_kind))
                                  : std::string();
    case Column::county:
      return row.county;
    default:
      return {};
  }
}

}  // namespace

std::vector<Column> read_columns(const Request& request) {
  std::vector<Column> chosen;
  for (const auto& [name, value] : request.query) {
    const auto column = name == "kolumna" ? kColumns.find(value) : std::nullopt;
    if (column && std::find(chosen.begin(), chosen.end(), *column) == chosen.end())
      chosen.push_back(*column);
  }
  if (chosen.empty()) return usual_columns();
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

web::View column_options(const Page& page, const std::vector<Column>& chosen) {
  web::View options = web::View::array();
  for (int index = 0; index < kColumnCount; ++index) {
    const auto column = static_cast<Column>(index);
    const bool checked = std::find(chosen.begin(), chosen.end(), column) != chosen.end();
    options.push_back({{"name", kColumns.name_of(column)},
                       {"label", heading_of(page, column)},
                       {"checked", checked}});
  }
  return options;
}

domain::Questions read_answer_columns(const Request& request, const domain::Questions& questions) {
  domain::Questions chosen;
  for (const auto& question : questions) {
    const auto wanted = "p" + std::to_string(question.id.value);
    const bool named = std::any_of(
        request.query.begin(), request.query.end(),
        [&](const auto& one) { return one.first == "kolumna" && one.second == wanted; });
    if (named) chosen.push_back(question);
  }
  return chosen;
}

web::View answer_column_options(const Page& page, const domain::Questions& questions,
                                const domain::Questions& chosen) {
  web::View options = web::View::array();
  for (const auto& question : questions)
    options.push_back({{"name", "p" + std::to_string(question.id.value)},
                       {"label", question_label(page, question)},
                       {"checked", domain::find_question(chosen, question.id) != nullptr}});
  return options;
}

std::string needs_text(const Page& page, const RegistrationRow& row) {
  std::string text;
  for (const auto& part : {diet_text(page, row.diet), interpreter_text(page, row.interpreter),
                           row.access_needs, row.needs})
    if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
  return text;
}

web::View counted_needs_view(const Page& page, const std::vector<usecases::CountedNeed>& needs) {
  web::View rows = web::View::array();
  for (const auto& one : needs) {
    const auto text = one.kind == "diet"          ? diet_text(page, one.need)
                      : one.kind == "interpreter" ? interpreter_text(page, one.need)
                                                  : one.need;
    rows.push_back({{"kind", page.text("needs_summary." + one.kind)},
                    {"need", text},
                    {"people", std::to_string(one.people)}});
  }
  return rows;
}

std::string heading_of(const Page& page, Column column) {
  return page.text("lists.column_" + std::string(kColumns.name_of(column)));
}

std::string cell_of(const Page& page, Column column, const RegistrationRow& row, CellFor reader) {
  switch (column) {
    case Column::meeting:
      return row.meeting_title;
    case Column::date:
      return meeting_date(page, row, reader);
    case Column::cycle:
      return row.cycle_title;
    case Column::mode:
      return word(page, "mode", to_string(row.mode));
    case Column::status:
      return status_text(page, row);
    case Column::registered:
      return moment(page, row.created_at, reader);
    case Column::confirmed:
      return moment(page, row.confirmed_at, reader);
    case Column::question:
      return row.question;
    case Column::challenge:
      return row.challenge;
    case Column::diet:
      return diet_text(page, row.diet);
    case Column::access_needs:
      return row.access_needs;
    case Column::interpreter:
      return interpreter_text(page, row.interpreter);
    case Column::needs:
      return row.needs;
    case Column::reason:
      return row.decline_reason;
    default:
      return person_cell(page, column, row);
  }
}

}  // namespace narada::http::pages
