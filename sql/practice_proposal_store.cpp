#include "sql/practice_proposal_store.h"

#include "sql/id_list.h"

namespace narada::storage {
namespace {

using domain::Instant;
using domain::PracticeId;

constexpr std::string_view kSelect =
    "SELECT practice_id, name, email, language, confirm_email, submitted_at, confirmed_at"
    " FROM practice_proposal WHERE ";
constexpr std::string_view kAbandoned =
    " FROM practice_proposal r JOIN practice p ON p.id = r.practice_id"
    " WHERE r.submitted_at IS NULL AND r.updated_at < ? AND p.status = 'draft'"
    " AND p.published_at IS NULL";

std::optional<PracticeProposalRow> find(Connection& connection, std::string_view condition,
                                        const Parameter& parameter) {
  const Rows rows = connection.query(std::string(kSelect) + std::string(condition), {parameter});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return PracticeProposalRow{row.id<PracticeId>(0), row.text(1),
                             row.text(2),           domain::language_or_polish(row.text(3)),
                             row.text(4),           row.find_instant(5),
                             row.find_instant(6)};
}

// Nothing but what a proposal writes hangs on them.
void delete_practices(Connection& connection, const std::vector<PracticeId>& ids) {
  for (const auto id : ids) {
    connection.execute("DELETE FROM practice_institution WHERE practice_id = ?", {id});
    connection.execute("DELETE FROM practice WHERE id = ?", {id});
  }
}

}  // namespace

void insert_proposal(Connection& connection, const PracticeProposalRow& proposal,
                     std::string_view email_key, std::string_view token_hash, Instant now) {
  connection.execute(
      "INSERT INTO practice_proposal (practice_id, token_hash, name, email, email_key, language,"
      " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {proposal.practice, token_hash, proposal.name, proposal.email, email_key,
       domain::to_string(proposal.language), now, now});
}

std::optional<PracticeProposalRow> find_proposal_by_token(Connection& connection,
                                                          std::string_view token_hash) {
  return find(connection, "token_hash = ?", token_hash);
}

std::optional<PracticeProposalRow> find_proposal_to_confirm(Connection& connection,
                                                            std::string_view confirm_hash) {
  return find(connection, "confirm_hash = ?", confirm_hash);
}

std::optional<PracticeProposalRow> find_proposal_of(Connection& connection, PracticeId id) {
  return find(connection, "practice_id = ?", id);
}

void ask_to_confirm(Connection& connection, PracticeId id, std::string_view email,
                    std::string_view confirm_hash, Instant now) {
  connection.execute(
      "UPDATE practice_proposal SET confirm_email = ?, confirm_hash = ?, submitted_at = ?,"
      " updated_at = ? WHERE practice_id = ?",
      {email, confirm_hash, now, now, id});
}

void confirm_proposal(Connection& connection, PracticeId id, std::string_view by, Instant now) {
  connection.execute(
      "UPDATE practice_proposal SET confirmed_by = ?, confirmed_at = ?, updated_at = ?"
      " WHERE practice_id = ?",
      {by, now, now, id});
}

void touch_proposal(Connection& connection, PracticeId id, Instant now) {
  connection.execute("UPDATE practice_proposal SET updated_at = ? WHERE practice_id = ?",
                     {now, id});
}

std::vector<std::string> list_coordinator_emails(Connection& connection, domain::InstitutionId id) {
  std::vector<std::string> emails;
  for (const auto row : connection.query(
           "SELECT DISTINCT p.email FROM person_role g JOIN person p ON p.id = g.person_id"
           " WHERE g.role = 'coordinator' AND g.scope_kind = 'institution' AND g.scope_id = ?"
           " AND p.email <> '' ORDER BY p.email",
           {id}))
    emails.push_back(row.text(0));
  return emails;
}

void erase_proposals_of(Connection& connection, std::string_view email_key) {
  std::vector<PracticeId> unfinished;
  for (const auto row :
       connection.query("SELECT r.practice_id FROM practice_proposal r JOIN practice p"
                        " ON p.id = r.practice_id WHERE r.email_key = ? AND r.submitted_at IS NULL"
                        " AND p.status = 'draft' AND p.published_at IS NULL FOR UPDATE",
                        {email_key}))
    unfinished.push_back(row.id<PracticeId>(0));
  delete_practices(connection, unfinished);
  connection.execute(
      "UPDATE practice_proposal SET name = '', email = '', email_key = '' WHERE email_key = ?",
      {email_key});
  connection.execute(
      "UPDATE practice_proposal SET confirm_email = '' WHERE LOWER(confirm_email) = ?",
      {email_key});
}

std::int64_t count_abandoned_proposals(Connection& connection, Instant before) {
  return connection.query("SELECT COUNT(*)" + std::string(kAbandoned), {before})[0].integer(0);
}

int delete_abandoned_proposals(Connection& connection, Instant before, int limit) {
  std::vector<PracticeId> ids;
  for (const auto row : connection.query("SELECT r.practice_id" + std::string(kAbandoned) +
                                             " ORDER BY r.practice_id LIMIT ? FOR UPDATE",
                                         {before, limit}))
    ids.push_back(row.id<PracticeId>(0));
  delete_practices(connection, ids);
  return static_cast<int>(ids.size());
}

}  // namespace narada::storage
