#pragma once

#include <chrono>

namespace narada::usecases {

// How long a mail waits after its n-th failed attempt (n from 1): a minute, doubled each time, at
// most four hours. `jitter` in [-1, 1] moves it by up to a fifth, so that mails which failed
// together do not come back together.
std::chrono::seconds pause_after_attempt(int attempts, double jitter);

// How long a mail waits that met no usable server: a quarter of its age, from 5 seconds to ten
// minutes, moved as above. It grows without a count of attempts, which such a failure is not.
std::chrono::seconds pause_without_transport(std::chrono::seconds age, double jitter);

}  // namespace narada::usecases
