#pragma once

#include <optional>
#include <string>

#include "service/usecases/environment.h"
#include "service/usecases/people/sign_in.h"
#include "sql/connection.h"

namespace narada::usecases {

inline constexpr std::chrono::minutes kLinkLife{15};
inline constexpr std::chrono::hours kInvitationLife{7 * 24};

std::string_view to_string(LinkPurpose purpose);
std::optional<LinkPurpose> find_link_purpose(std::string_view name);

// What a link that proves a mailbox is for.
struct LinkOrder {
  LinkPurpose purpose = LinkPurpose::sign_in;
  std::string email;                            // checked
  std::optional<domain::PersonId> person = {};  // of an invitation or a change of address
  std::string return_to = {};                   // a local_return_path
};
struct MadeLink {
  std::string url;  // of the page with the button, in the language asked for
  domain::Instant expires_at{};
};
// Writes a new link in the transaction of `connection`.
MadeLink make_link(storage::Connection& connection, const Environment& environment,
                   const LinkOrder& order, domain::Language language);

}  // namespace narada::usecases
