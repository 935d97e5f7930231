#include "tests/unit/calendar/rfc_validator.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <set>

#include "tests/unit/calendar/content_lines.h"
#include "tests/unit/calendar/rfc_tables.h"

namespace narada::calendar {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Node {
  std::string name;
  std::vector<ContentLine> properties;
  std::vector<std::unique_ptr<Node>> parts;
};

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// Over-long forms, surrogates and what lies beyond Unicode are no UTF-8 (RFC 3629).
bool is_strict_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4)) return false;
    if (at + length > text.size()) return false;
    for (std::size_t index = 1; index < length; ++index) {
      if ((static_cast<unsigned char>(text[at + index]) & 0xC0) != 0x80) return false;
    }
    const auto second = length > 1 ? static_cast<unsigned char>(text[at + 1]) : 0U;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
      return false;
    }
    at += length;
  }
  return true;
}

// Absent: broken. Values without their quotes.
std::optional<Parameters> read_parameters(std::string_view text) {
  Parameters found;
  while (!text.empty()) {
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !is_name(text.substr(0, equals))) return std::nullopt;
    std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    const bool quoted = !text.empty() && text.front() == '"';
    const auto end = quoted ? text.find('"', 1) : std::min(text.find(';'), text.size());
    if (end == std::string_view::npos) return std::nullopt;
    const auto value = quoted ? text.substr(1, end - 1) : text.substr(0, end);
    if (!quoted && value.find_first_of("\":,") != std::string_view::npos) return std::nullopt;
    found.emplace_back(std::move(name), value);
    text.remove_prefix(quoted ? end + 1 : end);
  }
  return found;
}

// TSAFE-CHAR, ":", DQUOTE and ESCAPED-CHAR (RFC 5545 3.3.11).
bool is_text(std::string_view value, bool list) {
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == ';' || (value[at] == ',' && !list)) return false;
    if (value[at] != '\\') continue;
    if (++at == value.size() ||
        std::string_view("\\;,nN").find(value[at]) == std::string_view::npos)
      return false;
  }
  return true;
}

bool fits(std::string_view value, const char* pattern) {
  static std::map<std::string, std::regex, std::less<>> compiled;
  auto found = compiled.find(pattern);
  if (found == compiled.end()) found = compiled.emplace(pattern, std::regex(pattern)).first;
  return std::regex_match(value.begin(), value.end(), found->second);
}

constexpr const char* kDate = "\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])";
constexpr const char* kLocal =
    "\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3])[0-5]\\d([0-5]\\d|60)";
constexpr const char* kUtc =
    "\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3])[0-5]\\d([0-5]\\d|60)Z";
constexpr const char* kDuration =
    "[+-]?P(\\d+W|(\\d+D)?(T(\\d+H(\\d+M(\\d+S)?)?|\\d+M(\\d+S)?|\\d+S))?)";
constexpr const char* kRule = "FREQ=(YEARLY|MONTHLY|DAILY)(;[A-Z]+=[-+0-9A-Z,]+)*";
constexpr const char* kPeriods =
    "\\d{8}T\\d{6}Z/(\\d{8}T\\d{6}Z|P[0-9A-Z]+)(,\\d{8}T\\d{6}Z/(\\d{8}T\\d{6}Z|P[0-9A-Z]+))*";

// Without what no URI holds as it is (RFC 3986 2).
bool is_uri(std::string_view value) {
  const auto colon = value.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet <= 0x20 || octet >= 0x7F ||
           std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
  });
}

bool is_coordinates(const std::string& value) {
  if (!fits(value, "-?\\d+(\\.\\d+)?;-?\\d+(\\.\\d+)?")) return false;
  const double latitude = std::strtod(value.c_str(), nullptr);
  const double longitude = std::strtod(value.c_str() + value.find(';') + 1, nullptr);
  return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
}

class Validator {
 public:
  std::vector<std::string> check(std::string_view text) {
    if (const auto error = find_line_error(text); !error.empty()) return {error};
    if (!is_strict_utf8(text)) return {"no UTF-8"};
    read_tree(read_lines(text));
    if (!found_.empty()) return found_;
    if (root_->name != "VCALENDAR") return {"no VCALENDAR"};
    method_ = value_of(*root_, "METHOD");
    for (const auto& part : root_->parts) {
      if (part->name == "VTIMEZONE") zones_.insert(value_of(*part, "TZID"));
    }
    visit(*root_, "");
    check_object();
    return found_;
  }

 private:
  void complain(const std::string& what) { found_.push_back(what); }

  void read_tree(const std::vector<ContentLine>& lines) {
    std::vector<Node*> open;
    for (const ContentLine& line : lines) {
      if (line.name == "BEGIN") {
        auto node = std::make_unique<Node>();
        node->name = line.value;
        Node* const added = node.get();
        if (open.empty() && root_) return complain("two objects");
        if (open.empty()) {
          root_ = std::move(node);
        } else {
          open.back()->parts.push_back(std::move(node));
        }
        open.push_back(added);
      } else if (open.empty()) {
        return complain("outside every component: " + line.name);
      } else if (line.name == "END") {
        if (open.back()->name != line.value) return complain("END:" + line.value);
        open.pop_back();
      } else {
        if (!open.back()->parts.empty())
          complain(line.name + " after a part of " + open.back()->name);
        open.back()->properties.push_back(line);
      }
    }
    if (!open.empty() || !root_) complain("not closed");
  }

  static std::string value_of(const Node& node, std::string_view name) {
    for (const auto& line : node.properties) {
      if (line.name == name) return line.value;
    }
    return {};
  }

  void visit(const Node& node, const std::string& parent) {
    const auto* rule = find_component_rule(node.name, parent, method_);
    if (rule == nullptr) {
      complain(node.name + " in " + parent + " of METHOD " + method_);
      return;
    }
    count(node, *rule);
    for (const auto& line : node.properties) check_property(line);
    for (const auto& part : node.parts) visit(*part, node.name);
    if (node.name == "VEVENT") check_event(node);
    if (node.name == "VTIMEZONE" && node.parts.empty()) complain("VTIMEZONE without observance");
  }

  void count(const Node& node, const ComponentRule& rule) {
    std::map<std::string_view, int> counts;
    for (const auto& line : node.properties) ++counts[line.name];
    for (const auto& [property, least, most] : rule.properties) {
      const int times = counts[property];
      if (times < least || times > most) {
        complain(node.name + " of " + method_ + " has " + std::to_string(times) + " " +
                 std::string(property));
      }
      counts.erase(property);
    }
    for (const auto& [property, times] : counts) {
      complain(std::string(property) + " has no place in " + node.name);
    }
  }

  void check_property(const ContentLine& line) {
    const auto* rule = find_property_rule(line.name);
    if (rule == nullptr) return complain("unknown property " + line.name);
    const auto parameters = read_parameters(line.parameters);
    if (!parameters) return complain("broken parameters: " + line.name + line.parameters);
    std::set<std::string> seen;
    for (const auto& [name, value] : *parameters) {
      if (!seen.insert(name).second) complain(name + " twice at " + line.name);
      check_parameter(*rule, name, value);
    }
    if (!has_type(line, *rule, *parameters)) complain("value of " + line.name + ": " + line.value);
  }

  void check_parameter(const PropertyRule& property, const std::string& name,
                       const std::string& value) {
    const auto& allowed = property.parameters;
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      return complain(name + " at " + std::string(property.name));
    }
    const auto* rule = find_parameter_rule(name);
    if (rule == nullptr) return complain("unknown parameter " + name);
    const auto& words = rule->words;
    const bool known = words.empty() ? !value.empty()
                                     : std::find(words.begin(), words.end(), value) != words.end();
    if (!known) complain(name + "=" + value + " at " + std::string(property.name));
  }

  static std::string find(const Parameters& parameters, std::string_view name) {
    for (const auto& [key, value] : parameters) {
      if (key == name) return value;
    }
    return {};
  }

  bool has_type(const ContentLine& line, const PropertyRule& rule, const Parameters& parameters) {
    const std::string& value = line.value;
    switch (rule.type) {
      case ValueType::text:
        return is_text(value, false) && (line.name != "UID" || !value.empty());
      case ValueType::text_list:
        return is_text(value, true);
      case ValueType::date_or_time:
        return has_time(line, parameters);
      case ValueType::utc_time:
        return fits(value, kUtc);
      case ValueType::local_time:
        return fits(value, kLocal);
      case ValueType::uri:
        return is_uri(value);
      case ValueType::cal_address:
        return value.starts_with("mailto:") && is_uri(value) && fits(value, "[^@]+@[^@]+");
      case ValueType::integer:
        return fits(value, "\\d{1,9}");
      case ValueType::coordinates:
        return is_coordinates(value);
      case ValueType::duration:
        return fits(value, kDuration) && value.find_first_of("0123456789") != std::string::npos;
      case ValueType::utc_offset:
        return fits(value, "[+-]([01]\\d|2[0-3])[0-5]\\d([0-5]\\d)?") && value != "-0000";
      case ValueType::recurrence:
        return fits(value, kRule);
      case ValueType::periods:
        return fits(value, kPeriods);
      case ValueType::word:
        return std::find(rule.words.begin(), rule.words.end(), value) != rule.words.end();
    }
    return false;
  }

  bool has_time(const ContentLine& line, const Parameters& parameters) {
    const auto type = find(parameters, "VALUE");
    const auto zone = find(parameters, "TZID");
    if (type == "DATE") return fits(line.value, kDate) && zone.empty();
    if (!type.empty() && type != "DATE-TIME") return false;
    if (!zone.empty()) {
      used_zones_.insert(zone);
      return fits(line.value, kLocal) && zones_.contains(zone);
    }
    return fits(line.value, kLocal) || fits(line.value, kUtc);
  }

  static const ContentLine* find(const Node& node, std::string_view name) {
    for (const auto& line : node.properties) {
      if (line.name == name) return &line;
    }
    return nullptr;
  }

  // RFC 5545 3.6.1, 3.8.2.2; RFC 5546 3.2.5.
  void check_event(const Node& event) {
    const auto* starts = find(event, "DTSTART");
    const auto* ends = find(event, "DTEND");
    if (starts && ends) {
      if (starts->parameters != ends->parameters ||
          starts->value.ends_with('Z') != ends->value.ends_with('Z')) {
        complain("DTEND of another form than DTSTART");
      } else if (ends->value <= starts->value) {
        complain("DTEND is not after DTSTART");
      }
    }
    const auto status = value_of(event, "STATUS");
    if (method_ == "CANCEL" && status != "CANCELLED") complain("CANCEL with STATUS " + status);
    if (method_ == "REQUEST" && status == "CANCELLED") complain("REQUEST with STATUS " + status);
    if (method_ == "CANCEL" && !event.parts.empty()) complain("CANCEL with an alarm");
    if (!uids_.insert(value_of(event, "UID")).second) complain("one UID twice");
  }

  void check_object() {
    if (zones_ != used_zones_) complain("TZID and VTIMEZONE differ");
    const auto events = std::count_if(root_->parts.begin(), root_->parts.end(),
                                      [](const auto& part) { return part->name == "VEVENT"; });
    if (method_ != "PUBLISH" && events != 1) complain("an iTIP message of more than one event");
  }

  std::unique_ptr<Node> root_;
  std::string method_;
  std::set<std::string> zones_;
  std::set<std::string> used_zones_;
  std::set<std::string> uids_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> find_rfc_violations(std::string_view text) {
  return Validator().check(text);
}

}  // namespace narada::calendar
