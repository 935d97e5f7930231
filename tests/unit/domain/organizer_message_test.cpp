// Whom a message of the organizers is for, and what stands in it.
#include "service/domain/organizer_message.h"

#include <doctest/doctest.h>

using namespace narada::domain;

namespace {

constexpr Instant kNow{std::chrono::sys_days(std::chrono::year(2027) / 3 / 1)};

MessageCandidate registered(int id, int person, RegistrationStatus status, int days_from_now = 1) {
  MessageCandidate candidate;
  candidate.registration = RegistrationId{id};
  candidate.person = PersonId{person};
  candidate.full_name = "Osoba " + std::to_string(person);
  candidate.email = "osoba" + std::to_string(person) + "@urzad.example";
  candidate.status = status;
  candidate.starts_at = kNow + std::chrono::days(days_from_now);
  return candidate;
}

MessageCandidate invited(int id, const std::string& email) {
  MessageCandidate candidate;
  candidate.invitee = InviteeId{id};
  candidate.email = email;
  return candidate;
}

using Indexes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("each group means the registrations and invitations that it is named after") {
  using S = RegistrationStatus;
  const std::vector<MessageCandidate> candidates = {
      registered(1, 1, S::confirmed), registered(2, 2, S::waitlisted),
      registered(3, 3, S::pending),   registered(4, 4, S::attended),
      registered(5, 5, S::absent),    registered(6, 6, S::cancelled),
      registered(7, 7, S::declined),  invited(8, "nowy@urzad.example")};
  const std::vector<std::pair<MessageGroup, Indexes>> kCases = {
      {MessageGroup::participants, {0, 3}}, {MessageGroup::waiting, {1}},
      {MessageGroup::pending, {2}},         {MessageGroup::attended, {3}},
      {MessageGroup::absent, {4}},          {MessageGroup::invited, {7}}};
  CHECK(kCases.size() == kMessageGroups);
  for (const auto& [group, expected] : kCases) {
    CAPTURE(to_string(group));
    CHECK(choose_people(candidates, {{group}}, kNow).recipients == expected);
    CHECK(find_message_group(to_string(group)) == group);
  }
  CHECK(choose_people(candidates, {}, kNow).recipients.empty());
}

TEST_CASE("a person of several meetings gets one mail, about the next to come or the last one") {
  using S = RegistrationStatus;
  const MessageAudience everybody{{MessageGroup::participants, MessageGroup::waiting}};
  const std::vector<MessageCandidate> to_come = {
      registered(1, 1, S::confirmed, -7), registered(2, 1, S::confirmed, 14),
      registered(3, 1, S::waitlisted, 7), registered(4, 2, S::confirmed, 1)};
  CHECK(choose_people(to_come, everybody, kNow).recipients == Indexes{2, 3});
  const std::vector<MessageCandidate> over = {registered(1, 1, S::confirmed, -14),
                                              registered(2, 1, S::confirmed, -7)};
  CHECK(choose_people(over, everybody, kNow).recipients == Indexes{1});
}

TEST_CASE("who is registered is not written to once more as an invitee") {
  auto listed = invited(9, "osoba1@urzad.example");
  listed.person = PersonId{1};
  const MessageAudience both{{MessageGroup::participants, MessageGroup::invited}};
  const auto chosen =
      choose_people({listed, registered(1, 1, RegistrationStatus::confirmed)}, both, kNow);
  CHECK(chosen.recipients == Indexes{1});
}

TEST_CASE("people of one mailbox are people of their own, and count as one address") {
  auto one = registered(1, 1, RegistrationStatus::confirmed);
  auto other = registered(2, 2, RegistrationStatus::confirmed);
  one.email = "Sekretariat@urzad.example";
  other.email = "sekretariat@urzad.example";
  const auto chosen = choose_people({one, other}, {{MessageGroup::participants}}, kNow);
  CHECK(chosen.recipients == Indexes{0, 1});
  CHECK(chosen.addresses == 1);
}

TEST_CASE("the erased and dead addresses are left out, with the reason") {
  auto erased = registered(1, 1, RegistrationStatus::confirmed);
  erased.email.clear();
  erased.full_name.clear();
  auto dead = registered(2, 2, RegistrationStatus::confirmed);
  dead.is_dead_address = true;
  const auto chosen = choose_people({erased, dead}, {{MessageGroup::participants}}, kNow);
  CHECK(chosen.recipients.empty());
  const std::vector<std::pair<std::size_t, LeftOut>> expected = {{0, LeftOut::erased},
                                                                 {1, LeftOut::dead_address}};
  CHECK(chosen.left_out == expected);
}

TEST_CASE("mode and institution narrow the audience") {
  auto online = registered(1, 1, RegistrationStatus::confirmed);
  online.mode = AttendanceMode::online;
  auto gliwice = registered(2, 2, RegistrationStatus::confirmed);
  gliwice.institution = InstitutionId{7};
  const std::vector<MessageCandidate> candidates = {online, gliwice};
  const auto choose = [&](const MessageAudience& audience) {
    return choose_people(candidates, audience, kNow).recipients;
  };
  CHECK(choose({{MessageGroup::participants}, AttendanceMode::online}) == Indexes{0});
  CHECK(choose({{MessageGroup::participants}, {}, InstitutionId{7}}) == Indexes{1});
  CHECK(choose({{MessageGroup::participants}, AttendanceMode::online, InstitutionId{7}}).empty());
}

TEST_CASE("braces hold the person's name or their link and nothing else") {
  const std::vector<std::pair<std::string, std::string>> kCases = {
      {"Dzień dobry {osoba}, {link}", ""},
      {"Dear {person}", ""},
      {"{imie}", "{imie}"},
      {"za późno }", "}"},
      {"otwarte {", "{"},
      {"{osoba} i {\nlink}", "{"},
      {"bez niczego", ""}};
  for (const auto& [text, unknown] : kCases) {
    CAPTURE(text);
    CHECK(find_unknown_placeholder(text) == unknown);
  }
  CHECK(fill_message("Dzień dobry {osoba}: {link}, {person}", "Jan {link}", "https://n/z/1") ==
        "Dzień dobry Jan {link}: https://n/z/1, Jan {link}");
}

TEST_CASE("addresses of pages are links, what ends the sentence behind them is not") {
  using Pieces = std::vector<TextPiece>;
  const std::vector<std::pair<std::string, Pieces>> kCases = {
      {"", {}},
      {"bez adresu", {{"bez adresu"}}},
      {"https://a.example", {{"https://a.example", true}}},
      {"Zob. https://a.example/x?y=1, a potem „http://b.example”.",
       {{"Zob. "},
        {"https://a.example/x?y=1", true},
        {", a potem „"},
        {"http://b.example", true},
        {"”."}}},
      {"https://a.example/łąka (https://b.example).",
       {{"https://a.example/łąka", true}, {" ("}, {"https://b.example", true}, {")."}}},
      {"javascript:alert(1) <https://a.example>",
       {{"javascript:alert(1) <"}, {"https://a.example", true}, {">"}}}};
  for (const auto& [text, pieces] : kCases) {
    CAPTURE(text);
    CHECK(split_links(text) == pieces);
  }
}

TEST_CASE("without an English text everybody gets the Polish one") {
  CHECK(message_language({{"a", "b"}, {}}, Language::en) == Language::pl);
  CHECK(message_language({{"a", "b"}, {"c", "d"}}, Language::en) == Language::en);
  CHECK(message_language({{"a", "b"}, {"c", "d"}}, Language::pl) == Language::pl);
}
