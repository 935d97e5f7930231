#pragma once

#include <string>

namespace narada::http::edge {

// 128 random bits from the kernel as 32 hexadecimal digits. Any thread.
std::string make_request_id();

}  // namespace narada::http::edge
