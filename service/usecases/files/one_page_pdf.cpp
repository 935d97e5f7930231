#include "service/usecases/files/one_page_pdf.h"

#include <cairo/cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

// Its shared_ptr, not its own older pointer.
#define POINTERHOLDER_TRANSITION 4
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

namespace narada::usecases {
namespace {

// Points, 1/72 inch.
constexpr double kPageWidth = 595.276;
constexpr double kPageHeight = 841.89;
constexpr double kMargin = 62;
constexpr double kLabelWidth = 130;
constexpr double kGap = 9;  // between paragraphs of the usual size
constexpr double kSmallest = 0.5;
constexpr double kStep = 0.9;

constexpr const char* kText = "Lato 11";
constexpr const char* kSmall = "Lato 9";
constexpr const char* kBold = "Lato Bold 11";
constexpr const char* kTitle = "Lato Bold 18";

template <auto free>
struct Release {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Release<cairo_surface_destroy>>;
using Drawing = std::unique_ptr<cairo_t, Release<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Release<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Release<pango_font_description_free>>;

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned int count) noexcept {
  try {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), count);
    return CAIRO_STATUS_SUCCESS;
  } catch (...) {
    return CAIRO_STATUS_WRITE_ERROR;
  }
}

// Draws from the top down, everything `scale` times its usual size.
class Sheet {
 public:
  enum class Ink { drawn, measured };

  Sheet(cairo_t* cairo, double scale, Ink ink) : cairo_(cairo), scale_(scale), ink_(ink) {}

  void draw(const OnePage& page) {
    for (const auto& line : page.letterhead) add("P", kSmall, line, 2);
    top_ += 30 * scale_;
    add("H1", kTitle, page.title, 16);
    for (const auto& paragraph : page.paragraphs) add("P", kText, paragraph, kGap);
    top_ += kGap * scale_;
    for (const auto& [label, value] : page.facts) add_fact(label, value);
    top_ += kGap * scale_;
    for (const auto& paragraph : page.closing) add("P", kText, paragraph, kGap);
    top_ += 2 * kGap * scale_;
    if (!page.foot.empty()) add("P", kSmall, page.foot, 0);
  }
  double bottom() const { return top_; }

 private:
  double put(const char* font, const std::string& text, double left, double width) {
    const Layout layout(pango_cairo_create_layout(cairo_));
    const Font description(pango_font_description_from_string(font));
    // The layout is in points; Pango's own sizes are of 96 dots per inch.
    const double size = pango_font_description_get_size(description.get()) * scale_;
    pango_font_description_set_absolute_size(description.get(), size);
    pango_layout_set_font_description(layout.get(), description.get());
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    if (ink_ == Ink::drawn) {
      cairo_move_to(cairo_, left, top_);
      pango_cairo_show_layout(cairo_, layout.get());
    }
    return static_cast<double>(height) / PANGO_SCALE;
  }

  void add(const char* tag, const char* font, const std::string& text, double gap) {
    if (text.empty()) return;
    begin(tag);
    top_ += put(font, text, kMargin, kPageWidth - 2 * kMargin);
    end(tag);
    top_ += gap * scale_;
  }

  void add_fact(const std::string& label, const std::string& value) {
    if (value.empty()) return;
    begin("P");
    const double label_height = put(kBold, label, kMargin, kLabelWidth - kGap);
    end("P");
    begin("P");
    const double value_height =
        put(kText, value, kMargin + kLabelWidth, kPageWidth - 2 * kMargin - kLabelWidth);
    end("P");
    top_ += std::max(label_height, value_height) + 0.6 * kGap * scale_;
  }

  void begin(const char* tag) {
    if (ink_ == Ink::drawn) cairo_tag_begin(cairo_, tag, nullptr);
  }
  void end(const char* tag) {
    if (ink_ == Ink::drawn) cairo_tag_end(cairo_, tag);
  }

  cairo_t* cairo_;
  double scale_;
  Ink ink_;
  double top_ = kMargin;
};

double fitting_scale(cairo_t* cairo, const OnePage& page) {
  double scale = 1;
  while (scale > kSmallest) {
    Sheet sheet(cairo, scale, Sheet::Ink::measured);
    sheet.draw(page);
    if (sheet.bottom() <= kPageHeight - kMargin) break;
    scale *= kStep;
  }
  return scale;
}

std::string draw(const OnePage& page) {
  std::string bytes;
  const Surface surface(
      cairo_pdf_surface_create_for_stream(append, &bytes, kPageWidth, kPageHeight));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, page.title.c_str());
  const Drawing cairo(cairo_create(surface.get()));
  Sheet sheet(cairo.get(), fitting_scale(cairo.get(), page), Sheet::Ink::drawn);
  cairo_tag_begin(cairo.get(), "Document", nullptr);
  sheet.draw(page);
  cairo_tag_end(cairo.get(), "Document");
  cairo_show_page(cairo.get());
  cairo_surface_finish(surface.get());
  const auto status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) throw std::runtime_error(cairo_status_to_string(status));
  return bytes;
}

// What cairo 1.16 has no call for: the language, that the document is tagged throughout, and that a
// reader shows its title instead of the file's name (PDF/UA, ISO 14289-1, 7.1 and 7.2).
std::string complete(const std::string& bytes, domain::Language language) {
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processMemoryFile("page.pdf", bytes.data(), bytes.size());
  auto root = pdf.getRoot();
  root.replaceKey("/Lang", QPDFObjectHandle::newUnicodeString(
                               language == domain::Language::en ? "en-GB" : "pl-PL"));
  root.replaceKey("/MarkInfo", QPDFObjectHandle::parse("<< /Marked true >>"));
  root.replaceKey("/ViewerPreferences", QPDFObjectHandle::parse("<< /DisplayDocTitle true >>"));
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.write();
  const auto written = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(written->getBuffer()), written->getSize()};
}

}  // namespace

std::string write_one_page_pdf(const OnePage& page) { return complete(draw(page), page.language); }

}  // namespace narada::usecases
