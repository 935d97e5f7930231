#pragma once

#include "notifications/mail_wording.h"
#include "service/usecases/mails/mail_templates.h"

namespace narada::usecases {

// The kind that is meant: Forbidden to who may not edit templates, NotFound where there is none.
domain::Outcome<notifications::MailKind> check_template_key(const Actor& actor,
                                                            const MailTemplateKey& key);

notifications::MailWording wording_of(const FieldTexts& texts);

}  // namespace narada::usecases
