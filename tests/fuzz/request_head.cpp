// What a fuzzer calls. Built alone with clang++ -fsanitize=fuzzer (CONTRIBUTING.md says how); the
// unit tests run the same checks over random mutations.
#include "tests/fuzz/request_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  narada::fuzz::check_request_head({reinterpret_cast<const char*>(data), size});
  return 0;
}
