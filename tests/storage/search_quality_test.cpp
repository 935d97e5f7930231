#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "service/usecases/access.h"
#include "service/usecases/search/search.h"
#include "service/usecases/slug.h"
#include "sql/search_store.h"
#include "tests/storage/catalogue.h"

// How often what was expected (tests/search/queries.csv) is among the first three, and how often
// with the full-text index of the database over the same words.
using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;

namespace {

const std::string kSource = NARADA_SOURCE_DIR;

struct Expectation {
  std::string query;
  std::set<std::string> expected;  // "practice:slug"
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// A field between quotation marks holds its own as two.
std::string unquoted(const std::string& field) {
  if (!field.starts_with('"')) return field;
  std::string text;
  for (std::size_t at = 1; at + 1 < field.size(); ++at) {
    text += field[at];
    if (field[at] == '"') ++at;
  }
  return text;
}

std::vector<Expectation> read_expectations() {
  std::ifstream file(kSource + "/tests/search/queries.csv");
  REQUIRE(file);
  std::vector<Expectation> expectations;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto fields = split(line, ';');
    REQUIRE(fields.size() == 3);
    Expectation expectation{unquoted(fields[0]), {}};
    for (const auto& one : split(fields[1], '|')) expectation.expected.insert(one);
    expectations.push_back(std::move(expectation));
  }
  return expectations;
}

std::string name_of(const storage::SearchRow& row) {
  return std::string(to_string(row.key.kind)) + ":" +
         (row.slug.empty() ? make_slug(row.title, "x") : row.slug);
}

std::vector<storage::SearchRow> all_rows(Catalogue& catalogue) {
  std::vector<storage::SearchRow> rows;
  catalogue.database.pool().read([&](storage::Connection& connection) {
    rows.clear();
    for (const auto kind : domain::kSearchKinds) {
      for (auto& row : storage::list_search_rows(connection, kind, 0, 10000, catalogue.clock.now()))
        rows.push_back(std::move(row));
    }
    return true;
  });
  return rows;
}

// The database's own index, asked in its natural language mode.
class FullText {
 public:
  FullText(storage::Pool& pool, const std::vector<storage::SearchRow>& rows) : pool_(pool) {
    pool_.read([&](storage::Connection& connection) {
      connection.run(
          "CREATE TABLE plain_search (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
          " name VARCHAR(300) NOT NULL, words MEDIUMTEXT NOT NULL, FULLTEXT KEY words (words))"
          " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci");
      for (const auto& row : rows)
        connection.execute(
            "INSERT INTO plain_search (name, words) VALUES (?, ?)",
            {name_of(row), row.title + "\n" + row.names + "\n" + row.lead + "\n" + row.body});
      return true;
    });
  }
  std::vector<std::string> first_three(const std::string& query) {
    std::vector<std::string> names;
    pool_.read([&](storage::Connection& connection) {
      names.clear();
      for (const auto row :
           connection.query("SELECT name FROM plain_search WHERE MATCH (words) AGAINST (?)"
                            " ORDER BY MATCH (words) AGAINST (?) DESC, id LIMIT 3",
                            {query, query}))
        names.push_back(row.text(0));
      return true;
    });
    return names;
  }

 private:
  storage::Pool& pool_;
};

bool has_expected(const std::vector<std::string>& found, const Expectation& expectation) {
  return std::any_of(found.begin(), found.end(),
                     [&](const std::string& name) { return expectation.expected.contains(name); });
}

std::vector<std::string> first_three(const Environment& environment, const std::string& query) {
  std::vector<std::string> names;
  for (const auto& result : search(environment, {.q = query, .limit = 3}).results)
    names.push_back(std::string(to_string(result.kind)) + ":" +
                    (result.slug.empty() ? make_slug(result.title, "x") : result.slug));
  return names;
}

}  // namespace

TEST_CASE("what is looked for is among the first three, more often than by the database alone") {
  constexpr double kLeast = 0.95;
  Catalogue catalogue;
  REQUIRE(load_sample(catalogue.environment, kSource + "/sample"));
  const auto expectations = read_expectations();
  CHECK(expectations.size() >= 80);
  const auto rows = all_rows(catalogue);
  std::set<std::string> there;
  for (const auto& row : rows) there.insert(name_of(row));
  FullText plain(catalogue.database.pool(), rows);
  int found = 0;
  int found_plainly = 0;
  for (const auto& expectation : expectations) {
    for (const auto& name : expectation.expected) CHECK_MESSAGE(there.contains(name), name);
    const auto three = first_three(catalogue.environment, expectation.query);
    if (has_expected(three, expectation)) {
      ++found;
    } else {
      std::string line = "not found: " + expectation.query + " ->";
      for (const auto& name : three) line += " " + name;
      MESSAGE(line);
    }
    if (has_expected(plain.first_three(expectation.query), expectation)) ++found_plainly;
  }
  const auto asked = static_cast<double>(expectations.size());
  MESSAGE("top three: " << found / asked << " of " << expectations.size()
                        << " queries; by the database's full text alone: "
                        << found_plainly / asked);
  CHECK(found / asked >= kLeast);
  CHECK(found > found_plainly);
}
