#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// Writes the activity row of a change to the catalogue: "meeting.changed" of "meeting:12".
// `details` is a JSON object.
void record_activity(storage::Connection& connection, const Environment& environment,
                     const Call& call, std::string_view verb, std::string_view subject_kind,
                     std::int64_t subject_id, std::optional<domain::MeetingId> meeting = {},
                     std::string details = "{}");

// The details of a change: each field that differs, {"fields": [name…], "before": {…}, "after":
// {…}}. Values are kept of times, numbers, choices and ids; of what somebody typed, in which people
// may be named, only that it changed, because the log cannot forget.
class ChangeNote {
 public:
  ChangeNote();
  ~ChangeNote();
  ChangeNote(const ChangeNote&) = delete;
  ChangeNote& operator=(const ChangeNote&) = delete;

  void add(std::string_view field, const std::string& before, const std::string& after);
  void add_name(std::string_view field);
  std::string details() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The call as the log names it where somebody changes a claim of their own: by the claim, not by
// their account. The log is never rewritten, and after the time of a claim nothing may tell whose
// it was.
Call as_holder(Call call, domain::PersonId person);

// Tells the catalogue's cache, where there is one, that a write has been committed.
void note_catalogue_write(const Environment& environment);

}  // namespace narada::usecases
