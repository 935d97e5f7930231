#include "service/usecases/registrations/registration_memory.h"

#include <doctest/doctest.h>

using namespace narada;
using namespace narada::usecases;
using std::chrono::seconds;

namespace {

RegistrationMemory::Meeting meeting_of(std::int64_t version) {
  auto seated = std::make_shared<storage::SeatedMeeting>();
  seated->meeting.version = version;
  return seated;
}

const domain::Instant kNow{seconds(1'800'000'000)};

}  // namespace

TEST_CASE("a meeting is remembered for two seconds") {
  RegistrationMemory memory;
  memory.keep_meeting("a", meeting_of(7), kNow);
  CHECK(memory.find_meeting("a", kNow)->meeting.version == 7);
  CHECK(memory.find_meeting("a", kNow + seconds(1))->meeting.version == 7);
  CHECK_FALSE(memory.find_meeting("a", kNow + seconds(2)));
  CHECK_FALSE(memory.find_meeting("a", kNow - seconds(1)));
  CHECK_FALSE(memory.find_meeting("b", kNow));
  memory.keep_meeting("a", meeting_of(8), kNow + seconds(5));
  CHECK(memory.find_meeting("a", kNow + seconds(6))->meeting.version == 8);
  memory.forget_meeting("a");
  CHECK_FALSE(memory.find_meeting("a", kNow + seconds(6)));
}

TEST_CASE("institutions are remembered by the key that was typed") {
  RegistrationMemory memory;
  domain::InstitutionRef institution;
  institution.name = "Gliwice";
  memory.keep_institution("2466011", institution, kNow);
  CHECK(memory.find_institution("2466011", kNow)->name == "Gliwice");
  CHECK_FALSE(memory.find_institution("Gliwice", kNow));
  CHECK_FALSE(memory.find_institution("2466011", kNow + seconds(2)));
}

TEST_CASE("memory is bounded") {
  RegistrationMemory memory;
  for (int number = 0; number < 5000; ++number) {
    memory.keep_meeting(std::to_string(number), meeting_of(number), kNow);
  }
  int kept = 0;
  for (int number = 0; number < 5000; ++number) {
    if (memory.find_meeting(std::to_string(number), kNow)) ++kept;
  }
  CHECK(kept > 0);
  CHECK(kept <= 1024);
}
