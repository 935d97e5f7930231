#include "service/secret_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "service/config.h"
#include "service/identity/sealing.h"

namespace narada {
namespace {

class File {
 public:
  File(const std::filesystem::path& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& problem) {
  throw ConfigError("NARADA_SECRET_FILE: " + file.string() + ": " + problem);
}

// Under a name of its own first, then linked: whoever reads the file finds all of it.
void make(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  const auto draft = file.string() + "." + std::to_string(::getpid());
  {
    const File out(draft, O_WRONLY | O_CREAT | O_EXCL);
    if (!out.is_open()) refuse(file, std::strerror(errno));
    if (sodium_init() < 0) refuse(file, "no source of random numbers");
    std::string key(identity::kSecretKeyBytes, '\0');
    randombytes_buf(key.data(), key.size());
    const auto written = ::write(out.descriptor(), key.data(), key.size());
    if (written != static_cast<ssize_t>(key.size()) || ::fsync(out.descriptor()) != 0) {
      ::unlink(draft.c_str());
      refuse(file, "cannot be written");
    }
  }
  const bool linked = ::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST;
  const int problem = errno;
  ::unlink(draft.c_str());
  if (!linked) refuse(file, std::strerror(problem));
}

}  // namespace

std::string load_secret_key(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) make(file);
  const File in(file, O_RDONLY);
  if (!in.is_open()) refuse(file, std::strerror(errno));
  struct stat status {};
  if (::fstat(in.descriptor(), &status) != 0) refuse(file, std::strerror(errno));
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) refuse(file, "others may read it (chmod 600)");
  std::string key(identity::kSecretKeyBytes + 1, '\0');
  const auto length = ::read(in.descriptor(), key.data(), key.size());
  if (length != static_cast<ssize_t>(identity::kSecretKeyBytes)) refuse(file, "is not 32 bytes");
  key.pop_back();
  return key;
}

}  // namespace narada
