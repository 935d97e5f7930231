#pragma once

#include <cstdint>
#include <string>
#include <vector>

// Files as people and attackers make them, without a program that would have to be there.
namespace narada::testing {

struct ZipEntry {
  std::string name;
  std::string bytes;
  bool deflated = false;
  bool encrypted = false;                // says so
  std::uint32_t mode = 0100644;          // of UNIX
  std::uint64_t announced = UINT64_MAX;  // its size in the directory; the maximum: the true one
};
std::string make_zip(const std::vector<ZipEntry>& entries);

std::string make_docx(const std::string& text, const std::vector<ZipEntry>& more = {});
std::string make_xlsx();
std::string make_odt(const std::string& text, const std::vector<ZipEntry>& more = {});

struct PdfWish {
  std::string title, language;
  bool tagged = false;
  std::string text = "Uchwala o planie ogolnym gminy, tekst do przeczytania i przeszukania.";
  std::string catalog;               // more entries of the root: "/OpenAction << … >>"
  std::vector<std::string> objects;  // more, from number 6 on
  int pages = 1;
};
std::string make_pdf(const PdfWish& wish = {});

// A compound file with streams of these names; `first_sector` is what its first one begins with.
std::string make_compound_file(const std::vector<std::string>& streams,
                               const std::string& first_sector = "");

std::string make_png(int width, int height);
std::string make_gif(int width, int height);
std::string make_webp(int width, int height);
// Left half red, right half blue, as stored.
std::string make_jpeg(int width, int height);
// After its beginning, EXIF with that orientation and a place.
std::string with_place(const std::string& jpeg, int orientation);

}  // namespace narada::testing
