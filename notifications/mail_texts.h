#pragma once

#include <map>
#include <string>
#include <string_view>

#include "notifications/mail_facts.h"
#include "service/domain/time.h"
#include "web/render.h"

namespace narada::notifications {

// The words that mails are made of, and the facts of one in words.

// The texts of one language, "mail.<key>".
class Texts {
 public:
  // `messages` outlives the object.
  Texts(const web::Messages& messages, domain::Language language)
      : messages_(messages), language_(domain::to_string(language)) {}

  std::string text(const std::string& key, const web::View& arguments = web::View::object()) const {
    return messages_.text(language_, "mail." + key, arguments);
  }
  // A text that pages have too.
  std::string shared_text(const std::string& key) const { return messages_.text(language_, key); }

 private:
  const web::Messages& messages_;
  std::string_view language_;
};

// At most `longest` characters; a cut ends with an ellipsis.
std::string shortened(const std::string& text, std::size_t longest);

// "wtorek, 19 stycznia 2027, 10:00–14:00 (czas polski)"
std::string when_text(const MailFacts& facts, const Texts& texts);
// The same of a single moment in Poland, as mails about accounts tell it.
std::string moment_text(domain::WallTime moment, const Texts& texts);

bool is_rescheduled(const MailFacts& facts);
// When it was before; precondition: is_rescheduled().
std::string previous_text(const MailFacts& facts, const Texts& texts);

// What the program's own texts of the kind take as arguments.
web::View kind_arguments(const MailFacts& facts, const Texts& texts, const std::string& title);
// What the placeholders of an organizer's wording stand for: those of placeholders_of(facts.kind)
// but "standard".
std::map<std::string, std::string> placeholder_values(const MailFacts& facts, const Texts& texts,
                                                      const std::string& title);

}  // namespace narada::notifications
