#include "service/http/pages/panel/fields.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

namespace narada::http::pages {
namespace {

constexpr std::size_t kMostRows = 200;  // of one list; more are not read

bool is_list(FieldKind kind) {
  return kind == FieldKind::institutions || kind == FieldKind::experts ||
         kind == FieldKind::practices;
}
bool is_lines(FieldKind kind) {
  return kind == FieldKind::lines || kind == FieldKind::institution_lines;
}

// Of an input called "places.0.name": dots would not do in a style sheet or a script.
std::string id_of(std::string name) {
  std::replace(name.begin(), name.end(), '.', '-');
  return name;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

// Browsers end lines with \r\n; what is stored has \n.
std::string typed_text(std::string_view text) {
  std::string plain;
  for (const char c : trimmed(text))
    if (c != '\r') plain += c;
  return plain;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// The number after "prefix." in the names of the form, in order: of "places.2.name" 2.
std::vector<std::size_t> indexes_of(const FormFields& fields, const std::string& prefix) {
  std::set<std::size_t> found;
  for (const auto& [name, value] : fields.fields) {
    if (!name.starts_with(prefix + ".")) continue;
    const char* begin = name.data() + prefix.size() + 1;
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(begin, name.data() + name.size(), index);
    if (error == std::errc{} && end != begin && index < kMostRows) found.insert(index);
  }
  return {found.begin(), found.end()};
}

// One name an input, or several with semicolons between them.
std::string read_list(const FormFields& fields, const std::string& name) {
  std::vector<std::string> lines = split_lines(typed_text(fields.value(name)));
  for (const std::size_t index : indexes_of(fields, name))
    for (const auto& part :
         split(typed_text(fields.value(name + "." + std::to_string(index))), ';'))
      if (auto line = trimmed(part); !line.empty()) lines.push_back(std::move(line));
  return join_lines(lines);
}

std::string read_one(const FormFields& fields, const FieldSpec& spec, const std::string& name) {
  if (is_list(spec.kind)) return read_list(fields, name);
  if (is_lines(spec.kind)) return join_lines(split_lines(typed_text(fields.value(name))));
  return typed_text(fields.value(name));
}

// What a choice or a hidden cell holds says nothing about whether somebody filled the row in.
bool is_blank(const FieldSpec& spec, const Row& row) {
  return std::all_of(spec.cells.begin(), spec.cells.end(), [&](const FieldSpec& cell) {
    return cell.kind == FieldKind::choice || cell.kind == FieldKind::hidden ||
           row.at(cell.name).empty();
  });
}

std::string read_rows(const FormFields& fields, const FieldSpec& spec, bool keep_rows) {
  std::vector<Row> rows;
  for (const std::size_t index : indexes_of(fields, spec.name)) {
    Row row;
    for (const FieldSpec& cell : spec.cells)
      row[cell.name] =
          read_one(fields, cell, spec.name + "." + std::to_string(index) + "." + cell.name);
    if (keep_rows || !is_blank(spec, row)) rows.push_back(std::move(row));
  }
  return join_rows(spec, rows);
}

const char* list_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::institution:
    case FieldKind::institutions:
      return "instytucje";
    case FieldKind::experts:
      return "eksperci";
    case FieldKind::practices:
      return "praktyki";
    default:
      return "";
  }
}

const char* input_type(FieldKind kind) {
  switch (kind) {
    case FieldKind::number:
      return "number";
    case FieldKind::date:
      return "date";
    case FieldKind::month:
      return "month";
    case FieldKind::time:
      return "time";
    case FieldKind::moment:
      return "datetime-local";
    case FieldKind::address:
      return "url";
    default:
      return "text";
  }
}

// One field, or one cell of one row, with the id `id` and the texts under `key`.
class FieldView {
 public:
  FieldView(const Page& page, const FieldsView& how) : page_(page), how_(how) {}

  web::View simple(const FieldSpec& spec, const std::string& id, const std::string& key,
                   const std::string& text) const {
    web::View view = frame(id, key);
    view["required"] = spec.required;
    view["hidden"] = spec.kind == FieldKind::hidden;
    view["check"] = spec.kind == FieldKind::check;
    view["checked"] = spec.kind == FieldKind::check && !text.empty();
    view["choice"] = spec.kind == FieldKind::choice;
    view["long"] = spec.kind == FieldKind::long_text || is_lines(spec.kind);
    view["list"] = is_list(spec.kind);
    view["input"] = !spec.cells.empty() || view["hidden"] || view["check"] || view["choice"] ||
                            view["long"] || view["list"]
                        ? ""
                        : input_type(spec.kind);
    view["datalist"] = list_of(spec.kind);
    view["value"] = text;
    view["options"] = options(spec, text);
    view["inputs"] = is_list(spec.kind) ? inputs(id, text) : web::View::array();
    return view;
  }

  web::View rows(const FieldSpec& spec, const std::string& text) const {
    web::View view = simple(spec, spec.name, spec.name, "");
    view["rows"] = web::View::array();
    auto rows = split_rows(spec, text);
    if (rows.empty() || how_.more == spec.name) rows.emplace_back();
    for (std::size_t index = 0; index < rows.size(); ++index) {
      const std::string id = spec.name + "." + std::to_string(index);
      web::View row = {{"number", index + 1}, {"row_id", id_of(id)}, {"drop", "drop:" + id}};
      row["legend"] = page_.text("planner.row", {{"number", static_cast<std::int64_t>(index) + 1}});
      row["row_error"] = error_of(id);
      row["cells"] = web::View::array();
      for (const FieldSpec& cell : spec.cells)
        row["cells"].push_back(simple(cell, id + "." + cell.name, spec.name + "_" + cell.name,
                                      rows[index][cell.name]));
      view["rows"].push_back(std::move(row));
    }
    if (how_.more == spec.name && !view["rows"].empty())
      view["rows"].back()["cells"].front()["autofocus"] = true;
    return view;
  }

 private:
  std::string error_of(const std::string& id) const {
    const auto found = how_.errors.find(id);
    return found == how_.errors.end() ? std::string() : found->second;
  }

  web::View frame(const std::string& name, const std::string& key) const {
    const std::string id = id_of(name);
    const std::string hint_key = "planner." + key + "_hint";
    const bool has_hint = page_.messages().has(to_string(page_.language()), hint_key);
    const std::string error = error_of(name);
    std::string described = has_hint ? id + "-d" : "";
    if (!error.empty()) described += (described.empty() ? "" : " ") + id + "-e";
    return {{"id", id},
            {"name", name},
            {"label", page_.text("planner." + key)},
            {"hint", has_hint ? page_.text(hint_key) : ""},
            {"described", described},
            {"error", error},
            {"more", "more:" + name},
            {"autofocus", false},
            {"conflict", nullptr},
            {"rows", nullptr}};
  }

  web::View options(const FieldSpec& spec, const std::string& text) const {
    web::View options = web::View::array();
    for (const auto& [value, label] : spec.options)
      options.push_back({{"option", value}, {"option_label", label}, {"selected", value == text}});
    return options;
  }

  web::View inputs(const std::string& id, const std::string& text) const {
    web::View inputs = web::View::array();
    auto lines = split_lines(text);
    lines.emplace_back();
    for (std::size_t index = 0; index < lines.size(); ++index) {
      const std::string own = id + "." + std::to_string(index);
      inputs.push_back({{"id", id_of(own)},
                        {"name", own},
                        {"value", lines[index]},
                        {"number", index + 1},
                        {"error", error_of(own)},
                        {"autofocus", how_.more == id && index + 1 == lines.size()}});
    }
    return inputs;
  }

  const Page& page_;
  const FieldsView& how_;
};

std::string canonical_text(const FieldSpec& spec, const std::string& text,
                           const PanelNames& names) {
  auto lines = split_lines(text);
  for (auto& line : lines) {
    switch (spec.kind) {
      case FieldKind::experts:
        line = names.expert_label(names.expert_key(line));
        break;
      case FieldKind::practices:
        line = names.practice_label(names.practice_key(line));
        break;
      case FieldKind::institution:
      case FieldKind::institutions:
      case FieldKind::institution_lines:
        line = names.institution_label(names.institution_key(line));
        break;
      default:
        return text;
    }
  }
  return join_lines(lines);
}

void carry(web::View& view, const FieldSpec& spec, const std::string& id, const std::string& text) {
  if (spec.kind == FieldKind::rows) {
    const auto rows = split_rows(spec, text);
    for (std::size_t index = 0; index < rows.size(); ++index)
      for (const FieldSpec& cell : spec.cells)
        carry(view, cell, id + "." + std::to_string(index) + "." + cell.name,
              rows[index].at(cell.name));
    return;
  }
  if (!text.empty()) view.push_back({{"name", id}, {"value", text}});
}

std::string label_of(const Page& page, const FieldSpecs& specs, const std::string& input) {
  const auto dot = input.find('.');
  const std::string name = input.substr(0, dot);
  const auto spec = std::find_if(specs.begin(), specs.end(),
                                 [&](const FieldSpec& one) { return one.name == name; });
  if (spec == specs.end()) return {};
  std::string label = page.text("planner." + name);
  if (dot == std::string::npos) return label;
  std::int64_t index = 0;
  std::from_chars(input.data() + dot + 1, input.data() + input.size(), index);
  label += " (" + std::to_string(index + 1) + ")";
  const auto cell = input.find('.', dot + 1);
  if (spec->kind == FieldKind::rows && cell != std::string::npos) {
    const auto end = input.find('.', cell + 1);
    label += ", " + page.text("planner." + name + "_" + input.substr(cell + 1, end - cell - 1));
  }
  return label;
}

}  // namespace

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const auto& line : split(text, '\n'))
    if (auto kept = trimmed(line); !kept.empty()) lines.push_back(std::move(kept));
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::vector<Row> split_rows(const FieldSpec& spec, std::string_view text) {
  std::vector<Row> rows;
  for (const auto& line : split(text, kRowEnd)) {
    const auto cells = split(line, kCellEnd);
    Row& row = rows.emplace_back();
    for (std::size_t index = 0; index < spec.cells.size(); ++index)
      row[spec.cells[index].name] = index < cells.size() ? cells[index] : "";
  }
  return rows;
}

std::string join_rows(const FieldSpec& spec, const std::vector<Row>& rows) {
  std::string text;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (index > 0) text += kRowEnd;
    for (std::size_t cell = 0; cell < spec.cells.size(); ++cell) {
      if (cell > 0) text += kCellEnd;
      const auto found = rows[index].find(spec.cells[cell].name);
      if (found != rows[index].end()) text += found->second;
    }
  }
  return text;
}

const FieldSpec& spec_of(const FieldSpecs& specs, std::string_view name) {
  for (const FieldSpec& spec : specs)
    if (spec.name == name) return spec;
  throw std::logic_error("no field " + std::string(name));
}

FieldTexts read_texts(const FormFields& fields, const FieldSpecs& specs, bool keep_rows) {
  FieldTexts texts;
  for (const FieldSpec& spec : specs)
    texts[spec.name] = spec.kind == FieldKind::rows ? read_rows(fields, spec, keep_rows)
                                                    : read_one(fields, spec, spec.name);
  return texts;
}

FieldTexts canonical_names(const FieldSpecs& specs, FieldTexts texts, const PanelNames& names) {
  for (const FieldSpec& spec : specs) {
    std::string& text = texts[spec.name];
    if (spec.kind != FieldKind::rows) {
      text = canonical_text(spec, text, names);
      continue;
    }
    auto rows = split_rows(spec, text);
    for (Row& row : rows)
      for (const FieldSpec& cell : spec.cells)
        row[cell.name] = canonical_text(cell, row[cell.name], names);
    text = join_rows(spec, rows);
  }
  return texts;
}

std::optional<std::string> press_list_button(const FormFields& fields, const FieldSpecs& specs,
                                             FieldTexts& texts) {
  const std::string pressed = fields.value("do");
  if (pressed == kPreview) return pressed;
  if (pressed.starts_with("more:")) return pressed.substr(5);
  if (!pressed.starts_with("drop:")) return std::nullopt;
  const auto dot = pressed.rfind('.');
  for (const FieldSpec& spec : specs) {
    if (spec.kind != FieldKind::rows || pressed.substr(5, dot - 5) != spec.name) continue;
    auto rows = split_rows(spec, read_rows(fields, spec, true));
    std::size_t index = rows.size();
    std::from_chars(pressed.data() + dot + 1, pressed.data() + pressed.size(), index);
    if (index < rows.size()) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(index));
    std::erase_if(rows, [&](const Row& row) { return is_blank(spec, row); });
    texts[spec.name] = join_rows(spec, rows);
  }
  return "";
}

web::View fields_view(const Page& page, const FieldSpecs& specs, const FieldTexts& texts,
                      const FieldsView& how) {
  const FieldView one(page, how);
  web::View views = web::View::array();
  for (const FieldSpec& spec : specs) {
    const auto found = texts.find(spec.name);
    const std::string text = found == texts.end() ? "" : found->second;
    views.push_back(spec.kind == FieldKind::rows ? one.rows(spec, text)
                                                 : one.simple(spec, spec.name, spec.name, text));
    if (const auto stored = how.stored.find(spec.name); stored != how.stored.end())
      views.back()["conflict"] = {{"stored", shown_text(page, spec, stored->second)}};
  }
  return views;
}

web::View carried_view(const FieldSpecs& specs, const FieldTexts& texts) {
  web::View view = web::View::array();
  for (const FieldSpec& spec : specs)
    if (const auto found = texts.find(spec.name); found != texts.end())
      carry(view, spec, spec.name, found->second);
  return view;
}

std::string shown_text(const Page& page, const FieldSpec& spec, const std::string& text) {
  if (text.empty()) return page.text("planner.nothing");
  if (spec.kind == FieldKind::check) return page.text("planner.yes");
  for (const auto& [value, label] : spec.options)
    if (value == text) return label;
  if (spec.kind != FieldKind::rows) return text;
  std::string lines;
  for (const Row& row : split_rows(spec, text)) {
    std::string line;
    for (const FieldSpec& cell : spec.cells)
      if (const auto& value = row.at(cell.name); !value.empty())
        line += (line.empty() ? "" : " · ") + shown_text(page, cell, value);
    lines += (lines.empty() ? "" : "\n") + line;
  }
  return lines;
}

std::string input_of(std::string_view field) {
  std::string input;
  for (const char c : field) {
    if (c == '[')
      input += '.';
    else if (c != ']')
      input += c;
  }
  return input;
}

std::map<std::string, std::string> show_field_errors(Page& page, const FieldSpecs& specs,
                                                     const domain::FieldErrors& errors) {
  std::map<std::string, std::string> texts;
  if (errors.empty()) return texts;
  show_errors(page, errors);
  auto& shown = page.view()["errors"];
  for (std::size_t index = 0; index < errors.size(); ++index) {
    const std::string& field = errors[index].field;
    if (field.empty()) continue;
    shown[index]["label"] = label_of(page, specs, field);
    shown[index]["field"] = id_of(field);
    texts.try_emplace(field, shown[index]["text"].get<std::string>());
  }
  return texts;
}

}  // namespace narada::http::pages
