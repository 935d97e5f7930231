#include <algorithm>
#include <set>

#include "service/usecases/search/search.h"
#include "service/usecases/search/search_words.h"

namespace narada::usecases {
namespace {

constexpr std::size_t kMostText = 400000;  // octets that are looked through

bool matches(const SearchWord& word, const std::set<std::string>& matched) {
  if (matched.contains(word.folded)) return true;
  const auto& forms = basic_forms(word.lower);
  return std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
    return matched.contains(fold_search_text(form));
  });
}

// White space as single spaces.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

struct Marked {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string folded;
};

std::vector<Marked> find_marks(std::string_view text, const std::vector<std::string>& matched) {
  const std::set<std::string> wanted(matched.begin(), matched.end());
  std::vector<Marked> marks;
  for (const auto& word : split_search_words(text)) {
    if (matches(word, wanted)) marks.push_back({word.begin, word.end, word.folded});
  }
  return marks;
}

void add_piece(Excerpt& excerpt, std::string_view text, bool matched) {
  if (!text.empty()) excerpt.push_back({std::string(text), matched});
}

Excerpt cut(std::string_view text, std::size_t begin, std::size_t end,
            const std::vector<Marked>& marks) {
  Excerpt excerpt;
  if (begin > 0) add_piece(excerpt, "… ", false);
  std::size_t at = begin;
  for (const auto& mark : marks) {
    if (mark.begin < begin || mark.end > end) continue;
    add_piece(excerpt, text.substr(at, mark.begin - at), false);
    add_piece(excerpt, text.substr(mark.begin, mark.end - mark.begin), true);
    at = mark.end;
  }
  add_piece(excerpt, text.substr(at, end - at), false);
  if (end < text.size()) add_piece(excerpt, " …", false);
  return excerpt;
}

// The mark from which on most different words stand within `length`.
std::size_t best_start(const std::vector<Marked>& marks, std::size_t length) {
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t first = 0; first < marks.size(); ++first) {
    std::set<std::string_view> words;
    for (std::size_t mark = first;
         mark < marks.size() && marks[mark].end <= marks[first].begin + length; ++mark)
      words.insert(marks[mark].folded);
    if (words.size() <= most) continue;
    most = words.size();
    best = first;
  }
  return best;
}

}  // namespace

Excerpt mark_matches(std::string_view text, const std::vector<std::string>& matched) {
  return cut(text, 0, text.size(), find_marks(text, matched));
}

Excerpt make_excerpt(std::string_view text, const std::vector<std::string>& matched,
                     std::size_t length) {
  constexpr std::size_t kMostMarks = 2000;
  const std::string line = one_line(text.substr(0, kMostText));
  if (line.empty()) return {};
  auto marks = find_marks(line, matched);
  if (marks.size() > kMostMarks) marks.resize(kMostMarks);
  std::size_t begin = 0;
  if (!marks.empty() && line.size() > length) {
    const auto& first = marks[best_start(marks, length * 3 / 4)];
    if (first.begin > length / 4) begin = line.find(' ', first.begin - length / 4);
    if (begin == std::string::npos || begin >= first.begin)
      begin = first.begin;
    else if (begin > 0)
      ++begin;
  }
  std::size_t end = line.size();
  if (line.size() - begin > length) {
    end = line.rfind(' ', begin + length);
    if (end == std::string::npos || end <= begin) {
      end = begin + length;
      while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) ++end;
    }
  }
  return cut(line, begin, end, marks);
}

}  // namespace narada::usecases
