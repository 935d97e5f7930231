#include "service/usecases/registrations/delegation_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "service/usecases/registrations/registration_input.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;

enum class Column { unknown, name, given_name, family_name, email, position, mode, superior, boss };

struct Heading {
  std::string_view text;  // as make_heading_key() leaves it
  Column column;
};
constexpr std::array<Heading, 38> kHeadings{{
    {"imię i nazwisko", Column::name},
    {"nazwisko i imię", Column::name},
    {"imię nazwisko", Column::name},
    {"nazwisko imię", Column::name},
    {"osoba", Column::name},
    {"uczestnik", Column::name},
    {"name", Column::name},
    {"full name", Column::name},
    {"participant", Column::name},
    {"imię", Column::given_name},
    {"first name", Column::given_name},
    {"given name", Column::given_name},
    {"nazwisko", Column::family_name},
    {"last name", Column::family_name},
    {"surname", Column::family_name},
    {"e mail", Column::email},
    {"email", Column::email},
    {"mail", Column::email},
    {"adres e mail", Column::email},
    {"adres email", Column::email},
    {"poczta", Column::email},
    {"e mail address", Column::email},
    {"email address", Column::email},
    {"stanowisko", Column::position},
    {"funkcja", Column::position},
    {"position", Column::position},
    {"job title", Column::position},
    {"tryb", Column::mode},
    {"udział", Column::mode},
    {"forma udziału", Column::mode},
    {"sposób udziału", Column::mode},
    {"mode", Column::mode},
    {"attendance", Column::mode},
    {"e mail przełożonego", Column::superior},
    {"email przełożonego", Column::superior},
    {"superior's e mail", Column::superior},
    {"przełożony", Column::boss},
    {"superior", Column::boss},
}};

struct ModeName {
  std::string_view text;
  AttendanceMode mode;
};
constexpr std::array<ModeName, 14> kModes{{
    {"na miejscu", AttendanceMode::onsite},
    {"stacjonarnie", AttendanceMode::onsite},
    {"stacjonarny", AttendanceMode::onsite},
    {"osobiście", AttendanceMode::onsite},
    {"on site", AttendanceMode::onsite},
    {"onsite", AttendanceMode::onsite},
    {"in person", AttendanceMode::onsite},
    {"online", AttendanceMode::online},
    {"on line", AttendanceMode::online},
    {"zdalnie", AttendanceMode::online},
    {"zdalny", AttendanceMode::online},
    {"przez internet", AttendanceMode::online},
    {"remote", AttendanceMode::online},
    {"remotely", AttendanceMode::online},
}};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Lower case, one space between words, without what people put around them: "E-mail:" is "e mail".
std::string make_heading_key(std::string_view text) {
  std::string plain(text);
  for (char& character : plain) {
    if (character == '-' || character == '.' || character == ':' || character == '*' ||
        character == '_') {
      character = ' ';
    }
  }
  return make_name_key(plain);
}

Column find_column(std::string_view cell) {
  const std::string key = make_heading_key(cell);
  const auto found = std::find_if(kHeadings.begin(), kHeadings.end(),
                                  [&](const Heading& heading) { return heading.text == key; });
  return found == kHeadings.end() ? Column::unknown : found->column;
}

bool is_line_end(char character) { return character == '\n' || character == '\r'; }

struct Record {
  int line = 0;
  std::vector<std::string> cells;
  std::string original;

  bool is_empty() const {
    return std::all_of(cells.begin(), cells.end(),
                       [](const std::string& cell) { return make_name_key(cell).empty(); });
  }
};

// Divides a text into records of cells. A cell in quotes may hold separators and line breaks.
class RecordReader {
 public:
  explicit RecordReader(std::string_view text) : text_(text) {
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    for (const char separator : {'\t', ';', ','}) {
      if (line.find(separator) == std::string_view::npos) continue;
      separator_ = separator;
      break;
    }
  }

  bool at_end() const { return position_ >= text_.size(); }

  Record next() {
    Record record;
    record.line = line_;
    const std::size_t begin = position_;
    while (true) {
      record.cells.push_back(read_cell());
      if (at_end() || is_line_end(text_[position_])) break;
      ++position_;  // the separator
    }
    record.original = std::string(text_.substr(begin, position_ - begin));
    skip_line_end();
    return record;
  }

 private:
  std::string read_cell() {
    if (!at_end() && text_[position_] == '"') {
      if (auto quoted = read_quoted()) return *std::move(quoted);
    }
    const std::size_t begin = position_;
    while (!at_end() && text_[position_] != separator_ && !is_line_end(text_[position_])) {
      ++position_;
    }
    return std::string(text_.substr(begin, position_ - begin));
  }

  // Absent, with nothing read, where no quote closes the cell.
  std::optional<std::string> read_quoted() {
    std::string cell;
    int breaks = 0;
    for (std::size_t at = position_ + 1; at < text_.size(); ++at) {
      const char character = text_[at];
      if (character == '"' && at + 1 < text_.size() && text_[at + 1] == '"') {
        cell += '"';
        ++at;
      } else if (character == '"') {
        const bool closes =
            at + 1 == text_.size() || text_[at + 1] == separator_ || is_line_end(text_[at + 1]);
        if (!closes) return std::nullopt;
        position_ = at + 1;
        line_ += breaks;
        return cell;
      } else if (is_line_end(character)) {
        if (character == '\n') ++breaks;
        cell += ' ';
      } else {
        cell += character;
      }
    }
    return std::nullopt;
  }

  void skip_line_end() {
    if (!at_end() && text_[position_] == '\r') ++position_;
    if (!at_end() && text_[position_] == '\n') ++position_;
    ++line_;
  }

  std::string_view text_;
  char separator_ = '\t';
  std::size_t position_ = 0;
  int line_ = 1;
};

bool is_address(const std::string& cell) { return cell.find('@') != std::string::npos; }

// A heading row names a column and holds no address.
std::vector<Column> find_headings(const Record& record) {
  std::vector<Column> columns;
  bool known = false;
  for (const auto& cell : record.cells) {
    if (is_address(cell)) return {};
    columns.push_back(find_column(cell));
    known = known || columns.back() != Column::unknown;
  }
  return known ? columns : std::vector<Column>();
}

// What each cell of a row without headings is, by what stands in it.
std::vector<Column> guess_columns(const Record& record) {
  std::vector<Column> columns;
  bool name = false;
  bool email = false;
  bool position = false;
  const auto first = [](bool& seen) { return !std::exchange(seen, true); };
  for (const auto& cell : record.cells) {
    Column column = Column::unknown;
    if (make_name_key(cell).empty()) {
      column = Column::unknown;
    } else if (is_address(cell)) {
      column = first(email) ? Column::email : Column::superior;
    } else if (find_typed_mode(cell)) {
      column = Column::mode;
    } else if (first(name)) {
      column = Column::name;
    } else if (first(position)) {
      column = Column::position;
    }
    columns.push_back(column);
  }
  return columns;
}

std::string join_names(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() ? one + other : one + " " + other;
}

// The cells by column; where a table has a column twice the first that says something counts.
std::map<Column, std::string> sort_cells(const Record& record, const std::vector<Column>& columns) {
  std::map<Column, std::string> cells;
  for (std::size_t index = 0; index < record.cells.size() && index < columns.size(); ++index) {
    Column column = columns[index];
    const std::string& cell = record.cells[index];
    if (column == Column::boss && is_address(cell)) column = Column::superior;
    auto& kept = cells[column];
    if (kept.empty()) kept = cell;
  }
  return cells;
}

void check_mode(const std::string& cell, NamedRow& row) {
  if (make_name_key(cell).empty()) return;
  row.mode = find_typed_mode(cell);
  if (!row.mode) row.errors.push_back({"mode", "unknown_mode"});
}

void check_superior(const std::string& cell, NamedRow& row) {
  if (make_name_key(cell).empty()) return;
  domain::FieldErrors errors;
  row.superior_email = check_email(cell, errors);
  for (auto& error : errors) {
    error.field = "superior_email";
    row.errors.push_back(std::move(error));
  }
}

NamedRow read_row(const Record& record, const std::vector<Column>& columns) {
  NamedRow row;
  row.line = record.line;
  row.original = record.original;
  auto cells = sort_cells(record, columns);
  std::string name = cells[Column::name];
  if (make_name_key(name).empty())
    name = join_names(cells[Column::given_name], cells[Column::family_name]);
  row.full_name = check_text(name, "full_name", kNameBounds, row.errors);
  row.email = check_email(cells[Column::email], row.errors);
  row.position = check_text(cells[Column::position], "position", kPositionBounds, row.errors);
  row.superior_name =
      check_text(cells[Column::boss], "superior_name", {0, 200, false, false}, row.errors);
  check_mode(cells[Column::mode], row);
  check_superior(cells[Column::superior], row);
  return row;
}

// One person stands in a table once.
void mark_duplicates(std::vector<NamedRow>& rows) {
  std::map<std::pair<std::string, std::string>, int> lines;
  for (auto& row : rows) {
    if (row.full_name.empty() || row.email.empty()) continue;
    const auto [first, is_new] =
        lines.try_emplace({make_name_key(row.full_name), make_email_key(row.email)}, row.line);
    if (!is_new) {
      row.errors.push_back({"", "duplicate_row", {{"line", std::to_string(first->second)}}});
    }
  }
}

}  // namespace

std::string PastedNames::text_of(const std::vector<const NamedRow*>& some) const {
  std::string text;
  if (!header.empty() && !some.empty()) text = header + "\n";
  for (const auto* row : some) text += row->original + "\n";
  return text;
}

domain::Outcome<PastedNames> parse_names(std::string_view text) {
  if (text.size() > kMostPastedOctets) return domain::FieldErrors{{"names", "names_too_long"}};
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  while (!text.empty() && is_line_end(text.front())) text.remove_prefix(1);
  PastedNames names;
  std::vector<Column> headings;
  RecordReader reader(text);
  for (bool first = true; !reader.at_end();) {
    const Record record = reader.next();
    if (record.is_empty()) continue;
    if (std::exchange(first, false)) {
      headings = find_headings(record);
      if (!headings.empty()) {
        names.header = record.original;
        continue;
      }
    }
    if (names.rows.size() == kMostPastedRows) {
      return domain::FieldErrors{
          {"names", "too_many_rows", {{"max", std::to_string(kMostPastedRows)}}}};
    }
    names.rows.push_back(read_row(record, headings.empty() ? guess_columns(record) : headings));
  }
  if (names.rows.empty()) return domain::FieldErrors{{"names", "required"}};
  mark_duplicates(names.rows);
  return names;
}

std::optional<AttendanceMode> find_typed_mode(std::string_view text) {
  const std::string key = make_heading_key(text);
  for (const auto& [name, mode] : kModes) {
    if (name == key) return mode;
  }
  return std::nullopt;
}

}  // namespace narada::usecases
