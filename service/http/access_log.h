#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "service/http/message.h"

namespace narada::http {

enum class LogFormat { text, json };

// One line for each request and one for each thing that went wrong, without what must not be read
// there: no query, no token of a path, no e-mail address, no header.
class AccessLog {
 public:
  // `write` takes a whole line without its end; it may be called from several threads at once.
  // Absent: standard error.
  explicit AccessLog(LogFormat format, std::function<void(std::string_view)> write = {});

  // `pattern` of the route, empty when none fits.
  void request(const Request& request, const Response& response, std::string_view pattern,
               std::chrono::nanoseconds duration) const;
  // `what` is for operators only.
  void failure(const Request& request, std::string_view what) const;

 private:
  LogFormat format_;
  std::function<void(std::string_view)> write_;
};

// The path of a request as a log may keep it: "/z/***" for what opens a registration, "***" for
// segments that look like a token or an address; percent-encoded where it is not plain ASCII.
std::string loggable_path(std::string_view path);

}  // namespace narada::http
