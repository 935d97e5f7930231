#include "notifications/address.h"

#include <doctest/doctest.h>

#include <string>

#include "notifications/message_id.h"

using namespace narada::notifications;

TEST_CASE("ordinary addresses can be delivered to") {
  for (const std::string address : {"a@b.pl", "anna.nowak@um.gliwice.pl", "o'neil+x@b.pl",
                                    "A_B-c%d@xn--lodz-2sa.pl", "a@localhost", "1@2.pl"}) {
    CAPTURE(address);
    CHECK(is_deliverable_address(address));
  }
  CHECK(is_deliverable_address(std::string(64, 'a') + "@b.pl"));
}

TEST_CASE("an address of another shape or with octets that SMTP reads cannot") {
  const std::string refused[] = {"",
                                 "@",
                                 "a",
                                 "a@",
                                 "@b.pl",
                                 "a@b.pl\r\nRCPT TO:<x@y.pl>",
                                 "a@b.pl\n",
                                 "a\r@b.pl",
                                 std::string("a\0@b.pl", 7),
                                 "<a@b.pl>",
                                 "a@b.pl> SIZE=1",
                                 "a b@c.pl",
                                 "a@b .pl",
                                 "a@b..pl",
                                 "a@.b.pl",
                                 "a@b.pl.",
                                 ".a@b.pl",
                                 "a.@b.pl",
                                 "a..b@c.pl",
                                 "a@b@c.pl",
                                 "\"a\"@b.pl",
                                 "a@[127.0.0.1]",
                                 "a,b@c.pl",
                                 "a;b@c.pl",
                                 "a:b@c.pl",
                                 "a\\b@c.pl",
                                 "(a)@b.pl",
                                 "a@-b.pl",
                                 "a@b-.pl",
                                 "a@b_c.pl",
                                 "ż@b.pl",
                                 "a@ż.pl",
                                 "a\x7f@b.pl",
                                 std::string(65, 'a') + "@b.pl",
                                 "a@" + std::string(64, 'b') + ".pl",
                                 "a@" + std::string(252, 'b') + ".pl"};
  for (const std::string& address : refused) {
    CAPTURE(address);
    CHECK(!is_deliverable_address(address));
  }
}

TEST_CASE("message ids are random and carry the host of the service") {
  const std::string id = make_message_id("https://narada.example:8443/base");
  CHECK(id.size() == 32 + 1 + 14);
  CHECK(id.substr(32) == "@narada.example");
  CHECK(make_message_id("https://narada.example") != make_message_id("https://narada.example"));
  CHECK(is_deliverable_address(id));
  for (const std::string host : {"", "https://", "http://[::1]:8080", "..", "a..b", "ż"}) {
    CAPTURE(host);
    CHECK(is_deliverable_address(make_message_id(host)));
  }
  CHECK(make_message_id("http://user@narada.example>\r\n<x").substr(32) == "@narada.examplex");
}
