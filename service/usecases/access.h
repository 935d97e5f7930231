#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Bearer tokens. The token is returned once and stored hashed.
struct CreatedToken {
  domain::TokenId id;
  std::string token;
};
// `narada token create`: one without a person, which has the role everywhere. `days` until it
// expires; absent: never. FieldError days "out_of_range".
domain::Outcome<CreatedToken> create_token(const Environment&, Role role, const std::string& name,
                                           std::optional<int> days = {});
// The actor behind a bearer token; absent when unknown, expired, revoked or of somebody erased. A
// person's token has the person's roles of this moment. Notes at most once a minute that it was
// used; that this cannot be noted keeps nobody out.
std::optional<Actor> find_token_actor(const Environment&, std::string_view token);

// `narada user add`: a person with a role.
domain::Outcome<domain::PersonId> add_user(const Environment&, const std::string& email,
                                           const std::string& name, Role role);

// The sample data: institutions, cycles, meetings, practices, an open cycle relative to today, and
// invented people with roles.
// Idempotent: running it again changes nothing that exists. `directory` holds sample/*.json|csv.
struct SampleReport {
  // Added now.
  int institutions = 0, cycles = 0, meetings = 0, practices = 0, people = 0, materials = 0;
};
domain::Outcome<SampleReport> load_sample(const Environment&, const std::string& directory);

}  // namespace narada::usecases
