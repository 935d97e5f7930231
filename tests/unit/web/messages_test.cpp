#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "web/render.h"

namespace {

using narada::web::Messages;
using narada::web::View;

// A folder of texts that lives as long as one test.
class Locales {
 public:
  Locales() {
    static int count = 0;
    root_ = std::filesystem::temp_directory_path() /
            ("narada-messages-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    for (const auto* language : {"pl", "en"}) std::filesystem::create_directories(root_ / language);
  }
  ~Locales() { std::filesystem::remove_all(root_); }
  Locales(const Locales&) = delete;
  Locales& operator=(const Locales&) = delete;

  Locales& add(const std::string& file, const std::map<std::string, std::string>& texts) {
    std::ofstream(root_ / file) << View(texts).dump();
    return *this;
  }
  const std::filesystem::path& path() const { return root_; }

 private:
  std::filesystem::path root_;
};

// What loading these texts complains of; empty when it does not.
std::string complaint_of(const Locales& locales) {
  try {
    Messages messages(locales.path());
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

const Messages& shipped() {
  static const Messages messages(std::filesystem::path(NARADA_SOURCE_DIR) / "web/locales");
  return messages;
}

}  // namespace

TEST_CASE("a number takes the form that the language has for it") {
  struct Row {
    std::int64_t count;
    const char* polish;
    const char* english;
  };
  const Row rows[] = {
      {0, "0 osób czeka", "0 people wait"},       {1, "1 osoba czeka", "1 person waits"},
      {2, "2 osoby czekają", "2 people wait"},    {4, "4 osoby czekają", "4 people wait"},
      {5, "5 osób czeka", "5 people wait"},       {12, "12 osób czeka", "12 people wait"},
      {14, "14 osób czeka", "14 people wait"},    {21, "21 osób czeka", "21 people wait"},
      {22, "22 osoby czekają", "22 people wait"}, {112, "112 osób czeka", "112 people wait"},
  };
  Locales locales;
  locales.add("pl/a.json", {{"waiting",
                             "{count, plural, one {# osoba czeka} few {# osoby czekają} "
                             "many {# osób czeka} other {# osób czeka}}"}});
  locales.add("en/a.json",
              {{"waiting", "{count, plural, one {# person waits} other {# people wait}}"}});
  const Messages messages(locales.path());
  for (const auto& row : rows) {
    CAPTURE(row.count);
    CHECK(messages.text("pl", "waiting", {{"count", row.count}}) == row.polish);
    CHECK(messages.text("en", "waiting", {{"count", row.count}}) == row.english);
  }
}

TEST_CASE("arguments are put in as they are, whichever way they come") {
  Locales locales;
  locales.add("pl/a.json", {{"moved", "Było: {place}, {count}"}});
  const Messages messages(locales.path());
  const std::string place = "Łódź {nie argument} 'x' <b>";
  CHECK(messages.text("pl", "moved", {{"place", place}, {"count", std::int64_t{3}}}) ==
        "Było: " + place + ", 3");
  CHECK(messages.text("pl", "moved", View{{"place", place}, {"count", 3}}) ==
        "Było: " + place + ", 3");
}

TEST_CASE("an apostrophe and quoted braces are text") {
  Locales locales;
  locales.add("en/a.json", {{"mind", "one's own '{'page'}'"}});
  CHECK(Messages(locales.path()).text("en", "mind") == "one's own {page}");
}

TEST_CASE("an unknown key shows itself, an unknown language reads Polish") {
  Locales locales;
  locales.add("pl/a.json", {{"nav.home", "Start"}}).add("en/a.json", {{"nav.home", "Home"}});
  const Messages messages(locales.path());
  CHECK(messages.text("pl", "nav.hom") == "[nav.hom]");
  CHECK(messages.text("de", "nav.home") == "Start");
  CHECK(messages.text("en", "nav.home") == "Home");
  CHECK(messages.has("pl", "nav.home"));
  CHECK_FALSE(messages.has("pl", "nav.hom"));
}

TEST_CASE("broken texts are refused at the start, with file and key") {
  struct Row {
    const char* name;
    const char* text;
    const char* complaint;
  };
  const Row rows[] = {
      {"a brace left open", "{count", "pl/a.json: key: "},
      {"a plural without 'other'", "{n, plural, one {x}}", "pl/a.json: key: "},
      {"an unknown kind of argument", "{n, roman}", "pl/a.json: key: "},
      {"arguments by number", "{0} of {1}", "pl/a.json: key: arguments must have names"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Locales locales;
    locales.add("pl/a.json", {{"key", row.text}});
    CHECK(complaint_of(locales).find(row.complaint) != std::string::npos);
  }
}

TEST_CASE("one key in two files is refused") {
  Locales locales;
  locales.add("pl/a.json", {{"key", "x"}}).add("pl/b.json", {{"key", "y"}});
  CHECK(complaint_of(locales).find("is already in another file") != std::string::npos);
}

TEST_CASE("a value that is not a text is refused") {
  Locales locales;
  std::ofstream(locales.path() / "pl/a.json") << R"({"key": 1})";
  CHECK(complaint_of(locales).find("key: must be a string") != std::string::npos);
}

TEST_CASE("without its folder nothing starts") {
  CHECK_THROWS_AS(Messages("/nonexistent/locales"), std::runtime_error);
}

TEST_CASE("threads format the same message at once") {
  std::vector<std::thread> threads;
  std::vector<int> wrong(8, 0);
  for (std::size_t i = 0; i < wrong.size(); ++i)
    threads.emplace_back([&, i] {
      for (std::int64_t count = 0; count < 500; ++count) {
        const auto text = shipped().text("pl", "seats.waiting", {{"count", count}});
        if (text.rfind(std::to_string(count) + " os", 0) != 0) ++wrong[i];
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(8, 0));
}
