#include "sql/substitution_proposal_store.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, registration_id, inbound_mail_id, full_name, email, state, created_at FROM "
    "substitution_proposal WHERE ";

std::optional<SubstitutionProposal> read_one(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return SubstitutionProposal{row.id<domain::SubstitutionProposalId>(0),
                              row.id<domain::RegistrationId>(1),
                              row.id<domain::ReceivedMailId>(2),
                              row.text(3),
                              row.text(4),
                              row.text(5),
                              row.instant(6)};
}

}  // namespace

domain::SubstitutionProposalId save_proposal(Connection& connection,
                                             const SubstitutionProposal& proposal) {
  const Rows open = connection.query(
      "SELECT id FROM substitution_proposal WHERE registration_id = ? AND state = 'open' LIMIT 1 "
      "FOR UPDATE",
      {proposal.registration});
  if (!open.empty()) {
    const auto id = open[0].id<domain::SubstitutionProposalId>(0);
    connection.execute(
        "UPDATE substitution_proposal SET inbound_mail_id = ?, full_name = ?, email = ?, "
        "created_at = ? WHERE id = ?",
        {proposal.mail, proposal.full_name, proposal.email, proposal.created_at, id});
    return id;
  }
  return domain::SubstitutionProposalId{connection.insert(
      "INSERT INTO substitution_proposal (registration_id, inbound_mail_id, full_name, email, "
      "state, created_at) VALUES (?, ?, ?, ?, 'open', ?) RETURNING id",
      {proposal.registration, proposal.mail, proposal.full_name, proposal.email,
       proposal.created_at})};
}

std::optional<SubstitutionProposal> find_proposal(Connection& connection,
                                                  domain::SubstitutionProposalId id) {
  return read_one(connection.query(std::string(kSelect) + "id = ?", {id}));
}

std::optional<SubstitutionProposal> find_proposal_of(Connection& connection,
                                                     domain::RegistrationId registration) {
  return read_one(connection.query(
      std::string(kSelect) + "registration_id = ? ORDER BY id DESC LIMIT 1", {registration}));
}

bool decide_proposal(Connection& connection, domain::SubstitutionProposalId id,
                     std::string_view state, std::optional<domain::PersonId> by,
                     domain::Instant now) {
  return connection.execute(
             "UPDATE substitution_proposal SET state = ?, decided_at = ?, decided_by = ? WHERE id "
             "= ? AND state = 'open'",
             {state, now, by, id}) == 1;
}

}  // namespace narada::storage
