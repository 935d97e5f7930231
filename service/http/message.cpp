#include "service/http/message.h"

#include <algorithm>

#include "service/http/edge/url_encoding.h"

namespace narada::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

Response response_of(int status, std::string_view type, std::string body) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = std::move(body);
  return response;
}

std::optional<std::string> decode_form_text(std::string_view encoded) {
  auto text = edge::percent_decode(encoded, edge::PlusSign::space);
  if (!text || !edge::is_utf8(*text) ||
      edge::has_control_characters(*text, edge::LineBreaks::allowed)) {
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
  }
  return "GET";
}

std::optional<std::string_view> Request::find_header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (field == name) return value;
  }
  return std::nullopt;
}

std::string_view Request::header(std::string_view name) const {
  return find_header(name).value_or(std::string_view{});
}

std::optional<std::string> Request::find_query(std::string_view name) const {
  for (const auto& [field, value] : query) {
    if (field == name) return value;
  }
  return std::nullopt;
}

std::string Request::query_value(std::string_view name) const {
  return find_query(name).value_or(std::string{});
}

// RFC 6265 §5.4: name=value pairs between "; "; a value may be quoted. HTTP/2 front ends may send
// several Cookie fields.
std::optional<std::string> Request::cookie(std::string_view name) const {
  for (const auto& [field, line] : headers) {
    if (field != "cookie") continue;
    for (std::string_view rest = line; !rest.empty();) {
      const auto end = std::min(rest.find(';'), rest.size());
      const auto pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
      auto value = trimmed(pair.substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      return std::string(value);
    }
  }
  return std::nullopt;
}

Response& Response::set(std::string name, std::string value) {
  std::erase_if(headers, [&](const auto& header) { return same_name(header.first, name); });
  return add(std::move(name), std::move(value));
}

Response& Response::add(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

std::string_view Response::body_text() const {
  if (const auto* text = std::get_if<std::string>(&body)) return *text;
  if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body)) {
    return *shared ? std::string_view(**shared) : std::string_view();
  }
  return {};
}

std::uint64_t SegmentedBody::length() const {
  std::uint64_t total = 0;
  for (const auto& segment : segments) {
    const auto* file = std::get_if<FileBody>(&segment);
    total += file != nullptr ? file->length : std::get<std::string>(segment).size();
  }
  return total;
}

std::uint64_t Response::body_length() const {
  if (const auto* file = std::get_if<FileBody>(&body)) return file->length;
  if (const auto* pieces = std::get_if<SegmentedBody>(&body)) return pieces->length();
  return body_text().size();
}

bool Response::sends_files() const {
  return std::holds_alternative<FileBody>(body) || std::holds_alternative<SegmentedBody>(body);
}

Response text_response(int status, std::string text) {
  return response_of(status, "text/plain; charset=utf-8", std::move(text));
}

Response html_response(int status, std::string html) {
  return response_of(status, "text/html; charset=utf-8", std::move(html));
}

Response json_response(int status, std::string json) {
  return response_of(status, "application/json", std::move(json));
}

Response redirect(int status, std::string location) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

std::string FormFields::value(std::string_view name) const {
  for (const auto& [field, text] : fields) {
    if (field == name) return text;
  }
  return {};
}

bool FormFields::has(std::string_view name) const {
  return std::ranges::any_of(fields, [&](const auto& field) { return field.first == name; });
}

FormFields parse_form(std::string_view body) {
  FormFields form;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const auto part = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (part.empty()) continue;
    const auto equals = std::min(part.find('='), part.size());
    auto name = decode_form_text(part.substr(0, equals));
    auto value = decode_form_text(part.substr(std::min(equals + 1, part.size())));
    if (name && value) {
      form.fields.emplace_back(std::move(*name), std::move(*value));
    } else {
      form.invalid.push_back(name ? std::move(*name) : std::string());  // empty: the name itself
    }
  }
  return form;
}

}  // namespace narada::http
