#include "service/usecases/search/search_words.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "service/usecases/search/search.h"

using namespace narada;
using namespace narada::usecases;

TEST_CASE("words are runs of letters and digits, folded") {
  struct Row {
    std::string text;
    std::string folded;
  };
  const Row rows[] = {{"", ""},
                      {"Zażółć gęślą jaźń", "zazolc gesla jazn"},
                      {"ŁÓDŹ-Górna, 2027!", "lodz gorna 2027"},
                      {"Straße, Ørsted", "strasse orsted"},
                      {"z\xCC\x81le", "zle"},
                      {"a\xFF"
                       "b",
                       "a b"},
                      {"...", ""}};
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(fold_search_text(row.text) == row.folded);
  }
}

TEST_CASE("forms of one word have a basic form in common, with or without diacritics") {
  const auto shares = [](const std::vector<std::string>& one,
                         const std::vector<std::string>& other) {
    return std::any_of(one.begin(), one.end(), [&](const std::string& form) {
      return std::find(other.begin(), other.end(), form) != other.end();
    });
  };
  const std::vector<std::vector<std::string>> families = {{"zieleni", "zieleń", "zielenią"},
                                                          {"katowicach", "katowice", "katowic"},
                                                          {"miejskiej", "miejski"},
                                                          {"językiem", "język"},
                                                          {"gminach", "gmina", "gminom"}};
  for (const auto& family : families) {
    for (const auto& word : family) {
      CAPTURE(word);
      CHECK(shares(basic_forms(word), basic_forms(family.front())));
      CHECK(
          shares(basic_forms_with_diacritics(fold_search_text(word)), basic_forms(family.front())));
    }
  }
  CHECK(basic_forms("xyzzyq").empty());
  CHECK(basic_forms("слово").empty());
  CHECK(find_dictionary_problem().empty());
}

TEST_CASE("matches are marked in every form, and nothing of the text is lost") {
  CHECK(mark_matches("O zieleni <b>", {"zielen"}) ==
        Excerpt{{"O ", false}, {"zieleni", true}, {" <b>", false}});
  CHECK(mark_matches("nic", {"zielen"}) == Excerpt{{"nic", false}});
  std::string text;
  for (int i = 0; i < 100; ++i) text += "słowo ";
  text += "o zieleni miejskiej ";
  for (int i = 0; i < 100; ++i) text += "słowo ";
  const auto excerpt = make_excerpt(text, {"zielen", "miejski"}, 60);
  std::vector<std::string> marked;
  std::size_t length = 0;
  for (const auto& piece : excerpt) {
    length += piece.text.size();
    if (piece.matched) marked.push_back(piece.text);
  }
  CHECK(marked == std::vector<std::string>{"zieleni", "miejskiej"});
  CHECK(length <= 80);
  CHECK(make_excerpt("", {"zielen"}, 60).empty());
}
