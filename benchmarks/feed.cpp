// The calendar's feed as the service makes it (from the database, nothing kept) beside libical
// alone writing the same text from values: narada_bench_feed DATABASE-URL SECONDS → JSON.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "calendar/event.h"
#include "service/domain/time.h"
#include "service/usecases/feeds.h"
#include "sql/pool.h"

namespace {

using namespace narada;
using Seconds = std::chrono::duration<double>;

template <class Work>
double rate_of(double seconds, Work work) {
  const auto begun = std::chrono::steady_clock::now();
  int done = 0;
  Seconds passed{};
  do {
    work();
    ++done;
    passed = std::chrono::steady_clock::now() - begun;
  } while (passed.count() < seconds);
  return done / passed.count();
}

// As many events as the feed has, of the same size.
calendar::Feed same_feed(const std::string& text) {
  std::size_t events = 0;
  for (auto at = text.find("BEGIN:VEVENT"); at != std::string::npos;
       at = text.find("BEGIN:VEVENT", at + 1))
    ++events;
  calendar::Feed feed;
  feed.name = "Narada";
  const auto size = text.size() / std::max<std::size_t>(events, 1);
  for (std::size_t i = 0; i < events; ++i) {
    calendar::Event event;
    event.uid = fmt::format("{}@bench.example", i);
    event.summary = "Warsztat pomiarowy";
    event.location = "Urząd Miasta, sala 2.11";
    event.url = "https://bench.example/spotkania/warsztat";
    event.starts =
        domain::WallTime(std::chrono::seconds(1'800'000'000 + static_cast<long>(i) * 3600));
    event.ends = event.starts + std::chrono::hours(4);
    event.description = std::string(size > 400 ? size - 400 : 1, 'x');
    feed.events.push_back(event);
  }
  return feed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: narada_bench_feed DATABASE-URL SECONDS\n";
    return 2;
  }
  calendar::initialize();
  const double seconds = std::atof(argv[2]);
  storage::Pool pool(storage::parse_database_address(argv[1]));
  domain::SystemClock clock;
  usecases::Environment environment;
  environment.pool = &pool;
  environment.clock = &clock;
  environment.base_url = "https://bench.example";
  environment.mail_from = "narada@bench.example";
  std::string text;
  const double rate = rate_of(seconds, [&] {
    text = usecases::calendar_feed(environment, {}, domain::Language::pl,
                                   "https://bench.example/kalendarz.ics")
               .text;
  });
  const auto feed = same_feed(text);
  const double bare = rate_of(seconds, [&] { text = calendar::write_feed(feed); });
  fmt::print("{{\"rate\": {}, \"bare_rate\": {}, \"events\": {}}}\n", rate, bare,
             feed.events.size());
}
