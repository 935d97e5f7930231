#include "notifications/text_of_html.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <climits>
#include <memory>
#include <mutex>
#include <vector>

namespace narada::notifications {
namespace {

constexpr std::size_t kWidth = 76;

struct DocumentDeleter {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, DocumentDeleter>;

// Nothing is loaded from anywhere, and faults of the markup are not reported.
Document parse(std::string_view html) {
  static std::once_flag once;
  std::call_once(once, xmlInitParser);
  if (html.empty() || html.size() > INT_MAX) return nullptr;
  return Document(htmlReadMemory(
      html.data(), static_cast<int>(html.size()), nullptr, "UTF-8",
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET));
}

std::string_view view_of(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

std::string attribute(const xmlNode* node, const char* name) {
  xmlChar* value = xmlGetProp(node, reinterpret_cast<const xmlChar*>(name));
  std::string text(view_of(value));
  xmlFree(value);
  return text;
}

bool is_element(const xmlNode* node) { return node->type == XML_ELEMENT_NODE; }
bool is_text(const xmlNode* node) {
  return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
         node->type == XML_ENTITY_REF_NODE;
}
bool is_named(const xmlNode* node, std::string_view name) {
  return is_element(node) && view_of(node->name) == name;
}
template <std::size_t Count>
bool is_one_of(const xmlNode* node, const std::array<std::string_view, Count>& names) {
  return is_element(node) &&
         std::find(names.begin(), names.end(), view_of(node->name)) != names.end();
}

bool is_hidden(const xmlNode* node) {
  constexpr std::array<std::string_view, 5> kUnseen{"head", "style", "script", "title", "template"};
  if (!is_element(node)) return !is_text(node);
  if (is_one_of(node, kUnseen)) return true;
  std::string style = attribute(node, "style");
  std::erase(style, ' ');
  return style.find("display:none") != std::string::npos;
}

bool is_block(const xmlNode* node) {
  constexpr std::array<std::string_view, 28> kBlocks{
      "html",  "body",    "div",     "p",      "h1",     "h2",      "h3",         "h4",  "h5", "h6",
      "table", "thead",   "tbody",   "tfoot",  "tr",     "td",      "th",         "ul",  "ol", "li",
      "hr",    "section", "article", "header", "footer", "caption", "blockquote", "main"};
  return is_one_of(node, kBlocks);
}

bool has_block(const xmlNode* node) {
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (!is_hidden(child) && is_element(child) && (is_block(child) || has_block(child)))
      return true;
  }
  return false;
}

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Runs of blanks as one space, none at the ends of lines; \n stays where a <br> has put it.
std::string tidied(std::string_view text) {
  std::string result;
  bool blank = false;
  for (const char c : text) {
    if (c == '\n') {
      while (result.ends_with(' ')) result.pop_back();
      result += '\n';
      blank = false;
    } else if (is_blank(c)) {
      blank = true;
    } else {
      if (blank && !result.empty() && !result.ends_with('\n')) result += ' ';
      blank = false;
      result += c;
    }
  }
  while (result.ends_with(' ') || result.ends_with('\n')) result.pop_back();
  return result;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// One line as lines of at most kWidth, all but the first after `indent`.
std::string wrapped_line(std::string_view line, std::string_view indent) {
  std::string result;
  std::size_t column = 0;
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    const auto word = line.substr(0, end);
    const auto length = characters(word);
    if (column > 0 && column + 1 + length > kWidth) {
      result += '\n';
      result += indent;
      column = indent.size();
    } else if (column > 0) {
      result += ' ';
      ++column;
    }
    result += word;
    column += length;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return result;
}

std::string wrapped(std::string_view text, std::string_view indent = {}) {
  std::string result;
  for (;;) {
    const auto end = text.find('\n');
    result += wrapped_line(text.substr(0, end), indent);
    if (end == std::string_view::npos) return result;
    result += '\n';
    result += indent;
    text.remove_prefix(end + 1);
  }
}

// The address that a link shows besides its words; empty where the words are it.
std::string shown_address(const std::string& href, const std::string& words) {
  if (href.empty() || href.starts_with('#') || href == words) return {};
  if (href == "mailto:" + words || href == "tel:" + words) return {};
  return href;
}

class Writer {
 public:
  void write(const xmlNode* node) {
    if (is_hidden(node)) return;
    if (is_named(node, "table") && attribute(node, "role") != "presentation")
      return write_table(node);
    if (is_named(node, "ul") || is_named(node, "ol")) return write_list(node);
    if (is_named(node, "hr")) return add_block("-- ");
    if (is_element(node) && has_block(node)) return write_children(node);
    add_block(block_of(node));
  }
  std::string take() {
    std::string text;
    for (const auto& block : blocks_) {
      if (!text.empty()) text += block_before_ == "-- " ? "\n" : "\n\n";
      text += block;
      block_before_ = block;
    }
    return text.empty() ? text : text + "\n";
  }

 private:
  void add_block(std::string block) {
    if (!block.empty()) blocks_.push_back(std::move(block));
  }

  // Words between blocks are a block of their own.
  void write_children(const xmlNode* node) {
    std::string loose;
    const auto flush = [&] {
      add_block(wrapped(tidied(loose)));
      loose.clear();
    };
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
      if (is_hidden(child)) continue;
      if (is_element(child) && (is_block(child) || has_block(child))) {
        flush();
        write(child);
      } else {
        append_inline(child, loose);
      }
    }
    flush();
  }

  void write_list(const xmlNode* list) {
    std::string lines;
    int number = 0;
    for (const xmlNode* item = list->children; item != nullptr; item = item->next) {
      if (!is_named(item, "li") || is_hidden(item)) continue;
      ++number;
      const auto mark = is_named(list, "ol") ? std::to_string(number) + ". " : std::string("- ");
      if (!lines.empty()) lines += '\n';
      lines += wrapped(mark + inline_text(item), std::string(mark.size(), ' '));
    }
    add_block(lines);
  }

  void write_table(const xmlNode* table) {
    std::string lines;
    write_rows(table, lines);
    add_block(lines);
  }
  void write_rows(const xmlNode* node, std::string& lines) {
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
      if (is_hidden(child) || !is_element(child)) continue;
      const bool is_cell = is_named(child, "td") || is_named(child, "th");  // outside any row
      if (!is_cell && !is_named(child, "tr")) {
        write_rows(child, lines);
        continue;
      }
      const auto line = is_cell ? inline_text(child) : row_of(child);
      if (line.empty()) continue;
      if (!lines.empty()) lines += '\n';
      lines += wrapped(line, "  ");
    }
  }
  static std::string row_of(const xmlNode* row) {
    std::string line;
    bool after_label = false;
    for (const xmlNode* cell = row->children; cell != nullptr; cell = cell->next) {
      if (is_hidden(cell) || (!is_named(cell, "td") && !is_named(cell, "th"))) continue;
      const auto text = inline_text(cell);
      if (text.empty()) continue;
      if (!line.empty()) line += after_label ? ": " : ", ";
      line += text;
      after_label = is_named(cell, "th");
    }
    return line;
  }

  // A paragraph, a heading, a cell. A link alone has its address below.
  static std::string block_of(const xmlNode* node) {
    const xmlNode* link = only_link(node);
    if (link == nullptr) return wrapped(inline_text(node));
    const auto words = inline_of_children(link);
    const auto address = shown_address(attribute(link, "href"), words);
    if (address.empty()) return words;
    return wrapped(words + ":") + "\n" + address;
  }

  // The one link that a block consists of, or null.
  static const xmlNode* only_link(const xmlNode* node) {
    const xmlNode* link = is_named(node, "a") ? node : nullptr;
    if (link != nullptr) return link;
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
      if (is_hidden(child)) continue;
      if (is_text(child)) {
        const auto text = view_of(child->content);
        if (!std::all_of(text.begin(), text.end(), is_blank)) return nullptr;
      } else if (link != nullptr || (link = only_link(child)) == nullptr) {
        return nullptr;
      }
    }
    return link;
  }

  static void append_inline(const xmlNode* node, std::string& text) {
    if (is_hidden(node)) return;
    if (is_text(node)) {
      // A line end of the source is a blank; those in the result are meant.
      for (const char c : view_of(node->content)) text += is_blank(c) ? ' ' : c;
    } else if (is_named(node, "br")) {
      text += '\n';
    } else if (is_named(node, "a")) {
      const auto words = inline_of_children(node);
      const auto address = shown_address(attribute(node, "href"), words);
      text += words;
      if (!address.empty()) text += " (" + address + ")";
    } else {
      for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
        if (is_element(child) && is_block(child) && !text.empty()) text += ' ';
        append_inline(child, text);
      }
    }
  }
  static std::string inline_of_children(const xmlNode* node) {
    std::string text;
    for (const xmlNode* child = node->children; child != nullptr; child = child->next)
      append_inline(child, text);
    return tidied(text);
  }
  static std::string inline_text(const xmlNode* node) {
    std::string text;
    append_inline(node, text);
    return tidied(text);
  }

  std::vector<std::string> blocks_;
  std::string block_before_;
};

}  // namespace

std::string text_of_html(std::string_view html) {
  const auto document = parse(html);
  const xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (root == nullptr) return {};
  Writer writer;
  writer.write(root);
  return writer.take();
}

}  // namespace narada::notifications
