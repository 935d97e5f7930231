#include "files/clamav.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "files/descriptor.h"

namespace narada::files {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

[[noreturn]] void give_up(const std::string& what) { throw ScannerUnavailable("clamd: " + what); }
[[noreturn]] void give_up(int error) { give_up(std::generic_category().message(error)); }

// False: not within that time.
bool wait_for(int descriptor, short events, milliseconds patience,
              const std::stop_token& stopping = {}) {
  constexpr std::int64_t kStep = 200;  // ms
  const auto until = Clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now()).count();
    pollfd waiting{descriptor, events, 0};
    const int ready =
        ::poll(&waiting, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, kStep)));
    if (stopping.stop_requested()) give_up("stopped");
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) give_up(errno);
    if (left <= 0) return false;
  }
}

void connect_within(const Descriptor& socket, const sockaddr* address, socklen_t length,
                    milliseconds patience) {
  if (!socket.is_open()) give_up(errno);
  if (::connect(socket.get(), address, length) == 0) return;
  if (errno != EINPROGRESS && errno != EAGAIN) give_up(errno);
  if (!wait_for(socket.get(), POLLOUT, patience)) give_up("does not take the connection");
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) give_up(errno);
  if (error != 0) give_up(error);
}

constexpr int kKind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

Descriptor connect_here(const std::string& path, milliseconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  Descriptor socket(::socket(AF_UNIX, kKind, 0));
  connect_within(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address, patience);
  return socket;
}

Descriptor connect_there(const std::string& host, const std::string& port, milliseconds patience) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found); error != 0)
    give_up(::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  for (const auto* address = found;; address = address->ai_next) {
    try {
      Descriptor socket(::socket(address->ai_family, kKind, 0));
      connect_within(socket, address->ai_addr, address->ai_addrlen, patience);
      return socket;
    } catch (const ScannerUnavailable&) {
      if (address->ai_next == nullptr) throw;
    }
  }
}

// One conversation.
class Conversation {
 public:
  Conversation(Descriptor socket, ScannerPatience patience, std::stop_token stopping = {})
      : socket_(std::move(socket)), patience_(patience), stopping_(std::move(stopping)) {}

  // False: it does not listen any more, and has said why.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!wait_for(socket_.get(), POLLIN | POLLOUT, patience_.silence, stopping_))
        give_up("takes nothing more");
      // An answer before the end is a refusal.
      if (wait_for(socket_.get(), POLLIN, milliseconds(0))) return false;
      const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
      if (sent < 0) give_up(errno);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Up to the NUL that ends it.
  std::string read_answer() {
    constexpr std::size_t kMostAnswer = 4096;
    const auto until = Clock::now() + patience_.verdict;
    std::string answer;
    for (;;) {
      if (const auto end = answer.find('\0'); end != std::string::npos)
        return answer.substr(0, end);
      if (answer.size() > kMostAnswer) give_up("an answer without end");
      const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
      if (!wait_for(socket_.get(), POLLIN, left, stopping_)) give_up("does not answer");
      std::array<char, 512> buffer{};
      const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got < 0) give_up(errno);
      if (got == 0) give_up("broke off");
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  Descriptor socket_;
  ScannerPatience patience_;
  std::stop_token stopping_;
};

// The length in front of a chunk, in network order; 0 ends the stream.
std::string chunk_head(std::size_t size) {
  std::string head(4, '\0');
  for (unsigned index = 0; index < 4; ++index)
    head[3 - index] = static_cast<char>(size >> (8 * index) & 0xFFU);
  return head;
}

void send_file(Conversation& clamd, int descriptor) {
  constexpr std::size_t kChunk = 1U << 17;
  std::string buffer(kChunk, '\0');
  for (off_t offset = 0;;) {
    const auto got = ::pread(descriptor, buffer.data(), buffer.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category(), "the file");
    if (got == 0) break;
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
    if (!clamd.send(chunk_head(piece.size())) || !clamd.send(piece)) return;
    offset += got;
  }
  clamd.send(chunk_head(0));
}

ScanResult read_verdict(const std::string& answer) {
  constexpr std::string_view kStream = "stream: ", kFound = " FOUND";
  if (answer == "stream: OK") return {};
  if (answer.starts_with(kStream) && answer.ends_with(kFound))
    return {ScanVerdict::infected,
            answer.substr(kStream.size(), answer.size() - kStream.size() - kFound.size())};
  if (answer.find("size limit exceeded") != std::string::npos) return {ScanVerdict::too_large, ""};
  give_up("says " + answer);
}

Descriptor connect(const std::string& address, const std::string& host, const std::string& port,
                   milliseconds patience) {
  return host.empty() ? connect_here(address, patience) : connect_there(host, port, patience);
}

}  // namespace

ClamAv::ClamAv(const std::string& address, ScannerPatience patience)
    : address_(address), patience_(patience) {
  if (address.starts_with('/')) {
    if (address.size() >= sizeof sockaddr_un{}.sun_path)
      throw std::invalid_argument("the path of a socket is at most 107 octets long");
    return;
  }
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == address.size())
    throw std::invalid_argument("must be the path of a socket, or host:port");
  host_ = address.substr(0, colon);
  port_ = address.substr(colon + 1);
}

ScanResult ClamAv::scan(int descriptor, const std::stop_token& stopping) const {
  Conversation clamd(connect(address_, host_, port_, patience_.silence), patience_, stopping);
  if (clamd.send(std::string_view("zINSTREAM\0", 10))) send_file(clamd, descriptor);
  return read_verdict(clamd.read_answer());
}

void ClamAv::ping() const {
  auto patience = patience_;
  patience.verdict = patience.silence;
  Conversation clamd(connect(address_, host_, port_, patience_.silence), patience);
  clamd.send(std::string_view("zPING\0", 6));
  if (const auto answer = clamd.read_answer(); answer != "PONG") give_up("says " + answer);
}

}  // namespace narada::files
