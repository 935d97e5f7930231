#include "service/usecases/materials/material_archive.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "files/digest.h"
#include "files/zip_layout.h"
#include "service/usecases/operations.h"
#include "service/usecases/unavailable.h"
#include "sql/file_crc_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

constexpr std::size_t kLongestName = 120;  // octets of a folder or file, without its ending

// Devices of Windows, with any ending.
constexpr std::array<std::string_view, 22> kReserved = {
    "con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4", "com5", "com6", "com7",
    "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"};

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

bool is_forbidden(unsigned char c) {
  return c < 0x20 || c == 0x7F ||
         std::string_view("/\\:*?\"<>|").find(static_cast<char>(c)) != std::string_view::npos;
}

// U+202A…U+202E and U+2066…U+2069 turn what follows around, also the ending.
bool turns_around(std::string_view rest) {
  if (rest.size() < 3 || rest[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(rest[1]);
  const auto third = static_cast<unsigned char>(rest[2]);
  return (second == 0x80 && third >= 0xAA && third <= 0xAE) ||
         (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

std::string without_edges(const std::string& text) {
  const auto first = text.find_first_not_of(" .");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" .") - first + 1);
}

// At the end of a whole character.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
  return text;
}

std::string safe_name(const std::string& name) {
  std::string safe;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (turns_around(std::string_view(name).substr(at))) {
      at += 2;
      continue;
    }
    const auto c = static_cast<unsigned char>(name[at]);
    safe += is_forbidden(c) ? '_' : name[at];
  }
  safe = without_edges(safe);
  const auto stem = lower_case(safe.substr(0, safe.find('.')));
  if (std::find(kReserved.begin(), kReserved.end(), stem) != kReserved.end()) safe = "_" + safe;
  return safe;
}

// "opis.pdf" → {"opis", ".pdf"}
std::pair<std::string, std::string> divide(const std::string& name) {
  constexpr std::size_t kLongestEnding = 10;
  const auto dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0 || name.size() - dot > kLongestEnding) return {name, {}};
  return {name.substr(0, dot), name.substr(dot)};
}

std::string unused(const std::string& folder, const std::string& name,
                   std::set<std::string>& taken) {
  const auto [stem, ending] = divide(name.empty() ? "plik" : name);
  const auto start = folder + cut(stem, kLongestName);
  auto candidate = start + ending;
  for (int count = 2; !taken.insert(lower_case(candidate)).second; ++count)
    candidate = start + " (" + std::to_string(count) + ")" + ending;
  return candidate;
}

using Sums = std::map<domain::ContentDigest, storage::FileSum>;

Sums load_sums(const Environment& environment, const std::vector<ArchivedFile>& files) {
  std::vector<domain::ContentDigest> digests;
  for (const auto& file : files) digests.push_back(file.digest);
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::list_file_sums(connection, digests);
  });
}

std::uint32_t compute_crc(const Environment& environment, OpenContents& contents,
                          const domain::ContentDigest& digest) {
  const auto content = contents.open(environment, digest);
  if (!content) throw Unavailable("the store does not hold " + digest.hex);
  const auto crc = files::crc_of(*content->descriptor);
  environment.pool->transact(
      [&](storage::Connection& connection) { storage::save_file_crc(connection, digest, crc); });
  return crc;
}

std::vector<files::ZipEntry> list_entries(const Environment& environment, OpenContents& contents,
                                          const std::vector<ArchivedFile>& files) {
  auto sums = load_sums(environment, files);
  std::vector<files::ZipEntry> entries;
  for (const auto& file : files) {
    const auto sum = sums.find(file.digest);
    if (sum == sums.end()) throw Unavailable("nothing is known of " + file.digest.hex);
    auto& crc = sum->second.crc;
    if (!crc) crc = compute_crc(environment, contents, file.digest);
    entries.push_back({file.name, sum->second.size, *crc, file.modified});
  }
  return entries;
}

}  // namespace

void name_archived_files(std::vector<ArchivedFile>& files, const std::string& taken) {
  std::set<std::string> names = {lower_case(taken)};
  for (auto& file : files) {
    const auto folder = cut(safe_name(file.section), kLongestName);
    // A folder's name is no file's.
    if (!folder.empty()) names.insert(lower_case(folder));
  }
  for (auto& file : files) {
    const auto folder = without_edges(cut(safe_name(file.section), kLongestName));
    file.name = unused(folder.empty() ? folder : folder + "/", safe_name(file.file_name), names);
  }
}

Archive lay_out_archive(const Environment& environment, OpenContents& contents,
                        const std::vector<ArchivedFile>& files, const std::string& note_name,
                        const std::string& note, domain::WallTime note_modified) {
  auto entries = list_entries(environment, contents, files);
  entries.insert(entries.begin(), {note_name, note.size(), files::crc_of(note), note_modified});
  Archive archive;
  files::DigestBuilder digest;
  for (auto& piece : files::lay_out_zip(entries)) {
    digest.add(piece.text);
    const bool is_note = piece.entry == std::size_t{0};
    archive.pieces.push_back({std::move(piece.text), {}});
    if (is_note) archive.pieces.push_back({note, {}});
    if (piece.entry && !is_note)
      archive.pieces.back().content =
          ArchivedContent{files[*piece.entry - 1].digest, entries[*piece.entry].size};
  }
  for (const auto& file : files) digest.add(file.digest.hex);
  archive.tag = "\"" + digest.finish().hex.substr(0, 32) + "\"";
  return archive;
}

}  // namespace narada::usecases
