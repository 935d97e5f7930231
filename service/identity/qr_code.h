#pragma once

#include <string>
#include <string_view>

namespace narada::identity {

// A QR code (ISO/IEC 18004) to be drawn as one SVG path in a square of `size` units, each unit one
// module, the quiet zone of four modules included.
struct QrCode {
  int size = 0;
  std::string path;  // the dark modules: "M4 4h7v1h-7z…"
};
// Throws std::invalid_argument when the text is longer than a QR code holds or has a NUL in it.
QrCode make_qr_code(std::string_view text);

}  // namespace narada::identity
