#include "service/usecases/client_address.h"

#include <doctest/doctest.h>

using namespace narada::usecases;

TEST_CASE("an address stands for a subscriber and lies in a network") {
  struct Case {
    std::string address, client, network;
  };
  for (const auto& given : {Case{"192.0.2.7", "192.0.2.7", "192.0.2.0/24"},
                            Case{"::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0/24"},
                            Case{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"},
                            Case{"2001:db8:1:2::ffff", "2001:db8:1:2::/64", "2001:db8:1::/48"},
                            Case{"2001:db8:1:ffff::1", "2001:db8:1:ffff::/64", "2001:db8:1::/48"},
                            Case{"::1", "::/64", "::/48"}, Case{"", "", ""},
                            Case{"urzad", "urzad", ""}, Case{"192.0.2.7.1", "192.0.2.7.1", ""}}) {
    CAPTURE(given.address);
    CHECK(client_of(given.address) == given.client);
    CHECK(network_of(given.address) == given.network);
  }
}
