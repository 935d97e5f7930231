#include "service/usecases/registrations/registration_export.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace narada::usecases {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

std::shared_ptr<int> own(int descriptor) {
  return {new int(descriptor), [](const int* open) {
            ::close(*open);
            delete open;
          }};
}

ExportedFile measured(std::shared_ptr<int> descriptor) {
  struct stat found {};
  if (::fstat(*descriptor, &found) != 0) throw_errno("export: fstat");
  return {std::move(descriptor), static_cast<std::uint64_t>(found.st_size)};
}

// A directory for one file, which goes with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    path_ = (fs::temp_directory_path() / "narada-export-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) throw_errno("export: " + path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class CsvFile final : public TableFile {
 public:
  explicit CsvFile(const std::vector<std::string>& headings) {
    const TemporaryDirectory directory;
    const auto path = directory.path() + "/table.csv";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) throw_errno("export: " + path);
    descriptor_ = own(descriptor);
    buffer_ = "\xEF\xBB\xBF";
    add_row(headings);
  }

  void add_row(const std::vector<std::string>& cells) override {
    for (std::size_t index = 0; index < cells.size(); ++index) {
      if (index > 0) buffer_ += ';';
      buffer_ += csv_cell(cells[index]);
    }
    buffer_ += "\r\n";
    if (buffer_.size() >= kBuffer) flush();
  }

  ExportedFile finish() override {
    flush();
    return measured(std::move(descriptor_));
  }

 private:
  static constexpr std::size_t kBuffer = 64 << 10;

  void flush() {
    std::string_view left = buffer_;
    while (!left.empty()) {
      const auto written = ::write(*descriptor_, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw_errno("export: write");
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
  }

  std::shared_ptr<int> descriptor_;
  std::string buffer_;
};

void check(lxw_error error) {
  if (error != LXW_NO_ERROR) {
    throw std::runtime_error(std::string("export: ") + lxw_strerror(error));
  }
}

class SpreadsheetFile final : public TableFile {
 public:
  SpreadsheetFile(const std::string& sheet, const std::vector<std::string>& headings)
      : path_(directory_.path() + "/table.xlsx"), temporary_(directory_.path()) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = temporary_.data();
    workbook_.reset(workbook_new_opt(path_.c_str(), &options));
    if (workbook_ == nullptr) throw std::runtime_error("export: no workbook");
    sheet_ = workbook_add_worksheet(workbook_.get(), sheet.c_str());
    if (sheet_ == nullptr) throw std::runtime_error("export: no sheet named " + sheet);
    worksheet_freeze_panes(sheet_, 1, 0);
    set_widths(headings);
    lxw_format* bold = workbook_add_format(workbook_.get());
    format_set_bold(bold);
    write_row(headings, bold);
  }

  void add_row(const std::vector<std::string>& cells) override { write_row(cells, nullptr); }

  ExportedFile finish() override {
    check(workbook_close(workbook_.release()));
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw_errno("export: " + path_);
    return measured(own(descriptor));
  }

 private:
  void set_widths(const std::vector<std::string>& headings) {
    constexpr double kNarrowest = 16;  // characters
    lxw_col_t column = 0;
    for (const auto& heading : headings) {
      const double width = std::max(kNarrowest, static_cast<double>(heading.size()) + 2);
      check(worksheet_set_column(sheet_, column, column, width, nullptr));
      ++column;
    }
  }
  // Rows are written one after another and cannot be touched again.
  void write_row(const std::vector<std::string>& cells, lxw_format* format) {
    lxw_col_t column = 0;
    for (const auto& cell : cells) {
      if (!cell.empty()) check(worksheet_write_string(sheet_, row_, column, cell.c_str(), format));
      ++column;
    }
    ++row_;
  }

  TemporaryDirectory directory_;
  std::string path_;
  std::string temporary_;  // libxlsxwriter keeps a pointer to it
  // Closing is the only way to free it; what it writes goes with the directory.
  struct Close {
    void operator()(lxw_workbook* workbook) const { workbook_close(workbook); }
  };
  std::unique_ptr<lxw_workbook, Close> workbook_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_row_t row_ = 0;
};

// Read as the beginning of a formula; a tab or return before one is skipped.
bool begins_formula(const std::string& text) {
  return !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string::npos;
}

}  // namespace

std::string csv_cell(const std::string& text) {
  const bool spoken_for = begins_formula(text);
  const bool quoted = spoken_for || text.find_first_of(";,\"\r\n\t") != std::string::npos ||
                      text.starts_with(' ') || text.ends_with(' ');
  if (!quoted) return text;
  std::string cell = "\"";
  if (spoken_for) cell += '\'';
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::unique_ptr<TableFile> make_csv_file(const std::vector<std::string>& headings) {
  return std::make_unique<CsvFile>(headings);
}

std::unique_ptr<TableFile> make_spreadsheet_file(const std::string& sheet,
                                                 const std::vector<std::string>& headings) {
  return std::make_unique<SpreadsheetFile>(sheet, headings);
}

}  // namespace narada::usecases
