#pragma once

#include <memory>
#include <string>
#include <vector>

#include "notifications/composer.h"
#include "notifications/mail_facts.h"

namespace narada::notifications {

// Every kind of mail in both languages, with fixed ids and dates. tests/golden/mail holds what each
// becomes as NAME.eml.
struct MailSample {
  std::string name;  // "meeting_moved.pl"
  MailFacts facts;
  std::string message_id;
};
std::vector<MailSample> mail_samples();
MailFacts sample_facts(MailKind kind, domain::Language language);
// Whether the mail holds an address that is a key.
bool has_key(MailKind kind);

inline const domain::Instant kSampleCreation{std::chrono::seconds{1'799'582'400}};

// A composer over the project's own texts and templates; all of them live to the end of the
// process.
const Composer& sample_composer();
const web::Messages& sample_messages();

}  // namespace narada::notifications
