#include "service/domain/page_read.h"

#include <doctest/doctest.h>

using namespace narada::domain;

TEST_CASE("programs are told from browsers by what they call themselves") {
  struct Row {
    const char* agent;
    bool robot;
  };
  const Row rows[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
       "Chrome/131.0.0.0 Safari/537.36",
       false},
      {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", false},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
       "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
       false},
      {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true},
      {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116",
       true},
      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36",
       true},
      {"curl/7.88.1", true},
      {"python-requests/2.31.0", true},
      {"facebookexternalhit/1.1", true},
      {"MojaPrzegladarka", true},
      {"", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.agent);
    CHECK(is_robot(row.agent) == row.robot);
  }
}
