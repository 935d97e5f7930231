#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/meeting.h"
#include "service/domain/permissions.h"
#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// Somebody whose digest is to be decided.
struct DigestReader {
  domain::PersonId person;
  std::string full_name;
  std::string email;
  domain::Language language = domain::Language::pl;
  bool wanted = true;
  bool weekly = false;
};
// Who organizes or coordinates something and of whom nothing is decided yet: of `today`, or of the
// week that began on `monday` for those who want it weekly. In the order of ids.
std::vector<DigestReader> list_digest_readers(Connection& connection, domain::Date today,
                                              domain::Date monday, int limit);
// Of whom new meetings wait to be told, announced before `written_before`, and nothing of `today`
// is decided yet.
std::vector<DigestReader> list_summary_readers(Connection& connection, domain::Date today,
                                               domain::Instant written_before, int limit);

struct DecidedDigest {
  domain::PersonId person;
  std::string_view kind;  // "work", "topics"
  domain::Date day{};
  std::optional<domain::OutgoingMailId> mail;
  std::string told;
};
// Throws Duplicate when it has been decided already: then the transaction must be rolled back.
void save_digest(Connection& connection, const DecidedDigest& digest, domain::Instant now);

// The last one decided.
struct LastDigest {
  std::string told;
  domain::Instant decided_at{};
};
std::optional<LastDigest> find_last_digest(Connection& connection, domain::PersonId person,
                                           std::string_view kind);
// Which kind of digest a mail is.
std::optional<std::string> find_digest_kind(Connection& connection, domain::OutgoingMailId mail);
// Those decided before.
void forget_digests(Connection& connection, domain::Instant before);

// New meetings that wait to be told to this person, announced before `written_before`, and are
// still to come; of those announced before, none waits afterwards. In a transaction.
struct WaitingMeeting {
  domain::MeetingId id;
  std::string slug;
  std::string title;
  domain::MeetingTimes times;
};
std::vector<WaitingMeeting> take_waiting_announcements(Connection& connection,
                                                       domain::PersonId person,
                                                       domain::Instant written_before,
                                                       domain::Instant now);

// What concerns coordinators of these institutions, of meetings that are published and to come.
struct PersonOfOffice {
  domain::RegistrationId registration;
  std::int64_t version = 1;
  std::string full_name;
  std::string meeting_title;
  domain::MeetingTimes times;
  domain::RegistrationStatus status = domain::RegistrationStatus::pending;
};
// Registrations written or changed since.
std::vector<PersonOfOffice> list_changed_registrations(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions,
    domain::Instant since, domain::Instant now, int limit);
// Those that wait for a superior.
std::vector<PersonOfOffice> list_open_consents(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions,
    domain::Instant now, int limit);
// Delegations with places that have no name.
struct OpenPlaces {
  domain::DelegationId delegation;
  std::string meeting_title;
  domain::MeetingTimes times;
  int places = 0;
};
std::vector<OpenPlaces> list_open_places(Connection& connection,
                                         const std::vector<domain::InstitutionId>& institutions,
                                         domain::Instant now, int limit);
// Proposals of a substitution that nobody has decided, of meetings within reach.
std::int64_t count_open_proposals(Connection& connection, const domain::Reach& reach,
                                  domain::Instant now);

}  // namespace narada::storage
