#pragma once

namespace narada::files::inspection {

// From here on this process reads and writes what it has open, opens files of the system for
// reading, and nothing else: no network, no other program, no process that outlives it, no
// privileges, so much memory and time. Throws std::system_error where the system does not do it.
void confine_this_process(unsigned processor_seconds);

}  // namespace narada::files::inspection
