#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notifications/mail_facts.h"
#include "service/domain/institution.h"
#include "service/domain/organizer_message.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/tasks.h"

namespace narada::usecases {

// What organizers write, in their own words, to the people of a meeting or of a cycle. All of it is
// for who organizes the meeting or cycle; NotFound for others.

inline constexpr std::size_t kLongestMessageSubject = 200;  // characters
inline constexpr std::size_t kLongestMessageBody = 10'000;

struct MessageOrder {
  std::vector<domain::MessageGroup> groups;
  std::optional<domain::AttendanceMode> mode = {};
  std::optional<domain::InstitutionId> institution = {};
  domain::MessageTexts texts;
};

// One that was written before.
struct SentMessage {
  domain::OrganizerMessageId id;
  std::vector<domain::MessageGroup> groups;
  std::optional<domain::AttendanceMode> mode;
  std::string institution_name;
  domain::MessageTexts texts;
  std::string written_by;  // by name; empty: somebody who has been erased
  domain::Instant created_at{};
  domain::Instant leaves_at{};
  std::optional<domain::Instant> taken_back_at;
  std::optional<domain::TaskId> task;
  int people = 0;
  int waiting = 0;
  int sent = 0;
  int failed = 0;  // came to nothing for one reason or another
};

// What a message is written from.
struct MessageDesk {
  domain::MessageScope scope;
  std::string title;
  std::vector<std::pair<domain::MessageGroup, int>> numbers;  // people who could be written to
  struct Office {
    domain::InstitutionId id;
    std::string name;
  };
  std::vector<Office> offices;    // of the people, by name
  std::vector<SentMessage> sent;  // newest first
};
domain::Outcome<MessageDesk> load_message_desk(const Environment&, const Actor&,
                                               const domain::MessageScope&);

struct MessagePreview {
  std::size_t people = 0;
  std::size_t addresses = 0;
  struct Omitted {
    std::string name;  // empty: erased
    domain::LeftOut why;
  };
  std::vector<Omitted> left_out;
  std::vector<std::string> names;                 // of everybody it goes to
  std::vector<notifications::MailFacts> samples;  // of two of them, without keys of real links
  domain::Instant leaves_at{};
};
// FieldErrors: groups (required), subject, body, subject_en, body_en (required where the other one
// of the language is there, too_long, unknown_message_placeholder {text}). Conflict
// nobody_to_write.
domain::Outcome<MessagePreview> preview_message(const Environment&, const Actor&,
                                                const domain::MessageScope&, const MessageOrder&);

struct StartedMessage {
  domain::OrganizerMessageId message;
  domain::TaskId task;
};
// Says who it is for, and begins the task that writes one mail to each; nothing leaves before the
// hold is over. Forbidden to who is no person.
domain::Outcome<StartedMessage> send_message(const Environment&, const Call&,
                                             const domain::MessageScope&, const MessageOrder&);
// While it is held; none of its mails is sent then. Conflict nothing_held. The number of mails.
domain::Outcome<int> take_back_message(const Environment&, const Call&, const domain::MessageScope&,
                                       domain::OrganizerMessageId);
domain::Outcome<std::vector<SentMessage>> list_messages(const Environment&, const Actor&,
                                                        const domain::MessageScope&);

// The task that writes the mails, some at a time. Each row of a person becomes a mail in the
// transaction that says so: whoever goes on after a crash writes nobody twice.
inline constexpr std::string_view kMessageTask = "send_message";
TaskWork make_message_work(const Environment& environment);  // which outlives it

}  // namespace narada::usecases
