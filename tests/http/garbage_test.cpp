#include <doctest/doctest.h>

#include <array>
#include <random>

#include "tests/http/api/api_site.h"
#include "tests/http/edge/raw_client.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

// Makes the same garbage from the same seed.
class Garbage {
 public:
  explicit Garbage(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }
  bool happens(int percent) { return below(100) < static_cast<std::size_t>(percent); }

  std::string bytes(std::size_t most) {
    std::string text(below(most) + 1, '\0');
    for (char& c : text) c = static_cast<char>(below(256));
    return text;
  }

  // A value that some field somewhere does not expect.
  json value() {
    // clang-format off
    static const json values = json::parse(R"json([
      null, true, false, 0, -1, 1, 2.5, -0.0, 1e308, 9223372036854775807, -9223372036854775808,
      18446744073709551615, "", " ", "0", "-1", "ż", "\u0000", "\n\r\t", "\u202eabc", "🏛️",
      "2027-13-45T99:99:99Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-23:59",
      "0001-01-01T00:00:00+14:00", "2027-03-28T02:30", "2026-10-25T02:30", "-2027-01-01",
      "Europe/Warsaw", "UTC", "Etc/Unknown", "../../etc/passwd", "' OR '1'='1", "%00%ff", "{{x}}",
      "https://", "javascript:alert(1)", "a@b.example\r\nRCPT TO:<x@y.example>", "2466011", "draft",
      [], {}, [[]], [{}], {"a": {"b": {"c": []}}}, [null, 1, "x", true]])json");
    // clang-format on
    if (happens(5)) return std::string(70'000, 'a');
    if (happens(5)) {
      json deep = 1;
      for (int level = 0; level < 25; ++level) deep = json::array({deep});
      return deep;
    }
    return values[below(values.size())];
  }

  // The example with a few of its parts replaced, left out or added.
  json mutated(json body) {
    for (std::size_t change = below(4); change > 0; --change) {
      const json flat = body.flatten();
      if (flat.empty()) break;
      const auto part = std::next(flat.begin(), static_cast<std::ptrdiff_t>(below(flat.size())));
      json::json_pointer place(part.key());
      if (happens(30)) place = place.parent_pointer();
      if (place.empty()) continue;
      body[place] = value();
    }
    if (body.is_object() && happens(10)) body[happens(50) ? "surprise" : ""] = value();
    return body;
  }

  // The text with some bytes changed, cut or doubled.
  std::string damaged(std::string text) {
    for (std::size_t change = below(4) + 1; change > 0 && !text.empty(); --change) {
      const std::size_t place = below(text.size());
      switch (below(4)) {
        case 0:
          text[place] = static_cast<char>(below(256));
          break;
        case 1:
          text.erase(place, below(20) + 1);
          break;
        case 2:
          text.insert(place, bytes(8));
          break;
        default:
          text.insert(place, text.substr(place, below(40) + 1));
          break;
      }
    }
    return text;
  }

  std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char c : text) {
      std::array<char, 4> hex{};
      std::snprintf(hex.data(), hex.size(), "%%%02X", static_cast<unsigned char>(c));
      encoded += hex.data();
    }
    return encoded;
  }

 private:
  std::mt19937 random_;
};

struct Call {
  std::string method;
  std::string path;
  std::string body;
  Headers headers;
};

// The example body of an operation in the document, or an empty object where it takes no JSON.
json example_of(const Contract& contract, std::string method, const std::string& pattern) {
  for (char& c : method) c = static_cast<char>(c + 32);
  const json& operation = contract.document()["paths"][pattern][method];
  if (!operation.contains("requestBody")) return json::object();
  return operation["requestBody"]["content"].value(json::json_pointer("/application~1json/example"),
                                                   json::object());
}

std::string parameter(Garbage& garbage) {
  static const std::array<const char*, 8> plausible{
      "1", "2", "3", "0", "-1", "2466011", "gliwice", "9223372036854775808"};
  if (garbage.happens(70)) return plausible[garbage.below(plausible.size())];
  return garbage.percent_encoded(garbage.bytes(garbage.happens(10) ? 2000 : 12));
}

std::string path_of(Garbage& garbage, const std::string& pattern) {
  std::string path = pattern;
  for (std::size_t open; (open = path.find('{')) != std::string::npos;) {
    path.replace(open, path.find('}', open) + 1 - open, parameter(garbage));
  }
  static const std::array<const char*, 12> names{"q",           "limit", "cursor",  "from",
                                                 "to",          "topic", "form",    "status",
                                                 "institution", "cycle", "running", "meeting"};
  for (std::size_t count = garbage.below(4); count > 0; --count) {
    const json value = garbage.value();
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    path += (path.find('?') == std::string::npos ? "?" : "&") +
            std::string(names[garbage.below(names.size())]) + "=" +
            garbage.percent_encoded(text.substr(0, 600));
  }
  return path;
}

Call call_of(Garbage& garbage, const Contract& contract, const std::string& method,
             const std::string& pattern) {
  Call call{method, path_of(garbage, pattern), {}, {}};
  if (method != "GET") {
    call.body = garbage.mutated(example_of(contract, method, pattern)).dump();
    if (garbage.happens(25)) call.body = garbage.damaged(call.body);
    if (garbage.happens(5)) call.body = garbage.bytes(3000);
    if (garbage.happens(90)) call.headers.emplace_back("Content-Type", "application/json");
  }
  if (garbage.happens(40)) call.headers.emplace_back("If-Match", "\"v1\"");
  if (garbage.happens(10))
    call.headers.emplace_back("If-Match", "\"v" + std::string(30, '9') + "\"");
  if (garbage.happens(15))
    call.headers.emplace_back("Idempotency-Key", std::to_string(garbage.below(50)));
  if (garbage.happens(10)) call.headers.emplace_back("X-Manage-Token", std::string(43, 'a'));
  if (garbage.happens(10))
    call.headers.emplace_back("Accept-Language", garbage.happens(50) ? "en" : ";;q=,");
  if (garbage.happens(10)) call.headers.emplace_back("Accept-Encoding", "gzip;q=x, *");
  return call;
}

// What the log says about handlers that failed in a way nobody foresaw.
std::vector<std::string> failures(ApiSite& site) {
  std::vector<std::string> lines;
  for (const std::string& line : site.log()) {
    if (line.find("\"event\":\"failure\"") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("whatever is sent to any route, the answer is one that the contract names") {
  ApiSite site;
  auto organizer = site.organizer();
  auto visitor = site.visitor();
  const std::string meeting = published_meeting(organizer);
  REQUIRE(visitor.post("/api/v1/meetings/" + meeting + "/registrations", person_json(1)).status ==
          201);
  REQUIRE(organizer.post("/api/v1/cycles", {{"title", "Cykl"}}).status == 201);
  constexpr int kRounds = 100;
  constexpr unsigned kSeed = 20270119;
  Garbage garbage(kSeed);
  int server_errors = 0;
  for (const auto& [method, pattern] : site.router().routes()) {
    for (int round = 0; round < kRounds; ++round) {
      const Call call = call_of(garbage, site.contract(), std::string(to_string(method)), pattern);
      CAPTURE(call.path);
      CAPTURE(call.body.substr(0, 300));
      ApiClient& client = garbage.happens(75) ? organizer : visitor;
      const Answer answer = client.send(call.method, call.path, call.body, call.headers);
      if (answer.status >= 500) ++server_errors;
    }
  }
  CHECK(server_errors == 0);
  CHECK(failures(site) == std::vector<std::string>{});
  CHECK(visitor.get("/healthz").status == 200);
  CHECK(site.world().find_violations() == std::vector<std::string>{});
}

TEST_CASE("damaged requests on the wire never bring the program down") {
  ApiSite site;
  auto visitor = site.visitor();
  const std::string body = person_json(1).dump();
  const std::array<std::string, 3> whole{
      "GET /api/v1/meetings?limit=2&q=a HTTP/1.1\r\nHost: narada.example\r\nAccept-Encoding: "
      "gzip\r\nIf-None-Match: \"a\"\r\n\r\n",
      "POST /api/v1/meetings/1/registrations HTTP/1.1\r\nHost: narada.example\r\nContent-Type: "
      "application/json\r\nContent-Length: " +
          std::to_string(body.size()) + "\r\n\r\n" + body,
      "POST /api/v1/meetings/1/registrations HTTP/1.1\r\nHost: narada.example\r\nContent-Type: "
      "application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"};
  Garbage garbage(20270216);
  for (int round = 0; round < 400; ++round) {
    CAPTURE(round);
    test::RawClient client(site.port());
    REQUIRE(client.connected());
    client.send(garbage.happens(10) ? garbage.bytes(2000)
                                    : garbage.damaged(whole[garbage.below(whole.size())]));
    client.finish_sending();
    CHECK(client.read_to_end());
    const std::string& said = client.unread();
    CHECK((said.empty() || said.starts_with("HTTP/1.1 ")));
    CHECK_FALSE(said.starts_with("HTTP/1.1 500"));
  }
  CHECK(failures(site) == std::vector<std::string>{});
  CHECK(visitor.get("/healthz").status == 200);
}
