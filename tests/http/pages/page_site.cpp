#include "tests/http/pages/page_site.h"

#include <fstream>
#include <regex>

#include "service/http/pages/page.h"

namespace narada::testing {
namespace {

web::View read_manifest() {
  std::ifstream file(NARADA_BINARY_DIR "/assets/manifest.json");
  REQUIRE_MESSAGE(file, "the assets are not built");
  return web::View::parse(file);
}

// The value of an attribute in a start tag.
std::string attribute(const std::string& tag, const std::string& name) {
  const auto start = tag.find(" " + name + "=\"");
  if (start == std::string::npos) return {};
  const auto from = start + name.size() + 3;
  return decode_entities(tag.substr(from, tag.find('"', from) - from));
}

// Each match of `pattern` in `text`, whole or its first group.
std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), expression);
       at != std::sregex_iterator(); ++at)
    found.push_back((*at)[at->size() > 1 ? 1 : 0].str());
  return found;
}

std::vector<std::string> forms_in(const std::string& html) {
  std::vector<std::string> forms;
  for (auto start = html.find("<form"); start != std::string::npos;
       start = html.find("<form", start + 1))
    forms.push_back(html.substr(start, html.find("</form>", start) - start));
  return forms;
}

FormData fields_of(const std::string& form) {
  FormData fields;
  for (const auto& tag : all_matches(form, "<input[^>]*>")) {
    const auto type = attribute(tag, "type");
    const bool chosen = type != "radio" && type != "checkbox";
    if (chosen || tag.find(" checked") != std::string::npos)
      fields[attribute(tag, "name")] = attribute(tag, "value");
  }
  for (auto start = form.find("<textarea"); start != std::string::npos;
       start = form.find("<textarea", start + 1)) {
    const auto inside = form.find('>', start) + 1;
    fields[attribute(form.substr(start, inside - start), "name")] =
        decode_entities(form.substr(inside, form.find("</textarea>", inside) - inside));
  }
  for (auto start = form.find("<select"); start != std::string::npos;
       start = form.find("<select", start + 1)) {
    const auto select = form.substr(start, form.find("</select>", start) - start);
    const auto options = all_matches(select, "<option[^>]*>");
    std::string chosen = options.empty() ? "" : options.front();
    for (const auto& option : options)
      if (option.find(" selected") != std::string::npos) chosen = option;
    fields[attribute(select, "name")] = attribute(chosen, "value");
  }
  return fields;
}

}  // namespace

std::string decode_entities(std::string text) {
  constexpr std::pair<const char*, const char*> kEntities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, character] : kEntities)
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, std::string_view(entity).size(), character);
  return text;
}

std::string Shown::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::string Shown::title() const {
  const auto found = all_matches(html, "<title>([^<]*)</title>");
  return found.empty() ? std::string() : decode_entities(found.front());
}

std::vector<std::string> Shown::addresses() const {
  std::vector<std::string> decoded;
  for (const auto& address : all_matches(html, " (?:href|src|action)=\"([^\"]*)\""))
    decoded.push_back(decode_entities(address));
  return decoded;
}

FormData Shown::form(const std::string& with_field, const std::string& value) const {
  for (const auto& form : forms_in(html)) {
    const auto fields = fields_of(form);
    const auto found = fields.find(with_field);
    if (found != fields.end() && (value.empty() || found->second == value)) return fields;
  }
  return {};
}

std::vector<std::string> Shown::errors() const {
  const auto start = html.find("class=\"ds-error-summary\"");
  if (start == std::string::npos) return {};
  const auto summary = html.substr(start, html.find("</ul>", start) - start);
  std::vector<std::string> texts;
  for (const auto& text : all_matches(summary, "<a [^>]*>([^<]*)</a>"))
    texts.push_back(decode_entities(text));
  return texts;
}

Browser::Browser(std::uint16_t port)
    : client_("127.0.0.1", port), origin_("http://127.0.0.1:" + std::to_string(port)) {
  client_.set_keep_alive(true);
  client_.set_tcp_nodelay(true);
  client_.set_read_timeout(30);
  client_.set_decompress(true);
}

Shown Browser::exchange(httplib::Request request, const httplib::Headers& headers) {
  for (const auto& [name, value] : headers) {
    request.headers.erase(name);
    request.headers.emplace(name, value);
  }
  std::string cookies;
  for (const auto& [name, value] : cookies_)
    cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  if (!cookies.empty()) request.headers.emplace("Cookie", cookies);
  const auto result = client_.send(request);
  REQUIRE_MESSAGE(result, request.path << ": " << httplib::to_string(result.error()));
  const auto set_cookies = result->headers.equal_range("Set-Cookie");
  for (auto at = set_cookies.first; at != set_cookies.second; ++at) {
    const auto pair = at->second.substr(0, at->second.find(';'));
    cookies_[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
  }
  return {result->status, result->body, result->headers};
}

Shown Browser::get(const std::string& path, const httplib::Headers& headers) {
  httplib::Request request;
  request.method = "GET";
  request.path = path;
  return exchange(std::move(request), headers);
}

Shown Browser::send(const std::string& path, const std::string& body,
                    const std::string& content_type, const httplib::Headers& headers) {
  httplib::Request request;
  request.method = "POST";
  request.path = path;
  request.body = body;
  request.headers = {
      {"Content-Type", content_type}, {"Origin", origin_}, {"Sec-Fetch-Site", "same-origin"}};
  return exchange(std::move(request), headers);
}

Shown Browser::post(const std::string& path, const FormData& fields,
                    const httplib::Headers& headers) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += (body.empty() ? "" : "&") + http::pages::encode_component(name) + "=" +
            http::pages::encode_component(value);
  return send(path, body, "application/x-www-form-urlencoded", headers);
}

Shown Browser::fill(const std::string& path, const FormData& typed) {
  const auto page = get(path);
  REQUIRE(page.status == 200);
  auto fields = page.form();
  REQUIRE_MESSAGE(!fields.empty(), path << " has no form");
  for (const auto& [name, value] : typed) fields[name] = value;
  return post(path, fields);
}

PageSite::PageSite()
    : messages_(NARADA_SOURCE_DIR "/web/locales"),
      renderer_(NARADA_SOURCE_DIR "/web", messages_, read_manifest()),
      parts_{&world_.environment(), &messages_, &renderer_, NARADA_BINARY_DIR "/assets"},
      errors_(messages_, &renderer_),
      log_(http::LogFormat::json, [](std::string_view) {}),
      middleware_(errors_, log_, metrics_) {
  http::pages::add_pages(router_, parts_);
  http::ServerOptions options;
  options.port = 0;
  options.pool_threads = 4;
  options.drain_timeout = std::chrono::seconds(2);
  server_ = std::make_unique<http::Server>(options, router_, middleware_.hooks());
  server_->start();
}

PageSite::~PageSite() { server_->stop(); }

FormData person_fields(int number) {
  return {{"full_name", "Osoba " + std::to_string(number)},
          {"email", "osoba" + std::to_string(number) + "@urzad.example"},
          {"institution", "Gliwice"},
          {"position", "inspektor"},
          {"mode", "onsite"},
          {"needs", "pętla indukcyjna"},
          {"question", "Czy jest parking?"},
          {"consent", "yes"}};
}

}  // namespace narada::testing
