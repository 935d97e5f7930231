#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "files/blob_store.h"

namespace narada::files {

// A folder of this machine, or one that all processes of the installation mount: ab/cdef… for the
// digest abcdef…. Nobody but the account that the program runs under reads it.
class LocalBlobs final : public BlobStore {
 public:
  // Makes the folder when it is missing. `report_stray` is told of what each() finds there and does
  // not belong there, one path at a time. Throws BlobStoreError.
  explicit LocalBlobs(std::filesystem::path directory,
                      std::function<void(const std::string& path)> report_stray = {});

  void put(const domain::ContentDigest& digest, const std::filesystem::path& file) override;
  std::optional<OpenBlob> open(const domain::ContentDigest& digest) override;
  bool holds(const domain::ContentDigest& digest) override;
  void remove(const domain::ContentDigest& digest) override;
  bool remove_unless_put_since(const domain::ContentDigest& digest, domain::Instant time) override;
  void each(const std::function<void(const StoredBlob&)>& visit) override;
  // Always absent: the program sends it.
  std::optional<std::string> download_url(const domain::ContentDigest& digest,
                                          const DownloadHeaders& headers,
                                          std::chrono::seconds lifetime) override;
  std::optional<std::uint64_t> free_space() override;
  std::string description() const override;

 private:
  std::filesystem::path path_of(const domain::ContentDigest& digest) const;
  void copy_in(int source, const std::filesystem::path& target) const;
  void remove_old_halves() const;

  std::filesystem::path directory_;
  std::function<void(const std::string&)> report_stray_;
};

}  // namespace narada::files
