#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/http/pages/form.h"
#include "service/http/pages/page.h"
#include "service/http/pages/panel/names.h"
#include "service/usecases/field_merge.h"

namespace narada::http::pages {

// Large forms described once: what a browser sends, what a template shows and what two editors'
// versions are compared by are all the same texts. "planner.<name>" is the label of a field,
// "planner.<rows>_<cell>" that of a cell, and "…_hint" what stands below it.

enum class FieldKind {
  text,
  long_text,
  lines,  // a list, one a line
  number,
  date,         // 2027-01-21
  time,         // 10:00
  moment,       // 2027-01-21T10:00
  address,      // of the web
  check,        // "yes" or empty
  choice,       // one of `options`
  institution,  // one, by name
  institutions,
  institution_lines,  // many, by name, one a line
  experts,
  practices,
  rows,    // of `cells`
  hidden,  // carried along unseen
  month,   // 2027-05
};
struct FieldSpec {
  std::string name;
  FieldKind kind = FieldKind::text;
  bool required = false;
  std::vector<FieldSpec> cells = {};
  std::vector<std::pair<std::string, std::string>> options = {};  // value, label
};
using FieldSpecs = std::vector<FieldSpec>;
using usecases::FieldTexts;

// How lists stand in a text: names and lines end with \n; the cells of a row are in the order of
// the spec. Neither separator can be typed.
inline constexpr char kRowEnd = '\x1e';
inline constexpr char kCellEnd = '\x1f';
using Row = std::map<std::string, std::string>;  // by the name of the cell
std::vector<std::string> split_lines(std::string_view text);
std::string join_lines(const std::vector<std::string>& lines);
std::vector<Row> split_rows(const FieldSpec& spec, std::string_view text);
std::string join_rows(const FieldSpec& spec, const std::vector<Row>& rows);
const FieldSpec& spec_of(const FieldSpecs& specs, std::string_view name);

// What was typed, without blanks around it; rows and lines with nothing in them are gone, except
// that with `keep_rows` the rows stay where they are. Each of `specs` gets a text.
FieldTexts read_texts(const FormFields& fields, const FieldSpecs& specs, bool keep_rows = false);

// Names as the lists to pick from spell them.
FieldTexts canonical_names(const FieldSpecs& specs, FieldTexts texts, const PanelNames& names);
// The button that shows how long texts will look, and its line for press_list_button.
inline constexpr std::string_view kPreview = "preview";
// When the button that was pressed ("do") adds a line or drops a row: the row is gone from `texts`,
// and the name of the list that gets a line comes back, empty after a drop; kPreview of that
// button. Absent: another button.
std::optional<std::string> press_list_button(const FormFields& fields, const FieldSpecs& specs,
                                             FieldTexts& texts);

// How a form is shown.
struct FieldsView {
  const PanelNames& names;
  // By the input's name: "title", "experts.1", "places.0.name".
  std::map<std::string, std::string> errors = {};
  // Fields that somebody else changed too, with what is stored now.
  FieldTexts stored = {};
  std::string more = {};  // the field that gets another empty line, and the cursor
};
// [{…}] for the template panel_meeting_fields. A list always ends with an empty line.
web::View fields_view(const Page& page, const FieldSpecs& specs, const FieldTexts& texts,
                      const FieldsView& how);
// [{name, value}] of inputs that carry the fields along.
web::View carried_view(const FieldSpecs& specs, const FieldTexts& texts);
// A text as people read it: names with commas, rows line by line.
std::string shown_text(const Page& page, const FieldSpec& spec, const std::string& text);

// The name of the input that an error belongs to: of "places[0].name" it is "places.0.name".
std::string input_of(std::string_view field);
// Shows the summary, each error under the label of its field, and gives the texts beside the
// inputs. Errors already have the names of inputs.
std::map<std::string, std::string> show_field_errors(Page& page, const FieldSpecs& specs,
                                                     const domain::FieldErrors& errors);

}  // namespace narada::http::pages
