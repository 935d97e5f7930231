#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/invitee.h"
#include "service/domain/meeting.h"
#include "service/domain/registration.h"

namespace narada::domain {

using OrganizerMessageId = Id<struct OrganizerMessageTag>;

// What a message or a survey belongs to.
using MessageScope = std::variant<MeetingId, CycleId>;

// Whom organizers write to.
enum class MessageGroup {
  participants,  // with a place, also when they are marked present already
  waiting,       // on the waiting list
  pending,       // who await the organizers' decision
  attended,
  absent,
  invited,  // on the list of invitees, written to, and not answered
};
std::string_view to_string(MessageGroup group);
std::optional<MessageGroup> find_message_group(std::string_view name);
inline constexpr std::size_t kMessageGroups = 6;

struct MessageAudience {
  std::vector<MessageGroup> groups;
  std::optional<AttendanceMode> mode = {};        // of registrations; absent: any
  std::optional<InstitutionId> institution = {};  // absent: any and none
  friend bool operator==(const MessageAudience&, const MessageAudience&) = default;
};

// Somebody who may be written to because of one registration or invitation; one person has as many
// of these as there are meetings of a cycle that they are registered for.
struct MessageCandidate {
  std::optional<RegistrationId> registration = {};
  std::optional<InviteeId> invitee = {};
  std::optional<PersonId> person = {};  // absent: an invitee who has never been here
  std::string full_name = {};           // empty: somebody who has been erased, or only an address
  std::string email = {};               // empty: somebody who has been erased
  Language language = Language::pl;
  std::optional<RegistrationStatus> status = {};  // of a registration
  AttendanceMode mode = AttendanceMode::onsite;
  std::optional<InstitutionId> institution = {};
  Instant starts_at{};           // of the meeting
  bool is_dead_address = false;  // mail to it has come back for good
};
// Whether the audience means this registration or invitation.
bool is_meant(const MessageCandidate& candidate, const MessageAudience& audience);

enum class LeftOut { erased, dead_address };
std::string_view to_string(LeftOut why);

// Indexes of candidates, in their order.
struct ChosenPeople {
  std::vector<std::size_t> recipients;  // one for each person
  std::vector<std::pair<std::size_t, LeftOut>> left_out;
  std::size_t addresses = 0;  // different ones among the recipients
};
// Whom of the candidates the audience means, each person once. Whose several registrations are
// meant is written to about the next meeting to come, or the last one when all are over. Who is
// registered is not written to once more as an invitee.
ChosenPeople choose_people(const std::vector<MessageCandidate>& candidates,
                           const MessageAudience& audience, Instant now);

// What may stand between braces in a message, under the Polish and the English name.
inline constexpr std::string_view kNamePlaceholder = "{osoba}";
inline constexpr std::string_view kLinkPlaceholder = "{link}";
// The first thing between braces that is neither; also a brace alone. Empty: none.
std::string find_unknown_placeholder(std::string_view text);
std::string fill_message(std::string_view text, std::string_view name, std::string_view link);

// A text in pieces: words, and the addresses of pages in them, without what ends a sentence.
struct TextPiece {
  std::string text;
  bool is_link = false;
  friend bool operator==(const TextPiece&, const TextPiece&) = default;
};
std::vector<TextPiece> split_links(std::string_view text);

// A text in the two languages of the site.
struct MessageText {
  std::string subject;
  std::string body;
  friend bool operator==(const MessageText&, const MessageText&) = default;
};
struct MessageTexts {
  MessageText polish;
  MessageText english;  // empty: everybody gets the Polish one
};
// In which language somebody is written to.
Language message_language(const MessageTexts& texts, Language wanted);

}  // namespace narada::domain
