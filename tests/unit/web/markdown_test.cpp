#include "web/markdown.h"

#include <doctest/doctest.h>

#include <chrono>

#include "web/safe_html.h"

using namespace narada::web;

namespace {

std::string html(std::string_view text, int top_level = 3) {
  const View view = markdown_html(text, top_level);
  const std::string* found = find_safe_html(view);
  return found ? *found : "(nothing)";
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int time = 0; time < times; ++time) all += text;
  return all;
}

}  // namespace

TEST_CASE("long texts are read as CommonMark") {
  struct Case {
    const char* name;
    std::string text, expected;
  };
  for (const Case& given : {
           Case{"paragraphs", "Raz\n\nDwa", "<p>Raz</p>\n<p>Dwa</p>\n"},
           Case{"older texts keep their lines", "Raz\nDwa", "<p>Raz<br />\nDwa</p>\n"},
           Case{"a list", "- raz\n- dwa", "<ul>\n<li>raz</li>\n<li>dwa</li>\n</ul>\n"},
           Case{"marks in a line", "*ważne* i **bardzo**",
                "<p><em>ważne</em> i <strong>bardzo</strong></p>\n"},
           Case{"a heading fits under that of the page", "# Cel", "<h3>Cel</h3>\n"},
           Case{"a small heading stays one", "##### Cel", "<h6>Cel</h6>\n"},
           Case{"a link", "[GZM](https://gzm.example/a?b=c&d)",
                "<p><a href=\"https://gzm.example/a?b=c&amp;d\">GZM</a></p>\n"},
           Case{"an address of mail", "<biuro@gzm.example>",
                "<p><a href=\"mailto:biuro@gzm.example\">biuro@gzm.example</a></p>\n"},
           Case{"letters that HTML means something by", "5 < 6 & 7 > \"4\"",
                "<p>5 &lt; 6 &amp; 7 &gt; &quot;4&quot;</p>\n"},
           Case{"nothing", "", "(nothing)"},
       }) {
    CAPTURE(given.name);
    CHECK(html(given.text) == given.expected);
  }
}

TEST_CASE("nothing that somebody types becomes a part of the page itself") {
  struct Case {
    const char* name;
    std::string text, expected;
  };
  for (const Case& given : {
           Case{"a script", "<script>alert(1)</script>", "<!-- raw HTML omitted -->\n"},
           Case{"HTML in a line", "a <b onclick=\"x()\">b</b>",
                "<p>a <!-- raw HTML omitted -->b<!-- raw HTML omitted --></p>\n"},
           Case{"a link that is a script", "[a](javascript:alert(1))", "<p>a</p>\n"},
           Case{"the same in other letters", "[a](JaVaScRiPt:alert(1))", "<p>a</p>\n"},
           Case{"the same with an entity", "[a](java&#115;cript:alert(1))", "<p>a</p>\n"},
           Case{"a page within the link", "[a](data:text/html;base64,PHNjcmlwdD4=)", "<p>a</p>\n"},
           Case{"an unknown kind of address", "[a](vbscript:x)", "<p>a</p>\n"},
           Case{"another host without saying how", "[a](//evil.example)", "<p>a</p>\n"},
           Case{"a picture that tells who reads", "![opis](https://evil.example/p.png)",
                "<p>opis</p>\n"},
           Case{"a picture in a link", "[![opis](https://e.example/p.png)](javascript:x)",
                "<p>opis</p>\n"},
           Case{"quotes in an address", "[a](https://e.example/\"onclick=x)",
                "<p><a href=\"https://e.example/%22onclick=x\">a</a></p>\n"},
           Case{"a text that would be read backwards",
                "a\xE2\x80\xAE"
                "b\xE2\x81\xA6"
                "c",
                "<p>abc</p>\n"},
           Case{"what is not UTF-8", "a\xFF", "<p>a\xEF\xBF\xBD</p>\n"},
       }) {
    CAPTURE(given.name);
    CHECK(html(given.text) == given.expected);
  }
}

TEST_CASE("a text made to be slow is shown within a moment") {
  struct Case {
    const char* name;
    std::string text;
  };
  for (const Case& given : {
           Case{"quotations in quotations", repeated(">", 50'000) + "a"},
           Case{"the same with blanks", repeated("> ", 50'000) + "a"},
           Case{"lists in lists", repeated("- ", 50'000) + "a"},
           Case{"numbered lists in lists", repeated("1) ", 33'000) + "a"},
           Case{"a list deeper in each line",
                [] {
                  std::string text;
                  for (int depth = 0; depth < 400; ++depth)
                    text += std::string(static_cast<std::size_t>(depth), ' ') + "- a\n";
                  return text;
                }()},
           Case{"brackets that are not closed", repeated("[", 100'000)},
           Case{"pictures that are not closed", repeated("![", 50'000)},
           Case{"brackets in brackets", repeated("[a](", 25'000)},
           Case{"stars", repeated("*a ", 33'000)},
           Case{"stars and lines", repeated("*a_ ", 25'000)},
           Case{"strong in strong", repeated("**a ", 12'000) + repeated(" b**", 12'000)},
           Case{"code that is not closed",
                [] {
                  std::string text;
                  for (int marks = 1; marks < 440; ++marks)
                    text += "e" + std::string(static_cast<std::size_t>(marks), '`');
                  return text;
                }()},
           Case{"tags that are not closed", repeated("<a ", 33'000)},
           Case{"comments that are not closed", repeated("<!--", 25'000)},
           Case{"instructions that are not closed", repeated("<?", 50'000)},
           Case{"entities", repeated("&amp;", 20'000)},
           Case{"references", repeated("[a]: b\n", 14'000) + repeated("[a]", 100)},
           Case{"letters", std::string(100'000, 'a')},
       }) {
    CAPTURE(given.name);
    const auto before = std::chrono::steady_clock::now();
    const std::string shown = html(given.text);
    const auto taken = std::chrono::steady_clock::now() - before;
    CHECK(shown != "(nothing)");
    CHECK(shown.size() < 1'500'000);
    // Some milliseconds by themselves; quadratic time would be seconds.
    CHECK(taken < std::chrono::seconds(1));
  }
}

TEST_CASE("what is deeper than a page can show is shown as it was typed") {
  CHECK(html(repeated("> ", 50) + "<b>a") ==
        "<p class=\"lines\">" + repeated("&gt; ", 50) + "&lt;b&gt;a</p>");
}

TEST_CASE("without marks a text is its words") {
  CHECK(markdown_text("# Cel\n\nRaz **dwa**\ntrzy\n\n- a\n- b & c\n\n[GZM](https://gzm.example)") ==
        "Cel\nRaz dwa\ntrzy\na\nb & c\nGZM");
  CHECK(markdown_text("<script>x</script>\n\na") == "a");
  CHECK(markdown_text("") == "");
}
