#include "notifications/imap_mailbox.h"

#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "notifications/received_message.h"

namespace narada::notifications {
namespace {

constexpr int kSilenceMs = 20'000;
constexpr std::size_t kLongestLine = 64 * 1024;

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

[[noreturn]] void throw_invalid(const std::string& why) {
  throw std::invalid_argument("IMAP address: " + why +
                              " (expected imaps:// or imap:// USER:PASSWORD@HOST[:PORT]/MAILBOX"
                              "[?ca=FILE])");
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  const auto code = curl_url_get(url, part, &text, CURLU_URLDECODE);
  if (code == CURLUE_URLDECODE) throw_invalid("control character");
  if (code != CURLUE_OK || !text) return {};
  std::string value(text);
  curl_free(text);
  const bool is_clean = std::none_of(value.begin(), value.end(),
                                     [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
  if (!is_clean) throw_invalid("control character");
  return value;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

void check(CURLcode code, const char* what) {
  if (code != CURLE_OK)
    throw std::runtime_error(std::string(what) + ": " + curl_easy_strerror(code));
}

// OpenSSL writes to a closed socket without MSG_NOSIGNAL; this thread does nothing else.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

// The server has answered, and does not do what it was asked: the connection can go on.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace

// One connection, signed in, with commands as libcurl's own do not fit: its FETCH marks a message
// as read before anybody has taken it.
class ImapConversation {
 public:
  explicit ImapConversation(const ImapMailbox& mailbox) : handle_(curl_easy_init()) {
    if (!handle_) throw std::runtime_error("libcurl gives no handle");
    block_sigpipe();
    connect(mailbox);
    run("SELECT \"" + mailbox.mailbox_ + "\"");
  }

  // Of messages without \Seen, the oldest first.
  std::vector<std::string> list_unread() {
    std::vector<std::string> uids;
    for (const auto& line : run("UID SEARCH UNSEEN").lines) {
      constexpr std::string_view kStart = "* SEARCH";
      if (!line.starts_with(kStart)) continue;
      std::string uid;
      for (const char c : line.substr(kStart.size()) + " ") {
        if (c >= '0' && c <= '9') {
          uid += c;
        } else if (!uid.empty()) {
          uids.push_back(std::move(uid));
          uid.clear();
        }
      }
    }
    return uids;
  }

  std::string fetch(const std::string& uid) {
    const auto answer = run("UID FETCH " + uid + " (BODY.PEEK[]<0." +
                            std::to_string(kMostMessageOctets + 1) + ">)");
    if (answer.literals.empty()) throw Refused("the IMAP server sent no message");
    return answer.literals.front();
  }

  void mark_read(const std::string& uid) { run("UID STORE " + uid + " +FLAGS.SILENT (\\Seen)"); }

  void end() { run("LOGOUT"); }

 private:
  struct Answer {
    std::vector<std::string> lines;
    std::vector<std::string> literals;
  };

  void connect(const ImapMailbox& mailbox) {
    CURL* handle = handle_.get();
    const auto url = mailbox.scheme_ + "://" + mailbox.host_ +
                     (mailbox.port_.empty() ? "" : ":" + mailbox.port_) + "/";
    const bool in_clear =
        mailbox.scheme_ == "imap" && is_loopback(mailbox.host_) && mailbox.ca_file_.empty();
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 60'000L);
    curl_easy_setopt(handle, CURLOPT_USERNAME, mailbox.user_.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, mailbox.password_.c_str());
    curl_easy_setopt(handle, CURLOPT_USE_SSL,
                     static_cast<long>(in_clear ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (!mailbox.ca_file_.empty())
      curl_easy_setopt(handle, CURLOPT_CAINFO, mailbox.ca_file_.c_str());
    check(curl_easy_perform(handle), "IMAP");
    check(curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket_), "IMAP");
  }

  // Throws for every answer but OK.
  Answer run(const std::string& command) {
    const auto tag = "n" + std::to_string(++number_) + " ";
    send(tag + command + "\r\n");
    Answer answer;
    for (;;) {
      auto line = read_line();
      if (line.starts_with(tag)) {
        if (!line.substr(tag.size()).starts_with("OK"))
          throw Refused("the IMAP server refused " + command.substr(0, command.find(' ')));
        return answer;
      }
      if (const auto length = literal_length(line)) answer.literals.push_back(read_octets(*length));
      answer.lines.push_back(std::move(line));
      if (answer.lines.size() > 100'000) throw std::runtime_error("the IMAP server never ends");
    }
  }

  // "{1234}" at the end of a line: as many octets follow it.
  static std::optional<std::size_t> literal_length(const std::string& line) {
    if (!line.ends_with('}')) return std::nullopt;
    const auto open = line.rfind('{');
    if (open == std::string::npos) return std::nullopt;
    std::size_t length = 0;
    const char* const last = line.data() + line.size() - 1;
    const auto [end, error] = std::from_chars(line.data() + open + 1, last, length);
    if (error != std::errc{} || end != last) return std::nullopt;
    if (length > kMostMessageOctets + 1)
      throw std::runtime_error("the IMAP server sends more than was asked for");
    return length;
  }

  void wait_for(short events) {
    pollfd waiting{socket_, events, 0};
    if (poll(&waiting, 1, kSilenceMs) <= 0) throw std::runtime_error("the IMAP server is silent");
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      std::size_t sent = 0;
      const auto code = curl_easy_send(handle_.get(), bytes.data(), bytes.size(), &sent);
      if (code == CURLE_AGAIN) {
        wait_for(POLLOUT);
      } else {
        check(code, "IMAP");
        bytes.remove_prefix(sent);
      }
    }
  }

  void receive_more() {
    std::array<char, 16 * 1024> buffer{};
    for (;;) {
      std::size_t received = 0;
      const auto code = curl_easy_recv(handle_.get(), buffer.data(), buffer.size(), &received);
      if (code == CURLE_AGAIN) {
        wait_for(POLLIN);
        continue;
      }
      check(code, "IMAP");
      if (received == 0) throw std::runtime_error("the IMAP server has hung up");
      pending_.append(buffer.data(), received);
      return;
    }
  }

  std::string read_line() {
    for (std::size_t searched = 0;;) {
      const auto end = pending_.find("\r\n", searched);
      if (end != std::string::npos) {
        auto line = pending_.substr(0, end);
        pending_.erase(0, end + 2);
        return line;
      }
      if (pending_.size() > kLongestLine) throw std::runtime_error("an IMAP line without an end");
      searched = pending_.empty() ? 0 : pending_.size() - 1;
      receive_more();
    }
  }

  std::string read_octets(std::size_t length) {
    while (pending_.size() < length) receive_more();
    auto octets = pending_.substr(0, length);
    pending_.erase(0, length);
    return octets;
  }

  std::unique_ptr<CURL, CurlDeleter> handle_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  std::string pending_;
  int number_ = 0;
};

ImapMailbox::ImapMailbox(std::string_view url) {
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  if (!parsed ||
      curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK)
    throw_invalid("not a URL");
  scheme_ = part_of(parsed.get(), CURLUPART_SCHEME);
  if (scheme_ != "imap" && scheme_ != "imaps") throw_invalid("unknown scheme");
  user_ = part_of(parsed.get(), CURLUPART_USER);
  password_ = part_of(parsed.get(), CURLUPART_PASSWORD);
  host_ = part_of(parsed.get(), CURLUPART_HOST);
  port_ = part_of(parsed.get(), CURLUPART_PORT);
  if (user_.empty() || host_.empty()) throw_invalid("user or host is missing");
  const auto path = part_of(parsed.get(), CURLUPART_PATH);
  if (path.size() > 1) mailbox_ = path.substr(1);
  if (mailbox_.find_first_of("\"\\") != std::string::npos) throw_invalid("wrong mailbox");
  const auto query = part_of(parsed.get(), CURLUPART_QUERY);
  constexpr std::string_view kCa = "ca=";
  if (!query.empty() && !query.starts_with(kCa)) throw_invalid("unknown option");
  if (!query.empty()) ca_file_ = query.substr(kCa.size());
}

int ImapMailbox::take_unread(int at_most,
                             const std::function<bool(const std::string&)>& take) const {
  constexpr int kMostBroken = 5;  // connections that end over a message
  std::optional<ImapConversation> conversation(std::in_place, *this);
  std::exception_ptr problem;
  int broken = 0;
  int marked = 0;
  for (const auto& uid : conversation->list_unread()) {
    if (at_most <= 0) break;
    std::string message;
    try {
      message = conversation->fetch(uid);
    } catch (const Refused&) {
      problem = std::current_exception();  // the other messages do not wait for this one
      continue;
    } catch (const std::runtime_error&) {  // some servers hang up over a message they cannot read
      if (++broken > kMostBroken) throw;
      problem = std::current_exception();
      conversation.emplace(*this);
      continue;
    }
    --at_most;
    if (!take(message)) continue;
    conversation->mark_read(uid);
    ++marked;
  }
  conversation->end();
  if (problem) std::rethrow_exception(problem);
  return marked;
}

std::string ImapMailbox::description() const {
  return scheme_ + "://" + host_ + (port_.empty() ? "" : ":" + port_) + "/" + mailbox_;
}

}  // namespace narada::notifications
