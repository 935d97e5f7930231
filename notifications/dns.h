#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace narada::notifications {

// What the name servers say, for somebody who waits for the answer. One thread at a time.
enum class DnsEnd {
  found,
  none,         // the name, or a record of that type under it, does not exist
  unreachable,  // no name server gave an answer that can be used
};
struct DnsTexts {
  DnsEnd end = DnsEnd::unreachable;
  std::vector<std::string> texts;  // each record's strings joined
};
struct DnsHosts {
  DnsEnd end = DnsEnd::unreachable;
  std::vector<std::string> hosts;  // the preferred first; "" of a null MX (RFC 7505)
};

class DnsResolver {
 public:
  // `servers`: "192.0.2.1" or "127.0.0.1:5300"; empty: those of the machine. `patience`: with each
  // question. Throws std::invalid_argument for a server that is no address.
  explicit DnsResolver(const std::vector<std::string>& servers = {},
                       std::chrono::milliseconds patience = std::chrono::milliseconds(3000));
  ~DnsResolver();
  DnsResolver(const DnsResolver&) = delete;
  DnsResolver& operator=(const DnsResolver&) = delete;

  DnsTexts texts(const std::string& name);       // TXT
  DnsHosts mail_hosts(const std::string& name);  // MX
  DnsEnd addresses(const std::string& name);     // whether it has an A or AAAA

 private:
  class Channel;
  std::unique_ptr<Channel> channel_;
};

}  // namespace narada::notifications
