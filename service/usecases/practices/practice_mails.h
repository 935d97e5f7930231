#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/language.h"
#include "service/domain/practice_rules.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// Mails about a practice, written in the transaction of their cause.

struct PracticeMail {
  std::string_view kind;  // of notifications::find_mail_kind()
  std::optional<domain::PersonId> person = {};
  std::string name = {}, email = {};
  domain::Language language = domain::Language::pl;
  std::string path = {};  // of the page that the button opens, without the language: "/praktyki/…"
  std::string about = {};  // the title of the practice
  std::string text = {};
  std::string proposer = {};  // practice_confirmation_asked: by name
};
void send_practice_mail(storage::Connection& connection, const Environment& environment,
                        const PracticeMail& mail);

// To its author, unless it was they who took the step, and to who proposed it.
void tell_practice_step(storage::Connection& connection, const Environment& environment,
                        const Call& call, domain::PracticeId id, domain::PracticeStep step,
                        const std::string& comment);

}  // namespace narada::usecases
