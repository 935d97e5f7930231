#include "notifications/readable_text.h"

#include "notifications/mime_handle.h"

namespace narada::notifications {
namespace {

struct Found {
  std::string text;
  bool found = false;
};

void take_text(GMimeObject*, GMimeObject* object, gpointer data) {
  auto* result = static_cast<Found*>(data);
  if (result->found || !GMIME_IS_TEXT_PART(object)) return;
  auto* type = g_mime_object_get_content_type(object);
  if (!g_mime_content_type_is_type(type, "text", "plain")) return;
  char* text = g_mime_text_part_get_text(GMIME_TEXT_PART(object));
  if (text == nullptr) return;
  result->text = text;
  result->found = true;
  g_free(text);
}

}  // namespace

std::string readable_text(const std::string& raw) {
  initialize_gmime();
  const GObjectHandle<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(raw.data(), raw.size()));
  const GObjectHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const GObjectHandle<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return {};
  Found result;
  g_mime_message_foreach(message.get(), take_text, &result);
  std::string text;
  for (const char c : result.text) {
    if (c != '\r') text += c;
  }
  return text;
}

}  // namespace narada::notifications
