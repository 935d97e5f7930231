#include "service/http/multipart_head.h"

#include <algorithm>

namespace narada::http {
namespace {

constexpr std::size_t kLongestBoundary = 70;
constexpr std::size_t kLongestName = 255;
constexpr std::string_view kLineEnd = "\r\n";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// bchars of RFC 2046 5.1.1, without the blank.
bool is_boundary(std::string_view text) {
  if (text.empty() || text.size() > kLongestBoundary) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("'()+_,-./:=?").find(c) != std::string_view::npos;
  });
}

// "; name="x"; filename="y"" after a header's value; reads one after the other.
class Parameters {
 public:
  explicit Parameters(std::string_view text) : rest_(text) {}

  struct Parameter {
    std::string name;  // in lower case
    std::string value;
  };
  // Absent at the end and when what comes is no parameter; then good() tells which.
  std::optional<Parameter> next() {
    rest_ = trim(rest_);
    if (rest_.empty()) return std::nullopt;
    good_ = false;
    if (rest_.front() != ';') return std::nullopt;
    rest_ = trim(rest_.substr(1));
    const auto equals = rest_.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    Parameter parameter{lower(rest_.substr(0, equals)), {}};
    rest_.remove_prefix(equals + 1);
    if (!read_value(parameter.value)) return std::nullopt;
    good_ = true;
    return parameter;
  }
  bool good() const { return good_; }

 private:
  bool read_value(std::string& value) {
    if (rest_.empty()) return false;
    if (rest_.front() != '"') {
      const auto end = rest_.find_first_of("; \t");
      value = rest_.substr(0, end);
      rest_.remove_prefix(std::min(rest_.size(), value.size()));
      return !value.empty() && value.find('"') == std::string::npos;
    }
    const auto end = rest_.find('"', 1);
    if (end == std::string_view::npos) return false;
    value = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return true;
  }

  std::string_view rest_;
  bool good_ = true;
};

// Browsers write a quotation mark and line ends in a name as %22, %0D and %0A, and nothing else.
std::string unescape(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto code = text.substr(at, 3);
    if (code == "%22") {
      result += '"';
    } else if (code == "%0D" || code == "%0A") {
      result += ' ';
    } else {
      result += text[at];
      continue;
    }
    at += 2;
  }
  return result;
}

bool read_disposition(std::string_view value, FormPart& part) {
  const auto semicolon = value.find(';');
  if (semicolon == std::string_view::npos || lower(trim(value.substr(0, semicolon))) != "form-data")
    return false;
  Parameters parameters(value.substr(semicolon));
  bool has_name = false;
  while (auto parameter = parameters.next()) {
    if (parameter->name == "name" && !has_name) {
      part.name = unescape(parameter->value);
      has_name = true;
    } else if (parameter->name == "filename" && !part.file_name) {
      part.file_name = unescape(parameter->value);
    } else {
      return false;
    }
  }
  return parameters.good() && has_name && !part.name.empty() && part.name.size() <= kLongestName;
}

}  // namespace

std::optional<std::string> find_boundary(std::string_view content_type) {
  const auto semicolon = content_type.find(';');
  if (semicolon == std::string_view::npos ||
      lower(trim(content_type.substr(0, semicolon))) != "multipart/form-data") {
    return std::nullopt;
  }
  Parameters parameters(content_type.substr(semicolon));
  std::optional<std::string> boundary;
  while (auto parameter = parameters.next()) {
    if (parameter->name != "boundary") continue;
    if (boundary) return std::nullopt;
    boundary = std::move(parameter->value);
  }
  if (!parameters.good() || !boundary || !is_boundary(*boundary)) return std::nullopt;
  return boundary;
}

bool read_part_head(std::string_view head, FormPart& part) {
  bool has_disposition = false;
  while (!head.empty()) {
    const auto end = std::min(head.find(kLineEnd), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(head.size(), end + kLineEnd.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.find_first_of("\r\n") != std::string_view::npos ||
        line.find('\0') != std::string_view::npos) {
      return false;
    }
    const std::string name = lower(line.substr(0, colon));
    if (name == "content-type") continue;
    if (name != "content-disposition" || has_disposition) return false;
    has_disposition = true;
    if (!read_disposition(trim(line.substr(colon + 1)), part)) return false;
  }
  return has_disposition;
}

}  // namespace narada::http
