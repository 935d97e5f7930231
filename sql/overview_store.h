#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/domain/overview.h"
#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// What the start of the panel asks. One statement each; `reach` says of which.

// Drafts and published ones that end after `since`, the next first.
std::vector<domain::OverviewMeeting> list_overview_meetings(Connection& connection,
                                                            const domain::Reach& reach,
                                                            domain::Instant since,
                                                            domain::Instant now, int limit);

struct MailTroubleRow {
  std::int64_t failed = 0;
  std::int64_t awaiting = 0;
};
// `of_accounts`: also those about no meeting.
MailTroubleRow count_mail_trouble(Connection& connection, const domain::Reach& reach,
                                  bool of_accounts, domain::Instant since);

struct DraftPractice {
  domain::PracticeId id;
  std::string slug;
  std::string title;
  domain::Instant updated_at{};
};
std::vector<DraftPractice> list_draft_practices(Connection& connection, const domain::Reach& reach,
                                                int limit);

// Drafts whose time came and that could not be published, by title.
struct FailedPublicationRow {
  bool of_cycle = false;
  std::int64_t id = 0;
  std::string title;
  std::string problem;
};
std::vector<FailedPublicationRow> list_failed_publications(Connection& connection,
                                                           const domain::Reach& reach);

struct HeldChangeRow {
  domain::HeldChangeId id;
  domain::MeetingId meeting;
  std::string title;
  std::string kind;
  domain::Instant held_until{};
};
// Not undone, and held beyond `now`.
std::vector<HeldChangeRow> list_held_changes(Connection& connection, const domain::Reach& reach,
                                             domain::Instant now);

}  // namespace narada::storage
