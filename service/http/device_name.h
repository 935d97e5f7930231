#pragma once

#include <string>
#include <string_view>

namespace narada::http {

// What a User-Agent calls the browser and its system, in words that its owner knows: "Firefox,
// Windows". Only names of a list come out of it, never the text itself; empty when none is known.
std::string device_name(std::string_view user_agent);

}  // namespace narada::http
