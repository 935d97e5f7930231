#include "service/domain/word_changes.h"

#include <algorithm>
#include <cstdint>

namespace narada::domain {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::size_t kMostCells = 4'000'000;  // of the table of a comparison

bool is_blank(char octet) { return octet == ' ' || octet == '\n' || octet == '\t'; }

// Words and the blanks between them, in turn.
Words split(std::string_view text) {
  Words words;
  std::size_t begin = 0;
  for (std::size_t at = 1; at <= text.size(); ++at) {
    if (at < text.size() && is_blank(text[at]) == is_blank(text[begin]) && !is_blank(text[at]))
      continue;
    words.push_back(text.substr(begin, at - begin));
    begin = at;
  }
  return words;
}

void add(std::vector<WordChange>& changes, WordChange::Kind kind, std::string_view text) {
  if (text.empty()) return;
  if (changes.empty() || changes.back().kind != kind) changes.push_back({kind, {}});
  changes.back().text += text;
}

void add_all(std::vector<WordChange>& changes, WordChange::Kind kind, const Words& words,
             std::size_t from, std::size_t to) {
  for (std::size_t at = from; at < to; ++at) add(changes, kind, words[at]);
}

struct Middle {
  std::size_t from = 0, before_to = 0, after_to = 0;
};
Middle differing(const Words& before, const Words& after) {
  Middle middle{0, before.size(), after.size()};
  while (middle.from < middle.before_to && middle.from < middle.after_to &&
         before[middle.from] == after[middle.from])
    ++middle.from;
  while (middle.before_to > middle.from && middle.after_to > middle.from &&
         before[middle.before_to - 1] == after[middle.after_to - 1]) {
    --middle.before_to;
    --middle.after_to;
  }
  return middle;
}

// By the longest common subsequence of both middles.
void compare(const Words& before, const Words& after, const Middle& middle,
             std::vector<WordChange>& changes) {
  using Kind = WordChange::Kind;
  const std::size_t rows = middle.before_to - middle.from;
  const std::size_t columns = middle.after_to - middle.from;
  if ((rows + 1) * (columns + 1) > kMostCells) {
    add_all(changes, Kind::removed, before, middle.from, middle.before_to);
    add_all(changes, Kind::added, after, middle.from, middle.after_to);
    return;
  }
  std::vector<std::uint32_t> longest((rows + 1) * (columns + 1), 0);
  const auto cell = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
    return longest[row * (columns + 1) + column];
  };
  for (std::size_t row = rows; row-- > 0;)
    for (std::size_t column = columns; column-- > 0;)
      cell(row, column) = before[middle.from + row] == after[middle.from + column]
                              ? cell(row + 1, column + 1) + 1
                              : std::max(cell(row + 1, column), cell(row, column + 1));
  std::size_t row = 0, column = 0;
  while (row < rows && column < columns) {
    if (before[middle.from + row] == after[middle.from + column]) {
      add(changes, Kind::kept, before[middle.from + row]);
      ++row, ++column;
    } else if (cell(row + 1, column) >= cell(row, column + 1)) {
      add(changes, Kind::removed, before[middle.from + row++]);
    } else {
      add(changes, Kind::added, after[middle.from + column++]);
    }
  }
  add_all(changes, Kind::removed, before, middle.from + row, middle.before_to);
  add_all(changes, Kind::added, after, middle.from + column, middle.after_to);
}

}  // namespace

std::vector<WordChange> word_changes(std::string_view before, std::string_view after) {
  const Words old_words = split(before);
  const Words new_words = split(after);
  const Middle middle = differing(old_words, new_words);
  std::vector<WordChange> changes;
  add_all(changes, WordChange::Kind::kept, old_words, 0, middle.from);
  compare(old_words, new_words, middle, changes);
  add_all(changes, WordChange::Kind::kept, old_words, middle.before_to, old_words.size());
  return changes;
}

}  // namespace narada::domain
