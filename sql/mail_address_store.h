#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// What is known of addresses that mail has come back from.
namespace narada::storage {

struct MailAddress {
  std::optional<domain::Instant> dead_since;
  int hard_bounces = 0;
  int soft_bounces = 0;
  std::string last_reply;
};
std::optional<MailAddress> find_mail_address(Connection& connection, std::string_view email_key);
void mark_dead(Connection& connection, std::string_view email_key, const std::string& reply,
               domain::Instant now);
void count_soft_bounce(Connection& connection, std::string_view email_key, const std::string& reply,
                       domain::Instant now);
// False: nothing was known of it.
bool clear_mail_address(Connection& connection, std::string_view email_key);

// What keeps an ordinary mail from going now.
struct MailObstacles {
  // It would be in vain. Not once somebody has signed in by a link that went there, or has
  // registered with it, after it was marked.
  bool is_dead = false;
  bool is_paused = false;  // everything, what goes to many, or what is about the meeting
};
// One statement: it is asked before each mail.
MailObstacles find_mail_obstacles(Connection& connection, std::string_view email_key,
                                  std::optional<domain::MeetingId> meeting, bool is_bulk);

}  // namespace narada::storage
