#include "notifications/dns.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace narada::notifications {
namespace {

using std::chrono::milliseconds;

void initialize_ares() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
      throw std::runtime_error("c-ares does not initialize");
  });
}

DnsEnd end_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return DnsEnd::found;
    case ARES_ENODATA:
    case ARES_ENOTFOUND:
      return DnsEnd::none;
    default:
      return DnsEnd::unreachable;
  }
}

struct Answer {
  bool arrived = false;
  int status = ARES_ETIMEOUT;
  std::vector<unsigned char> bytes;
};

void take_answer(void* context, int status, int, unsigned char* bytes, int length) {
  auto& answer = *static_cast<Answer*>(context);
  answer.arrived = true;
  answer.status = status;
  if (bytes != nullptr) answer.bytes.assign(bytes, bytes + length);
}

// What c-ares parsed out of an answer.
struct AresDeleter {
  void operator()(void* data) const { ares_free_data(data); }
};

}  // namespace

class DnsResolver::Channel {
 public:
  Channel(const std::vector<std::string>& servers, milliseconds patience) {
    initialize_ares();
    constexpr int kTries = 2;
    ares_options options{};
    options.timeout = static_cast<int>(patience.count() / kTries);
    options.tries = kTries;
    if (ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) != ARES_SUCCESS)
      throw std::runtime_error("c-ares gives no channel");
    if (servers.empty()) return;
    std::string list;
    for (const auto& server : servers) list += (list.empty() ? "" : ",") + server;
    if (ares_set_servers_ports_csv(channel_, list.c_str()) != ARES_SUCCESS) {
      ares_destroy(channel_);
      throw std::invalid_argument("name servers must be addresses: " + list);
    }
  }
  ~Channel() { ares_destroy(channel_); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  Answer ask(const std::string& name, int type) {
    Answer answer;
    ares_query(channel_, name.c_str(), ns_c_in, type, take_answer, &answer);
    while (!answer.arrived) wait();
    return answer;
  }

 private:
  // Until a socket has something or a time-out of c-ares' own is over.
  void wait() {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const int active = ares_getsock(channel_, sockets.data(), static_cast<int>(sockets.size()));
    std::vector<pollfd> polled;
    for (std::size_t index = 0; index < sockets.size(); ++index) {
      const int events = (ARES_GETSOCK_READABLE(active, index) != 0 ? POLLIN : 0) |
                         (ARES_GETSOCK_WRITABLE(active, index) != 0 ? POLLOUT : 0);
      if (events != 0) polled.push_back({sockets[index], static_cast<short>(events), 0});
    }
    timeval longest{1, 0}, limit{};
    const timeval* const pause = ares_timeout(channel_, &longest, &limit);
    const auto waiting = static_cast<int>(pause->tv_sec * 1000 + pause->tv_usec / 1000 + 1);
    poll(polled.data(), static_cast<nfds_t>(polled.size()), waiting);
    for (const auto& socket : polled) {
      const bool readable = (socket.revents & (POLLIN | POLLERR | POLLHUP)) != 0;
      const bool writable = (socket.revents & POLLOUT) != 0;
      if (readable || writable)
        ares_process_fd(channel_, readable ? socket.fd : ARES_SOCKET_BAD,
                        writable ? socket.fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // what has timed out
  }

  ares_channel channel_ = nullptr;
};

DnsResolver::DnsResolver(const std::vector<std::string>& servers, milliseconds patience)
    : channel_(std::make_unique<Channel>(servers, patience)) {}

DnsResolver::~DnsResolver() = default;

DnsTexts DnsResolver::texts(const std::string& name) {
  const auto answer = channel_->ask(name, ns_t_txt);
  DnsTexts found{end_of(answer.status), {}};
  if (found.end != DnsEnd::found) return found;
  ares_txt_ext* parsed = nullptr;
  found.end = end_of(ares_parse_txt_reply_ext(answer.bytes.data(),
                                              static_cast<int>(answer.bytes.size()), &parsed));
  const std::unique_ptr<ares_txt_ext, AresDeleter> records(parsed);
  for (const auto* record = parsed; record != nullptr; record = record->next) {
    if (record->record_start != 0) found.texts.emplace_back();
    if (!found.texts.empty())
      found.texts.back().append(reinterpret_cast<const char*>(record->txt), record->length);
  }
  return found;
}

DnsHosts DnsResolver::mail_hosts(const std::string& name) {
  const auto answer = channel_->ask(name, ns_t_mx);
  DnsHosts found{end_of(answer.status), {}};
  if (found.end != DnsEnd::found) return found;
  ares_mx_reply* parsed = nullptr;
  found.end = end_of(
      ares_parse_mx_reply(answer.bytes.data(), static_cast<int>(answer.bytes.size()), &parsed));
  const std::unique_ptr<ares_mx_reply, AresDeleter> records(parsed);
  std::vector<std::pair<int, std::string>> hosts;
  for (const auto* record = parsed; record != nullptr; record = record->next)
    hosts.emplace_back(record->priority, record->host);
  std::stable_sort(hosts.begin(), hosts.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [priority, host] : hosts) found.hosts.push_back(std::move(host));
  return found;
}

DnsEnd DnsResolver::addresses(const std::string& name) {
  auto worst = DnsEnd::none;
  for (const int type : {ns_t_a, ns_t_aaaa}) {
    const auto end = end_of(channel_->ask(name, type).status);
    if (end == DnsEnd::found) return end;
    if (end == DnsEnd::unreachable) worst = end;
  }
  return worst;
}

}  // namespace narada::notifications
