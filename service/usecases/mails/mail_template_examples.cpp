#include "notifications/composer.h"
#include "notifications/mail_kinds.h"
#include "notifications/message_id.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/mail_examples.h"
#include "service/usecases/mails/mail_templates.h"
#include "service/usecases/mails/stored_wordings.h"
#include "service/usecases/mails/template_key.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/things.h"
#include "sql/mail_template_store.h"
#include "sql/outgoing_mail_store.h"
#include "sql/profile_store.h"

namespace narada::usecases {
namespace {

using notifications::MailFacts;
using notifications::MailKind;

// What an example is made of, once all is checked.
struct Prepared {
  MailFacts facts;
  std::optional<notifications::MailWording> wording;  // absent: what holds
};

domain::Outcome<std::optional<domain::Meeting>> find_example_meeting(
    const Environment& environment, const Actor& actor,
    const std::optional<domain::MeetingId>& chosen) {
  if (!chosen) return std::optional<domain::Meeting>();
  const auto key = std::to_string(chosen->value);
  if (const auto may = check_meeting(environment, actor, Action::organize, key); !may) {
    return may.failure();
  }
  const auto meeting = find_meeting(environment, actor, key);
  if (!meeting) return meeting.failure();
  return std::optional<domain::Meeting>(*meeting);
}

domain::Outcome<ExampleReader> find_reader(const Environment& environment, const Actor& actor) {
  if (!actor.person) return domain::Forbidden{};
  const auto profile = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_profile(connection, *actor.person);
  });
  if (!profile) return domain::Forbidden{};
  return ExampleReader{*actor.person, profile->person.full_name, profile->person.email};
}

domain::Outcome<Prepared> prepare(const Environment& environment, const web::Messages& messages,
                                  const Actor& actor, const MailExampleRequest& request) {
  const auto kind = check_template_key(actor, request.key);
  if (!kind) return kind.failure();
  Prepared prepared;
  if (request.texts) {
    FieldTexts texts = *request.texts;
    const auto errors = check_mail_template(request.key, texts);
    if (!errors.empty()) return errors;
    prepared.wording = wording_of(texts);
  }
  const auto reader = find_reader(environment, actor);
  if (!reader) return reader.failure();
  const auto meeting = find_example_meeting(environment, actor, request.meeting);
  if (!meeting) return meeting.failure();
  prepared.facts =
      example_facts(environment, messages, *kind, request.key.language, *reader, *meeting);
  return prepared;
}

notifications::Sender sender_of(const Environment& environment) {
  return {environment.mail_from, environment.mail_from_name, environment.base_url};
}

domain::OutgoingMailId save_test_mail(storage::Connection& connection,
                                      const Environment& environment, const MailFacts& facts,
                                      domain::PersonId person, const std::string& message_id,
                                      const notifications::ComposedMail& composed) {
  storage::NewMail row;
  row.message_id = message_id;
  row.kind = notifications::to_string(facts.kind);
  row.person = person;
  row.to_name = facts.to_name;
  row.to_address = facts.to_address;
  row.language = facts.language;
  row.facts = notifications::serialize(facts);
  row.created_at = environment.clock->now();
  row.not_before = row.created_at;
  row.give_up_at = row.created_at + std::chrono::hours(1);
  const auto id = storage::save_outgoing_mail(connection, row);
  storage::save_composed_mail(connection, id, composed.subject, composed.message);
  return id;
}

}  // namespace

domain::Outcome<MailExample> show_mail_example(const Environment& environment,
                                               const web::Renderer& renderer,
                                               const web::Messages& messages, const Actor& actor,
                                               const MailExampleRequest& request) {
  auto prepared = prepare(environment, messages, actor, request);
  if (!prepared) return prepared.failure();
  // The sentence about the calendar belongs to the mail, though no entry comes with an example.
  if (const auto method = notifications::usual_method(prepared->facts.kind)) {
    prepared->facts.method = method;
    prepared->facts.event.emplace();
  }
  const StoredWordings wordings(environment);
  const notifications::Composer composer(renderer, messages, sender_of(environment), &wordings);
  auto readable = composer.read(prepared->facts, prepared->wording);
  return MailExample{std::move(readable.subject), std::move(readable.html),
                     std::move(readable.text)};
}

domain::Outcome<domain::OutgoingMailId> send_test_mail(const Environment& environment,
                                                       const web::Renderer& renderer,
                                                       const web::Messages& messages,
                                                       const Call& call,
                                                       const MailExampleRequest& request) {
  auto prepared = prepare(environment, messages, call.actor, request);
  if (!prepared) return prepared.failure();
  const StoredWordings wordings(environment);
  const notifications::Composer composer(renderer, messages, sender_of(environment), &wordings);
  MailFacts& facts = prepared->facts;
  facts.subject =
      messages.text(domain::to_string(facts.language), "mail_example.test_subject",
                    web::View{{"subject", composer.read(facts, prepared->wording).subject}});
  const auto message_id = notifications::make_message_id(environment.base_url);
  const auto composed =
      composer.compose(facts, message_id, environment.clock->now(), prepared->wording);
  return run_once_for_id<domain::OutgoingMailId>(
      environment, call, "send_test_mail",
      [&](storage::Connection& connection) -> domain::Outcome<domain::OutgoingMailId> {
        const auto id = save_test_mail(connection, environment, facts, *call.actor.person,
                                       message_id, composed);
        record_activity(connection, environment, call, "mail_template.tested", "outgoing_mail",
                        id.value);
        return id;
      });
}

}  // namespace narada::usecases
