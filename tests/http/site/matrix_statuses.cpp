#include <sstream>
#include <stdexcept>

#include "tests/http/site/matrix_table.h"

namespace narada::testing {
namespace {

bool is_let_in(const std::string& who, Reader reader) {
  if (who == "all") return true;
  if (reader == Reader::visitor || reader == Reader::holder) return false;
  if (who == "signed-in") return true;
  if (who == "people") return reader >= Reader::coordinator;
  if (who == "organizers") return reader >= Reader::of_cycle;
  if (who == "institutions") return reader >= Reader::of_institution;
  if (who == "catalogue") return reader >= Reader::organizer;
  if (who == "admins") return reader == Reader::admin;
  throw std::invalid_argument("the table says \"" + who + "\"");
}

int refusal_of(const std::string& call, Reader reader) {
  const bool is_api = call.find(" /api/") != std::string::npos;
  const bool has_account = reader != Reader::visitor && reader != Reader::holder;
  if (is_api) return has_account ? 403 : 401;
  if (has_account) return 404;
  return call.starts_with("GET ") ? 303 : 401;
}

}  // namespace

Statuses read_statuses(const std::string& call, const std::string& text) {
  std::istringstream words(text);
  std::string first;
  words >> first;
  Statuses statuses{};
  if (first.find_first_not_of("0123456789") == std::string::npos) {
    words.seekg(0);
    for (int& status : statuses) words >> status;
  } else {
    int status = 0;
    words >> status;
    for (std::size_t index = 0; index < kReaders; ++index) {
      const auto reader = static_cast<Reader>(index);
      statuses[index] = is_let_in(first, reader) ? status : refusal_of(call, reader);
    }
  }
  if (words.fail() || !(words >> std::ws).eof())
    throw std::invalid_argument(call + ": \"" + text + "\" are not nine statuses");
  return statuses;
}

}  // namespace narada::testing
