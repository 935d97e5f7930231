// Writes every calendar sample into the directory that its argument names, for the readers beside
// it.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "calendar/event.h"
#include "tests/unit/calendar/samples.h"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: write_calendar DIRECTORY\n", stderr);
    return 2;
  }
  const std::filesystem::path directory(arguments[1]);
  std::filesystem::create_directories(directory);
  narada::calendar::initialize();
  for (const auto& sample : narada::calendar::write_samples()) {
    std::ofstream file(directory / (sample.name + ".ics"), std::ios::binary);
    file << sample.text;
    if (!file.flush()) return 1;
  }
  return 0;
}
