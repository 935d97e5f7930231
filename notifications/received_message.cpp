#include "notifications/received_message.h"

#include <algorithm>
#include <cctype>

#include "notifications/mime_handle.h"
#include "notifications/received_parts.h"
#include "notifications/text_of_html.h"
#include "service/domain/text_within.h"

namespace narada::notifications {
namespace {

constexpr int kDeepest = 12;
constexpr int kMostParts = 200;
constexpr int kMostContainers = 100;          // named in the whole message
constexpr std::size_t kLongestBody = 20'000;  // octets of the text that is kept
constexpr std::size_t kLongestLine = 500;     // octets of a header's text
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kMostRecipients = 200;

// How often the message names a part that holds others, whatever that is inside of.
int count_containers(std::string_view raw) {
  const auto found = [](const char a, const char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  };
  int count = 0;
  for (const std::string_view word : {"multipart/", "message/"}) {
    for (auto at = raw.begin(); count <= kMostContainers; ++count) {
      at = std::search(at, raw.end(), word.begin(), word.end(), found);
      if (at == raw.end()) break;
      at += static_cast<std::ptrdiff_t>(word.size());
    }
  }
  return count;
}

std::string_view header_of(std::string_view raw) {
  const auto crlf = raw.find("\r\n\r\n");
  const auto lf = raw.find("\n\n");
  return raw.substr(0, std::min({crlf, lf, raw.size(), std::size_t{64 * 1024}}));
}

// One reading of one message.
class Reading {
 public:
  ReceivedMessage take(GMimeMessage* message) {
    read_envelope(message);
    read_addresses(message);
    walk(g_mime_message_get_mime_part(message), 0);
    std::string text = plain_.empty() ? text_of_html(html_) : plain_;
    result_.text =
        domain::text_within(without_quotation(clean_text(std::move(text))), kLongestBody);
    if (result_.reports.empty())
      read_words(g_mime_object_get_header(GMIME_OBJECT(message), "X-Failed-Recipients"));
    return std::move(result_);
  }

 private:
  static std::string header(GMimeMessage* message, const char* name) {
    const char* value = g_mime_object_get_header(GMIME_OBJECT(message), name);
    return value ? domain::text_within(clean_line(value), kLongestLine) : std::string();
  }

  void read_envelope(GMimeMessage* message) {
    if (const char* id = g_mime_message_get_message_id(message))
      result_.message_id = domain::text_within(clean_line(id), kLongestLine);
    if (const char* subject = g_mime_message_get_subject(message))
      result_.subject = domain::text_within(clean_line(subject), kLongestLine);
    for (const auto& [name, address] : mailboxes_of(g_mime_message_get_from(message), 1)) {
      result_.from_name = domain::text_within(name, kLongestName);
      result_.from_address = address;
    }
    const auto return_path = header(message, "Return-Path");
    const auto user = result_.from_address.substr(0, result_.from_address.find('@'));
    result_.from_nobody = return_path == "<>" || user == "mailer-daemon" || user == "postmaster";
    const auto submitted = lower(header(message, "Auto-Submitted"));
    result_.is_marked_generated = submitted.starts_with("auto-generated");
    result_.is_automatic = is_automatic(message, submitted);
    each_field(message, "X-Loop",
               [&](const std::string& value) { result_.loop_marks.push_back(lower(value)); });
    each_field(message, "Received", [&](const std::string&) { ++result_.hops; });
  }

  static bool is_automatic(GMimeMessage* message, const std::string& submitted) {
    if (!submitted.empty() && !submitted.starts_with("no")) return true;
    const auto precedence = lower(header(message, "Precedence"));
    if (precedence == "bulk" || precedence == "junk" || precedence == "list" ||
        precedence == "auto_reply")
      return true;
    for (const char* name : {"X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From",
                             "X-Vacation", "X-Mail-Autoreply"})
      if (!header(message, name).empty() && lower(header(message, name)) != "no") return true;
    const auto subject = lower(header(message, "Subject"));
    for (const std::string_view start :
         {"automatic reply:", "out of office:", "autoreply:", "auto-reply:",
          "automatyczna odpowied", "odpowied\xC5\xBA automatyczna", "poza biurem"})
      if (subject.starts_with(start)) return true;
    return false;
  }

  void add_address(const std::string& address) {
    if (!address.empty() && result_.recipients.size() < kMostRecipients)
      result_.recipients.push_back(address);
  }

  void read_addresses(GMimeMessage* message) {
    for (const char* name :
         {"To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To",
          "X-Forwarded-To", "X-Delivered-To", "Resent-To", "Original-Recipient"}) {
      each_field(message, name, [&](const std::string& value) {
        for (const auto& [unused, address] : parse_mailboxes(value, kMostRecipients))
          add_address(address);
      });
    }
  }

  // Work is called with each value of a field, however often it stands there.
  template <class Work>
  static void each_field(GMimeMessage* message, const char* name, Work work) {
    GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    const int count = g_mime_header_list_get_count(headers);
    for (int index = 0; index < std::min(count, 500); ++index) {
      GMimeHeader* one = g_mime_header_list_get_header_at(headers, index);
      if (g_ascii_strcasecmp(g_mime_header_get_name(one), name) != 0) continue;
      if (const char* value = g_mime_header_get_value(one)) work(clean_line(value));
    }
  }

  void walk(GMimeObject* object, int depth) {
    if (object == nullptr || depth > kDeepest || ++parts_ > kMostParts) return;
    if (GMIME_IS_MULTIPART(object)) {
      walk_multipart(GMIME_MULTIPART(object), depth);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
      GMimeMessage* message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
      if (message != nullptr) read_inner(message, depth);
    } else if (GMIME_IS_PART(object)) {
      read_part(GMIME_PART(object));
    }
  }

  void walk_multipart(GMimeMultipart* multipart, int depth) {
    GMimeContentType* type = g_mime_object_get_content_type(GMIME_OBJECT(multipart));
    if (g_mime_content_type_is_type(type, "multipart", "report") && depth == 0) {
      const char* kind = g_mime_content_type_get_parameter(type, "report-type");
      result_.report_type = kind ? lower(domain::text_within(clean_line(kind), 60)) : "unknown";
    }
    const int count = g_mime_multipart_get_count(multipart);
    for (int index = 0; index < std::min(count, kMostParts); ++index)
      walk(g_mime_multipart_get_part(multipart, index), depth + 1);
  }

  // A message inside: returned by a report, or forwarded.
  void read_inner(GMimeMessage* message, int depth) {
    if (result_.report_type.empty()) {
      read_addresses(message);
      walk(g_mime_message_get_mime_part(message), depth + 1);
    } else {
      read_returned(message);
    }
  }

  void read_returned(GMimeMessage* message) {
    for (const char* name : {"Return-Path", "Reply-To"})
      each_field(message, name, [&](const std::string& value) {
        for (const auto& [unused, address] : parse_mailboxes(value, 5))
          result_.returned_to.push_back(address);
      });
  }

  void read_part(GMimePart* part) {
    GMimeContentType* type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    const char* file = g_mime_part_get_filename(part);
    const auto name = lower(file ? file : "");
    const auto is = [&](const char* main, const char* sub) {
      return g_mime_content_type_is_type(type, main, sub);
    };
    if (is("text", "calendar") || is("application", "ics") || name.ends_with(".ics")) {
      if (result_.calendars.size() < 10) result_.calendars.push_back(text_of_part(part));
    } else if (is("message", "delivery-status")) {
      for (auto& report : parse_delivery_status(text_of_part(part)))
        result_.reports.push_back(std::move(report));
    } else if (is("message", "feedback-report")) {
      for (auto& address : parse_feedback_report(text_of_part(part)))
        result_.returned_to.push_back(std::move(address));
    } else if (is("text", "rfc822-headers")) {
      read_headers(text_of_part(part));
    } else {
      read_words_of(part, type, file != nullptr);
    }
  }

  void read_words_of(GMimePart* part, GMimeContentType* type, bool has_name) {
    const char* disposition = g_mime_object_get_disposition(GMIME_OBJECT(part));
    const bool is_attached =
        has_name || (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0);
    const bool is_plain = g_mime_content_type_is_type(type, "text", "plain");
    const bool is_html = g_mime_content_type_is_type(type, "text", "html");
    if (is_attached || (!is_plain && !is_html)) {
      result_.has_more = true;
    } else if (is_plain && plain_.empty()) {
      plain_ = text_of_part(part);
    } else if (is_html && html_.empty()) {
      html_ = text_of_part(part);
    }
  }

  void read_headers(const std::string& text) {
    const GObjectHandle<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
    const GObjectHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const GObjectHandle<GMimeMessage> message(
        g_mime_parser_construct_message(parser.get(), nullptr));
    if (message) read_returned(message.get());
  }

  // A server's own words, where it sends no report that programs read.
  void read_words(const char* failed_recipients) {
    if (!result_.from_nobody || !result_.report_type.empty()) return;
    auto report = report_of_words(result_.subject, result_.text);
    if (!report) return;
    const auto failed = parse_mailboxes(failed_recipients ? failed_recipients : "", 1);
    if (!failed.empty()) report->final_recipient = failed.front().second;
    result_.reports.push_back(std::move(*report));
  }

  ReceivedMessage result_;
  std::string plain_;
  std::string html_;
  int parts_ = 0;
};

}  // namespace

ReceivedMessage read_message(std::string_view raw) {
  initialize_gmime();
  // mbox's own line, which some programs put before what they pipe.
  if (raw.starts_with("From ")) raw.remove_prefix(std::min(raw.find('\n'), raw.size() - 1) + 1);
  if (raw.size() > kMostMessageOctets || count_containers(raw) > kMostContainers)
    raw = header_of(raw);
  if (raw.empty()) return {};
  const GObjectHandle<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(raw.data(), raw.size()));
  const GObjectHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const GObjectHandle<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return {};
  return Reading().take(message.get());
}

}  // namespace narada::notifications
