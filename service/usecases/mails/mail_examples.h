#pragma once

#include <optional>
#include <string>

#include "notifications/composer.h"
#include "service/domain/meeting.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Whom an example is written to.
struct ExampleReader {
  domain::PersonId person;
  std::string full_name;
  std::string email;
};

// Facts of a mail of that kind which nothing has caused: about `meeting` or, without one, about an
// invented one of the coming weeks. Links open pages for everybody and no registration; there is no
// address to answer to and no way out.
notifications::MailFacts example_facts(const Environment& environment,
                                       const web::Messages& messages, notifications::MailKind kind,
                                       domain::Language language, const ExampleReader& reader,
                                       const std::optional<domain::Meeting>& meeting);

}  // namespace narada::usecases
