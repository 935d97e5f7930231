#include "files/staged_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

#include "files/blob_store.h"
#include "service/domain/content_digest.h"

namespace narada::files {
namespace {

bool is_full(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

[[noreturn]] void fail(int error, const std::string& what) {
  const auto text = what + ": " + std::system_category().message(error);
  if (is_full(error)) throw NoSpace(text);
  throw BlobStoreError(text);
}

template <class Call>
auto repeat(const Call& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace

StagedFile::StagedFile(std::filesystem::path directory, std::string name, Descriptor descriptor)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      descriptor_(std::move(descriptor)) {}

StagedFile StagedFile::create(const std::filesystem::path& directory, const std::string& name) {
  const auto path = directory / name;
  Descriptor descriptor(repeat([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  }));
  if (!descriptor.is_open()) fail(errno, path.string());
  // Nobody else knows the name yet.
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) fail(errno, path.string());
  return {directory, name, std::move(descriptor)};
}

StagedFile::Found StagedFile::open(const std::filesystem::path& directory, const std::string& name,
                                   std::optional<StagedFile>& file) {
  const auto path = directory / name;
  Descriptor descriptor(
      repeat([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW); }));
  if (!descriptor.is_open()) {
    if (errno == ENOENT) return Found::absent;
    fail(errno, path.string());
  }
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Found::locked;
    fail(errno, path.string());
  }
  // Between the two calls its holder may have deleted it, or moved it into the store.
  struct stat opened {};
  struct stat named {};
  if (::fstat(descriptor.get(), &opened) != 0) fail(errno, path.string());
  if (::stat(path.c_str(), &named) != 0 || named.st_ino != opened.st_ino) return Found::absent;
  file.emplace(StagedFile(directory, name, std::move(descriptor)));
  return Found::opened;
}

std::uint64_t StagedFile::size() const {
  struct stat state {};
  if (::fstat(descriptor_.get(), &state) != 0) fail(errno, name_);
  return static_cast<std::uint64_t>(state.st_size);
}

std::size_t StagedFile::write(std::string_view bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto written = ::pwrite(descriptor_.get(), bytes.data() + done, bytes.size() - done,
                                  static_cast<off_t>(offset + done));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && is_full(errno)) return done;
    if (written < 0) fail(errno, name_);
    done += static_cast<std::size_t>(written);
  }
  return done;
}

void StagedFile::truncate(std::uint64_t size) {
  if (repeat([&] { return ::ftruncate(descriptor_.get(), static_cast<off_t>(size)); }) != 0) {
    fail(errno, name_);
  }
}

void StagedFile::sync() {
  if (repeat([&] { return ::fsync(descriptor_.get()); }) != 0) fail(errno, name_);
}

void StagedFile::sync_name() {
  const Descriptor directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open() || ::fsync(directory.get()) != 0) fail(errno, directory_.string());
}

void StagedFile::remove() {
  if (::unlink(path().c_str()) != 0 && errno != ENOENT) fail(errno, path().string());
}

std::uint64_t free_space_of(const std::filesystem::path& directory) {
  struct statvfs state {};
  if (::statvfs(directory.c_str(), &state) != 0) fail(errno, directory.string());
  return std::uint64_t{state.f_bavail} * state.f_frsize;
}

void each_staged_file(
    const std::filesystem::path& directory,
    const std::function<void(const std::string& name, std::int64_t age_seconds)>& visit) {
  std::error_code error;
  const auto now = std::time(nullptr);
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const auto name = entry.path().filename().string();
    struct stat state {};
    if (!domain::is_content_digest(name) || ::lstat(entry.path().c_str(), &state) != 0) continue;
    if (S_ISREG(state.st_mode)) visit(name, static_cast<std::int64_t>(now - state.st_mtime));
  }
  if (error) fail(error.value(), directory.string());
}

}  // namespace narada::files
