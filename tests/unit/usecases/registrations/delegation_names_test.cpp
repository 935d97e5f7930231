// Tables of names as people copy them out of spreadsheets.
#include "service/usecases/registrations/delegation_names.h"

#include <doctest/doctest.h>

#include <ostream>

using namespace narada;
using usecases::NamedRow;

namespace {

std::string to_line(const NamedRow& row) {
  std::string text = row.full_name + "|" + row.email + "|" + row.position + "|" +
                     (row.mode ? std::string(domain::to_string(*row.mode)) : "-") + "|" +
                     row.superior_name + "|" + row.superior_email;
  for (const auto& error : row.errors) text += " !" + error.field + ":" + error.code;
  return text;
}

std::vector<std::string> read(std::string_view text) {
  const auto names = usecases::parse_names(text);
  if (!names) return {"refused"};
  std::vector<std::string> lines;
  for (const auto& row : names->rows) lines.push_back(to_line(row));
  return lines;
}

struct Sample {
  const char* name;
  std::string text;
  std::vector<std::string> rows;
};

}  // namespace

TEST_CASE("a pasted table is read as it comes") {
  const std::vector<Sample> samples{
      {"tabs, no headings",
       "Anna Nowak\tanna@urzad.example\tinspektor\n",
       {"Anna Nowak|anna@urzad.example|inspektor|-||"}},
      {"semicolons and CRLF",
       "Anna Nowak;anna@urzad.example;inspektor\r\n\r\n",
       {"Anna Nowak|anna@urzad.example|inspektor|-||"}},
      {"commas", "Anna Nowak,anna@urzad.example", {"Anna Nowak|anna@urzad.example||-||"}},
      {"the address first",
       "anna@urzad.example\tAnna Nowak\tinspektor",
       {"Anna Nowak|anna@urzad.example|inspektor|-||"}},
      {"headings in another order",
       "Stanowisko\tE-mail\tImię i nazwisko\tTryb\ninspektor\tanna@urzad.example\tAnna "
       "Nowak\tzdalnie",
       {"Anna Nowak|anna@urzad.example|inspektor|online||"}},
      {"English headings",
       "Full name;E-mail;Job title;Mode\nAnna Nowak;anna@urzad.example;clerk;In person",
       {"Anna Nowak|anna@urzad.example|clerk|onsite||"}},
      {"first and last name apart",
       "Nazwisko;Imię;Adres e-mail:\nNowak;Anna;anna@urzad.example",
       {"Anna Nowak|anna@urzad.example||-||"}},
      {"the family name first stays so",
       "NAZWISKO I IMIĘ;EMAIL\nNowak Anna;anna@urzad.example",
       {"Nowak Anna|anna@urzad.example||-||"}},
      {"byte order mark and no-break spaces",
       "\xEF\xBB\xBFImię i nazwisko;e-mail\nAnna\u00A0Nowak\u00A0; anna@urzad.example ",
       {"Anna Nowak|anna@urzad.example||-||"}},
      {"quotes, with a separator and a line break inside",
       "\"Nowak; Anna\"\tanna@urzad.example\t\"inspektor\nwydziału \"\"A\"\"\"",
       {"Nowak; Anna|anna@urzad.example|inspektor wydziału \"A\"|-||"}},
      {"a quote that nobody closes spoils no other row",
       "\"Anna Nowak;anna@urzad.example\nJan Lis;jan@urzad.example",
       {"\"Anna Nowak|anna@urzad.example||-||", "Jan Lis|jan@urzad.example||-||"}},
      {"a second address is the superior's",
       "Anna Nowak;anna@urzad.example;inspektor;szef@urzad.example",
       {"Anna Nowak|anna@urzad.example|inspektor|-||szef@urzad.example"}},
      {"the superior by name and address",
       "imię i nazwisko;e-mail;przełożony;e-mail przełożonego\nAnna Nowak;anna@urzad.example;Ewa "
       "Szef;szef@urzad.example",
       {"Anna Nowak|anna@urzad.example||-|Ewa Szef|szef@urzad.example"}},
      {"what is wrong",
       "imię i nazwisko;e-mail;tryb\n;anna@urzad.example;online\nJan Lis;jan(at)urzad;online\nEwa "
       "Kos;ewa@urzad.example;konno\nEwa Kos;;",
       {"|anna@urzad.example||online|| !full_name:required",
        "Jan Lis|||online|| !email:invalid_email",
        "Ewa Kos|ewa@urzad.example||-|| !mode:unknown_mode", "Ewa Kos|||-|| !email:required"}},
      {"somebody twice",
       "Anna Nowak;anna@urzad.example\nANNA  NOWAK;Anna@Urzad.example",
       {"Anna Nowak|anna@urzad.example||-||",
        "ANNA NOWAK|Anna@Urzad.example||-|| !:duplicate_row"}},
      {"nothing", " \n\t\n", {"refused"}},
  };
  for (const auto& sample : samples) {
    CAPTURE(sample.name);
    CHECK(read(sample.text) == sample.rows);
  }
}

TEST_CASE("rows that are left are the table again, with its headings") {
  const auto names =
      usecases::parse_names("E-mail\tOsoba\nanna@urzad.example\tAnna Nowak\n\nzły\tJan Lis\n");
  REQUIRE(names.ok());
  REQUIRE(names->rows.size() == 2);
  CHECK(names->rows[1].line == 4);
  CHECK(names->text_of({&names->rows[1]}) == "E-mail\tOsoba\nzły\tJan Lis\n");
  CHECK(names->text_of({}).empty());
}

TEST_CASE("a table that is too long is refused as a whole") {
  std::string text;
  for (std::size_t row = 0; row <= usecases::kMostPastedRows; ++row)
    text += "Osoba " + std::to_string(row) + ";o" + std::to_string(row) + "@urzad.example\n";
  const auto names = usecases::parse_names(text);
  REQUIRE_FALSE(names.ok());
  const auto errors = std::get<domain::FieldErrors>(names.failure());
  CHECK(errors == domain::FieldErrors{{"names", "too_many_rows", {{"max", "1000"}}}});
}
