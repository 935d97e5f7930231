#pragma once

#include <string>
#include <string_view>

namespace narada::usecases {

// Where somebody goes on after signing in: a path of this site with its query, at most 500
// characters, as it was given; empty for anything else. Nothing that a browser could take for
// another host comes through: no scheme, no "//", no backslash, no control character, nothing but
// printable ASCII.
std::string local_return_path(std::string_view path);

}  // namespace narada::usecases
