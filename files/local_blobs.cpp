#include "files/local_blobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "files/descriptor.h"
#include "files/digest.h"

namespace narada::files {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIncoming = ".incoming";  // copies that are not whole yet
constexpr const char* kLock = ".lock";
constexpr std::chrono::hours kHalfKept{24};
constexpr std::size_t kPiece = 1 << 20;  // octets copied at once

[[noreturn]] void fail(const fs::path& path, int error) {
  const auto line = path.string() + ": " + std::generic_category().message(error);
  if (error == ENOSPC || error == EDQUOT) throw NoSpace(line);
  throw BlobStoreError(line);
}

void make_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail(path, errno);
}

void sync(const fs::path& path, int descriptor) {
  if (::fsync(descriptor) != 0) fail(path, errno);
}

// What was linked or renamed in it stays through a power cut.
void sync_directory(const fs::path& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) fail(path, errno);
  sync(path, directory.get());
}

// A link, a pipe or a device in the place of a file is none.
std::optional<struct stat> find_file(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail(path, errno);
  }
  if (!S_ISREG(found.st_mode)) return std::nullopt;
  return found;
}

Descriptor open_file(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) return file;
  struct stat found {};
  if (::fstat(file.get(), &found) != 0) fail(path, errno);
  return S_ISREG(found.st_mode) ? std::move(file) : Descriptor();
}

std::uint64_t size_of(const struct stat& found) {
  return static_cast<std::uint64_t>(found.st_size);
}

domain::Instant modified_at(const struct stat& found) {
  return domain::Instant(std::chrono::seconds(found.st_mtim.tv_sec));
}

// Nobody puts a content while somebody decides that it is not needed any more.
class FolderLock {
 public:
  FolderLock(const fs::path& directory, int how)
      : file_(
            ::open((directory / kLock).c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    if (!file_.is_open()) fail(directory / kLock, errno);
    while (::flock(file_.get(), how) != 0)
      if (errno != EINTR) fail(directory / kLock, errno);
  }

 private:
  Descriptor file_;  // closing it unlocks
};

void write_all(const fs::path& path, int descriptor, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, errno);
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
}

void copy_bytes(int from, const fs::path& to_path, int to) {
  std::vector<char> buffer(kPiece);
  off_t offset = 0;
  for (;;) {
    const ssize_t count = ::pread(from, buffer.data(), buffer.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(to_path, errno);
    if (count == 0) return;
    write_all(to_path, to, buffer.data(), static_cast<std::size_t>(count));
    offset += count;
  }
}

std::string random_name() {
  unsigned char bytes[16];
  randombytes_buf(bytes, sizeof bytes);
  char name[2 * sizeof bytes + 1];
  sodium_bin2hex(name, sizeof name, bytes, sizeof bytes);
  return name;
}

bool is_hexadecimal(std::string_view text, std::size_t length) {
  return text.size() == length &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What the disk does not give back any more is none.
bool is_content_of(const fs::path& path, const domain::ContentDigest& digest) {
  try {
    return digest_of(path) == digest;
  } catch (const std::system_error&) {
    return false;
  }
}

// File systems that cannot link answer so; across two of them nothing can be linked.
bool must_copy(int error) {
  return error == EXDEV || error == EPERM || error == EOPNOTSUPP || error == EMLINK;
}

}  // namespace

LocalBlobs::LocalBlobs(fs::path directory, std::function<void(const std::string&)> report_stray)
    : directory_(std::move(directory)), report_stray_(std::move(report_stray)) {
  std::error_code error;
  fs::create_directories(directory_.parent_path(), error);
  make_directory(directory_);
  make_directory(directory_ / kIncoming);
  remove_old_halves();
}

fs::path LocalBlobs::path_of(const domain::ContentDigest& digest) const {
  if (!domain::is_content_digest(digest.hex)) throw std::invalid_argument("no digest");
  return directory_ / digest.hex.substr(0, 2) / digest.hex.substr(2);
}

// What a process that was killed left.
void LocalBlobs::remove_old_halves() const {
  std::error_code error;
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  for (const auto& entry : fs::directory_iterator(directory_ / kIncoming, error)) {
    const auto found = find_file(entry.path());
    if (found && modified_at(*found) + kHalfKept < now) ::unlink(entry.path().c_str());
  }
}

void LocalBlobs::copy_in(int source, const fs::path& target) const {
  const auto half = directory_ / kIncoming / random_name();
  const Descriptor file(::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) fail(half, errno);
  try {
    copy_bytes(source, half, file.get());
    sync(half, file.get());
    if (::rename(half.c_str(), target.c_str()) != 0) fail(target, errno);
  } catch (...) {
    ::unlink(half.c_str());
    throw;
  }
}

void LocalBlobs::put(const domain::ContentDigest& digest, const fs::path& file) {
  const auto target = path_of(digest);
  const Descriptor source = open_file(file);
  if (!source.is_open()) fail(file, ENOENT);
  struct stat brought {};
  if (::fstat(source.get(), &brought) != 0) fail(file, errno);
  const FolderLock lock(directory_, LOCK_SH);
  make_directory(target.parent_path());
  const auto there = find_file(target);
  if (!there || size_of(*there) != size_of(brought) || !is_content_of(target, digest)) {
    sync(file, source.get());
    if (!there && ::link(file.c_str(), target.c_str()) == 0) {
      ::fchmod(source.get(), 0600);
      ::unlink(file.c_str());
    } else if (there || must_copy(errno)) {
      copy_in(source.get(), target);
    } else if (errno != EEXIST) {
      fail(target, errno);
    }
  }
  if (::utimensat(AT_FDCWD, target.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) != 0) fail(target, errno);
  sync_directory(target.parent_path());
  sync_directory(directory_);
}

std::optional<OpenBlob> LocalBlobs::open(const domain::ContentDigest& digest) {
  const auto path = path_of(digest);
  Descriptor file = open_file(path);
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || find_file(path) == std::nullopt)
      return std::nullopt;
    fail(path, errno);
  }
  struct stat found {};
  if (::fstat(file.get(), &found) != 0) fail(path, errno);
  auto* const number = new int(file.release());
  return OpenBlob{std::shared_ptr<int>(number,
                                       [](int* descriptor) {
                                         ::close(*descriptor);
                                         delete descriptor;
                                       }),
                  size_of(found)};
}

bool LocalBlobs::holds(const domain::ContentDigest& digest) {
  return find_file(path_of(digest)).has_value();
}

void LocalBlobs::remove(const domain::ContentDigest& digest) {
  const auto path = path_of(digest);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) fail(path, errno);
}

bool LocalBlobs::remove_unless_put_since(const domain::ContentDigest& digest,
                                         domain::Instant time) {
  const FolderLock lock(directory_, LOCK_EX);
  const auto found = find_file(path_of(digest));
  if (!found) return true;
  if (modified_at(*found) >= time) return false;
  remove(digest);
  return true;
}

void LocalBlobs::each(const std::function<void(const StoredBlob&)>& visit) {
  const auto stray = [this](const fs::path& path) {
    if (report_stray_) report_stray_(path.string());
  };
  try {
    for (const auto& folder : fs::directory_iterator(directory_)) {
      const auto prefix = folder.path().filename().string();
      if (prefix == kIncoming || prefix == kLock) continue;
      if (!is_hexadecimal(prefix, 2) ||
          folder.symlink_status().type() != fs::file_type::directory) {
        stray(folder.path());
        continue;
      }
      for (const auto& entry : fs::directory_iterator(folder.path())) {
        const auto rest = entry.path().filename().string();
        const auto found = is_hexadecimal(rest, 62) ? find_file(entry.path()) : std::nullopt;
        if (found)
          visit({{prefix + rest}, size_of(*found), modified_at(*found)});
        else
          stray(entry.path());
      }
    }
  } catch (const fs::filesystem_error& error) {
    fail(error.path1(), error.code().value());
  }
}

std::optional<std::string> LocalBlobs::download_url(const domain::ContentDigest&,
                                                    const DownloadHeaders&, std::chrono::seconds) {
  return std::nullopt;
}

std::optional<std::uint64_t> LocalBlobs::free_space() {
  struct statvfs room {};
  if (::statvfs(directory_.c_str(), &room) != 0) return std::nullopt;
  return std::uint64_t{room.f_bavail} * room.f_frsize;
}

std::string LocalBlobs::description() const { return "folder " + directory_.string(); }

}  // namespace narada::files
