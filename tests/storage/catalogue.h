#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "calendar/event.h"
#include "calendar/zone.h"
#include "service/usecases/environment.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "tests/support/database.h"

namespace narada::testing {

// A clock that stands until it is moved.
class StoppedClock final : public domain::Clock {
 public:
  domain::Instant now() const override { return now_; }
  void move_to(std::string_view rfc3339) { now_ = *calendar::parse_rfc3339(rfc3339); }
  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  domain::Instant now_ = *calendar::parse_rfc3339("2027-01-04T08:00:00+01:00");
};

inline domain::WallTime wall(std::string_view text) { return *calendar::parse_wall_time(text); }

// An empty, migrated database with what a test of the catalogue begins with: an organizer, a
// visitor, a few institutions and a topic.
struct Catalogue {
  Catalogue() {
    static const bool initialized = (calendar::initialize(), true);
    static_cast<void>(initialized);
    environment.pool = &database.pool();
    environment.clock = &clock;
    environment.base_url = "https://narada.example";
    environment.mail_from = "narada@narada.example";
    environment.mail_from_name = "Narada";
    organizer.actor =
        usecases::Actor{usecases::Actor::Kind::token, 1, {{usecases::Role::organizer, {}}}};
    organizer.request_id = "request-1";
  }

  usecases::InstitutionForm municipality(const std::string& name, const std::string& teryt) const {
    usecases::InstitutionForm form;
    form.name = name;
    form.teryt = teryt;
    form.kind = domain::InstitutionKind::urban_municipality;
    form.voivodeship = "śląskie";
    return form;
  }
  void add_municipality(const std::string& name, const std::string& teryt) {
    REQUIRE(create_institution(environment, organizer, municipality(name, teryt)));
  }

  // A whole day's meeting from 10:00 to 14:00 that takes registrations on site.
  static usecases::MeetingForm meeting_form(const std::string& title, std::string_view day) {
    usecases::MeetingForm form;
    form.title = title;
    form.starts = wall(std::string(day) + "T10:00");
    form.ends = wall(std::string(day) + "T14:00");
    form.onsite = {true, 40};
    return form;
  }
  domain::Meeting add_meeting(const usecases::MeetingForm& form) {
    auto meeting = create_meeting(environment, organizer, form);
    REQUIRE(meeting);
    return *meeting;
  }
  domain::Meeting add_published_meeting(const usecases::MeetingForm& form) {
    auto meeting = publish_meeting(environment, organizer, add_meeting(form).id);
    REQUIRE(meeting);
    return *meeting;
  }

  TestDatabase database = TestDatabase::fresh();
  StoppedClock clock;
  usecases::Environment environment;
  usecases::Call organizer;
  usecases::Actor visitor;
};

// The errors of an outcome as "field: code", in order.
template <class T>
std::vector<std::string> errors_of(const domain::Outcome<T>& outcome) {
  std::vector<std::string> errors;
  if (outcome.ok()) return errors;
  if (const auto* fields = std::get_if<domain::FieldErrors>(&outcome.failure())) {
    for (const auto& error : *fields) errors.push_back(error.field + ": " + error.code);
  }
  return errors;
}

template <class Kind, class T>
bool failed_with(const domain::Outcome<T>& outcome) {
  return !outcome.ok() && std::holds_alternative<Kind>(outcome.failure());
}

}  // namespace narada::testing
