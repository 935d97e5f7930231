#include "service/http/multipart_sink.h"

#include <algorithm>
#include <utility>

#include "service/http/multipart_head.h"

namespace narada::http {

MultipartSink::MultipartSink(std::string_view content_type, BeginFile begin_file,
                             std::size_t field_limit)
    : begin_file_(std::move(begin_file)), field_limit_(field_limit) {
  const auto boundary = find_boundary(content_type);
  if (boundary) {
    delimiter_ = "\r\n--" + *boundary;
  } else {
    state_ = State::broken;
  }
}

bool MultipartSink::write(std::string_view bytes) {
  if (state_ == State::broken) return true;  // read to its end, so that the answer arrives
  pending_ += bytes;
  while (step()) {
  }
  if (state_ == State::broken) pending_ = std::string();
  return true;
}

void MultipartSink::complete() {
  // The body ends with its last boundary and perhaps a line end.
  const bool ends = state_ == State::boundary && (pending_ == "--" || pending_ == "--\r\n");
  state_ = ends ? State::ended : State::broken;
  complete_ = true;
}

// False: more is needed, or nothing can follow.
bool MultipartSink::step() {
  switch (state_) {
    case State::beginning:
      return step_beginning();
    case State::boundary:
      return step_boundary();
    case State::head:
      return step_head();
    case State::field:
    case State::file:
      return step_content();
    case State::ended:
    case State::broken:
      break;
  }
  return false;
}

bool MultipartSink::step_beginning() {
  const auto first = std::string_view(delimiter_).substr(2);
  const auto common = std::min(first.size(), pending_.size());
  if (std::string_view(pending_).substr(0, common) != first.substr(0, common)) {
    state_ = State::broken;
    return false;
  }
  if (pending_.size() < first.size()) return false;
  pending_.erase(0, first.size());
  state_ = State::boundary;
  return true;
}

bool MultipartSink::step_boundary() {
  if (pending_.size() < 2) return false;
  if (pending_.starts_with("--")) {
    if (pending_.size() > kLongestRest) state_ = State::broken;
    return false;
  }
  if (!pending_.starts_with("\r\n") || fields_.size() + files_.size() == kMostParts) {
    state_ = State::broken;
    return false;
  }
  pending_.erase(0, 2);
  state_ = State::head;
  return true;
}

bool MultipartSink::step_head() {
  const auto end = std::string_view(pending_).substr(0, kLongestPartHead).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (pending_.size() >= kLongestPartHead) state_ = State::broken;
    return false;
  }
  FormPart part;
  if (!read_part_head(std::string_view(pending_).substr(0, end), part)) {
    state_ = State::broken;
    return false;
  }
  pending_.erase(0, end + 4);
  if (part.file_name) {
    auto file = part.file_name->empty() ? nullptr : begin_file_();
    files_.push_back({std::move(part.name), std::move(*part.file_name), std::move(file), 0});
    state_ = State::file;
  } else {
    fields_.push_back(std::move(part));
    state_ = State::field;
  }
  return true;
}

bool MultipartSink::step_content() {
  const auto end = pending_.find(delimiter_);
  if (end != std::string::npos) {
    keep(std::string_view(pending_).substr(0, end));
    if (state_ == State::broken) return false;
    pending_.erase(0, end + delimiter_.size());
    state_ = State::boundary;
    return true;
  }
  // What may be the beginning of a delimiter waits.
  const auto safe = pending_.size() - std::min(pending_.size(), delimiter_.size() - 1);
  if (safe > 0) {
    keep(std::string_view(pending_).substr(0, safe));
    pending_.erase(0, safe);
  }
  return false;
}

void MultipartSink::keep(std::string_view content) {
  if (content.empty()) return;
  if (state_ == State::field) {
    field_bytes_ += content.size();
    if (field_bytes_ > field_limit_) {
      state_ = State::broken;
    } else {
      fields_.back().content += content;
    }
    return;
  }
  File& file = files_.back();
  file.size += content.size();
  if (file.file != nullptr) file.file->write(content);
}

MultipartSink* received_form(const Request& request) {
  auto* form = dynamic_cast<MultipartSink*>(request.sink.get());
  return form != nullptr && form->is_good() ? form : nullptr;
}

}  // namespace narada::http
