#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "files/descriptor.h"

namespace narada::files {

// A file on its way here, in a directory that holds nothing else. Whoever has it open has it alone,
// among all processes: a lock (flock) that ends with its holder, however that ends. One thread at a
// time. What cannot be read or written is a BlobStoreError, a full disk NoSpace.
class StagedFile {
 public:
  enum class Found { absent, locked, opened };

  // A new one; the name is 64 hexadecimal digits that nobody guesses.
  static StagedFile create(const std::filesystem::path& directory, const std::string& name);
  // Does not wait. `file` is set when it was opened.
  static Found open(const std::filesystem::path& directory, const std::string& name,
                    std::optional<StagedFile>& file);

  std::filesystem::path path() const { return directory_ / name_; }
  const std::string& name() const { return name_; }
  std::uint64_t size() const;
  // From `offset` on. Returns how many octets were written: fewer when the disk is full.
  std::size_t write(std::string_view bytes, std::uint64_t offset);
  void truncate(std::uint64_t size);
  // Content and name are durable when they return; both may take long.
  void sync();
  void sync_name();
  void remove();

 private:
  StagedFile(std::filesystem::path directory, std::string name, Descriptor descriptor);

  std::filesystem::path directory_;
  std::string name_;
  Descriptor descriptor_;
};

// Octets that still fit where the directory is.
std::uint64_t free_space_of(const std::filesystem::path& directory);

// Every file there that is called like a staged one, with the seconds since it was last written.
void each_staged_file(
    const std::filesystem::path& directory,
    const std::function<void(const std::string& name, std::int64_t age_seconds)>& visit);

}  // namespace narada::files
