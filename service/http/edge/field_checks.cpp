#include "service/http/edge/field_checks.h"

#include <algorithm>

namespace narada::http::edge {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// reg-name, IPv4 or [IPv6] with an optional port of digits.
bool is_host(std::string_view host) {
  constexpr std::string_view kNameMarks = "-._~!$&'()*+,;=%";
  const auto alphanumeric = [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
  };
  std::string_view port;
  if (host.starts_with('[')) {
    const auto close = host.find(']');
    if (close == std::string_view::npos) return false;
    const auto literal = host.substr(1, close - 1);
    if (literal.empty() || !std::ranges::all_of(literal, [&](char c) {
          return alphanumeric(c) || c == ':' || c == '.';
        })) {
      return false;
    }
    port = host.substr(close + 1);
  } else {
    const auto colon = std::min(host.find(':'), host.size());
    if (!std::ranges::all_of(host.substr(0, colon), [&](char c) {
          return alphanumeric(c) || kNameMarks.find(c) != std::string_view::npos;
        })) {
      return false;
    }
    port = host.substr(colon);
  }
  return port.empty() ||
         (port.front() == ':' && port.size() <= 6 && std::ranges::all_of(port.substr(1), is_digit));
}

// At most 15 digits: far above every limit and far below what overflows.
bool is_plain_length(std::string_view value) {
  return !value.empty() && value.size() <= 15 && std::ranges::all_of(value, is_digit);
}

struct Seen {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  int expectations = 0;
};

int check_field(std::string_view name, std::string_view value, int minor_version, Seen& seen) {
  if (name == "host") {
    ++seen.hosts;
    return is_host(value) ? 0 : 400;
  }
  if (name == "content-length") {
    return ++seen.lengths == 1 && is_plain_length(value) ? 0 : 400;
  }
  if (name == "transfer-encoding") {
    if (++seen.encodings > 1 || minor_version == 0) return 400;
    return is_same_token(value, "chunked") ? 0 : 501;
  }
  if (name == "expect" && minor_version == 1) {
    ++seen.expectations;
    return is_same_token(value, "100-continue") ? 0 : 417;
  }
  return 0;
}

// A request that speaks of a body without saying how long it is.
bool lacks_length(const RequestHead& head, const Seen& seen) {
  if (seen.lengths > 0 || seen.encodings > 0) return false;
  const bool takes_body = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
  return seen.expectations > 0 || (takes_body && head.minor_version == 0);
}

}  // namespace

bool is_same_token(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

int check_fields(RequestHead& head, bool has_content_length) {
  Seen seen;
  int refused = 0;
  for (const auto& [name, value] : head.fields) {
    const int status = check_field(name, value, head.minor_version, seen);
    if (status != 0 && refused != 400) refused = status;
  }
  // Two framings at once are an attack on whoever stands in front (RFC 9112 §6.1): before all else.
  if (seen.lengths > 0 && seen.encodings > 0) return 400;
  if (seen.hosts > 1 || (seen.hosts == 0 && head.minor_version == 1)) return 400;
  if (refused != 0) return refused;
  if ((seen.lengths > 0) != has_content_length) return 400;
  head.expects_continue = seen.expectations > 0;
  return lacks_length(head, seen) ? 411 : 0;
}

}  // namespace narada::http::edge
