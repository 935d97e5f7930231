#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Which files are taken, by name and by content.
namespace narada::domain {

// How a file is looked into.
enum class FileFamily {
  pdf,
  office,       // OOXML: a ZIP archive of XML
  open_office,  // ODF: the same
  old_office,   // .doc, .xls, .ppt: a compound file
  rich_text,
  text,  // read as it is
  picture,
  recording,  // sound or film
  archive,
  book,  // EPUB: a ZIP archive of pages
};

struct FileType {
  std::string_view media_type;
  FileFamily family = FileFamily::text;
  std::vector<std::string_view> extensions;  // lower case, without the dot; the usual one first
};

// Every type that is taken.
const std::vector<FileType>& file_types();
// By the end of a name, in whatever case; dots and spaces at the end do not count, as some systems
// drop them. Absent: such files are not taken, or the name has no extension.
const FileType* find_file_type_by_name(std::string_view file_name);
const FileType* find_file_type(std::string_view media_type);
// "pdf" of "Uchwała.PDF"; empty: none.
std::string extension_of(std::string_view file_name);
// Of programs and scripts: whoever opens such a file runs it.
bool is_program_extension(std::string_view extension);

// What a download is called, so that no system takes the content for something else than it is: the
// name itself when its extension is one of the type's, else with the usual one added. Not yet safe
// for a header.
std::string name_for_download(std::string_view file_name, std::string_view media_type);

}  // namespace narada::domain
