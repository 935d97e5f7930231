#include "files/inspection/content_type.h"

#include <magic.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

namespace narada::files::inspection {
namespace {

using domain::FileFamily;
using domain::FileRefusal;
using domain::FileType;

constexpr std::size_t kLookedAt = 1U << 20;  // octets from the beginning

struct Detected {
  std::string media_type;
  bool is_binary = false;
};

Detected detect(const std::string& head) {
  const std::unique_ptr<magic_set, decltype(&magic_close)> magic(
      magic_open(MAGIC_MIME_TYPE | MAGIC_MIME_ENCODING | MAGIC_NO_CHECK_COMPRESS), &magic_close);
  if (!magic || magic_load(magic.get(), nullptr) != 0) throw Obstacle("libmagic has no database");
  const char* const found = magic_buffer(magic.get(), head.data(), head.size());
  const std::string text = found == nullptr ? "application/octet-stream" : found;
  return {text.substr(0, text.find(';')), text.find("charset=binary") != std::string::npos};
}

constexpr bool starts_with(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}
bool is_zip(std::string_view head) {
  return starts_with(head, "PK\x03\x04") || starts_with(head, "PK\x05\x06");
}
bool is_compound_file(std::string_view head) {
  return starts_with(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}
// The first frame of an MPEG audio stream without a tag in front.
bool is_mpeg_frame(std::string_view head) {
  return head.size() > 3 && head[0] == '\xFF' && (head[1] & '\xE6') == '\xE2';
}

const FileType& type_of(std::string_view media_type) {
  const auto* const type = domain::find_file_type(media_type);
  if (type == nullptr) refuse(FileRefusal::mislabelled);
  return *type;
}

// Not what the name says: is it something else, or nothing at all?
[[noreturn]] void refuse_other(const Detected& detected) {
  refuse(detected.media_type == "application/octet-stream" ? FileRefusal::damaged
                                                           : FileRefusal::mislabelled);
}

// Sources of pages and programs, which are told from text by content alone. What looks like a
// program's source is common in plain text and cannot run as such.
bool is_markup(std::string_view media_type) {
  constexpr std::array kMarkup = {"text/html", "text/xml", "application/xml", "image/svg+xml",
                                  "application/xhtml+xml"};
  return std::find(kMarkup.begin(), kMarkup.end(), media_type) != kMarkup.end();
}

const FileType& decide_text(const FileType& named, const Detected& detected) {
  const bool is_text = !detected.is_binary || detected.media_type == "application/json";
  if (!is_text) refuse_other(detected);
  // Descriptions in Markdown may hold HTML.
  if (is_markup(detected.media_type) && named.media_type != "text/markdown")
    refuse(FileRefusal::mislabelled);
  return named;
}

const FileType& decide_recording(const FileType& named, const Detected& detected,
                                 std::string_view head) {
  struct Known {
    std::string_view detected, media_type;
  };
  constexpr std::array<Known, 12> kKnown = {{{"audio/mpeg", "audio/mpeg"},
                                             {"audio/mp4", "audio/mp4"},
                                             {"audio/x-m4a", "audio/mp4"},
                                             {"video/mp4", "video/mp4"},
                                             {"video/x-m4v", "video/mp4"},
                                             {"video/quicktime", "video/mp4"},
                                             {"video/3gpp", "video/mp4"},
                                             {"video/webm", "video/webm"},
                                             {"audio/webm", "video/webm"},
                                             {"audio/ogg", "audio/ogg"},
                                             {"video/ogg", "video/ogg"},
                                             {"application/ogg", "audio/ogg"}}};
  for (const auto& known : kKnown) {
    if (known.detected != detected.media_type) continue;
    // The container is that of sound and film alike, and the name knows better.
    if (detected.media_type == "application/ogg" && named.media_type == "video/ogg") return named;
    if (known.media_type == "video/mp4" && named.media_type == "audio/mp4") return named;
    return type_of(known.media_type);
  }
  if (named.media_type == "audio/mpeg" && detected.media_type == "application/octet-stream" &&
      is_mpeg_frame(head))
    return named;
  refuse_other(detected);
}

const FileType& decide_by_name(const FileType& named, const Detected& detected,
                               std::string_view head) {
  switch (named.family) {
    case FileFamily::pdf:
      // Readers that look for the header further on would take a page or a program for a document.
      if (!starts_with(head, "%PDF-")) refuse_other(detected);
      return named;
    case FileFamily::office:
    case FileFamily::open_office:
      // A document with a password is a compound file.
      if (is_compound_file(head)) return type_of("application/msword");
      [[fallthrough]];
    case FileFamily::archive:
    case FileFamily::book:
      if (!is_zip(head)) refuse_other(detected);
      return named;
    case FileFamily::old_office:
      if (starts_with(head, "{\\rtf")) return type_of("application/rtf");
      if (!is_compound_file(head)) refuse_other(detected);
      return named;
    case FileFamily::rich_text:
      if (!starts_with(head, "{\\rtf")) refuse_other(detected);
      return named;
    case FileFamily::picture: {
      const auto* const type = domain::find_file_type(detected.media_type);
      if (type == nullptr || type->family != FileFamily::picture) refuse_other(detected);
      return *type;
    }
    case FileFamily::recording:
      return decide_recording(named, detected, head);
    case FileFamily::text:
      return decide_text(named, detected);
  }
  refuse(FileRefusal::forbidden_type);
}

// "Pismo nr 12.2027": what follows the dot is no extension.
bool is_no_extension(const std::string& extension) {
  return extension.empty() || std::all_of(extension.begin(), extension.end(), [](char c) {
           return (c >= '0' && c <= '9') || c == ' ';
         });
}

}  // namespace

const domain::FileType& decide_type(const Subject& subject) {
  constexpr std::array<std::string_view, 9> kWithMacros = {"docm", "dotm", "potm", "ppam", "ppsm",
                                                           "pptm", "xlam", "xlsm", "xltm"};
  const auto extension = domain::extension_of(subject.name);
  if (std::find(kWithMacros.begin(), kWithMacros.end(), extension) != kWithMacros.end())
    refuse(FileRefusal::macros);
  const auto* named = domain::find_file_type_by_name(subject.name);
  if (named == nullptr && !is_no_extension(extension)) refuse(FileRefusal::forbidden_type);
  const auto head = read_piece(subject, 0, kLookedAt);
  const auto detected = detect(head);
  if (named == nullptr) named = domain::find_file_type(detected.media_type);
  if (named == nullptr) refuse(FileRefusal::forbidden_type);
  return decide_by_name(*named, detected, head);
}

}  // namespace narada::files::inspection
