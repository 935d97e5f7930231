#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "files/blob_store.h"
#include "files/s3_client.h"

namespace narada::files {

// A bucket of a store that speaks S3: the object PREFIX/DIGEST for each content. Files above 64 MiB
// go there in parts. What a put that was cut short left of parts is the store's to forget (a
// lifecycle rule AbortIncompleteMultipartUpload).
class S3Blobs final : public BlobStore {
 public:
  struct Options {
    S3Options store;
    std::string prefix;             // without a slash at its ends; may be empty
    bool redirects = true;          // false: download_url() is always absent
    std::filesystem::path scratch;  // directory that contents are fetched to
    std::function<void(const std::string& key)> report_stray = {};
    int page = 1000;  // objects listed at once; the store gives no more than 1000
  };
  explicit S3Blobs(Options options);

  void put(const domain::ContentDigest& digest, const std::filesystem::path& file) override;
  std::optional<OpenBlob> open(const domain::ContentDigest& digest) override;
  bool is_distant() const override { return true; }
  std::optional<OpenPart> open_part(const domain::ContentDigest& digest, std::uint64_t offset,
                                    std::uint64_t length) override;
  bool holds(const domain::ContentDigest& digest) override;
  void remove(const domain::ContentDigest& digest) override;
  // The store knows no condition for a removal: what is put in the same instant can still go.
  bool remove_unless_put_since(const domain::ContentDigest& digest, domain::Instant time) override;
  void each(const std::function<void(const StoredBlob&)>& visit) override;
  std::optional<std::string> download_url(const domain::ContentDigest& digest,
                                          const DownloadHeaders& headers,
                                          std::chrono::seconds lifetime) override;
  std::optional<std::uint64_t> free_space() override;  // always absent
  std::string description() const override;

 private:
  std::optional<OpenBlob> fetch_to_scratch(S3Request request);
  std::string key_of(const domain::ContentDigest& digest) const;
  void send_whole(const std::string& key, const domain::ContentDigest& digest, int file,
                  std::uint64_t size);
  void send_in_parts(const std::string& key, int file, std::uint64_t size);
  std::string send_part(const std::string& key, const std::string& upload, int file, int number,
                        std::uint64_t size);

  Options options_;
  S3Client client_;
};

}  // namespace narada::files
