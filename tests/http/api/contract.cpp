#include "tests/http/api/contract.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <sstream>

namespace narada::testing {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

bool fits_type(const json& value, const json& types) {
  if (types.is_string()) return has_type(value, types.get<std::string>());
  return std::any_of(types.begin(), types.end(),
                     [&](const json& type) { return has_type(value, type.get<std::string>()); });
}

bool has_format(const std::string& text, const std::string& format) {
  static const std::regex date_time(R"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2}))");
  static const std::regex date(R"(\d{4}-\d{2}-\d{2})");
  static const std::regex uri(R"([a-z][a-z0-9+.-]*:[^\s]+)");
  static const std::regex email(R"([^@\s]+@[^@\s]+)");
  if (format == "date-time") return std::regex_match(text, date_time);
  if (format == "date") return std::regex_match(text, date);
  if (format == "uri") return std::regex_match(text, uri);
  if (format == "email") return std::regex_match(text, email);
  return false;  // a format that nobody checks is a mistake of the document
}

void check_text(const json& value, const json& schema, const std::string& where,
                std::vector<std::string>& found) {
  if (!value.is_string()) return;
  const auto text = value.get<std::string>();
  if (schema.contains("format") && !has_format(text, schema["format"])) {
    found.push_back(where + ": no " + schema["format"].get<std::string>() + ": " + text);
  }
  if (schema.contains("pattern") &&
      !std::regex_search(text, std::regex(schema["pattern"].get<std::string>()))) {
    found.push_back(where + ": not of the pattern: " + text);
  }
}

void check_number(const json& value, const json& schema, const std::string& where,
                  std::vector<std::string>& found) {
  if (!value.is_number()) return;
  if (schema.contains("minimum") && value < schema["minimum"])
    found.push_back(where + ": too small");
  if (schema.contains("maximum") && value > schema["maximum"])
    found.push_back(where + ": too large");
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  std::stringstream stream{std::string(path)};
  for (std::string segment; std::getline(stream, segment, '/');) segments.push_back(segment);
  return segments;
}

// Refusals of the edge, which answers so to any path before it knows the operation.
bool is_refusal(int status) {
  constexpr std::array kRefusals{408, 411, 414, 417, 431, 501, 505};
  return std::find(kRefusals.begin(), kRefusals.end(), status) != kRefusals.end();
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

}  // namespace

Contract::Contract() {
  std::ifstream file(NARADA_SOURCE_DIR "/service/http/api/openapi.json");
  document_ = json::parse(file);
}

const json& Contract::resolved(const json& node) const {
  if (!node.is_object() || !node.contains("$ref")) return node;
  return document_.at(json::json_pointer(node["$ref"].get<std::string>().substr(1)));
}

std::vector<std::pair<std::string, std::string>> Contract::operations() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [path, methods] : document_["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      std::string name = method;
      for (char& c : name) c = static_cast<char>(c - 32);
      all.emplace_back(name, path);
    }
  }
  return all;
}

void Contract::check_object(const json& value, const json& schema, const std::string& where,
                            std::vector<std::string>& found) const {
  for (const auto& name : schema.value("required", json::array())) {
    if (!value.contains(name.get<std::string>())) {
      found.push_back(where + ": lacks " + name.get<std::string>());
    }
  }
  if (!schema.contains("properties")) return;
  for (const auto& [name, part] : value.items()) {
    if (schema["properties"].contains(name)) {
      check(part, schema["properties"][name], where + "." + name, found);
    } else {
      found.push_back(where + ": has unknown " + name);
    }
  }
}

void Contract::check(const json& value, const json& named, const std::string& where,
                     std::vector<std::string>& found) const {
  const json& schema = resolved(named);
  if (schema.contains("oneOf")) {
    const auto fitting =
        std::count_if(schema["oneOf"].begin(), schema["oneOf"].end(),
                      [&](const json& one) { return violations(value, one).empty(); });
    if (fitting != 1) {
      found.push_back(where + ": fits " + std::to_string(fitting) + " of oneOf: " + value.dump());
      // Why the most likely one does not fit.
      if (!value.is_null()) check(value, schema["oneOf"][0], where, found);
    }
  }
  if (schema.contains("type") && !fits_type(value, schema["type"])) {
    found.push_back(where + ": is no " + schema["type"].dump() + ": " + value.dump());
    return;
  }
  if (schema.contains("const") && value != schema["const"]) found.push_back(where + ": not const");
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
    found.push_back(where + ": not in enum: " + value.dump());
  }
  check_text(value, schema, where, found);
  check_number(value, schema, where, found);
  if (value.is_object()) check_object(value, schema, where, found);
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t index = 0; index < value.size(); ++index) {
      check(value[index], schema["items"], where + "[" + std::to_string(index) + "]", found);
    }
  }
}

std::vector<std::string> Contract::violations(const json& value, const json& schema) const {
  std::vector<std::string> found;
  check(value, schema, "$", found);
  return found;
}

const json* Contract::find_path(std::string_view path) const {
  const auto asked = segments_of(path);
  const json* fitting = nullptr;
  for (const auto& [pattern, methods] : document_["paths"].items()) {
    const auto known = segments_of(pattern);
    if (known.size() != asked.size()) continue;
    bool fits = true;
    for (std::size_t i = 0; i < known.size(); ++i) {
      fits = fits && (known[i] == asked[i] || known[i].starts_with('{'));
    }
    if (!fits) continue;
    // A literal path wins over one with a parameter.
    if (fitting == nullptr || pattern.find('{') == std::string::npos) fitting = &methods;
  }
  return fitting;
}

std::vector<std::string> Contract::violations(std::string_view method, std::string_view path,
                                              int status, const std::string& content_type,
                                              const std::string& body) const {
  if (method == "HEAD" || method == "OPTIONS" || status == 304) return {};
  const json& problem = document_["components"]["schemas"]["Problem"];
  const json* methods = find_path(path);
  const std::string name = lower(std::string(method));
  const bool described = methods != nullptr && methods->contains(name);
  if (!described || status == 500 || is_refusal(status))
    return violations(json::parse(body), problem);
  const json& responses = (*methods)[name]["responses"];
  const std::string code = std::to_string(status);
  if (!responses.contains(code)) {
    return {"the document has no " + code + " for " + std::string(method) + " " +
            std::string(path)};
  }
  const json& content = resolved(responses[code]).value("content", json::object());
  const std::string type = content_type.substr(0, content_type.find(';'));
  if (content.empty() && type.empty() && body.empty()) return {};  // described as one without
  if (!content.contains(type)) return {"the document has no " + type + " for " + code};
  if (type.find("json") == std::string::npos) return {};
  return violations(json::parse(body), content[type]["schema"]);
}

}  // namespace narada::testing
