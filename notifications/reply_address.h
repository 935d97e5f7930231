#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace narada::notifications {

// What a message that comes back is about. An address that this installation made is the proof that
// its writer received the mail: nothing else in a message is.
struct ReplyTarget {
  enum class About {
    registration,  // an answer to what somebody was told about their registration
    mail,          // a report of what became of one mail: where its envelope came from
  };
  About about = About::registration;
  std::int64_t id = 0;
  friend bool operator==(const ReplyTarget&, const ReplyTarget&) = default;
};

// "narada+r45-k3hd…@narada.example" for the mailbox "narada@narada.example" (subaddressing, RFC
// 5233): the same for the same target as long as `secret_key` is, so that a calendar sees one
// organizer through all versions of an invitation. 80 bits of a keyed digest, in lower case.
std::string make_reply_address(std::string_view mailbox, const ReplyTarget& target,
                               std::string_view secret_key);

// What an address is about that make_reply_address() made for this mailbox; in any case of letters,
// because mail servers change it. Absent for every other one.
std::optional<ReplyTarget> read_reply_address(std::string_view address, std::string_view mailbox,
                                              std::string_view secret_key);

}  // namespace narada::notifications
