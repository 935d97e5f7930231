#include "service/identity/qr_code.h"

#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace narada::identity {
namespace {

constexpr int kQuietZone = 4;  // modules

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_dark(const QRcode& code, int row, int column) {
  return (code.data[row * code.width + column] & 1) != 0;
}

// One rectangle for each row of dark modules side by side.
std::string path_of_row(const QRcode& code, int row) {
  std::string path;
  for (int column = 0; column < code.width;) {
    if (!is_dark(code, row, column)) {
      ++column;
      continue;
    }
    int end = column;
    while (end < code.width && is_dark(code, row, end)) ++end;
    const auto length = std::to_string(end - column);
    path += "M" + std::to_string(column + kQuietZone) + " " + std::to_string(row + kQuietZone) +
            "h" + length + "v1h-" + length + "z";
    column = end;
  }
  return path;
}

}  // namespace

QrCode make_qr_code(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) throw std::invalid_argument("a NUL in a QR code");
  const std::string copy(text);
  const std::unique_ptr<QRcode, FreeCode> code(
      QRcode_encodeString8bit(copy.c_str(), 0, QR_ECLEVEL_M));
  if (!code) throw std::invalid_argument("too long for a QR code");
  QrCode drawing;
  drawing.size = code->width + 2 * kQuietZone;
  for (int row = 0; row < code->width; ++row) drawing.path += path_of_row(*code, row);
  return drawing;
}

}  // namespace narada::identity
