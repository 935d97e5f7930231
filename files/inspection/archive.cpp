#include "files/inspection/archive.h"

#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <utility>

namespace narada::files::inspection {
namespace {

using domain::FileRefusal;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Would be written outside the folder that the archive is unpacked into, on some system.
bool is_unsafe_path(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.front() == '\\') return true;
  for (const char c : name)
    if (c == ':' || static_cast<unsigned char>(c) < 0x20) return true;
  for (std::size_t start = 0; start <= name.size();) {
    const auto end = std::min(name.find_first_of("/\\", start), name.size());
    if (name.substr(start, end - start) == "..") return true;
    start = end + 1;
  }
  return false;
}

bool is_macro_part(std::string_view name) {
  const auto path = lower(name);
  return path.ends_with("vbaproject.bin") || path.ends_with("vbadata.xml") ||
         contains(path, "xl/macrosheets/") || contains(path, "/activex/") ||
         (path.starts_with("basic/") && path.ends_with(".xml")) ||
         (path.starts_with("scripts/") && !path.ends_with('/'));
}

bool is_program(std::string_view head) {
  constexpr std::array<std::string_view, 6> kPrograms = {
      "\x7F"
      "ELF",
      "\xCF\xFA\xED\xFE", "\xCA\xFE\xBA\xBE", "\xFE\xED\xFA\xCF",
      // A shortcut of Windows.
      std::string_view("L\0\0\0\x01\x14\x02", 7), "#!/"};
  const bool is_dos = head.starts_with("MZ") && head.size() > 64;
  return is_dos || std::any_of(kPrograms.begin(), kPrograms.end(),
                               [&](std::string_view program) { return head.starts_with(program); });
}

// Of another kind: cannot be looked into.
bool is_closed_archive(std::string_view head) {
  constexpr std::array<std::string_view, 6> kArchives = {
      "Rar!\x1A", "7z\xBC\xAF\x27\x1C", "\x1F\x8B", "BZh", std::string_view("\xFD\x37zXZ", 5),
      "MSCF"};
  return std::any_of(kArchives.begin(), kArchives.end(),
                     [&](std::string_view kind) { return head.starts_with(kind); });
}

struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Entry = std::unique_ptr<zip_file_t, CloseEntry>;

}  // namespace

// Everything in it, and in what it holds.
class ArchiveCheck {
 public:
  explicit ArchiveCheck(std::uint64_t size) : size_(size) {}

  void check(const Archive& archive, int depth) {
    if (depth > kMostDepth) refuse(FileRefusal::bomb);
    entries_ += archive.names_.size();
    if (entries_ > kMostEntries) refuse(FileRefusal::bomb);
    check_announced(archive);
    for (zip_uint64_t index = 0; index < archive.names_.size(); ++index)
      check_entry(archive, index, depth);
  }

 private:
  // Before anything is unpacked.
  void check_announced(const Archive& archive) const {
    std::uint64_t announced = unpacked_;
    for (zip_uint64_t index = 0; index < archive.names_.size(); ++index) {
      zip_stat_t stat;
      if (zip_stat_index(archive.zip_, index, 0, &stat) != 0) refuse(FileRefusal::damaged);
      if ((stat.valid & ZIP_STAT_SIZE) != 0 && stat.size > kMostUnpacked) refuse(FileRefusal::bomb);
      if ((stat.valid & ZIP_STAT_SIZE) != 0) announced += stat.size;
      require_bounded(announced);
    }
  }

  void require_bounded(std::uint64_t unpacked) const {
    if (unpacked > kMostUnpacked || (unpacked > kGrowthLooked && unpacked / kMostGrowth > size_))
      refuse(FileRefusal::bomb);
  }

  static void check_kind(const Archive& archive, zip_uint64_t index) {
    zip_stat_t stat;
    if (zip_stat_index(archive.zip_, index, 0, &stat) != 0) refuse(FileRefusal::damaged);
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE)
      refuse(FileRefusal::encrypted);
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive.zip_, index, 0, &system, &attributes) == 0 &&
        system == ZIP_OPSYS_UNIX && S_ISLNK(attributes >> 16))
      refuse(FileRefusal::unsafe_paths);
  }

  void check_entry(const Archive& archive, zip_uint64_t index, int depth) {
    const auto& name = archive.names_[index];
    if (is_unsafe_path(name)) refuse(FileRefusal::unsafe_paths);
    if (is_macro_part(name)) refuse(FileRefusal::macros);
    check_kind(archive, index);
    if (name.ends_with('/')) return;
    const auto extension = domain::extension_of(name);
    constexpr std::array<std::string_view, 9> kWithMacros = {"docm", "dotm", "potm", "ppam", "ppsm",
                                                             "pptm", "xlam", "xlsm", "xltm"};
    if (std::find(kWithMacros.begin(), kWithMacros.end(), extension) != kWithMacros.end())
      refuse(FileRefusal::macros);
    if (domain::is_program_extension(extension)) refuse(FileRefusal::forbidden_type);
    auto nested = read_through(archive, index);
    if (!nested.empty()) check(Archive(std::move(nested)), depth + 1);
  }

  // The whole entry; returned when it is an archive itself, else empty.
  std::string read_through(const Archive& archive, zip_uint64_t index) {
    const Entry entry(zip_fopen_index(archive.zip_, index, 0));
    if (!entry) refuse(FileRefusal::damaged);
    std::array<char, 1U << 16> buffer{};
    std::string kept;
    bool is_first = true, is_archive = false;
    for (;;) {
      const auto got = zip_fread(entry.get(), buffer.data(), buffer.size());
      if (got < 0) refuse(FileRefusal::damaged);
      if (got == 0) return kept;
      const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
      if (is_first) {
        if (is_program(piece) || is_closed_archive(piece)) refuse(FileRefusal::forbidden_type);
        is_archive = piece.starts_with("PK\x03\x04");
        is_first = false;
      }
      if (contains(piece, "This program cannot be run in DOS mode"))
        refuse(FileRefusal::forbidden_type);
      unpacked_ += piece.size();
      require_bounded(unpacked_);
      if (is_archive) kept.append(piece);
      if (kept.size() > kMostNested) refuse(FileRefusal::bomb);
    }
  }

  std::uint64_t size_;
  std::uint64_t unpacked_ = 0;
  std::size_t entries_ = 0;
};

Archive::Archive(const Subject& subject) {
  int error = 0;
  zip_ = zip_open(subject.path.c_str(), ZIP_RDONLY, &error);
  if (zip_ == nullptr) refuse(FileRefusal::damaged);
  list();
}

Archive::Archive(std::string bytes) : bytes_(std::move(bytes)) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, &error);
  if (source == nullptr) refuse(FileRefusal::damaged);
  zip_ = zip_open_from_source(source, ZIP_RDONLY, &error);
  zip_error_fini(&error);
  if (zip_ == nullptr) {
    zip_source_free(source);
    refuse(FileRefusal::damaged);
  }
  list();
}

Archive::~Archive() {
  if (zip_ != nullptr) zip_discard(zip_);
}

void Archive::list() {
  const auto count = zip_get_num_entries(zip_, 0);
  if (count > static_cast<zip_int64_t>(kMostEntries)) {
    zip_discard(std::exchange(zip_, nullptr));
    refuse(FileRefusal::bomb);
  }
  for (zip_int64_t index = 0; index < count; ++index) {
    const char* const name = zip_get_name(zip_, static_cast<zip_uint64_t>(index), ZIP_FL_ENC_GUESS);
    names_.emplace_back(name == nullptr ? "" : name);
  }
}

bool Archive::holds(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::string Archive::read(std::string_view name, std::size_t most) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return "";
  const auto index = static_cast<zip_uint64_t>(found - names_.begin());
  zip_stat_t stat;
  if (zip_stat_index(zip_, index, 0, &stat) != 0) return "";
  const Entry entry(zip_fopen_index(zip_, index, 0));
  if (!entry) return "";
  std::string text(std::min<std::size_t>(most, static_cast<std::size_t>(stat.size)), '\0');
  const auto got = zip_fread(entry.get(), text.data(), text.size());
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

std::string media_type_of(const Archive& archive) {
  constexpr std::size_t kMostTypes = 1U << 20;
  if (const auto types = archive.read("[Content_Types].xml", kMostTypes); !types.empty()) {
    if (contains(types, "macroEnabled")) refuse(FileRefusal::macros);
    const std::string openxml = "application/vnd.openxmlformats-officedocument.";
    for (const auto* const kind : {"wordprocessingml.document", "spreadsheetml.sheet",
                                   "presentationml.presentation", "presentationml.slideshow"})
      if (contains(types, openxml + kind + ".main+xml")) return openxml + kind;
  }
  const auto declared = archive.read("mimetype", 100);
  const auto* const type =
      domain::find_file_type(declared.substr(0, declared.find_last_not_of(" \r\n") + 1));
  if (type != nullptr &&
      (type->family == domain::FileFamily::open_office || type->family == domain::FileFamily::book))
    return std::string(type->media_type);
  if (archive.holds("META-INF/MANIFEST.MF") || archive.holds("classes.dex"))
    refuse(FileRefusal::forbidden_type);
  return "application/zip";
}

void check_archive(const Archive& archive, std::uint64_t size) {
  ArchiveCheck(size).check(archive, 0);
}

}  // namespace narada::files::inspection
