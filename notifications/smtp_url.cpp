#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "notifications/smtp.h"

namespace narada::notifications {
namespace {

[[noreturn]] void throw_invalid(const std::string& why) {
  throw std::invalid_argument(
      "SMTP address: " + why +
      " (expected smtp://, smtp+starttls:// or smtps:// [USER:PASSWORD@]HOST[:PORT]"
      "[?ca=FILE&timeout=SECONDS])");
}

bool is_control(char character) {
  return static_cast<unsigned char>(character) < 0x20 || character == 0x7f;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '%') {
      decoded += text[index];
      continue;
    }
    const int high = index + 2 < text.size() ? hex_value(text[index + 1]) : -1;
    const int low = index + 2 < text.size() ? hex_value(text[index + 2]) : -1;
    if (high < 0 || low < 0) throw_invalid("% without two hexadecimal digits");
    decoded += static_cast<char>(high * 16 + low);
    index += 2;
  }
  if (std::any_of(decoded.begin(), decoded.end(), is_control)) throw_invalid("control character");
  return decoded;
}

int parse_number(std::string_view text, int highest, const char* what) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > highest) {
    throw_invalid(std::string("wrong ") + what);
  }
  return number;
}

// The part of `text` before `mark`, which goes away with it; all of `text` when there is no mark.
std::string_view take_until(std::string_view& text, char mark) {
  const auto part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

void parse_scheme(std::string_view scheme, SmtpOptions& options) {
  if (scheme == "smtp") {
    options.security = SmtpSecurity::none;
    options.port = 25;
  } else if (scheme == "smtp+starttls") {
    options.security = SmtpSecurity::starttls;
    options.port = 587;
  } else if (scheme == "smtps") {
    options.security = SmtpSecurity::tls;
    options.port = 465;
  } else {
    throw_invalid("unknown scheme");
  }
}

void parse_credentials(std::string_view credentials, SmtpOptions& options) {
  const auto user = take_until(credentials, ':');
  options.user = percent_decoded(user);
  options.password = percent_decoded(credentials);
  if (options.user.empty()) throw_invalid("no user before @");
}

void parse_host(std::string_view text, SmtpOptions& options) {
  std::string_view host;
  if (text.starts_with('[')) {  // IPv6
    host = text.substr(0, text.find(']') + 1);
    text.remove_prefix(host.size());
    if (text.starts_with(':')) text.remove_prefix(1);
  } else {
    host = take_until(text, ':');
  }
  const bool is_clean = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
  });
  if (host.empty() || !is_clean) throw_invalid("wrong host");
  options.host = host;
  if (!text.empty()) options.port = static_cast<std::uint16_t>(parse_number(text, 65535, "port"));
}

void parse_query(std::string_view query, SmtpOptions& options) {
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const auto name = take_until(value, '=');
    if (name == "ca") {
      options.ca_file = percent_decoded(value);
    } else if (name == "timeout") {
      constexpr int kLongestTimeout = 240;  // below the lease of a mail
      options.total_timeout = std::chrono::seconds(parse_number(value, kLongestTimeout, "timeout"));
      options.connect_timeout = std::min(options.connect_timeout, options.total_timeout);
    } else {
      throw_invalid("unknown option");
    }
  }
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace

SmtpOptions parse_smtp_url(std::string_view url) {
  SmtpOptions options;
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) throw_invalid("no scheme");
  parse_scheme(url.substr(0, scheme_end), options);
  std::string_view rest = url.substr(scheme_end + 3);
  std::string_view authority = take_until(rest, '?');
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parse_credentials(authority.substr(0, at), options);
    authority.remove_prefix(at + 1);
  }
  parse_host(authority, options);
  parse_query(rest, options);
  if (!options.user.empty() && options.security == SmtpSecurity::none &&
      !is_loopback(options.host)) {
    throw_invalid("a password would travel in clear; use smtp+starttls:// or smtps://");
  }
  return options;
}

}  // namespace narada::notifications
