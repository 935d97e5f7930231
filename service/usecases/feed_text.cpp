#include "service/usecases/feed_text.h"

#include <string>
#include <string_view>
#include <utility>

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

CalendarFeed with_content_tag(std::string text) {
  CalendarFeed feed;
  feed.etag = '"' + hexadecimal(hash_token(text)).substr(0, 32) + '"';
  feed.text = std::move(text);
  return feed;
}

CalendarFeed write_calendar_feed(const calendar::Feed& feed) {
  return with_content_tag(calendar::write_feed(feed));
}

}  // namespace narada::usecases
