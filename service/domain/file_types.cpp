#include "service/domain/file_types.h"

#include <algorithm>
#include <array>

namespace narada::domain {
namespace {

// Sorted.
constexpr std::array<std::string_view, 52> kPrograms = {
    "app",     "appimage", "appref-ms", "bash",    "bat",  "chm",  "class", "cmd",        "com",
    "command", "cpl",      "deb",       "desktop", "dll",  "dmg",  "docm",  "dotm",       "exe",
    "hta",     "img",      "inf",       "iso",     "jar",  "js",   "jse",   "library-ms", "lnk",
    "mjs",     "msc",      "msi",       "msix",    "msp",  "pif",  "potm",  "ppam",       "ppsm",
    "pptm",    "ps1",      "psm1",      "py",      "reg",  "rpm",  "scf",   "scr",        "sh",
    "url",     "vbe",      "vbs",       "wsf",     "xlam", "xlsm", "xltm"};
static_assert(std::is_sorted(kPrograms.begin(), kPrograms.end()));

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

std::string_view without_tail(std::string_view name) {
  while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.remove_suffix(1);
  return name;
}

}  // namespace

const std::vector<FileType>& file_types() {
  static const std::vector<FileType> all = {
      {"application/pdf", FileFamily::pdf, {"pdf"}},
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
       FileFamily::office,
       {"docx"}},
      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
       FileFamily::office,
       {"xlsx"}},
      {"application/vnd.openxmlformats-officedocument.presentationml.presentation",
       FileFamily::office,
       {"pptx"}},
      {"application/vnd.openxmlformats-officedocument.presentationml.slideshow",
       FileFamily::office,
       {"ppsx"}},
      {"application/vnd.oasis.opendocument.text", FileFamily::open_office, {"odt"}},
      {"application/vnd.oasis.opendocument.spreadsheet", FileFamily::open_office, {"ods"}},
      {"application/vnd.oasis.opendocument.presentation", FileFamily::open_office, {"odp"}},
      {"application/vnd.oasis.opendocument.graphics", FileFamily::open_office, {"odg"}},
      {"application/msword", FileFamily::old_office, {"doc"}},
      {"application/vnd.ms-excel", FileFamily::old_office, {"xls"}},
      {"application/vnd.ms-powerpoint", FileFamily::old_office, {"ppt", "pps"}},
      {"application/rtf", FileFamily::rich_text, {"rtf"}},
      {"text/plain", FileFamily::text, {"txt"}},
      {"text/csv", FileFamily::text, {"csv"}},
      {"text/markdown", FileFamily::text, {"md", "markdown"}},
      {"text/calendar", FileFamily::text, {"ics"}},
      {"application/json", FileFamily::text, {"json"}},
      {"application/geo+json", FileFamily::text, {"geojson"}},
      {"image/png", FileFamily::picture, {"png"}},
      {"image/jpeg", FileFamily::picture, {"jpg", "jpeg", "jpe", "jfif"}},
      {"image/webp", FileFamily::picture, {"webp"}},
      {"image/gif", FileFamily::picture, {"gif"}},
      {"audio/mpeg", FileFamily::recording, {"mp3"}},
      {"audio/mp4", FileFamily::recording, {"m4a"}},
      {"audio/ogg", FileFamily::recording, {"ogg", "oga", "opus"}},
      {"video/mp4", FileFamily::recording, {"mp4", "m4v"}},
      {"video/webm", FileFamily::recording, {"webm"}},
      {"video/ogg", FileFamily::recording, {"ogv"}},
      {"application/zip", FileFamily::archive, {"zip"}},
      {"application/epub+zip", FileFamily::book, {"epub"}},
  };
  return all;
}

std::string extension_of(std::string_view file_name) {
  const auto name = without_tail(file_name);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : lower(name.substr(dot + 1));
}

bool is_program_extension(std::string_view extension) {
  return std::binary_search(kPrograms.begin(), kPrograms.end(), extension);
}

const FileType* find_file_type_by_name(std::string_view file_name) {
  const auto extension = extension_of(file_name);
  for (const auto& type : file_types())
    for (const auto known : type.extensions)
      if (known == extension) return &type;
  return nullptr;
}

const FileType* find_file_type(std::string_view media_type) {
  for (const auto& type : file_types())
    if (type.media_type == media_type) return &type;
  return nullptr;
}

std::string name_for_download(std::string_view file_name, std::string_view media_type) {
  std::string name(without_tail(file_name));
  const auto* const type = find_file_type(media_type);
  if (type == nullptr) return name.empty() ? "plik" : name;
  if (find_file_type_by_name(name) == type) return name;
  return (name.empty() ? "plik" : name) + "." + std::string(type->extensions.front());
}

}  // namespace narada::domain
