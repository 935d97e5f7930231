#include "notifications/mime.h"

#include <algorithm>
#include <mutex>

#include "notifications/mime_handle.h"

namespace narada::notifications {
namespace {

using GObjectPart = GObjectHandle<GMimePart>;
using GObjectMultipart = GObjectHandle<GMimeMultipart>;

struct FormatOptionsDeleter {
  void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};

// RFC 2046 4.1.1: text has CRLF before it is encoded.
std::string with_crlf(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 32);
  for (const char character : text) {
    if (character == '\r') continue;
    if (character == '\n') result += '\r';
    result += character;
  }
  return result;
}

GObjectPart text_part(const char* subtype, std::string_view text, GMimeContentEncoding encoding) {
  GObjectPart part(g_mime_part_new_with_type("text", subtype));
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
  set_content(part.get(), with_crlf(text), encoding);
  return part;
}

// The object that a calendar program acts on. Base64, because a mail server that re-wraps lines
// would break the folding of RFC 5545.
GObjectPart calendar_part(const CalendarPart& calendar) {
  GObjectPart part = text_part("calendar", calendar.text, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "method",
                                           calendar.method.c_str());
  g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "component", "VEVENT");
  return part;
}

// The same object for people whose mail program shows attachments only. Without method=, so that no
// program processes it twice.
GObjectPart attachment_part(const CalendarPart& calendar) {
  GObjectPart part = text_part("calendar", calendar.text, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_object_set_disposition(GMIME_OBJECT(part.get()), "attachment");
  g_mime_part_set_filename(part.get(), "invite.ics");
  return part;
}

// GMime would draw the boundary at random. "=_" cannot occur in quoted-printable or base64, so that
// no content can contain it; the id's letters and digits make it one for each message.
GObjectMultipart multipart(const char* subtype, const std::string& message_id) {
  GObjectMultipart result(g_mime_multipart_new_with_subtype(subtype));
  std::string boundary = std::string("=_") + subtype + "_";
  constexpr std::size_t kLongestBoundary = 60;  // RFC 2046 5.1.1 allows 70
  for (const char character : message_id) {
    if (g_ascii_isalnum(character) && boundary.size() < kLongestBoundary) boundary += character;
  }
  g_mime_multipart_set_boundary(result.get(), boundary.c_str());
  return result;
}

template <class Part>
void add(const GObjectMultipart& multipart, const Part& part) {
  g_mime_multipart_add(multipart.get(), GMIME_OBJECT(part.get()));
}

GObjectMultipart body_of(const MimeMessage& message) {
  constexpr auto kQuotedPrintable = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
  GObjectMultipart alternative = multipart("alternative", message.message_id);
  add(alternative, text_part("plain", message.text, kQuotedPrintable));
  add(alternative, text_part("html", message.html, kQuotedPrintable));
  if (!message.calendar) return alternative;
  add(alternative, calendar_part(*message.calendar));
  GObjectMultipart mixed = multipart("mixed", message.message_id);
  add(mixed, alternative);
  add(mixed, attachment_part(*message.calendar));
  return mixed;
}

// One line: GMime folds a header at its line breaks.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }, ' ');
  return text;
}

void add_mailbox(GMimeMessage* message, GMimeAddressType type, const Mailbox& mailbox) {
  InternetAddressList* list = g_mime_message_get_addresses(message, type);
  const std::string name = one_line(mailbox.name);
  const GObjectHandle<InternetAddress> address(
      internet_address_mailbox_new(name.empty() ? nullptr : name.c_str(), mailbox.address.c_str()));
  internet_address_set_charset(address.get(), "utf-8");  // GMime would take iso-8859-2 for Polish
  internet_address_list_add(list, address.get());
}

void set_header(GMimeMessage* message, const char* name, const std::string& value) {
  g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), "utf-8");
}

// "<https://…>" as it is: GMime would encode a long one as words, which no program takes for an
// address. Anything but the characters of a URL is left out (RFC 3986).
void set_address_header(GMimeMessage* message, const char* name, const std::string& url) {
  std::string value = " <";
  std::copy_if(url.begin(), url.end(), std::back_inserter(value),
               [](char c) { return c > 0x20 && c < 0x7f && c != '<' && c != '>' && c != '"'; });
  value += ">\n";
  set_header(message, name, "");
  GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
  g_mime_header_set_raw_value(g_mime_header_list_get_header(headers, name), value.c_str());
}

// List-Unsubscribe (RFC 2369, RFC 8058) is for mail that people can do without. Mail programs offer
// the header as a button beside the message: under one that answers the recipient's own
// registration, pressed in passing, it would take a seat away, or, if it stopped the mails only,
// let somebody travel to a meeting that was moved. Such a mail's way out is the link in its body,
// which opens a page that asks.
void set_headers(GMimeMessage* message, const MimeMessage& content) {
  add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, content.from);
  Mailbox reply_to = content.from;
  if (!content.reply_to.empty()) reply_to.address = content.reply_to;
  add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, reply_to);
  add_mailbox(message, GMIME_ADDRESS_TYPE_TO, content.to);
  g_mime_message_set_subject(message, one_line(content.subject).c_str(), "utf-8");
  GDateTime* date = g_date_time_new_from_unix_utc(content.date.time_since_epoch().count());
  g_mime_message_set_date(message, date);
  g_date_time_unref(date);
  g_mime_message_set_message_id(message, content.message_id.c_str());
  set_header(message, "Auto-Submitted", "auto-generated");  // RFC 3834: no vacation replies
  set_header(message, "Content-Language", content.language);
  if (content.unsubscribe_url.empty()) return;
  set_address_header(message, "List-Unsubscribe", content.unsubscribe_url);
  set_header(message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

}  // namespace

void initialize_gmime() {
  static std::once_flag once;
  std::call_once(once, g_mime_init);
}

std::string to_bytes(GMimeObject* object) {
  const std::unique_ptr<GMimeFormatOptions, FormatOptionsDeleter> options(
      g_mime_format_options_new());
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  g_mime_format_options_set_param_encoding_method(options.get(),
                                                  GMIME_PARAM_ENCODING_METHOD_RFC2231);
  const GObjectHandle<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_object_write_to_stream(object, options.get(), stream.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return std::string(reinterpret_cast<const char*>(bytes->data), bytes->len);
}

void set_content(GMimePart* part, std::string_view content, GMimeContentEncoding encoding) {
  const GObjectHandle<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(content.data(), content.size()));
  const GObjectHandle<GMimeDataWrapper> wrapper(
      g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content(part, wrapper.get());
  g_mime_part_set_content_encoding(part, encoding);
}

std::string write_message(const MimeMessage& content) {
  initialize_gmime();
  const GObjectHandle<GMimeMessage> message(g_mime_message_new(/*pretty_headers=*/TRUE));
  set_headers(message.get(), content);
  const GObjectMultipart body = body_of(content);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(body.get()));
  return to_bytes(GMIME_OBJECT(message.get()));
}

}  // namespace narada::notifications
