#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "files/blob_store.h"

// One file that holds many (ZIP with its 64-bit extension, which any program unpacks).
namespace narada::files {

// It cannot be written, or is no whole archive.
class ArchiveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Nothing is there under its name before finish() has returned.
class ArchiveWriter {
 public:
  // Throws ArchiveError, also when something of that name exists.
  explicit ArchiveWriter(const std::filesystem::path& path);
  ~ArchiveWriter();  // without finish(): nothing is left
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  enum class Packing { stored, deflated };
  // What an entry holds is asked for when its turn comes, in the order of the calls, from within
  // finish(); absent: it is empty. What `open` throws ends finish().
  using Open = std::function<std::optional<OpenBlob>()>;
  // Told when an entry has been read.
  using Read = std::function<void(const domain::ContentDigest& digest, std::uint64_t size)>;
  void add(const std::string& name, Packing packing, Open open, Read read = {});
  void add_text(const std::string& name, std::function<std::string()> make);
  // Writes all of it, to the disk.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Thread-safe as long as nobody else changes the file.
class ArchiveReader {
 public:
  // Throws ArchiveError when it is none, or was cut.
  explicit ArchiveReader(const std::filesystem::path& path);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  std::vector<std::string> names() const;
  // The whole of an entry, piece by piece, under its checksum. False: there is no such entry.
  // Throws ArchiveError when it is damaged.
  bool read(const std::string& name, const std::function<void(std::string_view piece)>& take) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace narada::files
