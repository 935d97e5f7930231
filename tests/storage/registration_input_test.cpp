// Rule 7: every refusal says which rule; the table of bad input.
#include <doctest/doctest.h>

#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::RegistrationForm;

namespace {

struct Row {
  const char* name;
  void (*spoil)(RegistrationForm& form);
  const char* expected;
};

const Row kRows[] = {
    {"good", [](RegistrationForm&) {}, "ok"},
    {"nothing typed", [](RegistrationForm& form) { form = {}; },
     "full_name:required, email:required, institution:required, consent:consent_required"},
    {"a name of spaces", [](RegistrationForm& form) { form.full_name = " \u00A0\u2003 "; },
     "full_name:required"},
    {"a name of one letter", [](RegistrationForm& form) { form.full_name = " Ł "; },
     "full_name:too_short"},
    {"a name of two letters", [](RegistrationForm& form) { form.full_name = "Łó"; }, "ok"},
    {"a name of 200 letters of two octets",
     [](RegistrationForm& form) {
       form.full_name.clear();
       for (int letter = 0; letter < 200; ++letter) form.full_name += "ł";
     },
     "ok"},
    {"a name of 201 letters",
     [](RegistrationForm& form) { form.full_name = std::string(201, 'a'); }, "full_name:too_long"},
    {"a name with a line break",
     [](RegistrationForm& form) { form.full_name = "Jan\r\nBcc: x@y.example"; },
     "full_name:control_characters"},
    {"a name with NUL",
     [](RegistrationForm& form) { form.full_name = std::string("Jan\0Nowak", 9); },
     "full_name:control_characters"},
    {"a name with a C1 control", [](RegistrationForm& form) { form.full_name = "Jan\u0085Nowak"; },
     "full_name:control_characters"},
    {"a name turned around", [](RegistrationForm& form) { form.full_name = "Jan \u202Ekawon"; },
     "full_name:control_characters"},
    {"a name with a line separator",
     [](RegistrationForm& form) { form.full_name = "Jan\u2028Nowak"; },
     "full_name:control_characters"},
    {"a name in ISO 8859-2", [](RegistrationForm& form) { form.full_name = "Jan \xB3\xF3"; },
     "full_name:not_utf8"},
    {"an overlong form", [](RegistrationForm& form) { form.full_name = "Jan \xC0\xAF Nowak"; },
     "full_name:not_utf8"},
    {"a surrogate", [](RegistrationForm& form) { form.full_name = "Jan \xED\xA0\x80"; },
     "full_name:not_utf8"},
    {"a sequence cut short", [](RegistrationForm& form) { form.full_name = "Jan \xC5"; },
     "full_name:not_utf8"},
    {"emoji", [](RegistrationForm& form) { form.full_name = "Jan 👩‍👩‍👧 Nowak"; },
     "ok"},
    {"no at", [](RegistrationForm& form) { form.email = "jan.example"; }, "email:invalid_email"},
    {"no local part", [](RegistrationForm& form) { form.email = "@urzad.example"; },
     "email:invalid_email"},
    {"no host", [](RegistrationForm& form) { form.email = "jan@"; }, "email:invalid_email"},
    {"a host without a dot", [](RegistrationForm& form) { form.email = "jan@urzad"; },
     "email:invalid_email"},
    {"two dots", [](RegistrationForm& form) { form.email = "jan..n@urzad.example"; },
     "email:invalid_email"},
    {"a dot at the end", [](RegistrationForm& form) { form.email = "jan@urzad.example."; },
     "email:invalid_email"},
    {"a label that starts with a hyphen",
     [](RegistrationForm& form) { form.email = "jan@-urzad.example"; }, "email:invalid_email"},
    {"two addresses",
     [](RegistrationForm& form) { form.email = "a@urzad.example,b@urzad.example"; },
     "email:invalid_email"},
    {"brackets", [](RegistrationForm& form) { form.email = "<jan@urzad.example>"; },
     "email:invalid_email"},
    {"another recipient",
     [](RegistrationForm& form) { form.email = "jan@urzad.example>\r\nRCPT TO:<x@y.example"; },
     "email:control_characters"},
    {"a space inside", [](RegistrationForm& form) { form.email = "jan n@urzad.example"; },
     "email:invalid_email"},
    {"Polish letters", [](RegistrationForm& form) { form.email = "łukasz@urzad.example"; },
     "email:invalid_email"},
    {"an address literal", [](RegistrationForm& form) { form.email = "jan@[127.0.0.1]"; },
     "email:invalid_email"},
    {"a local part of 65",
     [](RegistrationForm& form) { form.email = std::string(65, 'a') + "@urzad.example"; },
     "email:invalid_email"},
    {"an address of 255",
     [](RegistrationForm& form) { form.email = "a@" + std::string(245, 'b') + ".example"; },
     "email:too_long"},
    {"a label of 64",
     [](RegistrationForm& form) { form.email = "a@" + std::string(64, 'b') + ".example"; },
     "email:invalid_email"},
    {"an address of 300",
     [](RegistrationForm& form) { form.email = std::string(300, 'a') + "@b.example"; },
     "email:too_long"},
    {"a plus and spaces around",
     [](RegistrationForm& form) { form.email = " jan.o'hara+narada@urzad-miasta.example "; }, "ok"},
    {"an unknown TERYT", [](RegistrationForm& form) { form.institution = "9999999"; },
     "institution:unknown_institution"},
    {"an unknown name", [](RegistrationForm& form) { form.institution = "Gdzieś"; },
     "institution:unknown_institution"},
    {"a number beyond all", [](RegistrationForm& form) { form.institution = std::string(30, '9'); },
     "institution:unknown_institution"},
    {"a name that two have", [](RegistrationForm& form) { form.institution = "zgierz"; },
     "institution:ambiguous_institution"},
    {"one of the two by TERYT", [](RegistrationForm& form) { form.institution = "1020102"; }, "ok"},
    {"one of the two by slug", [](RegistrationForm& form) { form.institution = "zgierz-wies"; },
     "ok"},
    {"an alias", [](RegistrationForm& form) { form.institution = "gzm"; }, "ok"},
    {"a name in other case", [](RegistrationForm& form) { form.institution = " GLIWICE"; }, "ok"},
    {"a position that is too long",
     [](RegistrationForm& form) { form.position = std::string(201, 'a'); }, "position:too_long"},
    {"needs with lines", [](RegistrationForm& form) { form.needs = "PJM\r\n\tpętla"; }, "ok"},
    {"needs with a bell", [](RegistrationForm& form) { form.needs = "PJM\a"; },
     "needs:control_characters"},
    {"a question that is too long",
     [](RegistrationForm& form) { form.question = std::string(2001, 'a'); }, "question:too_long"},
    {"a mode that is not offered",
     [](RegistrationForm& form) { form.mode = domain::AttendanceMode::online; },
     "mode:mode_not_offered"},
    {"no consent", [](RegistrationForm& form) { form.consent = false; },
     "consent:consent_required"},
    {"several at once",
     [](RegistrationForm& form) {
       form.full_name = "J";
       form.email = "jan";
       form.institution = "Gdzieś";
       form.needs = "\x01";
       form.consent = false;
     },
     "full_name:too_short, email:invalid_email, institution:unknown_institution, "
     "needs:control_characters, consent:consent_required"},
};

}  // namespace

TEST_CASE("every bad field of a registration form is named with the rule it breaks") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  int number = 0;
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    auto form = RegistrationWorld::person(++number);
    row.spoil(form);
    const auto people = world.count("person");
    CHECK(describe(world.try_register(meeting.id, form)) == row.expected);
    if (std::string(row.expected) != "ok") CHECK(world.count("person") == people);
  }
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("a refusal carries what its text needs") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto form = RegistrationWorld::person(1);
  form.institution = "Zgierz";
  form.position = std::string(201, 'a');
  const auto refused = world.try_register(meeting.id, form);
  CHECK(std::get<domain::FieldErrors>(refused.failure()) ==
        domain::FieldErrors{{"institution",
                             "ambiguous_institution",
                             {{"names",
                               "Zgierz (zgierski, TERYT 1020031); Zgierz (zgierski, TERYT "
                               "1020102)"}}},
                            {"position", "too_long", {{"max", "200"}}}});
}

TEST_CASE("outside its window a meeting says when, in its own time and the reader's language") {
  RegistrationWorld world;
  auto form = world.meeting_form();
  form.window.opens_at = world.clock().now() + 24h;
  form.window.closes_at = world.clock().now() + 48h;
  const auto meeting = world.publish(form);
  const auto refusal = [&](domain::Language language) {
    auto call = world.visitor();
    call.language = language;
    const auto refused = usecases::register_person(world.environment(), call, meeting.slug,
                                                   RegistrationWorld::person(1));
    return std::get<domain::FieldErrors>(refused.failure()).front();
  };
  CHECK(refusal(domain::Language::pl) ==
        domain::FieldError{"", "window_not_open", {{"date", "05.01.2027 10:00"}}});
  world.clock().advance(24h);
  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(2))) == "ok");
  world.clock().advance(24h);
  CHECK(refusal(domain::Language::en) ==
        domain::FieldError{"", "window_closed", {{"date", "2027-01-06 10:00"}}});
  world.clock().set(meeting.times.starts_at);
  CHECK(refusal(domain::Language::pl).code == "meeting_past");
}

TEST_CASE("the refusal of the meeting stands beside those of the form") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.clock().set(meeting.times.starts_at);
  auto form = RegistrationWorld::person(1);
  form.full_name.clear();
  CHECK(describe(world.try_register(meeting.id, form)) == "full_name:required, :meeting_past");
}

TEST_CASE("a meeting that does not exist is not found, whatever its key looks like") {
  RegistrationWorld world;
  for (const char* key : {"", "nie-ma", "0", "999", "99999999999999999999999", "-1", "' OR 1=1 --",
                          "\xFF\xFE", "1 "}) {
    CAPTURE(key);
    CHECK(describe(usecases::register_person(world.environment(), world.visitor(), key,
                                             RegistrationWorld::person(1))) == "not_found");
  }
}

TEST_CASE("the clause that was accepted is the one in force, and a return accepts the newer one") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto in_force = usecases::find_information_clause(world.environment());
  REQUIRE(in_force);
  const auto first = world.enter(meeting.id, 1);
  CHECK(first.registration.clause_version == in_force->version);
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "INSERT INTO information_clause (version, text_pl, text_en, valid_from) VALUES "
        "(?, 'Nowa', 'New', '2026-12-01'), (?, 'Przyszła', 'Future', '2099-01-01')",
        {in_force->version + 1, in_force->version + 2});
  });
  CHECK(world.load(first.registration.id).clause_version == in_force->version);
  CHECK(world.enter(meeting.id, 2).registration.clause_version == in_force->version + 1);
  world.cancel(first.registration.id);
  CHECK(world.enter(meeting.id, 1).registration.clause_version == in_force->version + 1);
  CHECK(world.load(first.registration.id).clause_version == in_force->version + 1);
  CHECK(usecases::find_information_clause(world.environment(), in_force->version)->text_pl ==
        in_force->text_pl);
  CHECK_FALSE(usecases::find_information_clause(world.environment(), 77));
}
