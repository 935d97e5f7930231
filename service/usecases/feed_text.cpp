#include "service/usecases/feed_text.h"

#include <string>
#include <string_view>

#include "service/usecases/environment.h"

namespace narada::usecases {
namespace {

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xF];
  }
  return text;
}

}  // namespace

CalendarFeed write_calendar_feed(const calendar::Feed& feed) {
  CalendarFeed written;
  written.text = calendar::write_feed(feed);
  written.etag = '"' + hexadecimal(hash_token(written.text)).substr(0, 32) + '"';
  return written;
}

}  // namespace narada::usecases
