#pragma once

#include <gd.h>

#include <cstdint>
#include <vector>

#include "files/inspection/subject.h"

namespace narada::files::inspection {

// Above it a picture is a bomb: 20,000 × 20,000 pixels take 1.6 GB in whoever shows it.
inline constexpr std::int64_t kMostPixels = 400'000'000;
// Above it none is drawn of it.
inline constexpr std::int64_t kMostDrawnPixels = 80'000'000;

// What is found without decoding.
struct PictureOutline {
  int width = 0, height = 0;  // as stored
  int orientation = 1;        // how it is to be turned (EXIF 2.3, tag 274)
  bool has_metadata = false;  // besides the orientation and the profile of its colours
  struct Range {
    std::uint64_t offset = 0, size = 0;
  };
  std::vector<Range> kept;  // the file without its metadata
};
// Refuses damaged.
PictureOutline read_outline(const Subject& subject, const domain::FileType& type);

// Refuses damaged, bomb.
Findings examine_picture(const Subject& subject, const domain::FileType& type,
                         const PictureOutline& outline);
// Turned upright and `width` pixels wide at most; absent: it cannot be drawn. The caller destroys
// it.
gdImagePtr draw_picture(const Subject& subject, const domain::FileType& type,
                        const PictureOutline& outline, int width);
// The file without metadata into `descriptor`; false: it could not be written.
bool write_without_metadata(const Subject& subject, const domain::FileType& type,
                            const PictureOutline& outline, int descriptor);

// At most `width` pixels wide, the caller's `picture` is destroyed.
gdImagePtr scale_down(gdImagePtr picture, int width);
// As JPEG, without metadata; false: it could not be written.
bool write_jpeg(gdImagePtr picture, int descriptor);

}  // namespace narada::files::inspection
