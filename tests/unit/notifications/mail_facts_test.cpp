#include "notifications/mail_facts.h"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "tests/unit/notifications/samples.h"

using namespace narada;
using namespace narada::notifications;
using domain::Language;
using nlohmann::json;

TEST_CASE("facts of every kind come back as they went") {
  for (const auto& sample : mail_samples()) {
    CAPTURE(sample.name);
    const std::string text = serialize(sample.facts);
    CHECK(serialize(parse_mail_facts(text)) == text);
    const MailFacts back = parse_mail_facts(text);
    CHECK(back.kind == sample.facts.kind);
    CHECK(back.to_name == sample.facts.to_name);
    CHECK(back.starts == sample.facts.starts);
    CHECK(back.previous_starts == sample.facts.previous_starts);
    CHECK(back.method == sample.facts.method);
    CHECK(back.event.has_value() == sample.facts.event.has_value());
    if (back.event) {
      CHECK(back.event->geo == sample.facts.event->geo);
      CHECK(back.event->attendees.at(0).email == sample.facts.to_address);
      CHECK(back.event->alarm_minutes == sample.facts.event->alarm_minutes);
    }
  }
}

TEST_CASE("octets that are not UTF-8 are replaced instead of losing the mail") {
  MailFacts facts = sample_facts(MailKind::registration_pending, Language::pl);
  facts.reason =
      "a\xff"
      "b";
  CHECK(parse_mail_facts(serialize(facts)).reason == "a\uFFFDb");
}

TEST_CASE("text that is not a JSON object of facts is refused") {
  for (const std::string text :
       {"", "null", "[]", "{}", "{", "\"a\"", "1", "{\"kind\":1}", "\xff\xfe"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_mail_facts(text), std::invalid_argument);
  }
  CHECK_THROWS_AS(parse_mail_facts(std::string(5'000'000, ' ')), std::invalid_argument);
  CHECK_THROWS_AS(parse_mail_facts(std::string(1'000'000, '[')), std::invalid_argument);
}

TEST_CASE("a field that is missing, unknown, mistyped or out of bounds is refused") {
  struct Case {
    std::string name;
    std::function<void(json&)> spoil;
  };
  const Case cases[] = {
      {"missing", [](json& facts) { facts.erase("to_address"); }},
      {"unknown", [](json& facts) { facts["extra"] = 1; }},
      {"unknown kind", [](json& facts) { facts["kind"] = "newsletter"; }},
      {"unknown language", [](json& facts) { facts["language"] = "de"; }},
      {"number for text", [](json& facts) { facts["meeting_title"] = 3; }},
      {"text for a flag", [](json& facts) { facts["all_day"] = "yes"; }},
      {"null", [](json& facts) { facts["reason"] = nullptr; }},
      {"too long", [](json& facts) { facts["to_name"] = std::string(5000, 'a'); }},
      {"time without seconds", [](json& facts) { facts["starts"] = "2027-01-19T10:00"; }},
      {"time with a zone", [](json& facts) { facts["starts"] = "2027-01-19T10:00:00Z"; }},
      {"no such day", [](json& facts) { facts["starts"] = "2027-02-29T10:00:00"; }},
      {"no such hour", [](json& facts) { facts["starts"] = "2027-01-19T24:00:00"; }},
      {"sign in a time", [](json& facts) { facts["starts"] = "2027-01--9T10:00:00"; }},
      {"negative place in line", [](json& facts) { facts["queue_position"] = -1; }},
      {"huge place in line", [](json& facts) { facts["queue_position"] = 18446744073709551615U; }},
      {"broken place in line", [](json& facts) { facts["queue_position"] = 1.5; }},
      {"unknown method", [](json& facts) { facts["method"] = "REQUEST"; }},
      {"event is no object", [](json& facts) { facts["event"] = json::array(); }},
      {"unknown in the event", [](json& facts) { facts["event"]["dtstamp"] = "x"; }},
      {"instant without Z",
       [](json& facts) { facts["event"]["last_modified"] = "2027-01-19T10:00:00"; }},
      {"latitude off the globe", [](json& facts) { facts["event"]["geo"]["latitude"] = 91; }},
      {"attendee without address",
       [](json& facts) { facts["event"]["attendees"][0].erase("email"); }},
      {"too many attendees",
       [](json& facts) { facts["event"]["attendees"] = json(51, facts["event"]["attendees"][0]); }},
      {"alarm is text", [](json& facts) { facts["event"]["alarm_minutes"] = {"60"}; }},
      {"alarm above every bound",
       [](json& facts) { facts["event"]["alarm_minutes"] = {18446744073709551615U}; }},
      {"category is a number", [](json& facts) { facts["event"]["categories"] = {1}; }},
  };
  const json whole =
      json::parse(serialize(sample_facts(MailKind::registration_confirmed, Language::pl)));
  REQUIRE_NOTHROW(parse_mail_facts(whole.dump()));
  for (const Case& given : cases) {
    CAPTURE(given.name);
    json spoilt = whole;
    given.spoil(spoilt);
    CHECK_THROWS_AS(parse_mail_facts(spoilt.dump()), std::invalid_argument);
  }
}

TEST_CASE("every kind has a name and is found by it") {
  for (int index = 0; index <= static_cast<int>(MailKind::practice_step_told); ++index) {
    const auto kind = static_cast<MailKind>(index);
    CHECK(find_mail_kind(to_string(kind)) == kind);
  }
  CHECK(!find_mail_kind("registration"));
  CHECK(!find_mail_kind(""));
}
