#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "service/usecases/catalogue_cache.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/registrations/registrations.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::MeetingStatus;

TEST_CASE("an edit with an old version changes nothing") {
  Catalogue catalogue;
  const auto meeting = catalogue.add_meeting(Catalogue::meeting_form("Spotkanie", "2027-03-20"));
  auto form = Catalogue::meeting_form("Nowy tytuł", "2027-03-20");
  const auto changed =
      change_meeting(catalogue.environment, catalogue.organizer, meeting.id, 1, form);
  REQUIRE(changed);
  CHECK(changed->version == 2);
  CHECK(changed->title == "Nowy tytuł");
  CHECK(changed->slug == meeting.slug);
  CHECK(changed->uid == meeting.uid);
  form.title = "Za późno";
  CHECK(failed_with<domain::Stale>(
      change_meeting(catalogue.environment, catalogue.organizer, meeting.id, 1, form)));
  CHECK(failed_with<domain::NotFound>(
      change_meeting(catalogue.environment, catalogue.organizer, {4711}, 1, form)));
  CHECK(find_meeting(catalogue.environment, catalogue.organizer.actor, meeting.slug)->title ==
        "Nowy tytuł");
}

TEST_CASE("an edit that changes nothing keeps the version") {
  Catalogue catalogue;
  const auto form = Catalogue::meeting_form("Spotkanie", "2027-03-20");
  const auto meeting = catalogue.add_meeting(form);
  const auto same = change_meeting(catalogue.environment, catalogue.organizer, meeting.id, 1, form);
  REQUIRE(same);
  CHECK(same->version == 1);
}

TEST_CASE("only what people have to know raises SEQUENCE") {
  struct Row {
    const char* name;
    void (*change)(MeetingForm&);
    int sequence;
  };
  const std::vector<Row> rows = {
      {"title", [](MeetingForm& f) { f.title = "Inny"; }, 0},
      {"description", [](MeetingForm& f) { f.description = "Inny"; }, 0},
      {"capacity", [](MeetingForm& f) { f.onsite.capacity = 50; }, 0},
      {"pin on the map",
       [](MeetingForm& f) {
         f.places[0].position = domain::GeoPoint{50, 19};
       },
       0},
      {"start", [](MeetingForm& f) { f.starts += std::chrono::minutes{30}; }, 1},
      {"end", [](MeetingForm& f) { f.ends += std::chrono::minutes{30}; }, 1},
      {"zone", [](MeetingForm& f) { f.tzid = "Europe/London"; }, 1},
      {"room", [](MeetingForm& f) { f.places[0].room = "8"; }, 1},
      {"another place",
       [](MeetingForm& f) {
         f.places.push_back({"Rynek", "", "", "", {}});
       },
       1},
  };
  Catalogue catalogue;
  for (const Row& row : rows) {
    CAPTURE(row.name);
    auto form = Catalogue::meeting_form(row.name, "2027-03-20");
    form.places = {{"Ratusz", "", "", "", {}}};
    const auto draft = catalogue.add_meeting(form);
    auto changed_form = form;
    row.change(changed_form);
    const auto changed_draft =
        change_meeting(catalogue.environment, catalogue.organizer, draft.id, 1, changed_form);
    REQUIRE(changed_draft);
    CHECK(changed_draft->sequence == 0);
    const auto published = publish_meeting(catalogue.environment, catalogue.organizer, draft.id);
    REQUIRE(published);
    const auto changed = change_meeting(catalogue.environment, catalogue.organizer, draft.id,
                                        published->version, form);
    REQUIRE(changed);
    CHECK(changed->sequence == row.sequence);
    CHECK(changed->previous_starts.has_value() == (std::string_view(row.name) == "start"));
  }
}

TEST_CASE("an edit takes no place from anybody and gives new places to those who wait") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  auto form = Catalogue::meeting_form("Spotkanie", "2027-03-20");
  form.onsite.capacity = 2;
  const auto meeting = catalogue.add_published_meeting(form);
  std::vector<domain::RegistrationId> people;
  for (const char* name : {"Anna Pierwsza", "Jan Drugi", "Ewa Trzecia"}) {
    RegistrationForm person;
    person.full_name = name;
    person.email = "urzad@bytom.example";
    person.institution = "2462011";
    person.consent = true;
    const auto registered = register_person(catalogue.environment, Call{}, meeting.slug, person);
    REQUIRE(registered);
    people.push_back(registered->registration.id);
  }
  const auto mails = [&](const std::string& kind) {
    return catalogue.environment.pool->read([&](storage::Connection& connection) {
      return connection.query("SELECT id FROM outgoing_mail WHERE kind = ?", {kind}).size();
    });
  };
  const auto change = [&](std::int64_t version) {
    return change_meeting(catalogue.environment, catalogue.organizer, meeting.id, version, form);
  };
  using Errors = std::vector<std::string>;

  form.onsite.capacity = 1;
  CHECK(errors_of(change(2)) == Errors{"capacity.onsite: below_confirmed"});
  form.onsite = {};
  form.online = {true, std::nullopt};
  CHECK(errors_of(change(2)) == Errors{"capacity.onsite: below_confirmed"});

  form.onsite = {true, 3};
  const auto raised = change(2);
  REQUIRE(raised);
  CHECK(raised->onsite == domain::Seats{true, 3, 3, 0, 0});
  CHECK(raised->sequence == 0);
  CHECK(mails("registration_promoted") == 1);
  CHECK(mails("meeting_moved") == 0);

  form.starts -= std::chrono::hours{1};
  const auto moved = change(raised->version);
  REQUIRE(moved);
  CHECK(moved->sequence == 1);
  CHECK(moved->previous_starts == wall("2027-03-20T10:00"));
  CHECK(mails("meeting_moved") == 3);
  CHECK(failed_with<domain::Stale>(change(raised->version)));
  CHECK(mails("meeting_moved") == 3);

  REQUIRE(cancel_meeting(catalogue.environment, catalogue.organizer, meeting.id, "Remont"));
  const auto cancelled = find_meeting(catalogue.environment, catalogue.visitor, meeting.slug);
  const auto late = change(cancelled->version);
  REQUIRE(failed_with<domain::Conflict>(late));
  CHECK(std::get<domain::Conflict>(late.failure()).code == "meeting_cancelled");
}
