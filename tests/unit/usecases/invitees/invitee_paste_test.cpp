#include "service/usecases/invitees/invitee_paste.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace narada;
using usecases::find_meant_domain;
using usecases::parse_invitees;

namespace {

// "name|address|institution|position|rules" of each row.
std::vector<std::string> read(const std::string& text) {
  const auto rows = parse_invitees(text);
  REQUIRE(rows);
  std::vector<std::string> all;
  for (const auto& row : *rows) {
    std::string one =
        row.full_name + "|" + row.email + "|" + row.institution + "|" + row.job_title + "|";
    for (const auto& error : row.errors) one += error.field + ":" + error.code;
    all.push_back(one);
  }
  return all;
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("people are read from lists as others write them") {
  struct Case {
    std::string name, text;
    Rows rows;
  };
  const std::vector<Case> cases{
      {"addresses alone",
       "jan@urzad.example\r\n\r\n anna@urzad.example ",
       {"|jan@urzad.example|||", "|anna@urzad.example|||"}},
      {"a name before the address",
       "Jan Kowalski <jan@urzad.example>",
       {"Jan Kowalski|jan@urzad.example|||"}},
      {"a family name first",
       "\"Kowalski, Jan\" <jan@urzad.example>",
       {"Jan Kowalski|jan@urzad.example|||"}},
      {"one line of a mail program",
       "Kowalski Jan <jan@urzad.example>; 'x' <x@urzad.example>;anna@urzad.example;",
       {"Kowalski Jan|jan@urzad.example|||", "'x'|x@urzad.example|||", "|anna@urzad.example|||"}},
      {"several divided by commas",
       "jan@urzad.example, Anna Nowak <anna@urzad.example>",
       {"|jan@urzad.example|||", "Anna Nowak|anna@urzad.example|||"}},
      {"columns",
       "Jan Kowalski;jan@urzad.example;Gliwice;inspektor",
       {"Jan Kowalski|jan@urzad.example|Gliwice|inspektor|"}},
      {"columns with the address first",
       "jan@urzad.example\tJan Kowalski\tGliwice",
       {"Jan Kowalski|jan@urzad.example|Gliwice||"}},
      {"columns with a heading",
       "Nazwisko;Imię;Urząd;Adres e-mail\nKowalski;Jan;\"Gliwice; ratusz\";jan@urzad.example",
       {"Jan Kowalski|jan@urzad.example|Gliwice; ratusz||"}},
      {"a heading in English",
       "name,e-mail,position\nJan Kowalski,jan@urzad.example,clerk",
       {"Jan Kowalski|jan@urzad.example||clerk|"}},
      {"a lone quotation mark",
       "Jan \"Jaś Kowalski;jan@urzad.example",
       {"Jan \"Jaś Kowalski|jan@urzad.example|||"}},
      {"a link", "mailto:jan@urzad.example", {"|jan@urzad.example|||"}},
      {"what is wrong",
       "Jan Kowalski\njan@urzad\nJ <j@urzad.example>",
       {"Jan Kowalski||||email:missing_address", "|jan@urzad|||email:invalid_email",
        "|j@urzad.example|||full_name:too_short"}},
  };
  for (const auto& given : cases) {
    CAPTURE(given.name);
    CHECK(read(given.text) == given.rows);
  }
}

TEST_CASE("a row is known by its line and the words that stand there") {
  const auto rows = parse_invitees("\njan@urzad.example\n\n  Anna <x> ");
  REQUIRE(rows);
  REQUIRE(rows->size() == 2);
  CHECK((*rows)[0].line == 1);
  CHECK((*rows)[1].line == 3);
  CHECK((*rows)[1].text == "Anna <x>");
}

TEST_CASE("five hundred rows are read, and the broken ones are named") {
  std::string text;
  for (int row = 0; row < 500; ++row)
    text += row % 17 == 0 ? "osoba bez adresu " + std::to_string(row) + "\n"
                          : "Osoba " + std::to_string(row) + " <o" + std::to_string(row) +
                                "@urzad.example>\n";
  const auto rows = parse_invitees(text);
  REQUIRE(rows);
  CHECK(rows->size() == 500);
  CHECK(std::count_if(rows->begin(), rows->end(),
                      [](const auto& row) { return !row.errors.empty(); }) == 30);
}

TEST_CASE("a list that is empty, too long or no text is refused as a whole") {
  const auto code = [](const std::string& text) {
    const auto rows = parse_invitees(text);
    return rows ? std::string() : std::get<domain::FieldErrors>(rows.failure()).front().code;
  };
  CHECK(code("") == "required");
  CHECK(code("\xff\xfe") == "not_utf8");
  CHECK(code(std::string(usecases::kMostPastedOctets + 1, 'x')) == "list_too_long");
  std::string many;
  for (std::size_t row = 0; row <= usecases::kMostPastedInvitees; ++row) many += "a@b.example\n";
  CHECK(code(many) == "too_many");
}

TEST_CASE("a slip in the domain of a known mailbox is noticed, and nothing else") {
  CHECK(find_meant_domain("jan@gmial.com") == "gmail.com");
  CHECK(find_meant_domain("jan@gmail.con") == "gmail.com");
  CHECK(find_meant_domain("jan@onet.p") == "onet.pl");
  CHECK(find_meant_domain("jan@interiia.pl") == "interia.pl");
  for (const char* right : {"jan@gmail.com", "jan@wp.pl", "jan@o2.pl", "jan@op.pl",
                            "jan@um.gliwice.pl", "jan@onet.eu", "jan", ""})
    CHECK_MESSAGE(find_meant_domain(right).empty(), right);
}
