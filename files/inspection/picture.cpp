#include "files/inspection/picture.h"

#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace narada::files::inspection {
namespace {

using domain::FileRefusal;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

void be_silent(int, const char*, va_list) {}

gdImagePtr decode(const Subject& subject, const domain::FileType& type) {
  gdSetErrorMethod(&be_silent);
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(subject.path.c_str(), "rbe"));
  if (!file) return nullptr;
  if (type.media_type == "image/jpeg") return gdImageCreateFromJpegEx(file.get(), 1);
  if (type.media_type == "image/png") return gdImageCreateFromPng(file.get());
  if (type.media_type == "image/webp") return gdImageCreateFromWebp(file.get());
  return gdImageCreateFromGif(file.get());
}

// On white, where the picture lets something through: a JPEG cannot.
gdImagePtr make_opaque(gdImagePtr picture) {
  gdImagePtr opaque = gdImageCreateTrueColor(gdImageSX(picture), gdImageSY(picture));
  if (opaque != nullptr) {
    gdImageFilledRectangle(opaque, 0, 0, gdImageSX(picture), gdImageSY(picture), 0xFFFFFF);
    gdImageCopy(opaque, picture, 0, 0, 0, 0, gdImageSX(picture), gdImageSY(picture));
  }
  gdImageDestroy(picture);
  return opaque;
}

gdImagePtr rotate(gdImagePtr picture, int degrees) {
  gdImagePtr turned = gdImageRotateInterpolated(picture, static_cast<float>(degrees), 0xFFFFFF);
  gdImageDestroy(picture);
  return turned;
}

gdImagePtr turn_upright(gdImagePtr picture, int orientation) {
  if (orientation == 2 || orientation == 5 || orientation == 7) gdImageFlipHorizontal(picture);
  if (orientation == 4) gdImageFlipVertical(picture);
  if (orientation == 3) return rotate(picture, 180);
  if (orientation == 6 || orientation == 7) return rotate(picture, 270);
  if (orientation == 8 || orientation == 5) return rotate(picture, 90);
  return picture;
}

bool is_on_its_side(int orientation) { return orientation >= 5; }

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool copy_range(const Subject& subject, PictureOutline::Range range, int descriptor) {
  constexpr std::uint64_t kPiece = 1U << 20;
  while (range.size > 0) {
    const auto piece = read_piece(subject, range.offset, std::min(range.size, kPiece));
    if (piece.empty() || !write_all(descriptor, piece)) return false;
    range.offset += piece.size();
    range.size -= piece.size();
  }
  return true;
}

// A directory with the orientation alone.
std::string orientation_segment(int orientation) {
  std::string segment(
      "\xFF\xE1\x00\x22"
      "Exif\0\0MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01",
      28);
  segment += '\0';
  segment += static_cast<char>(orientation);
  segment.append(6, '\0');
  return segment;
}

// The chunk of features and the length of the whole say what has been left out.
std::string webp_beginning(const Subject& subject, const PictureOutline& outline) {
  std::uint64_t size = 0;
  for (const auto& range : outline.kept) size += range.size;
  auto head = read_piece(subject, 0, 30);
  for (unsigned index = 0; index < 4; ++index)
    head[4 + index] = static_cast<char>((size - 8) >> (8 * index) & 0xFFU);
  constexpr unsigned kMetadataFlags = 0x0CU;  // EXIF and XMP
  head[20] = static_cast<char>(static_cast<unsigned char>(head[20]) & ~kMetadataFlags);
  return head;
}

}  // namespace

Findings examine_picture(const Subject& subject, const domain::FileType& type,
                         const PictureOutline& outline) {
  const auto pixels = std::int64_t{outline.width} * outline.height;
  if (pixels > kMostPixels) refuse(FileRefusal::bomb);
  if (pixels <= kMostDrawnPixels && type.media_type != "image/webp") {
    gdImagePtr picture = decode(subject, type);
    if (picture == nullptr) refuse(FileRefusal::damaged);
    gdImageDestroy(picture);
  }
  Findings findings;
  findings.facts.media_type = type.media_type;
  const bool on_side = is_on_its_side(outline.orientation);
  findings.facts.width = on_side ? outline.height : outline.width;
  findings.facts.height = on_side ? outline.width : outline.height;
  return findings;
}

gdImagePtr scale_down(gdImagePtr picture, int width) {
  if (picture == nullptr || gdImageSX(picture) <= width) return picture;
  const auto height =
      std::max<std::int64_t>(1, std::int64_t{gdImageSY(picture)} * width / gdImageSX(picture));
  gdImagePtr scaled = gdImageCreateTrueColor(width, static_cast<int>(height));
  if (scaled != nullptr)
    gdImageCopyResampled(scaled, picture, 0, 0, 0, 0, width, static_cast<int>(height),
                         gdImageSX(picture), gdImageSY(picture));
  gdImageDestroy(picture);
  return scaled;
}

gdImagePtr draw_picture(const Subject& subject, const domain::FileType& type,
                        const PictureOutline& outline, int width) {
  if (std::int64_t{outline.width} * outline.height > kMostDrawnPixels) return nullptr;
  gdImagePtr picture = decode(subject, type);
  if (picture == nullptr) return nullptr;
  const bool on_side = is_on_its_side(outline.orientation);
  // Scaled before it is turned: the second picture in memory is the small one.
  const auto stored_width =
      on_side ? std::int64_t{width} * outline.width / std::max(outline.height, 1) : width;
  picture = make_opaque(picture);
  if (picture != nullptr)
    picture = scale_down(picture, static_cast<int>(std::max<std::int64_t>(stored_width, 1)));
  return picture == nullptr ? nullptr : turn_upright(picture, outline.orientation);
}

bool write_jpeg(gdImagePtr picture, int descriptor) {
  constexpr int kQuality = 82;
  int size = 0;
  gdImageInterlace(picture, 1);
  void* const bytes = gdImageJpegPtr(picture, &size, kQuality);
  if (bytes == nullptr) return false;
  const bool written = write_all(descriptor, std::string_view(static_cast<const char*>(bytes),
                                                              static_cast<std::size_t>(size)));
  gdFree(bytes);
  return written;
}

bool write_without_metadata(const Subject& subject, const domain::FileType& type,
                            const PictureOutline& outline, int descriptor) {
  auto ranges = outline.kept;
  if (type.media_type == "image/jpeg" && outline.orientation != 1) {
    if (!copy_range(subject, {0, 2}, descriptor) ||
        !write_all(descriptor, orientation_segment(outline.orientation)))
      return false;
    ranges.front() = {2, ranges.front().size - 2};
  } else if (type.media_type == "image/webp" && ranges.front().size >= 30) {
    const auto head = webp_beginning(subject, outline);
    if (!write_all(descriptor, head)) return false;
    ranges.front() = {head.size(), ranges.front().size - head.size()};
  }
  for (const auto& range : ranges)
    if (!copy_range(subject, range, descriptor)) return false;
  return true;
}

}  // namespace narada::files::inspection
