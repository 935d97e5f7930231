#include <algorithm>
#include <array>
#include <set>

#include "files/inspection/office.h"

namespace narada::files::inspection {
namespace {

using domain::FileRefusal;

constexpr std::size_t kPiece = 1U << 20;
constexpr std::size_t kSector = 512;
constexpr std::size_t kDirectoryEntry = 128;  // octets ([MS-CFB] 2.6.1)

// Every piece of the file with what of the next one a pattern may reach into.
template <class Visit>
void each_piece(const Subject& subject, std::size_t overlap, const Visit& visit) {
  for (std::uint64_t offset = 0; offset < subject.size; offset += kPiece)
    visit(read_piece(subject, offset, kPiece + overlap));
}

// The name of a directory entry, when those 128 octets look like one; else empty.
std::string entry_name(std::string_view entry) {
  if (entry.size() < kDirectoryEntry) return "";
  const auto length =
      static_cast<unsigned char>(entry[64]) + 256U * static_cast<unsigned char>(entry[65]);
  const auto kind = static_cast<unsigned char>(entry[66]);
  if (length < 4 || length > 64 || length % 2 != 0 || kind > 5 || kind == 0) return "";
  std::string name;
  for (std::size_t at = 0; at + 2 < length; at += 2) {
    if (entry[at + 1] != '\0' || entry[at] == '\0') return "";
    name += entry[at];
  }
  return name;
}

// Names of storages and streams. The chains of sectors are not followed: entries lie at multiples
// of their length wherever a writer has put them, and a broken chain hides none.
std::set<std::string> list_streams(const Subject& subject) {
  std::set<std::string> names;
  each_piece(subject, 0, [&](const std::string& piece) {
    for (std::size_t at = 0; at + kDirectoryEntry <= piece.size(); at += kDirectoryEntry)
      if (auto name = entry_name(std::string_view(piece).substr(at, kDirectoryEntry));
          !name.empty())
        names.insert(std::move(name));
  });
  return names;
}

bool is_word_encrypted(std::string_view piece) {
  // FibBase at the beginning of the stream: magic number, and fEncrypted ([MS-DOC] 2.5.2).
  for (std::size_t at = 0; at + 12 <= piece.size(); at += kSector)
    if (piece.substr(at, 2) == "\xEC\xA5" && (piece[at + 11] & 1) != 0) return true;
  return false;
}

bool is_excel_encrypted(std::string_view piece) {
  // BOF of BIFF8, then FilePass ([MS-XLS] 2.4.21, 2.4.117).
  constexpr std::string_view kBegin("\x09\x08\x10\x00\x00\x06", 6);
  for (auto at = piece.find(kBegin); at != std::string_view::npos; at = piece.find(kBegin, at + 1))
    if (piece.substr(at + 20, 2) == std::string_view("\x2F\x00", 2)) return true;
  return false;
}

bool has_slide_macros(std::string_view piece) {
  // VBAInfoAtom, with fHasMacros ([MS-PPT] 2.4.11).
  constexpr std::string_view kAtom("\x02\x00\x00\x04\x0C\x00\x00\x00", 8);
  for (auto at = piece.find(kAtom); at != std::string_view::npos; at = piece.find(kAtom, at + 1))
    if (at + 13 <= piece.size() && piece[at + 12] == '\x01') return true;
  return false;
}

void refuse_bad_pieces(const Subject& subject) {
  constexpr std::size_t kOverlap = 64;
  each_piece(subject, kOverlap, [](const std::string& piece) {
    if (is_word_encrypted(piece) || is_excel_encrypted(piece)) refuse(FileRefusal::encrypted);
    if (has_slide_macros(piece)) refuse(FileRefusal::macros);
    if (piece.find("This program cannot be run in DOS mode") != std::string::npos)
      refuse(FileRefusal::forbidden_type);
  });
}

std::string type_by_streams(const std::set<std::string>& streams) {
  if (streams.contains("WordDocument")) return "application/msword";
  if (streams.contains("PowerPoint Document")) return "application/vnd.ms-powerpoint";
  if (streams.contains("Workbook") || streams.contains("Book")) return "application/vnd.ms-excel";
  return "";
}

}  // namespace

Findings examine_old_office(const Subject& subject, const domain::FileType& type) {
  const auto streams = list_streams(subject);
  if (streams.contains("EncryptedPackage") || streams.contains("EncryptedSummary"))
    refuse(FileRefusal::encrypted);
  for (const auto* const macros : {"VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"})
    if (streams.contains(macros)) refuse(FileRefusal::macros);
  refuse_bad_pieces(subject);
  const auto found = type_by_streams(streams);
  if (found.empty()) refuse(FileRefusal::damaged);
  if (found != type.media_type) refuse(FileRefusal::mislabelled);
  Findings findings;
  findings.facts.media_type = type.media_type;
  findings.facts.faults = {domain::AccessibilityFault::old_format};
  return findings;
}

Findings examine_rich_text(const Subject& subject, const domain::FileType& type) {
  constexpr std::size_t kOverlap = 16;
  each_piece(subject, kOverlap, [](const std::string& piece) {
    for (const auto* const word : {"\\objdata", "\\objupdate", "\\objocx"})
      if (piece.find(word) != std::string::npos) refuse(FileRefusal::forbidden_type);
  });
  Findings findings;
  findings.facts.media_type = type.media_type;
  return findings;
}

}  // namespace narada::files::inspection
