// Who may bring files by tus, with a token or from a page of the site.
#include <doctest/doctest.h>

#include <map>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

constexpr const char* kStream = "application/offset+octet-stream";
const std::string kToken(43, 'a');

// "meeting" and a number in base64, of one to three digits.
std::string metadata(const std::string& owner, std::int64_t id) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto text = std::to_string(id);
  std::string encoded;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const auto byte = [&](std::size_t i) {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const unsigned bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (unsigned i = 0; i < 4; ++i) {
      encoded += at + i > text.size() ? '=' : kDigits[bits >> (18 - 6 * i) & 63];
    }
  }
  return "filename cGxhbi5wZGY=," + owner + " " + encoded;
}

// A page of somebody that speaks tus; what stands in `changed` is sent otherwise, empty: not.
class Page {
 public:
  Page(WholeSite& site, domain::PersonId person)
      : client_("127.0.0.1", site.port()),
        origin_("http://127.0.0.1:" + std::to_string(site.port())) {
    cookies_ = "session=" + site.begin_session(person) + "; form_token=" + kToken;
  }

  httplib::Response send(const std::string& method, const std::string& path,
                         std::map<std::string, std::string> headers, const std::string& body = {},
                         const std::map<std::string, std::string>& changed = {}) {
    headers.insert({{"Tus-Resumable", "1.0.0"},
                    {"Cookie", cookies_},
                    {"Origin", origin_},
                    {"X-CSRF-Token", kToken}});
    for (const auto& [name, value] : changed) headers[name] = value;
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    for (const auto& [name, value] : headers) {
      if (!value.empty()) request.headers.emplace(name, value);
    }
    const auto result = client_.send(request);
    REQUIRE(result);
    CHECK(result->get_header_value("Tus-Resumable") == "1.0.0");
    return *result;
  }
  httplib::Response create(const std::string& owner, std::int64_t id,
                           const std::map<std::string, std::string>& changed = {}) {
    return send("POST", "/api/v1/uploads",
                {{"Upload-Length", "4"}, {"Upload-Metadata", metadata(owner, id)}}, {}, changed);
  }

 private:
  httplib::Client client_;
  std::string origin_;
  std::string cookies_;
};

std::string path_of(const httplib::Response& created) {
  const auto location = created.get_header_value("Location");
  return location.substr(std::min(location.find("/api/"), location.size()));
}

}  // namespace

TEST_CASE("who organizes or leads a meeting brings files to it, and nobody else") {
  WholeSite site;
  const auto own = site.world().publish().id;
  const auto other = site.world().publish().id;
  struct Row {
    const char* name;
    std::vector<domain::RoleGrant> grants;
    int own;
    int other;
  };
  const Row kRows[] = {
      {"Anna Nowak", {}, 403, 403},
      {"Ewa Urzędniczka", {{Role::official, {}}}, 403, 403},
      {"Olga Organizatorka", {{Role::organizer, {}}}, 201, 201},
      {"Ola Spotkania", {{Role::organizer, own}}, 201, 403},
      {"Ewa Ekspertka", {{Role::expert, own}}, 201, 403},
      {"Adam Admin", {{Role::admin, {}}}, 201, 201},
  };
  for (const auto& row : kRows) {
    CAPTURE(std::string(row.name));
    Page page(site, site.add_person(row.name, row.grants));
    CHECK(page.create("meeting", own.value).status == row.own);
    CHECK(page.create("meeting", other.value).status == row.other);
    CHECK(page.create("meeting", 999).status == 404);
  }
}

TEST_CASE("a page brings a file only for who is signed in, and only from this site") {
  WholeSite site;
  const auto meeting = site.world().publish().id;
  Page page(site, site.add_person("Olga Organizatorka", {{Role::organizer, {}}}));
  const auto status = [&](const std::map<std::string, std::string>& changed) {
    return page.create("meeting", meeting.value, changed).status;
  };
  CHECK(status({}) == 201);
  CHECK(status({{"Cookie", ""}}) == 401);
  CHECK(status({{"Cookie", "session=" + kToken + "; form_token=" + kToken}}) == 401);
  CHECK(status({{"X-CSRF-Token", ""}}) == 403);
  CHECK(status({{"X-CSRF-Token", std::string(43, 'b')}}) == 403);
  CHECK(status({{"Origin", "https://evil.example"}}) == 403);
  CHECK(status({{"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(status({{"Authorization", "Bearer nobody"}}) == 401);
  CHECK(status({{"Tus-Resumable", "0.2.2"}}) == 412);
}

TEST_CASE("a page goes on with its file, and another's is not there for it") {
  WholeSite site;
  const auto meeting = site.world().publish().id;
  Page page(site, site.add_person("Olga Organizatorka", {{Role::organizer, {}}}));
  Page other(site, site.add_person("Adam Admin", {{Role::admin, {}}}));
  const auto path = path_of(page.create("meeting", meeting.value));
  const std::map<std::string, std::string> kPiece{{"Upload-Offset", "0"},
                                                  {"Content-Type", kStream}};
  CHECK(other.send("HEAD", path, {}).status == 404);
  CHECK(other.send("PATCH", path, kPiece, "abcd").status == 404);
  CHECK(other.send("DELETE", path, {}).status == 404);
  CHECK(page.send("PATCH", path, kPiece, "abcd", {{"X-CSRF-Token", ""}}).status == 403);
  // What came without the token is cut off, in a moment.
  httplib::Response looked;
  do {
    looked = page.send("PATCH", path, kPiece, "ab");
  } while (looked.status == 423);
  CHECK(looked.status == 204);
  CHECK(looked.get_header_value("Upload-Offset") == "2");
  // Only looking takes no token.
  looked = page.send("HEAD", path, {}, {}, {{"X-CSRF-Token", ""}});
  CHECK(looked.get_header_value("Upload-Offset") == "2");
  CHECK(looked.get_header_value("Cache-Control") == "no-store");
  CHECK(page.send("DELETE", path, {}, {}, {{"X-CSRF-Token", ""}}).status == 403);
  CHECK(page.send("DELETE", path, {}).status == 204);
  CHECK(page.send("HEAD", path, {}).status == 410);
}

TEST_CASE("a limit in the way is named, with what is left") {
  WholeSite site;
  const auto meeting = site.world().publish().id;
  auto client = site.api_of(site.add_person("Olga Organizatorka", {{Role::organizer, {}}}));
  site.environment().materials.expert = 100;
  const auto answer = client.send("POST", "/api/v1/uploads", {},
                                  {{"Tus-Resumable", "1.0.0"},
                                   {"Upload-Length", "101"},
                                   {"Accept-Language", "en"},
                                   {"Upload-Metadata", metadata("meeting", meeting.value)}});
  CHECK(answer.status == 413);
  CHECK(answer.body["code"] == "upload_quota_person");
  CHECK(answer.body["detail"].get<std::string>().starts_with("100\u00a0B are left"));
  site.environment().materials.spare = std::uint64_t{1} << 60;
  const auto full = client.send("POST", "/api/v1/uploads", {},
                                {{"Tus-Resumable", "1.0.0"},
                                 {"Upload-Length", "10"},
                                 {"Upload-Metadata", metadata("meeting", meeting.value)}});
  CHECK(full.status == 507);
  CHECK(full.body["code"] == "upload_no_space");
}

TEST_CASE("a body beyond the largest file is refused before it is read") {
  WholeSite site;
  httplib::Client raw("127.0.0.1", site.port());
  const auto answer =
      raw.Patch("/api/v1/uploads/x", {{"Content-Length", "99999999999"}}, "x", kStream);
  REQUIRE(answer);
  CHECK(answer->status == 413);
  CHECK(answer->get_header_value("Tus-Resumable") == "1.0.0");
}

TEST_CASE("a long body of somebody whom nobody knows is refused before it is read") {
  WholeSite site;
  const auto meeting = site.world().publish().id;
  const auto form = "/panel/spotkania/" + std::to_string(meeting.value) + "/materialy/nowe";
  const auto organizer = site.add_person("Olga Organizatorka", {{Role::organizer, {}}});
  const auto session = site.begin_session(organizer);
  struct Row {
    const char* name;
    std::string path;
    const char* type;
    httplib::Headers headers;
    std::uint64_t length;
    int status;
  };
  const auto multipart = "multipart/form-data; boundary=x";
  const httplib::Headers tus{{"Tus-Resumable", "1.0.0"}};
  auto with_token = tus;
  with_token.emplace("Authorization", "Bearer nobody");
  const Row kRows[] = {
      {"a form without a session", form, multipart, {}, 2 << 20, 401},
      {"a form with an invented session",
       form,
       multipart,
       {{"Cookie", "session=" + kToken}},
       2 << 20,
       401},
      {"a form with an invented pass",
       form,
       multipart,
       {{"Cookie", "session=" + session + "; upload_pass=9999999999." + std::string(64, 'a')}},
       2 << 20,
       401},
      {"an upload without anything", "/api/v1/uploads", kStream, tus, 2 << 20, 401},
      {"an upload with an invented token", "/api/v1/uploads", kStream, with_token, 17 << 20, 401},
  };
  for (const auto& row : kRows) {
    CAPTURE(std::string(row.name));
    httplib::Client client("127.0.0.1", site.port());
    auto headers = row.headers;
    headers.emplace("Content-Length", std::to_string(row.length));
    const auto answer = client.Post(row.path, headers, "x", row.type);  // and no more
    REQUIRE(answer);
    CHECK(answer->status == row.status);
  }
}

TEST_CASE("the page that brings files gives the pass without which no slot is taken") {
  WholeSite site;
  const auto meeting = site.world().publish().id;
  const auto form = "/panel/spotkania/" + std::to_string(meeting.value) + "/materialy/nowe";
  const auto session =
      site.begin_session(site.add_person("Olga Organizatorka", {{Role::organizer, {}}}));
  const auto stranger = site.begin_session(site.add_person("Anna Nowak", {}));
  httplib::Client client("127.0.0.1", site.port());
  const auto pass_of = [&](const std::string& of) -> std::string {
    const auto page = client.Get(form, {{"Cookie", "session=" + of + "; form_token=" + kToken}});
    REQUIRE(page);
    const auto set = page->get_header_value("Set-Cookie");
    if (!set.starts_with("upload_pass=")) return {};
    CHECK(set.find("; Path=/; HttpOnly; SameSite=Strict") != std::string::npos);
    return set.substr(0, set.find(';'));
  };
  CHECK(pass_of(stranger).empty());
  const auto pass = pass_of(session);
  REQUIRE_FALSE(pass.empty());
  const auto send = [&](const std::string& cookies) {
    std::string body;
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"form_token", kToken}, {"title", "Plan"}})
      body +=
          "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    body +=
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.txt\"\r\n\r\n"
        "Plan\r\n--x--\r\n";
    const auto answer =
        client.Post(form, {{"Cookie", cookies}}, body, "multipart/form-data; boundary=x");
    REQUIRE(answer);
    return answer->status;
  };
  const auto count = [&] { return site.world().count("upload"); };
  const auto cookies = "session=" + session + "; form_token=" + kToken;
  CHECK(send(cookies) == 422);
  CHECK(send("session=" + stranger + "; form_token=" + kToken + "; " + pass) == 404);
  CHECK(count() == 0);
  send(cookies + "; " + pass);
  CHECK(count() == 1);
}
