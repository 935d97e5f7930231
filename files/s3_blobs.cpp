#include "files/s3_blobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "files/descriptor.h"
#include "files/digest.h"
#include "files/s3_answer.h"

namespace narada::files {
namespace {

constexpr std::uint64_t kWhole = 64U << 20;  // most octets that go in one request
constexpr std::uint64_t kPart = 32U << 20;   // of at most 10,000: up to 312 GiB
// An object that was put so long ago is put once more, so that nobody takes it for forgotten.
constexpr std::chrono::hours kFresh{6};

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  const auto line = path.string() + ": " + std::generic_category().message(error);
  if (error == ENOSPC || error == EDQUOT) throw NoSpace(line);
  throw BlobStoreError(line);
}

Descriptor open_to_send(const std::filesystem::path& path, std::uint64_t& size) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat found {};
  if (!file.is_open() || ::fstat(file.get(), &found) != 0) fail(path, errno);
  if (!S_ISREG(found.st_mode)) fail(path, EINVAL);
  size = static_cast<std::uint64_t>(found.st_size);
  return file;
}

// A file without a name.
Descriptor open_scratch(const std::filesystem::path& directory) {
  Descriptor file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.is_open()) return file;
  auto name = (directory / ".fetched-XXXXXX").string();
  Descriptor named(::mkostemp(name.data(), O_CLOEXEC));
  if (!named.is_open()) fail(directory, errno);
  ::unlink(name.c_str());
  return named;
}

void write_at(int file, std::uint64_t offset, std::string_view bytes,
              const std::filesystem::path& directory) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(directory, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

std::string sha256_of(int file, std::uint64_t offset, std::uint64_t length) {
  DigestBuilder builder;
  std::vector<char> buffer(1 << 20);
  while (length > 0) {
    const auto read = ::pread(file, buffer.data(), std::min<std::uint64_t>(buffer.size(), length),
                              static_cast<off_t>(offset));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) throw BlobStoreError("a file became shorter while it was stored");
    builder.add({buffer.data(), static_cast<std::size_t>(read)});
    offset += static_cast<std::uint64_t>(read);
    length -= static_cast<std::uint64_t>(read);
  }
  return builder.finish().hex;
}

std::string escape_xml(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c;
  }
  return escaped;
}

domain::Instant real_now() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

S3Blobs::S3Blobs(Options options) : options_(std::move(options)), client_(options_.store) {}

std::string S3Blobs::key_of(const domain::ContentDigest& digest) const {
  if (!domain::is_content_digest(digest.hex)) throw std::invalid_argument("no digest");
  return options_.prefix.empty() ? digest.hex : options_.prefix + "/" + digest.hex;
}

void S3Blobs::put(const domain::ContentDigest& digest, const std::filesystem::path& file) {
  const auto key = key_of(digest);
  std::uint64_t size = 0;
  const Descriptor source = open_to_send(file, size);
  const auto there = client_.send({"HEAD", key});
  if (there.status != 404 && there.length == size && there.modified_at &&
      *there.modified_at + kFresh > real_now())
    return;
  if (size > kWhole)
    send_in_parts(key, source.get(), size);
  else
    send_whole(key, digest, source.get(), size);
}

void S3Blobs::send_whole(const std::string& key, const domain::ContentDigest& digest, int file,
                         std::uint64_t size) {
  S3Request request{"PUT", key};
  request.piece = S3Request::Piece{file, 0, size, digest.hex};
  if (client_.send(request).status == 404) throw BlobStoreError(description() + ": no such bucket");
}

// The tag by which the store names the part.
std::string S3Blobs::send_part(const std::string& key, const std::string& upload, int file,
                               int number, std::uint64_t size) {
  const auto offset = kPart * static_cast<std::uint64_t>(number - 1);
  const auto length = std::min(kPart, size - offset);
  S3Request request{"PUT", key, {{"partNumber", std::to_string(number)}, {"uploadId", upload}}};
  request.piece = S3Request::Piece{file, offset, length, sha256_of(file, offset, length)};
  const auto reply = client_.send(request);
  if (reply.status == 404 || reply.etag.empty())
    throw BlobStoreError(description() + ": the store forgot a file while it was being sent");
  return reply.etag;
}

void S3Blobs::send_in_parts(const std::string& key, int file, std::uint64_t size) {
  const auto begun = client_.send({"POST", key, {{"uploads", ""}}});
  const auto upload = find_s3_text(begun.body, "UploadId");
  if (upload.empty()) throw BlobStoreError(description() + ": did not begin a file in parts");
  try {
    std::string parts;
    const auto count = static_cast<int>((size + kPart - 1) / kPart);
    for (int number = 1; number <= count; ++number)
      parts += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", number,
                           escape_xml(send_part(key, upload, file, number, size)));
    S3Request finish{"POST", key, {{"uploadId", upload}}};
    finish.body = "<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>";
    const auto reply = client_.send(finish);
    // A failure after the first octet of the answer comes with 200.
    if (reply.status == 404 || !find_s3_text(reply.body, "Code").empty())
      throw BlobStoreError(description() + ": did not put the parts of a file together");
  } catch (...) {
    try {
      client_.send({"DELETE", key, {{"uploadId", upload}}});
    } catch (const BlobStoreError&) {
      // The store forgets it by its own rule.
    }
    throw;
  }
}

// What the store answers, in a file that vanishes with its descriptor; absent: it has no such
// object, or nothing at that place of it.
std::optional<OpenBlob> S3Blobs::fetch_to_scratch(S3Request request) {
  Descriptor file = open_scratch(options_.scratch);
  std::uint64_t size = 0;
  request.sink = [&](std::uint64_t offset, std::string_view bytes) {
    write_at(file.get(), offset, bytes, options_.scratch);
    size = offset + bytes.size();
  };
  const auto reply = client_.send(request);
  if (reply.status == 404 || reply.status == 416) return std::nullopt;
  // Of an earlier try that came further.
  if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0) fail(options_.scratch, errno);
  const auto close = [](int* descriptor) {
    ::close(*descriptor);
    delete descriptor;
  };
  return OpenBlob{std::shared_ptr<int>(new int(file.release()), close), size};
}

std::optional<OpenBlob> S3Blobs::open(const domain::ContentDigest& digest) {
  return fetch_to_scratch({"GET", key_of(digest)});
}

std::optional<OpenPart> S3Blobs::open_part(const domain::ContentDigest& digest,
                                           std::uint64_t offset, std::uint64_t length) {
  S3Request request{"GET", key_of(digest)};
  request.range = S3Request::Range{offset, length};
  auto blob = fetch_to_scratch(std::move(request));
  if (!blob || blob->size < length) return std::nullopt;
  // A store that knows no ranges sends all of it.
  const bool is_whole = blob->size > length;
  if (is_whole && length > blob->size - std::min(blob->size, offset)) return std::nullopt;
  return OpenPart{std::move(blob->descriptor), is_whole ? offset : 0};
}

bool S3Blobs::holds(const domain::ContentDigest& digest) {
  return client_.send({"HEAD", key_of(digest)}).status != 404;
}

void S3Blobs::remove(const domain::ContentDigest& digest) {
  client_.send({"DELETE", key_of(digest)});
}

bool S3Blobs::remove_unless_put_since(const domain::ContentDigest& digest, domain::Instant time) {
  const auto there = client_.send({"HEAD", key_of(digest)});
  if (there.status == 404) return true;
  if (!there.modified_at || *there.modified_at >= time) return false;
  remove(digest);
  return true;
}

void S3Blobs::each(const std::function<void(const StoredBlob&)>& visit) {
  const auto prefix = options_.prefix.empty() ? "" : options_.prefix + "/";
  std::string token;
  do {
    S3Request request{"GET", "", {{"list-type", "2"}, {"max-keys", std::to_string(options_.page)}}};
    if (!prefix.empty()) request.query.emplace_back("prefix", prefix);
    if (!token.empty()) request.query.emplace_back("continuation-token", token);
    const auto reply = client_.send(request);
    const auto page = parse_s3_page(reply.body);
    if (reply.status == 404 || !page)
      throw BlobStoreError(description() + ": does not list what it holds");
    for (const auto& object : page->objects) {
      const auto name = object.key.substr(std::min(prefix.size(), object.key.size()));
      if (object.key.starts_with(prefix) && domain::is_content_digest(name))
        visit({{name}, object.size, object.modified_at});
      else if (options_.report_stray)
        options_.report_stray(object.key);
    }
    token = page->next;
  } while (!token.empty());
}

std::optional<std::string> S3Blobs::download_url(const domain::ContentDigest& digest,
                                                 const DownloadHeaders& headers,
                                                 std::chrono::seconds lifetime) {
  if (!options_.redirects) return std::nullopt;
  return client_.presign(key_of(digest),
                         {{"response-content-type", headers.content_type},
                          {"response-content-disposition", headers.content_disposition}},
                         lifetime);
}

std::optional<std::uint64_t> S3Blobs::free_space() { return std::nullopt; }

std::string S3Blobs::description() const {
  return client_.description() + (options_.prefix.empty() ? "" : ", under " + options_.prefix);
}

}  // namespace narada::files
