// What a fuzzer calls, as request_head.cpp; the unit tests run the same checks over random
// mutations.
#include "tests/fuzz/received_mail.h"

#include "calendar/event.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool ready = (narada::calendar::initialize(), true);
  (void)ready;
  narada::fuzz::check_received_mail({reinterpret_cast<const char*>(data), size});
  return 0;
}
