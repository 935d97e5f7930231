#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/content_digest.h"
#include "service/domain/file_facts.h"
#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// Contents of files and what their inspection found.
namespace narada::storage {

// Content that is in the store of files now: its row waits for the inspection. What was refused
// or lost waits once more, since the name or the rules may be others; what is ready stays so.
void expect_stored_file(Connection& connection, const domain::ContentDigest& digest,
                        std::int64_t size, domain::Instant now);

struct FileToInspect {
  domain::ContentDigest digest;
  std::int64_t size = 0;
  // That of the oldest material version or photo, else of the oldest upload; of what was refused
  // and waits once more the newest. Empty: not known.
  std::string file_name;
  int tries = 0;       // in vain
  int crashes = 0;     // of them, those that gave no answer
  bool again = false;  // is ready, and stays so meanwhile
};
// The oldest that waits, or is to be looked into again, and that nobody has claimed; it is the
// worker's until `until`. Absent: none.
std::optional<FileToInspect> claim_file_to_inspect(Connection& connection, std::string_view worker,
                                                   domain::Instant now, domain::Instant until);

struct InspectedFile {
  domain::ContentDigest digest;
  std::optional<domain::FileRefusal> refusal;
  std::string facts;  // JSON
  std::string text;
  domain::ContentDigest thumbnail;  // empty: none
  domain::ContentDigest gallery;
  domain::ContentDigest served;
};
// False when the file is not the worker's any more; else nobody else takes it until the transaction
// ends.
bool lock_claimed_file(Connection& connection, const domain::ContentDigest& digest,
                       std::string_view worker);
// Ends its claim.
void save_inspected_file(Connection& connection, const InspectedFile& file, domain::Instant now);
// Ends the claim of what was ready before, and leaves everything as it was found then.
void keep_ready_file(Connection& connection, const domain::ContentDigest& digest,
                     domain::Instant now);
// False when it is not refused any more; else nobody brings it again until the transaction ends.
bool lock_refused_file(Connection& connection, const domain::ContentDigest& digest);
// Given back, to be claimed by anybody from `after` on. `failed`: counts as a try in vain.
// `crashed`: also as one without an answer.
enum class Postponed { stopping, failed, crashed };
void postpone_inspection(Connection& connection, const domain::ContentDigest& digest,
                         std::string_view worker, Postponed why, domain::Instant after);
// A picture that was drawn of another file: ready as it is. `facts` as above.
void save_drawn_file(Connection& connection, const domain::ContentDigest& digest, std::int64_t size,
                     const std::string& facts, domain::Instant now);
// What is drawn of this one, by an earlier inspection, and of no other file.
std::vector<domain::ContentDigest> list_own_pictures(Connection& connection,
                                                     const domain::ContentDigest& digest);

// Unless a file has it for a picture.
void forget_drawn_file(Connection& connection, const domain::ContentDigest& digest);

// Everything that is ready is looked into once more. How many.
std::int64_t inspect_all_again(Connection& connection);

struct InspectionNumbers {
  std::int64_t waiting = 0;
  std::optional<domain::Instant> oldest;
  std::int64_t failing = 0;  // tried in vain
};
InspectionNumbers count_inspections(Connection& connection);

// Pictures of a content, as its readers get them; empty digests: none, and itself.
struct FilePictures {
  domain::ContentDigest thumbnail;
  domain::ContentDigest gallery;
  domain::ContentDigest served;
};
FilePictures find_file_pictures(Connection& connection, const domain::ContentDigest& digest);

}  // namespace narada::storage
