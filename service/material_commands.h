#pragma once

#include <string>
#include <vector>

namespace narada {

// narada materials scrub [--mend]: exit status 1 when something is missing or damaged.
int scrub_materials_command(const std::vector<std::string>& words);

}  // namespace narada
