#include "service/http/edge/head_scanner.h"

#include <algorithm>

namespace narada::http::edge {
namespace {

// Longest method and version that a request line over the target limit may still have.
constexpr std::size_t kLineOverhead = 64;

bool is_token(unsigned char c) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={}";
  return c > 0x20 && c < 0x7f && kSeparators.find(static_cast<char>(c)) == std::string_view::npos;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_target_byte(unsigned char c) { return c > 0x20 && c < 0x7f && c != '#'; }

int check_version(std::string_view version) {
  const bool shaped = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                      version[6] == '.' && is_digit(version[7]);
  if (!shaped) return 400;
  return version == "HTTP/1.1" || version == "HTTP/1.0" ? 0 : 505;
}

}  // namespace

int check_request_line(std::string_view line, std::size_t target_limit) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last == first) return 400;
  if (!std::ranges::all_of(line.substr(0, first), is_token)) return 400;
  const auto target = line.substr(first + 1, last - first - 1);
  if (target.empty() || !std::ranges::all_of(target, is_target_byte)) return 400;
  if (const int status = check_version(line.substr(last + 1))) return status;
  return target.size() > target_limit ? 414 : 0;
}

void HeadScanner::reset() { *this = HeadScanner(limits_); }

HeadScanner::Verdict HeadScanner::refuse(int status) {
  status_ = status;
  return Verdict::refused;
}

// The byte at position_, in the light of the one before it.
int HeadScanner::check_byte(std::string_view head) const {
  const auto c = static_cast<unsigned char>(head[position_]);
  const bool after_cr = position_ > 0 && head[position_ - 1] == '\r';
  if (after_cr != (c == '\n')) return 400;  // bare CR, bare LF
  if (c == '\r' || c == '\n') return 0;
  if (c == 0x7f || (c < 0x20 && c != '\t')) return 400;
  if (!in_request_line_) {
    return position_ == line_start_ && (c == ' ' || c == '\t') ? 400 : 0;  // obs-fold
  }
  if (c == '\t' || c > 0x7e) return 400;
  return position_ == line_start_ && !is_token(c) ? 400 : 0;
}

int HeadScanner::end_of_line(std::string_view line) {
  if (in_request_line_) {
    in_request_line_ = false;
    return check_request_line(line, limits_.target);
  }
  if (line.empty()) {
    complete_ = true;
    return 0;
  }
  return ++fields_ > limits_.fields ? 431 : 0;
}

int HeadScanner::check_growth(std::size_t received) const {
  if (in_request_line_ && received > limits_.target + kLineOverhead) return 414;
  return received > limits_.head ? 431 : 0;
}

HeadScanner::Verdict HeadScanner::scan(std::string_view head) {
  for (; position_ < head.size() && !complete_; ++position_) {
    if (const int status = check_byte(head)) return refuse(status);
    if (const int status = check_growth(position_ + 1)) return refuse(status);
    if (head[position_] != '\n') continue;
    const auto line = head.substr(line_start_, position_ - 1 - line_start_);
    line_start_ = position_ + 1;
    if (const int status = end_of_line(line)) return refuse(status);
  }
  return complete_ ? Verdict::complete : Verdict::need_more;
}

}  // namespace narada::http::edge
