#include "service/usecases/people/sign_in.h"

#include <algorithm>

#include "service/domain/enum_names.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/return_path.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/account_mails.h"
#include "service/usecases/people/session_beginning.h"
#include "service/usecases/people/sign_in_links.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/sign_in_store.h"
#include "sql/stored_enum.h"

namespace narada::usecases {
namespace {

constexpr domain::EnumNames<LinkPurpose, 3> kPurposes{{"sign_in", "invitation", "email_change"}};
static_assert(is_complete(kPurposes, LinkPurpose::email_change));

LinkPurpose purpose_of(const storage::StoredLink& link) {
  return storage::stored_enum("sign_in_link.purpose", link.purpose, find_link_purpose);
}

LinkPerson to_link_person(storage::MailboxPerson person) {
  return {person.id, std::move(person.full_name), std::move(person.institution)};
}

std::vector<LinkPerson> people_of(storage::Connection& connection,
                                  const storage::StoredLink& link) {
  std::vector<LinkPerson> people;
  if (link.person) {
    // An invitation proves the mailbox that it was sent to, which may be somebody else's by now.
    const bool is_invitation = purpose_of(link) == LinkPurpose::invitation;
    auto person = storage::find_mailbox_person(connection, *link.person);
    if (person && (!is_invitation || person->email_key == link.email_key))
      people.push_back(to_link_person(*std::move(person)));
    return people;
  }
  for (auto& person : storage::list_mailbox_people(connection, link.email_key))
    people.push_back(to_link_person(std::move(person)));
  return people;
}

// What use_link works with.
struct Use {
  storage::Connection& connection;
  const Environment& environment;
  const Call& call;
  const LinkClaim& claim;
  domain::Instant now;
};

domain::Outcome<domain::PersonId> add_claimed_person(const Use& use,
                                                     const storage::StoredLink& link) {
  domain::FieldErrors errors;
  storage::NewPerson person;
  person.full_name = check_text(use.claim.full_name, "full_name", kNameBounds, errors);
  if (!use.claim.accepts_clause) errors.push_back({"consent", "clause_unread"});
  if (!errors.empty()) return errors;
  person.email = link.email;
  person.name_key = make_name_key(person.full_name);
  person.email_key = link.email_key;
  person.language = use.call.language;
  const auto id = storage::save_person(use.connection, person, use.now);
  storage::save_account_acceptance(use.connection, id, use.now);
  record_activity(use.connection, use.environment, use.call, "person.joined", "person", id.value);
  return id;
}

domain::Outcome<domain::PersonId> find_claimed_person(const Use& use,
                                                      const storage::StoredLink& link) {
  const auto people = people_of(use.connection, link);
  if (link.person) {
    if (people.empty()) return domain::NotFound{};
    return people.front().id;
  }
  if (!use.claim.person) return add_claimed_person(use, link);
  const bool is_theirs = std::any_of(people.begin(), people.end(), [&](const LinkPerson& person) {
    return person.id == *use.claim.person;
  });
  if (!is_theirs) return domain::FieldErrors{{"person", "choose_person"}};
  return *use.claim.person;
}

domain::Outcome<NewSession> use_open_link(const Use& use, const std::string& hash,
                                          const Device& device, std::string_view replaced) {
  const auto link = storage::lock_open_link(use.connection, hash, use.now);
  if (!link || purpose_of(*link) == LinkPurpose::email_change) return domain::NotFound{};
  const auto person = find_claimed_person(use, *link);
  if (!person) return person.failure();
  storage::save_link_used(use.connection, hash, use.now);
  auto begun = begin_session_in(use.connection, use.environment, use.call, *person,
                                SignInMethod::link, device, replaced);
  storage::save_email_proved(use.connection, *person, use.now);
  return begun;
}

}  // namespace

std::string_view to_string(LinkPurpose purpose) { return kPurposes.name_of(purpose); }

std::optional<LinkPurpose> find_link_purpose(std::string_view name) { return kPurposes.find(name); }

MadeLink make_link(storage::Connection& connection, const Environment& environment,
                   const LinkOrder& order, domain::Language language) {
  const auto now = environment.clock->now();
  const auto token = make_token();
  storage::NewLink link;
  link.token_hash = hash_token(token);
  link.purpose = to_string(order.purpose);
  link.email = order.email;
  link.email_key = make_email_key(order.email);
  link.person = order.person;
  link.return_to = order.return_to;
  link.expires_at =
      order.purpose == LinkPurpose::invitation ? now + kInvitationLife : now + kLinkLife;
  storage::save_link(connection, link, now);
  const char* path = language == domain::Language::en ? "/en/wejscie/" : "/wejscie/";
  return {environment.base_url + path + token, link.expires_at};
}

domain::Outcome<LinkSent> request_sign_in(const Environment& environment, const Call& call,
                                          const SignInRequest& request) {
  domain::FieldErrors errors;
  const std::string email = check_email(request.email, errors);
  if (!errors.empty()) return errors;
  return run_once<LinkSent>(
      environment, call, "request_sign_in",
      [&](storage::Connection& connection) -> domain::Outcome<LinkSent> {
        LinkOrder order;
        order.email = email;
        order.return_to = local_return_path(request.return_to);
        const auto link = make_link(connection, environment, order, call.language);
        AccountMail mail;  // to nobody by name: who is known must make no difference
        mail.to_address = email;
        mail.language = call.language;
        mail.facts.url = link.url;
        mail.facts.until = polish_time(link.expires_at);
        mail.give_up_at = link.expires_at;
        send_account_mail(connection, environment, mail);
        return LinkSent{};
      },
      [](const LinkSent&) { return std::string("sent"); },
      [](const std::string&) { return LinkSent{}; });
}

domain::Outcome<OpenLink> find_open_link(const Environment& environment, std::string_view token) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<OpenLink> {
        const auto link =
            storage::find_open_link(connection, hash_token(token), environment.clock->now());
        if (!link) return domain::NotFound{};
        OpenLink open;
        open.purpose = purpose_of(*link);
        open.email = link->email;
        open.return_to = link->return_to;
        open.people = people_of(connection, *link);
        open.expires_at = link->expires_at;
        if (link->person && open.people.empty()) return domain::NotFound{};
        return open;
      });
}

domain::Outcome<NewSession> use_link(const Environment& environment, const Call& call,
                                     std::string_view token, const LinkClaim& claim,
                                     const Device& device, std::string_view replaced) {
  const std::string hash = hash_token(token);
  return sign_in_once(environment, call, "use_link", [&](storage::Connection& connection) {
    return use_open_link({connection, environment, call, claim, environment.clock->now()}, hash,
                         device, replaced);
  });
}

domain::Outcome<std::string> make_sign_in_link(const Environment& environment, const Call& call,
                                               const std::string& email) {
  domain::FieldErrors errors;
  const std::string checked = check_email(email, errors);
  if (!errors.empty()) return errors;
  return run_once<std::string>(
      environment, call, "make_sign_in_link",
      [&](storage::Connection& connection) -> domain::Outcome<std::string> {
        if (storage::list_mailbox_people(connection, make_email_key(checked)).empty())
          return domain::NotFound{};
        LinkOrder order;
        order.email = checked;
        return make_link(connection, environment, order, call.language).url;
      },
      [](const std::string& url) { return url; }, [](const std::string& text) { return text; });
}

}  // namespace narada::usecases
