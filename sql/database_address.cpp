#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "sql/connection.h"

namespace narada::storage {

namespace {

constexpr std::string_view kScheme = "mysql://";
constexpr std::uint16_t kDefaultPort = 3306;

// The messages never repeat the URL: it holds the password.
[[noreturn]] void refuse(std::string_view why) {
  throw std::invalid_argument(
      fmt::format("the database address must look like "
                  "mysql://user:password@host[:port]/name or mysql://user@localhost/"
                  "name?socket=/path: {}",
                  why));
}

std::string decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    if (i + 2 >= text.size() || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2 ||
        byte < 0x20) {
      refuse("a % is not followed by two hexadecimal digits of a printable character");
    }
    decoded += static_cast<char>(byte);
    i += 2;
  }
  for (const char c : decoded) {
    if (static_cast<unsigned char>(c) < 0x20) refuse("it has a control character");
  }
  return decoded;
}

std::uint16_t parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) {
    refuse("a port is not a number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(port);
}

// "host", "host:port", "[v6]" or "[v6]:port".
std::pair<std::string, std::uint16_t> parse_host(std::string_view text) {
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) refuse("a [ has no ]");
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':')) refuse("something follows the ] of a host");
    if (!rest.empty()) port = rest.substr(1);
    if (!rest.empty() && port.empty()) refuse("a port is missing after the colon");
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) refuse("a port is missing after the colon");
  }
  if (host.empty()) refuse("a host is missing");
  return {decode(host), port.empty() ? kDefaultPort : parse_port(port)};
}

void parse_hosts(std::string_view text, DatabaseAddress& address) {
  while (true) {
    const auto comma = text.find(',');
    address.hosts.push_back(parse_host(text.substr(0, comma)));
    if (comma == std::string_view::npos) return;
    text.remove_prefix(comma + 1);
  }
}

void parse_user(std::string_view text, DatabaseAddress& address) {
  const auto colon = text.find(':');
  address.user = decode(text.substr(0, colon));
  if (colon != std::string_view::npos) address.password = decode(text.substr(colon + 1));
  if (address.user.empty()) refuse("the user is missing");
}

void parse_option(std::string_view option, DatabaseAddress& address) {
  const auto equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const std::string value =
      equals == std::string_view::npos ? std::string() : decode(option.substr(equals + 1));
  if (value.empty()) refuse("an option has no value");
  if (name == "ca") {
    address.ca_file = value;
  } else if (name == "socket") {
    address.socket = value;
  } else {
    // A misspelt "ca" must not silently mean a connection in the clear.
    refuse("the options are ca and socket");
  }
}

}  // namespace

DatabaseAddress parse_database_address(std::string_view url) {
  if (!url.starts_with(kScheme)) refuse("it does not begin with mysql://");
  url.remove_prefix(kScheme.size());
  DatabaseAddress address;
  const auto question = url.find('?');
  std::string_view options = question == std::string_view::npos ? "" : url.substr(question + 1);
  url = url.substr(0, question);
  const auto slash = url.find('/');
  if (slash == std::string_view::npos) refuse("the name of the database is missing");
  address.schema = decode(url.substr(slash + 1));
  if (address.schema.empty()) refuse("the name of the database is missing");
  const std::string_view authority = url.substr(0, slash);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) refuse("the user is missing");
  parse_user(authority.substr(0, at), address);
  parse_hosts(authority.substr(at + 1), address);
  while (!options.empty()) {
    const auto ampersand = options.find('&');
    parse_option(options.substr(0, ampersand), address);
    options = ampersand == std::string_view::npos ? "" : options.substr(ampersand + 1);
  }
  if (!address.socket.empty() && !address.ca_file.empty()) refuse("a socket has no TLS");
  return address;
}

}  // namespace narada::storage
