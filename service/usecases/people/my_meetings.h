#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::usecases {

// One registration in a person's list.
struct MyRegistration {
  domain::RegistrationId id;
  domain::RegistrationStatus status = domain::RegistrationStatus::pending;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  std::optional<int> queue_position;  // 1 = next; only while waitlisted
  std::optional<domain::EnrolmentId> enrolment;
  domain::MeetingSummary meeting;
  bool unanswered = false;  // the organizer asks what has not been answered
  bool in_bin = false;      // the meeting's page is gone; its status is the one that it had
};

// A cycle in which the person is enrolled as a whole, and that is not over.
struct MyCycle {
  domain::EnrolmentId enrolment;
  std::string slug;
  std::string title;
  std::optional<domain::Instant> next_start;  // of a published meeting to come
  bool next_is_half_fixed = false;            // of that one the month alone is known
};

// Where a registration stands for its holder.
enum class MyPart {
  upcoming,   // has a place, also when the organizer has called the meeting off
  waiting,    // for a place or for approval
  past,       // the meeting is over
  withdrawn,  // cancelled or declined
};
MyPart part_of(const MyRegistration& registration, domain::Instant now);

struct MyMeetings {
  std::vector<MyRegistration> upcoming;   // the next one first
  std::vector<MyRegistration> waiting;    // the next one first
  std::vector<MyRegistration> past;       // the last one first
  std::vector<MyRegistration> withdrawn;  // the last one first
  std::vector<MyCycle> cycles;
  int feed_generation = 0;  // of the address of the calendar feed; 0: there is none

  bool nothing() const {
    return upcoming.empty() && waiting.empty() && past.empty() && withdrawn.empty() &&
           cycles.empty();
  }
};
// Of more than 1,000 registrations the latest. Three statements, however many there are.
MyMeetings list_my_meetings(const Environment&, domain::PersonId);

// One registration of the person behind the actor; NotFound for anybody else's, whatever the
// actor's roles.
domain::Outcome<RegistrationView> find_my_registration(const Environment&, const Actor&,
                                                       domain::RegistrationId);

}  // namespace narada::usecases
