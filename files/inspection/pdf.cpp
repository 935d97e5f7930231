#include "files/inspection/pdf.h"

// Its own holder of pointers is std::shared_ptr.
#define POINTERHOLDER_TRANSITION 4

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-image.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include "files/inspection.h"
#include "files/inspection/xml_text.h"

namespace narada::files::inspection {
namespace {

using domain::AccessibilityFault;
using domain::FileRefusal;

constexpr int kMostObjectDepth = 40;
constexpr int kMostReadPages = 2000;
constexpr double kReadingSeconds = 25;  // of the processor

// Actions and forms that run something ([ISO 32000] 12.6.4, 12.7.8, 13.6).
void refuse_active(QPDFObjectHandle& dictionary) {
  for (const auto* const key : {"/JS", "/JavaScript", "/XFA", "/RichMediaContent"})
    if (dictionary.hasKey(key)) refuse(FileRefusal::forbidden_type);
  auto action = dictionary.getKey("/S");
  if (action.isName()) {
    for (const auto* const name : {"/JavaScript", "/Launch", "/ImportData", "/Rendition"})
      if (action.getName() == name) refuse(FileRefusal::forbidden_type);
  }
  auto address = dictionary.getKey("/URI");
  if (address.isString()) {
    auto text = address.getStringValue();
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (text.starts_with("javascript:") || text.starts_with("vbscript:"))
      refuse(FileRefusal::forbidden_type);
  }
}

// A file that travels inside must be one that could come by itself; XML is what invoices carry.
void refuse_attached_program(QPDFObjectHandle& dictionary) {
  if (!dictionary.hasKey("/EF")) return;
  for (const auto* const key : {"/UF", "/F", "/DOS", "/Unix", "/Mac"}) {
    auto name = dictionary.getKey(key);
    if (!name.isString()) continue;
    const auto extension = domain::extension_of(name.getUTF8Value());
    if (extension != "xml" && domain::find_file_type_by_name(name.getUTF8Value()) == nullptr)
      refuse(FileRefusal::forbidden_type);
  }
}

void check_object(QPDFObjectHandle object, int depth) {
  if (depth > kMostObjectDepth) return;
  if (object.isStream()) object = object.getDict();
  if (object.isDictionary()) {
    refuse_active(object);
    refuse_attached_program(object);
    for (const auto& key : object.getKeys())
      if (auto inner = object.getKey(key); !inner.isIndirect()) check_object(inner, depth + 1);
  } else if (object.isArray()) {
    for (int index = 0; index < object.getArrayNItems(); ++index)
      if (auto inner = object.getArrayItem(index); !inner.isIndirect())
        check_object(inner, depth + 1);
  }
}

std::string text_at(QPDFObjectHandle dictionary, const char* key) {
  if (!dictionary.isDictionary()) return "";
  auto value = dictionary.getKey(key);
  return value.isString() ? value.getUTF8Value() : "";
}

// XMP says it where the older way does not.
std::string find_title(QPDF& pdf) {
  auto title = text_at(pdf.getTrailer().getKey("/Info"), "/Title");
  if (!title.empty()) return title;
  auto metadata = pdf.getRoot().getKey("/Metadata");
  if (!metadata.isStream()) return "";
  const auto bytes = metadata.getStreamData();
  return find_element_text(
      std::string(reinterpret_cast<const char*>(bytes->getBuffer()), bytes->getSize()), "title");
}

domain::FileFacts read_structure(const Subject& subject) {
  domain::FileFacts facts;
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processFile(subject.path.c_str());
  for (auto& object : pdf.getAllObjects()) check_object(object, 0);
  check_object(pdf.getTrailer(), 0);
  facts.title = find_title(pdf);
  auto root = pdf.getRoot();
  facts.language = text_at(root, "/Lang");
  auto mark = root.getKey("/MarkInfo");
  auto marked = mark.isDictionary() ? mark.getKey("/Marked") : mark;
  facts.is_tagged =
      marked.isBool() && marked.getBoolValue() && root.getKey("/StructTreeRoot").isDictionary();
  return facts;
}

std::unique_ptr<poppler::document> open_document(const Subject& subject) {
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  std::unique_ptr<poppler::document> document(poppler::document::load_from_file(subject.path));
  if (document && document->is_locked()) refuse(FileRefusal::encrypted);
  if (!document || document->pages() < 1) refuse(FileRefusal::damaged);
  return document;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

struct PageTexts {
  std::string text;
  bool has_text = false;
};

PageTexts read_pages(poppler::document& document) {
  // Fewer on average is what stamps and page numbers of scans make.
  constexpr std::ptrdiff_t kLettersOfPage = 5;
  PageTexts texts;
  const int most = std::min(document.pages(), kMostReadPages);
  int read = 0;
  for (; read < most && texts.text.size() < kMostExtractedText; ++read) {
    if (static_cast<double>(std::clock()) / CLOCKS_PER_SEC > kReadingSeconds) break;
    const std::unique_ptr<poppler::page> page(document.create_page(read));
    if (!page) continue;
    const auto bytes = page->text().to_utf8();
    texts.text.append(bytes.begin(), bytes.end()).append("\n");
  }
  const auto letters = std::count_if(texts.text.begin(), texts.text.end(), is_letter);
  texts.has_text = letters >= kLettersOfPage * std::max(read, 1);
  return texts;
}

std::vector<AccessibilityFault> find_faults(const domain::FileFacts& facts) {
  std::vector<AccessibilityFault> faults;
  if (!facts.is_tagged) faults.push_back(AccessibilityFault::no_tags);
  if (facts.title.empty()) faults.push_back(AccessibilityFault::no_title);
  if (facts.language.empty()) faults.push_back(AccessibilityFault::no_language);
  if (!facts.has_text) faults.push_back(AccessibilityFault::no_text);
  return faults;
}

}  // namespace

Findings examine_pdf(const Subject& subject, const domain::FileType& type) {
  Findings findings;
  try {
    findings.facts = read_structure(subject);
  } catch (const QPDFExc& error) {
    refuse(error.getErrorCode() == qpdf_e_password ? FileRefusal::encrypted : FileRefusal::damaged);
  } catch (const std::bad_alloc&) {
    refuse(FileRefusal::bomb);
  } catch (const std::exception&) {
    refuse(FileRefusal::damaged);
  }
  const auto document = open_document(subject);
  auto texts = read_pages(*document);
  findings.text = std::move(texts.text);
  findings.facts.has_text = texts.has_text;
  findings.facts.pages = document->pages();
  findings.facts.media_type = type.media_type;
  findings.facts.faults = find_faults(findings.facts);
  return findings;
}

gdImagePtr draw_first_page(const Subject& subject, int width) {
  constexpr double kPointsOfInch = 72;
  constexpr double kMostHeight = 3;  // of the width
  const auto document = open_document(subject);
  const std::unique_ptr<poppler::page> page(document->create_page(0));
  if (!page) return nullptr;
  const auto box = page->page_rect();
  if (!(box.width() > 0) || !(box.height() > 0) || box.height() > kMostHeight * box.width())
    return nullptr;
  const double resolution = kPointsOfInch * width / box.width();
  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_argb32);
  renderer.set_render_hint(poppler::page_renderer::antialiasing, true);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing, true);
  const auto drawn = renderer.render_page(page.get(), resolution, resolution);
  if (!drawn.is_valid()) return nullptr;
  gdImagePtr picture = gdImageCreateTrueColor(drawn.width(), drawn.height());
  if (picture == nullptr) return nullptr;
  for (int y = 0; y < drawn.height(); ++y) {
    const auto* const row = reinterpret_cast<const std::uint32_t*>(
        drawn.const_data() + static_cast<std::ptrdiff_t>(y) * drawn.bytes_per_row());
    for (int x = 0; x < drawn.width(); ++x)
      gdImageSetPixel(picture, x, y, static_cast<int>(row[x] & 0xFFFFFFU));
  }
  return picture;
}

}  // namespace narada::files::inspection
