#include "service/http/edge/writer.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace narada::http::edge {
namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Writer::Writer(std::chrono::milliseconds stall_timeout)
    : stall_timeout_(stall_timeout),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_.get();
  if (!epoll_ || !wake_ || ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) {
    throw_errno("cannot create the writer's poller");
  }
  thread_ = std::thread([this] { work(); });
}

Writer::~Writer() { stop(); }

bool Writer::add(int socket, std::shared_ptr<WritingPeer> peer) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  entries_[socket] = Entry{std::move(peer), Clock::now()};
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.fd = socket;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event) == 0) return true;
  entries_.erase(socket);
  return false;
}

void Writer::stop() {
  stopping_ = true;
  const std::uint64_t one = 1;
  while (::write(wake_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
  if (thread_.joinable()) thread_.join();
  std::unordered_map<int, Entry> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(entries_);
}

void Writer::work() {
  std::array<epoll_event, 64> events{};
  auto last_scan = Clock::now();
  const auto interval = std::clamp<std::chrono::milliseconds>(
      stall_timeout_ / 4, std::chrono::milliseconds(20), std::chrono::milliseconds(500));
  while (!stopping_) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(interval.count()));
    for (int i = 0; i < count && !stopping_; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket != wake_.get()) serve(socket);
    }
    if (Clock::now() - last_scan < interval) continue;
    last_scan = Clock::now();
    end_stalled();
  }
}

void Writer::serve(int socket) {
  std::shared_ptr<WritingPeer> peer;
  {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(socket);
    if (entry == entries_.end()) return;
    peer = entry->second.peer;
  }
  const auto step = peer->continue_writing();
  if (step.progress == Outgoing::Progress::blocked) {
    if (!step.moved) return;
    const std::lock_guard lock(mutex_);
    entries_[socket].last_progress = Clock::now();
    return;
  }
  end(socket, peer,
      step.progress == Outgoing::Progress::done ? WritingPeer::Ending::written
                                                : WritingPeer::Ending::failed);
}

// Lets go of the socket first: the end of one answer may start the next on the same socket.
void Writer::end(int socket, const std::shared_ptr<WritingPeer>& peer, WritingPeer::Ending ending) {
  {
    const std::lock_guard lock(mutex_);
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
    entries_.erase(socket);
  }
  peer->writing_ended(ending);
}

void Writer::end_stalled() {
  std::vector<std::pair<int, std::shared_ptr<WritingPeer>>> stalled;
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [socket, entry] : entries_) {
      if (now - entry.last_progress > stall_timeout_) stalled.emplace_back(socket, entry.peer);
    }
  }
  for (const auto& [socket, peer] : stalled) end(socket, peer, WritingPeer::Ending::failed);
}

}  // namespace narada::http::edge
