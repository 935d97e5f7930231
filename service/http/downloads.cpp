#include "service/http/downloads.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

#include "service/domain/file_facts.h"

namespace narada::http {
namespace {

constexpr std::string_view kUnknownType = "application/octet-stream";

// In the order of their letters: what stands in ASCII for what Polish names are made of.
constexpr std::array<std::pair<std::string_view, char>, 20> kPlain = {{
    {"ą", 'a'}, {"ć", 'c'}, {"ę", 'e'}, {"ł", 'l'}, {"ń", 'n'}, {"ó", 'o'}, {"ś", 's'},
    {"ź", 'z'}, {"ż", 'z'}, {"Ą", 'A'}, {"Ć", 'C'}, {"Ę", 'E'}, {"Ł", 'L'}, {"Ń", 'N'},
    {"Ó", 'O'}, {"Ś", 'S'}, {"Ź", 'Z'}, {"Ż", 'Z'}, {"–", '-'}, {"—", '-'},
}};

std::size_t length_of_character(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xF0) return 4;
  return first >= 0xE0 ? 3 : 2;
}

// Characters that say in which direction to write, which make "fdp.exe" of "exe.pdf".
bool turns_around(std::string_view character) {
  constexpr std::array<std::string_view, 12> kTurning = {"\u200e", "\u200f", "\u061c", "\u202a",
                                                         "\u202b", "\u202c", "\u202d", "\u202e",
                                                         "\u2066", "\u2067", "\u2068", "\u2069"};
  for (const auto turning : kTurning)
    if (character == turning) return true;
  return false;
}

// The name itself, with '_' for what is a path.
std::string shown_name(std::string_view name) {
  std::string shown;
  while (!name.empty()) {
    const auto character = name.substr(0, length_of_character(static_cast<unsigned char>(name[0])));
    name.remove_prefix(character.size());
    const auto c = static_cast<unsigned char>(character[0]);
    if (c < 0x20 || c == 0x7F || turns_around(character)) continue;
    if (c == '/' || c == '\\')
      shown += '_';
    else
      shown += character;
  }
  const bool leads_out = shown.find_first_not_of(". ") == std::string::npos;
  return leads_out ? "plik" : shown;
}

std::string ascii_name(std::string_view name) {
  std::string ascii;
  while (!name.empty()) {
    const auto character = name.substr(0, length_of_character(static_cast<unsigned char>(name[0])));
    name.remove_prefix(character.size());
    char plain = character.size() == 1 ? character[0] : '_';
    for (const auto& [letter, stands_for] : kPlain)
      if (letter == character) plain = stands_for;
    if (static_cast<unsigned char>(plain) >= 0x80) plain = '_';  // a character that was cut
    // Quotes end the name, and some clients decode what a % begins (RFC 6266 appendix D).
    if (plain == '"' || plain == '%') plain = '_';
    ascii += plain;
  }
  return ascii;
}

// All but RFC 8187's attr-char.
std::string percent_encoded(std::string_view text, std::string_view allowed) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || allowed.find(c) != std::string_view::npos;
    if (is_plain)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace

std::string content_disposition(Disposition disposition, std::string_view file_name) {
  const auto name = shown_name(file_name);
  const auto ascii = ascii_name(name);
  std::string header = disposition == Disposition::in_line ? "inline" : "attachment";
  header += "; filename=\"" + ascii + "\"";
  if (ascii != name) header += "; filename*=UTF-8''" + percent_encoded(name, "!#$&+-.^_`|~");
  return header;
}

std::string http_date(domain::Instant at) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", std::chrono::floor<std::chrono::seconds>(at));
}

std::string path_segment_of(std::string_view file_name) {
  return percent_encoded(shown_name(file_name), "-._~");
}

Disposition disposition_of(std::string_view media_type) {
  return domain::is_shown_inline(media_type) ? Disposition::in_line : Disposition::attachment;
}

void set_file_headers(Response& response, const std::string& media_type,
                      const std::string& disposition) {
  response.set("Content-Type", media_type.empty() ? std::string(kUnknownType) : media_type);
  response.set("Content-Disposition", disposition);
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  // Chromium does not open its viewer of PDF in a sandbox; a PDF is no page of ours anyway.
  response.set("Content-Security-Policy",
               media_type == "application/pdf"
                   ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
                   : "sandbox; default-src 'none'");
}

}  // namespace narada::http
