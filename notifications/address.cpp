#include "notifications/address.h"

#include <algorithm>

namespace narada::notifications {
namespace {

bool is_letter_or_digit(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9');
}

// atext of RFC 5322 3.2.3.
bool is_atom_character(char character) {
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(character) || kMarks.find(character) != std::string_view::npos;
}

// Calls `is_part` with each piece between dots; false when one piece is empty or is not a part.
template <class Predicate>
bool all_between_dots(std::string_view text, Predicate is_part) {
  for (;;) {
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    if (part.empty() || !is_part(part)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_atom(std::string_view part) {
  return std::all_of(part.begin(), part.end(), is_atom_character);
}

bool is_domain_label(std::string_view label) {
  constexpr std::size_t kLongestLabel = 63;
  return label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

}  // namespace

bool is_deliverable_address(std::string_view address) {
  constexpr std::size_t kLongestAddress = 254, kLongestLocalPart = 64;  // RFC 5321 4.5.3.1
  const auto at = address.rfind('@');
  if (address.size() > kLongestAddress || at == std::string_view::npos) return false;
  const auto local_part = address.substr(0, at);
  return local_part.size() <= kLongestLocalPart && all_between_dots(local_part, is_atom) &&
         all_between_dots(address.substr(at + 1), is_domain_label);
}

}  // namespace narada::notifications
