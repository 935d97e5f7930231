// Beast 1.74 asserts n >= 5 where fewer bytes of a chunked body's end are harmless; everything that
// its assertions guard is checked here before it is called.
#define BOOST_DISABLE_ASSERTS

#include "service/http/edge/request_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>

#include "service/http/edge/field_checks.h"

namespace narada::http::edge {
namespace {

namespace beast = boost::beast;

constexpr unsigned kMaxEmptyLines = 4;  // before a request line; RFC 9112 §2.2 asks for one

std::string to_lower(beast::string_view name) {
  std::string lowered(name.data(), name.size());
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

}  // namespace

// Beast's parser, collecting the head and passing the body on.
class RequestParser::Message final : public beast::http::basic_parser<true> {
 public:
  RequestHead head;
  BodyReceiver* receiver = nullptr;
  std::uint64_t limit = 0;
  std::uint64_t received = 0;
  bool over_limit = false;
  bool stopped = false;

 private:
  using ErrorCode = beast::error_code;

  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                       int version, ErrorCode&) override {
    head.method.assign(method.data(), method.size());
    head.target.assign(target.data(), target.size());
    head.minor_version = version % 10;
  }

  void on_response_impl(int, beast::string_view, int, ErrorCode&) override {}

  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     ErrorCode&) override {
    if (receiver != nullptr) return;  // a trailer: nobody here needs one
    head.fields.emplace_back(to_lower(name), std::string(value.data(), value.size()));
  }

  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}

  std::size_t on_body_impl(beast::string_view bytes, ErrorCode& error) override {
    return take(bytes, error);
  }

  void on_chunk_header_impl(std::uint64_t size, beast::string_view, ErrorCode& error) override {
    if (size <= limit - received) return;
    over_limit = true;
    error = beast::http::error::body_limit;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes,
                                 ErrorCode& error) override {
    return take(bytes, error);
  }

  void on_finish_impl(ErrorCode&) override {}

  std::size_t take(beast::string_view bytes, ErrorCode& error) {
    received += bytes.size();
    if (!receiver->receive_body({bytes.data(), bytes.size()})) {
      stopped = true;
      error = beast::http::error::end_of_stream;
    }
    return bytes.size();
  }
};

RequestParser::RequestParser(const HeadLimits& limits) : limits_(limits), scanner_(limits) {}

RequestParser::~RequestParser() = default;

RequestHead& RequestParser::head() { return message_->head; }
int RequestParser::status() const { return status_; }
bool RequestParser::started() const { return started_; }

void RequestParser::accept_body(BodyReceiver& receiver, std::uint64_t limit) {
  message_->receiver = &receiver;
  message_->limit = limit;
}

void RequestParser::reset() {
  scanner_.reset();
  message_.reset();
  started_ = head_done_ = false;
  empty_lines_ = 0;
  stalled_ = 0;
  framing_ = 0;
  status_ = 0;
}

RequestParser::Event RequestParser::refuse(int status) {
  status_ = status;
  return Event::refused;
}

RequestParser::Event RequestParser::feed(std::string_view input, std::size_t& used) {
  used = 0;
  if (status_ != 0) return Event::refused;
  return head_done_ ? feed_body(input, used) : feed_head(input, used);
}

RequestParser::Event RequestParser::feed_head(std::string_view input, std::size_t& used) {
  while (!started_ && input.starts_with("\r\n")) {
    if (++empty_lines_ > kMaxEmptyLines) return refuse(400);
    input.remove_prefix(2);
    used += 2;
  }
  if (input.empty() || (!started_ && input == "\r")) return Event::need_more;
  started_ = true;
  switch (scanner_.scan(input)) {
    case HeadScanner::Verdict::need_more:
      return Event::need_more;
    case HeadScanner::Verdict::refused:
      return refuse(scanner_.status());
    case HeadScanner::Verdict::complete:
      break;
  }
  used += scanner_.size();
  return parse_head(input.substr(0, scanner_.size()));
}

RequestParser::Event RequestParser::parse_head(std::string_view head) {
  message_ = std::make_unique<Message>();
  message_->header_limit(static_cast<std::uint32_t>(head.size()) + 1);
  // Ours depends on the route. "None" would not do: Beast 1.74 takes every length for more than it.
  message_->body_limit(std::numeric_limits<std::uint64_t>::max());
  beast::error_code error;
  const auto parsed = message_->put(boost::asio::const_buffer(head.data(), head.size()), error);
  if (error == beast::http::error::bad_version) return refuse(505);
  if (error || parsed != head.size() || !message_->is_header_done()) {
    return refuse(400);
  }
  auto& parts = message_->head;
  parts.keep_alive = message_->keep_alive();
  parts.chunked = message_->chunked();
  const auto length = message_->content_length();
  parts.content_length = length.value_or(0);
  if (const int status = check_fields(parts, length.has_value())) return refuse(status);
  head_done_ = true;
  return Event::head;
}

RequestParser::Event RequestParser::feed_body(std::string_view input, std::size_t& used) {
  while (!message_->is_done()) {
    const auto rest = input.substr(used);
    // The same bytes again would not get any further, and at a chunked body's end Beast reads past
    // them.
    if (rest.size() <= stalled_) return Event::need_more;
    const auto received = message_->received;
    beast::error_code error;
    const auto parsed = message_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    used += parsed;
    framing_ += parsed - (message_->received - received);
    stalled_ = 0;
    if (error == beast::http::error::need_more) {
      stalled_ = rest.size() - parsed;
      return stalled_ > limits_.head ? refuse(400) : Event::need_more;
    }
    if (message_->stopped) return Event::stopped;
    if (message_->over_limit) return refuse(413);
    if (error) return refuse(400);
    // Chunk extensions and trailers must not outweigh the data.
    if (framing_ > limits_.head + 16 * message_->received) return refuse(400);
  }
  return Event::complete;
}

}  // namespace narada::http::edge
