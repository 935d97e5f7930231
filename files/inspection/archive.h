#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "files/inspection/subject.h"

struct zip;

namespace narada::files::inspection {

// How large an archive may become, with all the archives in it.
inline constexpr std::uint64_t kMostUnpacked = std::uint64_t{4} << 30;
inline constexpr std::uint64_t kMostGrowth = 100;                        // times its size,
inline constexpr std::uint64_t kGrowthLooked = std::uint64_t{32} << 20;  // from this size on
inline constexpr std::size_t kMostEntries = 10'000;
inline constexpr std::uint64_t kMostNested = std::uint64_t{100} << 20;  // an archive in an archive
inline constexpr int kMostDepth = 3;

// A ZIP archive.
class Archive {
 public:
  // Refuses damaged.
  explicit Archive(const Subject& subject);
  explicit Archive(std::string bytes);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  const std::vector<std::string>& names() const { return names_; }
  bool holds(std::string_view name) const;
  // The first `most` octets of an entry; empty when there is none.
  std::string read(std::string_view name, std::size_t most) const;

 private:
  friend class ArchiveCheck;
  void list();

  std::string bytes_;
  struct zip* zip_ = nullptr;
  std::vector<std::string> names_;
};

// What an archive says it is: "application/zip" unless it is a document or a book.
std::string media_type_of(const Archive& archive);

// Reads every entry to its end. Refuses unsafe_paths, bomb, encrypted, damaged, macros, and
// forbidden_type for programs in it.
void check_archive(const Archive& archive, std::uint64_t size);

}  // namespace narada::files::inspection
