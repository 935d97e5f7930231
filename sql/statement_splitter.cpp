#include <string>
#include <string_view>
#include <vector>

#include "sql/error.h"
#include "sql/migrations.h"

namespace narada::storage {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool is_space_or_end(std::string_view text, std::size_t position) {
  return position >= text.size() || kSpace.find(text[position]) != std::string_view::npos;
}

// Walks through the text once; each step takes one quoted text, one comment or one character.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> split() {
    while (position_ < text_.size()) step();
    finish_statement();
    return std::move(statements_);
  }

 private:
  void step() {
    const char c = text_[position_];
    if (c == '\'' || c == '"' || c == '`') {
      take_quoted(c);
    } else if (c == '#' || (at("--") && is_space_or_end(text_, position_ + 2))) {
      const auto end = text_.find('\n', position_);
      position_ = end == std::string_view::npos ? text_.size() : end;
    } else if (at("/*")) {
      take_block_comment();
    } else if (c == ';') {
      finish_statement();
      ++position_;
    } else {
      statement_ += c;
      ++position_;
    }
  }

  bool at(std::string_view token) const { return text_.substr(position_).starts_with(token); }

  // A doubled quote ends one text and begins the next, which joins up again.
  void take_quoted(char quote) {
    std::size_t end = position_ + 1;
    while (end < text_.size() && text_[end] != quote) {
      end += text_[end] == '\\' && quote != '`' ? 2 : 1;
    }
    if (end >= text_.size()) throw Error(0, "a quoted text has no end in a migration");
    statement_ += text_.substr(position_, end + 1 - position_);
    position_ = end + 1;
  }

  // "/*! … */" and "/*M! … */" are not comments to the server.
  void take_block_comment() {
    const auto end = text_.find("*/", position_ + 2);
    if (end == std::string_view::npos) throw Error(0, "a comment has no end in a migration");
    const std::string_view comment = text_.substr(position_, end + 2 - position_);
    if (comment.starts_with("/*!") || comment.starts_with("/*M!")) {
      statement_ += comment;
    } else {
      statement_ += ' ';
    }
    position_ = end + 2;
  }

  void finish_statement() {
    const auto first = statement_.find_first_not_of(kSpace);
    if (first != std::string::npos) {
      const auto last = statement_.find_last_not_of(kSpace);
      statements_.push_back(statement_.substr(first, last + 1 - first));
    }
    statement_.clear();
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::string statement_;
  std::vector<std::string> statements_;
};

}  // namespace

std::vector<std::string> split_statements(std::string_view text) { return Splitter(text).split(); }

}  // namespace narada::storage
