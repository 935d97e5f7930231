#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace narada::domain {

inline constexpr std::size_t kLongestFileName = 200;  // characters

// The name that a sender gives a file as it may be shown: without folders, control characters and
// those that turn the direction of a text, of at most kLongestFileName characters, of which the
// ending stays. `nameless` stands for a name of which nothing is left. What is no UTF-8 is left
// out.
std::string shown_file_name(std::string_view sent, std::string_view nameless);

}  // namespace narada::domain
