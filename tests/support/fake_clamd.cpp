#include "tests/support/fake_clamd.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>
#include <utility>

namespace narada::testing {
namespace {

// False: the other side has gone.
bool read_exactly(int client, std::string& bytes, std::size_t size) {
  bytes.assign(size, '\0');
  for (std::size_t held = 0; held < size;) {
    const auto got = ::recv(client, bytes.data() + held, size - held, 0);
    if (got <= 0) return false;
    held += static_cast<std::size_t>(got);
  }
  return true;
}

void say(int client, std::string_view words) {
  const std::string answer = std::string(words) + '\0';
  ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
}

}  // namespace

std::string eicar() {
  return std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}") + "$EICAR-STANDARD-" +
         "ANTIVIRUS-TEST-FILE!$H+H*";
}

FakeClamd::FakeClamd(std::filesystem::path socket, std::size_t stream_limit)
    : socket_(std::move(socket)), stream_limit_(stream_limit) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_.string().copy(address.sun_path, sizeof address.sun_path - 1);
  ::unlink(address.sun_path);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 16) != 0)
    throw std::runtime_error("no socket at " + socket_.string());
  thread_ = std::jthread([this](const std::stop_token& stopping) { serve(stopping); });
}

FakeClamd::~FakeClamd() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
  ::unlink(socket_.c_str());
}

void FakeClamd::serve(const std::stop_token& stopping) {
  while (!stopping.stop_requested()) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    answer(client);
    // A mute one holds the line until the other side hangs up.
    std::string rest;
    while (manner_ == Manner::is_mute && !stopping.stop_requested() &&
           read_exactly(client, rest, 1)) {
    }
    ::close(client);
  }
}

void FakeClamd::answer(int client) {
  std::string command, character;
  while (read_exactly(client, character, 1) && character != std::string(1, '\0'))
    command += character;
  if (command == "zPING")
    say(client, "PONG");
  else if (command == "zINSTREAM")
    scan(client);
  else
    say(client, "UNKNOWN COMMAND");
}

void FakeClamd::scan(int client) {
  ++scans_;
  std::string head, chunk, file;
  for (;;) {
    if (!read_exactly(client, head, 4)) return;
    std::size_t size = 0;
    for (const char octet : head) size = size << 8U | static_cast<unsigned char>(octet);
    if (size == 0) break;
    if (manner_ == Manner::dies_midway) return;
    if (file.size() + size > stream_limit_) {
      say(client, "INSTREAM size limit exceeded. ERROR");
      return;
    }
    if (!read_exactly(client, chunk, size)) return;
    file += chunk;
  }
  if (manner_ == Manner::is_mute) return;
  if (manner_ == Manner::talks_nonsense)
    say(client, "stream: perhaps");
  else if (manner_ == Manner::honest)
    say(client,
        file.find(eicar()) != std::string::npos ? "stream: Eicar-Signature FOUND" : "stream: OK");
}

}  // namespace narada::testing
