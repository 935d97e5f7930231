#include <fstream>
#include <iterator>
#include <map>

#include "service/http/compression.h"
#include "service/http/pages/pages.h"

namespace narada::http::pages {
namespace {

using Bytes = std::shared_ptr<const std::string>;

struct Asset {
  Bytes plain;
  Bytes gzipped;  // null: not worth it
  std::string type;
};
using Assets = std::map<std::string, Asset, std::less<>>;

std::string type_of(const std::string& ending) {
  static const std::map<std::string, std::string> types = {
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".woff2", "font/woff2"},
  };
  const auto found = types.find(ending);
  return found == types.end() ? "" : found->second;
}

Bytes read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return nullptr;
  return std::make_shared<const std::string>(std::istreambuf_iterator<char>(file),
                                             std::istreambuf_iterator<char>());
}

// All of them in memory: some 350 kB, read once.
Assets load_assets(const std::filesystem::path& folder) {
  Assets assets;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto type = type_of(entry.path().extension().string());
    if (type.empty()) continue;
    assets[entry.path().filename().string()] = {read_bytes(entry.path()),
                                                read_bytes(entry.path().string() + ".gz"), type};
  }
  return assets;
}

Response show_asset(const Assets& assets, const Request& request) {
  const auto found = assets.find(request.params.at("file"));
  if (found == assets.end()) throw Error(404);
  const auto& asset = found->second;
  Response response;
  response.set("Content-Type", asset.type);
  // The name changes with the content, so that it never has to be asked for again.
  response.set("Cache-Control", "public, max-age=31536000, immutable");
  response.set("ETag", "\"" + found->first + "\"");
  const bool gzipped = asset.gzipped && accepts_gzip(request.header("accept-encoding"));
  if (asset.gzipped) response.set("Vary", "Accept-Encoding");
  if (gzipped) {
    response.set("Content-Encoding", "gzip");
    response.set("ETag", "\"" + found->first + "-gzip\"");
  }
  response.body = gzipped ? asset.gzipped : asset.plain;
  return response;
}

}  // namespace

void add_assets(Router& router, const Parts& parts) {
  RouteOptions options;
  options.inline_on_io = true;
  const auto assets = std::make_shared<const Assets>(load_assets(parts.assets));
  router.add(
      Method::get, "/static/{file}",
      [assets](const Request& request) { return show_asset(*assets, request); }, options);
  router.add(
      Method::get, "/favicon.ico",
      [assets](const Request&) -> Response {
        for (const auto& [name, asset] : *assets)
          if (name.starts_with("favicon.")) return redirect(302, "/static/" + name);
        throw Error(404);
      },
      options);
  router.add(
      Method::get, "/robots.txt",
      [base = parts.environment->base_url](const Request&) {
        return text_response(200,
                             "User-agent: *\nDisallow: /z/\nDisallow: /en/z/\nDisallow: /api/\n"
                             "\nSitemap: " +
                                 base + "/sitemap.xml\n");
      },
      options);
}

}  // namespace narada::http::pages
