#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "notifications/mime_handle.h"
#include "notifications/received_message.h"

// What read_message() makes of the parts of a message, for the .cpp files of this folder.
namespace narada::notifications {

std::string lower(std::string_view text);  // ASCII letters only
// UTF-8 without control characters; `text` may be anything.
std::string clean_line(std::string_view text);
std::string clean_text(std::string text);  // lines stay, with \n between them

// Decoded and in UTF-8, whatever character set it names; without any it is taken for UTF-8, and
// where it is not that for Windows' Central European one.
std::string text_of_part(GMimePart* part);

using NamedAddress = std::pair<std::string, std::string>;  // name, addr-spec in lower case
std::vector<NamedAddress> mailboxes_of(InternetAddressList* list, std::size_t most);
std::vector<NamedAddress> parse_mailboxes(const std::string& field, std::size_t most);

// The text without the older mail that a program has put below what was written.
std::string without_quotation(const std::string& text);

// message/delivery-status (RFC 3464): one for each recipient.
std::vector<DeliveryReport> parse_delivery_status(const std::string& text);
// message/feedback-report (RFC 5965): where the mail came from that somebody complains of.
std::vector<std::string> parse_feedback_report(const std::string& text);
// Of a mail server's message without any report; absent where it does not speak of a failure.
std::optional<DeliveryReport> report_of_words(const std::string& subject, const std::string& text);

}  // namespace narada::notifications
