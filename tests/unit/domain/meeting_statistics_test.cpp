#include "service/domain/meeting_statistics.h"

#include <doctest/doctest.h>

using namespace narada::domain;

namespace {

OfficeNumbers office(std::int64_t id, InstitutionKind kind, const std::string& county,
                     std::int64_t confirmed, bool came_before = false) {
  OfficeNumbers numbers;
  numbers.id = InstitutionId{id};
  numbers.name = "Urząd " + std::to_string(id);
  numbers.kind = kind;
  numbers.county = county;
  numbers.confirmed = confirmed;
  numbers.came_before = came_before;
  return numbers;
}

// "key offices people"
std::vector<std::string> lines_of(const std::vector<SharedNumbers>& all) {
  std::vector<std::string> lines;
  for (const auto& one : all)
    lines.push_back(one.key + " " + std::to_string(one.offices) + " " + std::to_string(one.people));
  return lines;
}

}  // namespace

TEST_CASE("offices are counted by what they share, the most frequent first") {
  auto withdrawn = office(5, InstitutionKind::university, "Łódź", 0);
  withdrawn.withdrawn = 3;
  const std::vector<OfficeNumbers> offices{
      office(1, InstitutionKind::rural_municipality, "zgierski", 2),
      office(2, InstitutionKind::urban_municipality, "zgierski", 1),
      office(3, InstitutionKind::urban_municipality, "", 4),
      office(4, InstitutionKind::urban_municipality, "pabianicki", 1, true),
      withdrawn,
      office(0, InstitutionKind::other, "", 7)};
  CHECK(lines_of(numbers_by_kind(offices)) ==
        std::vector<std::string>{"urban_municipality 3 6", "rural_municipality 1 2"});
  CHECK(lines_of(numbers_by_county(offices)) ==
        std::vector<std::string>{"zgierski 2 3", "pabianicki 1 1"});
}

TEST_CASE("a newcomer is a municipality with somebody who is in, never seen before") {
  auto pending = office(3, InstitutionKind::rural_municipality, "", 0);
  pending.pending = 1;
  const std::vector<OfficeNumbers> offices{
      office(1, InstitutionKind::urban_municipality, "", 1),
      office(2, InstitutionKind::urban_municipality, "", 1, true), pending,
      office(4, InstitutionKind::university, "", 1),
      office(5, InstitutionKind::urban_municipality, "", 0)};
  std::vector<std::int64_t> found;
  for (const auto& one : newcomers(offices)) found.push_back(one.id.value);
  CHECK(found == std::vector<std::int64_t>{1, 3});
}
