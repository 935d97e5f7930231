#include "notifications/text_of_html.h"

#include <doctest/doctest.h>

#include "notifications/mail_view.h"
#include "tests/unit/notifications/samples.h"

using namespace narada;
using notifications::text_of_html;

TEST_CASE("HTML becomes text that reads like a letter") {
  struct Case {
    std::string name;
    std::string html;
    std::string text;
  };
  const std::string words = "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć raz";
  for (const Case& given : {
           Case{"nothing", "", ""},
           Case{"blanks", " \n ", ""},
           Case{"a paragraph", "<p>Zażółć  gęślą\n jaźń</p>", "Zażółć gęślą jaźń\n"},
           Case{"entities", "<p>a &amp; b &lt;c&gt; &quot;d&quot; &#380;</p>",
                "a & b <c> \"d\" ż\n"},
           Case{"what is not displayed",
                "<html><head><title>t</title><style>p{}</style></head><body><!-- c -->"
                "<div style=\"color:red;display: none\">x</div><script>s</script><p>y</p></body>",
                "y\n"},
           Case{"heading and paragraphs", "<h1>Masz miejsce</h1><p>a</p><div><p>b</p></div>",
                "Masz miejsce\n\na\n\nb\n"},
           Case{"a line break", "<p>a<br>b <br/> c</p>", "a\nb\nc\n"},
           Case{"emphasis", "<p>a <b>b</b><i>c</i></p>", "a bc\n"},
           Case{"a table of facts",
                "<table><tr><th scope=row>Kiedy</th><td>jutro</td></tr>"
                "<tr><th>Gdzie</th><td><a href='https://a.example/x'>https://a.example/x</a></td>"
                "</tr><tr><td></td></tr></table>",
                "Kiedy: jutro\nGdzie: https://a.example/x\n"},
           Case{"a table without labels", "<table><tr><td>a</td><td>b</td></tr></table>", "a, b\n"},
           Case{"a table that only arranges",
                "<table role='presentation'><tr><td><p>a</p><p>b</p></td></tr>"
                "<tr><td>c</td></tr></table>",
                "a\n\nb\n\nc\n"},
           Case{"a link alone", "<p><a href='https://a.example/'>Zapisz się</a></p>",
                "Zapisz się:\nhttps://a.example/\n"},
           Case{"a link alone, deep inside",
                "<table role='presentation'><tr><td> <b><a href='https://a.example/'>Go</a></b> "
                "</td></tr></table>",
                "Go:\nhttps://a.example/\n"},
           Case{"a link that is its words",
                "<p><a href='https://a.example'>https://a.example</a></p>", "https://a.example\n"},
           Case{"a link in a sentence", "<p>Por. <a href='https://a.example/'>stronę</a>.</p>",
                "Por. stronę (https://a.example/).\n"},
           Case{"an address of mail", "<p><a href='mailto:a@b.example'>a@b.example</a></p>",
                "a@b.example\n"},
           Case{"a link to the page itself", "<p><a href='#x'>niżej</a></p>", "niżej\n"},
           Case{"lists", "<ul><li>a</li><li>b <b>c</b></li></ul><ol><li>d</li><li>e</li></ol>",
                "- a\n- b c\n\n1. d\n2. e\n"},
           Case{"a rule before the signature", "<p>a</p><hr><p>Narada</p>", "a\n\n-- \nNarada\n"},
           Case{"words beside blocks", "<div>a<p>b</p>c</div>", "a\n\nb\n\nc\n"},
           Case{"long lines, counted in characters", "<p>" + words + " koniec tu</p>",
                words + " koniec\ntu\n"},
           Case{"a long row",
                "<table><tr><th>Powód</th><td>" + words + " koniec tu</td></tr></table>",
                "Powód: " + words + "\n  koniec tu\n"},
           Case{"an address is never broken",
                "<p>a <a href='https://a.example/" + std::string(90, 'x') + "'>b</a> c</p>",
                "a b\n(https://a.example/" + std::string(90, 'x') + ")\nc\n"},
           Case{"markup that is none", "<p>a < b <unknown>c</unknown> </div></p><table><td>d",
                "a < b c\n\nd\n"},
       }) {
    CAPTURE(given.name);
    CHECK(text_of_html(given.html) == given.text);
  }
}

TEST_CASE("whatever stands in the HTML, there is a text and no crash") {
  std::string deep;
  for (int level = 0; level < 100'000; ++level) deep += "<div><b>";
  const std::string broken = "<p>\xff\xfe \xc5 a</p>" + std::string("\0<p>b</p>", 9);
  for (const std::string& html :
       {deep, deep + "x", broken, std::string(100'000, '<'), std::string(1 << 20, '&'),
        std::string("<![CDATA[x]]><?xml?><!DOCTYPE x [<!ENTITY a \"b\">]>&a;")}) {
    CAPTURE(html.substr(0, 40));
    const std::string text = text_of_html(html);
    CHECK(text.size() <= html.size() * 4);
  }
}

TEST_CASE("the text part of every mail says what its HTML says, in lines that fit") {
  for (const auto& sample : notifications::mail_samples()) {
    CAPTURE(sample.name);
    const auto mail = notifications::sample_composer().read(sample.facts);
    CHECK(mail.text == text_of_html(mail.html));
    const auto view = notifications::make_mail_view(sample.facts, notifications::sample_messages(),
                                                    notifications::sample_composer().sender());
    CHECK(mail.text.starts_with(view["heading"].get<std::string>() + "\n\n"));
    for (const auto& row : view["rows"]) {
      const auto label = row["label"].get<std::string>();
      CHECK(mail.text.find("\n" + label + ": ") != std::string::npos);
    }
    CHECK(mail.text.find("\n\n-- \n") != std::string::npos);
    CHECK(mail.text.find("{") == std::string::npos);
    CHECK(mail.text.find("\n\n\n") == std::string::npos);
  }
}
