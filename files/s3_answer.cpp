#include "files/s3_answer.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <charconv>
#include <cstdio>
#include <memory>

namespace narada::files {
namespace {

constexpr std::size_t kMostOctets = 16U << 20;  // a page of 1000 objects takes some 500 KiB

struct DocumentDeleter {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, DocumentDeleter>;

// Entities stay as they are and nothing is fetched.
Document parse(std::string_view xml) {
  if (xml.empty() || xml.size() > kMostOctets) return nullptr;
  return Document(xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "answer.xml", nullptr,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
}

bool is_named(const xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE && reinterpret_cast<const char*>(node->name) == name;
}

std::string text_of(const xmlNode* node) {
  const std::unique_ptr<xmlChar, decltype(xmlFree)> text(xmlNodeGetContent(node), xmlFree);
  return text ? reinterpret_cast<const char*>(text.get()) : "";
}

const xmlNode* find_child(const xmlNode* parent, std::string_view name) {
  for (const xmlNode* child = parent->children; child != nullptr; child = child->next)
    if (is_named(child, name)) return child;
  return nullptr;
}

std::string child_text(const xmlNode* parent, std::string_view name) {
  const auto* child = find_child(parent, name);
  return child ? text_of(child) : "";
}

// Answers are shallow; what is deeper is none.
const xmlNode* find_element(const xmlNode* node, std::string_view name, int depth = 0) {
  constexpr int kMostLevels = 8;
  for (; node != nullptr && depth < kMostLevels; node = node->next) {
    if (is_named(node, name)) return node;
    if (const auto* found = find_element(node->children, name, depth + 1)) return found;
  }
  return nullptr;
}

// "2026-11-22T18:00:00.000Z".
std::optional<domain::Instant> parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  int hours = 0, minutes = 0, seconds = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d", &year, &month, &day, &hours, &minutes,
                  &seconds) != 6)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hours) + std::chrono::minutes(minutes) +
         std::chrono::seconds(seconds);
}

std::optional<S3Object> parse_object(const xmlNode* node) {
  const auto size = child_text(node, "Size");
  const auto time = parse_time(child_text(node, "LastModified"));
  S3Object object;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), object.size);
  if (error != std::errc() || end != size.data() + size.size() || !time) return std::nullopt;
  object.key = child_text(node, "Key");
  object.modified_at = *time;
  return object;
}

}  // namespace

std::string find_s3_text(std::string_view xml, std::string_view element) {
  const auto document = parse(xml);
  if (!document) return "";
  const auto* found = find_element(xmlDocGetRootElement(document.get()), element);
  return found ? text_of(found) : "";
}

std::optional<S3Page> parse_s3_page(std::string_view xml) {
  const auto document = parse(xml);
  if (!document) return std::nullopt;
  const auto* root = xmlDocGetRootElement(document.get());
  if (root == nullptr || !is_named(root, "ListBucketResult")) return std::nullopt;
  S3Page page;
  for (const xmlNode* child = root->children; child != nullptr; child = child->next) {
    if (!is_named(child, "Contents")) continue;
    if (auto object = parse_object(child)) page.objects.push_back(std::move(*object));
  }
  if (child_text(root, "IsTruncated") == "true")
    page.next = child_text(root, "NextContinuationToken");
  return page;
}

}  // namespace narada::files
