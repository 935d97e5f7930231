#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// What is not sent for now: everything, what goes to many, or what is about one meeting. Urgent
// mails (priority 0) leave in spite of it.
namespace narada::storage {

inline constexpr const char* kPauseOfAll = "all";
inline constexpr const char* kPauseOfBulk = "bulk";
std::string pause_key_of(domain::MeetingId meeting);

struct MailPause {
  std::string key;
  std::optional<domain::MeetingId> meeting;
  std::string meeting_title;
  domain::Instant paused_at{};
  std::optional<domain::PersonId> paused_by;  // absent: the program
  std::string paused_by_name;                 // empty: nobody, or erased
};
// Those of everything first, then by time.
std::vector<MailPause> list_mail_pauses(Connection& connection);

// In a transaction. False: it is paused already, and stays as it was.
bool save_mail_pause(Connection& connection, const std::string& key,
                     std::optional<domain::MeetingId> meeting,
                     std::optional<domain::PersonId> person, domain::Instant now);
// In a transaction. False: it was not paused.
bool delete_mail_pause(Connection& connection, const std::string& key,
                       std::optional<domain::MeetingId> meeting);

// In a transaction: gives the mail back, as it was, and passes it over until its meeting is
// resumed, if that is still paused.
void release_paused_mail(Connection& connection, const std::string& claim,
                         domain::OutgoingMailId mail, std::optional<domain::MeetingId> meeting);

}  // namespace narada::storage
