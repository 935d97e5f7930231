#include "web/markdown.h"

#include <cmark.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "web/safe_html.h"

namespace narada::web {
namespace {

// CMARK_OPT_UNSAFE is what must never be here.
constexpr int kOptions = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_HARDBREAKS;
// Quotations and lists within each other. cmark itself has no limit, browsers do.
constexpr int kMostLevels = 20;
constexpr int kSmallestHeading = 6;

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Document = std::unique_ptr<cmark_node, FreeNode>;

// Marks that turn the direction of what follows (Unicode UAX 9): they can make a text read as
// another one, and no language needs them where each paragraph has its own direction.
std::string without_direction_marks(std::string_view text) {
  constexpr std::string_view kEmbeddings = "\xE2\x80", kIsolates = "\xE2\x81";
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view lead = text.substr(at, 2);
    const unsigned char last = at + 2 < text.size() ? static_cast<unsigned char>(text[at + 2]) : 0;
    const bool turns = (lead == kEmbeddings && last >= 0xAA && last <= 0xAE) ||
                       (lead == kIsolates && last >= 0xA6 && last <= 0xA9);
    if (turns) {
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

// The longest run of marks that open a level at the beginning of a line, or of brackets, which
// cmark would take quadratic time for.
bool is_too_deep(std::string_view text) {
  int levels = 0, brackets = 0;
  bool at_start = true;
  for (const char c : text) {
    if (c == '\n') {
      at_start = true;
      levels = 0;
    } else if (at_start) {
      const bool opens = c == '>' || c == '-' || c == '*' || c == '+' || c == ')' || c == '.';
      levels += opens ? 1 : 0;
      at_start = opens || c == ' ' || c == '\t' || (c >= '0' && c <= '9');
      // A rule or a row of marks ("-----") opens one level at most.
      if (levels > 4 * kMostLevels && c == '>') return true;
    }
    brackets = c == '[' ? brackets + 1 : c == ']' ? std::max(0, brackets - 1) : brackets;
    if (brackets > 8 * kMostLevels) return true;
  }
  return false;
}

bool is_kept_address(std::string_view url) {
  std::string start;
  for (const char c : url.substr(0, 8)) {
    start += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view lower = start;
  return lower.starts_with("https://") || lower.starts_with("http://") ||
         lower.starts_with("mailto:") || lower.starts_with("tel:") || lower.starts_with("#") ||
         (lower.starts_with("/") && !lower.starts_with("//"));
}

// Its words stay where it was.
void unwrap(cmark_node* node) {
  while (cmark_node* child = cmark_node_first_child(node)) {
    cmark_node_unlink(child);
    cmark_node_insert_before(node, child);
  }
  cmark_node_unlink(node);
  cmark_node_free(node);
}

struct Shape {
  std::vector<cmark_node*> to_unwrap;
  int levels = 0;
};

Shape look_at(cmark_node* document, int top_level) {
  Shape shape;
  const std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> iterator(cmark_iter_new(document),
                                                                    cmark_iter_free);
  int level = 0;
  for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const auto type = cmark_node_get_type(node);
    const bool enters = event == CMARK_EVENT_ENTER;
    if (type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_LIST || type == CMARK_NODE_EMPH ||
        type == CMARK_NODE_STRONG) {
      level += enters ? 1 : -1;
      shape.levels = std::max(shape.levels, level);
    }
    if (!enters) continue;
    if (type == CMARK_NODE_HEADING) {
      cmark_node_set_heading_level(
          node, std::min(kSmallestHeading, cmark_node_get_heading_level(node) + top_level - 1));
    }
    const bool is_link = type == CMARK_NODE_LINK;
    const char* url = is_link ? cmark_node_get_url(node) : nullptr;
    if (type == CMARK_NODE_IMAGE || (is_link && !is_kept_address(url ? url : ""))) {
      shape.to_unwrap.push_back(node);
    }
  }
  return shape;
}

// Absent where it would be deeper than a page can show.
Document read(const std::string& text, int top_level) {
  if (is_too_deep(text)) return nullptr;
  Document document(cmark_parse_document(text.data(), text.size(), kOptions));
  const Shape shape = look_at(document.get(), top_level);
  if (shape.levels > kMostLevels) return nullptr;
  for (cmark_node* node : shape.to_unwrap) unwrap(node);
  return document;
}

std::string take(char* text) {
  const std::unique_ptr<char, void (*)(void*)> owned(text, std::free);
  return owned.get();
}

}  // namespace

View markdown_html(std::string_view text, int top_level) {
  if (text.empty()) return nullptr;
  const std::string plain = without_direction_marks(text);
  const Document document = read(plain, top_level);
  if (!document) return safe_html("<p class=\"lines\">" + escape_html(plain) + "</p>");
  return safe_html(take(cmark_render_html(document.get(), kOptions)));
}

std::string markdown_text(std::string_view text) {
  const std::string plain = without_direction_marks(text);
  const Document document = read(plain, 1);
  if (!document) return plain;
  // cmark's own plain form keeps marks for lists and escapes; what is wanted here is the words.
  std::string words;
  const std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> iterator(cmark_iter_new(document.get()),
                                                                    cmark_iter_free);
  for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const auto type = cmark_node_get_type(node);
    const bool has_words =
        type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK;
    if (has_words) words += cmark_node_get_literal(node);
    const bool ends_line =
        type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_SOFTBREAK ||
        (event == CMARK_EVENT_EXIT && (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING));
    if (ends_line && !words.empty() && words.back() != '\n') words += '\n';
  }
  while (!words.empty() && words.back() == '\n') words.pop_back();
  return words;
}

}  // namespace narada::web
