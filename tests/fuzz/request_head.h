#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/edge/request_builder.h"
#include "service/http/edge/request_parser.h"
#include "service/http/edge/url_encoding.h"

namespace narada::fuzz {

// Ends the process as a fuzzer expects it when a promise of the parser is broken.
inline void demand(bool promise, const char* what) {
  if (promise) return;
  std::fprintf(stderr, "request head: %s\n", what);
  std::abort();
}

inline void check_field(std::string_view name, std::string_view value) {
  demand(!name.empty(), "a field has a name");
  demand(std::ranges::none_of(name,
                              [](unsigned char c) {
                                return c <= 0x20 || c >= 0x7f || c == ':' || (c >= 'A' && c <= 'Z');
                              }),
         "field names are lower-case tokens");
  demand(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
         "field values are one line");
}

// What the rest of the program relies on once a head was accepted.
inline void check_head(http::edge::RequestHead head) {
  demand(!head.method.empty() && !head.target.empty(), "method and target are there");
  demand(std::ranges::all_of(head.target, [](unsigned char c) { return c > 0x20 && c < 0x7f; }),
         "targets are printable ASCII");
  const auto count = [&](std::string_view wanted) {
    return std::ranges::count_if(head.fields, [&](const auto& f) { return f.first == wanted; });
  };
  for (const auto& [name, value] : head.fields) check_field(name, value);
  demand(count("host") == 1 || (head.minor_version == 0 && count("host") == 0), "one Host");
  demand(count("content-length") + count("transfer-encoding") <= 1, "one framing");
  http::Request request;
  if (http::edge::build_request(head, request) != 0) return;
  demand(request.path == "*" || request.path.starts_with('/'), "paths start with a slash");
  demand(http::edge::is_utf8(request.path), "paths are UTF-8");
  demand(!http::edge::has_control_characters(request.path, http::edge::LineBreaks::refused),
         "paths have no control characters");
}

class Collected final : public http::edge::BodyReceiver {
 public:
  bool receive_body(std::string_view bytes) override {
    text.append(bytes);
    return true;
  }
  std::string text;
};

// Everything a connection would see of these bytes, arriving `piece` bytes at a time.
inline std::string parse_in_pieces(std::string_view bytes, std::size_t piece) {
  using Event = http::edge::RequestParser::Event;
  http::edge::RequestParser parser(http::edge::HeadLimits{});
  Collected body;
  std::string pending;
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    pending.append(bytes.substr(at, piece));
    for (;;) {
      std::size_t used = 0;
      const auto event = parser.feed(pending, used);
      demand(used <= pending.size(), "no more is used than there is");
      pending.erase(0, used);
      if (event == Event::need_more) break;
      if (event == Event::refused) return seen + "refused " + std::to_string(parser.status());
      if (event == Event::head) {
        check_head(parser.head());
        seen += parser.head().method + ' ' + parser.head().target + '\n';
        for (const auto& [name, value] : parser.head().fields) seen += name + '=' + value + '\n';
        parser.accept_body(body, 1 << 16);
      } else {
        demand(event == Event::complete, "nothing stopped the body");
        seen += '[' + body.text + "]\n";
        body.text.clear();
        parser.reset();
      }
    }
  }
  return seen + "more [" + body.text + ']';
}

// The whole of it as an I/O thread delivers it, then cut finely: the cuts must not matter.
inline void check_request_head(std::string_view bytes) {
  if (bytes.size() > 16'000) return;
  const auto whole = parse_in_pieces(bytes, 4096);
  demand(parse_in_pieces(bytes, 1) == whole, "byte by byte is the same as whole");
  demand(parse_in_pieces(bytes, 7) == whole, "seven by seven is the same as whole");
}

// Requests to start mutations from.
inline std::vector<std::string> request_head_corpus() {
  return {
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /a%20b/%c4%85?q=%C5%82+1&&x HTTP/1.1\r\nHost: [::1]:8080\r\nCookie: a=b; c\r\n\r\n",
      "\r\nHEAD http://x/y?z HTTP/1.0\r\nConnection: keep-alive, Upgrade\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: "
      "y\r\n\r\n",
      "POST /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2;a=\"b\"\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n",
      "PATCH /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
      "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
      "GET / HTTP/1.1\nHost: x\n\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  };
}

// One random change: a byte flipped, cut, doubled, or a telling piece put in.
inline std::string mutate(std::string bytes, std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"\r\n",
                                                   "\r",
                                                   "\n",
                                                   " ",
                                                   "\t",
                                                   ":",
                                                   "\r\n\r\n",
                                                   "0\r\n\r\n",
                                                   "chunked",
                                                   "Content-Length: 3\r\n",
                                                   "Transfer-Encoding: chunked\r\n",
                                                   "Host: z\r\n",
                                                   "%",
                                                   "%00",
                                                   "%2e%2e/",
                                                   "HTTP/1.1",
                                                   std::string(1, '\0'),
                                                   "\xff",
                                                   "\x7f",
                                                   "fffffffffffffff",
                                                   "-1"};
  const auto at = bytes.empty() ? 0 : random() % bytes.size();
  switch (random() % 5) {
    case 0:
      if (!bytes.empty()) bytes[at] = static_cast<char>(random());
      break;
    case 1:
      bytes.erase(at, 1 + random() % 8);
      break;
    case 2:
      bytes.insert(at, bytes.substr(at, random() % 40));
      break;
    case 3:
      bytes.insert(at, kPieces[random() % kPieces.size()]);
      break;
    default:
      bytes.resize(at);
  }
  return bytes;
}

}  // namespace narada::fuzz
