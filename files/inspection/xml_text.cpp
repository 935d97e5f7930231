#include "files/inspection/xml_text.h"

#include <libxml/xmlreader.h>

#include <algorithm>
#include <array>
#include <climits>
#include <memory>

namespace narada::files::inspection {
namespace {

// Reads neither other files nor what entities stand for.
class Reader {
 public:
  explicit Reader(const std::string& xml)
      : reader_(xmlReaderForMemory(
                    xml.data(), static_cast<int>(std::min<std::size_t>(xml.size(), INT_MAX)),
                    nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT),
                &xmlFreeTextReader) {}

  bool next() { return reader_ && xmlTextReaderRead(reader_.get()) == 1; }
  int kind() const { return xmlTextReaderNodeType(reader_.get()); }
  std::string_view name() const { return view(xmlTextReaderConstLocalName(reader_.get())); }
  std::string_view value() const { return view(xmlTextReaderConstValue(reader_.get())); }
  bool next_attribute() { return xmlTextReaderMoveToNextAttribute(reader_.get()) == 1; }

 private:
  static std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
  }
  std::unique_ptr<xmlTextReader, decltype(&xmlFreeTextReader)> reader_;
};

bool is_text(int kind) {
  return kind == XML_READER_TYPE_TEXT || kind == XML_READER_TYPE_CDATA ||
         kind == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

bool ends_line(std::string_view name) {
  constexpr std::array<std::string_view, 5> kBlocks = {"p", "h", "br", "si", "table-row"};
  return std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end();
}

}  // namespace

std::string text_of_xml(const std::string& xml, std::size_t most) {
  std::string text;
  Reader reader(xml);
  while (text.size() < most && reader.next()) {
    if (is_text(reader.kind())) {
      text.append(reader.value());
    } else if (reader.kind() == XML_READER_TYPE_END_ELEMENT && !text.empty() &&
               text.back() != '\n') {
      if (ends_line(reader.name()))
        text += '\n';
      else if (reader.name() == "tab" || reader.name() == "table-cell")
        text += ' ';
    }
  }
  return text;
}

std::string find_element_text(const std::string& xml, std::string_view local_name) {
  std::string text;
  bool inside = false;
  Reader reader(xml);
  while (reader.next()) {
    if (reader.kind() == XML_READER_TYPE_ELEMENT && reader.name() == local_name) inside = true;
    if (inside && is_text(reader.kind())) text.append(reader.value());
    if (inside && reader.kind() == XML_READER_TYPE_END_ELEMENT && reader.name() == local_name)
      break;
  }
  text.erase(0, text.find_first_not_of(" \t\r\n"));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

std::string find_attribute(const std::string& xml, std::string_view local_name) {
  Reader reader(xml);
  while (reader.next()) {
    if (reader.kind() != XML_READER_TYPE_ELEMENT) continue;
    while (reader.next_attribute())
      if (reader.name() == local_name && !reader.value().empty())
        return std::string(reader.value());
  }
  return "";
}

}  // namespace narada::files::inspection
