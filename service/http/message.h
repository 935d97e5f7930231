#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "service/domain/language.h"

namespace narada::http {

enum class Method { get, head, post, put, patch, del, options };
std::string_view to_string(Method method);

class BodySink;

// One request, complete: its head has passed the strict parser, its body is whole (or went to a
// sink).
struct Request {
  Method method = Method::get;
  std::string target;  // as sent: path and query, percent-encoded
  std::string path;    // percent-decoded once; valid UTF-8 without control characters
  std::vector<std::pair<std::string, std::string>> query;    // decoded, in order, duplicates kept
  std::vector<std::pair<std::string, std::string>> headers;  // names lower-case, in order
  std::string body;
  std::map<std::string, std::string, std::less<>> params;  // of the route's pattern, decoded
  std::string request_id;      // ours, unguessable; in the log, in every error and in X-Request-Id
  std::string remote_address;  // the client's; behind a trusted proxy the forwarded one
  bool secure = false;         // TLS, here or at a trusted proxy
  std::shared_ptr<BodySink> sink;  // that took the body, where the route has one

  // First value, or empty. Header names in lower case.
  std::string_view header(std::string_view name) const;
  std::optional<std::string_view> find_header(std::string_view name) const;
  std::string query_value(std::string_view name) const;
  std::optional<std::string> find_query(std::string_view name) const;
  std::optional<std::string> cookie(std::string_view name) const;
};

// [offset, offset + length) of an open file; closed by the response that owns it.
struct FileBody {
  std::shared_ptr<int> descriptor;  // custom deleter closes
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// Texts and parts of files, one after the other; of them the server makes one body of known length.
struct SegmentedBody {
  std::vector<std::variant<std::string, FileBody>> segments;
  std::uint64_t length() const;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::variant<std::string, std::shared_ptr<const std::string>, FileBody, SegmentedBody> body;

  Response& set(std::string name, std::string value);  // replaces
  Response& add(std::string name, std::string value);  // e.g. Set-Cookie
  std::string_view body_text() const;                  // empty for files
  // The octets of its body, wherever they lie.
  std::uint64_t body_length() const;
  bool sends_files() const;
};

Response text_response(int status, std::string text);
Response html_response(int status, std::string html);
Response json_response(int status, std::string json);
Response redirect(int status, std::string location);  // 303 after a POST

// application/x-www-form-urlencoded fields, decoded; values that are not UTF-8 or hold control
// characters other than tab and line ends are kept out of `fields` and named in `invalid`.
struct FormFields {
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<std::string> invalid;
  std::string value(std::string_view name) const;  // first, or empty
  bool has(std::string_view name) const;
};
FormFields parse_form(std::string_view body);

// Takes the bytes of one request body as they arrive; after complete() the handler finds it in its
// request. Destroyed without complete(): the body was cut. A client that went away before its
// handler began has it destroyed after complete().
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual bool write(std::string_view bytes) = 0;  // false: answer 500 and close
  virtual void complete() = 0;
};

}  // namespace narada::http
