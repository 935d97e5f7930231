#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the inspection of a file found out (files/inspection.h), and what came of it.
namespace narada::domain {

// waiting: nobody but who brought it and who organizes sees it. refused: its content is deleted,
// the reason stays. lost: a restored backup did not have the content; it is to be brought again.
enum class FileState { waiting, ready, refused, lost };
std::string_view to_string(FileState state);
std::optional<FileState> find_file_state(std::string_view name);

enum class FileRefusal {
  empty,
  infected,
  macros,          // of an office document
  unsafe_paths,    // an archive that would write outside its folder
  bomb,            // an archive that grows beyond measure when unpacked
  mislabelled,     // the content is not what the name says
  forbidden_type,  // a program, a script, a disk image
  damaged,         // cannot be read as what it is
  encrypted,       // cannot be looked into
  unscanned,       // larger than the virus scanner takes
};
std::string_view to_string(FileRefusal refusal);
std::optional<FileRefusal> find_file_refusal(std::string_view name);

// What stands between a document and a reader who cannot see it, each with advice how to mend it.
enum class AccessibilityFault {
  no_tags,      // PDF: no structure for a screen reader
  no_title,     // PDF: the window shows the file's name
  no_language,  // PDF: read aloud with the wrong voice
  no_text,      // PDF: a scan; nothing to read, search or enlarge
  no_alt_text,  // a picture without words for it
  old_format,   // .doc, .xls, .ppt: without the means to be accessible
};
std::string_view to_string(AccessibilityFault fault);
std::optional<AccessibilityFault> find_accessibility_fault(std::string_view name);

struct FileFacts {
  std::string media_type;  // by content, never by what the sender said: "application/pdf"
  std::optional<int> pages;
  std::optional<int> width, height;        // of an image, pixels
  std::string title;                       // that the document gives itself
  std::string language;                    // BCP 47, that the document gives itself: "pl-PL"
  bool is_tagged = false;                  // PDF
  bool has_text = false;                   // a document with text that can be searched
  std::vector<AccessibilityFault> faults;  // without no_alt_text: that is the material's

  friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

// What a browser may show by itself, on a page of ours: pictures and PDF. Everything else is an
// attachment.
bool is_shown_inline(std::string_view media_type);

}  // namespace narada::domain
