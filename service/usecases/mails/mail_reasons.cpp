#include "service/usecases/mails/mail_reasons.h"

#include <array>
#include <cctype>
#include <optional>
#include <string_view>

namespace narada::usecases {
namespace {

struct Named {
  std::string_view start;  // of the enhanced code without its class
  std::string_view reason;
};

// The longest start of each subject first.
constexpr std::array kEnhanced{
    Named{"1.2", "no_domain"},      Named{"1.10", "no_domain"}, Named{"1.8", "sender_refused"},
    Named{"1.7", "sender_refused"}, Named{"1.", "no_mailbox"},  Named{"2.1", "mailbox_disabled"},
    Named{"2.2", "mailbox_full"},   Named{"2.3", "too_large"},  Named{"3.4", "too_large"},
    Named{"3.1", "mailbox_full"},   Named{"4.1", "no_answer"},  Named{"4.3", "no_domain"},
    Named{"4.4", "no_domain"},      Named{"4.7", "no_answer"},  Named{"7.", "refused"},
};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// "1.1" of "550 5.1.1 no such user": the first word of the form class.subject.detail.
std::string_view enhanced_code(std::string_view reply) {
  for (std::size_t at = 0; at + 4 < reply.size(); ++at) {
    const bool begins = (at == 0 || !is_digit(reply[at - 1])) &&
                        (reply[at] == '4' || reply[at] == '5') && reply[at + 1] == '.' &&
                        is_digit(reply[at + 2]);
    if (!begins) continue;
    std::size_t end = at + 2;
    while (end < reply.size() && (is_digit(reply[end]) || reply[end] == '.')) ++end;
    const auto code = reply.substr(at + 2, end - at - 2);
    if (code.find('.') != std::string_view::npos) return code;
  }
  return {};
}

std::optional<std::string_view> reason_by_enhanced(std::string_view reply) {
  const auto code = enhanced_code(reply);
  if (code.empty()) return std::nullopt;
  for (const auto& named : kEnhanced) {
    const bool is_subject = named.start.back() == '.';
    if (is_subject ? code.starts_with(named.start) : code == named.start) return named.reason;
  }
  return std::nullopt;
}

std::string_view reason_by_code(const std::optional<int>& code) {
  switch (code.value_or(0)) {
    case 0:
      return "no_answer";
    case 550:
    case 551:
    case 553:
      return "no_mailbox";
    case 552:
      return "mailbox_full";
    case 554:
    case 571:
      return "refused";
    default:
      return *code < 500 ? "put_off" : "refused";
  }
}

}  // namespace

std::string reason_of(const QueuedMail& mail) {
  switch (mail.state) {
    case MailState::aborted:
      return mail.stop_reason.empty() ? "stopped" : mail.stop_reason;
    case MailState::failed:
    case MailState::bounced:
      break;
    default:
      return {};
  }
  // What never had an answer and no code was not a message at all.
  if (mail.state == MailState::failed && !mail.last_code &&
      !mail.last_reply.starts_with("given up"))
    return mail.last_attempt_at ? "no_answer" : "broken";
  if (const auto reason = reason_by_enhanced(mail.last_reply)) return std::string(*reason);
  return std::string(reason_by_code(mail.last_code));
}

}  // namespace narada::usecases
