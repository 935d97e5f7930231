// Whom organizers could invite, and what becomes of each.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "service/domain/enum_names.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/invitees/invited_to.h"
#include "service/usecases/invitees/invitee_sending.h"
#include "service/usecases/invitees/invitees.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/invitee_candidate_store.h"
#include "sql/invitee_store.h"

namespace narada::usecases {
namespace {

constexpr domain::EnumNames<CandidateVerdict, 6> kVerdicts{
    {"fresh", "repeated", "listed", "present", "objected", "wrong"}};
static_assert(is_complete(kVerdicts, CandidateVerdict::wrong));

// Domains of private mailboxes say nothing about an office.
constexpr std::array<std::string_view, 16> kPrivateDomains{
    "gmail.com",  "wp.pl",       "o2.pl",       "onet.pl",  "onet.eu", "interia.pl",
    "interia.eu", "poczta.fm",   "op.pl",       "vp.pl",    "tlen.pl", "gazeta.pl",
    "icloud.com", "outlook.com", "hotmail.com", "yahoo.com"};

// One reading of a selection.
struct Reading {
  storage::Connection& connection;
  const Environment& environment;
  const Actor& actor;
  const InvitedTo& to;
  const InviteeSelection& selection;

  domain::Reach reach() const { return domain::reach_of(actor, Action::see_participants); }
};

Candidate of_known(const storage::KnownInvitee& known) {
  Candidate candidate;
  candidate.full_name = known.full_name;
  candidate.email = known.email;
  candidate.job_title = known.job_title;
  candidate.institution = known.institution;
  candidate.person = known.person;
  candidate.language = known.language;
  return candidate;
}

std::vector<Candidate> of_known(const std::vector<storage::KnownInvitee>& people) {
  std::vector<Candidate> candidates;
  for (const auto& person : people) candidates.push_back(of_known(person));
  return candidates;
}

// ---- Of a text

// The institution of each typed text, or the rule that it breaks; each text is looked up once.
class TypedInstitutions {
 public:
  explicit TypedInstitutions(storage::Connection& connection) : connection_(connection) {}

  std::optional<domain::InstitutionRef> find(const std::string& typed,
                                             domain::FieldErrors& errors) {
    const auto [known, is_new] = known_.try_emplace(make_name_key(typed));
    if (is_new)
      known->second.institution = resolve_institution(connection_, typed, known->second.errors);
    errors.insert(errors.end(), known->second.errors.begin(), known->second.errors.end());
    return known->second.institution;
  }

 private:
  struct Known {
    std::optional<domain::InstitutionRef> institution;
    domain::FieldErrors errors;
  };
  storage::Connection& connection_;
  std::map<std::string, Known> known_;
};

// Who has this address and, where one was typed, this name; of a shared mailbox nobody is guessed.
const storage::KnownInvitee* find_known(const std::vector<storage::KnownInvitee>& known,
                                        const Candidate& candidate) {
  const auto email = make_email_key(candidate.email);
  const storage::KnownInvitee* found = nullptr;
  for (const auto& one : known) {
    if (make_email_key(one.email) != email) continue;
    if (!candidate.full_name.empty()) {
      if (make_name_key(one.full_name) == make_name_key(candidate.full_name)) return &one;
      continue;
    }
    if (found) return nullptr;
    found = &one;
  }
  return found;
}

void fill_from(const storage::KnownInvitee& known, Candidate& candidate) {
  candidate.person = known.person;
  candidate.language = known.language;
  if (candidate.full_name.empty()) candidate.full_name = known.full_name;
  if (candidate.job_title.empty()) candidate.job_title = known.job_title;
  if (!candidate.institution) candidate.institution = known.institution;
}

Candidate of_row(const PastedInvitee& row, TypedInstitutions& institutions,
                 domain::Language language) {
  Candidate candidate;
  candidate.line = row.line;
  candidate.text = row.text;
  candidate.full_name = row.full_name;
  candidate.email = row.email;
  candidate.job_title = row.job_title;
  candidate.language = language;
  candidate.errors = row.errors;
  if (!row.institution.empty())
    candidate.institution = institutions.find(row.institution, candidate.errors);
  if (!candidate.errors.empty()) candidate.verdict = CandidateVerdict::wrong;
  candidate.meant_domain = find_meant_domain(row.email);
  return candidate;
}

// What the domain of an address suggests, asked once for each of the first domains.
void suggest_institutions(const Reading& reading, std::vector<Candidate>& candidates) {
  constexpr std::size_t kMostDomains = 50;
  std::map<std::string, std::optional<domain::InstitutionRef>> asked;
  for (auto& candidate : candidates) {
    if (candidate.institution || candidate.verdict == CandidateVerdict::wrong) continue;
    const auto domain = make_email_key(candidate.email.substr(candidate.email.rfind('@') + 1));
    if (std::find(kPrivateDomains.begin(), kPrivateDomains.end(), domain) != kPrivateDomains.end())
      continue;
    if (!asked.contains(domain)) {
      if (asked.size() == kMostDomains) continue;
      asked[domain] =
          storage::find_institution_of_domain(reading.connection, domain, reading.reach());
    }
    candidate.institution = asked[domain];
    candidate.is_suggestion = candidate.institution.has_value();
  }
}

domain::Outcome<std::vector<Candidate>> read_text(const Reading& reading) {
  const auto rows = parse_invitees(reading.selection.text);
  if (!rows) return rows.failure();
  TypedInstitutions institutions(reading.connection);
  std::vector<Candidate> candidates;
  std::vector<std::string> addresses;
  for (const auto& row : *rows) {
    candidates.push_back(of_row(row, institutions, reading.selection.language));
    if (candidates.back().verdict != CandidateVerdict::wrong)
      addresses.push_back(make_email_key(row.email));
  }
  const auto known = storage::find_known_invitees(reading.connection, addresses, reading.reach());
  for (auto& candidate : candidates) {
    if (candidate.verdict == CandidateVerdict::wrong) continue;
    if (const auto* one = find_known(known, candidate)) fill_from(*one, candidate);
  }
  suggest_institutions(reading, candidates);
  return candidates;
}

// ---- Of what is known

domain::Outcome<std::vector<Candidate>> read_institution(const Reading& reading) {
  domain::FieldErrors errors;
  const auto typed =
      check_text(reading.selection.institution, "institution", kInstitutionBounds, errors);
  if (!errors.empty()) return errors;
  const auto institution = resolve_institution(reading.connection, typed, errors);
  if (!institution) return errors;
  return of_known(storage::list_people_of(reading.connection, institution->id, reading.reach()));
}

std::vector<domain::InstitutionRef> list_offices(const Reading& reading) {
  if (reading.selection.association.empty())
    return storage::list_institutions_of(reading.connection, reading.to.scope);
  return storage::list_members_of(reading.connection, reading.selection.association,
                                  reading.environment.clock->now());
}

Candidate of_address(const Reading& reading, const domain::InstitutionRef& office,
                     const std::string& address) {
  Candidate candidate;
  candidate.text = address;
  candidate.email = check_email(address, candidate.errors);
  candidate.institution = office;
  candidate.language = reading.selection.language;
  candidate.meant_domain = find_meant_domain(candidate.email);
  if (candidate.errors.empty()) return candidate;
  candidate.email = address;
  candidate.verdict = CandidateVerdict::wrong;
  return candidate;
}

// Coordinators, and what was typed for offices that have none.
std::vector<Candidate> read_coordinators(const Reading& reading,
                                         std::vector<domain::InstitutionRef>& without_address) {
  const auto offices = list_offices(reading);
  std::vector<domain::InstitutionId> ids;
  for (const auto& office : offices) ids.push_back(office.id);
  auto candidates = of_known(storage::list_coordinators_of(reading.connection, ids));
  std::set<domain::InstitutionId> known;
  for (const auto& candidate : candidates)
    if (candidate.institution) known.insert(candidate.institution->id);
  for (const auto& office : offices) {
    if (known.contains(office.id)) continue;
    const auto typed = reading.selection.addresses.find(office.id);
    if (typed == reading.selection.addresses.end() || typed->second.empty()) {
      without_address.push_back(office);
    } else {
      candidates.push_back(of_address(reading, office, typed->second));
    }
  }
  return candidates;
}

domain::Outcome<std::vector<Candidate>> read_edition(const Reading& reading) {
  const auto earlier = find_invitee_scope(reading.selection.edition);
  if (!earlier) return domain::FieldErrors{{"edition", "required"}};
  const auto there = find_invited_to(reading.connection, reading.environment, reading.actor,
                                     Action::see_participants, *earlier);
  if (!there) return domain::FieldErrors{{"edition", "unknown_edition"}};
  return of_known(
      storage::list_participants_of(reading.connection, *earlier, reading.selection.attended_only));
}

domain::Outcome<std::vector<Candidate>> read_candidates(
    const Reading& reading, std::vector<domain::InstitutionRef>& without_address) {
  switch (reading.selection.source) {
    case InviteeSource::typed:
    case InviteeSource::pasted:
      return read_text(reading);
    case InviteeSource::institution:
      return read_institution(reading);
    case InviteeSource::coordinators:
      return read_coordinators(reading, without_address);
    case InviteeSource::edition:
      return read_edition(reading);
  }
  return std::vector<Candidate>{};
}

// ---- What becomes of each

// Whose address and name are known by now; somebody without a name is whoever has the address.
class Addresses {
 public:
  void add(const std::string& email, const std::string& full_name) {
    names_[make_email_key(email)].insert(make_name_key(full_name));
  }
  bool has(const Candidate& candidate) const {
    const auto found = names_.find(make_email_key(candidate.email));
    if (found == names_.end()) return false;
    const auto name = make_name_key(candidate.full_name);
    return name.empty() || found->second.contains(name) || found->second.contains("");
  }

 private:
  std::map<std::string, std::set<std::string>> names_;
};

Addresses of_list(const Reading& reading) {
  Addresses addresses;
  for (const auto& invitee :
       storage::list_invitees(reading.connection, reading.to.scope, kMostInvitees))
    addresses.add(invitee.email, invitee.full_name);
  return addresses;
}

Addresses of_present(const Reading& reading) {
  Addresses addresses;
  for (const auto& present : storage::list_present_addresses(reading.connection, reading.to.scope))
    addresses.add(present.email_key, present.full_name);
  return addresses;
}

std::set<std::string> find_objecting(const Reading& reading,
                                     const std::vector<Candidate>& candidates) {
  std::vector<std::string> digests;
  for (const auto& candidate : candidates)
    digests.push_back(objection_digest(reading.environment, make_email_key(candidate.email)));
  return storage::find_objections(reading.connection, digests);
}

void judge(const Reading& reading, std::vector<Candidate>& candidates) {
  const auto listed = of_list(reading);
  const auto present = of_present(reading);
  const auto objecting = find_objecting(reading, candidates);
  Addresses seen;
  for (auto& candidate : candidates) {
    if (candidate.verdict == CandidateVerdict::wrong) continue;
    const auto digest = objection_digest(reading.environment, make_email_key(candidate.email));
    if (objecting.contains(digest)) {
      candidate.verdict = CandidateVerdict::objected;
    } else if (present.has(candidate)) {
      candidate.verdict = CandidateVerdict::present;
    } else if (listed.has(candidate)) {
      candidate.verdict = CandidateVerdict::listed;
    } else if (seen.has(candidate)) {
      candidate.verdict = CandidateVerdict::repeated;
    }
    seen.add(candidate.email, candidate.full_name);
  }
}

domain::Outcome<InviteePreview> preview_in(storage::Connection& connection,
                                           const Environment& environment, const Actor& actor,
                                           const InviteeScope& scope,
                                           const InviteeSelection& selection) {
  const auto to = find_invited_to(connection, environment, actor, Action::organize, scope);
  if (!to) return to.failure();
  const Reading reading{connection, environment, actor, *to, selection};
  InviteePreview preview;
  auto candidates = read_candidates(reading, preview.without_address);
  if (!candidates) return candidates.failure();
  preview.candidates = std::move(*candidates);
  judge(reading, preview.candidates);
  for (const auto& candidate : preview.candidates) ++preview.counts[candidate.verdict];
  return preview;
}

// What was typed for an office without a coordinator comes from the organizer.
InviteeSource source_of(const Candidate& candidate, const InviteeSelection& selection) {
  const bool was_typed = selection.source == InviteeSource::coordinators && !candidate.person;
  return was_typed ? InviteeSource::typed : selection.source;
}

storage::NewInvitee to_new(const Candidate& candidate, const InviteeSelection& selection) {
  storage::NewInvitee invitee;
  invitee.email = candidate.email;
  invitee.email_key = make_email_key(candidate.email);
  invitee.full_name = candidate.full_name;
  invitee.job_title = candidate.job_title;
  if (candidate.institution && (!candidate.is_suggestion || selection.accept_suggestions))
    invitee.institution = candidate.institution->id;
  invitee.person = candidate.person;
  invitee.language = candidate.language;
  invitee.source = source_of(candidate, selection);
  return invitee;
}

domain::Outcome<InviteesAdded> add_in(storage::Connection& connection,
                                      const Environment& environment, const Call& call,
                                      const InviteeScope& scope,
                                      const InviteeSelection& selection) {
  auto preview = preview_in(connection, environment, call.actor, scope, selection);
  if (!preview) return preview.failure();
  InviteesAdded result;
  std::vector<storage::NewInvitee> fresh;
  for (auto& candidate : preview->candidates) {
    if (candidate.verdict == CandidateVerdict::fresh) {
      fresh.push_back(to_new(candidate, selection));
    } else if (candidate.verdict == CandidateVerdict::wrong) {
      result.wrong.push_back(std::move(candidate));
    } else {
      ++result.left_out;
    }
  }
  const auto before = storage::list_invitees(connection, scope, kMostInvitees).size();
  if (before + fresh.size() > static_cast<std::size_t>(kMostInvitees)) {
    return domain::FieldErrors{{"text", "too_many", {{"max", std::to_string(kMostInvitees)}}}};
  }
  result.added =
      storage::save_invitees(connection, scope, fresh, call.actor.text(), environment.clock->now());
  record_of_list(connection, environment, call, "invitees.added", scope,
                 fmt::format(R"({{"added":{},"source":"{}"}})", result.added,
                             domain::to_string(selection.source)));
  return result;
}

}  // namespace

std::string_view to_string(CandidateVerdict verdict) { return kVerdicts.name_of(verdict); }

domain::Outcome<InviteePreview> preview_invitees(const Environment& environment, const Actor& actor,
                                                 const InviteeScope& scope,
                                                 const InviteeSelection& selection) {
  return read_database(environment, [&](storage::Connection& connection) {
    return preview_in(connection, environment, actor, scope, selection);
  });
}

domain::Outcome<InviteesAdded> add_invitees(const Environment& environment, const Call& call,
                                            const InviteeScope& scope,
                                            const InviteeSelection& selection) {
  return run_once<InviteesAdded>(
      environment, call, "add_invitees",
      [&](storage::Connection& connection) {
        return add_in(connection, environment, call, scope, selection);
      },
      [](const InviteesAdded& result) {
        return fmt::format("{} {}", result.added, result.left_out);
      },
      [](const std::string& text) {
        InviteesAdded result;
        const auto space = text.find(' ');
        result.added = std::stoi(text.substr(0, space));
        result.left_out = std::stoi(text.substr(space + 1));
        return result;
      });
}

}  // namespace narada::usecases
