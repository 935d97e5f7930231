#include "service/usecases/registrations/registration_json.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace narada;
using namespace narada::usecases;

namespace {

domain::Registration full_registration() {
  domain::Registration registration;
  registration.id.value = 7;
  registration.meeting.value = 3;
  registration.person.id.value = 5;
  registration.person.full_name = "Łucja \"Lu\" Żółć";
  registration.person.email = "lucja@urzad.example";
  registration.person.position = "inspektor";
  registration.person.unit = "Wydział";
  registration.person.phone = "+48 123";
  registration.person.language = domain::Language::en;
  registration.person.institution =
      domain::InstitutionRef{domain::InstitutionId{9},
                             "gliwice",
                             "2466011",
                             "Gliwice",
                             domain::InstitutionKind::city_with_county_rights,
                             domain::GeoPoint{50.29, 18.65}};
  registration.status = domain::RegistrationStatus::waitlisted;
  registration.mode = domain::AttendanceMode::online;
  registration.queue_position = 4;
  registration.enrolment = domain::EnrolmentId{11};
  registration.needs = "PJM\npętla";
  registration.question = "Kiedy?";
  registration.visible = true;
  registration.clause_version = 2;
  registration.created_at = domain::Instant(std::chrono::seconds(1'800'000'000));
  registration.updated_at = domain::Instant(std::chrono::seconds(1'800'000'001));
  registration.confirmed_at = domain::Instant(std::chrono::seconds(1'800'000'002));
  registration.cancelled_at = domain::Instant(std::chrono::seconds(1'800'000'003));
  registration.decline_reason = "bo tak";
  registration.version = 6;
  return registration;
}

}  // namespace

TEST_CASE("a stored registration comes back as it was") {
  domain::Registration bare;
  bare.id.value = 1;
  for (const auto& registration : {full_registration(), bare}) {
    const std::string text = write_registration(registration);
    CHECK(write_registration(read_registration(text)) == text);
  }
  const auto back = read_registration(write_registration(full_registration()));
  CHECK(back.person.full_name == "Łucja \"Lu\" Żółć");
  CHECK(back.person.institution->teryt == "2466011");
  CHECK(back.person.institution->position == domain::GeoPoint{50.29, 18.65});
  CHECK(back.queue_position == 4);
  CHECK(back.visible);
  CHECK(back.enrolment == domain::EnrolmentId{11});
  CHECK(back.created_at == full_registration().created_at);
  CHECK(back.cancelled_at == full_registration().cancelled_at);
  CHECK_FALSE(read_registration(write_registration(bare)).queue_position);
}

TEST_CASE("a result from before people were asked whether others may see them is not visible") {
  std::string text = write_registration(full_registration());
  const std::string field = R"(,"visible":true)";
  REQUIRE(text.find(field) != std::string::npos);
  text.erase(text.find(field), field.size());
  CHECK_FALSE(read_registration(text).visible);
}

TEST_CASE("results of registering and enrolling come back as they were") {
  const Registered registered{full_registration(), true, "https://narada.example/z/abc"};
  const auto again = read_registered(write_registered(registered));
  CHECK(again.created);
  CHECK(again.manage_url == registered.manage_url);
  CHECK(again.registration.id == registered.registration.id);

  Enrolled enrolled;
  enrolled.id.value = 4;
  enrolled.registrations = {full_registration(), full_registration()};
  enrolled.skipped = {"Sesja 2: full"};
  enrolled.created = true;
  enrolled.manage_urls = {"a", ""};
  const std::string text = write_enrolled(enrolled);
  CHECK(write_enrolled(read_enrolled(text)) == text);
  CHECK(read_enrolled(text).registrations.size() == 2);
}

TEST_CASE("what is no stored result is refused") {
  for (const char* text : {"", "{", "[]", "{}", "null", R"({"id":"x"})"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(read_registration(text), std::invalid_argument);
    CHECK_THROWS_AS(read_registered(text), std::invalid_argument);
    CHECK_THROWS_AS(read_enrolled(text), std::invalid_argument);
  }
}
