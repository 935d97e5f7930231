#include "service/usecases/mails/mail_backoff.h"

#include <doctest/doctest.h>

using namespace narada::usecases;
using namespace std::chrono_literals;
using std::chrono::seconds;

TEST_CASE("the pause after an attempt doubles from a minute to four hours") {
  const seconds expected[] = {1min, 2min, 4min, 8min, 16min, 32min, 64min, 128min, 240min, 240min};
  int attempts = 0;
  for (const seconds pause : expected) CHECK(pause_after_attempt(++attempts, 0) == pause);
  CHECK(pause_after_attempt(1'000'000, 0) == 240min);
  CHECK(pause_after_attempt(0, 0) == 1min);
}

TEST_CASE("jitter moves a pause by a fifth at most") {
  CHECK(pause_after_attempt(1, -1) == 48s);
  CHECK(pause_after_attempt(1, 1) == 72s);
  CHECK(pause_without_transport(400s, 1) == 120s);
}

TEST_CASE("without a server a mail waits a quarter of its age within bounds") {
  CHECK(pause_without_transport(0s, 0) == 5s);
  CHECK(pause_without_transport(-10s, 0) == 5s);
  CHECK(pause_without_transport(60s, 0) == 15s);
  CHECK(pause_without_transport(48h, 0) == 10min);
}
