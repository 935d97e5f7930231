#include "notifications/smtp_conversation.h"

#include <algorithm>
#include <cctype>

namespace narada::notifications {
namespace {

// RFC 5321 4.2.1: three digits, then a space, or '-' before further lines. 0: no reply line.
int reply_code(std::string_view line) {
  const auto is_digit = [](char character) { return character >= '0' && character <= '9'; };
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

// Without what stands in angle brackets: a reply often repeats the recipient's address, which may
// say anything.
std::string without_addresses(std::string_view text) {
  std::string rest;
  while (true) {
    const std::size_t open = text.find('<');
    const std::size_t close = text.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return rest += text;
    rest += text.substr(0, open);
    text.remove_prefix(close + 1);
  }
}

// "5.7.1" (RFC 3463: delivery not authorized) as a code of its own, not within "15.7.11".
bool has_status_5_7_1(std::string_view text) {
  constexpr std::string_view kStatus = "5.7.1";
  const auto is_part = [&](std::size_t index) {
    return index < text.size() &&
           (text[index] == '.' || (text[index] >= '0' && text[index] <= '9'));
  };
  const std::size_t at = text.find(kStatus);
  if (at == std::string_view::npos) return false;
  return !(at > 0 && is_part(at - 1)) && !is_part(at + kStatus.size());
}

bool refuses_relaying(const std::string& reply) {
  std::string text = without_addresses(reply);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return has_status_5_7_1(text) || text.find("relay access denied") != std::string::npos ||
         text.find("relaying denied") != std::string::npos;
}

// The server wants us to sign in first, or does not forward mail for us: our configuration. What it
// says about a message it has read (5.7.1 for spam, say) is that message's own.
bool refuses_us(int code, const std::string& reply, bool is_about_message) {
  constexpr int kOurFault[] = {503, 530, 534, 535, 538};  // RFC 5321, RFC 4954
  return std::find(std::begin(kOurFault), std::end(kOurFault), code) != std::end(kOurFault) ||
         (!is_about_message && (code == 550 || code == 551 || code == 554 || code == 454) &&
          refuses_relaying(reply));
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 500;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  std::string result(text.substr(0, kLongest));
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return result;
}

bool says_nobody_has_address(int code, std::string_view reply) {
  constexpr std::size_t kCode = 4;  // "550 ", or "550-"
  if (code < 500 || code > 599 || reply.size() <= kCode) return false;
  const auto status = reply.substr(kCode, reply.find(' ', kCode) - kCode);
  return status == "5.1.1" || status == "5.1.10";
}

void SmtpConversation::note_command(std::string_view line) {
  if (line.starts_with("MAIL FROM")) {
    stage_ = Stage::sender;
  } else if (line.starts_with("RCPT TO")) {
    stage_ = Stage::recipient;
  } else if (line.starts_with("DATA")) {
    stage_ = Stage::data;
  } else if (line.starts_with("QUIT")) {
    return;  // said after a failure; its 221 is no answer to what failed
  }
  code_ = 0;
  reply_.clear();
}

void SmtpConversation::note_reply(std::string_view line) {
  const int code = reply_code(line);
  // After a refusal the "221 Bye" to QUIT follows.
  if (code == 0 || code_ >= 400) return;
  code_ = code;
  reply_ = printable(line);
}

void SmtpConversation::note_message_end() {
  if (stage_ == Stage::message) return;
  stage_ = Stage::message;
  code_ = 0;  // 354 answered DATA, not the message
  reply_.clear();
}

DeliveryResult SmtpConversation::result_of_failure(bool timed_out, std::string_view error) const {
  return code_ >= 400 ? result_of_reply() : result_without_reply(timed_out, error);
}

DeliveryResult SmtpConversation::result_of_reply() const {
  return {end_of_refusal(), code_, reply_};
}

DeliveryEnd SmtpConversation::end_of_refusal() const {
  // 421: the server closes the connection, whatever it was told (RFC 5321 3.8).
  if (code_ == 421 || refuses_us(code_, reply_, stage_ == Stage::message)) {
    return DeliveryEnd::transport_down;
  }
  if (stage_ == Stage::greeting) return DeliveryEnd::transport_down;
  // The sender's address is the same for all; only a size (SIZE=, RFC 1870) is this message's own.
  if (stage_ == Stage::sender && code_ != 552) return DeliveryEnd::transport_down;
  return code_ >= 500 ? DeliveryEnd::permanent : DeliveryEnd::temporary;
}

DeliveryResult SmtpConversation::result_without_reply(bool timed_out,
                                                      std::string_view error) const {
  if (stage_ == Stage::message) {
    // A 250 whose end libcurl did not live to see is an answer all the same.
    if (code_ >= 200 && code_ < 300) return {DeliveryEnd::delivered, code_, reply_};
    return {DeliveryEnd::outcome_unknown, 0, printable(error)};
  }
  // A server that answers others may hang on this recipient.
  const bool is_about_recipient = timed_out && stage_ >= Stage::recipient;
  return {is_about_recipient ? DeliveryEnd::temporary : DeliveryEnd::transport_down, 0,
          printable(error)};
}

}  // namespace narada::notifications
