#include "files/s3_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "files/digest.h"
#include "files/s3_answer.h"

namespace narada::files {
namespace {

constexpr int kMostTries = 5;
constexpr std::size_t kMostBody = 16U << 20;  // of an answer that goes to no sink
constexpr std::size_t kKeptHandles = 8;
constexpr std::size_t kMostMessage = 200;  // of what a store says about a refusal

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, HandleDeleter>;
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

void prepare_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::string endpoint_of(const S3Options& options) {
  return options.endpoint.empty() ? "https://s3." + options.key.region + ".amazonaws.com"
                                  : options.endpoint;
}

// As the header Host has it: the port only where it is not the usual one.
std::string host_of(const std::string& endpoint) {
  const bool secure = endpoint.starts_with("https://");
  if (!secure && !endpoint.starts_with("http://"))
    throw std::invalid_argument("no http(s) address");
  auto host = endpoint.substr(secure ? 8 : 7);
  if (host.empty() || host.find_first_of("/?#@ \t\r\n") != std::string::npos)
    throw std::invalid_argument("must be https://host or https://host:port");
  const std::string usual = secure ? ":443" : ":80";
  if (host.ends_with(usual)) host.erase(host.size() - usual.size());
  return host;
}

std::string sha256(std::string_view text) {
  DigestBuilder builder;
  builder.add(text);
  return builder.finish().hex;
}

// Of the store's own words: one line, bounded.
std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  if (text.size() > kMostMessage) text.resize(kMostMessage);
  return text;
}

bool is_passing(long status) { return status == 429 || status >= 500; }
bool is_taken(const S3Request& request, long status) {
  return (status >= 200 && status < 300) || status == 404 || (request.range && status == 416);
}

}  // namespace

// Handles keep their connections, so they are used again.
struct S3Client::Handles {
  std::mutex mutex;
  std::vector<Handle> free;

  Handle take() {
    const std::scoped_lock lock(mutex);
    if (free.empty()) return Handle(curl_easy_init());
    Handle handle = std::move(free.back());
    free.pop_back();
    curl_easy_reset(handle.get());
    return handle;
  }
  void give_back(Handle handle) {
    const std::scoped_lock lock(mutex);
    if (free.size() < kKeptHandles) free.push_back(std::move(handle));
  }
};

// What the callbacks of one try know.
struct S3Client::Transfer {
  const S3Request* request = nullptr;
  CURL* handle = nullptr;
  std::uint64_t sent = 0, received = 0;
  std::string body;
  std::string etag;
  std::exception_ptr failure;  // of sink

  // Puts itself behind the handle.
  void connect();

  static std::size_t give(char* buffer, std::size_t size, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    const auto room = size * count;
    if (!transfer.request->piece) {
      const auto part = std::string_view(transfer.request->body).substr(transfer.sent, room);
      part.copy(buffer, part.size());
      transfer.sent += part.size();
      return part.size();
    }
    const auto& piece = *transfer.request->piece;
    const auto wanted = std::min<std::uint64_t>(room, piece.length - transfer.sent);
    for (;;) {
      const auto read = ::pread(piece.descriptor, buffer, wanted,
                                static_cast<off_t>(piece.offset + transfer.sent));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) return CURL_READFUNC_ABORT;
      transfer.sent += static_cast<std::uint64_t>(read);
      return static_cast<std::size_t>(read);
    }
  }

  static int rewind(void* context, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Transfer*>(context)->sent = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
  }

  static std::size_t take(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    const std::string_view part(bytes, size * count);
    long status = 0;
    curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
    if (transfer.request->sink && status >= 200 && status < 300) {
      try {
        transfer.request->sink(transfer.received, part);
      } catch (...) {
        transfer.failure = std::current_exception();
        return 0;
      }
      transfer.received += part.size();
      return part.size();
    }
    if (transfer.body.size() + part.size() > kMostBody) return 0;
    transfer.body += part;
    return part.size();
  }

  static std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* context) {
    constexpr std::string_view kName = "etag:";
    std::string_view line(bytes, size * count);
    if (line.size() > kName.size() &&
        curl_strnequal(line.data(), kName.data(), kName.size()) != 0) {
      line.remove_prefix(kName.size());
      const auto first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t\r\n");
      if (first != std::string_view::npos)
        static_cast<Transfer*>(context)->etag = line.substr(first, last + 1 - first);
    }
    return size * count;
  }
};

S3Client::S3Client(S3Options options)
    : options_(std::move(options)),
      host_(host_of(endpoint_of(options_))),
      handles_(std::make_unique<Handles>()) {
  prepare_library();
}

S3Client::~S3Client() = default;

domain::Instant S3Client::now() const {
  if (options_.now) return options_.now();
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

RequestToSign S3Client::to_sign(const S3Request& request) const {
  RequestToSign signing;
  signing.method = request.method;
  signing.host = host_;
  signing.path = "/" + options_.bucket + (request.key.empty() ? "" : "/" + request.key);
  signing.query = request.query;
  return signing;
}

namespace {

std::uint64_t length_of(const S3Request& request) {
  return request.piece ? request.piece->length : request.body.size();
}

void set_method(CURL* handle, const S3Request& request) {
  const auto length = static_cast<curl_off_t>(length_of(request));
  if (request.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else if (request.method == "PUT") {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, length);
  } else if (request.method == "POST") {
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, length);
  } else if (request.method != "GET") {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void set_limits(CURL* handle, const S3Options& options) {
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect_time.count()));
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1024L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.silent_time.count()));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "Narada");
}

HeaderList header_lines(const RequestToSign& signing, const std::string& authorization,
                        const std::string& host) {
  HeaderList headers;
  const auto add = [&headers](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  for (const auto& [name, value] : signing.headers) add(name + ": " + value);
  add("Authorization: " + authorization);
  add("Host: " + host);
  add("Content-Type: application/octet-stream");
  return headers;
}

void read_facts(CURL* handle, S3Reply& reply) {
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply.status);
  curl_off_t length = -1, time = -1;
  curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  curl_easy_getinfo(handle, CURLINFO_FILETIME_T, &time);
  if (length >= 0) reply.length = static_cast<std::uint64_t>(length);
  if (time >= 0) reply.modified_at = domain::Instant(std::chrono::seconds(time));
}

// "403 SignatureDoesNotMatch: The request signature …".
std::string describe(const S3Reply& reply) {
  const auto code = find_s3_text(reply.body, "Code");
  // An answer to HEAD has no body.
  if (code.empty() && reply.status == 403)
    return "403 Forbidden: see to the key, its secret, the region and the rights of the key";
  return printable(std::to_string(reply.status) + (code.empty() ? "" : " " + code) +
                   (code.empty() ? "" : ": " + find_s3_text(reply.body, "Message")));
}

}  // namespace

void S3Client::Transfer::connect() {
  curl_easy_setopt(handle, CURLOPT_FILETIME, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(handle, CURLOPT_READDATA, this);
  curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, rewind);
  curl_easy_setopt(handle, CURLOPT_SEEKDATA, this);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
}

// A fault: nobody answered.
S3Reply S3Client::try_once(const S3Request& request, std::string& fault) {
  auto signing = to_sign(request);
  const auto time = now();
  const auto hash = request.piece ? request.piece->sha256 : sha256(request.body);
  signing.headers = {{"x-amz-date", aws_date(time)}, {"x-amz-content-sha256", hash}};
  const auto url = endpoint_of(options_) + encode_path_for_aws(signing.path) +
                   (request.query.empty() ? "" : "?" + encode_query_for_aws(request.query));
  const auto headers =
      header_lines(signing, sign_for_aws(options_.key, signing, hash, time), host_);

  Handle handle = handles_->take();
  Transfer transfer;
  transfer.request = &request;
  transfer.handle = handle.get();
  set_limits(handle.get(), options_);
  set_method(handle.get(), request);
  // No part of what is signed: nobody can gain by changing it.
  std::string range;
  if (request.range) {
    range = fmt::format("{}-{}", request.range->offset,
                        request.range->offset + request.range->length - 1);
    curl_easy_setopt(handle.get(), CURLOPT_RANGE, range.c_str());
  }
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  transfer.connect();
  const CURLcode code = curl_easy_perform(handle.get());
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  S3Reply reply;
  read_facts(handle.get(), reply);
  reply.body = std::move(transfer.body);
  reply.etag = std::move(transfer.etag);
  // A store that refuses while the body is still on its way has answered all the same.
  if (code != CURLE_OK && !(code == CURLE_SEND_ERROR && reply.status >= 400))
    fault = curl_easy_strerror(code);
  else
    handles_->give_back(std::move(handle));
  return reply;
}

S3Reply S3Client::send(const S3Request& request) {
  auto pause = options_.first_pause;
  for (int tries = 1;; ++tries) {
    std::string fault;
    auto reply = try_once(request, fault);
    if (fault.empty() && is_taken(request, reply.status)) return reply;
    if (tries == kMostTries || (fault.empty() && !is_passing(reply.status))) {
      const auto said = fault.empty() ? describe(reply) : fault;
      throw BlobStoreError(fmt::format("{}: {}: {}", description(), request.method, said));
    }
    // Half of it by chance, so that not all come again at once.
    thread_local std::minstd_rand chance{std::random_device{}()};
    std::this_thread::sleep_for(
        pause / 2 + std::chrono::milliseconds(
                        std::uniform_int_distribution<std::int64_t>(0, pause.count() / 2)(chance)));
    pause *= 2;
  }
}

std::string S3Client::presign(const std::string& key,
                              std::vector<std::pair<std::string, std::string>> query,
                              std::chrono::seconds lifetime) const {
  S3Request request;
  request.method = "GET";
  request.key = key;
  request.query = std::move(query);
  const auto signing = to_sign(request);
  return endpoint_of(options_) + encode_path_for_aws(signing.path) + "?" +
         presign_for_aws(options_.key, signing, now(), lifetime);
}

std::string S3Client::description() const { return "s3://" + options_.bucket + " at " + host_; }

}  // namespace narada::files
