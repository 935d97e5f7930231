#include "service/http/device_name.h"

#include <doctest/doctest.h>

using narada::http::device_name;

TEST_CASE("a browser and its system have the names that people know") {
  struct Case {
    std::string_view agent, name;
  };
  for (const auto& [agent, name] :
       {Case{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
             "Firefox, Windows"},
        Case{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
             "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
             "Edge, Windows"},
        Case{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
             "Chrome/138.0.0.0 Safari/537.36",
             "Chrome, Linux"},
        Case{"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
             "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
             "Samsung Internet, Android"},
        Case{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
             "like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
             "Safari, iPhone"},
        Case{"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
             "Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
             "Firefox, iPad"},
        Case{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
             "Gecko) Version/18.5 Safari/605.1.15",
             "Safari, macOS"},
        Case{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
             "Chrome/138.0.0.0 Safari/537.36 OPR/120.0",
             "Opera, ChromeOS"},
        Case{"curl/7.88.1", "curl"}, Case{"Windows", "Windows"}, Case{"", ""},
        Case{"<script>alert(1)</script>", ""}}) {
    CAPTURE(agent);
    CHECK(device_name(agent) == name);
  }
}
