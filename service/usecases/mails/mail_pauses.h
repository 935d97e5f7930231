#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Sending that somebody has stopped for a while. What people sit and wait for, a link to sign in,
// leaves all the same; everything else stays in the outbox and leaves when it is resumed.

struct MailPauseScope {
  enum class Of { all, bulk, meeting };
  Of of = Of::all;
  std::optional<domain::MeetingId> meeting = {};  // of a meeting
};
// "all", "bulk", "meeting:45"; absent for anything else.
std::optional<MailPauseScope> parse_mail_pause_scope(std::string_view text);
std::string to_string(const MailPauseScope& scope);

struct MailPauseRecord {
  MailPauseScope scope;
  std::string meeting_title;
  domain::Instant paused_at{};
  std::string paused_by;  // by name; empty: the program, or somebody who has been erased
  bool may_resume = false;
};
struct MailPauseList {
  std::vector<MailPauseRecord> pauses;  // of everything, and of the meetings whose mails one sees
  bool may_pause_all = false;           // and what goes to many
};
// Forbidden for who reaches no mails.
domain::Outcome<MailPauseList> list_mail_pauses(const Environment&, const Actor&);

// The meeting of that id or slug, if the actor may pause its mails.
std::optional<domain::MeetingId> find_pausable_meeting(const Environment&, const Actor&,
                                                       std::string_view id_or_slug);

// Of a meeting by who organizes it; of everything, or of what goes to many, by who organizes
// everywhere. What is so already stays as it is. What a worker has in hand when it is paused still
// leaves. True: something changed.
domain::Outcome<bool> pause_mails(const Environment&, const Call&, const MailPauseScope&);
domain::Outcome<bool> resume_mails(const Environment&, const Call&, const MailPauseScope&);

}  // namespace narada::usecases
