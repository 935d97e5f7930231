#pragma once

#include <string_view>

namespace narada::http::edge {

// Takes what arrives on one accepted socket, always on the same I/O thread.
class InputReceiver {
 public:
  virtual ~InputReceiver() = default;
  virtual void on_input(std::string_view bytes) noexcept = 0;
  virtual void on_end() noexcept = 0;  // nothing more will come: end of stream or reset
};

}  // namespace narada::http::edge
