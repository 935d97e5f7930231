#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::calendar {

// One property as RFC 5545 3.1 writes it, unfolded: "NAME;PARAMETERS:VALUE". Read without libical,
// so that the tests do not ask the writer whether it is right.
struct ContentLine {
  std::string name;
  std::string parameters;  // ";CN=…", with the semicolon; empty when there are none
  std::string value;
};

// What is wrong with the text's physical lines: no CRLF, over 75 octets, a control character,
// broken or split UTF-8. Empty when nothing is.
std::string find_line_error(std::string_view text);

// Precondition: find_line_error(text) is empty.
std::vector<ContentLine> read_lines(std::string_view text);

// Values of all lines of that name, as they stand there.
std::vector<std::string> values_of(const std::vector<ContentLine>& lines, std::string_view name);

// A TEXT value without its escapes.
std::string unescape(std::string_view value);

}  // namespace narada::calendar
