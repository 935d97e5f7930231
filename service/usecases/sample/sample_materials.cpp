#include "service/usecases/sample/sample_materials.h"

#include <algorithm>

#include "service/usecases/files/one_page_pdf.h"
#include "service/usecases/materials/materials.h"
#include "service/usecases/materials/uploads.h"
#include "service/usecases/operations.h"
#include "service/usecases/sample/sample_files.h"
#include "service/usecases/slug.h"
#include "sql/cycle_store.h"
#include "sql/meeting_store.h"

namespace narada::usecases {
namespace {

constexpr const char* kFile = "materials.csv";

std::string place_of(const CsvRow& row) {
  return std::string(kFile) + " lines[" + std::to_string(row.line) + "]";
}

template <class Value>
Value read_word(const CsvRow& row, const char* column,
                std::optional<Value> (*find)(std::string_view), Value otherwise) {
  if (row[column].empty()) return otherwise;
  const auto value = find(row[column]);
  if (!value) throw SampleError{place_of(row) + '.' + column, row[column]};
  return *value;
}

std::optional<domain::MaterialOwner> find_owner(const Environment& environment, const CsvRow& row) {
  return read_database(
      environment, [&](storage::Connection& connection) -> std::optional<domain::MaterialOwner> {
        if (!row["cycle"].empty()) {
          const auto cycle = storage::find_cycle_ref(connection, make_slug(row["cycle"], "cykl"));
          if (!cycle) return std::nullopt;
          return domain::MaterialOwner(cycle->id);
        }
        const auto meeting =
            storage::find_meeting(connection, make_slug(row["meeting"], "spotkanie"));
        if (!meeting) return std::nullopt;
        return domain::MaterialOwner(meeting->id);
      });
}

bool is_there(const Environment& environment, const Call& call, const domain::MaterialOwner& owner,
              const std::string& title) {
  const auto has_title = [&](const auto& materials) {
    return materials && std::any_of(materials->begin(), materials->end(),
                                    [&](const auto& one) { return one.material.title == title; });
  };
  return has_title(list_materials(environment, call.actor, owner)) ||
         has_title(list_removed_materials(environment, call.actor, owner));
}

MaterialForm read_form(const CsvRow& row) {
  MaterialForm form;
  form.title = row["title"];
  form.kind = read_word(row, "kind", domain::find_material_kind, domain::MaterialKind::other);
  form.description = row["description"];
  form.audience = read_word(row, "audience", domain::find_material_audience,
                            domain::MaterialAudience::everybody);
  form.licence =
      read_word(row, "licence", domain::find_licence, domain::Licence::all_rights_reserved);
  form.authors = row["authors"];
  form.access =
      read_word(row, "access", domain::find_material_access, domain::MaterialAccess::everybody);
  form.section = row["section"];
  form.link = row["link"];
  form.tell_participants = false;
  return form;
}

OnePage sheet_of(const CsvRow& row) {
  OnePage sheet;
  sheet.title = row["title"];
  sheet.letterhead = {"Narada: materiał przykładowy"};
  sheet.paragraphs = split_cell(row["sheet"]);
  sheet.foot = row["description"];
  return sheet;
}

// Brings the sheet and returns the key of its upload.
std::string bring_sheet(const Environment& environment, const Call& call,
                        const domain::MaterialOwner& owner, const CsvRow& row) {
  const std::string pdf = write_one_page_pdf(sheet_of(row));
  auto file = FormFile::begin(environment);
  if (!file || !file->write(pdf)) throw SampleError{place_of(row), "no space for the sheet"};
  const auto brought = upload_bytes(
      environment, call, {owner, make_slug(row["title"], "karta") + ".pdf", pdf.size(), ""},
      std::move(file));
  if (!brought) throw SampleError{place_of(row), "the sheet is refused"};
  return brought->key;
}

bool add_row(const Environment& environment, const Call& sample, const CsvRow& row) {
  const bool is_sheet = !row["sheet"].empty();
  if (is_sheet && environment.uploads.empty()) return false;
  const auto owner = find_owner(environment, row);
  if (!owner || is_there(environment, sample, *owner, row["title"])) return false;
  auto form = read_form(row);
  if (is_sheet) form.upload = bring_sheet(environment, sample, *owner, row);
  const auto added = add_material(environment, sample, *owner, form);
  if (added) return true;
  const auto* errors = std::get_if<domain::FieldErrors>(&added.failure());
  throw SampleError{place_of(row), errors && !errors->empty()
                                       ? errors->front().field + ": " + errors->front().code
                                       : "refused"};
}

}  // namespace

int add_sample_materials(const Environment& environment, const Call& call,
                         const std::string& directory) {
  int added = 0;
  for (const CsvRow& row : load_sample_table(directory, kFile).rows)
    added += add_row(environment, call, row) ? 1 : 0;
  return added;
}

}  // namespace narada::usecases
