#include "service/domain/related_practices.h"

#include <doctest/doctest.h>

#include "service/domain/municipality_size.h"

using namespace narada::domain;

namespace {

PracticeSummary practice(std::int64_t id, int topic, std::optional<PracticeArea> area,
                         std::optional<PracticeType> type, std::vector<int> institutions) {
  PracticeSummary made;
  made.id = PracticeId{id};
  if (topic != 0) made.topic = TopicRef{TopicId{topic}, "t", "T", ""};
  made.area = area;
  made.type = type;
  for (const int institution : institutions)
    made.institutions.push_back(
        {InstitutionId{institution}, "i", std::nullopt, "I", InstitutionKind::other, std::nullopt});
  made.published_at = Instant(std::chrono::seconds(id));
  return made;
}

std::vector<std::int64_t> ids_of(const std::vector<PracticeSummary>& practices) {
  std::vector<std::int64_t> ids;
  for (const auto& one : practices) ids.push_back(one.id.value);
  return ids;
}

constexpr auto kSocial = PracticeArea::social_services;
constexpr auto kTechnical = PracticeArea::technical_services;
constexpr auto kIt = PracticeType::it;
constexpr auto kProject = PracticeType::project;

}  // namespace

TEST_CASE("practices are related by what they share, and what is not known is not shared") {
  struct Row {
    const char* name;
    PracticeSummary other;
    int points;
  };
  const auto one = practice(1, 7, kSocial, kIt, {1, 2});
  const std::vector<Row> rows = {
      {"everything", practice(2, 7, kSocial, kIt, {2}), 9},
      {"the topic", practice(2, 7, kTechnical, kProject, {3}), 4},
      {"the area", practice(2, 8, kSocial, kProject, {3}), 2},
      {"an institution", practice(2, 8, kTechnical, kProject, {3, 1}), 2},
      {"the type", practice(2, 8, kTechnical, kIt, {}), 1},
      {"nothing that is known", practice(2, 0, std::nullopt, std::nullopt, {}), 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(relation_of(one, row.other) == row.points);
    CHECK(relation_of(row.other, one) == row.points);
  }
  const auto unknown = practice(1, 0, std::nullopt, std::nullopt, {});
  CHECK(relation_of(unknown, practice(2, 0, std::nullopt, std::nullopt, {})) == 0);
}

TEST_CASE("the closest practices come first, among equals the newest, and chance leads to none") {
  const auto one = practice(1, 7, kSocial, kIt, {1});
  const std::vector<PracticeSummary> others = {
      practice(2, 8, kTechnical, kIt, {}),  // the type alone
      practice(3, 8, kSocial, kProject, {}),    one,
      practice(4, 8, kSocial, kProject, {}),    practice(5, 7, kTechnical, kProject, {}),
      practice(6, 8, kTechnical, kProject, {1})};
  CHECK(ids_of(closest_practices(one, others, 10)) == std::vector<std::int64_t>{5, 6, 4, 3});
  CHECK(ids_of(closest_practices(one, others, 2)) == std::vector<std::int64_t>{5, 6});
  CHECK(closest_practices(one, {one}, 10).empty());
}

TEST_CASE("every number of people falls into exactly one size") {
  const std::pair<std::int64_t, MunicipalitySize> rows[] = {
      {0, MunicipalitySize::to_5k},           {4'999, MunicipalitySize::to_5k},
      {5'000, MunicipalitySize::to_20k},      {19'999, MunicipalitySize::to_20k},
      {20'000, MunicipalitySize::to_100k},    {99'999, MunicipalitySize::to_100k},
      {100'000, MunicipalitySize::over_100k}, {1'863'000, MunicipalitySize::over_100k}};
  for (const auto& [people, size] : rows) {
    CAPTURE(people);
    CHECK(size_of_population(people) == size);
    const auto range = population_of(size);
    CHECK(range.least <= people);
    CHECK(people < range.below);
  }
}
