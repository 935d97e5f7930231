#include "notifications/smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "notifications/address.h"
#include "notifications/smtp_conversation.h"

namespace narada::notifications {
namespace {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

// OpenSSL writes to a socket that the server has closed without MSG_NOSIGNAL. Blocks SIGPIPE in
// this thread and takes away one that came meanwhile.
class BlockedSigpipe {
 public:
  BlockedSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~BlockedSigpipe() {
    const timespec no_time{};
    if (sigismember(&before_, SIGPIPE) == 0) {
      sigtimedwait(&sigpipe_, nullptr, &no_time);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  BlockedSigpipe(const BlockedSigpipe&) = delete;
  BlockedSigpipe& operator=(const BlockedSigpipe&) = delete;

 private:
  sigset_t sigpipe_{};
  sigset_t before_{};
};

// One message on its way: what libcurl's callbacks see.
struct Transfer {
  std::string_view message;
  std::size_t given = 0;    // octets handed to libcurl
  std::size_t written = 0;  // octets on the socket; dots that were doubled count too
  SmtpConversation conversation;
};

std::size_t give_message(char* buffer, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const std::size_t length = std::min(size * count, transfer.message.size() - transfer.given);
  std::memcpy(buffer, transfer.message.data() + transfer.given, length);
  transfer.given += length;
  return length;
}

std::size_t take_reply(char* buffer, std::size_t size, std::size_t count, void* context) {
  static_cast<Transfer*>(context)->conversation.note_reply({buffer, size * count});
  return size * count;
}

int watch(CURL*, curl_infotype type, char* data, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (type == CURLINFO_HEADER_OUT) {
    transfer.conversation.note_command({data, size});
  } else if (type == CURLINFO_DATA_OUT) {
    // The final dot follows the last octet, so that a server cannot have taken less than all.
    transfer.written += size;
    if (transfer.written >= transfer.message.size()) transfer.conversation.note_message_end();
  }
  return 0;
}

void initialize_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw std::runtime_error("libcurl does not initialize");
    }
  });
}

template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(curl, option, value);
  if (code != CURLE_OK) {
    throw std::runtime_error(std::string("libcurl option: ") + curl_easy_strerror(code));
  }
}

std::string server_url(const SmtpOptions& options) {
  const char* scheme = options.security == SmtpSecurity::tls ? "smtps://" : "smtp://";
  return scheme + options.host + ":" + std::to_string(options.port);
}

}  // namespace

class SmtpTransport::Session {
 public:
  explicit Session(const SmtpOptions& options) : options_(options) {
    initialize_curl();
    curl_.reset(curl_easy_init());
    if (!curl_) throw std::runtime_error("libcurl gives no handle");
  }

  DeliveryResult deliver(const Envelope& envelope, std::string_view message) {
    DeliveryResult result = attempt(envelope, message, /*fresh=*/false);
    // A kept connection may have been closed while it was idle. The end of the message had not
    // left, so that a second try on a new connection cannot double it.
    if (result.end == DeliveryEnd::transport_down && reused_) {
      result = attempt(envelope, message, /*fresh=*/true);
    }
    return result;
  }

  DeliveryResult probe() {
    Transfer transfer;
    set_server();
    set_conversation(transfer);
    set(curl_.get(), CURLOPT_NOBODY, 1L);
    set(curl_.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
    const BlockedSigpipe blocked;
    const CURLcode code = curl_easy_perform(curl_.get());
    curl_easy_reset(curl_.get());
    if (code == CURLE_OK) return {};
    auto result = transfer.conversation.result_of_failure(code == CURLE_OPERATION_TIMEDOUT,
                                                          curl_easy_strerror(code));
    result.end = DeliveryEnd::transport_down;
    return result;
  }

 private:
  DeliveryResult attempt(const Envelope& envelope, std::string_view message, bool fresh) {
    Transfer transfer;
    transfer.message = message;
    const std::string sender = "<" + envelope.sender + ">";
    const std::string recipient = "<" + envelope.recipient + ">";
    const CurlList recipients(curl_slist_append(nullptr, recipient.c_str()));
    if (!recipients) throw std::bad_alloc();
    set_server();
    set_transfer(transfer);
    set(curl_.get(), CURLOPT_MAIL_FROM, sender.c_str());
    set(curl_.get(), CURLOPT_MAIL_RCPT, recipients.get());
    set(curl_.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    set(curl_.get(), CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
    const BlockedSigpipe blocked;
    const CURLcode code = curl_easy_perform(curl_.get());
    long connects = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_NUM_CONNECTS, &connects);
    reused_ = connects == 0;
    curl_easy_reset(curl_.get());  // keeps the connection, forgets `transfer`; closing the
                                   // connection later says QUIT
    if (code == CURLE_OK) return {};
    return transfer.conversation.result_of_failure(code == CURLE_OPERATION_TIMEDOUT,
                                                   curl_easy_strerror(code));
  }

  void set_server() {
    CURL* curl = curl_.get();
    // The path of the URL is what EHLO says.
    const std::string url = server_url(options_) + "/" + options_.hello_name;
    set(curl, CURLOPT_URL, url.c_str());
    set(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(curl, CURLOPT_PROXY, "");  // whatever the environment says: mail goes to this server
    set(curl, CURLOPT_USE_SSL,
        static_cast<long>(options_.security == SmtpSecurity::none ? CURLUSESSL_NONE
                                                                  : CURLUSESSL_ALL));
    set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options_.ca_file.empty()) set(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.user.empty()) {
      set(curl, CURLOPT_USERNAME, options_.user.c_str());
      set(curl, CURLOPT_PASSWORD, options_.password.c_str());
    }
    set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout.count()));
    set(curl, CURLOPT_NOSIGNAL, 1L);
  }

  void set_transfer(Transfer& transfer) {
    CURL* curl = curl_.get();
    set(curl, CURLOPT_UPLOAD, 1L);
    set(curl, CURLOPT_READFUNCTION, give_message);
    set(curl, CURLOPT_READDATA, &transfer);
    set_conversation(transfer);
  }

  void set_conversation(Transfer& transfer) {
    CURL* curl = curl_.get();
    set(curl, CURLOPT_HEADERFUNCTION, take_reply);
    set(curl, CURLOPT_HEADERDATA, &transfer);
    set(curl, CURLOPT_VERBOSE, 1L);  // turns the debug function on; nothing is printed
    set(curl, CURLOPT_DEBUGFUNCTION, watch);
    set(curl, CURLOPT_DEBUGDATA, &transfer);
  }

  const SmtpOptions& options_;
  CurlHandle curl_;
  bool reused_ = false;
};

SmtpTransport::SmtpTransport(SmtpOptions options)
    : options_(std::move(options)), session_(std::make_unique<Session>(options_)) {}

SmtpTransport::~SmtpTransport() = default;

DeliveryResult SmtpTransport::deliver(const Envelope& envelope, std::string_view message) {
  if (!is_deliverable_address(envelope.recipient)) {
    return {DeliveryEnd::permanent, 0, "the recipient's address cannot be delivered to"};
  }
  if (!is_deliverable_address(envelope.sender)) {
    return {DeliveryEnd::transport_down, 0, "the configured sender's address is not valid"};
  }
  return session_->deliver(envelope, message);
}

DeliveryResult SmtpTransport::probe() { return session_->probe(); }

std::string SmtpTransport::description() const {
  const char* security = options_.security == SmtpSecurity::starttls ? " with STARTTLS" : "";
  return server_url(options_) + security;
}

}  // namespace narada::notifications
