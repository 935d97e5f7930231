#include "tests/http/edge/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>

namespace narada::test {
namespace {

using Clock = std::chrono::steady_clock;

void set_option(int socket, int level, int name, int value) {
  ::setsockopt(socket, level, name, &value, sizeof value);
}

// The head of an answer and where its body starts; nullopt while it is incomplete.
std::optional<std::size_t> parse_answer_head(std::string_view bytes, Answer& answer) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos || bytes.size() < 12) return std::nullopt;
  std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
  auto lines = bytes.substr(0, end + 2);
  lines.remove_prefix(lines.find("\r\n") + 2);
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(line.size() + 2);
    const auto colon = std::min(line.find(':'), line.size());
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers.emplace_back(name, line.substr(std::min(colon + 2, line.size())));
  }
  return end + 4;
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (field == name) return value;
  }
  return {};
}

RawClient::RawClient(std::uint16_t port, Tuning tuning)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  set_option(socket_.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (tuning.segment_size > 0) {
    set_option(socket_.get(), IPPROTO_TCP, TCP_MAXSEG, tuning.segment_size);
  }
  if (tuning.receive_buffer > 0) {
    set_option(socket_.get(), SOL_SOCKET, SO_RCVBUF, tuning.receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    socket_ = http::edge::Descriptor();
  }
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::send_bytewise(std::string_view bytes) {
  return std::ranges::all_of(bytes, [this](const char& byte) { return send({&byte, 1}); });
}

void RawClient::finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }

void RawClient::close() { socket_ = http::edge::Descriptor(); }

void RawClient::close_hard() {
  const linger reset{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close();
}

// False: nothing came, or nothing will come any more.
bool RawClient::receive(std::chrono::milliseconds timeout, std::size_t limit) {
  pollfd wait{socket_.get(), POLLIN, 0};
  if (ended_ || timeout.count() < 0 || ::poll(&wait, 1, static_cast<int>(timeout.count())) <= 0) {
    return false;
  }
  const auto before = received_.size();
  received_.resize(before + limit);
  const auto got = ::recv(socket_.get(), received_.data() + before, limit, 0);
  received_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got <= 0) ended_ = true;
  return got > 0;
}

std::optional<Answer> RawClient::read_answer(std::chrono::milliseconds timeout, BodyExpected body) {
  const auto end = Clock::now() + timeout;
  for (;;) {
    Answer answer;
    if (const auto start = parse_answer_head(received_, answer)) {
      std::size_t length = 0;
      const auto text = answer.header("content-length");
      std::from_chars(text.data(), text.data() + text.size(), length);
      if (body == BodyExpected::no) length = 0;
      if (received_.size() >= *start + length) {
        answer.body = received_.substr(*start, length);
        received_.erase(0, *start + length);
        return answer;
      }
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (!receive(left, 1 << 20)) return std::nullopt;
  }
}

bool RawClient::read_to_end(std::chrono::milliseconds timeout) {
  const auto end = Clock::now() + timeout;
  while (!ended_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (!receive(left) && !ended_) return false;
  }
  return true;
}

}  // namespace narada::test
