#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/invitee.h"
#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// Where organizers find whom to invite. Of people nothing is told but to who may see them: by
// `reach`, that of Action::see_participants.

struct KnownInvitee {
  domain::PersonId person;
  std::string full_name;
  std::string email;
  std::string job_title;
  std::optional<domain::InstitutionRef> institution;
  domain::Language language = domain::Language::pl;
};

// The people of these addresses (already folded) who took part in something within reach.
std::vector<KnownInvitee> find_known_invitees(Connection& connection,
                                              const std::vector<std::string>& email_keys,
                                              const domain::Reach& reach);
// Of one institution, likewise.
std::vector<KnownInvitee> list_people_of(Connection& connection, domain::InstitutionId institution,
                                         const domain::Reach& reach);
// Who holds the role of a coordinator for one of these.
std::vector<KnownInvitee> list_coordinators_of(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions);
// Who was in: at a meeting, or in a cycle (enrolled, or at one of its meetings). With
// `attended_only` those noted as present.
std::vector<KnownInvitee> list_participants_of(Connection& connection,
                                               const domain::InviteeScope& earlier,
                                               bool attended_only);

// Of the cycle, or of the cycle that the meeting is part of; in its order, each once.
std::vector<domain::InstitutionRef> list_institutions_of(Connection& connection,
                                                         const domain::InviteeScope& scope);
// Members of today, by name.
std::vector<domain::InstitutionRef> list_members_of(Connection& connection,
                                                    std::string_view association,
                                                    domain::Instant now);

// What has taken place or begins within reach, drafts aside, the latest first.
struct Edition {
  domain::InviteeScope scope;
  std::string title;
  domain::WallTime starts{};  // of the first meeting
};
std::vector<Edition> list_editions(Connection& connection, const domain::Reach& reach, int limit);

// Address (folded) and name of everybody who is in.
struct PresentAddress {
  std::string email_key;
  std::string full_name;
};
std::vector<PresentAddress> list_present_addresses(Connection& connection,
                                                   const domain::InviteeScope& scope);

// The one institution to which everybody known with an address of that domain belongs, of at least
// two people within reach; absent for domains of several or of none.
std::optional<domain::InstitutionRef> find_institution_of_domain(Connection& connection,
                                                                 std::string_view domain,
                                                                 const domain::Reach& reach);

}  // namespace narada::storage
