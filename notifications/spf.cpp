#include "notifications/spf.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <vector>

namespace narada::notifications {
namespace {

constexpr int kMostLookups = 10;

bool is_spf(const std::string& text) { return text == "v=spf1" || text.starts_with("v=spf1 "); }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// One word of a record: "-include:_spf.example", "ip4:192.0.2.0/24", "redirect=x.example".
struct Term {
  char qualifier = '+';
  std::string name;
  std::string value;
  bool is_modifier = false;
};

Term parse_term(const std::string& word) {
  Term term;
  const std::size_t start =
      std::string_view("+-~?").find(word[0]) == std::string_view::npos ? 0 : 1;
  if (start == 1) term.qualifier = word[0];
  const auto end = word.find_first_of(":=/", start);
  term.name = lower(word.substr(start, end == std::string::npos ? end : end - start));
  if (end != std::string::npos) {
    term.is_modifier = word[end] == '=';
    term.value = word.substr(end + (word[end] == '/' ? 0 : 1));
  }
  return term;
}

bool is_known(const Term& term) {
  constexpr std::array<std::string_view, 8> kMechanisms{"all", "include", "a",   "mx",
                                                        "ptr", "exists",  "ip4", "ip6"};
  // Unknown modifiers are to be passed over (6).
  if (term.is_modifier) return true;
  if (std::find(kMechanisms.begin(), kMechanisms.end(), term.name) == kMechanisms.end())
    return false;
  const bool needs_value =
      term.name == "include" || term.name == "exists" || term.name.starts_with("ip");
  return !needs_value || !term.value.empty();
}

bool asks_name_servers(const Term& term) {
  if (term.is_modifier) return term.name == "redirect";
  return term.name == "include" || term.name == "a" || term.name == "mx" || term.name == "ptr" ||
         term.name == "exists";
}

class Reader {
 public:
  explicit Reader(DnsResolver& dns) : dns_(dns) {}

  SpfRecord read(const std::string& domain) {
    SpfRecord found;
    auto texts = dns_.texts(domain);
    if (texts.end == DnsEnd::unreachable) {
      found.end = SpfEnd::unreachable;
      return found;
    }
    std::erase_if(texts.texts, [](const auto& text) { return !is_spf(text); });
    found.records = static_cast<int>(texts.texts.size());
    if (found.records == 0) return found;
    found.record = texts.texts.front();
    found.end = found.records > 1 ? SpfEnd::several : SpfEnd::good;
    if (found.end == SpfEnd::good) read_terms(found);
    return found;
  }

 private:
  void read_terms(SpfRecord& found) {
    std::istringstream words(found.record);
    std::string word;
    words >> word;  // v=spf1
    while (found.end == SpfEnd::good && words >> word) {
      const auto term = parse_term(word);
      if (!is_known(term)) {
        found.end = SpfEnd::malformed;
        found.trouble = word;
        return;
      }
      if (term.name == "all" && !term.is_modifier) {
        found.has_end = true;
        found.allows_all = term.qualifier == '+';
        return;  // what follows is never looked at (5.1)
      }
      follow(term, word, found);
    }
  }

  void follow(const Term& term, const std::string& word, SpfRecord& found) {
    if (!asks_name_servers(term)) return;
    if (++lookups_ > kMostLookups) {
      found.end = SpfEnd::too_many_lookups;
      return;
    }
    const bool is_redirect = term.is_modifier;
    if (is_redirect) found.has_end = true;
    // A name with a macro depends on the sender.
    if ((term.name != "include" && !is_redirect) || term.value.find('%') != std::string::npos)
      return;
    const auto inner = read(term.value);
    switch (inner.end) {
      case SpfEnd::good:
        if (is_redirect) found.allows_all = inner.allows_all;
        return;
      case SpfEnd::unreachable:
      case SpfEnd::too_many_lookups:
        found.end = inner.end;
        return;
      default:  // missing, several, malformed: a permanent error of the whole (5.2)
        found.end = SpfEnd::malformed;
        found.trouble = word;
    }
  }

  DnsResolver& dns_;
  int lookups_ = 0;
};

}  // namespace

SpfRecord look_up_spf(DnsResolver& dns, const std::string& domain) {
  return Reader(dns).read(domain);
}

}  // namespace narada::notifications
