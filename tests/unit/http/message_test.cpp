#include "service/http/message.h"

#include <doctest/doctest.h>

namespace narada::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("requests are asked for their first value") {
  Request request;
  request.headers = {{"accept", "a"}, {"accept", "b"}, {"empty", ""}};
  request.query = {{"q", "1"}, {"q", "2"}};
  CHECK(request.header("accept") == "a");
  CHECK(request.header("missing") == "");
  CHECK(request.find_header("empty"));
  CHECK_FALSE(request.find_header("missing"));
  CHECK(request.query_value("q") == "1");
  CHECK(request.query_value("missing") == "");
  CHECK_FALSE(request.find_query("missing"));
}

TEST_CASE("cookies are found in all Cookie fields, odd ones are passed over") {
  Request request;
  request.headers = {{"cookie", "foo; a=b=c;  quoted=\"q r\";=x; empty="}, {"cookie", "late=1"}};
  CHECK(request.cookie("a") == "b=c");
  CHECK(request.cookie("quoted") == "q r");
  CHECK(request.cookie("empty") == "");
  CHECK(request.cookie("late") == "1");
  CHECK_FALSE(request.cookie("foo"));
  CHECK_FALSE(request.cookie("A"));
}

TEST_CASE("headers of responses are replaced or added") {
  Response response;
  response.set("X-A", "1").add("Set-Cookie", "a").add("Set-Cookie", "b").set("x-a", "2");
  CHECK(response.headers == Fields{{"Set-Cookie", "a"}, {"Set-Cookie", "b"}, {"x-a", "2"}});
}

TEST_CASE("bodies read alike wherever they are kept") {
  CHECK(text_response(200, "x").body_text() == "x");
  Response shared;
  shared.body = std::make_shared<const std::string>("y");
  CHECK(shared.body_text() == "y");
  shared.body = std::shared_ptr<const std::string>();
  CHECK(shared.body_text() == "");
  shared.body = FileBody{};
  CHECK(shared.body_text() == "");
}

TEST_CASE("ready-made responses say what they are") {
  CHECK(html_response(404, "x").headers == Fields{{"Content-Type", "text/html; charset=utf-8"}});
  CHECK(json_response(200, "{}").headers == Fields{{"Content-Type", "application/json"}});
  const auto moved = redirect(303, "/a");
  CHECK(moved.status == 303);
  CHECK(moved.headers == Fields{{"Location", "/a"}});
}

TEST_CASE("form fields are decoded; what is no clean text is named, not kept") {
  const auto form = parse_form(
      "name=J%C3%B3zef+K&note=a%0D%0Ab%09c&bad=%ff&nul=%00&escape=%1b&cut=%4&&empty=&alone&%ff=1"
      "&name=second&raw=\xc5\x82");
  CHECK(form.fields == Fields{{"name", "Józef K"},
                              {"note", "a\r\nb\tc"},
                              {"empty", ""},
                              {"alone", ""},
                              {"name", "second"},
                              {"raw", "ł"}});
  CHECK(form.invalid == std::vector<std::string>{"bad", "nul", "escape", "cut", ""});
  CHECK(form.value("name") == "Józef K");
  CHECK(form.value("missing") == "");
  CHECK(form.has("empty"));
  CHECK_FALSE(form.has("bad"));
}

}  // namespace
}  // namespace narada::http
