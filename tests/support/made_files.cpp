#include "tests/support/made_files.h"

#include <gd.h>
#include <zlib.h>

#include <stdexcept>

namespace narada::testing {
namespace {

std::string little(std::uint64_t value, unsigned octets) {
  std::string text;
  for (unsigned index = 0; index < octets; ++index)
    text += static_cast<char>(value >> (8 * index) & 0xFFU);
  return text;
}

std::string deflate_raw(const std::string& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflate");
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// What the local header and the directory have in common (APPNOTE 4.3.7, 4.3.12).
std::string zip_fields(const ZipEntry& entry, std::size_t packed, std::uint64_t size) {
  constexpr unsigned kUtf8 = 0x0800U;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(entry.bytes.data()),
                         static_cast<uInt>(entry.bytes.size()));
  return little(20, 2) + little(kUtf8 | (entry.encrypted ? 1U : 0U), 2) +
         little(entry.deflated ? 8 : 0, 2) + little(0, 4) + little(crc, 4) + little(packed, 4) +
         little(size, 4) + little(entry.name.size(), 2) + little(0, 2);
}

std::string take_bytes(void* bytes, int size) {
  std::string text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  gdFree(bytes);
  return text;
}

gdImagePtr two_halves(int width, int height) {
  gdImagePtr picture = gdImageCreateTrueColor(width, height);
  gdImageFilledRectangle(picture, 0, 0, width / 2 - 1, height, 0xFF0000);
  gdImageFilledRectangle(picture, width / 2, 0, width, height, 0x0000FF);
  return picture;
}

template <class Encode>
std::string encode(int width, int height, const Encode& encode_picture) {
  gdImagePtr picture = two_halves(width, height);
  int size = 0;
  void* const bytes = encode_picture(picture, &size);
  gdImageDestroy(picture);
  return take_bytes(bytes, size);
}

}  // namespace

std::string make_zip(const std::vector<ZipEntry>& entries) {
  std::string archive, directory;
  for (const auto& entry : entries) {
    const auto packed = entry.deflated ? deflate_raw(entry.bytes) : entry.bytes;
    const auto size = entry.announced == UINT64_MAX ? entry.bytes.size() : entry.announced;
    const auto fields = zip_fields(entry, packed.size(), size);
    constexpr unsigned kUnix = 3;
    directory += "PK\x01\x02" + little(20, 1) + little(kUnix, 1) + fields + little(0, 2) +
                 little(0, 2) + little(0, 2) + little(std::uint64_t{entry.mode} << 16U, 4) +
                 little(archive.size(), 4) + entry.name;
    archive += "PK\x03\x04" + fields + entry.name + packed;
  }
  return archive + directory + "PK\x05\x06" + little(0, 4) + little(entries.size(), 2) +
         little(entries.size(), 2) + little(directory.size(), 4) + little(archive.size(), 4) +
         little(0, 2);
}

std::string make_docx(const std::string& text, const std::vector<ZipEntry>& more) {
  const std::string kMain =
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
  std::vector<ZipEntry> entries = {
      {"[Content_Types].xml",
       "<?xml version=\"1.0\"?><Types "
       "xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
       "PartName=\"/word/document.xml\" ContentType=\"" +
           kMain + "\"/></Types>"},
      {"_rels/.rels", "<Relationships/>"},
      {"docProps/core.xml",
       "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:title>Projekt uchwa\u0142y</dc:title>"
       "<dc:language>pl-PL</dc:language></cp:coreProperties>"},
      {"docProps/app.xml", "<Properties><Pages>3</Pages></Properties>"},
      {"word/document.xml",
       "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>" + text +
           "</w:t></w:r></w:p><w:p><w:r><w:t>Drugi akapit</w:t></w:r></w:p></w:body></w:document>",
       true}};
  entries.insert(entries.end(), more.begin(), more.end());
  return make_zip(entries);
}

std::string make_xlsx() {
  return make_zip(
      {{"[Content_Types].xml",
        "<Types><Override PartName=\"/xl/workbook.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\""
        "/></Types>"},
       {"xl/workbook.xml", "<workbook/>"},
       {"xl/sharedStrings.xml", "<sst><si><t>Gmina</t></si><si><t>Kwota</t></si></sst>"}});
}

std::string make_odt(const std::string& text, const std::vector<ZipEntry>& more) {
  std::vector<ZipEntry> entries = {
      {"mimetype", "application/vnd.oasis.opendocument.text"},
      {"META-INF/manifest.xml", "<manifest:manifest xmlns:manifest=\"m\"/>"},
      {"meta.xml",
       "<office:document-meta xmlns:office=\"o\" xmlns:dc=\"d\" xmlns:meta=\"m\"><office:meta>"
       "<dc:title>Poradnik</dc:title><dc:language>pl-PL</dc:language>"
       "<meta:document-statistic meta:page-count=\"7\"/></office:meta></office:document-meta>"},
      {"content.xml", "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><text:p>" +
                          text + "</text:p></office:document-content>"}};
  entries.insert(entries.end(), more.begin(), more.end());
  return make_zip(entries);
}

std::string make_pdf(const PdfWish& wish) {
  std::string kids;
  std::vector<std::string> objects(5);
  const auto first_page = 6 + wish.objects.size();
  for (int page = 0; page < wish.pages; ++page)
    kids += std::to_string(first_page + static_cast<std::size_t>(page)) + " 0 R ";
  const std::string content =
      wish.text.empty() ? "" : "BT /F1 14 Tf 40 700 Td (" + wish.text + ") Tj ET";
  objects[0] = "<< /Type /Catalog /Pages 2 0 R " +
               (wish.language.empty() ? "" : "/Lang (" + wish.language + ") ") +
               (wish.tagged ? "/MarkInfo << /Marked true >> /StructTreeRoot << /Type "
                              "/StructTreeRoot >> "
                            : "") +
               wish.catalog + " >>";
  objects[1] = "<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string(wish.pages) + " >>";
  objects[2] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
  objects[3] =
      "<< /Length " + std::to_string(content.size()) + " >>\nstream\n" + content + "\nendstream";
  objects[4] = "<< " + (wish.title.empty() ? "" : "/Title (" + wish.title + ")") + " >>";
  objects.insert(objects.end(), wish.objects.begin(), wish.objects.end());
  for (int page = 0; page < wish.pages; ++page)
    objects.emplace_back(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font "
        "<< /F1 3 0 R >> >> >>");
  std::string pdf = "%PDF-1.7\n";
  std::string table = "0000000000 65535 f \n";
  for (std::size_t index = 0; index < objects.size(); ++index) {
    auto offset = std::to_string(pdf.size());
    table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
    pdf += std::to_string(index + 1) + " 0 obj\n" + objects[index] + "\nendobj\n";
  }
  const auto start = std::to_string(pdf.size());
  const auto count = std::to_string(objects.size() + 1);
  return pdf + "xref\n0 " + count + "\n" + table + "trailer\n<< /Size " + count +
         " /Root 1 0 R /Info 5 0 R >>\nstartxref\n" + start + "\n%%EOF\n";
}

std::string make_compound_file(const std::vector<std::string>& streams,
                               const std::string& first_sector) {
  std::string file("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  file.resize(512, '\0');
  for (const auto& name : streams) {
    std::string entry;
    for (const char c : name) entry += std::string(1, c) + '\0';
    const auto length = entry.size() + 2;
    entry.resize(64, '\0');
    entry += little(length, 2) + little(2, 1);
    entry.resize(128, '\0');
    file += entry;
  }
  file.resize((file.size() + 511) / 512 * 512, '\0');
  file += first_sector;
  file.resize((file.size() + 4095) / 512 * 512, '\0');
  return file;
}

std::string make_png(int width, int height) {
  return encode(width, height, [](gdImagePtr p, int* size) { return gdImagePngPtr(p, size); });
}
std::string make_gif(int width, int height) {
  return encode(width, height, [](gdImagePtr p, int* size) { return gdImageGifPtr(p, size); });
}
std::string make_webp(int width, int height) {
  return encode(width, height, [](gdImagePtr p, int* size) { return gdImageWebpPtr(p, size); });
}
std::string make_jpeg(int width, int height) {
  return encode(width, height, [](gdImagePtr p, int* size) { return gdImageJpegPtr(p, size, 90); });
}

std::string with_place(const std::string& jpeg, int orientation) {
  // Little-endian TIFF: orientation, and a pointer to GPS with the letter N.
  const std::string tiff = std::string("II\x2A\0", 4) + little(8, 4) + little(2, 2) +
                           little(0x0112, 2) + little(3, 2) + little(1, 4) +
                           little(static_cast<std::uint64_t>(orientation), 4) + little(0x8825, 2) +
                           little(4, 2) + little(1, 4) + little(38, 4) + little(0, 4) +
                           little(1, 2) + little(1, 2) + little(2, 2) + little(2, 4) +
                           std::string("N\0\0\0", 4) + little(0, 4) + "GPS-50.2649N-19.0238E";
  const std::string part = std::string("Exif\0\0", 6) + tiff;
  const auto length = part.size() + 2;
  return jpeg.substr(0, 2) + "\xFF\xE1" + static_cast<char>(length >> 8U) +
         static_cast<char>(length & 0xFFU) + part + jpeg.substr(2);
}

}  // namespace narada::testing
