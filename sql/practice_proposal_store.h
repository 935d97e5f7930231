#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/language.h"
#include "service/domain/practice.h"
#include "sql/connection.h"

namespace narada::storage {

// What people without an account propose: rows beside the practice that it becomes.
struct PracticeProposalRow {
  domain::PracticeId practice;
  std::string name, email;  // empty once they are forgotten
  domain::Language language = domain::Language::pl;
  std::string confirm_email;
  std::optional<domain::Instant> submitted_at, confirmed_at;
};

// Throws Duplicate for a token that is taken. `email_key` as make_email_key() gives it.
void insert_proposal(Connection& connection, const PracticeProposalRow& proposal,
                     std::string_view email_key, std::string_view token_hash, domain::Instant now);
std::optional<PracticeProposalRow> find_proposal_by_token(Connection& connection,
                                                          std::string_view token_hash);
std::optional<PracticeProposalRow> find_proposal_to_confirm(Connection& connection,
                                                            std::string_view confirm_hash);
std::optional<PracticeProposalRow> find_proposal_of(Connection& connection, domain::PracticeId id);
// Waits for somebody at `email`; an earlier question is no longer open.
void ask_to_confirm(Connection& connection, domain::PracticeId id, std::string_view email,
                    std::string_view confirm_hash, domain::Instant now);
void confirm_proposal(Connection& connection, domain::PracticeId id, std::string_view by,
                      domain::Instant now);
// The time of the last writing, which its retention counts from.
void touch_proposal(Connection& connection, domain::PracticeId id, domain::Instant now);

// The mailboxes of who coordinates this institution.
std::vector<std::string> list_coordinator_emails(Connection& connection, domain::InstitutionId id);

// Name and e-mail of those of that mailbox are gone; what was never submitted goes whole.
void erase_proposals_of(Connection& connection, std::string_view email_key);
// Those that were never submitted and not touched since `before`, at most `limit`; how many.
std::int64_t count_abandoned_proposals(Connection& connection, domain::Instant before);
int delete_abandoned_proposals(Connection& connection, domain::Instant before, int limit);

}  // namespace narada::storage
