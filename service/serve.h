#pragma once

#include "service/config.h"

namespace narada {

// Serves until SIGTERM or SIGINT, then answers what is under way and ends. Returns the exit status.
// Throws ConfigError and storage::Error when it cannot start.
int serve(Config config);

}  // namespace narada
