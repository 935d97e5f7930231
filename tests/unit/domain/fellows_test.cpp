#include "service/domain/fellows.h"

#include <doctest/doctest.h>

using namespace narada::domain;

namespace {

constexpr PersonId kViewer{1};
constexpr PersonId kOther{2};
constexpr InstitutionId kGliwice{10};
constexpr InstitutionId kZgierz{20};

struct Row {
  const char* name;
  Participation viewer;
  Participation other;
  bool seen;
};

}  // namespace

TEST_CASE("who takes part sees those who agreed, and no others of what they say is their office") {
  constexpr auto confirmed = RegistrationStatus::confirmed;
  constexpr auto waiting = RegistrationStatus::waitlisted;
  const Row rows[] = {
      {"said to be a colleague",
       {kViewer, kGliwice, confirmed},
       {kOther, kGliwice, confirmed},
       false},
      {"a colleague, agreed",
       {kViewer, kGliwice, confirmed},
       {kOther, kGliwice, confirmed, true},
       true},
      {"of another office", {kViewer, kGliwice, confirmed}, {kOther, kZgierz, confirmed}, false},
      {"of another office, agreed",
       {kViewer, kGliwice, confirmed},
       {kOther, kZgierz, confirmed, true},
       true},
      {"agreeing oneself opens nothing",
       {kViewer, kGliwice, confirmed, true},
       {kOther, kZgierz, confirmed},
       false},
      {"neither has an office", {kViewer, {}, confirmed}, {kOther, {}, confirmed}, false},
      {"the viewer has none", {kViewer, {}, confirmed}, {kOther, kZgierz, confirmed}, false},
      {"the viewer has none, the other agreed",
       {kViewer, {}, confirmed},
       {kOther, kZgierz, confirmed, true},
       true},
      {"the viewer waits", {kViewer, kGliwice, waiting}, {kOther, kGliwice, confirmed}, false},
      {"the viewer waits, the other agreed",
       {kViewer, kGliwice, waiting},
       {kOther, kZgierz, confirmed, true},
       false},
      {"the other waits", {kViewer, kGliwice, confirmed}, {kOther, kGliwice, waiting, true}, false},
      {"the other cancelled",
       {kViewer, kGliwice, confirmed},
       {kOther, kGliwice, RegistrationStatus::cancelled, true},
       false},
      {"oneself", {kViewer, kGliwice, confirmed}, {kViewer, kGliwice, confirmed, true}, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(may_see_fellow(row.viewer, row.other) == row.seen);
  }
}
