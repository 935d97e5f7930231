#include "service/identity/password.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "service/identity/hashing_gate.h"

using namespace narada::identity;

namespace {

const std::vector<std::string> kOwner = {"Żaneta Nowak-Kot", "z.nowakowska@urzad-gliwice.example"};

std::string flaw_of(const std::string& password) {
  const auto error = find_password_error(password, kOwner);
  if (!error) return "";
  std::string text = error->code;
  for (const auto& [name, value] : error->details) text += " " + name + "=" + value;
  return text;
}

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int count = 0; count < times; ++count) all += text;
  return all;
}

}  // namespace

TEST_CASE("a new password is long, its owner's own, and not what everybody takes") {
  struct Row {
    std::string name;
    std::string password;
    std::string flaw;
  };
  const std::string most =
      repeat("Wiosna i 9 rowerow oraz pociag! ", 3) + "Zima i 8 sanek oraz autobus: no.";
  REQUIRE(most.size() == 128);
  const std::vector<Row> rows = {
      {"a sentence", "cztery zielone rowery na dachu", ""},
      {"from a password manager", "x7#Qm2v!Lp9zTr", ""},
      {"twelve characters of two bytes", "żółćęąśźńżół", ""},
      {"twelve emoji", "🐈🚲🌧🍏🎺🧭🪁🧵🥁🛶🪴🧊", ""},
      {"128 characters", most, ""},
      {"blanks count and stay", "   zielony kot", ""},
      {"a common word inside a sentence", "moja polska wymowa kuleje", ""},
      {"eleven characters", "x7#Qm2v!Lp9", "too_short min=12"},
      {"eleven characters in 22 bytes", "żółćęąśźńżó", "too_short min=12"},
      {"129 characters", most + "x", "too_long max=128"},
      {"empty", "", "too_short min=12"},
      {"a lone continuation byte", "abcdefgh\x80ijklmn", "not_utf8"},
      {"an overlong form", "abcdefgh\xC0\xAFijklmn", "not_utf8"},
      {"a cut sequence", "abcdefghijklm\xC5", "not_utf8"},
      {"the owner's surname", "kwiecien.Nowak.17", "password_personal"},
      {"the owner's first name, in other case", "ŻANETA wiosna wieje", "password_personal"},
      {"the owner's mailbox", "Nowakowska#x7Qm2v", "password_personal"},
      {"the owner's office", "w gliwice najlepiej", "password_personal"},
      {"the name of the service", "Narada#x7Qm2v!Lp", "password_personal"},
      {"a word with digits after it", "Password123456", "password_common"},
      {"a Polish word with digits around it", "12Hasło2024!!!!", "password_common"},
      {"a word with signs for letters", "P@$$w0rd!!!!", "password_common"},
      {"a word twice", "passwordpassword", "password_common"},
      {"two words", "polskawarszawa1", "password_common"},
      {"dots between letters", "p.a.s.s.w.o.r.d", "password_common"},
      {"one character", "aaaaaaaaaaaaaaa", "password_common"},
      {"few characters repeated", "xk9xk9xk9xk9xk9", "password_common"},
      {"digits in a row", "1234567890123", "password_common"},
      {"digits in a row, back", "0987654321098", "password_common"},
      {"a row of the keyboard", "qwertyuiop[]", "password_common"},
      {"zigzag on the keyboard", "1q2w3e4r5t6y", "password_common"},
      {"columns of the keyboard", "zaq12wsxcde3", "password_common"},
      {"two rows and a year", "qwerty2024asdfgh", "password_common"},
      {"the alphabet", "abcdefghijkl", "password_common"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(flaw_of(row.password) == row.flaw);
  }
}

TEST_CASE("looking for common words stays quick on text that can be read in many ways") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(flaw_of(repeat("dupa", 31) + "xz7") == "");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
}

TEST_CASE("a password is right against its own argon2id hash alone") {
  const std::string hash = hash_password("cztery zielone rowery");
  CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  CHECK(hash != hash_password("cztery zielone rowery"));
  CHECK(verify_password("cztery zielone rowery", hash));
  CHECK_FALSE(verify_password("cztery zielone rowery ", hash));
  CHECK_FALSE(verify_password("", hash));
  CHECK_FALSE(verify_password("cztery zielone rowery", "no hash at all"));
  CHECK_FALSE(needs_rehash(hash));
  CHECK(
      needs_rehash("$argon2id$v=19$m=8192,t=2,p=1$"
                   "c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST_CASE("nobody's hash takes as long as anybody's, and no password fits it") {
  const std::string hash = hash_password("cztery zielone rowery");
  const auto time = [](const std::string& against) {
    auto best = std::chrono::steady_clock::duration::max();
    for (int round = 0; round < 3; ++round) {
      const auto begin = std::chrono::steady_clock::now();
      CHECK_FALSE(verify_password("zgaduj zgadula zgadnij", against));
      best = std::min(best, std::chrono::steady_clock::now() - begin);
    }
    return best;
  };
  const auto known = time(hash);
  const auto unknown = time("");
  CHECK(unknown > known / 4);
  CHECK(unknown < known * 4);
}

TEST_CASE("few enter the gate at once, some wait for a while, the rest is sent away") {
  HashingGate gate(2, 1, std::chrono::milliseconds(40));
  auto first = std::make_unique<HashingGate::Pass>(gate);
  const HashingGate::Pass second(gate);
  CHECK_THROWS_AS(HashingGate::Pass{gate}, HashingBusy);  // waited, nobody left

  std::atomic<bool> entered{false};
  HashingGate slow(1, 1, std::chrono::seconds(20));
  auto inside = std::make_unique<HashingGate::Pass>(slow);
  std::thread waiter([&] {
    const HashingGate::Pass pass(slow);
    entered = true;
  });
  for (bool is_waiting = false; !is_waiting;) {  // the second to wait is refused at once
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    HashingGate& same = slow;
    std::thread([&] {
      try {
        const HashingGate::Pass pass(same);
      } catch (const HashingBusy&) {
        is_waiting = true;
      }
    }).join();
  }
  CHECK_FALSE(entered);
  inside.reset();
  waiter.join();
  CHECK(entered);
}
