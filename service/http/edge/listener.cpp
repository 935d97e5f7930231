#include "service/http/edge/listener.h"

#include <fcntl.h>
#include <pistache/endpoint.h>
#include <pistache/peer.h>
#include <pistache/transport.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace narada::http::edge {
namespace {

using PeerPointer = std::shared_ptr<Pistache::Tcp::Peer>;

constexpr int kBacklog = 4096;
constexpr const char* kSlot = "slot";
constexpr const char* kWakeUp = "wake-up";

// Pistache's own timers stay out of the way: every limit in time is the connection's.
constexpr auto kNever = std::chrono::hours(24 * 3650);

class SocketHandler;

// What the clones of the handler, one per worker, have in common.
struct Shared {
  Listener::Acceptor acceptor;
  std::shared_ptr<Pistache::Http::RequestParser> idle_clock =
      std::make_shared<Pistache::Http::RequestParser>(0);
  std::atomic<std::size_t> open{0};
  std::mutex mutex;
  std::vector<SocketHandler*> clones;
};

// What a peer keeps for us. Emptied at its end, because Pistache may keep the peer for longer.
struct Slot {
  std::shared_ptr<InputReceiver> receiver;
};

// A function of its own because tests/sanitizers/tsan.supp names it.
[[gnu::noinline]] std::shared_ptr<InputReceiver> empty_slot(Slot& slot) {
  return std::exchange(slot.receiver, nullptr);
}

std::shared_ptr<Slot> slot_of(const PeerPointer& peer) {
  return std::static_pointer_cast<Slot>(peer->tryGetData(kSlot));
}

// Sees the bytes before Pistache's parser does. The overridden functions are private in the base
// class, which does not keep them from being overridden.
class SocketHandler final : public Pistache::Http::Handler {
 public:
  HTTP_PROTOTYPE(SocketHandler)

  explicit SocketHandler(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  SocketHandler(const SocketHandler& other)
      : Pistache::Http::Handler(other), shared_(other.shared_) {
    const std::lock_guard lock(shared_->mutex);
    shared_->clones.push_back(this);
  }
  SocketHandler& operator=(const SocketHandler&) = delete;
  ~SocketHandler() override {
    const std::lock_guard lock(shared_->mutex);
    std::erase(shared_->clones, this);
  }

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}

  void onConnection(const PeerPointer& peer) override {
    // The idle scan dereferences this entry of every peer; nothing ever changes it.
    peer->putData(ParserData, shared_->idle_clock);
    peer->setIdle(true);
    if (peer->tryGetData(kWakeUp)) return;
    try {
      // Our own number for the socket: Pistache closes its one as soon as the client is gone, and
      // the kernel gives it to the next client while an answer may still be under way.
      Descriptor socket(::fcntl(peer->fd(), F_DUPFD_CLOEXEC, 3));
      std::shared_ptr<InputReceiver> receiver;
      if (socket) receiver = shared_->acceptor(std::move(socket), peer->address().host());
      if (receiver) {
        peer->putData(kSlot, std::make_shared<Slot>(Slot{std::move(receiver)}));
        ++shared_->open;
        return;
      }
    } catch (const std::exception&) {  // out of memory: the socket goes
    }
    ::shutdown(peer->fd(), SHUT_RDWR);
  }

  void onInput(const char* bytes, std::size_t size, const PeerPointer& peer) override {
    if (const auto slot = slot_of(peer)) slot->receiver->on_input({bytes, size});
  }

  void onDisconnection(const PeerPointer& peer) override {
    if (const auto slot = slot_of(peer)) {
      empty_slot(*slot)->on_end();
      --shared_->open;
    }
  }

  // Hands the worker a socket whose other end is closed: it wakes up, sees the end and drops it.
  void wake() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return;
    ::close(ends[1]);
    auto peer = Pistache::Tcp::Peer::Create(ends[0], Pistache::Address());
    peer->putData(kWakeUp, shared_->idle_clock);
    transport()->handleNewPeer(peer);
  }

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace

class Listener::Impl {
 public:
  Impl(ListenerOptions options, Acceptor acceptor) : options_(std::move(options)) {
    shared_->acceptor = std::move(acceptor);
  }

  void start() {
    using Flags = Pistache::Flags<Pistache::Tcp::Options>;
    using Pistache::Tcp::Options;
    const auto flags = Flags(Options::ReuseAddr) | Options::NoDelay | Options::CloseOnExec;
    const Pistache::Address address(options_.host, Pistache::Port(options_.port));
    endpoint_ = std::make_unique<Pistache::Http::Endpoint>(address);
    endpoint_->init(Pistache::Http::Endpoint::options()
                        .threads(static_cast<int>(options_.threads))
                        .flags(flags)
                        .headerTimeout(kNever)
                        .bodyTimeout(kNever)
                        .keepaliveTimeout(kNever));
    // The only way to set the backlog in 0.0.5.
    endpoint_->initArgs(static_cast<std::size_t>(options_.threads), flags, std::string("narada-io"),
                        kBacklog);
    endpoint_->setHandler(std::make_shared<SocketHandler>(shared_));
    endpoint_->serveThreaded();
    port_ = endpoint_->getPort();
  }

  void kick() {
    const std::lock_guard lock(shared_->mutex);
    for (auto* clone : shared_->clones) clone->wake();
  }

  void stop() {
    if (!endpoint_) return;
    endpoint_->shutdown();
    endpoint_.reset();
  }

  std::uint16_t port() const { return port_; }
  std::size_t open_sockets() const { return shared_->open; }

 private:
  ListenerOptions options_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::unique_ptr<Pistache::Http::Endpoint> endpoint_;
  std::uint16_t port_ = 0;
};

Listener::Listener(ListenerOptions options, Acceptor acceptor)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(acceptor))) {}

Listener::~Listener() { stop(); }

void Listener::start() {
  try {
    impl_->start();
  } catch (const std::exception& error) {
    impl_->stop();
    throw std::runtime_error("cannot listen: " + std::string(error.what()));
  }
}

std::uint16_t Listener::port() const { return impl_->port(); }

void Listener::kick() noexcept {
  try {
    impl_->kick();
  } catch (const std::exception&) {  // out of memory or descriptors: the next one will do
  }
}

std::size_t Listener::open_sockets() const { return impl_->open_sockets(); }

void Listener::stop() { impl_->stop(); }

}  // namespace narada::http::edge
