#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sql/held_change_store.h"

namespace narada::usecases {

// What undoing a change needs besides the meeting's own columns; nothing in it is about anybody but
// by id.
struct ChangeRecord {
  std::vector<domain::RegistrationId> known;  // all of the meeting's when it was made
  struct Touched {
    storage::Standing before;
    storage::Standing after;
  };
  std::vector<Touched> touched;
  std::vector<std::pair<domain::RegistrationId, std::int64_t>> created;
  std::vector<std::string> token_hashes;
  std::int64_t version = 0;  // of the meeting, before
};

// JSON; `tables` is storage::take_snapshot().
std::string write_record(const ChangeRecord& record, const std::string& tables);
// Throws std::exception on text that write_record() did not write.
ChangeRecord read_record(const std::string& json);

// "3,17".
std::string join_mail_ids(const std::vector<domain::OutgoingMailId>& ids);
std::vector<domain::OutgoingMailId> split_mail_ids(const std::string& text);

}  // namespace narada::usecases
