// narada_bench_search DATABASE-URL COUNT SECONDS: COUNT practices more, of words as frequent as
// words of a language are; then the search of twenty results, excerpts and facets, against the
// full-text index of the database over the same words → JSON.

#include "service/usecases/search/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "service/usecases/search/search_keeper.h"
#include "sql/pool.h"

namespace {

using namespace narada;
using Clock = std::chrono::steady_clock;

constexpr int kRowsAtOnce = 500;
constexpr int kWordsOfText = 60;

// Every fiftieth word of the dictionary, so that they bend as Polish words do.
std::vector<std::string> some_words() {
  std::vector<std::string> words;
  std::ifstream dictionary("/usr/share/hunspell/pl_PL.dic");
  std::string line;
  for (int number = 0; std::getline(dictionary, line); ++number) {
    line.resize(line.find('/') == std::string::npos ? line.size() : line.find('/'));
    const bool plain =
        std::all_of(line.begin(), line.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (number % 50 == 0 && plain && line.size() > 3) words.push_back(line);
  }
  std::shuffle(words.begin(), words.end(), std::mt19937{1});
  return words;
}

// The n-th most frequent word comes 1/n as often as the first (Zipf).
class Author {
 public:
  explicit Author(std::vector<std::string> words) : words_(std::move(words)) {}
  std::string write(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      const double rank = std::exp(share_(random_) * std::log(static_cast<double>(words_.size())));
      text += words_[std::min(words_.size() - 1, static_cast<std::size_t>(rank) - 1)];
      text += ' ';
    }
    return text;
  }
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_;
  std::mt19937 random_{7};
  std::uniform_real_distribution<double> share_{0, 1};
};

void fill(storage::Pool& pool, Author& author, int count) {
  for (int done = 0; done < count; done += kRowsAtOnce) {
    std::string sql =
        "INSERT INTO practice (slug, title, lead, status, situation_before, aim, description,"
        " results, lessons, caveat, area, implementation_year, created_at, updated_at) VALUES ";
    for (int row = done; row < std::min(count, done + kRowsAtOnce); ++row)
      sql += fmt::format(
          "{}('pomiar-{}', '{}', '{}', 'published', '', '', '{}', '', '', '', '{}', {}, NOW(),"
          " NOW())",
          row == done ? "" : ", ", row, author.write(5), author.write(12),
          author.write(kWordsOfText), row % 3 == 0 ? "social_services" : "technical_services",
          2010 + row % 15);
    pool.transact([&](storage::Connection& connection) {
      connection.execute(sql);
      return true;
    });
  }
  pool.read([](storage::Connection& connection) {
    connection.run(
        "CREATE TABLE plain_search (id BIGINT NOT NULL PRIMARY KEY, title VARCHAR(300) NOT NULL,"
        " words MEDIUMTEXT NOT NULL, FULLTEXT KEY words (words))"
        " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci");
    connection.run(
        "INSERT INTO plain_search SELECT id, title, CONCAT_WS(' ', title, lead, description)"
        " FROM practice WHERE status = 'published'");
    return true;
  });
}

// Milliseconds of the middle one of `runs`.
template <class Work>
double median(double seconds, const std::vector<std::string>& questions, Work work) {
  std::vector<double> times;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  for (std::size_t at = 0; Clock::now() < end || at < questions.size(); ++at) {
    const auto begun = Clock::now();
    work(questions[at % questions.size()]);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
  }
  std::nth_element(times.begin(), times.begin() + static_cast<long>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: narada_bench_search DATABASE-URL COUNT SECONDS\n";
    return 2;
  }
  const double seconds = std::atof(argv[3]);
  storage::Pool pool(storage::parse_database_address(argv[1]));
  domain::SystemClock clock;
  usecases::Environment environment;
  environment.pool = &pool;
  environment.clock = &clock;
  Author author(some_words());
  fill(pool, author, std::atoi(argv[2]));
  const auto begun = Clock::now();
  environment.search->current(environment);
  const double built = std::chrono::duration<double>(Clock::now() - begun).count();
  std::vector<std::string> questions;
  for (std::size_t rank = 3; rank < author.words().size() && questions.size() < 40;
       rank += rank / 4 + 1)
    questions.push_back(author.words()[rank] + " " +
                        author.words()[rank + 1 < author.words().size() ? rank + 1 : 0]);
  const double ours = median(seconds, questions, [&](const std::string& question) {
    usecases::SearchRequest request;
    request.q = question;
    usecases::search(environment, request);
  });
  const double plain = median(seconds, questions, [&](const std::string& question) {
    pool.read([&](storage::Connection& connection) {
      return connection
          .query(
              "SELECT id, title FROM plain_search WHERE MATCH (words) AGAINST (?)"
              " ORDER BY MATCH (words) AGAINST (?) DESC LIMIT 20",
              {question, question})
          .size();
    });
  });
  fmt::print("{{\"p50\": {:.3f}, \"bare_p50\": {:.3f}, \"build_seconds\": {:.2f}}}\n", ours, plain,
             built);
}
