#include "service/usecases/replies/reply_targets.h"

#include <algorithm>

namespace narada::usecases {

using domain::ReceivedKind;
using notifications::ReplyTarget;

std::vector<ReplyTarget> find_targets(const Environment& environment,
                                      const std::vector<std::string>& recipients,
                                      const notifications::ReceivedMessage& message,
                                      const Classified& what) {
  std::vector<ReplyTarget> targets;
  if (environment.reply_mailbox.empty()) return targets;
  const auto add = [&](const std::string& address) {
    const auto target = notifications::read_reply_address(address, environment.reply_mailbox,
                                                          environment.secret_key);
    if (target && std::find(targets.begin(), targets.end(), *target) == targets.end())
      targets.push_back(*target);
  };
  for (const auto& address : recipients) add(address);
  for (const auto& address : message.recipients) add(address);
  if (what.reply) add(what.reply->organizer);
  if (what.kind == ReceivedKind::bounce || what.kind == ReceivedKind::complaint)
    for (const auto& address : message.returned_to) add(address);
  return targets;
}

}  // namespace narada::usecases
