#pragma once

#include <string>
#include <vector>

namespace narada::calendar {

// A calendar object with fixed UID and DTSTAMP. tests/golden/calendar holds each as NAME.ics, and
// expected.json there what a reader must find in it.
struct Sample {
  std::string name;
  std::string text;
};

std::vector<Sample> write_samples();

}  // namespace narada::calendar
