#include <array>
#include <string_view>

#include "notifications/mime.h"
#include "notifications/mime_handle.h"

namespace narada::notifications {
namespace {

bool is_token_character(char character) {
  return g_ascii_isalnum(character) || character == '-' || character == '_';
}

// The folders whose pages are opened by a token alone.
constexpr std::array<std::string_view, 5> kFolders{"z", "wejscie", "zgoda", "ankieta", "wypisz"};
// What stands before the key of an invitee, in the query of a page.
constexpr std::array<std::string_view, 2> kParameters{"zaproszenie=", "zaproszenie%3D"};

// The length of "/z/", of another folder or of a parameter at `index`, percent-encoded ("%2Fz%2F",
// as inside another address) or not; 0 when none is there.
std::size_t marker_length(std::string_view text, std::size_t index) {
  for (const auto parameter : kParameters) {
    if (text.substr(index).starts_with(parameter)) return parameter.size();
  }
  const std::size_t first = index;
  const auto skip_slash = [&] {
    if (text.substr(index, 1) == "/") {
      index += 1;
    } else if (text.substr(index, 3) == "%2F" || text.substr(index, 3) == "%2f") {
      index += 3;
    } else {
      return false;
    }
    return true;
  };
  if (!skip_slash()) return 0;
  for (const auto folder : kFolders) {
    if (!text.substr(index).starts_with(folder)) continue;
    const std::size_t name = index;
    index += folder.size();
    if (skip_slash()) return index - first;
    index = name;  // "z" also begins "zgoda"
  }
  return 0;
}

// Every message is masked once it has been sent: from one place where a marker may begin to the
// next.
std::string masked(std::string_view text) {
  constexpr std::string_view kFirstOfMarkers = "/%z";
  std::string result;
  result.reserve(text.size());
  std::size_t copied = 0;
  for (std::size_t index = text.find_first_of(kFirstOfMarkers); index < text.size();
       index = text.find_first_of(kFirstOfMarkers, index)) {
    const std::size_t marker = marker_length(text, index);
    if (marker == 0) {
      ++index;
      continue;
    }
    index += marker;
    result += text.substr(copied, index - copied);
    if (index < text.size() && is_token_character(text[index])) result += "***";
    while (index < text.size() && is_token_character(text[index])) ++index;
    copied = index;
  }
  return result += text.substr(copied);
}

// RFC 5545 3.1: a fold may divide a token. The copy stays unfolded.
std::string unfolded(std::string_view text) {
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const bool is_fold = text[index] == '\n' && index + 1 < text.size() &&
                         (text[index + 1] == ' ' || text[index + 1] == '\t');
    if (!is_fold) {
      result += text[index];
      continue;
    }
    if (result.ends_with('\r')) result.pop_back();
    ++index;
  }
  return result;
}

std::string decoded_content(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const GObjectHandle<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, stream.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return std::string(reinterpret_cast<const char*>(bytes->data), bytes->len);
}

void mask_part(GMimeObject*, GMimeObject* object, gpointer) {
  if (!GMIME_IS_PART(object)) return;
  auto* part = GMIME_PART(object);
  const std::string content = decoded_content(part);
  const GMimeContentType* type = g_mime_object_get_content_type(object);
  const bool is_calendar =
      g_mime_content_type_is_type(const_cast<GMimeContentType*>(type), "text", "calendar");
  const std::string shown = masked(is_calendar ? unfolded(content) : content);
  if (shown != content) set_content(part, shown, g_mime_part_get_content_encoding(part));
}

}  // namespace

std::string mask_manage_tokens(const std::string& raw) {
  initialize_gmime();
  const GObjectHandle<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(raw.data(), raw.size()));
  const GObjectHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const GObjectHandle<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return {};
  g_mime_message_foreach(message.get(), mask_part, nullptr);
  // Once more over the whole, for headers and the text around the parts.
  return masked(to_bytes(GMIME_OBJECT(message.get())));
}

}  // namespace narada::notifications
