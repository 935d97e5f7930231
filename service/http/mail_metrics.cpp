#include "service/http/mail_metrics.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

namespace narada::http {
namespace {

constexpr std::array<std::string_view, 3> kPriorities{"urgent", "ordinary", "bulk"};

void describe(std::string& text, std::string_view name, std::string_view type,
              std::string_view meaning) {
  fmt::format_to(std::back_inserter(text), "# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, meaning);
}

void add_line(std::string& text, std::string_view name, std::string_view label,
              std::string_view value, std::int64_t number) {
  fmt::format_to(std::back_inserter(text), "{}{{{}=\"{}\"}} {}\n", name, label, value, number);
}

void add_states(std::string& text, const usecases::MailGauges& gauges) {
  using usecases::MailState;
  describe(text, "narada_mails", "gauge", "Mails in the outbox, by state.");
  for (int index = 0; index <= static_cast<int>(MailState::aborted); ++index) {
    const auto state = static_cast<MailState>(index);
    const auto found = gauges.by_state.find(state);
    add_line(text, "narada_mails", "state", to_string(state),
             found == gauges.by_state.end() ? 0 : found->second);
  }
}

void add_waiting(std::string& text, const usecases::MailGauges& gauges) {
  describe(text, "narada_mails_waiting", "gauge", "Mails that have not left, by priority.");
  for (std::size_t index = 0; index < kPriorities.size(); ++index)
    add_line(text, "narada_mails_waiting", "priority", kPriorities[index],
             gauges.waiting[index].count);
  describe(text, "narada_mails_paused", "gauge", "Of those, mails that somebody has paused.");
  for (std::size_t index = 0; index < kPriorities.size(); ++index)
    add_line(text, "narada_mails_paused", "priority", kPriorities[index],
             gauges.waiting[index].paused);
}

void add_pauses(std::string& text, const usecases::MailGauges& gauges) {
  describe(text, "narada_mail_pauses", "gauge",
           "What is paused: all mail, mail to many, the mails of single meetings.");
  add_line(text, "narada_mail_pauses", "of", "all", gauges.all_paused ? 1 : 0);
  add_line(text, "narada_mail_pauses", "of", "bulk", gauges.bulk_paused ? 1 : 0);
  add_line(text, "narada_mail_pauses", "of", "meetings", gauges.meetings_paused);
}

}  // namespace

std::string mail_metrics(const usecases::MailGauges& gauges) {
  std::string text;
  add_states(text, gauges);
  add_waiting(text, gauges);
  add_pauses(text, gauges);
  describe(text, "narada_mails_oldest_due_seconds", "gauge",
           "For how long the mail that waits longest could have been sent.");
  fmt::format_to(std::back_inserter(text), "narada_mails_oldest_due_seconds {}\n",
                 gauges.oldest_due_seconds);
  return text;
}

std::string mail_counters(const usecases::DeliveryTotals& totals) {
  std::string text;
  describe(text, "narada_mail_attempts_total", "counter",
           "What came of the mails that this process took up.");
  const std::array<std::pair<std::string_view, std::int64_t>, 6> ends{
      {{"sent", totals.sent},
       {"postponed", totals.postponed},
       {"failed", totals.failed},
       {"aborted", totals.aborted},
       {"paused", totals.paused},
       {"rate_limited", totals.rate_limited}}};
  for (const auto& [end, number] : ends)
    add_line(text, "narada_mail_attempts_total", "end", end, number);
  describe(text, "narada_mail_server_problems_total", "counter",
           "Rounds that ended early because the mail server was away.");
  fmt::format_to(std::back_inserter(text), "narada_mail_server_problems_total {}\n",
                 totals.without_transport.load());
  return text;
}

}  // namespace narada::http
