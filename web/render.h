#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace narada::web {

// The view of a page or mail: plain JSON, the one third-party type that headers of web and http
// share.
using View = nlohmann::json;

using MessageArgument = std::variant<std::int64_t, std::string>;
using MessageArguments = std::initializer_list<std::pair<std::string_view, MessageArgument>>;

// Texts of the interface in ICU MessageFormat: web/locales/{pl,en}/*.json, flat keys such as
// "registration.submit". Every key exists in both languages (a test checks it). Thread-safe.
class Messages {
 public:
  // Throws std::runtime_error that names the file, key and position of a broken message.
  explicit Messages(const std::filesystem::path& locales);
  ~Messages();

  // language: "pl" or "en". An unknown key comes back as "[key]".
  std::string text(std::string_view language, std::string_view key,
                   MessageArguments arguments = {}) const;
  // Same, arguments as a JSON object of strings and integers.
  std::string text(std::string_view language, std::string_view key, const View& arguments) const;
  bool has(std::string_view language, std::string_view key) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Renders ctemplate files under a root with auto-escape. In a template:
//   {{name}}            scalar of the view, looked up here, then in the enclosing scopes
//   {{#xs}}…{{/xs}}     each element of an array / inside an object / when true or non-empty
//   {{#xs_shown}}…      once, in the same scope, when xs would be shown: the frame around a list
//   {{#not_xs}}…        when xs is missing, false, null, "", [] ({{#xs_separator}} between
//   elements)
//   {{safe_x:none}}     the HTML x, which web/safe_html.h has marked as such; else escaped
//   {{t_a__b}}          the message "a.b" of the page's language (view["language"]), without
//   arguments
//   {{asset_site_css}}  URL with content hash of static/site.css ('.', '/', '-' become '_')
//   {{>part}}           includes pages/part.html with the current scope
// Thread-safe once built.
class Renderer {
 public:
  // `root` holds pages/ and mail/; `assets` maps "site.css" to "/static/site.4f2a….css".
  Renderer(std::filesystem::path root, const Messages& messages, View assets);
  ~Renderer();

  // `name` relative to root without ".html": "pages/meeting". Throws std::runtime_error
  // when the template does not exist or does not parse.
  std::string html(std::string_view name, const View& view) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace narada::web
