#include "service/usecases/mails/return_path.h"

#include <doctest/doctest.h>

using narada::usecases::local_return_path;

TEST_CASE("only a path of this site is gone back to") {
  struct Case {
    std::string given;
    bool local;
  };
  const std::string longest = "/" + std::string(499, 'a');
  for (const auto& [given, local] :
       {Case{"/", true},
        Case{"/moje", true},
        Case{"/en/moje/dane?x=1&y=%2F#z", true},
        Case{"/spotkania/a-b/zapisy?dalej=https://evil.example/", true},
        Case{"/@evil.example", true},
        Case{"/:80", true},
        Case{longest, true},
        Case{longest + "a", false},
        Case{"", false},
        Case{"moje", false},
        Case{"//evil.example", false},
        Case{"///evil.example", false},
        Case{"/./"
             "/evil.example",
             false},
        Case{"/a//evil.example", false},
        Case{"/\\evil.example", false},
        Case{"\\\\evil.example", false},
        Case{"/a\\b", false},
        Case{"https://evil.example/", false},
        Case{"https:/evil.example", false},
        Case{"javascript:alert(1)", false},
        Case{"data:text/html,x", false},
        Case{" /moje", false},
        Case{"/mo je", false},
        Case{"/moje\r\nSet-Cookie: a=b", false},
        Case{"/\t/evil.example", false},
        Case{"\t//evil.example", false},
        Case{"/moje\x7f", false},
        Case{"/żółw", false},
        Case{std::string("/a\0b", 4), false},
        Case{"?dalej=/", false},
        Case{"#/moje", false}}) {
    CAPTURE(given);
    CHECK(local_return_path(given) == (local ? given : ""));
  }
}
