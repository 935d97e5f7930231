#include "service/usecases/practices/proposals.h"

#include <algorithm>

#include "service/domain/practice_rules.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/operations.h"
#include "service/usecases/practices/practice_creation.h"
#include "service/usecases/practices/practice_life.h"
#include "service/usecases/practices/practice_mails.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/slug_retry.h"
#include "sql/institution_store.h"
#include "sql/practice_life_store.h"
#include "sql/practice_proposal_store.h"
#include "sql/practice_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using domain::Practice;
using domain::PracticeId;
using domain::PracticeStatus;
using storage::PracticeProposalRow;

constexpr std::size_t kTokenLength = 43;

// Who holds a link has no roles: what the link opens is asked before, and the service writes.
Call as_service(Call call) {
  call.actor.kind = Actor::Kind::system;
  call.actor.id = 0;
  call.actor.person.reset();
  return call;
}

std::string key_of(PracticeId id) { return std::to_string(id.value); }

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string lowered(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), lower);
  return low;
}

ProposalStanding standing_of(const PracticeProposalRow& row, const Practice& practice) {
  switch (practice.status) {
    case PracticeStatus::draft:
      return row.submitted_at && !row.confirmed_at ? ProposalStanding::awaiting_confirmation
                                                   : ProposalStanding::writing;
    case PracticeStatus::submitted:
    case PracticeStatus::checked:
      return ProposalStanding::with_verifiers;
    case PracticeStatus::published:
      return ProposalStanding::published;
    case PracticeStatus::archived:
      return ProposalStanding::archived;
  }
  return ProposalStanding::writing;
}

std::vector<std::string> coordinators_of(storage::Connection& connection,
                                         const Practice& practice) {
  if (practice.institutions.empty()) return {};
  return storage::list_coordinator_emails(connection, practice.institutions.front().id);
}

Proposal load(storage::Connection& connection, const PracticeProposalRow& row) {
  Proposal proposal;
  proposal.practice = *storage::find_practice(connection, key_of(row.practice));
  proposal.standing = standing_of(row, proposal.practice);
  proposal.has_coordinator = !coordinators_of(connection, proposal.practice).empty();
  const auto steps = storage::list_practice_steps(connection, row.practice);
  if (!steps.empty() && steps.back().to_status == "draft") proposal.comment = steps.back().comment;
  return proposal;
}

std::optional<PracticeProposalRow> find_row(storage::Connection& connection,
                                            std::string_view token) {
  if (token.size() != kTokenLength) return std::nullopt;
  return storage::find_proposal_by_token(connection, hash_token(token));
}

domain::FieldErrors what_it_lacks(const Practice& practice) {
  domain::FieldErrors errors;
  for (const auto& need : domain::practice_needs(practice))
    if (!need.met) errors.push_back({std::string(need.field), "required"});
  return errors;
}

// Whom to ask: the coordinators, else who the proposer names.
Outcome<std::vector<std::string>> representatives(storage::Connection& connection,
                                                  const Practice& practice,
                                                  const std::string& named) {
  if (auto known = coordinators_of(connection, practice); !known.empty()) return known;
  if (named.empty()) return domain::FieldErrors{{"representative", "required"}};
  domain::FieldErrors errors;
  const auto email = check_email(named, errors);
  if (!errors.empty()) return domain::FieldErrors{{"representative", "invalid_email"}};
  const auto institution =
      practice.institutions.empty()
          ? std::nullopt
          : storage::find_institution(connection,
                                      std::to_string(practice.institutions.front().id.value));
  if (!institution || !is_address_of(email, institution->website))
    return domain::FieldErrors{{"representative", "not_of_institution"}};
  return std::vector<std::string>{email};
}

}  // namespace

bool is_address_of(std::string_view email, std::string_view website) {
  const auto scheme = website.find("://");
  const auto at = email.rfind('@');
  if (scheme == std::string_view::npos || at == std::string_view::npos) return false;
  std::string host = lowered(website.substr(scheme + 3));
  host.resize(std::min(host.size(), host.find_first_of("/:?#")));
  if (host.starts_with("www.")) host.erase(0, 4);
  // A bare ending such as "pl" belongs to nobody.
  if (host.find('.') == std::string::npos) return false;
  const std::string domain = lowered(email.substr(at + 1));
  return domain == host || domain.ends_with("." + host);
}

Outcome<PracticeId> begin_proposal(const Environment& environment, const Call& call,
                                   const ProposalStart& start) {
  const auto work = [&](storage::Connection& connection) -> Outcome<PracticeId> {
    domain::FieldErrors errors;
    FieldChecks checks(errors);
    std::string name = start.name;
    checks.check_text("name", name, {.max = 200, .presence = Presence::required});
    const std::string email = check_email(start.email, errors);
    if (start.institution.empty()) checks.add("institution", "required");
    PracticeForm form;
    form.title = start.title;
    form.found_by = "recommendation";
    if (!start.institution.empty()) form.institutions = {start.institution};
    if (!errors.empty()) return errors;
    auto id = add_practice_draft(connection, environment, as_service(call), form);
    if (!id) return id.failure();
    const std::string token = make_token();
    PracticeProposalRow row;
    row.practice = *id;
    row.name = name;
    row.email = email;
    row.language = call.language;
    storage::insert_proposal(connection, row, make_email_key(email), hash_token(token),
                             environment.clock->now());
    record_activity(connection, environment, as_service(call), "practice.proposed", "practice",
                    id->value);
    PracticeMail mail{"practice_proposal_link"};
    mail.name = name;
    mail.email = email;
    mail.language = call.language;
    mail.path = "/praktyki/zglos/" + token;
    mail.about = start.title;
    send_practice_mail(connection, environment, mail);
    return id;
  };
  return retry_taken_slug(
      [&] { return run_once_for_id<PracticeId>(environment, call, "begin_proposal", work); });
}

Outcome<Proposal> find_proposal(const Environment& environment, std::string_view token) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Proposal> {
    const auto row = find_row(connection, token);
    if (!row) return domain::NotFound{};
    return load(connection, *row);
  });
}

Outcome<PracticeId> save_proposal(const Environment& environment, const Call& call,
                                  std::string_view token, std::int64_t version,
                                  const PracticeForm& form) {
  const auto work = [&](storage::Connection& connection) -> Outcome<PracticeId> {
    const auto row = find_row(connection, token);
    if (!row) return domain::NotFound{};
    if (storage::lock_practice(connection, row->practice) != PracticeStatus::draft)
      return domain::Conflict{"practice_step"};
    auto saved =
        change_practice_in(connection, environment, as_service(call), row->practice, version, form);
    if (saved) storage::touch_proposal(connection, row->practice, environment.clock->now());
    return saved;
  };
  return run_once_for_id<PracticeId>(environment, call, "save_proposal", work);
}

Outcome<PracticeId> submit_proposal(const Environment& environment, const Call& call,
                                    std::string_view token, const std::string& representative) {
  const auto work = [&](storage::Connection& connection) -> Outcome<PracticeId> {
    const auto row = find_row(connection, token);
    if (!row) return domain::NotFound{};
    if (storage::lock_practice(connection, row->practice) != PracticeStatus::draft)
      return domain::Conflict{"practice_step"};
    const auto practice = *storage::find_practice(connection, key_of(row->practice));
    if (auto lacks = what_it_lacks(practice); !lacks.empty()) return lacks;
    // Once confirmed, what was sent back goes straight to who verifies.
    if (row->confirmed_at)
      return move_practice_in(connection, environment, as_service(call), row->practice, {});
    const auto asked = representatives(connection, practice, representative);
    if (!asked) return asked.failure();
    const std::string own = make_token();
    storage::ask_to_confirm(connection, row->practice, asked->front(), hash_token(own),
                            environment.clock->now());
    record_activity(connection, environment, as_service(call), "practice.confirmation_asked",
                    "practice", row->practice.value);
    for (const auto& email : *asked) {
      PracticeMail mail{"practice_confirmation_asked"};
      mail.email = email;
      mail.path = "/praktyki/potwierdzenie/" + own;
      mail.about = practice.title;
      mail.proposer = row->name;
      send_practice_mail(connection, environment, mail);
    }
    return row->practice;
  };
  return run_once_for_id<PracticeId>(environment, call, "submit_proposal", work);
}

Outcome<Proposal> find_confirmation(const Environment& environment, std::string_view token) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Proposal> {
    if (token.size() != kTokenLength) return domain::NotFound{};
    const auto row = storage::find_proposal_to_confirm(connection, hash_token(token));
    if (!row) return domain::NotFound{};
    return load(connection, *row);
  });
}

Outcome<PracticeId> confirm_proposal(const Environment& environment, const Call& call,
                                     std::string_view token, std::int64_t version) {
  const auto work = [&](storage::Connection& connection) -> Outcome<PracticeId> {
    if (token.size() != kTokenLength) return domain::NotFound{};
    const auto row = storage::find_proposal_to_confirm(connection, hash_token(token));
    if (!row) return domain::NotFound{};
    const auto status = storage::lock_practice(connection, row->practice);
    if (row->confirmed_at) return row->practice;
    if (status != PracticeStatus::draft) return domain::Conflict{"practice_step"};
    const auto practice = *storage::find_practice(connection, key_of(row->practice));
    if (practice.version != version) return domain::Stale{};
    storage::confirm_proposal(connection, row->practice, row->confirm_email,
                              environment.clock->now());
    record_activity(connection, environment, as_service(call), "practice.confirmed", "practice",
                    row->practice.value);
    return move_practice_in(connection, environment, as_service(call), row->practice, {});
  };
  return run_once_for_id<PracticeId>(environment, call, "confirm_proposal", work);
}

}  // namespace narada::usecases
