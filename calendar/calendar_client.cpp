#include "calendar/calendar_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>

#include "calendar/busy_time.h"

namespace narada::calendar {
namespace {

constexpr long kMostRedirects = 5;
constexpr long kConnectMs = 5'000;
constexpr long kWholeMs = 20'000;

using Octets = std::array<std::uint8_t, 16>;

struct Network {
  std::uint32_t address;
  int bits;
};
// What is not of the public internet: RFC 6890 and its successors.
constexpr Network kInside[] = {
    {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
    {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
    {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 4},  {0xF0000000, 4}};

bool is_public_v4(std::uint32_t address) {
  for (const Network& network : kInside) {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - network.bits);
    if ((address & mask) == network.address) return false;
  }
  return true;
}

// Only global unicast, 2000::/3; in it neither documentation nor what carries an IPv4 address on
// (Teredo, 6to4), which could be one of this network.
bool is_public_v6(const Octets& octets) {
  if ((octets[0] & 0xE0) != 0x20) return false;
  const auto group = [&](std::size_t index) {
    return static_cast<unsigned>(octets[2 * index] << 8 | octets[2 * index + 1]);
  };
  if (group(0) == 0x2002) return false;
  return !(group(0) == 0x2001 && (group(1) < 0x0200 || group(1) == 0x0DB8));
}

bool is_public(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return is_public_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, address, sizeof v6);
  Octets octets{};
  std::memcpy(octets.data(), &v6.sin6_addr, octets.size());
  return is_public_v6(octets);
}

// What the callbacks of one transfer know.
struct Transfer {
  bool private_addresses = false;
  bool kept_inside = false;  // a connection was refused for its address
  bool too_large = false;
  std::string body;
  std::string etag;
};

// The place to look at an address is where the connection is made: a name can be resolved to
// another one between two questions.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(context);
  if (!transfer->private_addresses && !is_public(&address->addr)) {
    transfer->kept_inside = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto* transfer = static_cast<Transfer*>(context);
  if (transfer->body.size() + size * count > kMostCalendarOctets) {
    transfer->too_large = true;
    return 0;
  }
  transfer->body.append(bytes, size * count);
  return size * count;
}

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

// What the header could not carry is dropped.
bool is_header_value(const std::string& text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return !text.empty() && text.size() <= 200;
}

HeaderList headers_of(const std::string& etag) {
  curl_slist* list = curl_slist_append(nullptr, "Accept: text/calendar, */*;q=0.5");
  if (is_header_value(etag)) list = curl_slist_append(list, ("If-None-Match: " + etag).c_str());
  return HeaderList(list);
}

void set_options(CURL* handle, const std::string& address, Transfer& transfer,
                 curl_slist* headers) {
  curl_easy_setopt(handle, CURLOPT_URL, address.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, kMostRedirects);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // one would connect in our stead
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kWholeMs);
  curl_easy_setopt(handle, CURLOPT_MAXFILESIZE, static_cast<long>(kMostCalendarOctets));
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "Narada (calendar reader)");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
}

std::string problem_of(CURLcode code, const Transfer& transfer) {
  if (transfer.kept_inside) return "not_allowed";
  if (transfer.too_large || code == CURLE_FILESIZE_EXCEEDED) return "too_large";
  if (code == CURLE_OPERATION_TIMEDOUT) return "too_slow";
  return "unreachable";
}

FetchedCalendar failed(std::string problem) {
  FetchedCalendar fetched;
  fetched.problem = std::move(problem);
  return fetched;
}

FetchedCalendar answer_of(CURL* handle, Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status == 304) return {FetchedCalendar::End::unchanged, {}, {}, {}};
  if (status == 404 || status == 410) return failed("not_found");
  if (status != 200) return failed("refused");
  curl_header* header = nullptr;
  if (curl_easy_header(handle, "ETag", 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
      is_header_value(header->value))
    transfer.etag = header->value;
  return {FetchedCalendar::End::read, std::move(transfer.body), std::move(transfer.etag), {}};
}

}  // namespace

bool is_public_address(std::string_view address) {
  const std::string text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return is_public_v4(ntohl(v4.s_addr));
  Octets octets{};
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return is_public_v6(octets);
  return false;
}

FetchedCalendar CalendarClient::fetch(const std::string& address, const std::string& etag) const {
  prepare_library();
  constexpr std::string_view kWebcal = "webcal://";
  const std::string url =
      address.starts_with(kWebcal) ? "https://" + address.substr(kWebcal.size()) : address;
  const auto rest = url.find("://");
  const bool is_web = url.starts_with("https://") || url.starts_with("http://");
  const auto authority =
      is_web ? url.substr(rest + 3, url.find_first_of("/?#", rest + 3) - rest - 3) : std::string();
  if (authority.empty() || authority.find('@') != std::string::npos)
    return failed("no_web_address");
  const Handle handle(curl_easy_init());
  if (!handle) return failed("unreachable");
  Transfer transfer;
  transfer.private_addresses = private_addresses_;
  const HeaderList headers = headers_of(etag);
  set_options(handle.get(), url, transfer, headers.get());
  const CURLcode code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) return failed(problem_of(code, transfer));
  return answer_of(handle.get(), transfer);
}

}  // namespace narada::calendar
