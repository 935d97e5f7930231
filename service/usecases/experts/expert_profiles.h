#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/expert.h"
#include "service/domain/material.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Experts as their own page shows them. The catalogue of experts itself is in
// institutions/institutions.h.

// By slug or id, for everybody; of a merged record the one that stands for it. `account` is for
// those alone who may edit_catalogue, absent for others.
domain::Outcome<domain::ExpertProfile> find_expert_profile(const Environment&, const Actor&,
                                                           std::string_view id_or_slug);
// What visitors may see that the expert leads.
domain::ExpertProgram load_expert_program(const Environment&, domain::ExpertId);

// What they present and bring, as somebody may see it.
struct ExpertWork {
  std::vector<domain::PracticeRef> practices;  // in programs of published meetings
  std::vector<domain::Material> materials;     // open to the actor, the latest first
  std::vector<std::string> people;             // of an organization, who agree to be named
};
ExpertWork load_expert_work(const Environment&, const Actor&, const domain::ExpertProfile&);

// Of the experts of a meeting: who has a picture to show, and the people of an organization who
// agree to be named.
struct ExpertFace {
  domain::ExpertId expert;
  bool has_photo = false;
  std::vector<std::string> people;
};
std::vector<ExpertFace> list_expert_faces(const Environment&, domain::MeetingId);

struct ExpertEdit {
  std::string name;
  domain::ExpertKind kind = domain::ExpertKind::person;
  // The entry of the catalogue with just this name is the one that is meant.
  std::string organization;
  std::string description;     // CommonMark
  std::string description_en;  // CommonMark
  // The mailbox of whoever may write the descriptions themselves; of a shared one whoever has the
  // expert's name. Empty: nobody.
  std::string account;
};
// For those who may edit_catalogue. Stale when `version` is no longer current. FieldErrors, also
// account: unknown_account, several_accounts. An edit that changes nothing keeps the version.
domain::Outcome<domain::ExpertId> change_expert(const Environment&, const Call&, domain::ExpertId,
                                                std::int64_t version, const ExpertEdit&);

// Those whom the signed-in person acts for, by name: themselves, organizations.
std::vector<domain::ExpertRef> list_own_experts(const Environment&, const Actor&);
// One of them; absent: the record that is about the person, else the oldest. NotFound when there is
// none.
domain::Outcome<domain::ExpertProfile> find_own_expert(const Environment&, const Actor&,
                                                       std::optional<domain::ExpertId> which = {});
// What somebody may change of their own record.
struct OwnExpertEdit {
  std::string organization;
  std::string description;
  std::string description_en;
};
domain::Outcome<domain::ExpertId> change_own_expert(const Environment&, const Call&,
                                                    std::int64_t version, const OwnExpertEdit&,
                                                    std::optional<domain::ExpertId> which = {});

// What names an expert, in numbers; for those who may edit_catalogue.
domain::Outcome<domain::ExpertLinks> count_expert_links(const Environment&, const Actor&,
                                                        domain::ExpertId);
// Two records of one expert become one: everything that names `from` names `into` afterwards, and
// the address of `from` leads there. What `into` has not been told (descriptions, organization,
// account, calendar) comes from `from`. FieldErrors in "into": same_expert, unknown_expert.
domain::Outcome<domain::ExpertId> merge_experts(const Environment&, const Call&,
                                                domain::ExpertId from, domain::ExpertId into);

}  // namespace narada::usecases
