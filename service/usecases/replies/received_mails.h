#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/received_mail.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// What came to the reply mailbox, for who answers for the meetings (Action::see_mails); what is
// about none, or proves nothing, is for those who manage people.
using domain::ReceivedMail;

struct ReceivedMailFilter {
  std::optional<domain::ReceivedKind> kind;
  std::optional<bool> handled;
};
struct ReceivedMails {
  PageOf<ReceivedMail> mails;  // newest first
  std::int64_t waiting = 0;    // for somebody to look at, whatever the filter
};
domain::Outcome<ReceivedMails> list_received_mails(const Environment&, const Actor&,
                                                   const ReceivedMailFilter&, const PageRequest&);

struct ReceivedMailView {
  ReceivedMail mail;
  bool may_handle = false;
  std::optional<domain::SubstitutionProposalId> proposal;  // that waits for a decision
  std::optional<domain::Instant> dead_since;               // the address that a report is about
  std::string address;                                     // that one
};
domain::Outcome<ReceivedMailView> find_received_mail(const Environment&, const Actor&,
                                                     domain::ReceivedMailId);

// "Handled", or not after all; by who may organize the meeting. Twice is once.
domain::Outcome<domain::ReceivedMailId> handle_received_mail(const Environment&, const Call&,
                                                             domain::ReceivedMailId, bool handled);
// Mail to the address that this report is about is tried again. By the same people.
domain::Outcome<domain::ReceivedMailId> revive_address(const Environment&, const Call&,
                                                       domain::ReceivedMailId);

// What calendars have answered to the last version they were told, for registrations that the
// caller may see.
struct GivenAnswer {
  domain::CalendarAnswer answer{};
  domain::Instant answered_at{};
};
std::map<domain::RegistrationId, GivenAnswer> find_calendar_answers(
    const Environment&, const std::vector<domain::RegistrationId>&);

}  // namespace narada::usecases
