#include "notifications/maildir.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <cerrno>
#include <system_error>
#include <utility>

#include "notifications/address.h"

namespace narada::notifications {
namespace {

namespace fs = std::filesystem;

// A file descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

[[noreturn]] void throw_errno(const fs::path& path) {
  throw fs::filesystem_error("mail", path, std::error_code(errno, std::generic_category()));
}

// Letters, digits, '-', '_', '.' and '@' stay, every other octet becomes =XX: one name per id, none
// with a slash or a colon, which separates Maildir flags. A leading dot would hide the file.
std::string file_name_of(std::string_view message_id) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  constexpr std::string_view kMarks = "-_.@";
  std::string name;
  for (const char character : message_id) {
    const auto octet = static_cast<unsigned char>(character);
    const bool stays = (octet < 0x80 && std::isalnum(octet)) ||
                       (kMarks.find(character) != std::string_view::npos && !name.empty());
    if (stays) {
      name += character;
    } else {
      name += {'=', kHexDigits[octet >> 4], kHexDigits[octet & 0xf]};
    }
  }
  return name;
}

// A reader moves the file to cur and adds ":2," and flags.
bool is_in_cur(const fs::path& directory, const std::string& name) {
  for (const auto& entry : fs::directory_iterator(directory / "cur")) {
    const std::string other = entry.path().filename().string();
    if (other == name || other.starts_with(name + ":")) return true;
  }
  return false;
}

void write_durably(const fs::path& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (file.get() < 0) throw_errno(path);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) throw_errno(path);
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) throw_errno(path);
}

// Makes the names in a directory survive a power cut.
void sync_directory(const fs::path& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) throw_errno(path);
}

void create_maildir(const fs::path& directory) {
  for (const char* part : {"cur", "new", "tmp"}) fs::create_directories(directory / part);
}

// tmp, then a rename to new: a reader of new never sees half a message.
void store(const fs::path& directory, const std::string& name, std::string_view message) {
  static std::atomic<unsigned> counter{0};
  const fs::path target = directory / "new" / name;
  const fs::path draft =
      directory / "tmp" /
      (name + "." + std::to_string(::getpid()) + "." + std::to_string(counter.fetch_add(1)));
  try {
    write_durably(draft, message);
    fs::rename(draft, target);
  } catch (const fs::filesystem_error&) {
    std::error_code ignored;
    fs::remove(draft, ignored);
    throw;
  }
  sync_directory(directory / "new");
}

}  // namespace

MaildirTransport::MaildirTransport(fs::path directory) : directory_(std::move(directory)) {}

DeliveryResult MaildirTransport::deliver(const Envelope& envelope, std::string_view message) {
  if (!is_deliverable_address(envelope.recipient)) {
    return {DeliveryEnd::permanent, 0, "the recipient's address cannot be delivered to"};
  }
  try {
    create_maildir(directory_);
    const std::string name = file_name_of(envelope.message_id);
    // Reading all of cur takes long in a full one, and only a second attempt can find anything.
    if (envelope.attempted_before && is_in_cur(directory_, name)) return {};
    store(directory_, name, message);
    return {};
  } catch (const fs::filesystem_error& error) {
    return {DeliveryEnd::transport_down, 0, error.code().message()};
  }
}

std::string MaildirTransport::description() const { return "maildir:" + directory_.string(); }

}  // namespace narada::notifications
