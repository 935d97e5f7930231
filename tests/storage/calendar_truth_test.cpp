// Whatever happens, and whatever becomes of the mails on their way, people's calendars end with
// exactly what the server holds to be true.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

#include "tests/storage/calendar_history.h"

using namespace narada::testing;

namespace {

// In ./test with its sanitizers. NARADA_CALENDAR_HISTORIES=10000 plays as many as are asked for,
// NARADA_CALENDAR_FIRST says from which number on.
constexpr std::uint32_t kUsualCount = 240;
constexpr unsigned kThreads = 4;

std::uint32_t history_count() {
  const char* asked = std::getenv("NARADA_CALENDAR_HISTORIES");
  return asked == nullptr ? kUsualCount
                          : static_cast<std::uint32_t>(std::strtoul(asked, nullptr, 10));
}

std::uint32_t first_history() {
  const char* asked = std::getenv("NARADA_CALENDAR_FIRST");
  return asked == nullptr ? 0 : static_cast<std::uint32_t>(std::strtoul(asked, nullptr, 10));
}

struct Failure {
  CalendarHistory history;
  std::string difference;
};

// The first one found, by any thread.
class Histories {
 public:
  void play(HistoryPlayer& player) {
    for (auto number = next_++; number < history_count(); number = next_++) {
      if (failed_) return;
      const auto history = make_history(first_history() + number);
      const auto difference = player.play(history);
      ++played_;
      if (!difference.empty()) note(player, history);
    }
    mails_ += player.mails();
  }

  std::atomic<std::uint32_t> played_{0};
  std::atomic<std::int64_t> mails_{0};
  std::optional<Failure> failure_;

 private:
  void note(HistoryPlayer& player, const CalendarHistory& history) {
    if (failed_.exchange(true)) return;
    const auto shortest = shorten(
        history, [&](const CalendarHistory& attempt) { return !player.play(attempt).empty(); });
    failure_ = Failure{shortest, player.play(shortest)};
  }

  std::atomic<std::uint32_t> next_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace

TEST_CASE("calendars end with the server's truth, in whatever order mails come, lost or doubled") {
  std::vector<std::unique_ptr<RegistrationWorld>> worlds;
  for (unsigned index = 0; index < kThreads; ++index) {
    worlds.push_back(std::make_unique<RegistrationWorld>());
  }
  Histories histories;
  {
    std::vector<std::jthread> threads;
    for (auto& world : worlds) {
      threads.emplace_back([&] {
        HistoryPlayer player(*world);
        histories.play(player);
      });
    }
  }
  if (histories.failure_) {
    FAIL_CHECK("the shortest history that fails: " << describe(histories.failure_->history) << "\n"
                                                   << histories.failure_->difference);
  }
  CHECK(histories.played_ == history_count());
  CHECK(histories.mails_ > history_count());
  MESSAGE(histories.played_.load()
          << " histories, " << histories.mails_.load() << " mails arrived");
  for (auto& world : worlds) {
    for (const auto& violation : world->find_violations()) {
      // But for the log, which remembers changes that were taken back with their mails.
      if (violation.starts_with("each change of a registration has one mail")) continue;
      // Who has let several offers run out waits beside a free place.
      if (violation.starts_with("no place is free while somebody waits")) continue;
      CHECK(violation == "");
    }
  }
}

TEST_CASE("a server that forgets to tell calendars of a move is found, in two steps") {
  using Kind = HistoryStep::Kind;
  RegistrationWorld world;
  HistoryPlayer player(world);
  const auto fails = [&](const CalendarHistory& history) {
    return !player.play(history, Kind::move).empty();
  };
  CalendarHistory history;
  history.steps = {{Kind::enter, 0, 1},   {Kind::enter, 1, 1}, {Kind::post, 0, 0},
                   {Kind::retitle, 0, 3}, {Kind::move, 0, 9},  {Kind::enter, 2, 1},
                   {Kind::post, 0, 9}};
  // Of those who only lose their last mail the repair makes good: then another seed.
  while (!fails(history) && history.seed < 20) ++history.seed;
  REQUIRE(fails(history));
  const auto shortest = shorten(history, fails);
  CAPTURE(describe(shortest));
  CHECK(shortest.steps.size() <= 3);
  CHECK(std::any_of(shortest.steps.begin(), shortest.steps.end(),
                    [](const HistoryStep& step) { return step.kind == Kind::move; }));
  CHECK(player.play(shortest).empty());
}
