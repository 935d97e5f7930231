#pragma once

#include <cstddef>
#include <string_view>

namespace narada::http::edge {

struct HeadLimits {
  std::size_t head = 16 * 1024;   // bytes, from the method to the empty line
  std::size_t target = 8 * 1024;  // bytes
  std::size_t fields = 100;       // header lines
};

// Looks once at each byte of a request head as it arrives and refuses what the parser behind it
// would let through or see too late: control bytes, bare CR or LF, obs-fold, a request line that is
// not "token target HTTP/1.x", and everything over a limit (RFC 9112 §2.2, §3, §5.2).
class HeadScanner {
 public:
  enum class Verdict { need_more, complete, refused };

  explicit HeadScanner(const HeadLimits& limits) : limits_(limits) {}

  // `head` is all that was received since the head's first byte; it only grows between calls.
  Verdict scan(std::string_view head);

  std::size_t size() const { return position_; }  // of a complete head, with its empty line
  int status() const { return status_; }          // of a refused one

  void reset();

 private:
  Verdict refuse(int status);
  int check_byte(std::string_view head) const;
  int end_of_line(std::string_view line);
  int check_growth(std::size_t received) const;

  HeadLimits limits_;
  std::size_t position_ = 0;    // bytes seen
  std::size_t line_start_ = 0;  // of the line being read
  std::size_t fields_ = 0;
  bool in_request_line_ = true;
  bool complete_ = false;
  int status_ = 0;
};

// 0, or the status that refuses this request line (without its CRLF).
int check_request_line(std::string_view line, std::size_t target_limit);

}  // namespace narada::http::edge
