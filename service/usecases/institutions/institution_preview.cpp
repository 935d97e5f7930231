#include "service/usecases/institutions/institution_preview.h"

#include <fmt/format.h>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/files/text_encoding.h"
#include "service/usecases/institutions/institution_import.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug_retry.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Outcome;

bool may_edit(const Actor& actor) { return domain::can(actor, Action::edit_catalogue, {}); }

// A form turns the ends of lines into CRLF on its way.
std::string with_plain_lines(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool before_feed = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    if (!before_feed) plain += text[at] == '\r' ? '\n' : text[at];
  }
  return plain;
}

struct ReadFile {
  std::string text;
  CsvTable table;
};

// "lines[3]: unclosed_quote" of the table is one rule of the form's one field.
FieldErrors as_file_errors(const FieldErrors& errors) {
  FieldErrors of_file;
  for (const auto& error : errors) {
    if (error.code == "missing_column") {
      of_file.push_back({"file", error.code, {{"column", error.field}}});
    } else {
      const auto from = error.field.find('[') + 1;
      of_file.push_back({"file",
                         "csv_" + error.code,
                         {{"line", error.field.substr(from, error.field.find(']') - from)}}});
    }
  }
  return of_file;
}

Outcome<ReadFile> read(std::string_view file) {
  if (file.empty()) return FieldErrors{{"file", "required"}};
  if (file.size() > kMostImportOctets) return FieldErrors{{"file", "file_too_large"}};
  const auto text = find_utf8(file);
  if (!text) return FieldErrors{{"file", "not_utf8"}};
  ReadFile result{with_plain_lines(*text), {}};
  auto table = read_institution_csv(result.text);
  if (!table) return as_file_errors(std::get<FieldErrors>(table.failure()));
  result.table = std::move(*table);
  return result;
}

std::string digest_of(const std::string& text, const TablePlan& plan) {
  std::string all = std::to_string(text.size()) + '\n' + text;
  for (const PlannedRow& row : plan.rows) {
    fmt::format_to(std::back_inserter(all), "\n{} {} {}", row.line, static_cast<int>(row.step),
                   row.institution.id.value);
    for (const FieldChange& change : row.changes) {
      for (const auto* part : {&change.field, &change.before, &change.after}) {
        fmt::format_to(std::back_inserter(all), " {}:{}", part->size(), *part);
      }
    }
  }
  for (const std::string& code : plan.new_associations)
    fmt::format_to(std::back_inserter(all), "\n{}:{}", code.size(), code);
  std::string digest;
  for (const char octet : hash_token(all)) {
    fmt::format_to(std::back_inserter(digest), "{:02x}", static_cast<unsigned char>(octet));
  }
  return digest;
}

PreviewRow shown(const PlannedRow& row) {
  return {row.line, row.institution.teryt.value_or(""), row.institution.name, row.changes,
          row.errors};
}

}  // namespace

Outcome<ImportPreview> preview_import(const Environment& environment, const Actor& actor,
                                      std::string_view file) {
  if (!may_edit(actor)) return domain::Forbidden{};
  auto content = read(file);
  if (!content) return content.failure();
  const auto plan = read_database(environment, [&](storage::Connection& connection) {
    return plan_institution_table(connection, content->table, Existing::update,
                                  storage::RowLock::none);
  });
  ImportPreview preview;
  for (const PlannedRow& row : plan.rows) {
    if (row.step == RowStep::keep) {
      ++preview.unchanged;
    } else {
      auto& rows = row.step == RowStep::add      ? preview.added
                   : row.step == RowStep::change ? preview.changed
                                                 : preview.wrong;
      rows.push_back(shown(row));
    }
  }
  preview.new_associations = plan.new_associations;
  preview.digest = digest_of(content->text, plan);
  preview.text = std::move(content->text);
  return preview;
}

Outcome<ImportReport> apply_import(const Environment& environment, const Call& call,
                                   std::string_view file, std::string_view digest) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  const auto content = read(file);
  if (!content) return content.failure();
  const auto work = [&](storage::Connection& connection) -> Outcome<ImportReport> {
    const auto plan = plan_institution_table(connection, content->table, Existing::update,
                                             storage::RowLock::update);
    if (!plan.errors().empty() || digest_of(content->text, plan) != digest) {
      return domain::Conflict{"preview_changed"};
    }
    return apply_plan(connection, environment, call, plan);
  };
  auto report = retry_taken_slug([&] {
    return run_once<ImportReport>(environment, call, "import_institutions", work, to_text,
                                  parse_report);
  });
  if (report) note_catalogue_write(environment);
  return report;
}

}  // namespace narada::usecases
