#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "files/inspection.h"

// The inspection of a file starts this program once more, as its child.
int main(int argc, char** argv) {
  if (const auto status = narada::files::run_as_inspection_child(argc, argv)) return *status;
  return doctest::Context(argc, argv).run();
}
