#pragma once

#include <string>
#include <vector>

#include "notifications/received_message.h"
#include "notifications/reply_address.h"
#include "service/usecases/environment.h"
#include "service/usecases/replies/classification.h"

namespace narada::usecases {

// What a message is proved to be about, each once, in the order of the places where it stands:
// `recipients`, the message's own header, the ORGANIZER of its calendar's object, and for a report
// the message that it returns. A string that only this installation makes proves the same wherever
// it stands, because whoever writes it has been sent it.
std::vector<notifications::ReplyTarget> find_targets(const Environment& environment,
                                                     const std::vector<std::string>& recipients,
                                                     const notifications::ReceivedMessage& message,
                                                     const Classified& what);

}  // namespace narada::usecases
