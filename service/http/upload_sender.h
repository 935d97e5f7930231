#pragma once

#include <cstdint>

#include "service/http/message.h"
#include "service/usecases/environment.h"

// Octets that come before anybody has asked who sends them (usecases/materials/upload_pass.h).
namespace narada::http {

// Whether the request may fill a slot: it brings the pass of its session, or was let in lately. On
// the I/O thread, without waiting.
bool is_upload_sender(const usecases::Environment& environment, const Request& request);
// The request was let in to bring a file.
void note_upload_sender(const Request& request);
// With a page that brings files, of somebody who may.
void give_upload_pass(const usecases::Environment& environment, const Request& request,
                      Response& response);

// Of a sender whom nobody knows so much is read and forgotten, so that the handler can say why;
// what is longer, or does not say how long it is, is refused by throwing Error 401 before it is
// read.
inline constexpr std::uint64_t kReadOfStrangers = std::uint64_t{1} << 20;
void refuse_long_body(const Request& request, std::uint64_t most = kReadOfStrangers);

}  // namespace narada::http
