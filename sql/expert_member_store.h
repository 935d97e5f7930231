#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/content_digest.h"
#include "service/domain/expert.h"
#include "service/domain/file_facts.h"
#include "service/domain/language.h"
#include "service/domain/material.h"
#include "sql/connection.h"

namespace narada::storage {

// Who acts for an expert.
struct ExpertMember {
  domain::ExpertId expert;
  domain::PersonId person;
  std::string full_name;
  std::string email;
  domain::Language language = domain::Language::pl;
  bool is_shown = false;        // beside the organization
  bool shares_contact = false;  // with those who lead the same
  domain::Instant added_at{};
  std::optional<domain::Instant> invited_at;
  bool wants_reminders = true;
};
// Nobody erased; in the order of adding.
std::vector<ExpertMember> list_expert_members(Connection& connection, domain::ExpertId expert);
bool is_expert_member(Connection& connection, domain::ExpertId expert, domain::PersonId person);
// Whether the entry was made when this meeting invited the expert, and nothing else names them.
bool is_expert_of_meeting_alone(Connection& connection, domain::ExpertId expert,
                                domain::MeetingId meeting);
// Those whom the person acts for, by name; merged records are none.
std::vector<domain::ExpertRef> list_experts_of(Connection& connection, domain::PersonId person);

void add_expert_member(Connection& connection, domain::ExpertId expert, domain::PersonId person,
                       domain::Instant now);
void save_member_invited(Connection& connection, domain::ExpertId expert, domain::PersonId person,
                         domain::Instant now);
void save_member_choices(Connection& connection, domain::ExpertId expert, domain::PersonId person,
                         bool is_shown, bool shares_contact);
// False: they were none. They are not the expert's account any more either.
bool remove_expert_member(Connection& connection, domain::ExpertId expert, domain::PersonId person);

struct ExpertPhoto {
  domain::ContentDigest digest;
  domain::FileState state = domain::FileState::waiting;
  domain::ContentDigest thumbnail;  // empty: none yet
  std::optional<domain::FileRefusal> refusal;
  domain::Instant consent_at{};
};
std::optional<ExpertPhoto> find_expert_photo(Connection& connection, domain::ExpertId expert);
// The file waits for its inspection unless it is ready. `file_name`: one that its content has.
struct NewExpertPhoto {
  domain::ExpertId expert;
  domain::ContentDigest digest;
  std::int64_t size = 0;
  std::string file_name;
  domain::PersonId person;
};
void save_expert_photo(Connection& connection, const NewExpertPhoto& photo, domain::Instant now);
bool delete_expert_photo(Connection& connection, domain::ExpertId expert);

// Of the experts that a meeting or its program names: those with a picture to show or with people
// who agree to be named.
struct ShownExpert {
  domain::ExpertId expert;
  bool has_photo = false;
  std::vector<std::string> people;
};
std::vector<ShownExpert> list_shown_experts(Connection& connection, domain::MeetingId meeting);
// Who agree to be named beside an organization.
std::vector<std::string> list_shown_members(Connection& connection, domain::ExpertId expert);
// Published practices that the expert presents at published meetings.
std::vector<domain::PracticeRef> list_presented_practices(Connection& connection,
                                                          domain::ExpertId expert, int limit);
// What materials of the expert belong to, the latest first.
std::vector<domain::MaterialOwner> list_material_owners_of(Connection& connection,
                                                           domain::ExpertId expert, int limit);

// All that belongs to `from` belongs to `into`, where `into` has none.
void move_expert_preparation(Connection& connection, domain::ExpertId from, domain::ExpertId into);

}  // namespace narada::storage
