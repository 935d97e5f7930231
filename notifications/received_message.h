#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::notifications {

// What a report says of one recipient (RFC 3464 2.3), or what a server's own words say.
struct DeliveryReport {
  std::string action;              // "failed", lower case
  std::string status;              // "5.1.1"; empty: not said
  std::string final_recipient;     // addr-spec, lower case
  std::string original_recipient;  // the same
  std::string diagnostic;          // the server's words
  friend bool operator==(const DeliveryReport&, const DeliveryReport&) = default;
};

// A message as somebody sent it, whoever that was: nothing in it is proof, and everything is UTF-8.
// Addresses are addr-specs in lower case.
struct ReceivedMessage {
  std::string message_id;  // without angle brackets
  std::string from_name;
  std::string from_address;
  std::string subject;
  std::string text;  // of the plain part, else of the HTML; quoted mail at its end left out
  // Where it was sent: To, Cc, and what servers note of the envelope; also of messages inside.
  std::vector<std::string> recipients;
  // Of a report: where the message that it returns came from and wanted answers.
  std::vector<std::string> returned_to;
  std::vector<std::string> calendars;  // every calendar object in it
  std::string report_type;             // of multipart/report: "delivery-status", "feedback-report"
  std::vector<DeliveryReport> reports;
  bool from_nobody = false;   // the envelope's sender is empty, or it is a mail server itself
  bool is_automatic = false;  // a program sent it by itself (RFC 3834, and what came before it)
  bool is_marked_generated = false;     // Auto-Submitted: auto-generated, as our own mails are
  std::vector<std::string> loop_marks;  // X-Loop
  int hops = 0;                         // Received fields
  bool has_more = false;                // parts that are not read: attachments, winmail.dat
};

constexpr std::size_t kMostMessageOctets = 5 * 1024 * 1024;

// Any input gives a message, at worst an empty one: what is too long or nested too deeply is read
// as far as its header. Thread-safe.
ReceivedMessage read_message(std::string_view raw);

}  // namespace narada::notifications
