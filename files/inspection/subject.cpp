#include "files/inspection/subject.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace narada::files::inspection {

std::string read_piece(const Subject& subject, std::uint64_t offset, std::size_t most) {
  std::string piece(most, '\0');
  std::size_t held = 0;
  while (held < most) {
    const auto got = ::pread(subject.descriptor, piece.data() + held, most - held,
                             static_cast<off_t>(offset + held));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category(), "the file");
    if (got == 0) break;
    held += static_cast<std::size_t>(got);
  }
  piece.resize(held);
  return piece;
}

}  // namespace narada::files::inspection
