#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/overview.h"
#include "service/domain/people.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// /panel: what waits for whoever runs something, each part only as far as their roles reach. A few
// statements, however much there is.

// The meetings with one need, the next first.
struct NeedyMeetings {
  domain::MeetingNeed need{};
  std::vector<domain::OverviewMeeting> meetings;
};

// Mails that did not arrive, or not yet at the first try.
struct MailTrouble {
  std::int64_t failed = 0;    // given up or bounced in the last kMailTroubleDays days
  std::int64_t awaiting = 0;  // tried, and to be tried again
};
inline constexpr int kMailTroubleDays = 14;

struct PracticeToVerify {
  domain::PracticeId id;
  std::string slug;
  std::string title;
  domain::Instant updated_at{};
};

// A change of a meeting whose mails have not left.
struct UndoableChange {
  domain::HeldChangeId id;
  domain::MeetingId meeting;
  std::string title;
  std::string kind;  // changed, cancelled, published, binned
  domain::Instant held_until{};
};

// A draft whose time came and that could not be published: see PublicationTime::problem.
struct FailedPublication {
  bool of_cycle = false;  // else of a meeting
  std::int64_t id = 0;
  std::string title;
  std::string problem;
};

struct Overview {
  std::vector<FailedPublication> unpublished;
  std::vector<UndoableChange> undoable;     // the first to leave first
  std::vector<NeedyMeetings> needs;         // those that any meeting has, in the order of the enum
  MailTrouble mails;                        // zero of who may not see mails
  std::vector<PracticeToVerify> practices;  // the oldest first, at most kMostPractices
  domain::PanelCounts counts;               // zero of what the actor may not see
  std::vector<domain::PanelMeeting> meetings;  // in reach, not over, the next first; at most 20

  bool nothing_waits() const {
    return unpublished.empty() && undoable.empty() && needs.empty() && mails.failed == 0 &&
           mails.awaiting == 0 && practices.empty();
  }
};
inline constexpr int kMostPractices = 20;

// Forbidden for who has no panel.
domain::Outcome<Overview> load_overview(const Environment&, const Actor&);

}  // namespace narada::usecases
