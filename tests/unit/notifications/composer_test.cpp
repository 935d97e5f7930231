#include "notifications/composer.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "notifications/mail_view.h"
#include "tests/unit/notifications/samples.h"

using namespace narada;
using namespace narada::notifications;
using domain::Language;

namespace {

std::string golden_path(const std::string& name) {
  return std::string(NARADA_SOURCE_DIR) + "/tests/golden/mail/" + name + ".eml";
}

// With NARADA_WRITE_GOLDEN=1 in the environment the golden file is written first, to be looked at
// and committed by a person.
std::string read_golden(const std::string& name, const std::string& written) {
  if (std::getenv("NARADA_WRITE_GOLDEN") != nullptr) {
    std::ofstream(golden_path(name), std::ios::binary) << written;
  }
  std::ifstream file(golden_path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string compose(const MailFacts& facts) {
  return sample_composer().compose(facts, "1@narada.example", kSampleCreation).message;
}

// The lines before the first empty one, unfolded, without their values.
std::vector<std::string> header_names(const std::string& message) {
  std::vector<std::string> names;
  std::size_t start = 0;
  for (;;) {
    const auto end = message.find("\r\n", start);
    REQUIRE(end != std::string::npos);
    if (end == start) return names;
    const std::string line = message.substr(start, end - start);
    if (line[0] != ' ' && line[0] != '\t') names.push_back(line.substr(0, line.find(':')));
    start = end + 2;
  }
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// With its CRLF.
std::size_t longest_line(const std::string& message) {
  std::size_t longest = 0, start = 0;
  for (auto end = message.find('\n'); end != std::string::npos; end = message.find('\n', start)) {
    longest = std::max(longest, end + 1 - start);
    start = end + 1;
  }
  return longest;
}

}  // namespace

TEST_CASE("each kind of mail is written as its golden file has it") {
  for (const auto& sample : mail_samples()) {
    CAPTURE(sample.name);
    const auto composed =
        sample_composer().compose(sample.facts, sample.message_id, kSampleCreation);
    CHECK(composed.message == read_golden(sample.name, composed.message));
  }
}

TEST_CASE("facts that went through the database make the same bytes") {
  for (const auto& sample : mail_samples()) {
    CAPTURE(sample.name);
    const auto first = sample_composer().compose(sample.facts, sample.message_id, kSampleCreation);
    const auto again = sample_composer().compose(parse_mail_facts(serialize(sample.facts)),
                                                 sample.message_id, kSampleCreation);
    CHECK(again.message == first.message);
    CHECK(again.subject == first.subject);
  }
}

TEST_CASE("a message is 7 bit, with CRLF only and no line above 998 octets") {
  for (const auto& sample : mail_samples()) {
    CAPTURE(sample.name);
    const std::string message =
        sample_composer().compose(sample.facts, sample.message_id, kSampleCreation).message;
    CHECK(count(message, "\r") == count(message, "\r\n"));
    CHECK(count(message, "\n") == count(message, "\r\n"));
    CHECK(message.ends_with("\r\n"));
    CHECK(longest_line(message) <= 998);
    for (const char character : message) {
      if (static_cast<unsigned char>(character) > 0x7e) FAIL("not ASCII");
    }
  }
}

TEST_CASE("whatever a title, a name or a place holds, the message has the same headers") {
  const auto expected = header_names(compose(sample_facts(MailKind::meeting_moved, Language::pl)));
  for (const std::string& attack :
       {std::string("a\r\nBcc: victim@example.org"), std::string("a\nBcc: v@example.org\n\nbody"),
        std::string("a\r\n\r\n.\r\nMAIL FROM:<x@y>"), std::string("a\rBcc: x@y"),
        std::string("nul\0byte", 8), std::string("a\u2028Bcc: x@y\u2029"),
        std::string("=?utf-8?Q?a=0D=0ABcc:_x@y?="), std::string("a,b;c:\"d\"\\<e@f>"),
        std::string("a\" <x@y>, \"b"), std::string("\x80\xff\xfe"), std::string(64'000, 'x'),
        std::string("--=_mixed_1naradaexample--"), std::string("{{subject}} {0} {title}")}) {
    CAPTURE(attack.substr(0, 80));
    MailFacts facts = sample_facts(MailKind::meeting_moved, Language::pl);
    facts.to_name = facts.meeting_title = facts.cycle_title = facts.place = facts.reason = attack;
    facts.event->summary = facts.event->location = facts.event->description = attack;
    facts.event->attendees[0].name = attack;
    const std::string message = compose(facts);
    CHECK(header_names(message) == expected);
    CHECK(count(message, "\r\n--=_mixed_1naradaexample") == 3);
    CHECK(count(message, "\r\n--=_alternative_1naradaexample") == 4);
    CHECK(count(message, "\r\n.\r\n") == 0);
    CHECK(longest_line(message) <= 998);
    CHECK(count(message, "\nTo:") == 1);
  }
}

TEST_CASE("an address that could be another one is refused") {
  for (const std::string address : {"",
                                    "a",
                                    "@b",
                                    "a@",
                                    "a@b@c",
                                    "a b@c.pl",
                                    "a@c.pl\r\nRCPT TO:<x@y>",
                                    "<a@c.pl>",
                                    "a@c.pl>",
                                    "a@c..pl",
                                    ".a@c.pl",
                                    "a@-c.pl",
                                    "\"a b\"@c.pl",
                                    "a@[127.0.0.1]",
                                    "a@c.pl,b@c.pl",
                                    "a\n@c.pl",
                                    "żaba@c.pl",
                                    "a@żaba.pl",
                                    "a@c.pl ",
                                    " a@c.pl",
                                    "a@c_d.pl"}) {
    CAPTURE(address);
    MailFacts facts = sample_facts(MailKind::registration_pending, Language::pl);
    facts.to_address = address;
    CHECK_THROWS_AS(compose(facts), std::invalid_argument);
  }
}

TEST_CASE("only a kind with an event brings a calendar part, twice with one method") {
  const std::string invitation = compose(sample_facts(MailKind::meeting_moved, Language::en));
  CHECK(count(invitation, "text/calendar") == 2);
  CHECK(count(invitation, "method=REQUEST") == 1);
  CHECK(count(invitation, "filename=invite.ics") == 1);
  const std::string cancellation = compose(sample_facts(MailKind::meeting_cancelled, Language::en));
  CHECK(count(cancellation, "method=CANCEL") == 1);
  const std::string plain = compose(sample_facts(MailKind::registration_declined, Language::en));
  CHECK(count(plain, "text/calendar") == 0);
  CHECK(count(plain, "multipart/mixed") == 0);
  CHECK(count(plain, "multipart/alternative") == 1);
}

TEST_CASE("a time is told in words, with its zone") {
  struct Case {
    std::string name;
    domain::WallTime starts, ends;
    bool all_day;
    const char* tzid;
    const char* expected;
  };
  using namespace std::chrono_literals;
  const auto day = [](int number) {
    return std::chrono::local_days(2027y / 2 / number) + std::chrono::seconds(0);
  };
  for (const Case& given : {
           Case{"one day", day(1) + 9h, day(1) + 13h + 5min, false, "Europe/Warsaw",
                "poniedziałek, 1 lutego 2027, 09:00–13:05 (czas polski)"},
           Case{"two days", day(1) + 9h, day(2) + 13h, false, "Europe/London",
                "poniedziałek, 1 lutego 2027, 09:00 – wtorek, 2 lutego 2027, 13:00 "
                "(Europe/London)"},
           Case{"no end", day(7) + 9h, day(7) + 9h, false, "Europe/Warsaw",
                "niedziela, 7 lutego 2027, 09:00 (czas polski)"},
           Case{"a whole day that ends at midnight", day(3), day(4), true, "Europe/Warsaw",
                "środa, 3 lutego 2027, cały dzień"},
           Case{"several whole days", day(3), day(6), true, "Europe/Warsaw",
                "środa, 3 lutego 2027 – piątek, 5 lutego 2027"},
       }) {
    CAPTURE(given.name);
    MailFacts facts = sample_facts(MailKind::registration_pending, Language::pl);
    facts.starts = given.starts;
    facts.ends = given.ends;
    facts.all_day = given.all_day;
    facts.tzid = given.tzid;
    const auto view = make_mail_view(facts, sample_messages(), sample_composer().sender());
    std::string when;
    for (const auto& row : view["rows"]) {
      if (row["label"] == "Kiedy") when = row["value"];
    }
    CHECK(when == given.expected);
  }
}

TEST_CASE("a name cannot bring a link into a mail") {
  CHECK(to_displayed_name("Anna Nowak-Łęcka") == "Anna Nowak-Łęcka");
  CHECK(to_displayed_name("dr hab. J. Kowalski") == "dr hab. J. Kowalski");
  CHECK(to_displayed_name("O’Neil, D'Arcy") == "O’Neil, D'Arcy");
  CHECK(to_displayed_name("Wygrałeś! https://evil.example/x") ==
        "Wygrałeś! https   evil. example x");
  CHECK(to_displayed_name("www.evil.example") == "www. evil. example");
  CHECK(to_displayed_name("a@evil.example\r\nBcc: x") == "a evil. example Bcc  x");
}

TEST_CASE("a subject names the meeting and its day, and is never endless") {
  MailFacts facts = sample_facts(MailKind::meeting_moved, Language::pl);
  CHECK(make_subject(facts, sample_messages()) ==
        "Nowy termin: Prototyp przydziału lokali: zbiórka „żółtych” kart (19 stycznia 2027)");
  facts.previous_starts.reset();
  CHECK(make_subject(facts, sample_messages()) ==
        "Zmiana spotkania: Prototyp przydziału lokali: zbiórka „żółtych” kart (19 stycznia 2027)");
  facts.meeting_title = std::string(1000, 'a');
  CHECK(make_subject(facts, sample_messages()) ==
        "Zmiana spotkania: " + std::string(250, 'a') + "… (19 stycznia 2027)");
}

TEST_CASE("a file that is refused comes with how to mend it, and what has no time says none") {
  for (const auto language : {Language::pl, Language::en}) {
    MailFacts facts = sample_facts(MailKind::file_refused, language);
    facts.ask->text = "macros";
    facts.meeting_title.clear();
    facts.starts = {};
    facts.ends = {};
    const auto mail = sample_composer().read(facts);
    CAPTURE(mail.text);
    CHECK(count(mail.text, "1970") == 0);
    CHECK(count(mail.text, "macros\n") == 0);
    CHECK(count(mail.text, language == Language::pl ? "Zapisz dokument bez makr" : ".docx") == 1);
  }
}
