#include "files/archive.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <list>
#include <mutex>
#include <system_error>
#include <utility>

#include "files/descriptor.h"
#include "files/digest.h"

namespace narada::files {
namespace {

struct ArchiveDiscarder {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, ArchiveDiscarder>;

std::string text_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

Archive open_archive(const std::filesystem::path& path, int flags) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), flags, &code));
  if (!archive) throw ArchiveError(path.string() + ": " + text_of(code));
  return archive;
}

// One entry while the archive is written. The library calls it from zip_close alone.
struct Entry {
  ArchiveWriter::Open open;
  ArchiveWriter::Read read;
  std::exception_ptr* failure = nullptr;  // the first of all entries

  std::optional<OpenBlob> blob;
  std::uint64_t offset = 0;
  DigestBuilder digest;
  zip_error_t error{};

  bool begin() {
    try {
      blob = open();
      offset = 0;
      digest = DigestBuilder();
      return true;
    } catch (...) {
      if (!*failure) *failure = std::current_exception();
      zip_error_set(&error, ZIP_ER_INTERNAL, 0);
      return false;
    }
  }

  zip_int64_t give(void* bytes, zip_uint64_t room) {
    if (!blob) return 0;
    for (;;) {
      const auto count = ::pread(*blob->descriptor, bytes, room, static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) zip_error_set(&error, ZIP_ER_READ, errno);
      if (count <= 0) return count;
      digest.add({static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
      offset += static_cast<std::uint64_t>(count);
      return count;
    }
  }

  void end() {
    if (blob && read) read(digest.finish(), offset);
    blob.reset();
  }

  // Without a size, so that the entry is as long as what comes.
  static zip_int64_t describe(void* bytes) {
    zip_stat_t facts;
    zip_stat_init(&facts);
    std::memcpy(bytes, &facts, sizeof facts);
    return sizeof facts;
  }

  static zip_int64_t answer(void* context, void* bytes, zip_uint64_t length,
                            zip_source_cmd_t command) {
    auto& entry = *static_cast<Entry*>(context);
    switch (command) {
      case ZIP_SOURCE_OPEN:
        return entry.begin() ? 0 : -1;
      case ZIP_SOURCE_READ:
        return entry.give(bytes, length);
      case ZIP_SOURCE_CLOSE:
        entry.end();
        return 0;
      case ZIP_SOURCE_STAT:
        return describe(bytes);
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&entry.error, bytes, length);
      case ZIP_SOURCE_FREE:
        return 0;
      case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              -1);
      default:
        zip_error_set(&entry.error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }
};

// A file without a name that holds the text.
OpenBlob blob_of(const std::string& text) {
  const int descriptor = ::memfd_create("entry", MFD_CLOEXEC);
  if (descriptor < 0) throw ArchiveError("no memory for an entry");
  OpenBlob blob{std::shared_ptr<int>(new int(descriptor),
                                     [](int* number) {
                                       ::close(*number);
                                       delete number;
                                     }),
                text.size()};
  for (std::size_t written = 0; written < text.size();) {
    const auto count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) throw ArchiveError("no memory for an entry");
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  return blob;
}

void sync(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.get()) != 0)
    throw ArchiveError(path.string() + ": " + std::generic_category().message(errno));
}

}  // namespace

struct ArchiveWriter::State {
  std::filesystem::path path;
  std::list<Entry> entries;  // outlive the archive, which calls them
  std::exception_ptr failure;
  Archive archive;
};

ArchiveWriter::ArchiveWriter(const std::filesystem::path& path)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->archive = open_archive(path, ZIP_CREATE | ZIP_EXCL);
}

ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add(const std::string& name, Packing packing, Open open, Read read) {
  auto& entry = state_->entries.emplace_back();
  entry.open = std::move(open);
  entry.read = std::move(read);
  entry.failure = &state_->failure;
  zip_error_init(&entry.error);
  auto* const archive = state_->archive.get();
  auto* const source = zip_source_function(archive, Entry::answer, &entry);
  const auto index =
      source == nullptr ? -1 : zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    throw ArchiveError(state_->path.string() + ": " + zip_strerror(archive));
  }
  const auto method = packing == Packing::stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
  zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0);
}

void ArchiveWriter::add_text(const std::string& name, std::function<std::string()> make) {
  add(name, Packing::deflated, [make = std::move(make)] { return blob_of(make()); });
}

void ArchiveWriter::finish() {
  if (zip_close(state_->archive.get()) != 0) {
    if (state_->failure) std::rethrow_exception(state_->failure);
    throw ArchiveError(state_->path.string() + ": " + zip_strerror(state_->archive.get()));
  }
  (void)state_->archive.release();  // zip_close has freed it
  sync(state_->path);
  sync(std::filesystem::absolute(state_->path).parent_path());
}

struct ArchiveReader::State {
  std::filesystem::path path;
  Archive archive;
  std::mutex mutex;
};

ArchiveReader::ArchiveReader(const std::filesystem::path& path)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->archive = open_archive(path, ZIP_RDONLY | ZIP_CHECKCONS);
}

ArchiveReader::~ArchiveReader() = default;

std::vector<std::string> ArchiveReader::names() const {
  const std::scoped_lock lock(state_->mutex);
  std::vector<std::string> names;
  const auto count = zip_get_num_entries(state_->archive.get(), 0);
  for (zip_int64_t index = 0; index < count; ++index) {
    const char* name = zip_get_name(state_->archive.get(), static_cast<zip_uint64_t>(index), 0);
    if (name != nullptr) names.emplace_back(name);
  }
  return names;
}

bool ArchiveReader::read(const std::string& name,
                         const std::function<void(std::string_view)>& take) const {
  const std::scoped_lock lock(state_->mutex);
  auto* const archive = state_->archive.get();
  const auto index = zip_name_locate(archive, name.c_str(), 0);
  if (index < 0) return false;
  const auto fail = [&](const std::string& why) {
    throw ArchiveError(state_->path.string() + ": " + name + ": " + why);
  };
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
      zip_fopen_index(archive, static_cast<zip_uint64_t>(index), 0), zip_fclose);
  if (!file) fail(zip_strerror(archive));
  std::vector<char> buffer(1 << 20);
  for (;;) {
    const auto count = zip_fread(file.get(), buffer.data(), buffer.size());
    if (count < 0) fail(zip_file_strerror(file.get()));
    if (count <= 0) return true;
    take({buffer.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace narada::files
