#include <doctest/doctest.h>

#include <fstream>

#include "tests/http/pages/page_site.h"

using namespace narada::testing;

namespace {

// What the style sheet's own addresses point to.
std::vector<std::string> urls_of(const std::string& css) {
  std::vector<std::string> urls;
  for (auto at = css.find("url(\""); at != std::string::npos; at = css.find("url(\"", at + 5))
    urls.push_back(css.substr(at + 5, css.find('"', at + 5) - at - 5));
  return urls;
}

}  // namespace

TEST_CASE("everything that a page is made of comes from here and is kept for a year") {
  PageSite site;
  auto browser = site.browser();
  std::vector<std::string> assets;
  for (const auto& address : browser.get("/").addresses())
    if (address.starts_with("/static/")) assets.push_back(address);
  REQUIRE(assets.size() >= 2);
  const auto style_sheet = browser.get(assets.back());
  for (const auto& url : urls_of(style_sheet.html)) assets.push_back(url);
  CHECK(assets.size() > 6);
  for (const auto& asset : assets) {
    CAPTURE(asset);
    CHECK(asset.starts_with("/static/"));
    const auto got = browser.get(asset);
    CHECK(got.status == 200);
    CHECK(got.header("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK_FALSE(got.header("ETag").empty());
    CHECK_FALSE(got.html.empty());
  }
}

TEST_CASE("text goes gzipped to those who take it, with a tag of its own") {
  PageSite site;
  auto browser = site.browser();
  std::string css;
  for (const auto& address : browser.get("/").addresses())
    if (address.ends_with(".css")) css = address;
  const auto plain = browser.get(css, {{"Accept-Encoding", "identity"}});
  const auto gzipped = browser.get(css, {{"Accept-Encoding", "gzip"}});
  CHECK(plain.header("Content-Encoding").empty());
  CHECK(gzipped.header("Content-Encoding") == "gzip");
  CHECK(plain.header("ETag") != gzipped.header("ETag"));
  CHECK(plain.html == gzipped.html);
  CHECK(plain.header("Vary").find("Accept-Encoding") != std::string::npos);
}

TEST_CASE("nothing outside of the assets can be reached through them") {
  PageSite site;
  auto browser = site.browser();
  struct Row {
    const char* path;
    int status;
  };
  const Row rows[] = {
      {"/static/", 404},
      {"/static/manifest.json", 404},
      {"/static/site.css", 404},
      {"/static/x.css.gz", 404},
      {"/static/..%2fmanifest.json", 400},
      {"/static/%2e%2e/manifest.json", 400},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(browser.get(row.path).status == row.status);
  }
}
