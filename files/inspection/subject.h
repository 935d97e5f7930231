#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "service/domain/file_facts.h"
#include "service/domain/file_types.h"

// What the parts of an inspection have in common. All of it runs in the child (child.h).
namespace narada::files::inspection {

// The file that is looked into.
struct Subject {
  int descriptor = 0;
  std::string path;  // by which libraries open it once more
  std::uint64_t size = 0;
  std::string name;  // as it was sent
};

// Up to `most` octets from `offset` on; fewer at the end. Throws std::system_error.
std::string read_piece(const Subject& subject, std::uint64_t offset, std::size_t most);

// Thrown by whoever finds a reason: it ends the inspection from however deep.
struct Refusal {
  domain::FileRefusal reason;
};
[[noreturn]] inline void refuse(domain::FileRefusal reason) { throw Refusal{reason}; }

// What keeps any file from being looked into, and says nothing about this one.
class Obstacle : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Findings {
  domain::FileFacts facts;
  std::string text;
};

}  // namespace narada::files::inspection
