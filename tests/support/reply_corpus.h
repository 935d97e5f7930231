#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace narada::testing {

// tests/golden/replies: messages as mail programs, calendars and mail servers write them, and
// effects.txt, which says what comes of each.
struct ReplySample {
  std::string name;
  std::string before;  // what was before: "-", "moved", …
  std::string kind;
  std::string effect;
  std::string status;  // of the registration afterwards
  std::string answer;  // that its calendar is known to have given; "-": none is kept
  int told = 0;        // mails to organizers
  std::string text;    // the message with its marks
};
std::vector<ReplySample> load_reply_corpus(const std::filesystem::path& folder);

// Fills in "{{uid}}" and the like, and what {{base64}}…{{/base64}}, {{qp}}…, {{latin2}}… and
// {{cp1250}}… enclose is encoded so. Lines end with CRLF but in messages named "….lf".
std::string fill_reply(const ReplySample& sample, const std::map<std::string, std::string>& marks);

}  // namespace narada::testing
