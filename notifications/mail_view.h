#pragma once

#include <string>

#include "notifications/composer.h"
#include "notifications/mail_facts.h"
#include "notifications/mail_wording.h"
#include "web/render.h"

namespace narada::notifications {

// The facts as people read them, in the language of the mail: what the template
// web/mail/message.html shows. `own`: the organizers' words in place of the program's.
web::View make_mail_view(const MailFacts& facts, const web::Messages& messages,
                         const Sender& sender, const MailWording* own = nullptr);

// One line; at most 250 characters of a title.
std::string make_subject(const MailFacts& facts, const web::Messages& messages,
                         const MailWording* own = nullptr);

// A person's name as it may stand in a mail that we send. Anybody can register anybody under any
// name: without this, "Wygrałeś! evil.example/x" would become a link in a mail of ours. Slashes,
// at signs, colons and angle brackets become spaces, a dot inside a word gets a space after it, and
// 100 characters are enough.
std::string to_displayed_name(std::string_view name);

}  // namespace narada::notifications
