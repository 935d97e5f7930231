#include "service/usecases/files/zip_archive.h"

#include <zip.h>

#include <memory>
#include <stdexcept>

namespace narada::usecases {
namespace {

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;

class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
  zip_error_t* get() { return &error_; }
  [[noreturn]] void raise() {
    throw std::runtime_error(std::string("the archive cannot be made: ") +
                             zip_error_strerror(&error_));
  }

 private:
  zip_error_t error_{};
};

[[noreturn]] void raise(zip_t* archive) {
  throw std::runtime_error(std::string("the archive cannot be made: ") + zip_strerror(archive));
}

// The archive reads `content` when it is closed.
void add_file(zip_t* archive, const std::string& name, const std::string& content,
              domain::Instant modified) {
  Source source(zip_source_buffer(archive, content.data(), content.size(), 0));
  if (!source) raise(archive);
  const auto index =
      zip_file_add(archive, name.c_str(), source.get(), ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE);
  if (index < 0) raise(archive);
  (void)source.release();  // the archive's from now on
  const auto at = static_cast<time_t>(modified.time_since_epoch().count());
  if (zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), at, 0) != 0) raise(archive);
}

std::string read_all(zip_source_t* source) {
  if (zip_source_open(source) != 0) throw std::runtime_error("the archive cannot be read back");
  zip_stat_t stat{};
  std::string bytes;
  if (zip_source_stat(source, &stat) == 0) bytes.resize(static_cast<std::size_t>(stat.size));
  const auto read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (bytes.empty() || read != static_cast<zip_int64_t>(bytes.size()))
    throw std::runtime_error("the archive cannot be read back");
  return bytes;
}

}  // namespace

void ZipArchive::add(std::string name, std::string content) {
  files_.emplace_back(std::move(name), std::move(content));
}

std::string ZipArchive::finish() const {
  ZipError error;
  Source buffer(zip_source_buffer_create(nullptr, 0, 0, error.get()));
  if (!buffer) error.raise();
  Archive archive(zip_open_from_source(buffer.get(), ZIP_TRUNCATE, error.get()));
  if (!archive) error.raise();
  // Opening took over one reference; this one outlives the archive.
  zip_source_keep(buffer.get());
  for (const auto& [name, content] : files_) add_file(archive.get(), name, content, modified_);
  if (zip_close(archive.get()) != 0) raise(archive.get());
  (void)archive.release();
  return read_all(buffer.get());
}

}  // namespace narada::usecases
