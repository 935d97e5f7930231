#include <doctest/doctest.h>

#include "calendar/event.h"
#include "calendar/zone.h"
#include "service/http/read_observer.h"
#include "service/usecases/reads/page_reads.h"

using namespace narada;
using domain::ReadKind;
using usecases::ReadCounter;

namespace {

using Sum = std::tuple<ReadKind, std::string, std::string, std::int64_t>;

std::vector<Sum> taken(ReadCounter& counter) {
  std::vector<Sum> sums;
  for (const auto& one : counter.take())
    sums.emplace_back(one.kind, one.key,
                      std::to_string(static_cast<int>(one.day.year())) + "-" +
                          std::to_string(static_cast<unsigned>(one.day.month())) + "-" +
                          std::to_string(static_cast<unsigned>(one.day.day())),
                      one.count);
  return sums;
}

domain::Instant at(const char* text) {
  calendar::initialize();
  return *calendar::parse_rfc3339(text);
}

http::Request request(const std::string& agent, http::Method method = http::Method::get) {
  http::Request made;
  made.method = method;
  made.headers = {{"user-agent", agent}};
  return made;
}

constexpr const char* kBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0";

http::Router::Match match(std::string_view pattern, const std::string& name,
                          const std::string& value) {
  http::Router::Match made;
  made.pattern = pattern;
  made.params.emplace(name, value);
  return made;
}

}  // namespace

TEST_CASE("readings are summed by page and by the day in Poland, and taken once") {
  ReadCounter counter;
  counter.count(ReadKind::practice, "zielen", at("2027-01-04T22:59:00Z"));
  counter.count(ReadKind::practice, "zielen", at("2027-01-04T23:00:00Z"));  // past midnight there
  counter.count(ReadKind::practice, "zielen", at("2027-01-05T10:00:00Z"));
  counter.count(ReadKind::meeting, "zielen", at("2027-01-05T10:00:00Z"));
  CHECK(taken(counter) == std::vector<Sum>{{ReadKind::practice, "zielen", "2027-1-4", 1},
                                           {ReadKind::practice, "zielen", "2027-1-5", 2},
                                           {ReadKind::meeting, "zielen", "2027-1-5", 1}});
  CHECK(taken(counter).empty());
}

TEST_CASE("what could not be stored is counted again") {
  ReadCounter counter;
  counter.count(ReadKind::cycle, "a", at("2027-01-05T10:00:00Z"));
  const auto reads = counter.take();
  counter.count(ReadKind::cycle, "a", at("2027-01-05T11:00:00Z"));
  counter.give_back(reads);
  CHECK(taken(counter) == std::vector<Sum>{{ReadKind::cycle, "a", "2027-1-5", 2}});
}

TEST_CASE("nobody fills the memory with addresses") {
  ReadCounter counter;
  const auto now = at("2027-01-05T10:00:00Z");
  for (std::size_t i = 0; i < ReadCounter::kMostPages + 10; ++i)
    counter.count(ReadKind::practice, std::to_string(i), now);
  counter.count(ReadKind::practice, "0", now);
  const auto reads = counter.take();
  CHECK(reads.size() == ReadCounter::kMostPages);
  CHECK(reads.front().count == 2);
}

TEST_CASE("a reading is a person's answered question for one public page") {
  struct Row {
    const char* name;
    http::Request request;
    http::Router::Match match;
    int status;
    std::int64_t count;
  };
  auto ahead = request(kBrowser);
  ahead.headers.emplace_back("sec-purpose", "prefetch;prerender");
  const auto practice = match("/praktyki/{slug}", "slug", "a");
  const std::vector<Row> rows = {
      {"a page", request(kBrowser), practice, 200, 1},
      {"the English one", request(kBrowser), match("/en/praktyki/{slug}", "slug", "a"), 200, 1},
      {"one that the browser has", request(kBrowser), practice, 304, 1},
      {"a meeting", request(kBrowser), match("/spotkania/{slug}", "slug", "a"), 200, 1},
      {"a cycle", request(kBrowser), match("/cykle/{slug}", "slug", "a"), 200, 1},
      {"a material", request(kBrowser), match("/materialy/{id}", "id", "7"), 200, 1},
      {"not there", request(kBrowser), practice, 404, 0},
      {"moved", request(kBrowser), practice, 301, 0},
      {"a robot", request("Googlebot/2.1"), practice, 200, 0},
      {"the head alone", request(kBrowser, http::Method::head), practice, 200, 0},
      {"before a click", ahead, practice, 200, 0},
      {"by a link that is a key", request(kBrowser), match("/z/{token}/materialy/{id}", "id", "7"),
       200, 0},
      {"a list", request(kBrowser), match("/praktyki", "slug", "a"), 200, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    ReadCounter counter;
    note_reading(counter, row.request, row.match, row.status, at("2027-01-05T10:00:00Z"));
    std::int64_t count = 0;
    for (const auto& one : counter.take()) count += one.count;
    CHECK(count == row.count);
  }
}
