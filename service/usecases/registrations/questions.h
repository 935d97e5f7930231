#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/domain/questions.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// The questions of a meeting, for who organizes it: who may not finds none (NotFound), who may see
// the meeting alone is Forbidden. Each change raises the version of the meeting and leaves an
// activity meeting.questions_changed that names what was done and the question's id.

struct MeetingQuestions {
  domain::MeetingSummary meeting;
  bool challenge = false;  // "with what problem do you come?"
  domain::Questions questions;
  std::map<domain::QuestionId, std::int64_t> answered;  // by how many; absent: by nobody
  // Others that the actor organizes and whose questions can be copied, the latest first.
  struct Source {
    domain::MeetingId id;
    std::string title;
    domain::WallTime starts{};
  };
  std::vector<Source> sources;
};
domain::Outcome<MeetingQuestions> find_meeting_questions(const Environment&, const Actor&,
                                                         std::string_view meeting);

// `question` as typed; its id and whether it is retired do not count. At the end of the others.
domain::Outcome<domain::QuestionId> add_question(const Environment&, const Call&,
                                                 std::string_view meeting,
                                                 const domain::Question& question);
// Conflict has_answers where somebody has answered and the kind would be another.
domain::Outcome<domain::QuestionId> change_question(const Environment&, const Call&,
                                                    std::string_view meeting,
                                                    const domain::Question& question);

enum class QuestionStep { up, down, retire, restore, remove };
std::optional<QuestionStep> find_question_step(std::string_view name);
// up and down: among those that are asked at the same place. retire and remove: Conflict
// has_followers while others depend on it; what has answers is not removed, but retired.
domain::Outcome<domain::QuestionId> move_question(const Environment&, const Call&,
                                                  std::string_view meeting, domain::QuestionId,
                                                  QuestionStep);
// Those of another meeting that the actor organizes, without the retired; Conflict nothing_to_copy.
domain::Outcome<domain::MeetingId> copy_questions(const Environment&, const Call&,
                                                  std::string_view meeting, std::string_view from);

}  // namespace narada::usecases
