#pragma once

#include <string>
#include <string_view>

#include "web/render.h"

namespace narada::web {

// Long texts of organizers are CommonMark, read by libcmark in its safe mode: HTML in them is left
// out, and so is whatever is not a link to a page, an address of mail or a telephone number.
// Pictures become their descriptions, since they would tell others who reads. A line break is kept
// as one, because older texts were typed so. Each takes time in proportion to the text; one with
// more levels than a page can show is shown as it was typed. Thread-safe.

// HTML, marked as such for templates (SafeHtml); `top_level` is the level of the largest heading in
// it, one below the heading that it stands under. Null for an empty text.
View markdown_html(std::string_view text, int top_level);

// The same without marks, for feeds, mails and descriptions; paragraphs are lines.
std::string markdown_text(std::string_view text);

}  // namespace narada::web
