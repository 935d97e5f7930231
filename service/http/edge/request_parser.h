#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/http/edge/head_scanner.h"

namespace narada::http::edge {

// A request head that passed every check.
struct RequestHead {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;  // names lower-case, in order
  int minor_version = 1;                                    // of HTTP/1.x
  bool keep_alive = true;
  bool expects_continue = false;
  bool chunked = false;
  std::uint64_t content_length = 0;  // 0 when chunked

  bool has_body() const { return chunked || content_length > 0; }
};

// Takes the decoded bytes of a body; false ends the parsing with RequestParser::Event::stopped.
class BodyReceiver {
 public:
  virtual ~BodyReceiver() = default;
  virtual bool receive_body(std::string_view bytes) = 0;
};

// Strict HTTP/1.x request parser without I/O: HeadScanner, then Boost.Beast, then the field checks
// that Beast leaves to its user. After `refused` or `stopped` the connection cannot be parsed any
// further. One thread at a time.
class RequestParser {
 public:
  enum class Event {
    need_more,  // offer the unused bytes again with more behind them
    head,       // head() is there; feed again for the body
    complete,   // the request ends here; call reset() before the next one
    refused,    // status() says why
    stopped,    // the receiver returned false
  };

  explicit RequestParser(const HeadLimits& limits);
  ~RequestParser();

  // Parses up to the next event and says in `used` how many bytes it consumed.
  Event feed(std::string_view input, std::size_t& used);

  RequestHead& head();
  int status() const;
  bool started() const;  // whether a byte of the head was seen

  // More than `limit` decoded bytes refuse the request with 413. Call after Event::head.
  void accept_body(BodyReceiver& receiver, std::uint64_t limit);

  void reset();

 private:
  class Message;

  Event feed_head(std::string_view input, std::size_t& used);
  Event feed_body(std::string_view input, std::size_t& used);
  Event parse_head(std::string_view head);
  Event refuse(int status);

  HeadLimits limits_;
  HeadScanner scanner_;
  std::unique_ptr<Message> message_;
  bool started_ = false;
  bool head_done_ = false;
  unsigned empty_lines_ = 0;
  std::size_t stalled_ = 0;    // bytes of a body fragment that were not enough
  std::uint64_t framing_ = 0;  // bytes of a chunked body that are not data
  int status_ = 0;
};

}  // namespace narada::http::edge
