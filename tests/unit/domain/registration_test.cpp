#include "service/domain/registration.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

using namespace narada::domain;
using std::chrono::seconds;

namespace {

constexpr Instant kNow{seconds{1'800'000'000}};
constexpr seconds kHour{3600};

Seats seats(std::optional<int> capacity, int confirmed, int held = 0, int waiting = 0) {
  return {true, capacity, confirmed, held, waiting};
}

// Published, tomorrow, on site, 40 places, none taken.
MeetingSummary open_meeting() {
  MeetingSummary meeting;
  meeting.status = MeetingStatus::published;
  meeting.times.starts_at = kNow + 24 * kHour;
  meeting.onsite = seats(40, 0);
  return meeting;
}

std::string describe(const Admission& admission) {
  if (std::holds_alternative<Confirmed>(admission)) return "confirmed";
  if (std::holds_alternative<Waitlisted>(admission)) return "waitlisted";
  if (std::holds_alternative<AwaitsApproval>(admission)) return "awaits approval";
  const auto& refused = std::get<Refused>(admission);
  return "refused " + refused.code + (refused.field.empty() ? "" : " at " + refused.field);
}

struct AdmissionCase {
  const char* name;
  std::function<void(MeetingSummary&)> arrange;
  std::string admission;  // for a newcomer on site
  std::string state;
};

const std::vector<AdmissionCase>& admission_cases() {
  static const std::vector<AdmissionCase> cases{
      {"a free place is given at once", [](auto&) {}, "confirmed", "open"},
      {"the last place is given", [](auto& m) { m.onsite = seats(40, 39); }, "confirmed", "open"},
      {"no limit, no end", [](auto& m) { m.onsite = seats(std::nullopt, 9000); }, "confirmed",
       "open"},
      {"a full meeting queues", [](auto& m) { m.onsite = seats(40, 40); }, "waitlisted",
       "waiting_list"},
      {"held places without a waiting list are open for whom they are held",
       [](auto& m) {
         m.onsite = seats(40, 30, 10);
         m.waitlist = false;
       },
       "refused full", "open"},
      {"held places are taken places", [](auto& m) { m.onsite = seats(40, 30, 10); }, "waitlisted",
       "waiting_list"},
      {"a newcomer queues behind people already waiting",
       [](auto& m) { m.onsite = seats(40, 39, 0, 1); }, "waitlisted", "waiting_list"},
      {"a newcomer queues behind people waiting without limit",
       [](auto& m) { m.onsite = seats(std::nullopt, 3, 0, 1); }, "waitlisted", "waiting_list"},
      {"more confirmed than places, after the room shrank",
       [](auto& m) { m.onsite = seats(10, 12); }, "waitlisted", "waiting_list"},
      {"full without a queue is full",
       [](auto& m) {
         m.onsite = seats(40, 40);
         m.waitlist = false;
       },
       "refused full", "full"},
      {"people left waiting keep a closed queue's place",
       [](auto& m) {
         m.onsite = seats(40, 39, 0, 1);
         m.waitlist = false;
       },
       "refused full", "full"},
      {"approval comes before seats",
       [](auto& m) {
         m.onsite = seats(40, 40);
         m.approval = true;
       },
       "awaits approval", "open"},
      {"a draft is not there yet", [](auto& m) { m.status = MeetingStatus::draft; },
       "refused not_published", "not_published"},
      {"a cancelled meeting takes nobody", [](auto& m) { m.status = MeetingStatus::cancelled; },
       "refused meeting_cancelled", "cancelled"},
      {"a meeting that starts now is past", [](auto& m) { m.times.starts_at = kNow; },
       "refused meeting_past", "past"},
      {"a second before the start is in time",
       [](auto& m) { m.times.starts_at = kNow + seconds{1}; }, "confirmed", "open"},
      {"cancelled is said before past",
       [](auto& m) {
         m.status = MeetingStatus::cancelled;
         m.times.starts_at = kNow - kHour;
       },
       "refused meeting_cancelled", "cancelled"},
      {"the window opens later", [](auto& m) { m.window.opens_at = kNow + seconds{1}; },
       "refused window_not_open", "not_yet_open"},
      {"the window opens now", [](auto& m) { m.window.opens_at = kNow; }, "confirmed", "open"},
      {"the window closes now", [](auto& m) { m.window.closes_at = kNow; }, "refused window_closed",
       "closed"},
      {"the window closes later", [](auto& m) { m.window.closes_at = kNow + seconds{1}; },
       "confirmed", "open"},
      {"a closed window comes before approval",
       [](auto& m) {
         m.window.closes_at = kNow;
         m.approval = true;
       },
       "refused window_closed", "closed"},
      {"online only has no place on site",
       [](auto& m) {
         m.onsite = {};
         m.online = seats(100, 0);
       },
       "refused mode_not_offered at mode", "open"},
      {"a mode that is not offered is no matter of approval",
       [](auto& m) {
         m.onsite = {};
         m.online = seats(100, 0);
         m.approval = true;
       },
       "refused mode_not_offered at mode", "open"},
      {"full on site, free online",
       [](auto& m) {
         m.onsite = seats(40, 40);
         m.online = seats(100, 0);
       },
       "waitlisted", "open"},
      {"free on site, full online", [](auto& m) { m.online = seats(100, 100); }, "confirmed",
       "open"},
      {"no mode at all", [](auto& m) { m.onsite = {}; }, "refused mode_not_offered at mode",
       "closed"},
  };
  return cases;
}

}  // namespace

TEST_CASE("the rules say the same to a newcomer and to the page that shows the meeting") {
  for (const AdmissionCase& row : admission_cases()) {
    CAPTURE(row.name);
    MeetingSummary meeting = open_meeting();
    row.arrange(meeting);
    CHECK(describe(decide_admission(meeting, AttendanceMode::onsite, kNow)) == row.admission);
    CHECK(to_string(decide_registration_state(meeting, kNow)) == row.state);
  }
}

TEST_CASE("each attendance mode has its own places") {
  MeetingSummary meeting = open_meeting();
  meeting.onsite = seats(40, 40);
  meeting.online = seats(100, 99);
  CHECK(seats_of(meeting, AttendanceMode::onsite) == seats(40, 40));
  CHECK(seats_of(meeting, AttendanceMode::online) == seats(100, 99));
  CHECK(describe(decide_admission(meeting, AttendanceMode::onsite, kNow)) == "waitlisted");
  CHECK(describe(decide_admission(meeting, AttendanceMode::online, kNow)) == "confirmed");
}

TEST_CASE("as many of those waiting move up as places are free") {
  struct Row {
    const char* name;
    Seats seats;
    int promotions;
  };
  const std::vector<Row> rows{
      {"nobody waits", seats(40, 10), 0},
      {"one place, five waiting", seats(40, 39, 0, 5), 1},
      {"five places, two waiting", seats(40, 35, 0, 2), 2},
      {"held places are not free", seats(40, 35, 5, 2), 0},
      {"over-full after the room shrank", seats(10, 12, 0, 3), 0},
      {"without limit everybody", seats(std::nullopt, 10, 0, 7), 7},
      {"a mode that is no longer offered", Seats{false, 40, 0, 0, 3}, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(decide_promotions(row.seats) == row.promotions);
  }
}

TEST_CASE("a registration is active while it claims or holds a place") {
  std::vector<std::string> active;
  for (const auto status :
       {RegistrationStatus::pending, RegistrationStatus::confirmed, RegistrationStatus::waitlisted,
        RegistrationStatus::cancelled, RegistrationStatus::declined, RegistrationStatus::attended,
        RegistrationStatus::absent}) {
    if (is_active(status)) active.emplace_back(to_string(status));
  }
  CHECK(active == std::vector<std::string>{"pending", "confirmed", "waitlisted"});
}
