#pragma once

#include <string>
#include <vector>

namespace narada {

// narada materials scrub [--mend]: exit status 1 when something is missing or damaged.
int scrub_materials_command(const std::vector<std::string>& words);

// narada materials inspect --again.
int inspect_materials_command(const std::vector<std::string>& words);

// narada backup FILE: exit status 1 when files are missing or damaged; the rest is in it.
int backup_command(const std::vector<std::string>& words);

// narada restore FILE [--force] [--other-key].
int restore_command(const std::vector<std::string>& words);

}  // namespace narada
