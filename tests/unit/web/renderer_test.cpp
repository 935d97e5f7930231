#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "web/render.h"

namespace {

using narada::web::Messages;
using narada::web::Renderer;
using narada::web::View;

constexpr const char* kPragma = "{{%AUTOESCAPE context=\"HTML\"}}";

// A tree of templates with a few texts and assets; lives as long as one test.
class Site {
 public:
  Site() {
    static int count = 0;
    root_ = std::filesystem::temp_directory_path() /
            ("narada-renderer-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    for (const auto* folder : {"pages", "mail", "locales/pl", "locales/en"})
      std::filesystem::create_directories(root_ / folder);
    write("locales/pl/a.json", R"({"nav.home": "Start & meta"})");
    write("locales/en/a.json", R"({"nav.home": "Home & finish"})");
  }
  ~Site() { std::filesystem::remove_all(root_); }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  Site& page(const std::string& name, const std::string& body) {
    return write("pages/" + name + ".html", kPragma + body);
  }
  Site& write(const std::string& file, const std::string& text) {
    std::ofstream(root_ / file) << text;
    return *this;
  }
  const Renderer& renderer() {
    if (!renderer_) {
      messages_ = std::make_unique<Messages>(root_ / "locales");
      renderer_ = std::make_unique<Renderer>(
          root_, *messages_, View{{"site.css", "/static/site.12.css"}, {"js/up-load.js", "/u.js"}});
    }
    return *renderer_;
  }

 private:
  std::filesystem::path root_;
  std::unique_ptr<Messages> messages_;
  std::unique_ptr<Renderer> renderer_;
};

std::string render(const std::string& body, const View& view) {
  Site site;
  site.page("page", body);
  return site.renderer().html("pages/page", view);
}

}  // namespace

TEST_CASE("sections follow the view") {
  struct Row {
    const char* name;
    const char* body;
    View view;
    const char* html;
  };
  const Row rows[] = {
      {"a text, a number", "{{a}} {{b}}", {{"a", "ż"}, {"b", 7}}, "ż 7"},
      {"nothing where nothing is", "[{{a}}{{b}}]", {{"b", nullptr}}, "[]"},
      {"each element", "{{#xs}}<{{v}}>{{/xs}}", {{"xs", {{{"v", 1}}, {{"v", 2}}}}}, "<1><2>"},
      {"each plain element", "{{#xs}}{{value}}{{/xs}}", {{"xs", {"a", "b"}}}, "ab"},
      {"between elements",
       "{{#xs}}{{value}}{{#xs_separator}}, {{/xs_separator}}{{/xs}}",
       {{"xs", {"a", "b", "c"}}},
       "a, b, c"},
      {"inside an object", "{{#o}}{{v}}{{/o}}", {{"o", {{"v", "x"}}}}, "x"},
      {"what encloses it", "{{#o}}{{v}}{{w}}{{/o}}", {{"w", "!"}, {"o", {{"v", "x"}}}}, "x!"},
      {"the nearest wins", "{{#o}}{{v}}{{/o}}", {{"v", "far"}, {"o", {{"v", "near"}}}}, "near"},
      {"true and texts", "{{#a}}1{{/a}}{{#b}}2{{/b}}", {{"a", true}, {"b", "x"}}, "12"},
      {"a text in its own section", "{{#a}}<{{a}}>{{/a}}", {{"a", "x"}}, "<x>"},
      {"false, empty and null",
       "{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}{{#e}}5{{/e}}",
       {{"a", false}, {"b", ""}, {"c", nullptr}, {"d", View::array()}},
       ""},
      {"zero is something", "{{#n}}{{n}}{{/n}}", {{"n", 0}}, "0"},
      {"absence", "{{#not_a}}1{{/not_a}}{{#not_b}}2{{/not_b}}", {{"b", "x"}}, "1"},
      {"absence of elements", "{{#not_xs}}none{{/not_xs}}", {{"xs", View::array()}}, "none"},
      {"the frame of a list",
       "{{#xs_shown}}<ul>{{#xs}}{{value}}{{/xs}}</ul>{{/xs_shown}}",
       {{"xs", {"a", "b"}}},
       "<ul>ab</ul>"},
      {"no frame without a list", "{{#xs_shown}}<ul></ul>{{/xs_shown}}", View::object(), ""},
      {"lists in lists",
       "{{#xs}}{{#ys}}{{n}}{{value}}{{/ys}};{{/xs}}",
       {{"xs", {{{"n", 1}, {"ys", {"a", "b"}}}, {{"n", 2}, {"ys", {"c"}}}}}},
       "1a1b;2c;"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(render(row.body, row.view) == row.html);
  }
}

TEST_CASE("what people typed never becomes markup") {
  constexpr const char* kScript = "\"><script>alert('x')</script>&";
  struct Row {
    const char* name;
    const char* body;
    const char* value;
    const char* html;
  };
  const Row rows[] = {
      {"in text", "<p>{{v}}</p>", kScript,
       "<p>&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>"},
      {"in an attribute", "<p title=\"{{v}}\">", "\" onclick='x'",
       "<p title=\"&quot; onclick=&#39;x&#39;\">"},
      {"in a title", "<title>{{v}}</title>", "</title><b>",
       "<title>&lt;/title&gt;&lt;b&gt;</title>"},
      {"an address stays one", "<a href=\"{{v}}\">x</a>", "https://example.org/?a=1&b=ż",
       "<a href=\"https://example.org/?a=1&amp;b=ż\">x</a>"},
      {"a path stays one", "<a href=\"{{v}}\">x</a>", "/en/gminy/2466011-gliwice",
       "<a href=\"/en/gminy/2466011-gliwice\">x</a>"},
      {"no script as an address", "<a href=\"{{v}}\">x</a>", "javascript:alert(1)",
       "<a href=\"#\">x</a>"},
      {"however it is spelt", "<a href=\"{{v}}\">x</a>", "JaVaScRiPt:alert(1)",
       "<a href=\"#\">x</a>"},
      {"no data as an address", "<a href=\"{{v}}\">x</a>", "data:text/html,<script>",
       "<a href=\"#\">x</a>"},
      {"a query value", "<a href=\"/szukaj?q={{v:u}}\">x</a>", "a&b=c d\"",
       "<a href=\"/szukaj?q=a%26b%3Dc+d%22\">x</a>"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(render(row.body, {{"v", row.value}}) == row.html);
  }
}

TEST_CASE("lines of a text keep their ends where a template asks for it, and nothing else") {
  // Without ":p" ctemplate writes a blank for each end of a line.
  CHECK(render("<textarea>{{v:p}}</textarea>", {{"v", "a\r\n\tb\n</textarea><b>&"}}) ==
        "<textarea>a\r\n\tb\n&lt;/textarea&gt;&lt;b&gt;&amp;</textarea>");
  CHECK(render("<p>{{v}}</p>", {{"v", "a\nb"}}) == "<p>a b</p>");
}

TEST_CASE("texts come in the page's language and are escaped") {
  const std::string body = "<b>{{t_nav__home}}</b>{{#xs}}{{t_nav__home}}{{/xs}}";
  CHECK(render(body, {{"language", "pl"}}) == "<b>Start &amp; meta</b>");
  CHECK(render(body, {{"language", "en"}, {"xs", {1}}}) ==
        "<b>Home &amp; finish</b>Home &amp; finish");
  CHECK(render(body, View::object()) == "<b>Start &amp; meta</b>");
  CHECK(render("{{t_nav__hom}}", View::object()) == "[nav.hom]");
}

TEST_CASE("assets are named with their content") {
  CHECK(
      render("<link href=\"{{asset_site_css}}\"><script src=\"{{asset_js_up_load_js}}\"></script>",
             View::object()) ==
      "<link href=\"/static/site.12.css\"><script src=\"/u.js\"></script>");
}

TEST_CASE("a part sees what surrounds it") {
  Site site;
  site.page("card", "<li>{{title}}{{site}}</li>").page("list", "{{#xs}}{{>card}}{{/xs}}");
  const View view = {{"site", "!"}, {"xs", {{{"title", "a"}}, {{"title", "<b>"}}}}};
  CHECK(site.renderer().html("pages/list", view) == "<li>a!</li><li>&lt;b&gt;!</li>");
}

TEST_CASE("what is not there is refused, not shown as an empty page") {
  Site site;
  site.page("page", "x{{>gone}}");
  CHECK_THROWS_AS(site.renderer().html("pages/other", View::object()), std::runtime_error);
  CHECK_THROWS_AS(site.renderer().html("pages/page", View::object()), std::runtime_error);
}

TEST_CASE("templates that cannot be trusted are refused at the start") {
  struct Row {
    const char* name;
    const char* file;
    const char* text;
  };
  const Row rows[] = {
      {"a page without the pragma", "pages/a.html", "<p>{{x}}</p>"},
      {"a mail without the pragma", "mail/a.html", "<p>{{x}}</p>"},
      {"a section left open", "pages/a.html", "{{%AUTOESCAPE context=\"HTML\"}}{{#a}}x"},
      {"an attribute without quotes", "pages/a.html",
       "{{%AUTOESCAPE context=\"HTML\"}}<a href={{x}}>y</a>"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Site site;
    site.write(row.file, row.text);
    CHECK_THROWS_AS(site.renderer(), std::runtime_error);
  }
}

TEST_CASE("threads render the same page at once") {
  Site site;
  site.page("page", "{{#xs}}{{value}}-{{n}};{{/xs}}");
  const auto& renderer = site.renderer();
  std::vector<std::thread> threads;
  std::vector<int> wrong(8, 0);
  for (std::size_t i = 0; i < wrong.size(); ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < 200; ++n) {
        const auto number = std::to_string(n);
        if (renderer.html("pages/page", {{"n", n}, {"xs", {"ą", "b"}}}) !=
            "ą-" + number + ";b-" + number + ";")
          ++wrong[i];
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(8, 0));
}
