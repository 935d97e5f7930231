// Places that an institution holds and fills with names; who comes instead of whom.
#include "service/usecases/registrations/delegations.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/meetings/meetings.h"
#include "service/usecases/people/person_erasure.h"
#include "service/usecases/registrations/consent.h"
#include "service/usecases/registrations/registration_json.h"
#include "service/usecases/registrations/substitution.h"
#include "sql/consent_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;
using usecases::NamesForm;
using usecases::NameStep;

namespace {

constexpr const char* kGliwice = "gliwice";

usecases::Call coordinator(std::int64_t institution = 1) {
  usecases::Call call;
  call.actor = usecases::Actor{usecases::Actor::Kind::person,
                               900,
                               {{usecases::Role::coordinator, domain::InstitutionId{institution}}}};
  return call;
}

std::string violations(RegistrationWorld& world) {
  std::string text;
  for (const auto& one : world.find_violations()) text += one + "; ";
  return text;
}

std::string key_of(const domain::Meeting& meeting) { return std::to_string(meeting.id.value); }

domain::Outcome<usecases::DelegationView> take(RegistrationWorld& world,
                                               const domain::Meeting& meeting, int places) {
  usecases::PlacesForm form;
  form.onsite = places;
  return set_places(world.environment(), coordinator(), key_of(meeting), kGliwice, std::nullopt,
                    form);
}

usecases::NamesReport name(RegistrationWorld& world, const domain::Meeting& meeting,
                           const std::string& text,
                           usecases::Overflow overflow = usecases::Overflow::keep) {
  NamesForm form;
  form.text = text;
  form.overflow = overflow;
  auto report = take_names(world.environment(), coordinator(), key_of(meeting), kGliwice, form);
  REQUIRE_MESSAGE(report.ok(), describe(report));
  return std::move(report).value();
}

std::string rows(int first, int last) {
  std::string text;
  for (int number = first; number <= last; ++number)
    text += fmt::format("Delegat {0};d{0}@urzad.example;inspektor\n", number);
  return text;
}

usecases::DelegationView view(RegistrationWorld& world, const domain::Meeting& meeting) {
  auto found = find_delegation(world.environment(), coordinator().actor, key_of(meeting), kGliwice);
  REQUIRE_MESSAGE(found.ok(), describe(found));
  return std::move(found).value();
}

domain::RegistrationId registration_of(RegistrationWorld& world, const domain::Meeting& meeting,
                                       const std::string& full_name) {
  for (const auto& one : view(world, meeting).people)
    if (one.full_name == full_name) return one.id;
  FAIL("not registered: " << full_name);
  return {};
}

void want_consent(RegistrationWorld& world) {
  REQUIRE(set_wants_consent(world.environment(), coordinator(), domain::InstitutionId{1}, true));
}

// The token of the last mail to a superior.
std::string consent_token(RegistrationWorld& world) {
  std::string token;
  for (const auto& facts : world.facts()) {
    if (facts.kind != notifications::MailKind::consent_asked) continue;
    CHECK(facts.reply_address == "anna@urzad.example");  // and no way into the registration
    CHECK(facts.manage_url == "");
    token = facts.ask->url.substr(facts.ask->url.rfind('/') + 1);
  }
  return token;
}

}  // namespace

TEST_CASE("places without a name are nobody's who waits, and go to them when given back") {
  RegistrationWorld world;
  const auto meeting = world.publish(3);
  REQUIRE(take(world, meeting, 2));
  CHECK(world.enter(meeting.id, 1).registration.status == RegistrationStatus::confirmed);
  CHECK(world.enter(meeting.id, 2).registration.status == RegistrationStatus::waitlisted);
  CHECK(describe(take(world, meeting, 4)) == "onsite:not_enough_places");

  const auto before = world.mails().size();
  REQUIRE(take(world, meeting, 1));

  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_promoted", "Osoba 2", "REQUEST", 0}});
  CHECK(violations(world) == "");
}

TEST_CASE("500 rows with 30 broken ones: 470 are in, 30 are left with reasons") {
  RegistrationWorld world;
  const auto meeting = world.publish(600);
  std::string text = "Imię i nazwisko\te-mail\tstanowisko\n";
  std::string broken = text;
  for (int number = 1; number <= 500; ++number) {
    std::string row = fmt::format("Delegat {0}\td{0}@urzad.example\tinspektor\n", number);
    if (number % 16 == 0 && number / 16 <= 30) {
      row = number % 32 == 0 ? fmt::format("\td{0}@urzad.example\tinspektor\n", number)
                             : fmt::format("Delegat {0}\td{0}(at)urzad\tinspektor\n", number);
      broken += row;
    }
    text += row;
  }
  NamesForm form;
  form.text = text;
  const auto plan =
      preview_names(world.environment(), coordinator().actor, key_of(meeting), kGliwice, form);
  REQUIRE(plan.ok());
  CHECK(plan->count(NameStep::take) == 470);
  CHECK(world.count("registration") == 0);

  const auto report = name(world, meeting, text);

  CHECK(report.count(NameStep::take) == 470);
  CHECK(report.count(NameStep::refuse) == 30);
  CHECK(report.left == broken);
  for (const auto& row : report.rows)
    CHECK((row.step == NameStep::refuse) == (row.row.errors.size() == 1));
  CHECK(world.meeting(meeting.id).onsite.confirmed == 470);
  CHECK(world.mails().size() == 470);
  CHECK(violations(world) == "");

  const auto again = name(world, meeting, text);
  CHECK(again.count(NameStep::already) == 470);
  CHECK(world.mails().size() == 470);
}

TEST_CASE("when there are more names than places the rest stays, waits or goes into the reserve") {
  RegistrationWorld world;
  const auto meeting = world.publish(3);
  REQUIRE(take(world, meeting, 2));
  const auto kept = name(world, meeting, rows(1, 4));
  CHECK(kept.count(NameStep::take) == 3);
  CHECK(kept.left == "Delegat 4;d4@urzad.example;inspektor\n");
  CHECK(kept.rows[3].row.errors == domain::FieldErrors{{"", "no_places"}});

  const auto waiting = name(world, meeting, rows(4, 4), usecases::Overflow::wait);
  CHECK(waiting.count(NameStep::wait) == 1);
  const auto reserve = name(world, meeting, rows(5, 6), usecases::Overflow::reserve);
  CHECK(reserve.count(NameStep::reserve) == 2);
  CHECK(view(world, meeting).reserves.size() == 2);
  CHECK(view(world, meeting).places.front().places == 3);
  CHECK(violations(world) == "");
}

TEST_CASE("one of the reserve steps into the place that somebody left") {
  RegistrationWorld world;
  const auto meeting = world.publish(2);
  name(world, meeting, rows(1, 2));
  name(world, meeting, rows(3, 3), usecases::Overflow::reserve);
  const auto reserve = view(world, meeting).reserves.front().person;
  const auto call_up = [&] {
    return describe(call_up_reserve(world.environment(), coordinator(), key_of(meeting), kGliwice,
                                    reserve, ""));
  };
  CHECK(call_up() == "reserve:no_places");
  world.cancel(registration_of(world, meeting, "Delegat 1"));
  CHECK(view(world, meeting).places.front().open() == 1);

  CHECK(call_up() == "ok");

  CHECK(view(world, meeting).reserves.empty());
  CHECK(view(world, meeting).places.front().open() == 0);
  CHECK(call_up() == "reserve:not_in_reserve");
  CHECK(violations(world) == "");
}

TEST_CASE("a substitution takes one entry back and invites the other, with nobody in between") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto first = world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  const auto before = world.mails().size();
  usecases::SubstituteForm form;
  form.full_name = "Ewa Kos";
  form.email = "ewa@urzad.example";

  const auto done = substitute(world.environment(), coordinator(), first.registration.id, form);

  REQUIRE_MESSAGE(done.ok(), describe(done));
  CHECK(done->from.status == RegistrationStatus::cancelled);
  CHECK(done->to.status == RegistrationStatus::confirmed);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"place_handed_over", "Osoba 1", "CANCEL", 1},
                              {"registration_confirmed", "Ewa Kos", "REQUEST", 0}});
  CHECK(world.meeting(meeting.id).onsite == domain::Seats{true, 1, 1, 0, 1});
  CHECK(view(world, meeting).people.front().instead_of == "Osoba 1");
  CHECK(violations(world) == "");

  form.full_name = "Osoba 1";
  form.email = "osoba1@urzad.example";
  const auto back = substitute(world.environment(), world.holder(done->to.id), done->to.id, form);
  REQUIRE_MESSAGE(back.ok(), describe(back));
  CHECK(back->to.id == first.registration.id);
  CHECK(violations(world) == "");
}

TEST_CASE("a substitution asked for again tells nothing of somebody erased meanwhile") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto first = world.enter(meeting.id, 1);
  usecases::SubstituteForm form;
  form.full_name = "Ewa Kos";
  form.email = "ewa@urzad.example";
  auto call = coordinator();
  call.idempotency_key = "substitute";
  const auto again = [&] {
    return substitute(world.environment(), call, first.registration.id, form);
  };
  const auto done = again();
  REQUIRE_MESSAGE(done.ok(), describe(done));
  const auto same = again();
  REQUIRE_MESSAGE(same.ok(), describe(same));
  CHECK(usecases::write_registration(same->from) == usecases::write_registration(done->from));
  CHECK(usecases::write_registration(same->to) == usecases::write_registration(done->to));
  usecases::Call admin;
  admin.actor = usecases::Actor{usecases::Actor::Kind::person, 1, {{usecases::Role::admin, {}}}};

  CHECK(describe(erase_person(world.environment(), admin, done->from.person.id,
                              "osoba1@urzad.example")) == "ok");

  const auto after = again();
  REQUIRE_MESSAGE(after.ok(), describe(after));
  CHECK(after->from.person.full_name == "");
  CHECK(after->from.person.email == "");
  CHECK(after->to.person.full_name == "Ewa Kos");

  CHECK(describe(erase_person(world.environment(), admin, done->to.person.id,
                              "ewa@urzad.example")) == "ok");
  CHECK(describe(again()) == "conflict:forgotten");
}

TEST_CASE("whom nobody can be replaced by, and who may not replace") {
  RegistrationWorld world;
  const auto meeting = world.publish(5);
  const auto first = world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  const auto try_with = [&](const usecases::Call& call, const std::string& full_name,
                            const std::string& email) {
    usecases::SubstituteForm form;
    form.full_name = full_name;
    form.email = email;
    return describe(substitute(world.environment(), call, first.registration.id, form));
  };
  CHECK(try_with(coordinator(), "Osoba 1", "Osoba1@urzad.example") == "full_name:same_person");
  CHECK(try_with(coordinator(), "Osoba 2", "osoba2@urzad.example") ==
        "full_name:already_registered");
  CHECK(try_with(coordinator(), "", "nikt") == "full_name:required, email:invalid_email");
  CHECK(try_with(coordinator(2), "Ewa Kos", "ewa@urzad.example") == "not_found");
  CHECK(try_with(world.visitor(), "Ewa Kos", "ewa@urzad.example") == "not_found");
  world.cancel(first.registration.id);
  CHECK(try_with(coordinator(), "Ewa Kos", "ewa@urzad.example") == "conflict:not_active");
}

TEST_CASE("a coordinator of another institution finds no delegation and names nobody") {
  RegistrationWorld world;
  const auto meeting = world.publish(5);
  NamesForm form;
  form.text = rows(1, 1);
  usecases::PlacesForm places;
  places.onsite = 1;
  CHECK(describe(find_delegation(world.environment(), coordinator(2).actor, key_of(meeting),
                                 kGliwice)) == "not_found");
  CHECK(describe(take_names(world.environment(), coordinator(2), key_of(meeting), kGliwice,
                            form)) == "not_found");
  CHECK(describe(set_places(world.environment(), coordinator(2), key_of(meeting), kGliwice, {},
                            places)) == "not_found");
  CHECK(world.count("registration") == 0);
  CHECK(world.count("delegation") == 0);
}

TEST_CASE("a superior who agrees gives a referral, and one who refuses frees the place") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  want_consent(world);
  const auto report = name(world, meeting, rows(1, 1));
  CHECK(report.rows.front().row.errors ==
        domain::FieldErrors{{"superior_email", "superior_required"}});
  name(world, meeting, "Anna Nowak;anna@urzad.example;inspektor;szef@urzad.example\n");
  world.enter(meeting.id, 7);
  const auto id = registration_of(world, meeting, "Anna Nowak");
  CHECK(world.load(id).status == RegistrationStatus::confirmed);
  const auto token = consent_token(world);
  const auto before = world.mails().size();
  const auto answer = [&](usecases::ConsentAnswer given) {
    return describe(answer_consent(world.environment(), world.visitor(), token, given, "Urlop"));
  };

  SUBCASE("agrees") {
    CHECK(answer(usecases::ConsentAnswer::given) == "ok");
    CHECK(answer(usecases::ConsentAnswer::given) == "ok");
    CHECK(answer(usecases::ConsentAnswer::refused) == "conflict:consent_closed");
    CHECK(world.mails_after(before) ==
          std::vector<SentMail>{{"consent_given", "Anna Nowak", "", -1}});
    CHECK(world.facts().back().ask->url.ends_with("/skierowanie.pdf"));
    CHECK(find_referral(world.environment(), coordinator().actor, id).ok());
  }
  SUBCASE("refuses") {
    CHECK(answer(usecases::ConsentAnswer::refused) == "ok");
    CHECK(answer(usecases::ConsentAnswer::given) == "conflict:consent_closed");
    const auto mails = world.mails_after(before);
    REQUIRE_FALSE(mails.empty());
    CHECK(mails.front() == SentMail{"consent_refused", "Anna Nowak", "CANCEL", 1});
    CHECK(world.load(id).status == RegistrationStatus::cancelled);
    CHECK(describe(find_referral(world.environment(), coordinator().actor, id)) == "not_found");
  }
  SUBCASE("answers too late") {
    world.clock().advance(std::chrono::hours(24 * usecases::kConsentDays));
    CHECK(answer(usecases::ConsentAnswer::given) == "conflict:consent_closed");
  }
  CHECK(violations(world) == "");
}

TEST_CASE("erasing a person forgets their superior and their place in a reserve") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  want_consent(world);
  name(world, meeting, "Anna Nowak;anna@urzad.example;inspektor;szef@urzad.example\n");
  name(world, meeting, "Jan Lis;jan@urzad.example;inspektor;szef@urzad.example\n",
       usecases::Overflow::reserve);
  usecases::Call admin;
  admin.actor = usecases::Actor{usecases::Actor::Kind::person, 1, {{usecases::Role::admin, {}}}};
  const auto anna = world.load(registration_of(world, meeting, "Anna Nowak")).person.id;
  const auto jan = view(world, meeting).reserves.front().person;
  REQUIRE(world.count("superior_consent") == 1);
  REQUIRE(world.count("delegation_reserve") == 1);

  CHECK(describe(erase_person(world.environment(), admin, anna, "anna@urzad.example")) == "ok");
  CHECK(describe(erase_person(world.environment(), admin, jan, "jan@urzad.example")) == "ok");

  CHECK(world.count("superior_consent") == 0);
  CHECK(world.count("delegation_reserve") == 0);
  CHECK(violations(world) == "");
}
