#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "notifications/composer.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/field_merge.h"

namespace narada::usecases {

// What mails say, kind by kind and in both languages, as the admins of an installation may word it.
// The fields are "subject", "heading", "intro" and "closing" (notifications/mail_wording.h). All of
// it is Forbidden to who does not run the installation.
bool may_edit_mail_templates(const Actor& actor);

// Every field of a kind in one language. Unknown kinds are NotFound.
struct MailTemplateKey {
  std::string kind;  // notifications::MailKind by name
  domain::Language language = domain::Language::pl;
};

struct MailTemplateState {
  bool is_own = false;  // worded here; else the program's
  domain::Instant saved_at{};
};
struct MailTemplateRow {
  std::string kind;
  bool is_necessary = true;  // nobody can turn it off
  bool is_of_account = false;
  std::map<domain::Language, MailTemplateState> states;  // of languages that were ever saved
};
bool is_mail_template(const MailTemplateKey& key);  // whether there is such a kind
// In the order of the kinds.
domain::Outcome<std::vector<MailTemplateRow>> list_mail_templates(const Environment&, const Actor&);

struct MailTemplateVersion {
  int version = 0;
  bool is_standard = false;
  FieldTexts texts;  // empty of a standard one
  std::string saved_name;
  domain::Instant saved_at{};
};
struct MailTemplateField {
  std::string name;
  std::size_t longest = 0;            // characters
  std::vector<std::string> required;  // placeholders it must mention
};
struct MailTemplateView {
  int version = 0;  // of what holds; 0: nothing was ever saved
  bool is_own = false;
  FieldTexts texts;     // what holds
  FieldTexts standard;  // the program's, with placeholders
  std::vector<MailTemplateField> fields;
  std::vector<std::string> placeholders;
  std::vector<MailTemplateVersion> history;  // newest first
};
domain::Outcome<MailTemplateView> load_mail_template(const Environment&, const web::Messages&,
                                                     const Actor&, const MailTemplateKey&);

// What is wrong with the texts: field errors with required, too_long, control_characters,
// unknown_mark{name}, missing_mark{name}, unbalanced_brace. Cleans the texts.
domain::FieldErrors check_mail_template(const MailTemplateKey& key, FieldTexts& texts);

// Both return the new version, which holds for mails that are composed ten seconds later at the
// latest. `seen` is the version that the form was shown with: Stale when another one holds. Saving
// what holds already changes nothing; so does going back to the standard text where it holds.
domain::Outcome<int> save_mail_template(const Environment&, const Call&, const MailTemplateKey&,
                                        int seen, FieldTexts texts);
domain::Outcome<int> restore_standard_text(const Environment&, const Call&, const MailTemplateKey&,
                                           int seen);

// A mail of that kind that nobody gets, with the texts (absent: those that hold) and the facts of a
// meeting that the actor may organize (absent: invented ones).
struct MailExampleRequest {
  MailTemplateKey key;
  std::optional<FieldTexts> texts;
  std::optional<domain::MeetingId> meeting;
};
struct MailExample {
  std::string subject;
  std::string html;
  std::string text;
};
domain::Outcome<MailExample> show_mail_example(const Environment&, const web::Renderer&,
                                               const web::Messages&, const Actor&,
                                               const MailExampleRequest&);
// The same, sent to the actor's own address and to no other: its subject says that it is a test,
// and nothing in it opens, answers or enters a calendar.
domain::Outcome<domain::OutgoingMailId> send_test_mail(const Environment&, const web::Renderer&,
                                                       const web::Messages&, const Call&,
                                                       const MailExampleRequest&);

}  // namespace narada::usecases
