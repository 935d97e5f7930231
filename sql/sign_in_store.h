#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// Links in mails that prove a mailbox. Their tokens are stored as SHA-256 (32 bytes) only.

struct NewLink {
  std::string token_hash;
  std::string_view purpose;
  std::string email;
  std::string email_key;
  std::optional<domain::PersonId> person;
  std::string return_to;
  domain::Instant expires_at{};
};
void save_link(Connection& connection, const NewLink& link, domain::Instant now);

struct StoredLink {
  std::string purpose;
  std::string email;
  std::string email_key;
  std::optional<domain::PersonId> person;
  std::string return_to;
  domain::Instant expires_at{};
};
// Neither used nor expired.
std::optional<StoredLink> find_open_link(Connection& connection, std::string_view token_hash,
                                         domain::Instant now);
// The same, and nobody else gets it until the transaction ends.
std::optional<StoredLink> lock_open_link(Connection& connection, std::string_view token_hash,
                                         domain::Instant now);
void save_link_used(Connection& connection, std::string_view token_hash, domain::Instant now);
// No link that is bound to this person works any more.
void void_links(Connection& connection, domain::PersonId person, domain::Instant now);

struct MailboxPerson {
  domain::PersonId id;
  std::string full_name;
  std::string institution;  // its name, or empty
  std::string email_key;
};
// Who has this mailbox, by name; who has been erased has none.
std::vector<MailboxPerson> list_mailbox_people(Connection& connection, std::string_view email_key);
std::optional<MailboxPerson> find_mailbox_person(Connection& connection, domain::PersonId person);

// The mailbox of the person has answered; the first time counts.
void save_email_proved(Connection& connection, domain::PersonId person, domain::Instant now);
// Throws Duplicate when that mailbox has a person of the same name already.
void save_email(Connection& connection, domain::PersonId person, const std::string& email,
                const std::string& email_key, domain::Instant now);
// The person has accepted the clause in force for having an account; nothing while there is none.
void save_account_acceptance(Connection& connection, domain::PersonId person, domain::Instant now);

// Whether somebody of this mailbox has signed in from this network before.
bool is_familiar_network(Connection& connection, std::string_view email_key,
                         std::string_view network);
bool is_familiar_network(Connection& connection, domain::PersonId person, std::string_view network);

}  // namespace narada::storage
