#pragma once

#include <filesystem>
#include <string>

namespace narada {

// The installation's 32 secret bytes. A missing file is made, readable by its owner alone; of
// several processes that start at once all get the same. Throws ConfigError when the file cannot be
// read or made, has another length, or is readable by others.
std::string load_secret_key(const std::filesystem::path& file);

}  // namespace narada
