// Who may read a material, and in which order they stand.
#include "service/domain/material.h"

#include <doctest/doctest.h>

#include <array>

using namespace narada::domain;

namespace {

constexpr Instant kNow{std::chrono::sys_days(std::chrono::year(2027) / 1 / 4)};

MaterialVersion version(int number, FileState state, bool has_faults = false) {
  MaterialVersion version;
  version.number = number;
  version.state = state;
  if (has_faults) version.facts.faults = {AccessibilityFault::no_text};
  return version;
}

Material material(MaterialAccess access, std::optional<std::chrono::hours> from_now) {
  Material material;
  material.access = access;
  if (from_now) material.available_from = kNow + *from_now;
  material.versions = {version(1, FileState::ready)};
  return material;
}

std::vector<int> numbers(const std::vector<MaterialVersion>& versions) {
  std::vector<int> found;
  for (const auto& one : versions) found.push_back(one.number);
  return found;
}

std::string order(const std::vector<MaterialSeat>& seats) {
  std::string text;
  for (const auto& seat : seats)
    text += (text.empty() ? "" : " ") + seat.section + std::to_string(seat.id.value) + ":" +
            std::to_string(seat.position);
  return text;
}

// Without a heading 1, below A 2 and 4, below B 3 and 5.
std::vector<MaterialSeat> five_seats() {
  return {{MaterialId{4}, "A", 40},
          {MaterialId{1}, "", 15},
          {MaterialId{2}, "A", 10},
          {MaterialId{3}, "B", 20},
          {MaterialId{5}, "B", 50}};
}

}  // namespace

TEST_CASE("every reader gets of every material what its access and date say") {
  using R = MaterialReading;
  enum class When { always, since_now, later };
  struct Row {
    const char* reader;
    MaterialReader is;
    // everybody, participants, organizers; of each: always, since now, later
    std::array<R, 9> readings;
  };
  constexpr auto o = R::open, n = R::not_yet, p = R::participants_only, h = R::hidden;
  const std::array<R, 9> all{o, o, o, o, o, o, o, o, o};
  const std::array<R, 9> participants{o, o, n, o, o, n, h, h, h};
  const std::vector<Row> rows = {
      {"a visitor", {}, {o, o, n, p, p, n, h, h, h}},
      {"a participant", {.takes_part = true}, participants},
      {"an expert of it", {.leads = true}, participants},
      {"an expert who takes part", {.leads = true, .takes_part = true}, participants},
      {"who brought it", {.added = true}, all},
      {"an expert who brought it", {.leads = true, .added = true}, all},
      {"a participant who brought it", {.takes_part = true, .added = true}, all},
      {"an organizer", {.organizes = true}, all},
      {"an organizer who takes part", {.organizes = true, .takes_part = true}, all},
      {"everything at once",
       {.organizes = true, .leads = true, .takes_part = true, .added = true},
       all},
  };
  const std::array<std::optional<std::chrono::hours>, 3> dates{std::nullopt, std::chrono::hours(0),
                                                               std::chrono::hours(1)};
  for (const Row& row : rows) {
    for (std::size_t access = 0; access < 3; ++access) {
      for (std::size_t date = 0; date < 3; ++date) {
        CAPTURE(row.reader);
        CAPTURE(access);
        CAPTURE(date);
        const auto asked = material(static_cast<MaterialAccess>(access), dates[date]);
        CHECK(decide_reading(asked, row.is, kNow) == row.readings[access * 3 + date]);
      }
    }
  }
}

TEST_CASE("what has no version for readers is hidden from them, but not from who brought it") {
  const MaterialReader visitor;
  const MaterialReader author{.added = true};
  struct Row {
    const char* name;
    std::vector<MaterialVersion> versions;
    AccessibilityRule rule;
    std::string exemption;
    std::vector<int> readable;
  };
  const std::vector<Row> rows = {
      {"nothing yet", {}, AccessibilityRule::advice, "", {}},
      {"waiting", {version(1, FileState::waiting)}, AccessibilityRule::advice, "", {}},
      {"refused", {version(1, FileState::refused)}, AccessibilityRule::none, "", {}},
      {"a newer one waits",
       {version(2, FileState::waiting), version(1, FileState::ready)},
       AccessibilityRule::advice,
       "",
       {1}},
      {"faults where they are advice",
       {version(1, FileState::ready, true)},
       AccessibilityRule::advice,
       "",
       {1}},
      {"faults where none are looked at",
       {version(1, FileState::ready, true)},
       AccessibilityRule::none,
       "",
       {1}},
      {"faults where none may be",
       {version(1, FileState::ready, true)},
       AccessibilityRule::required,
       "",
       {}},
      {"mended",
       {version(2, FileState::ready), version(1, FileState::ready, true)},
       AccessibilityRule::required,
       "",
       {2}},
      {"made worse",
       {version(2, FileState::ready, true), version(1, FileState::ready)},
       AccessibilityRule::required,
       "",
       {1}},
      {"exempted",
       {version(1, FileState::ready, true)},
       AccessibilityRule::required,
       "Mapa, której nie da się opisać.",
       {1}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Material asked;
    asked.versions = row.versions;
    asked.rule = row.rule;
    asked.exemption = row.exemption;
    CHECK(numbers(readable_versions(asked, visitor)) == row.readable);
    CHECK(decide_reading(asked, visitor, kNow) ==
          (row.readable.empty() ? MaterialReading::hidden : MaterialReading::open));
    CHECK(numbers(readable_versions(asked, author)) == numbers(row.versions));
    CHECK(decide_reading(asked, author, kNow) == MaterialReading::open);
  }
  Material link;
  link.link = "https://nagrania.example/1";
  CHECK(decide_reading(link, visitor, kNow) == MaterialReading::open);
}

TEST_CASE("the current version is the newest that is ready") {
  Material asked;
  CHECK(current_version(asked) == nullptr);
  asked.versions = {version(3, FileState::waiting), version(2, FileState::ready),
                    version(1, FileState::ready)};
  CHECK(current_version(asked)->number == 2);
}

TEST_CASE("materials stand below their headings, those without one first") {
  CHECK(order(in_reading_order(five_seats())) == "1:15 A2:10 A4:40 B3:20 B5:50");
}

TEST_CASE("a material moves within its section, and at its edge the section moves") {
  struct Row {
    int id;
    MaterialMove move;
    const char* order;
  };
  const std::vector<Row> rows = {
      {4, MaterialMove::up, "1:1 A4:2 A2:3 B3:4 B5:5"},
      {2, MaterialMove::down, "1:1 A4:2 A2:3 B3:4 B5:5"},
      {3, MaterialMove::up, "1:1 B3:2 B5:3 A2:4 A4:5"},
      {4, MaterialMove::down, "1:1 B3:2 B5:3 A2:4 A4:5"},
      {2, MaterialMove::up, "1:1 A2:2 A4:3 B3:4 B5:5"},
      {1, MaterialMove::up, "1:1 A2:2 A4:3 B3:4 B5:5"},
      {1, MaterialMove::down, "1:1 A2:2 A4:3 B3:4 B5:5"},
      {5, MaterialMove::down, "1:1 A2:2 A4:3 B3:4 B5:5"},
      {99, MaterialMove::up, "1:1 A2:2 A4:3 B3:4 B5:5"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.id);
    const auto after = moved(five_seats(), MaterialId{row.id}, row.move);
    CHECK(order(after) == row.order);
    CHECK(order(in_reading_order(after)) == row.order);
  }
}
