#include <magic.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "service/usecases/registrations/answers.h"

namespace narada::usecases {
namespace {

constexpr std::string_view kPdf = "application/pdf";
constexpr std::string_view kDocx =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::string_view kOdt = "application/vnd.oasis.opendocument.text";
constexpr std::array<std::string_view, 5> kTaken{kPdf, "image/png", "image/jpeg", kDocx, kOdt};

struct CloseMagic {
  void operator()(magic_set* magic) const { magic_close(magic); }
};

std::string type_by_magic(const std::string& content) {
  const std::unique_ptr<magic_set, CloseMagic> magic(magic_open(MAGIC_MIME_TYPE));
  if (!magic || magic_load(magic.get(), nullptr) != 0) {
    throw std::runtime_error("the database of file kinds cannot be read");
  }
  const char* type = magic_buffer(magic.get(), content.data(), content.size());
  return type ? type : "";
}

struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

// The order of a document's parts is free, and libmagic looks at the first ones only.
bool has_word_part(const std::string& content) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(content.data(), content.size(), 0, &error);
  const std::unique_ptr<zip_t, DiscardZip> archive(
      source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
  if (source && !archive) zip_source_free(source);
  zip_error_fini(&error);
  return archive && zip_name_locate(archive.get(), "word/document.xml", 0) >= 0 &&
         zip_name_locate(archive.get(), "[Content_Types].xml", 0) >= 0;
}

}  // namespace

std::optional<std::string> find_media_type(const std::string& content) {
  std::string type = type_by_magic(content);
  if (type == "application/zip" && has_word_part(content)) type = kDocx;
  if (std::find(kTaken.begin(), kTaken.end(), type) == kTaken.end()) return std::nullopt;
  return type;
}

}  // namespace narada::usecases
