// Every route, asked for by everybody, for their own things and for another's.
#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "tests/http/site/matrix_table.h"

using namespace narada;
using namespace narada::testing;

namespace {

struct Asked {
  int status = 0;
  std::string text;
  httplib::Headers headers;
};

std::string with_things(const std::string& path, const std::map<std::string, std::string>& things) {
  std::string filled = path;
  for (auto open = filled.find('{'); open != std::string::npos; open = filled.find('{')) {
    const auto close = filled.find('}', open);
    filled.replace(open, close - open + 1, things.at(filled.substr(open + 1, close - open - 1)));
  }
  return filled;
}

// The same path for the foreign things.
std::string foreign(std::string path) {
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
    path[open + 1] = static_cast<char>(std::toupper(static_cast<unsigned char>(path[open + 1])));
  }
  return path;
}

// The same path for what does not exist: an id, or a slug.
std::map<std::string, std::string> nothing(const std::map<std::string, std::string>& things) {
  std::map<std::string, std::string> none;
  for (const auto& [name, value] : things) {
    const bool is_number = value.find_first_not_of("0123456789") == std::string::npos;
    none[name] = is_number ? "987654321" : "nie-ma-czegos-takiego";
  }
  return none;
}

// What differs between two answers to the same question only because they are two.
std::string masked(std::string text, const std::string& path) {
  const auto question = path.find('?');
  for (std::string seen = path.substr(0, question);;) {
    for (auto at = text.find(seen); at != std::string::npos; at = text.find(seen)) {
      text.replace(at, seen.size(), "PATH");
    }
    if (!seen.starts_with("/en/")) break;
    seen = seen.substr(3);  // the link to the other language
  }
  static const std::regex kVarying(
      R"re("request_id":"[^"]*"|[0-9a-f]{16,}|name="(form_token|operation)" value="[^"]*")re");
  return std::regex_replace(text, kVarying, "VARIES");
}

// One reader's questions: pages as a browser, the API as a bearer or by the link of a registration.
class Asker {
 public:
  Asker(MatrixWorld& world, Reader reader) : world_(world), reader_(reader) {
    if (world.has_person(reader)) session_ = world.site().begin_session(world.person(reader));
  }

  Asked ask(const std::string& method, const std::string& path, const std::string& body) {
    if (path.starts_with("/api/")) return ask_api(method, path, body);
    Browser browser(world_.site().port());
    browser.cookies()["form_token"] = kFormToken;
    if (world_.has_person(reader_)) {
      // What is sent may end the session that sends it.
      browser.cookies()["session"] =
          method == "GET" ? session_ : world_.site().begin_session(world_.person(reader_));
    }
    const Shown shown = method == "GET" ? browser.get(path)
                                        : browser.send(path, "form_token=" + kFormToken + body,
                                                       "application/x-www-form-urlencoded");
    return {shown.status, shown.html, shown.headers};
  }

 private:
  Asked ask_api(const std::string& method, const std::string& path, const std::string& body) {
    auto client = world_.site().api_client(world_.has_person(reader_) ? world_.bearer(reader_)
                                                                      : std::string());
    Headers headers;
    if (reader_ == Reader::holder) headers.emplace_back("X-Manage-Token", world_.manage_token());
    if (method != "GET") headers.emplace_back("Content-Type", "application/json");
    if (path.starts_with("/api/v1/uploads")) headers.emplace_back("Tus-Resumable", "1.0.0");
    const Answer answer =
        client.send(method, path, method == "GET" ? "" : (body.empty() ? "{}" : body), headers);
    return {answer.status, answer.text, answer.headers};
  }

  static inline const std::string kFormToken = std::string(43, 'a');
  MatrixWorld& world_;
  Reader reader_;
  std::string session_;
};

// What stands in the answer although it must not.
std::vector<std::string> find_leaks(const MatrixWorld& world, Reader reader, const Asked& asked) {
  std::vector<std::string> leaks;
  for (const std::string& canary : world.hidden_from(reader)) {
    bool leaks_it = asked.text.find(canary) != std::string::npos;
    for (const auto& [name, value] : asked.headers) {
      leaks_it = leaks_it || value.find(canary) != std::string::npos;
    }
    if (leaks_it) leaks.push_back(canary);
  }
  return leaks;
}

class Matrix {
 public:
  explicit Matrix(MatrixWorld& world) : world_(world) {
    for (std::size_t index = 0; index < kReaders; ++index) {
      askers_.emplace_back(world, static_cast<Reader>(index));
    }
  }

  void ask(const MatrixRow& row) {
    const auto blank = row.call.find(' ');
    const std::string method = row.call.substr(0, blank);
    const std::string path = row.call.substr(blank + 1);
    ask(method, path, row.own, row.body);
    if (!row.foreign.empty()) ask(method, foreign(path), row.foreign, row.body);
  }

  void check_completeness() const {
    for (const auto& [method, pattern] : world_.site().router().routes()) {
      const std::string route = std::string(to_string(method)) + " " + pattern;
      CAPTURE(route);
      CHECK(asked_.count(route) == 1);
    }
  }

 private:
  // In Polish, and in English where there is a mirror.
  void ask(const std::string& method, const std::string& path, const std::string& statuses,
           const std::string& body) {
    const auto expected = read_statuses(method + " " + path, statuses);
    ask_all(method, path, expected, body);
    const std::string english = path == "/" ? "/en/" : "/en" + path;
    if (!pattern_of(method, english).empty() && !path.starts_with("/en")) {
      ask_all(method, english, expected, body);
    }
  }

  std::string pattern_of(const std::string& method, const std::string& path) const {
    using http::Method;
    Method named = Method::get;
    for (const auto one :
         {Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options}) {
      if (method == to_string(one)) named = one;
    }
    const std::string filled = with_things(path, world_.things());
    const auto match = world_.site().router().find(named, filled.substr(0, filled.find('?')));
    return match.handler ? std::string(match.pattern) : std::string();
  }

  void ask_all(const std::string& method, const std::string& path, const Statuses& expected,
               const std::string& body) {
    const std::string pattern = pattern_of(method, path);
    CAPTURE(path);
    REQUIRE_FALSE(pattern.empty());
    asked_.insert(method + " " + pattern);
    for (std::size_t index = 0; index < kReaders; ++index) {
      if (expected[index] == 0) continue;
      const auto reader = static_cast<Reader>(index);
      const std::string filled = with_things(path, world_.things());
      CAPTURE(method + " " + filled);
      CAPTURE(std::string(kReaderNames[index]));
      const Asked asked = askers_[index].ask(method, filled, body);
      CHECK(asked.status == expected[index]);
      // Whoever has the link of a registration has what it opens.
      if (path.find("{z}") == std::string::npos) {
        CHECK(find_leaks(world_, reader, asked) == std::vector<std::string>{});
      }
      if (asked.status == 404) check_like_nothing(index, method, path, body, asked);
    }
  }

  // What is not for somebody does not exist for them.
  void check_like_nothing(std::size_t index, const std::string& method, const std::string& path,
                          const std::string& body, const Asked& hidden) {
    const std::string filled = with_things(path, world_.things());
    const std::string unknown = with_things(path, nothing(world_.things()));
    if (filled == unknown) return;
    const Asked missing = askers_[index].ask(method, unknown, body);
    CHECK(missing.status == 404);
    CHECK(masked(hidden.text, filled) == masked(missing.text, unknown));
  }

  MatrixWorld& world_;
  std::vector<Asker> askers_;
  std::set<std::string> asked_;
};

}  // namespace

TEST_CASE("every route gives every reader what the table says, of one's own and of another's") {
  MatrixWorld world;
  Matrix matrix(world);
  for (const MatrixRow& row : matrix_rows()) matrix.ask(row);
  matrix.check_completeness();
}

TEST_CASE("a row of the table is nine statuses, or who is let in") {
  CHECK(read_statuses("GET /api/v1/x", "admins 204") ==
        Statuses{401, 401, 403, 403, 403, 403, 403, 403, 204});
  CHECK(read_statuses("GET /x", "organizers 200") ==
        Statuses{303, 303, 404, 404, 404, 200, 200, 200, 200});
  CHECK(read_statuses("POST /x", "signed-in 422") ==
        Statuses{401, 401, 422, 422, 422, 422, 422, 422, 422});
  CHECK(read_statuses("GET /x", "1 2 3 4 5 6 7 8 9") == Statuses{1, 2, 3, 4, 5, 6, 7, 8, 9});
  for (const char* wrong :
       {"", "200", "all", "nobody 200", "1 2 3 4 5 6 7 8", "all 200 200", "1 2 3 4 5 6 7 8 9 10"}) {
    CAPTURE(std::string(wrong));
    CHECK_THROWS_AS(read_statuses("GET /x", wrong), std::invalid_argument);
  }
}
