#include "service/http/multipart.h"

#include <doctest/doctest.h>

#include <random>

using namespace narada::http;

namespace {

constexpr const char* kType = "multipart/form-data; boundary=limit";

std::string head(const std::string& disposition) {
  return "--limit\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n";
}

// "name=content" and "name(file)=content", one after the other; "refused" for what is none.
std::string read(const std::string& type, const std::string& body) {
  const auto parts = parse_multipart_form(type, body);
  if (!parts) return "refused";
  std::string all;
  for (const auto& part : *parts) {
    all +=
        part.name + (part.file_name ? "(" + *part.file_name + ")" : "") + "=" + part.content + ";";
  }
  return all;
}

}  // namespace

TEST_CASE("a multipart form is read as browsers send it") {
  struct Case {
    const char* name;
    std::string type;
    std::string body;
    std::string expected;
  };
  const Case cases[] = {
      {"no parts", kType, "--limit--\r\n", ""},
      {"no line end after the last", kType, "--limit--", ""},
      {"a field", kType, head("name=\"a\"") + "b\r\n--limit--\r\n", "a=b;"},
      {"an empty field", kType, head("name=\"a\"") + "\r\n--limit--\r\n", "a=;"},
      {"a file", kType,
       "--limit\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x y.csv\"\r\n"
       "Content-Type: text/csv\r\n\r\n1;2\r\n3\r\n--limit--\r\n",
       "f(x y.csv)=1;2\r\n3;"},
      {"two parts", kType,
       head("name=\"a\"") + "1\r\n" + head("name=\"b\"; filename=\"\"") + "\r\n--limit--\r\n",
       "a=1;b()=;"},
      {"any octets", kType, head("name=\"a\"") + std::string("\0\xFF\r\n-\r\r\n--limit--", 17),
       "a=" + std::string("\0\xFF\r\n-\r", 6) + ";"},
      {"escaped quotation marks", kType,
       head("name=\"a%22b\"; filename=\"c%22%0D.csv\"") + "\r\n--limit--", "a\"b(c\" .csv)=;"},
      {"a quoted boundary", "multipart/form-data; boundary=\"limit\"",
       head("name=a") + "b\r\n--limit--", "a=b;"},
      {"other spellings of names", "Multipart/Form-Data;  Boundary=limit",
       "--limit\r\ncontent-disposition:form-data;Name=\"a\"\r\n\r\nb\r\n--limit--", "a=b;"}};
  for (const auto& [name, type, body, expected] : cases) {
    CAPTURE(name);
    CHECK(read(type, body) == expected);
  }
}

TEST_CASE("what is no multipart form is refused") {
  const std::string good = head("name=\"a\"") + "b\r\n--limit--";
  REQUIRE(read(kType, good) == "a=b;");
  struct Case {
    const char* name;
    std::string type;
    std::string body;
  };
  const Case cases[] = {
      {"another type", "multipart/mixed; boundary=limit", good},
      {"no boundary", "multipart/form-data", good},
      {"an empty boundary", "multipart/form-data; boundary=", good},
      {"an empty quoted boundary", "multipart/form-data; boundary=\"\"", good},
      {"two boundaries", "multipart/form-data; boundary=limit; boundary=limit", good},
      {"a long boundary", "multipart/form-data; boundary=" + std::string(71, 'a'), good},
      {"a boundary with a blank", "multipart/form-data; boundary=\"li mit\"", good},
      {"an unclosed quotation", "multipart/form-data; boundary=\"limit", good},
      {"another boundary", "multipart/form-data; boundary=other", good},
      {"an empty body", kType, ""},
      {"a preamble", kType, "hello\r\n" + good},
      {"no last boundary", kType, head("name=\"a\"") + "b\r\n--limit\r\n"},
      {"cut in the content", kType, head("name=\"a\"") + "b"},
      {"cut in the head", kType, "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\n"},
      {"something after the end", kType, good + "\r\nmore"},
      {"line feeds alone", kType,
       "--limit\nContent-Disposition: form-data; name=\"a\"\n\nb\n--limit--"},
      {"a longer boundary inside", kType, head("name=\"a\"") + "b\r\n--limits\r\n--limit--"},
      {"no disposition", kType, "--limit\r\nContent-Type: text/plain\r\n\r\nb\r\n--limit--"},
      {"no head", kType, "--limit\r\n\r\nb\r\n--limit--"},
      {"two dispositions", kType,
       "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; "
       "name=\"b\"\r\n\r\nb\r\n--limit--"},
      {"another disposition", kType,
       "--limit\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n--limit--"},
      {"a transfer encoding", kType,
       "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: "
       "base64\r\n\r\nb\r\n--limit--"},
      {"no name", kType, head("filename=\"a\"") + "b\r\n--limit--"},
      {"an empty name", kType, head("name=\"\"") + "b\r\n--limit--"},
      {"two names", kType, head("name=\"a\"; name=\"b\"") + "b\r\n--limit--"},
      {"two file names", kType,
       head("name=\"a\"; filename=\"b\"; filename=\"c\"") + "b\r\n--limit--"},
      {"an unknown parameter", kType, head("name=\"a\"; filename*=UTF-8''b") + "b\r\n--limit--"},
      {"an unclosed name", kType, head("name=\"a") + "b\r\n--limit--"},
      {"text after a name", kType, head("name=\"a\" b") + "b\r\n--limit--"},
      {"a long name", kType, head("name=\"" + std::string(256, 'a') + "\"") + "b\r\n--limit--"},
      {"a long head", kType,
       "--limit\r\nContent-Type: " + std::string(2048, 'a') + "\r\n" +
           "Content-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--limit--"},
      {"a zero in the head", kType,
       "--limit\r\nContent-Disposition: form-data; name=\"a\"" + std::string(1, '\0') +
           "\r\n\r\nb\r\n--limit--"},
      {"a folded header", kType,
       "--limit\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\nb\r\n--limit--"}};
  for (const auto& [name, type, body] : cases) {
    CAPTURE(name);
    CHECK(read(type, body) == "refused");
  }
}

TEST_CASE("no more than 256 parts are read") {
  const auto body_of = [](int count) {
    std::string body;
    for (int part = 0; part < count; ++part) body += head("name=\"a\"") + "\r\n";
    return body + "--limit--";
  };
  CHECK(parse_multipart_form(kType, body_of(256))->size() == 256);
  CHECK_FALSE(parse_multipart_form(kType, body_of(257)));
}

TEST_CASE("a damaged body never gives what was not sent") {
  const std::string good = head("name=\"a\"") + "eins\r\n" +
                           head("name=\"f\"; filename=\"x.csv\"") + "1;2\r\n--limit--\r\n";
  std::mt19937 random(20270104);
  for (int round = 0; round < 20000; ++round) {
    std::string body = good;
    for (int change = 0; change < 1 + round % 3; ++change) {
      const auto at = random() % body.size();
      switch (random() % 3) {
        case 0:
          body[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          body.erase(at, 1 + random() % 5);
          break;
        default:
          body.insert(at, body.substr(random() % body.size(), random() % 12));
      }
      if (body.empty()) break;
    }
    const auto parts = parse_multipart_form(kType, body);
    if (!parts) continue;
    std::size_t octets = 0;
    for (const auto& part : *parts) {
      CHECK_FALSE(part.name.empty());
      CHECK(part.content.find("\r\n--limit") == std::string::npos);
      octets += part.name.size() + part.content.size();
    }
    CHECK(octets <= body.size());
  }
}
