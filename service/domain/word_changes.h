#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::domain {

// What became of a text, word by word. The kept and the removed parts together are the text
// before, the kept and the added ones the text after, blanks and line breaks included.
struct WordChange {
  enum class Kind { kept, removed, added };
  Kind kind = Kind::kept;
  std::string text;
  friend bool operator==(const WordChange&, const WordChange&) = default;
};
// Two texts that share hardly anything beyond what a comparison can afford come as one removal and
// one addition.
std::vector<WordChange> word_changes(std::string_view before, std::string_view after);

}  // namespace narada::domain
