#pragma once

#include <optional>
#include <string>
#include <string_view>

// What a value from outside must become before it may stand in an iCalendar object. None of the
// results holds NUL, CR, another control character or broken UTF-8.
namespace narada::calendar {

// For TEXT values: line ends of any kind become "\n" (libical escapes it), tabs stay, other control
// characters disappear, broken UTF-8 becomes U+FFFD. Everything else, direction marks included,
// stays.
std::string clean_text(std::string_view text);

// The same for values of one line: line ends and tabs become spaces.
std::string clean_line(std::string_view text);

// For parameters (CN, LABEL), which know no quote inside: a double quote becomes „ or ”, and the
// circumflex, which RFC 6868 readers decode, becomes U+02C6.
std::string clean_parameter(std::string_view text);

// An http or https address in the characters that RFC 3986 allows: control characters disappear,
// others that are not allowed are percent-encoded. Absent for every other scheme and without host.
std::optional<std::string> clean_web_address(std::string_view address);

// "mailto:" and an addr-spec. Absent when the address could name another receiver than it shows:
// control characters, spaces, brackets, separators, or not exactly one @.
std::optional<std::string> to_mailto(std::string_view email);

// "NAME:value" with the value escaped as TEXT, folded at 75 octets, with CRLF. For the properties
// whose escaping libical leaves out. Precondition: `name` is a property name, `value` is clean.
std::string write_text_line(std::string_view name, std::string_view value);

}  // namespace narada::calendar
