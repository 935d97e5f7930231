#include "service/usecases/files/text_encoding.h"

#include <unicode/ucnv.h>

#include <limits>
#include <memory>

namespace narada::usecases {
namespace {

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

// U+0080 to U+009F in UTF-8: what converters make of octets that a Windows code page leaves open.
bool has_c1_control(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] == '\xC2' && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
  }
  return false;
}

// Absent for octets that mean nothing in the code page.
std::optional<std::string> convert(std::string_view bytes, const char* code_page) {
  UErrorCode error = U_ZERO_ERROR;
  const Converter from(ucnv_open(code_page, &error), &ucnv_close);
  const Converter to(ucnv_open("UTF-8", &error), &ucnv_close);
  if (U_FAILURE(error)) return std::nullopt;
  ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  std::string text(bytes.size() * 3 + 1, '\0');
  const char* source = bytes.data();
  char* target = text.data();
  ucnv_convertEx(to.get(), from.get(), &target, text.data() + text.size(), &source,
                 source + bytes.size(), nullptr, nullptr, nullptr, nullptr, true, true, &error);
  if (U_FAILURE(error)) return std::nullopt;
  text.resize(static_cast<std::size_t>(target - text.data()));
  return text;
}

}  // namespace

std::optional<std::string> find_utf8(std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<std::int32_t>::max() / 4) return std::nullopt;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  // Other encodings of Unicode begin with a mark of theirs.
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return std::nullopt;
  if (auto text = convert(bytes, "UTF-8")) return text;
  auto text = convert(bytes, "windows-1250");
  if (text && has_c1_control(*text)) return std::nullopt;
  return text;
}

}  // namespace narada::usecases
