#include "service/usecases/repeated_job.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>

using narada::usecases::RepeatedJob;
using namespace std::chrono_literals;

TEST_CASE("rounds follow each other at once while there is more to do") {
  std::promise<void> third;
  int rounds = 0;
  RepeatedJob job(
      1h,
      [&](const std::stop_token&) {
        if (++rounds < 3) return RepeatedJob::Next::at_once;
        third.set_value();
        return RepeatedJob::Next::after_pause;
      },
      [](std::string_view) {});
  job.start();
  CHECK(third.get_future().wait_for(10s) == std::future_status::ready);
  job.stop();  // does not wait for the hour
  CHECK(rounds == 3);
}

TEST_CASE("what a round throws is reported, and the job goes on") {
  std::promise<void> second;
  int rounds = 0;
  std::string reported;
  RepeatedJob job(
      1ms,
      [&](const std::stop_token&) {
        if (++rounds == 1) throw std::runtime_error("no database");
        if (rounds == 2) second.set_value();
        return RepeatedJob::Next::after_pause;
      },
      [&](std::string_view problem) { reported += problem; });
  job.start();
  CHECK(second.get_future().wait_for(10s) == std::future_status::ready);
  job.stop();
  CHECK(reported == "no database");
}

TEST_CASE("a job that never started may be stopped, and a round sees that it is to end") {
  std::atomic<bool> begun = false;
  std::atomic<bool> ended = false;
  RepeatedJob job(
      1ms,
      [&](const std::stop_token& stopping) {
        begun = true;
        while (!stopping.stop_requested()) std::this_thread::sleep_for(1ms);
        ended = true;
        return RepeatedJob::Next::after_pause;
      },
      [](std::string_view) {});
  job.stop();
  CHECK_FALSE(begun);
  job.start();
  while (!begun) std::this_thread::sleep_for(1ms);
  job.stop();
  CHECK(ended);
}
