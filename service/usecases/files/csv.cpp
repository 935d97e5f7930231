#include "service/usecases/files/csv.h"

#include <algorithm>

namespace narada::usecases {
namespace {

constexpr std::size_t kMostOctets = 16U << 20;
constexpr std::size_t kMostColumns = 200;

std::string trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// The separator that the header uses outside quotes.
char find_separator(std::string_view text) {
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ';') return ';';
    if (c == '\n' || c == '\r') break;
  }
  return ',';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), separator_(find_separator(text)) {}

  bool at_end() const { return position_ == text_.size(); }
  int line() const { return line_; }

  // The cells of one record; a single empty one for an empty line.
  std::vector<std::string> read_record() {
    std::vector<std::string> cells;
    do {
      cells.push_back(read_cell());
      if (cells.size() > kMostColumns) throw CsvError{line_, "too_large"};
    } while (take(separator_));
    if (!at_end()) take_line_end();
    return cells;
  }

 private:
  bool at_line_end() const { return text_[position_] == '\n' || text_[position_] == '\r'; }

  bool take(char c) {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  void take_line_end() {
    if (!take('\r') || take('\n')) take('\n');
    ++line_;
  }

  void skip_blanks() {
    while (!at_end() && (text_[position_] == ' ' || text_[position_] == '\t')) ++position_;
  }

  std::string read_cell() {
    skip_blanks();
    if (take('"')) return read_quoted();
    const std::size_t begin = position_;
    while (!at_end() && text_[position_] != separator_ && !at_line_end()) ++position_;
    return trim(text_.substr(begin, position_ - begin));
  }

  std::string read_quoted() {
    const int first_line = line_;
    std::string cell;
    for (;;) {
      if (at_end()) throw CsvError{first_line, "unclosed_quote"};
      const char c = text_[position_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
      } else if (take('"')) {
        cell += '"';
      } else {
        break;
      }
    }
    skip_blanks();
    if (!at_end() && text_[position_] != separator_ && !at_line_end()) {
      throw CsvError{line_, "text_after_quote"};
    }
    return cell;
  }

  std::string_view text_;
  char separator_;
  std::size_t position_ = 0;
  int line_ = 1;
};

bool is_empty(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); });
}

}  // namespace

const std::string& CsvRow::operator[](std::string_view column) const {
  static const std::string nothing;
  const auto found = cells.find(column);
  return found == cells.end() ? nothing : found->second;
}

bool CsvTable::has_column(std::string_view column) const {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

std::vector<std::string> split_cell(std::string_view cell, char separator) {
  std::vector<std::string> values;
  while (!cell.empty()) {
    const std::size_t end = cell.find(separator);
    if (auto value = trim(cell.substr(0, end)); !value.empty()) values.push_back(std::move(value));
    if (end == std::string_view::npos) break;
    cell.remove_prefix(end + 1);
  }
  return values;
}

CsvTable parse_csv(std::string_view text) {
  if (text.size() > kMostOctets) throw CsvError{1, "too_large"};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Reader reader(text);
  CsvTable table;
  while (!reader.at_end()) {
    const int line = reader.line();
    std::vector<std::string> cells = reader.read_record();
    if (is_empty(cells)) continue;
    if (table.columns.empty()) {
      table.columns = std::move(cells);
      continue;
    }
    if (cells.size() != table.columns.size()) throw CsvError{line, "wrong_number_of_cells"};
    CsvRow& row = table.rows.emplace_back();
    row.line = line;
    for (std::size_t index = 0; index < cells.size(); ++index) {
      row.cells[table.columns[index]] = std::move(cells[index]);
    }
  }
  if (table.columns.empty()) throw CsvError{1, "no_header"};
  auto sorted = table.columns;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    throw CsvError{1, "duplicate_column"};
  }
  return table;
}

}  // namespace narada::usecases
