#include "service/http/api/json_body.h"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/http/errors.h"

namespace narada::http::api {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostLevels = 32;
constexpr std::size_t kLongestName = 60;  // bytes of a field name that an answer repeats

// Builds the value and stops at the first thing that the strict reading refuses.
class StrictBuilder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(Json::binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    if (levels_.back()->contains(name)) return stop("duplicate_key", name.substr(0, kLongestName));
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    return refuse_at(position);
  }
  bool refuse_at(std::size_t position) { return stop("invalid_json", std::to_string(position)); }

  Json take() && { return std::move(root_); }
  const std::string& refusal() const { return refusal_; }
  const std::string& refusal_detail() const { return refusal_detail_; }

 private:
  Json* place(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *levels_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }
  bool add(Json value) {
    place(std::move(value));
    return true;
  }
  // The parent's children do not move while a level is open: only the last one grows.
  bool open(Json value) {
    if (levels_.size() == kMostLevels) return stop("too_deep", std::to_string(kMostLevels));
    levels_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }
  bool stop(std::string refusal, std::string detail) {
    refusal_ = std::move(refusal);
    refusal_detail_ = std::move(detail);
    return false;
  }

  Json root_;
  std::vector<Json*> levels_;
  std::string key_;
  std::string refusal_;
  std::string refusal_detail_;
};

bool is_json_type(std::string_view content_type) {
  const std::size_t semicolon = content_type.find(';');
  std::string type(content_type.substr(0, semicolon));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (type != "application/json" && type != "application/merge-patch+json") return false;
  if (semicolon == std::string_view::npos) return true;
  std::string parameters(content_type.substr(semicolon));
  for (char& c : parameters) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const std::size_t charset = parameters.find("charset=");
  return charset == std::string::npos || parameters.find("utf-8", charset) != std::string::npos;
}

Json parse_strictly(const std::string& body) {
  StrictBuilder builder;
  // The library takes a NUL for the end of the text, so that anything could follow it.
  const std::size_t nul = body.find('\0');
  if (nul != std::string::npos) {
    builder.refuse_at(nul);
  } else if (Json::sax_parse(body, &builder)) {
    return std::move(builder).take();
  }
  Problem problem = problem_of_status(400);
  problem.code = builder.refusal().empty() ? "invalid_json" : builder.refusal();
  problem.details["where"] = builder.refusal_detail();
  throw Error(std::move(problem));
}

}  // namespace

web::View read_json_object(const Request& request) {
  if (!is_json_type(request.header("content-type"))) throw Error(415);
  web::View value = parse_strictly(request.body);
  if (!value.is_object()) {
    throw Error(problem_of(domain::FieldErrors{{"", "object_required"}}));
  }
  return value;
}

web::View read_optional_json_object(const Request& request) {
  if (request.body.empty()) return web::View::object();
  return read_json_object(request);
}

}  // namespace narada::http::api
