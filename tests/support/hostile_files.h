#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/file_facts.h"

namespace narada::testing {

// A file that somebody would hurt readers with, and what is to come of it.
struct HostileFile {
  std::string what;
  std::string name;
  std::string bytes;
  std::optional<domain::FileRefusal> refusal;
  std::string media_type;  // of one that is taken, since it can hurt nobody
};
const std::vector<HostileFile>& hostile_files();

}  // namespace narada::testing
