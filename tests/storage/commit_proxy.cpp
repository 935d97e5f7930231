#include "tests/storage/commit_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace narada::testing {
namespace {

constexpr int kPollMilliseconds = 20;
// COM_QUERY is 3; the driver writes so short a command in one piece.
constexpr std::string_view kCommit{
    "\x03"
    "COMMIT",
    7};

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

// Empty: the other end is gone.
std::string take(int from) {
  std::array<char, 16384> buffer;
  const auto count = recv(from, buffer.data(), buffer.size(), 0);
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

bool give(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

CommitProxy::CommitProxy(std::string server_socket)
    : server_socket_(std::move(server_socket)),
      path_(server_socket_ + "-commit"),
      listener_(socket(AF_UNIX, SOCK_STREAM, 0)) {
  unlink(path_.c_str());
  const sockaddr_un address = address_of(path_);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 16) != 0) {
    throw std::runtime_error("cannot listen at " + path_);
  }
  acceptor_ = std::thread([this] { accept_clients(); });
}

CommitProxy::~CommitProxy() {
  closing_ = true;
  acceptor_.join();
  for (auto& session : sessions_) session.join();
  close(listener_);
  unlink(path_.c_str());
}

void CommitProxy::accept_clients() {
  while (!closing_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, kPollMilliseconds) <= 0) continue;
    const int client = accept(listener_, nullptr, nullptr);
    const int server = socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = address_of(server_socket_);
    const bool admitted = !shut_ && openings_to_cut_ == 0;
    if (openings_to_cut_ > 0) --openings_to_cut_;
    if (admitted &&
        connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      sessions_.emplace_back([this, client, server] {
        serve(client, server);
        close(client);
        close(server);
      });
    } else {
      close(client);
      close(server);
    }
  }
}

void CommitProxy::serve(int client, int server) {
  while (!closing_) {
    std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (poll(ends.data(), ends.size(), kPollMilliseconds) <= 0) continue;
    if (ends[0].revents != 0) {
      const std::string bytes = take(client);
      const bool commits = bytes.find(kCommit) != std::string::npos;
      const Cut cut = commits ? cut_.exchange(Cut::nowhere) : Cut::nowhere;
      if (bytes.empty() || cut == Cut::before_server || !give(server, bytes)) return;
      if (cut == Cut::before_client || cut == Cut::for_good) {
        shut_ = cut == Cut::for_good;
        take(server);
        return;
      }
    }
    if (ends[1].revents != 0) {
      const std::string bytes = take(server);
      if (bytes.empty() || !give(client, bytes)) return;
    }
  }
}

}  // namespace narada::testing
