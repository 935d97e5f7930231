#include "service/usecases/mails/mail_repeat_task.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "service/usecases/mails/mail_repeating.h"
#include "service/usecases/registrations/decision_task.h"

namespace narada::usecases {
namespace {

using nlohmann::json;

// A task that fails names the registration, which people know, where there is one.
struct Repeated {
  domain::OutgoingMailId mail;
  std::string subject;
};

std::vector<Repeated> read_parameters(const std::string& parameters) {
  std::vector<Repeated> mails;
  const auto parsed = json::parse(parameters);
  for (const auto& mail : parsed.at("mails"))
    mails.push_back(
        {domain::OutgoingMailId{mail.at(0).get<std::int64_t>()}, mail.at(1).get<std::string>()});
  return mails;
}

void repeat_all(const Environment& environment, TaskRun& run) {
  const auto mails = read_parameters(run.parameters());
  for (auto index = static_cast<std::size_t>(run.finished()); index < mails.size(); ++index) {
    auto call = run.call();
    *call.idempotency_key += ":" + std::to_string(mails[index].mail.value);
    const auto outcome = repeat_mail(environment, call, mails[index].mail);
    std::vector<TaskFailure> failures;
    if (!outcome) failures.push_back({mails[index].subject, task_error_of(outcome.failure())});
    if (!run.advance(1, failures)) return;
  }
}

std::string subject_of(const QueuedMail& mail) {
  return mail.registration ? fmt::format("registration:{}", mail.registration->value)
                           : fmt::format("mail:{}", mail.id.value);
}

// What repeat_mail() refuses by itself is not even begun; what has become of its registration and
// meeting, and whether the links of what is kept still work, it looks at.
bool is_worth_trying(const QueuedMail& mail) {
  return mail.meeting && !mail.to_address.empty() &&
         can_be_repeated(mail.kind, mail.registration.has_value(), mail.stop_reason);
}

// Those of them that can be written anew, oldest first: of one registration each in its order.
domain::Outcome<json> list_repeatable(const Environment& environment, const Actor& actor,
                                      const MailQueueFilter& filter) {
  constexpr int kPage = 200;
  std::vector<json> found;
  PageRequest request{kPage, {}};
  do {
    const auto queue = list_mail_queue(environment, actor, filter, request);
    if (!queue) return queue.failure();
    for (const auto& mail : queue->mails.items) {
      if (is_worth_trying(mail)) found.push_back(json::array({mail.id.value, subject_of(mail)}));
    }
    request.cursor = queue->mails.next;
  } while (request.cursor && found.size() < std::size_t{kMostRepeatedAtOnce});
  return json(std::vector<json>(found.rbegin(), found.rend()));
}

}  // namespace

domain::Outcome<domain::TaskId> start_mail_repeats(const Environment& environment, const Call& call,
                                                   const MailQueueFilter& given) {
  auto filter = given;
  filter.unsent = true;
  const auto mails = list_repeatable(environment, call.actor, filter);
  if (!mails) return mails.failure();
  if (mails->empty()) return domain::Conflict{"nothing_to_repeat"};
  NewTask task;
  task.kind = kMailRepeatTask;
  task.total = static_cast<int>(mails->size());
  task.parameters = json{{"mails", *mails}}.dump();
  return start_task(environment, call, task);
}

TaskWork make_mail_repeat_work(const Environment& environment) {
  return [&environment](TaskRun& run) { repeat_all(environment, run); };
}

}  // namespace narada::usecases
