#include "notifications/reply_address.h"

#include <doctest/doctest.h>

#include <string>

#include "notifications/address.h"

using namespace narada::notifications;
using About = ReplyTarget::About;

namespace {

const std::string kSecret(32, 'k');
constexpr const char* kMailbox = "Narada@narada.example";
constexpr ReplyTarget kRegistration{About::registration, 45};

}  // namespace

TEST_CASE("an address that answers go to says what they are about") {
  for (const ReplyTarget target :
       {kRegistration, ReplyTarget{About::mail, 45}, ReplyTarget{About::mail, INT64_MAX}}) {
    const auto address = make_reply_address(kMailbox, target, kSecret);
    CAPTURE(address);
    CHECK(is_deliverable_address(address));
    CHECK(read_reply_address(address, kMailbox, kSecret) == target);
    CHECK(make_reply_address(kMailbox, target, kSecret) == address);
    CHECK(address.find('@') <= 64);
  }
}

TEST_CASE("mail servers that change the case of letters do not break the proof") {
  auto address = make_reply_address("narada@narada.example", kRegistration, kSecret);
  for (char& character : address) character = static_cast<char>(std::toupper(character));
  CHECK(read_reply_address(address, kMailbox, kSecret) == kRegistration);
}

TEST_CASE("an address that this installation did not make is about nothing") {
  const auto good = make_reply_address(kMailbox, kRegistration, kSecret);
  REQUIRE(read_reply_address(good, kMailbox, kSecret));
  auto other_proof = good;
  other_proof[good.find('-') + 1] = other_proof[good.find('-') + 1] == 'a' ? 'b' : 'a';
  auto other_id = good;
  other_id[good.find("r45") + 2] = '6';
  auto other_kind = good;
  other_kind[good.find("r45")] = 'm';
  const auto proof = good.substr(good.find('-'));
  for (const std::string& address :
       {std::string(), std::string("@"), std::string(kMailbox), other_proof, other_id, other_kind,
        good + "x", "x" + good, std::string("narada+r45@narada.example"),
        "narada+r45" + proof + "\r\n", "narada+r045" + proof, "narada+r-45" + proof,
        "narada+x45" + proof, "narada+r" + proof, "narada+r99999999999999999999" + proof,
        make_reply_address("other@narada.example", kRegistration, kSecret),
        make_reply_address(kMailbox, kRegistration, std::string(32, 'l'))}) {
    CAPTURE(address);
    CHECK(!read_reply_address(address, kMailbox, kSecret));
  }
  CHECK(!read_reply_address(good, "no mailbox", kSecret));
}
