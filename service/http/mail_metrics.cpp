#include "service/http/mail_metrics.h"

#include <fmt/format.h>

#include <iterator>

namespace narada::http {

std::string mail_metrics(const usecases::MailGauges& gauges) {
  using usecases::MailState;
  std::string text =
      "# HELP narada_mails Mails in the outbox, by state.\n# TYPE narada_mails gauge\n";
  auto out = std::back_inserter(text);
  for (int index = 0; index <= static_cast<int>(MailState::aborted); ++index) {
    const auto state = static_cast<MailState>(index);
    const auto found = gauges.by_state.find(state);
    fmt::format_to(out, "narada_mails{{state=\"{}\"}} {}\n", to_string(state),
                   found == gauges.by_state.end() ? 0 : found->second);
  }
  fmt::format_to(out,
                 "# HELP narada_mails_oldest_due_seconds For how long the mail that waits longest "
                 "could have been sent.\n# TYPE narada_mails_oldest_due_seconds gauge\n"
                 "narada_mails_oldest_due_seconds {}\n",
                 gauges.oldest_due_seconds);
  return text;
}

}  // namespace narada::http
