#include "files/inspection/office.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "files/inspection.h"
#include "files/inspection/xml_text.h"

namespace narada::files::inspection {
namespace {

using domain::FileFamily;
using domain::FileRefusal;

constexpr std::size_t kMostXml = 32U << 20;  // octets of one part of a document

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

// "ppt/slides/slide12.xml" of "ppt/slides/slide": 12.
int part_number(std::string_view name, std::string_view prefix) {
  return number_of(name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size()))
      .value_or(0);
}

// Parts named by a number, in its order.
std::vector<std::string> numbered_parts(const Archive& archive, std::string_view prefix) {
  std::vector<std::string> parts;
  for (const auto& name : archive.names())
    if (name.starts_with(prefix) && name.ends_with(".xml") &&
        name.find('/', prefix.size()) == std::string::npos)
      parts.push_back(name);
  std::sort(parts.begin(), parts.end(), [&](const auto& one, const auto& other) {
    return part_number(one, prefix) < part_number(other, prefix);
  });
  return parts;
}

std::string text_of_parts(const Archive& archive, const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) {
    if (text.size() >= kMostExtractedText) break;
    text += text_of_xml(archive.read(part, kMostXml), kMostExtractedText - text.size());
    if (!text.empty() && text.back() != '\n') text += '\n';
  }
  return text;
}

// A template that the program would fetch from elsewhere, with its macros, when the document is
// opened. One on a disk is what Word writes down by itself.
void refuse_distant_template(const Archive& archive) {
  for (const auto& name : archive.names()) {
    if (!name.ends_with(".rels")) continue;
    const auto relations = archive.read(name, kMostXml);
    for (auto at = relations.find("/attachedTemplate"); at != std::string::npos;
         at = relations.find("/attachedTemplate", at + 1)) {
      const auto begin = relations.rfind('<', at);
      const auto element = relations.substr(begin, relations.find('>', at) - begin);
      if (element.find("Target=\"http") != std::string::npos ||
          element.find("Target=\"\\\\") != std::string::npos)
        refuse(FileRefusal::macros);
    }
  }
}

Findings read_office(const Archive& archive) {
  refuse_distant_template(archive);
  Findings findings;
  auto& facts = findings.facts;
  const auto core = archive.read("docProps/core.xml", kMostXml);
  const auto extended = archive.read("docProps/app.xml", kMostXml);
  facts.title = find_element_text(core, "title");
  facts.language = find_element_text(core, "language");
  if (archive.holds("word/document.xml")) {
    findings.text = text_of_parts(archive, {"word/document.xml"});
    facts.pages = number_of(find_element_text(extended, "Pages"));
    if (facts.language.empty())
      if (const auto styles = archive.read("word/styles.xml", kMostXml);
          styles.find("<w:lang ") != std::string::npos) {
        const auto element = styles.substr(styles.find("<w:lang "));
        const auto value = element.find("w:val=\"");
        if (value < element.find('>'))
          facts.language = element.substr(value + 7, element.find('"', value + 7) - value - 7);
      }
  } else if (archive.holds("ppt/presentation.xml")) {
    const auto slides = numbered_parts(archive, "ppt/slides/slide");
    findings.text = text_of_parts(archive, slides);
    facts.pages = slides.empty() ? std::nullopt : std::optional(static_cast<int>(slides.size()));
  } else {
    findings.text = text_of_parts(archive, {"xl/sharedStrings.xml"});
  }
  return findings;
}

Findings read_open_document(const Archive& archive) {
  if (archive.read("META-INF/manifest.xml", kMostXml).find("encryption-data") != std::string::npos)
    refuse(FileRefusal::encrypted);
  Findings findings;
  const auto meta = archive.read("meta.xml", kMostXml);
  findings.facts.title = find_element_text(meta, "title");
  findings.facts.language = find_element_text(meta, "language");
  findings.facts.pages = number_of(find_attribute(meta, "page-count"));
  findings.text = text_of_parts(archive, {"content.xml"});
  if (findings.facts.language.empty()) {
    const auto styles = archive.read("styles.xml", kMostXml);
    findings.facts.language = find_attribute(styles, "language");
    if (findings.facts.language == "none" || findings.facts.language == "zxx")
      findings.facts.language.clear();
  }
  return findings;
}

}  // namespace

Findings examine_zip(const Subject& subject, const domain::FileType& type) {
  const Archive archive(subject);
  const auto found = media_type_of(archive);
  // A document may be sent as the archive that it is.
  if (type.family != FileFamily::archive && found != type.media_type)
    refuse(found == "application/zip" && type.family != FileFamily::book && archive.names().empty()
               ? FileRefusal::damaged
               : FileRefusal::mislabelled);
  check_archive(archive, subject.size);
  Findings findings;
  if (type.family == FileFamily::office)
    findings = read_office(archive);
  else if (type.family == FileFamily::open_office)
    findings = read_open_document(archive);
  else if (type.family == FileFamily::archive && archive.names().empty())
    refuse(FileRefusal::empty);
  findings.facts.media_type = type.media_type;
  return findings;
}

}  // namespace narada::files::inspection
