#pragma once

#include <string>

namespace narada::files::inspection {

// The child that looks into a file (files/inspection.h). It finds the file as its standard input
// and answers on its standard output, a line of JSON each: what the file is, then which pictures it
// has drawn. The pictures go to these descriptors.
inline constexpr int kThumbnailDescriptor = 3;
inline constexpr int kGalleryDescriptor = 4;
inline constexpr int kServedDescriptor = 5;

// In its answer, what keeps it from looking into any file.
inline constexpr const char* kObstacle = "obstacle";

inline constexpr int kThumbnailWidth = 480;  // pixels
inline constexpr int kGalleryWidth = 1600;

// The whole child, after its command word: the file's name and how many seconds of the processor it
// may take. Its exit status.
int run_child(const std::string& file_name, unsigned processor_seconds);

}  // namespace narada::files::inspection
