#pragma once

#include <string>

#include "files/inspection/subject.h"

namespace narada::files::inspection {

// Refuses damaged: bytes that are text in none of the encodings in use.
Findings examine_text(const Subject& subject, const domain::FileType& type);

// Valid UTF-8 without control characters but line breaks, at most `most` octets.
std::string clean_text(const std::string& text, std::size_t most);

}  // namespace narada::files::inspection
