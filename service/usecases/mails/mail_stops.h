#pragma once

#include <optional>
#include <string_view>

#include "service/usecases/environment.h"
#include "sql/connection.h"
#include "sql/mail_delivery_store.h"

namespace narada::usecases {

// What is found right before an attempt: a mail that was claimed may not go after all.
struct MailStop {
  enum class Then {
    wait,  // given back as it was: it goes when what stops it is over
    end,   // aborted: it will never be sent
  };
  Then then = Then::end;
  // A code that stays in the row of an aborted mail; people read the text "mail_stop.<reason>".
  std::string_view reason;
};

// Asked anew before each attempt, of each mail, urgent or not. Reads only.
std::optional<MailStop> find_mail_stop(storage::Connection& connection,
                                       const Environment& environment,
                                       const storage::ClaimedMail& mail);

}  // namespace narada::usecases
