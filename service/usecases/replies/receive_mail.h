#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/received_mail.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

struct Received {
  domain::ReceivedMailId id;
  domain::ReceivedKind kind{};
  domain::ReceivedEffect effect{};
  bool again = false;  // the same message was here before, and nothing came of it now
};

// Takes one message that came to the reply mailbox, whatever it is, and answers it with nothing.
// What it is about is proved by an address that this installation made (reply_address.h), wherever
// it stands: whoever knows it was sent the mail that it stood in. `recipients`: what the mail
// server says of the envelope. An answer counts for the person who was invited alone, and only to
// the version that their calendar was told last. Each effect is one transaction with its row.
// Throws Unavailable when the database is away: nothing was taken.
Received receive_mail(const Environment&, std::string_view raw,
                      const std::vector<std::string>& recipients = {});

// Frees the places of those whose calendar has declined and whose hold is over, as they would
// themselves. How many.
int free_declined_places(const Environment&);

}  // namespace narada::usecases
