#pragma once

#include <optional>
#include <string>

#include "service/http/byte_range.h"
#include "service/http/message.h"

namespace narada::http::edge {

// Opens a regular file for sending; nullopt when it is absent, a symbolic link or no regular file.
std::optional<FileBody> open_file_body(const std::string& path);

// Turns a 200 with files in its body into 206 or 416 when a GET asks for a range and into an answer
// with Accept-Ranges otherwise; leaves every other response alone. The server applies it to all
// answers.
void apply_range(const Request& request, Response& response);

}  // namespace narada::http::edge
