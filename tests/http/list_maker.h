#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

// How a failed check shows a list of texts.
template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
    return ("{" + all + "}").c_str();
  }
};
