#pragma once

#include <string>
#include <string_view>

namespace narada::notifications {

// What a page of HTML says, as plain text of UTF-8 with \n between lines and one at the end: the
// text part of a mail. Headings and paragraphs stand apart; a row of a table of facts is "label:
// value"; tables with role="presentation" are no tables; items of lists begin with a hyphen; a link
// that stands alone is its words, a colon, and its address on the next line, one inside a sentence
// has its address in parentheses; <hr> is the line before a signature ("-- "). Lines hold at most
// 76 characters, but an address is never broken. What is not displayed is left out. Any input has
// a text, at worst an empty one. Thread-safe.
std::string text_of_html(std::string_view html);

}  // namespace narada::notifications
