#include <doctest/doctest.h>

#include <map>
#include <random>

#include "calendar/event.h"
#include "tests/fuzz/received_mail.h"
#include "tests/support/reply_corpus.h"

using namespace narada;
using narada::fuzz::check_received_mail;

namespace {

std::map<std::string, std::string> marks(const std::string& key) {
  const auto address = [&](notifications::ReplyTarget target) {
    return notifications::make_reply_address("narada@narada.example", target, key);
  };
  const auto reply = address(fuzz::proved_registration());
  std::string capitals = reply;
  std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return {{"reply", reply},
          {"REPLY", capitals},
          {"other_reply", reply},
          {"forged", address({notifications::ReplyTarget::About::registration, 46})},
          {"mail", address(fuzz::proved_mail())},
          {"message_id", "0123456789abcdef@narada.example"},
          {"sequence", "0"},
          {"uid", "3f2c@narada.example"},
          {"person", "osoba1@urzad.example"}};
}

std::vector<std::string> filled(const std::string& key) {
  std::vector<std::string> messages;
  for (const auto& sample : testing::load_reply_corpus(NARADA_SOURCE_DIR "/tests/golden/replies"))
    if (sample.name != "wrong_proof") messages.push_back(testing::fill_reply(sample, marks(key)));
  return messages;
}

}  // namespace

// A fixed seed: a failure repeats. Half of the messages bear proofs of one registration and one
// mail, half bear what another installation would have made: whatever is done to them, nothing else
// is ever proved.
TEST_CASE("100,000 damaged messages break nothing and prove nothing that they did not bear") {
  calendar::initialize();
  const auto own = filled(fuzz::received_mail_environment().secret_key);
  const auto strange = filled(std::string(32, 's'));
  REQUIRE(own.size() >= 60);
  std::size_t proved = 0;
  for (const auto& message : own) proved += check_received_mail(message).empty() ? 0 : 1;
  CHECK(proved >= 60);  // the control: undamaged ones do prove what they are about
  for (const auto& message : strange) CHECK(check_received_mail(message).empty());
  std::mt19937 random(20'270'104);
  std::size_t still_proved = 0;
  for (int i = 0; i < 100'000; ++i) {
    const bool is_own = random() % 2 == 0;
    auto bytes = (is_own ? own : strange)[random() % own.size()];
    for (auto changes = 1 + random() % 6; changes > 0; --changes)
      bytes = fuzz::mutate_mail(std::move(bytes), random);
    const auto targets = check_received_mail(bytes);
    fuzz::promise(is_own || targets.empty(), "a strange proof proves nothing");
    for (const auto& target : targets)
      fuzz::promise(target == fuzz::proved_registration() || target == fuzz::proved_mail(),
                    "nothing is proved but what was sent");
    still_proved += targets.empty() ? 0 : 1;
  }
  CHECK(still_proved > 10'000);
}
