#include "files/inspection/plain_text.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "files/inspection.h"

namespace narada::files::inspection {
namespace {

using domain::FileRefusal;

// Octets of the character that begins there; 0: none does.
std::size_t character_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) return 0;
  if (length < 3) return length;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool is_bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return is_bad ? 0 : length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return text.size() < 4;  // cut off within a character
    text.remove_prefix(length);
  }
  return true;
}

// What cannot be converted ends the text.
std::string convert(std::string_view text, const char* encoding) {
  const iconv_t converter = iconv_open("UTF-8", encoding);
  if (converter == reinterpret_cast<iconv_t>(-1)) return "";
  std::string input(text), output(text.size() * 3 + 4, '\0');
  char* from = input.data();
  char* to = output.data();
  std::size_t left = input.size(), room = output.size();
  // EINVAL: the last character is cut off.
  const bool failed =
      iconv(converter, &from, &left, &to, &room) == static_cast<std::size_t>(-1) && errno != EINVAL;
  iconv_close(converter);
  output.resize(output.size() - room);
  return failed ? "" : output;
}

}  // namespace

std::string clean_text(const std::string& text, std::size_t most) {
  std::string clean;
  clean.reserve(std::min(text.size(), most));
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto length = character_length(rest);
    if (clean.size() + std::max<std::size_t>(length, 1) > most) break;
    const auto first = static_cast<unsigned char>(rest.front());
    if (length > 1 || (length == 1 && (first >= 0x20 || first == '\n') && first != 0x7F))
      clean.append(rest.substr(0, length));
    else if (first == '\t' || first == '\f' || first == '\v')
      clean += ' ';
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

Findings examine_text(const Subject& subject, const domain::FileType& type) {
  const auto head = read_piece(subject, 0, kMostExtractedText);
  Findings findings;
  findings.facts.media_type = type.media_type;
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"))
    findings.text = convert(head, "UTF-16");
  else if (is_utf8(head))
    findings.text = head.starts_with("\xEF\xBB\xBF") ? head.substr(3) : head;
  else
    findings.text = convert(head, "WINDOWS-1250");
  if (findings.text.empty() || findings.text.find('\0') != std::string::npos)
    refuse(FileRefusal::damaged);
  return findings;
}

}  // namespace narada::files::inspection
