#pragma once

#include <string>
#include <utility>
#include <vector>

#include "service/domain/language.h"

namespace narada::usecases {

// What stands on one sheet of paper, from the top down.
struct OnePage {
  domain::Language language = domain::Language::pl;
  std::string title;                                       // also of the document
  std::vector<std::string> letterhead;                     // lines
  std::vector<std::string> paragraphs;                     // below the title
  std::vector<std::pair<std::string, std::string>> facts;  // label and value
  std::vector<std::string> closing;                        // paragraphs below the facts
  std::string foot;                                        // small
};

// The sheet as PDF: A4, tagged (heading, paragraphs) in the order of reading, with title and
// language. What does not fit at the usual size is set smaller, down to half; what is then left
// over is cut off. Throws std::runtime_error when the library cannot draw it.
std::string write_one_page_pdf(const OnePage& page);

}  // namespace narada::usecases
