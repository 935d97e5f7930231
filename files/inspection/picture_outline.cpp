#include <algorithm>
#include <array>
#include <string_view>

#include "files/inspection/picture.h"

namespace narada::files::inspection {
namespace {

using domain::FileRefusal;

constexpr std::size_t kMostMetadata = 1U << 20;  // octets that are looked at of one part

unsigned octet(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}
unsigned big16(std::string_view bytes, std::size_t at) {
  return octet(bytes, at) << 8U | octet(bytes, at + 1);
}
std::uint32_t big32(std::string_view bytes, std::size_t at) {
  return std::uint32_t{big16(bytes, at)} << 16U | big16(bytes, at + 2);
}
std::uint32_t little24(std::string_view bytes, std::size_t at) {
  return octet(bytes, at) | octet(bytes, at + 1) << 8U | octet(bytes, at + 2) << 16U;
}
std::uint32_t little32(std::string_view bytes, std::size_t at) {
  return little24(bytes, at) | octet(bytes, at + 3) << 24U;
}

// The orientation in a TIFF header with its first directory (EXIF 2.3, 4.5); 1 when there is none.
int read_orientation(std::string_view tiff) {
  constexpr unsigned kOrientation = 0x0112;
  const bool is_little = tiff.starts_with("II");
  const auto number16 = [&](std::size_t at) {
    return is_little ? octet(tiff, at) | octet(tiff, at + 1) << 8U : big16(tiff, at);
  };
  const std::size_t first = is_little ? little32(tiff, 4) : big32(tiff, 4);
  if (first >= tiff.size()) return 1;
  const unsigned count = number16(first);
  for (unsigned index = 0; index < count; ++index) {
    const auto at = first + 2 + std::size_t{12} * index;
    if (at + 12 > tiff.size()) break;
    const auto value = number16(at + 8);
    if (number16(at) == kOrientation && value >= 1 && value <= 8) return static_cast<int>(value);
  }
  return 1;
}

// Keeps what follows what is kept already as one range.
void keep(PictureOutline& outline, std::uint64_t offset, std::uint64_t size) {
  if (!outline.kept.empty() && outline.kept.back().offset + outline.kept.back().size == offset)
    outline.kept.back().size += size;
  else
    outline.kept.push_back({offset, size});
}

// ITU-T T.81, annex B.
PictureOutline read_jpeg(const Subject& subject) {
  PictureOutline outline;
  keep(outline, 0, 2);
  for (std::uint64_t at = 2;;) {
    const auto head = read_piece(subject, at, 10);
    if (head.size() < 4 || octet(head, 0) != 0xFF) refuse(FileRefusal::damaged);
    const auto marker = octet(head, 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const std::uint64_t size = std::uint64_t{big16(head, 2)} + 2;
    const bool is_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) {
      outline.height = static_cast<int>(big16(head, 5));
      outline.width = static_cast<int>(big16(head, 7));
    }
    if (marker == 0xDA) {  // the picture itself, to the end
      keep(outline, at, subject.size - at);
      return outline;
    }
    // APP0 JFIF, APP2 colour profile, APP14 colour transform.
    const bool is_metadata = marker == 0xFE || (marker >= 0xE0 && marker <= 0xEF &&
                                                marker != 0xE0 && marker != 0xE2 && marker != 0xEE);
    if (marker == 0xE1 && size < kMostMetadata) {
      const auto part = read_piece(subject, at + 4, size - 4);
      if (part.starts_with("Exif")) outline.orientation = read_orientation(part.substr(6));
    }
    if (is_metadata)
      outline.has_metadata = true;
    else
      keep(outline, at, size);
    at += size;
  }
}

// ISO 15948, 5.3.
PictureOutline read_png(const Subject& subject) {
  constexpr std::array<std::string_view, 5> kMetadata = {"eXIf", "tEXt", "zTXt", "iTXt", "tIME"};
  PictureOutline outline;
  keep(outline, 0, 8);
  for (std::uint64_t at = 8; at < subject.size;) {
    const auto head = read_piece(subject, at, 16);
    if (head.size() < 12) refuse(FileRefusal::damaged);
    const std::uint64_t size = std::uint64_t{big32(head, 0)} + 12;
    const auto name = std::string_view(head).substr(4, 4);
    if (at == 8) {
      if (name != "IHDR") refuse(FileRefusal::damaged);
      outline.width = static_cast<int>(std::min<std::uint32_t>(big32(head, 8), 0x7FFFFFFF));
      outline.height = static_cast<int>(std::min<std::uint32_t>(big32(head, 12), 0x7FFFFFFF));
    }
    if (name == "eXIf" && size < kMostMetadata)
      outline.orientation = read_orientation(read_piece(subject, at + 8, size - 12));
    if (std::find(kMetadata.begin(), kMetadata.end(), name) != kMetadata.end())
      outline.has_metadata = true;
    else
      keep(outline, at, std::min(size, subject.size - at));
    if (name == "IEND") return outline;  // what follows is no part of the picture
    at += size;
  }
  refuse(FileRefusal::damaged);
}

void read_webp_size(PictureOutline& outline, std::string_view name, std::string_view part) {
  if (name == "VP8X") {
    outline.width = static_cast<int>(little24(part, 4) + 1);
    outline.height = static_cast<int>(little24(part, 7) + 1);
  } else if (name == "VP8 " && outline.width == 0) {
    outline.width = static_cast<int>(little32(part, 6) & 0x3FFFU);
    outline.height = static_cast<int>(little32(part, 8) & 0x3FFFU);
  } else if (name == "VP8L" && outline.width == 0) {
    const auto bits = little32(part, 1);
    outline.width = static_cast<int>((bits & 0x3FFFU) + 1);
    outline.height = static_cast<int>((bits >> 14U & 0x3FFFU) + 1);
  }
}

// RFC 9649.
PictureOutline read_webp(const Subject& subject) {
  PictureOutline outline;
  keep(outline, 0, 12);
  for (std::uint64_t at = 12; at + 8 <= subject.size;) {
    const auto head = read_piece(subject, at, 24);
    const auto length = little32(head, 4);
    const std::uint64_t size = std::uint64_t{length} + length % 2 + 8;
    const auto name = std::string_view(head).substr(0, 4);
    read_webp_size(outline, name, std::string_view(head).substr(8));
    if (name == "EXIF" && size < kMostMetadata)
      outline.orientation = read_orientation(read_piece(subject, at + 8, length));
    if (name == "EXIF" || name == "XMP ")
      outline.has_metadata = true;
    else
      keep(outline, at, std::min(size, subject.size - at));
    at += size;
  }
  return outline;
}

PictureOutline read_gif(const Subject& subject) {
  PictureOutline outline;
  const auto head = read_piece(subject, 0, 10);
  outline.width = static_cast<int>(octet(head, 6) | octet(head, 7) << 8U);
  outline.height = static_cast<int>(octet(head, 8) | octet(head, 9) << 8U);
  return outline;
}

}  // namespace

PictureOutline read_outline(const Subject& subject, const domain::FileType& type) {
  PictureOutline outline;
  if (type.media_type == "image/jpeg")
    outline = read_jpeg(subject);
  else if (type.media_type == "image/png")
    outline = read_png(subject);
  else if (type.media_type == "image/webp")
    outline = read_webp(subject);
  else
    outline = read_gif(subject);
  if (outline.width < 1 || outline.height < 1) refuse(FileRefusal::damaged);
  return outline;
}

}  // namespace narada::files::inspection
